package sts

import (
	"slices"
	"strings"
)

// GlobalEndpoint is the Region of a call to STS's global endpoint,
// sts.amazonaws.com, as the SDKs name it.
const GlobalEndpoint = "aws-global"

// globalRegion stands for the global endpoint in aws:RequestedRegion and in
// CloudTrail, and nobody can switch STS off there (IAM guide, "AWS STS Regions
// and endpoints").
const globalRegion = "us-east-1"

// optInRegions are those that an account has to enable: "Active by default: No"
// (IAM guide, "AWS STS Regions and endpoints").
var optInRegions = strings.Fields(`af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7
	ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1`)

// versionTwo is the version of the global endpoint's session tokens that holds
// in all Regions.
const versionTwo = "v2Token"

// versionOne says whether the call is given a token of version 1: the global
// endpoint's, unless the account says otherwise. Those of Regional endpoints
// hold everywhere.
func (f *facts) versionOne() bool {
	return f.call.Region == GlobalEndpoint && (f.account == nil || f.account.GlobalEndpointTokenVersion != versionTwo)
}

// restrict shortens a token of version 1: those of version 2 "include more
// characters" (IAM guide, "Manage AWS STS in an AWS Region").
func (f *facts) restrict(c *Credentials) {
	if f.versionOne() {
		c.SessionToken = "SIMULATED/" + strings.TrimPrefix(c.SessionToken, opensNothing)
	}
}

// checkTokenVersion: "Version 1 tokens are valid only in AWS Regions that are
// available by default" (IAM guide, the same page). The answer is seen in real
// ones of STS; other services have codes of their own.
func (w *walk) checkTokenVersion(f *actionFacts) {
	expected := "a session token, if any, that holds in " + f.region
	switch {
	case f.caller.defaultRegionsOnly && slices.Contains(optInRegions, f.region):
		w.Fail(ruleTokenVersion, errInvalidClientToken, expected, "one of version 1",
			"The session comes from the global endpoint, whose tokens of version 1 hold only in Regions enabled by default, and "+f.region+" isn't one; call a Regional endpoint, or have the account's endpoint give tokens of version 2.").
			Modelled = !strings.HasPrefix(f.call.Action, "sts:")
	case f.caller.defaultRegionsOnly:
		w.Pass(ruleTokenVersion, expected, "one of version 1", "")
	default:
		w.Pass(ruleTokenVersion, expected, "none that holds only elsewhere", "")
	}
}
