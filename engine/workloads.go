package engine

import (
	"slices"
	"time"

	"stsplayground/engine/ec2"
	"stsplayground/engine/eks"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Programs on EC2 instances and in pods of EKS: how they come by credentials.

func workloadFindings(s *Scenario) []trace.Finding {
	return slices.Concat(ec2.Findings(s), eks.Findings(s))
}

func onInstance(p *play, c *scenario.Call, at time.Time) sts.Result {
	return ec2.GetSecurityCredentials(p.world, p.scenario, c, at)
}

func forPod(p *play, c *scenario.Call, at time.Time) sts.Result {
	return eks.AssumeRoleForPodIdentity(p.world, p.scenario, c, p.presentToken(&c.EKSAuth.Token, p.made(c)), at)
}

func inPod(p *play, c *scenario.Call, at time.Time) sts.Result {
	present := func(t *scenario.Token) sts.Presented { return p.presentToken(t, p.made(c)) }
	return eks.GetCredentials(p.world, p.scenario, c, present, p.made(c), at)
}

const (
	whyNoMetadataRecord = "The metadata service answers on the instance itself, so CloudTrail keeps nothing of the request. What it keeps is the AssumeRole that EC2 calls."
	whyNoSearchRecord   = "Searching for credentials is no API call of AWS's, so CloudTrail keeps nothing of it. What it keeps are the calls that were made on the way."
)

// What a service's own AssumeRole asks, by the rungs that the ladders below
// have in common.
var (
	serviceTrust   = slices.Concat(requestRules, signerRules, trustRules, []string{"sts/session-tags", "sts/source-identity", "sts/provided-contexts"})
	serviceRules   = slices.Concat(organization, []string{"access/resource-policy"}, identityRules, []string{"sts/duration", "sts/session-policy", "eks/target-role"})
	metadataRules  = []string{"instance/exists", "instance/metadata-endpoint", "instance/metadata-version", "instance/hop-limit"}
	profileRules   = []string{"instance/profile", "instance/profile-role"}
	podTokenRules  = []string{"eks/token", "eks/token-audience", "eks/token-expiry", "eks/token-pod"}
	podCallerRules = []string{"eks/parameters", "eks/cluster", "eks/permission"}
	podRoleRules   = []string{"eks/association", "eks/session"}
)

var (
	instanceLadder = []question{
		{"Does the metadata service answer?", metadataRules},
		{"Does the instance have a profile with a role in it?", profileRules},
		{"Does the role's trust policy let EC2 in?", serviceTrust},
		{"Does the organization leave room?", organization},
		{"Are credentials issued?", slices.Concat([]string{"access/resource-policy"}, identityRules, []string{"sts/duration", "sts/session-policy"})},
	}
	podLadder = []question{
		{"May the node ask EKS for credentials?", podCallerRules},
		{"Does the token say which pod it is?", podTokenRules},
		{"Does the service account have a role?", podRoleRules},
		{"Does the role's trust policy let EKS in?", serviceTrust},
		{"Do the permissions suffice?", serviceRules},
	}
	searchLadder = []question{
		{"What was the pod given?", []string{"workload/pod", "workload/access-key", "workload/web-identity", "workload/container", "workload/node", "workload/instance-metadata"}},
		{"Is what it presents taken?", slices.Concat(metadataRules, podCallerRules, podTokenRules, webTokenRules)},
		{"Is there a role for it?", slices.Concat(profileRules, podRoleRules)},
		{"Does the role's trust policy let it in?", serviceTrust},
		{"Do the permissions suffice?", serviceRules},
	}
)
