package iam

import (
	"strings"

	"stsplayground/engine/reference"
	"stsplayground/engine/trace"
)

// The names in policies, as IAM Access Analyzer's policy checks judge them,
// which go by the Service Authorization Reference too. IAM itself saves a
// policy whatever its names are.
var (
	ruleService       = newRule("policy/service-unknown", trace.SeverityError, "The service is one that AWS has", analyzerPage("Invalid service in action", "error-invalid-service-in-action"))
	ruleActionUnknown = newRule("policy/action-unknown", trace.SeverityError, "The action is one that its service has", analyzerPage("Invalid action", "error-invalid-action"))
	ruleActionNothing = newRule("policy/action-matches-nothing", trace.SeverityWarning, "An action with wildcards matches some action of its service", analyzerPage("Invalid action", "error-invalid-action"))
)

func analyzerPage(check, anchor string) trace.Cite {
	return trace.Cite{Title: "IAM Access Analyzer policy checks: " + check, URL: guide + "access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-" + anchor}
}

// Names checks names against a reference. One Names serves all policies of a
// scenario, because what it may cost is bounded as a whole: nothing is said
// of what comes after that.
type Names struct {
	reference *reference.Reference
	steps     int // that are left, each about the comparison of two letters
}

// mostNameSteps is more than the largest policies that AWS saves take.
const mostNameSteps = 30_000_000

// NewNames checks against a reference; against nil it finds nothing.
func NewNames(r *reference.Reference) *Names { return &Names{r, mostNameSteps} }

// take says whether some more steps may be made.
func (n *Names) take(steps int) bool {
	n.steps -= steps
	return n.steps > 0
}

// Findings are about the services, actions, resources and condition keys that
// a policy names. The places and the fixes are as in the policy.
func (n *Names) Findings(p *Policy) []trace.Finding {
	if n.reference == nil {
		return nil
	}
	c := nameCheck{Names: n, policy: p}
	for i := range p.Statements {
		if c.full() {
			break
		}
		c.statement(&p.Statements[i])
	}
	return c.findings
}

// nameCheck is the check of one policy.
type nameCheck struct {
	*Names
	policy   *Policy
	findings []trace.Finding
}

func (c *nameCheck) full() bool { return len(c.findings) >= maxFindings || c.steps <= 0 }

func (c *nameCheck) report(r *rule, at trace.At, detail string, fix ...trace.Patch) {
	if len(c.findings) < maxFindings {
		c.findings = append(c.findings, r.at(at, detail, fix...))
	}
}

func (c *nameCheck) statement(s *Statement) {
	actions, all := c.actions(&s.Action)
	if all {
		c.resources(s, actions)
	}
	for i := range s.Conditions {
		if c.full() {
			return
		}
		c.condition(s, &s.Conditions[i], actions, all)
	}
}

// actions are those that an element names, each as often as it does. all is
// whether they are all that it is about.
func (c *nameCheck) actions(e *Element) (actions []*reference.Action, all bool) {
	all = !e.Not && len(e.Values) > 0
	for i := range e.Values {
		if c.full() {
			return nil, false
		}
		some := c.action(&e.Values[i])
		all = all && len(some) > 0
		actions = append(actions, some...)
	}
	return actions, all
}

// action is what an action's text stands for; none where that can't be said
// or is said to be nothing. What the parser says of a text isn't said again.
func (c *nameCheck) action(w *Written) []*reference.Action {
	prefix, name, colon := strings.Cut(w.Text, ":")
	if !colon || prefix == "" || name == "" || strings.Contains(name, ":") || strings.ContainsAny(prefix, "*?") || c.policy.Kind == TrustPolicy && !isTrustAction(w) {
		return nil
	}
	service := c.reference.Service(prefix)
	if service == nil {
		c.unknownService(w, prefix, name)
		return nil
	}
	actions := service.Actions()
	if len(actions) == 0 {
		return nil
	}
	if strings.ContainsAny(name, "*?") {
		some := c.matching(service, name)
		if len(some) == 0 && c.steps > 0 {
			c.report(ruleActionNothing, w.At, service.Name+" has no action like "+quote(w.Text)+" "+c.asOf()+", so it matches no request; the part before the wildcard is what to look at.")
		}
		return some
	}
	if a := service.Action(name); a != nil {
		return []*reference.Action{a}
	}
	c.unknownAction(w, service, name)
	return nil
}

