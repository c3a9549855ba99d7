package ec2

import "stsplayground/engine/trace"

const docs = "https://docs.aws.amazon.com/"

var (
	citeIMDS    = trace.Cite{Title: "Use the Instance Metadata Service to access instance metadata, EC2 User Guide", URL: docs + "AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"}
	citeTrouble = trace.Cite{Title: "Troubleshoot IAM and Amazon EC2, IAM User Guide", URL: docs + "IAM/latest/UserGuide/troubleshoot_iam-ec2.html"}
	citeProfile = trace.Cite{Title: "Use instance profiles, IAM User Guide", URL: docs + "IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html"}
)

// The rules of the walk, in its order. Those of the AssumeRole that EC2 calls
// in turn come after them.
var (
	ruleInstance = &trace.Rule{Code: "instance/exists", Title: "The instance exists", Cite: citeIMDS}
	ruleEndpoint = &trace.Rule{Code: "instance/metadata-endpoint", Title: "The instance's metadata service is on", Cite: citeIMDS}
	ruleVersion  = &trace.Rule{Code: "instance/metadata-version", Title: "The metadata service takes requests of this version", Cite: citeIMDS}
	ruleHops     = &trace.Rule{Code: "instance/hop-limit", Title: "The metadata token reaches the program within the hop limit", Cite: citeIMDS}
	ruleProfile  = &trace.Rule{Code: "instance/profile", Title: "The instance has an instance profile", Cite: citeTrouble}
	ruleRole     = &trace.Rule{Code: "instance/profile-role", Title: "The instance profile contains a role", Cite: citeTrouble}

	findOneRole = trace.Rule{Code: "instance/one-role", Title: "An instance profile contains one role", Cite: citeProfile}
)

// Rules are the rules that this package checks, those of findings last.
func Rules() []trace.Rule {
	return []trace.Rule{*ruleInstance, *ruleEndpoint, *ruleVersion, *ruleHops, *ruleProfile, *ruleRole, findOneRole}
}
