// Package ec2 plays how the credentials of an instance profile reach a
// program: the instance metadata service, and the call to STS that EC2 makes
// behind it (EC2 User Guide, "Retrieve security credentials from instance
// metadata"; IAM User Guide, "Troubleshoot IAM and Amazon EC2").
package ec2

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Credentials is the document iam/security-credentials/ROLE.
type Credentials struct {
	Code            string
	LastUpdated     string
	Type            string
	AccessKeyId     string
	SecretAccessKey string
	Token           string
	Expiration      string
}

// Service is the principal that trust policies name.
const Service = "ec2.amazonaws.com"

// duration is how long the credentials of an instance last, in seconds.
const duration = 6 * 3600

// What the metadata service answers, by HTTP's own codes (EC2 User Guide), and
// what nobody answers.
var (
	errNoInstance   = trace.Playground("NoSuchInstance", "The scenario has no such instance.")
	errNoAnswer     = trace.Playground("NoAnswer", "The response to PUT /latest/api/token doesn't arrive; the request times out.")
	errUnauthorized = trace.Sender("Unauthorized", 401, "401 - Unauthorized")
	errForbidden    = trace.Sender("Forbidden", 403, "403 - Forbidden")
	errNotFound     = trace.Sender("NotFound", 404, "404 - Not Found")
)

// errAssume is the document of a role that EC2 can't assume, as instances have
// shown it; two spaces after the full stop. HTTP itself says 200.
func errAssume(role string) *trace.Error {
	return trace.Sender("AssumeRoleUnauthorizedAccess", 200, "EC2 cannot assume the role "+role+".  Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.")
}

// Find is the instance of that id, and its account; nil where there is none.
func Find(s *scenario.Scenario, id string) (*scenario.Account, *scenario.Instance) {
	for i := range s.Accounts {
		for j := range s.Accounts[i].Instances {
			if instance := &s.Accounts[i].Instances[j]; instance.InstanceID == id {
				return &s.Accounts[i], instance
			}
		}
	}
	return nil, nil
}

// GetSecurityCredentials walks one request: instance, endpoint, version, hop
// limit, instance profile, its role, and the AssumeRole that EC2 calls.
func GetSecurityCredentials(world *sts.World, s *scenario.Scenario, c *scenario.Call, at time.Time) sts.Result {
	w := &trace.Walk{}
	p := &c.Metadata
	account, instance := Find(s, p.InstanceID)
	if instance == nil {
		w.Fail(ruleInstance, errNoInstance, "an entry of Instances", p.InstanceID, "No account of the scenario has the instance "+p.InstanceID+".")
		w.Skip("There is no instance.", ruleEndpoint, ruleVersion, ruleHops, ruleProfile, ruleRole)
		return sts.Refused(w, "No credentials.")
	}
	w.Pass(ruleInstance, "an entry of Instances", p.InstanceID+" in account "+account.ID, "")
	checkEndpoint(w, &instance.MetadataOptions)
	checkVersion(w, &instance.MetadataOptions, Version2(p))
	checkHops(w, &instance.MetadataOptions, p)
	role := checkProfile(w, account, instance)
	if w.Err != nil {
		return sts.Refused(w, "No credentials.")
	}
	return deliver(w, world, c, at, account, instance, role)
}

// Version2 says whether the request is one of version 2, with a token.
func Version2(p *scenario.MetadataParams) bool { return p.Token == nil || *p.Token }

func checkEndpoint(w *trace.Walk, o *scenario.MetadataOptions) {
	if o.HTTPEndpoint == "disabled" {
		w.Fail(ruleEndpoint, errForbidden, "HttpEndpoint: enabled", "HttpEndpoint: disabled", "The instance's metadata service is switched off, so nothing on the instance gets credentials from it.")
		return
	}
	w.Pass(ruleEndpoint, "HttpEndpoint: enabled", "enabled", "")
}

func checkVersion(w *trace.Walk, o *scenario.MetadataOptions, version2 bool) {
	switch {
	case version2:
		w.Pass(ruleVersion, "a token from PUT /latest/api/token, if HttpTokens is required", "version 2: the request has a token", "")
	case o.HTTPTokens == "required":
		w.Fail(ruleVersion, errUnauthorized, "a token from PUT /latest/api/token, as HttpTokens: required wants", "version 1: no token", "The instance takes requests of version 2 only. A program that can be tricked into fetching a URL sends no PUT first, and gets nothing.")
	default:
		w.Warn(ruleVersion, "version 2, or version 1 where HttpTokens is optional", "version 1: no token", "The instance still takes requests without a token, also from a program that was tricked into fetching a URL; HttpTokens: required ends that.")
	}
}

// checkHops: the limit is that of the responses to PUT alone.
func checkHops(w *trace.Walk, o *scenario.MetadataOptions, p *scenario.MetadataParams) {
	limit, hops := max(o.HTTPPutResponseHopLimit, 1), 1
	if p.Hops != nil {
		hops = *p.Hops
	}
	expected := fmt.Sprintf("at most %d, the HttpPutResponseHopLimit", limit)
	found := fmt.Sprintf("%d", hops)
	switch {
	case !Version2(p):
		w.Pass(ruleHops, expected, found, "The limit is that of the responses to PUT; a request of version 1 has no PUT before it.")
	case hops > limit:
		w.Fail(ruleHops, errNoAnswer, expected, found, "The packet with the token is dropped on its way: a container with a network of its own is one hop further away than the instance.")
	default:
		w.Pass(ruleHops, expected, found, "")
	}
}

