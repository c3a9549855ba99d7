package sts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/iam"
)

// authorization gathers every policy that bears on the action: those of the
// caller, of the resource, of the organization, and of the way between.
func (world *World) authorization(f *actionFacts, action string) *iam.Authorization {
	c, t := f.caller, &f.target
	a := &iam.Authorization{
		Request:      iam.Request{Action: action, Resource: t.arn, Principal: c.Principal, Context: world.actionContext(f), Room: world.room},
		Resource:     t.policy,
		Session:      c.session,
		Root:         c.root,
		ResourceKind: t.kind,
		CrossAccount: c.Account != "" && t.account != "" && c.Account != t.account,
	}
	f.crossAccount = a.CrossAccount
	if c.unlocks(t, action) {
		a.Resource = nil
	}
	if c.identity != nil {
		a.Identity, a.Boundary = c.identity.policies, c.identity.boundary
	}
	if world.limitsCaller(c) {
		a.ServiceControl = world.accounts[c.Account].scps
	}
	if owner := world.accounts[t.account]; owner != nil && world.limitsResource(t.account, c, action) {
		a.ResourceControl = owner.rcps
	}
	if e := world.endpoint(a.Request.Context); e != nil {
		a.Endpoint = e.policy
	}
	if isKMSKey(t.arn) {
		// "Unless the key policy explicitly allows it, you cannot use IAM policies
		// to allow access to a KMS key" (KMS developer guide, key policies).
		a.ResourceMustAllow = true
		if a.Resource == nil {
			a.Resource = defaultKeyPolicy(t.account)
		}
	}
	return a
}

// limitsCaller says whether service control policies bear on the caller: on
// users, roles and root users of member accounts, not on service-linked roles
// (Organizations user guide, "Service control policies").
func (world *World) limitsCaller(c *Caller) bool {
	return c.Account != "" && world.accounts[c.Account] != nil && !c.serviceLinked && !world.manages(c.Account)
}

// manages says whether the account is its organization's management account,
// which neither kind of control policy touches.
func (world *World) manages(account string) bool {
	return world.Organization != nil && world.Organization.ManagementAccount == account
}

// rcpServices are the services whose actions RCPs apply to, by their prefix
// (Organizations user guide, "List of AWS services that support RCPs", 2026).
var rcpServices = strings.Fields(`aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront
	cloudsearch cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend
	comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms gamelift
	health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
	personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf
	textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray`)

// limitsResource says whether resource control policies bear on the request:
// not in the management account, not on service-linked roles, only on the
// services that take them, and never on kms:RetireGrant ("Resources and
// entities not restricted by RCPs").
func (world *World) limitsResource(account string, c *Caller, action string) bool {
	action = strings.ToLower(action)
	service, _, _ := strings.Cut(action, ":")
	return !world.manages(account) && !c.serviceLinked && action != "kms:retiregrant" && slices.Contains(rcpServices, service)
}

// endpoint is the VPC endpoint that the request goes through, nil for none.
func (world *World) endpoint(ctx *iam.Context) *Endpoint {
	if v, ok := ctx.Lookup("aws:SourceVpce"); ok && len(v.Values) == 1 {
		return world.endpoints[v.Values[0]]
	}
	return nil
}

func isKMSKey(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && parts[2] == "kms" && strings.HasPrefix(parts[5], "key/")
}

// defaultKeyPolicy is the key policy of a key that was made without one: it
// leaves everything to the account's identity-based policies (KMS developer
// guide, "Default key policy").
func defaultKeyPolicy(account string) []iam.Attached {
	policy, _ := iam.ParseText(`{"Version": "2012-10-17", "Statement": [{"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::`+
		account+`:root"}, "Action": "kms:*", "Resource": "*"}]}`, iam.ResourcePolicy)
	policy.Nowhere()
	return []iam.Attached{{Name: "the default key policy", Policy: policy}}
}

// actionContext is the request context of an action: what the caller carries,
// what the request shows, what the resource is, and what the call supplies
// (IAM guide, "AWS global condition context keys").
func (world *World) actionContext(f *actionFacts) *iam.Context {
	c, t := f.caller, &f.target
	ctx := iam.NewContext()
	for _, k := range c.keys {
		ctx.SetValue(k.name, iam.Value{Values: k.values, Multi: k.multi})
	}
	if _, shown := ctx.Lookup("aws:MultiFactorAuthAge"); shown { // it grows with the session
		ctx.Set("aws:MultiFactorAuthAge", strconv.FormatInt(int64(f.at.Sub(c.issued)/time.Second), 10))
	}
	for _, tag := range c.Tags {
		ctx.Set(principalTag+tag.Key, tag.Value)
	}
	if c.Account != "" {
		ctx.Set("aws:PrincipalIsAWSService", "false")
	}
	ctx.Set("aws:ViaAWSService", "false")
	ctx.Set("aws:CurrentTime", timestamp(f.at))
	ctx.Set("aws:EpochTime", strconv.FormatInt(f.at.Unix(), 10))
	ctx.Set("aws:SecureTransport", "true")
	ctx.Set("aws:RequestedRegion", f.region)
	if t.account != "" {
		ctx.Set("aws:ResourceAccount", t.account)
	}
	if o := world.Organization; o != nil && o.ID != "" {
		if world.accounts[c.Account] != nil {
			ctx.Set("aws:PrincipalOrgID", o.ID)
		}
		if world.accounts[t.account] != nil {
			ctx.Set("aws:ResourceOrgID", o.ID)
		}
	}
	for _, tag := range t.tags {
		ctx.Set("aws:ResourceTag/"+tag.Key, tag.Value)
		switch {
		case bucketOf(t.arn) != "":
			ctx.Set("s3:ExistingObjectTag/"+tag.Key, tag.Value)
		case t.role != nil:
			ctx.Set("iam:ResourceTag/"+tag.Key, tag.Value)
		}
	}
	f.overridden = supply(ctx, f.call.Context)
	return ctx
}
