package sts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/managed"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// AssumeRootResponse is the response of AssumeRoot.
type AssumeRootResponse struct {
	Credentials    Credentials
	SourceIdentity string `json:",omitempty"`
}

// maxRootSession is both AssumeRoot's longest duration and its default.
const maxRootSession = 900

// rootTasks are the policies that a root session may be limited to (STS API
// reference, AssumeRoot, TaskPolicyArn).
var rootTasks = []string{"IAMAuditRootUserCredentials", "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials", "S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"}

var (
	paramTargetPrincipal = parameter{name: "targetPrincipal", min: 12, max: 2048}
	paramTaskPolicyArn   = parameter{name: "taskPolicyArn.arn", min: 20, max: 2048, pattern: arnPattern, inPattern: isARNRune}
)

// AssumeRoot walks one call: parameters, endpoint, caller, the organization's
// centralized root access, target, task policy, everyone's policies, duration,
// credentials. AWS documents no order.
func (world *World) AssumeRoot(call *scenario.Call, at time.Time) Result {
	f := newFacts(assumeRoot, call, at)
	w := newSigned(assumeRoot, call, f, 20)
	task := TaskPolicy(call.Params.TaskPolicyArn)
	w.checkRootParameters(&call.Params, task)
	w.checkRegional(f)
	known := w.checkAccountCaller(world, f)
	if known && f.caller.root {
		w.overrule(w.last(ruleCaller), trace.Sender("AccessDenied", 403, unauthorized(f.caller.ARN, assumeRoot.action, call.Params.TargetPrincipal)),
			"The root user can't take root sessions of other accounts; a user or a role of its account can.")
		w.last(ruleCaller).AsModelled()
		known = false
	}
	member := w.checkRootTarget(world, f)
	arn := "arn:" + partitionOf(f.region) + ":iam::" + member + ":root"
	policy := w.checkTaskPolicy(call.Params.TaskPolicyArn, task)
	w.checkRootAccess(world, f, known, arn)
	w.checkRegion(world.accounts[member], f.region)
	var decision *iam.Decision
	if known && member != "" {
		_, decision = w.askPolicies(world, f, target{arn: arn, account: member, kind: iam.ResourcePolicy}, func(ctx *iam.Context) { ctx.Set("sts:TaskPolicyArn", task) })
	} else {
		w.skipPolicies()
	}
	w.checkRootDuration(f)
	if w.Err != nil {
		return w.refused(world, f, decision)
	}
	c := world.rootSession(f, member, arn, iam.Attached{Name: task, Policy: policy})
	issued := f.credentials(member, seed("root session", call.Name, timestamp(at), arn))
	return world.granted(w, f, c, issued, &AssumeRootResponse{issued, c.identitySet}, decision)
}

// TaskPolicy is the ARN in TaskPolicyArn, which is an object with arn in it.
func TaskPolicy(d scenario.Document) string {
	if n := d.Node.Get("arn"); n != nil && n.Kind == source.String {
		return n.Text
	}
	return ""
}

func (w *walk) checkRootParameters(p *scenario.Params, task string) {
	var broken violations
	broken.require(paramTargetPrincipal, p.TargetPrincipal, sent(p, "TargetPrincipal"))
	if !p.TaskPolicyArn.Given() {
		broken = append(broken, missing("taskPolicyArn"))
	} else if task != "" {
		broken = append(broken, paramTaskPolicyArn.violations(task)...)
	}
	broken = append(broken, rangeViolations(p.DurationSeconds, 0, maxRootSession)...)
	broken = append(broken, tokenSizeViolations(p)...)
	w.judgeParameters(broken, "TargetPrincipal and TaskPolicyArn, each as the API wants it", "caller's policies")
}

// checkRootTarget finds the member account that TargetPrincipal names, by its
// number or its root user's ARN.
func (w *walk) checkRootTarget(world *World, f *facts) (member string) {
	named := f.call.Params.TargetPrincipal
	if member = named; !isAccountID(named) {
		if member = accountIn(named); named != "arn:"+partitionIn(named)+":iam::"+member+":root" {
			member = ""
		}
	}
	const expected = "the number of a member account, or its root user's ARN"
	denied := trace.Sender("AccessDenied", 403, unauthorized(f.caller.ARN, assumeRoot.action, named))
	switch {
	case named == "":
		w.Skip("The request has no TargetPrincipal.", ruleRootTarget)
		return ""
	case member == "":
		w.Fail(ruleRootTarget, validationError(wordingUnknown("The target principal is not valid")), expected, named, "TargetPrincipal is neither a number of 12 digits nor the ARN of a root user.").AsModelled()
		return ""
	case world.Organization == nil:
		w.Fail(ruleRootTarget, denied, expected, named, "The scenario has no organization, so no account is a member of one.").AsModelled()
	case world.manages(member):
		w.Fail(ruleRootTarget, denied, expected, named, "Account "+member+" is the management account itself, whose root user nobody takes the place of.").AsModelled()
	case world.accounts[member] == nil:
		w.Fail(ruleRootTarget, denied, expected, named, "The scenario has no account "+member+"; those that it has are the organization's.").AsModelled()
	default:
		w.Pass(ruleRootTarget, expected, member, "")
	}
	return member
}

