package iam

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// partitions are AWS's, as ARNs write them (AWS General Reference, and the
// isolated and sovereign ones as AWS's SDKs list them).
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

// checkResource judges a resource by its form alone: which services and
// resource types there are is the service reference's to say.
func (p *parser) checkResource(w *Written) {
	if w.Text == "*" || p.grammar.resource == prohibited {
		return
	}
	p.checkResourceVariables(w)
	if head, _ := cutResource(w.Text); strings.Contains(head, "${") {
		return // a variable has colons of its own
	}
	parts := strings.SplitN(w.Text, ":", 6)
	switch {
	case parts[0] != "arn":
		if p.grammar.resource == required && !mayBeARN(w.Text) {
			p.resourceForm(w, len(parts) > 1)
		}
	case len(parts) < 6:
		p.incompleteARN(w, parts)
	default:
		p.checkARN(w, parts)
	}
}

// mayBeARN says whether a text that doesn't begin as an ARN stands for some
// all the same, by a wildcard that it begins with.
func mayBeARN(text string) bool {
	head := text[:max(strings.IndexAny(text, "*?"), 0)]
	return strings.ContainsAny(text, "*?") && strings.HasPrefix("arn:", head)
}

func (p *parser) resourceForm(w *Written, colon bool) {
	detail := quote(w.Text) + " is no resource; write an ARN of six segments, or \"*\"."
	if colon {
		p.report(ruleResourceForm, w.At, detail)
		return
	}
	p.report(ruleResourceForm, w.At, detail+p.identityText("Resource "+w.Text+" must be in ARN format or \"*\"."))
}

// incompleteARN: "When you specify an incomplete ARN … in an identity-based
// policy, AWS automatically completes the ARN"; in a session policy it "will
// result in a MalformedPolicyDocumentException" (reference_policies_grammar).
func (p *parser) incompleteARN(w *Written, parts []string) {
	if strings.ContainsAny(parts[len(parts)-1], "*?") && p.policy.Kind != SessionPolicy {
		return // a wildcard at the end runs on over the colons that are missing
	}
	whole := w.Text + strings.Repeat(":*", 6-len(parts))
	var fix []trace.Patch
	if len(parts) > 2 && parts[2] != "" {
		fix = []trace.Patch{{Op: "replace", Path: w.At.Path, Value: whole}}
	}
	detail := quote(w.Text) + " has " + strconv.Itoa(len(parts)) + " of an ARN's six segments, arn:partition:service:region:account:resource; "
	switch p.policy.Kind {
	case SessionPolicy:
		p.report(ruleIncompleteARN, w.At, detail+"AWS refuses a session policy with such an ARN (MalformedPolicyDocument).", fix...)
	case IdentityPolicy, PermissionsBoundary:
		message := ""
		if len(parts) == 2 && parts[1] == "aws" {
			message = quoteAWS("Resource vendor must be fully qualified and cannot contain regexes.")
		}
		p.report(ruleIncompleteARN, w.At, detail+"AWS fills in wildcards, so write what is meant, such as "+quote(whole)+"."+message, fix...)
	default:
		p.report(ruleIncompleteARN, w.At, detail+"write all of them.")
	}
}

// checkARN judges the segments of a complete ARN. Wildcards and variables in a
// segment leave it to the request.
func (p *parser) checkARN(w *Written, parts []string) {
	partition, service, region, account, resource := parts[1], parts[2], parts[3], parts[4], parts[5]
	plain := func(s string) bool { return !strings.ContainsAny(s, "*?$") }
	if plain(partition) && !slices.Contains(partitions, partition) {
		p.report(rulePartition, w.At, "The partition "+quote(partition)+" of "+quote(w.Text)+" is none of AWS's; they are "+strings.Join(partitions, ", ")+"."+
			p.identityText(`Partition "`+partition+`" is not valid for resource "`+w.Text+`".`))
	}
	switch lower := strings.ToLower(service); {
	case !plain(service) && !strings.Contains(service, "$"):
		p.report(ruleServiceWildcard, w.At, "The service "+quote(service)+" of "+quote(w.Text)+" takes in services of the same letters that are still to come, and the User Guide says that wildcards can't stand there; name each.")
		return
	case lower != service:
		fixed := strings.Join([]string{"arn", partition, lower, region, account, resource}, ":")
		p.report(ruleARNService, w.At, "The service "+quote(service)+" of an ARN is written in small letters, "+lower+".", trace.Patch{Op: "replace", Path: w.At.Path, Value: fixed})
		return
	}
	p.checkRegion(w, service, region, resource, plain)
	p.checkAccount(w, service, account, resource, plain)
	if service == "iam" && plain(resource[:indexOr(resource, '/')]) {
		p.checkIAMResource(w, resource)
	}
}

