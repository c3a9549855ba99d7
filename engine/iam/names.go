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

// Doubt is why no request asks for an action on a resource: the service has no
// such action, or the action doesn't act on that. It is "" where there is no
// doubt, or nothing to go by.
func (n *Names) Doubt(action, resource string) string {
	if n.reference == nil {
		return ""
	}
	c := nameCheck{Names: n, policy: &Policy{Kind: IdentityPolicy}}
	actions := c.action(&Written{Text: action})
	if len(c.findings) > 0 {
		return strings.Replace(c.findings[0].Detail, ", so "+quote(action)+" matches no request;", ";", 1)
	}
	if len(actions) == 0 || c.anyActsOn(actions, resourcePattern(resource)) || c.steps <= 0 {
		return ""
	}
	doubt := quote(action) + " doesn't act on " + quote(resource) + "; "
	switch mended := c.mendedResource(resource, actions); {
	case !actions[0].TakesResources():
		return doubt + "ask for \"*\"."
	case mended != "":
		return doubt + "ask for " + quote(mended) + ", say."
	}
	return doubt + "an ARN for it has the form " + exampleARN(actions[0]) + "."
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
	candidates := service.Actions()
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
	if !c.take(nearestSteps) {
		return
	}
	near, certain := c.reference.NearestService(prefix)
	certain = certain && c.reference.Service(near).Action(name) != nil
	c.reportUnknown(ruleService, w, "No service has the prefix "+quote(prefix), near, certain, near+":"+name)
}

func (c *nameCheck) unknownAction(w *Written, service *reference.Service, name string) {
	if !c.take(nearestSteps) {
		return
	}
	near, certain := service.Nearest(name)
	if action := operationAction(name); action != "" && service.Prefix == "s3" {
		near, certain = action, true
	}
	if near != "" {
		near = service.Prefix + ":" + near
	}
	c.reportUnknown(ruleActionUnknown, w, service.Name+" has no action "+quote(name), near, certain, near)
}

// reportUnknown reports an action's text. near is what was most likely meant
// by its unknown part, "" for nothing; where that is certain, whole takes the
// text's place.
func (c *nameCheck) reportUnknown(r *rule, w *Written, what, near string, certain bool, whole string) {
	detail := what + " " + c.asOf() + ", so " + quote(w.Text) + " matches no request; "
	if near == "" {
		detail += "the Service Authorization Reference lists those that there are."
	} else {
		detail += near + " is the nearest."
	}
	var fix []trace.Patch
	if certain {
		fix = []trace.Patch{{Op: "replace", Path: w.At.Path, Value: whole}}
	}
	c.report(r, w.At, detail, fix...)
}

// operations are operations of Amazon S3 that actions of other names allow
// (Amazon S3 User Guide, "Required permissions for Amazon S3 API
// operations"), and are easily written for them.
const operations = " completemultipartupload=PutObject createmultipartupload=PutObject deletebucketcors=PutBucketCORS" +
	" deletebucketlifecycle=PutLifecycleConfiguration deletebuckettagging=PutBucketTagging deleteobjects=DeleteObject" +
	" getbucketencryption=GetEncryptionConfiguration getbucketlifecycleconfiguration=GetLifecycleConfiguration" +
	" getbucketreplication=GetReplicationConfiguration getpublicaccessblock=GetBucketPublicAccessBlock" +
	" headbucket=ListBucket headobject=GetObject listbuckets=ListAllMyBuckets listmultipartuploads=ListBucketMultipartUploads" +
	" listobjects=ListBucket listobjectsv2=ListBucket listobjectversions=ListBucketVersions listparts=ListMultipartUploadParts" +
	" putbucketencryption=PutEncryptionConfiguration putbucketlifecycleconfiguration=PutLifecycleConfiguration" +
	" putbucketreplication=PutReplicationConfiguration putpublicaccessblock=PutBucketPublicAccessBlock uploadpart=PutObject "

// operationAction is the action that allows an operation of Amazon S3; "" for
// one that has its own name or is none.
func operationAction(name string) string {
	_, rest, _ := strings.Cut(operations, " "+strings.ToLower(name)+"=")
	action, _, _ := strings.Cut(rest, " ")
	return action
}