// checkTaskPolicy reads TaskPolicyArn; nil where it is none of the five.
func (w *walk) checkTaskPolicy(d scenario.Document, task string) *iam.Policy {
	expected := "arn:aws:iam::aws:policy/root-task/ and one of " + strings.Join(rootTasks, ", ")
	name, isTask := strings.CutPrefix(task, "arn:"+partitionIn(task)+":iam::aws:policy/root-task/")
	known := managed.Lookup(task)
	switch {
	case !d.Given():
		w.Skip("The request has no TaskPolicyArn.", ruleTaskPolicy)
	case task == "":
		w.Fail(ruleTaskPolicy, validationError(wordingUnknown("The task policy is not valid")), expected, string(source.AppendJSON(nil, &d.Node)), "TaskPolicyArn is an object with arn in it, as in {\"arn\": \"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy\"}.").AsModelled()
	case !isTask || !slices.Contains(rootTasks, name) || known == nil:
		w.Fail(ruleTaskPolicy, validationError(wordingUnknown("The task policy is not valid")), expected, task, "A root session takes one of five policies that AWS manages, and "+task+" is none of them.").AsModelled()
	default:
		w.Pass(ruleTaskPolicy, expected, task, "The session may do what this policy leaves, and nothing else.")
		policy := *known.Compiled()
		policy.Kind = iam.SessionPolicy
		return &policy
	}
	return nil
}

// checkRootAccess: "To use centralized root access, you must sign in via a
// management account or a delegated administrator account" of an organization
// that has enabled it (IAM guide, id_root-user-privileged-task).
func (w *walk) checkRootAccess(world *World, f *facts, known bool, arn string) {
	const expected = "RootSessions enabled, and a caller of the management account or of a delegated administrator"
	o := world.Organization
	denied := trace.Sender("AccessDenied", 403, unauthorized(f.caller.ARN, assumeRoot.action, arn))
	switch {
	case !known || o == nil:
		w.Skip("There is nobody to ask for, or no organization.", ruleRootAccess)
	case !slices.Contains(o.EnabledFeatures, "RootSessions"):
		w.Fail(ruleRootAccess, denied, expected, "EnabledFeatures: "+listOr(o.EnabledFeatures, "none"), "The organization hasn't enabled privileged root sessions: EnableOrganizationsRootSessions does, and organization.EnabledFeatures has to list RootSessions.").AsModelled()
	case !world.manages(f.caller.Account) && !slices.Contains(o.DelegatedAdministrators, f.caller.Account):
		w.Fail(ruleRootAccess, denied, expected, "account "+f.caller.Account, "Account "+f.caller.Account+" is neither the management account, "+cmp.Or(o.ManagementAccount, "which isn't named")+", nor a delegated administrator.").AsModelled()
	default:
		w.Pass(ruleRootAccess, expected, "account "+f.caller.Account, "")
	}
}

func (w *walk) checkRootDuration(f *facts) {
	seconds := int64(maxRootSession)
	if d := f.call.Params.DurationSeconds; d != nil {
		seconds = min(max(*d, 0), maxRootSession)
	}
	f.duration = time.Duration(seconds) * time.Second
	w.Pass(ruleDuration, "0 to 900 seconds", f.duration.String(), "")
}

// rootSession is a session of the member account's root user within the task
// policy (IAM guide, aws:AssumedRoot). The five policies have nothing but
// Deny statements: what they leave, the root user may do by itself.
func (world *World) rootSession(f *facts, member, arn string, task iam.Attached) *Caller {
	c := world.rootUser(arn, member)
	everything, _ := iam.ParseText(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, iam.SessionPolicy)
	everything.Nowhere()
	c.session = []iam.Attached{task, {Name: "what the root user may do by itself", Policy: everything}}
	c.set("aws:AssumedRoot", "true")
	c.set("aws:TokenIssueTime", timestamp(f.at))
	if c.identitySet = f.caller.identitySet; c.identitySet != "" {
		c.set("aws:SourceIdentity", c.identitySet)
	}
	return c
}

// unlocks are what the root user of the account that owns a bucket or a queue
// may do whatever its policy denies: "the root principal in a bucket owner's
// AWS account can perform the GetBucketPolicy, PutBucketPolicy, and
// DeleteBucketPolicy API actions, even if their bucket policy explicitly
// denies the root principal's access" (S3 API reference, DeleteBucketPolicy).
// Of queues that is the task of the policy SQSUnlockQueuePolicy.
func (c *Caller) unlocks(t *target, action string) bool {
	switch strings.ToLower(action) {
	case "s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy":
		return c.root && c.Account == t.account
	case "sqs:getqueueattributes", "sqs:setqueueattributes":
		return c.root && c.Account == t.account && c.value("aws:AssumedRoot") == "true"
	}
	return false
}