// checkProfile finds the role's name.
func checkProfile(w *trace.Walk, account *scenario.Account, instance *scenario.Instance) (role string) {
	arn := instance.IamInstanceProfile.Arn
	if arn == "" {
		w.Fail(ruleProfile, errNotFound, "an IamInstanceProfile", "none", "The instance has no instance profile, so the metadata has no subtree iam.")
		w.Skip("There is no instance profile.", ruleRole)
		return ""
	}
	profile := profileOf(account, arn)
	if profile == nil && strings.Contains(arn, ":role/") {
		w.Fail(ruleProfile, errNotFound, "the ARN of an instance profile", arn, "The ARN is a role's. An instance has an instance profile, which contains the role and often has its name: arn:aws:iam::"+account.ID+":instance-profile/NAME.")
		w.Skip("There is no instance profile.", ruleRole)
		return ""
	}
	if profile == nil {
		w.Fail(ruleProfile, errNotFound, arn, "no such instance profile", `The instance profile doesn't exist, or was deleted after it was attached; the document iam/info says "Code": "InstanceProfileNotFound".`)
		w.Skip("There is no instance profile.", ruleRole)
		return ""
	}
	w.Pass(ruleProfile, "an IamInstanceProfile that exists", arn, "")
	names := profile.RoleNames()
	if len(names) == 0 {
		w.Fail(ruleRole, errNotFound, "one role", "none", `The document iam/info says "Code": "Success" and "Instance Profile does not contain a role"; add one, with iam:AddRoleToInstanceProfile.`)
		return ""
	}
	w.Pass(ruleRole, "one role", names[0], "The instance profile is only the way in; what the program may do stands in the role.")
	return names[0]
}

func profileOf(account *scenario.Account, arn string) *scenario.InstanceProfile {
	for i := range account.InstanceProfiles {
		p := &account.InstanceProfiles[i]
		if _, resource, ok := strings.Cut(arn, ":iam::"); ok && resource == account.ID+":instance-profile"+cmp.Or(p.ProfilePath, "/")+p.InstanceProfileName {
			return p
		}
	}
	return nil
}

// deliver plays the call that EC2 makes as itself, and hands out what it gets.
func deliver(w *trace.Walk, world *sts.World, c *scenario.Call, at time.Time, account *scenario.Account, instance *scenario.Instance, role string) sts.Result {
	region := sts.RegionOr(c.Region)
	partition := sts.RegionPartition(region)
	arn := "arn:" + partition + ":iam::" + account.ID + ":role" + rolePath(account, role) + role
	source := "arn:" + partition + ":ec2:" + region + ":" + account.ID + ":instance/" + instance.InstanceID
	seconds := int64(duration)
	inner := sts.Inside(c, "sts:AssumeRole", "service/"+Service, c.Region, &scenario.Params{RoleArn: arn, RoleSessionName: instance.InstanceID, DurationSeconds: &seconds})
	r := world.AssumeRole(inner, at)
	assumed := r
	w.Append(r.Steps, r.Error, r.Failed, r.Assumed)
	r.Steps, r.Signer, r.Inner = w.Steps, nil, []sts.Inner{{Call: inner, Result: &assumed}}
	if r.Error != nil {
		r.Error = errAssume(role)
		r.Verdict = "EC2 can't assume the role " + role + ", so the instance gets no credentials. " + r.Verdict
		return r
	}
	delivery := "2.0"
	if !Version2(&c.Metadata) {
		delivery = "1.0"
	}
	world.Deliver(c.Name, r.Session, sts.ContextValue{Key: "ec2:SourceInstanceArn", Value: source}, sts.ContextValue{Key: "ec2:RoleDelivery", Value: delivery},
		sts.ContextValue{Key: "aws:Ec2InstanceSourceVpc", Value: instance.VpcID}, sts.ContextValue{Key: "aws:Ec2InstanceSourcePrivateIPv4", Value: instance.PrivateIPAddress})
	issued := r.Response.(*sts.AssumeRoleResponse).Credentials
	r.Response = &Credentials{Code: "Success", LastUpdated: sts.Timestamp(at), Type: "AWS-HMAC", AccessKeyId: issued.AccessKeyId, SecretAccessKey: issued.SecretAccessKey, Token: issued.SessionToken, Expiration: issued.Expiration}
	r.Verdict = "The instance has credentials of " + role + ", as " + r.Session.ARN + ", until " + issued.Expiration + "."
	return r
}

// rolePath is that of the account's role; an instance profile names its role
// without.
func rolePath(account *scenario.Account, name string) string {
	for i := range account.Roles {
		if strings.EqualFold(account.Roles[i].RoleName, name) {
			return cmp.Or(account.Roles[i].RolePath, "/")
		}
	}
	return "/"
}

// Findings are about instance profiles.
func Findings(s *scenario.Scenario) (findings []trace.Finding) {
	for i := range s.Accounts {
		for j := range s.Accounts[i].InstanceProfiles {
			p := &s.Accounts[i].InstanceProfiles[j]
			if n := len(p.RoleNames()); n > 1 {
				findings = append(findings, findOneRole.Finding(trace.SeverityError, trace.At{Path: p.Path + "/Roles"},
					fmt.Sprintf("The instance profile lists %d roles, and AWS lets it contain one; the first counts here.", n)))
			}
		}
	}
	return findings
}
