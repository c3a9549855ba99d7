package iam

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// rcpServices are the prefixes of the services whose resources a resource
// control policy covers (orgs_manage_policies_rcps, "List of AWS services that
// support RCPs", 2026).
var rcpServices = strings.Fields("appstream dsql clouddirectory cloudfront cloudsearch logs networkmonitor cognito-identity cognito-idp " +
	"comprehend comprehendmedical firehose dynamodb dax autoscaling ecr ecr-public gamelift inspector-scan kendra kinesisvideo memorydb aoss " +
	"personalize polly s3 swf sqs textract timestream-influxdb transcribe translate workspaces appconfig autoscaling-plans budgets " +
	"servicediscovery cloudtrail-data codeartifact codebuild codecommit codepipeline compute-optimizer cost-optimization-hub events fms fis " +
	"health rolesanywhere kms opensearch pricing pca-connector-ad resource-groups secretsmanager sts signin support transfer notifications wafv2 xray")

// checkRCP: the grammar of resource control policies, which AWS narrows
// (orgs_manage_policies_rcps_syntax).
func (p *parser) checkRCP(s *Statement, condition *source.Node) {
	if s.word == allows && isFullAccess(s) {
		return // RCPFullAWSAccess
	}
	if s.word == allows {
		p.report(ruleRCPEffect, s.At, "A resource control policy that you write denies; only AWS's own RCPFullAWSAccess allows, everything to everyone.")
	}
	p.checkRCPPrincipal(s)
	if s.Action.Not {
		p.report(ruleRCPNotAction, s.Action.At, "A resource control policy has no NotAction; list the actions.")
		return
	}
	for i := range s.Action.Values {
		p.checkRCPAction(&s.Action.Values[i])
	}
	if s.word == denies {
		p.checkRCPServices(s, condition)
	}
}

func isFullAccess(s *Statement) bool {
	lone := func(e *Element) bool { return !e.Not && len(e.Values) == 1 && e.Values[0].Text == "*" }
	return lone(&s.Principal) && lone(&s.Action) && lone(&s.Resource) && len(s.Conditions) == 0
}

func (p *parser) checkRCPPrincipal(s *Statement) {
	e := &s.Principal
	if e.Name == "" || !e.Not && len(e.Values) == 1 && e.Values[0].principal.sort == everyone {
		return
	}
	var fix []trace.Patch
	if !e.Not {
		fix = []trace.Patch{{Op: "replace", Path: e.At.Path, Value: "*"}}
	}
	if len(s.Conditions) == 0 && !slices.ContainsFunc(e.Values, func(w Written) bool { return w.principal.sort == everyAWS }) {
		fix = nil // * alone would deny everyone
	}
	p.report(ruleRCPPrincipal, e.At, "The principal of a resource control policy is \"*\", and a condition such as aws:PrincipalOrgID says whom it spares; "+e.Name+" can't be anything else.", fix...)
}

func (p *parser) checkRCPAction(w *Written) {
	service, _, colon := strings.Cut(strings.ToLower(w.Text), ":")
	switch {
	case w.Text == "*" || colon && strings.ContainsAny(service, "*?"):
		p.report(ruleRCPAction, w.At, "A resource control policy names a service in each action, as in s3:*; "+quote(w.Text)+" can't stand there.")
	case colon && !slices.Contains(rcpServices, service):
		p.report(ruleRCPAction, w.At, "Resource control policies don't cover "+service+", so AWS doesn't take "+quote(w.Text)+"; leave it out.")
	}
}

// Keys of principals, and of those for whom a service calls.
var (
	rcpPrincipalKeys = []string{"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"}
	rcpSourceOrg     = []string{"aws:sourceorgid", "aws:sourceorgpaths"}
)

// checkRCPServices: a Deny by keys of principals hits services that call on
// their own, which have none; one by keys of services hits everybody else.
func (p *parser) checkRCPServices(s *Statement, condition *source.Node) {
	aboutServices := s.asksFor("aws:principalisawsservice")
	sourceChecked := s.asksFor("aws:sourceaccount") || s.asksFor("aws:sourcearn")
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if c.op == nil || c.op.family == familyNull || !c.op.negated {
			continue
		}
		var detail, operator, key, value string
		switch {
		case slices.Contains(rcpPrincipalKeys, c.folded) && !aboutServices:
			operator, key, value = "BoolIfExists", "aws:PrincipalIsAWSService", "false"
			detail = "AWS's services that call on their own have no " + c.Key + ", so the statement denies them too; add BoolIfExists with \"aws:PrincipalIsAWSService\": \"false\" to spare them."
		case slices.Contains(sourceKeys, c.folded) && !aboutServices:
			operator, key, value = "BoolIfExists", "aws:PrincipalIsAWSService", "true"
			detail = "Only AWS's services have " + c.Key + ", so the statement denies everybody else too; add BoolIfExists with \"aws:PrincipalIsAWSService\": \"true\" to mean them alone."
		case slices.Contains(rcpSourceOrg, c.folded) && !sourceChecked:
			operator, key, value = "Null", "aws:SourceAccount", "false"
			detail = "Some of AWS's services call without " + c.Key + " for good reasons; add Null with \"aws:SourceAccount\": \"false\" to spare them."
		default:
			continue
		}
		p.report(ruleRCPServices, c.At, detail, addKey(condition, c.block(), operator, key, value)...)
		return
	}
}