// asOf says which state of the reference is meant.
func (c *nameCheck) asOf() string { return "in AWS's reference of " + c.reference.Date }

// matching are the actions of a service whose names have a pattern's form.
func (c *nameCheck) matching(service *reference.Service, name string) (some []*reference.Action) {
	pattern := toPattern(strings.ToLower(name))
	candidates := service.Prefixed(pattern[:firstWildcard(pattern)])
	if !c.take(len(candidates) * (16 + len(pattern))) {
		return nil
	}
	for i := range candidates {
		if globFold(pattern, candidates[i].Name) {
			some = append(some, &candidates[i])
		}
	}
	return some
}

// nearestSteps is what a look for a near name takes.
const nearestSteps = 60_000

func (c *nameCheck) unknownService(w *Written, prefix, name string) {
	detail := "No service has the prefix " + quote(prefix) + " " + c.asOf() + ", so " + quote(w.Text) + " matches no request"
	if !c.take(nearestSteps) {
		return
	}
	near, certain := c.reference.NearestService(prefix)
	switch {
	case near == nil:
		c.report(ruleService, w.At, detail+"; write the prefix that the service's page in the Service Authorization Reference names.")
	case certain && near.Action(name) != nil:
		c.report(ruleService, w.At, detail+"; "+near.Prefix+" is the nearest.", trace.Patch{Op: "replace", Path: w.At.Path, Value: near.Prefix + ":" + name})
	default:
		c.report(ruleService, w.At, detail+"; "+near.Prefix+" is the nearest.")
	}
}

func (c *nameCheck) unknownAction(w *Written, service *reference.Service, name string) {
	detail := service.Name + " has no action " + quote(name) + " " + c.asOf() + ", so " + quote(w.Text) + " matches no request"
	if right := operationActions[strings.ToLower(w.Text)]; right != "" {
		c.report(ruleActionUnknown, w.At, detail+"; what allows that operation is "+right+".", trace.Patch{Op: "replace", Path: w.At.Path, Value: right})
		return
	}
	if !c.take(nearestSteps) {
		return
	}
	near, certain := service.Nearest(name)
	switch {
	case near == nil:
		c.report(ruleActionUnknown, w.At, detail+"; write one that the service's page in the Service Authorization Reference lists.")
	case certain:
		c.report(ruleActionUnknown, w.At, detail+"; "+near.FullName()+" is the nearest.", trace.Patch{Op: "replace", Path: w.At.Path, Value: near.FullName()})
	default:
		c.report(ruleActionUnknown, w.At, detail+"; "+near.FullName()+" is the nearest.")
	}
}

// operationActions are operations of Amazon S3 that actions of other names
// allow (Amazon S3 User Guide, "Required permissions for Amazon S3 API
// operations"), which are the ones most often written for actions.
var operationActions = map[string]string{
	"s3:completemultipartupload":         "s3:PutObject",
	"s3:createmultipartupload":           "s3:PutObject",
	"s3:deletebucketcors":                "s3:PutBucketCORS",
	"s3:deletebucketlifecycle":           "s3:PutLifecycleConfiguration",
	"s3:deletebuckettagging":             "s3:PutBucketTagging",
	"s3:deleteobjects":                   "s3:DeleteObject",
	"s3:getbucketencryption":             "s3:GetEncryptionConfiguration",
	"s3:getbucketlifecycleconfiguration": "s3:GetLifecycleConfiguration",
	"s3:getbucketreplication":            "s3:GetReplicationConfiguration",
	"s3:getpublicaccessblock":            "s3:GetBucketPublicAccessBlock",
	"s3:headbucket":                      "s3:ListBucket",
	"s3:headobject":                      "s3:GetObject",
	"s3:listbuckets":                     "s3:ListAllMyBuckets",
	"s3:listmultipartuploads":            "s3:ListBucketMultipartUploads",
	"s3:listobjects":                     "s3:ListBucket",
	"s3:listobjectsv2":                   "s3:ListBucket",
	"s3:listobjectversions":              "s3:ListBucketVersions",
	"s3:listparts":                       "s3:ListMultipartUploadParts",
	"s3:putbucketencryption":             "s3:PutEncryptionConfiguration",
	"s3:putbucketlifecycleconfiguration": "s3:PutLifecycleConfiguration",
	"s3:putbucketreplication":            "s3:PutReplicationConfiguration",
	"s3:putpublicaccessblock":            "s3:PutBucketPublicAccessBlock",
	"s3:uploadpart":                      "s3:PutObject",
}