func indexOr(s string, c byte) int {
	if i := strings.IndexByte(s, c); i >= 0 {
		return i
	}
	return len(s)
}

// globalServices are services whose ARNs have no Region.
var globalServices = []string{"iam", "cloudfront", "organizations", "route53"}

// s3WithAccount are resources of Amazon S3 whose ARNs have a Region and an
// account; those of buckets and objects have neither.
var s3WithAccount = []string{"accesspoint/", "accesspoint:", "job/", "storage-lens/", "storage-lens-group/", "access-grants/", "async-request/"}

func isBucket(service, resource string) bool {
	return service == "s3" && !strings.HasPrefix(resource, "*") && !slices.ContainsFunc(s3WithAccount, func(prefix string) bool { return strings.HasPrefix(resource, prefix) })
}

func (p *parser) checkRegion(w *Written, service, region, resource string, plain func(string) bool) {
	switch {
	case region == "" || region == "*":
	case service == "iam":
		p.report(ruleARNRegion, w.At, "IAM has no Regions; leave "+quote(region)+" out of "+quote(w.Text)+"."+p.identityText("IAM resource "+w.Text+" cannot contain region information."), p.withoutSegment(w, 3)...)
	case isBucket(service, resource):
		p.report(ruleARNRegion, w.At, "The ARNs of buckets and objects have no Region; leave "+quote(region)+" out of "+quote(w.Text)+"."+p.identityText("Resource "+w.Text+" can not contain region information."), p.withoutSegment(w, 3)...)
	case slices.Contains(globalServices, service):
		p.report(ruleARNRegion, w.At, "The ARNs of "+service+" have no Region; leave "+quote(region)+" out of "+quote(w.Text)+".", p.withoutSegment(w, 3)...)
	case plain(region) && !isRegion(region):
		p.report(ruleARNRegion, w.At, quote(region)+" in "+quote(w.Text)+" is no Region; write one such as us-east-1.")
	}
}

func (p *parser) checkAccount(w *Written, service, account, resource string, plain func(string) bool) {
	switch {
	case account == "" || account == "*":
	case isBucket(service, resource):
		p.report(ruleARNAccount, w.At, "The ARNs of buckets and objects have no account; leave "+quote(account)+" out of "+quote(w.Text)+".", p.withoutSegment(w, 4)...)
	case plain(account) && !isAccountID(account) && account != "aws" && account != "cloudfront":
		p.report(ruleARNAccount, w.At, quote(account)+" in "+quote(w.Text)+" is no account; write its 12 digits.")
	}
}

func (p *parser) withoutSegment(w *Written, segment int) []trace.Patch {
	parts := strings.SplitN(w.Text, ":", 6)
	parts[segment] = ""
	return []trace.Patch{{Op: "replace", Path: w.At.Path, Value: strings.Join(parts, ":")}}
}

// iamResources begin the last segment of IAM's ARNs, as AWS's own message
// lists them.
var iamResources = []string{
	"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
	"sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
}

func (p *parser) checkIAMResource(w *Written, resource string) {
	if resource == "root" || slices.ContainsFunc(iamResources, func(prefix string) bool { return strings.HasPrefix(resource, prefix) }) {
		return
	}
	detail := "IAM has no resource " + quote(resource)
	message := p.identityText("IAM resource path must either be \"*\" or start with " + strings.Join(iamResources, ", ") + ".")
	if near, _ := source.Nearest(resource[:indexOr(resource, '/')], iamResources); near != "" {
		p.report(ruleARNResource, w.At, detail+"; "+near+" is the nearest beginning."+message)
		return
	}
	p.report(ruleARNResource, w.At, detail+"; its resources begin with "+strings.Join(iamResources, ", ")+"."+message)
}

func (p *parser) checkResourceVariables(w *Written) {
	if !strings.Contains(w.Text, "${") {
		return
	}
	head, _ := cutResource(w.Text)
	switch {
	case hasVariables(w.Text) && !p.modern:
		p.variableInOldVersion(w)
	case hasVariables(head):
		p.report(ruleVariablePlace, w.At, "In "+quote(w.Text)+" the variable before the fifth colon stays plain text; AWS replaces variables only in an ARN's last segment.")
	default:
		p.variableForm(w)
	}
}

func (p *parser) variableInOldVersion(w *Written) {
	patch := trace.Patch{Op: "add", Path: "/Version", Value: Version2012}
	if p.policy.Version != "" {
		patch.Op = "replace"
	}
	p.report(ruleVariableVersion, w.At, "Without \"Version\": \"2012-10-17\" the variable in "+quote(w.Text)+" is plain text.", patch)
}
