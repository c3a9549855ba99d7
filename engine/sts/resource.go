package sts

import (
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
)

// Resource is anything of the world that has a policy of its own or tags.
type Resource struct {
	*scenario.Resource
	Tags    []scenario.Tag // that count
	account string
	policy  []iam.Attached // nil: it has none
}

// Endpoint is a VPC endpoint with its policy compiled.
type Endpoint struct {
	*scenario.VPCEndpoint
	policy []iam.Attached
}

// target is what a call is about: the resource's ARN, its account, and what
// bears on it there.
type target struct {
	arn     string
	account string
	policy  []iam.Attached
	kind    iam.Kind // of the policy that it has or would have
	tags    []scenario.Tag
	role    *Role // where the resource is a role
}

// target finds what the world knows of an ARN. Its account is that of its
// entry, else the ARN's own, else the caller's.
func (world *World) target(arn, callers string) target {
	t := target{arn: arn, account: accountIn(arn), kind: iam.ResourcePolicy}
	if r := world.resources[arn]; r != nil {
		t.account, t.policy, t.tags = r.account, r.policy, r.Tags
	} else if r := world.resources[bucketOf(arn)]; r != nil {
		t.account, t.policy = r.account, r.policy
	}
	if t.account == "" {
		t.account = callers
	}
	if account := world.accounts[t.account]; account != nil {
		if parsed, ok := parseRoleARN(arn); ok {
			if t.role, _ = account.role(arn, parsed); t.role != nil {
				t.tags = t.role.Tags
			}
		}
	}
	return t
}

// accountIn is the account that an ARN names, "" where it names none.
func accountIn(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && isAccountID(parts[4]) {
		return parts[4]
	}
	return ""
}

// bucketOf is the ARN of an object's bucket, whose policy is the object's
// too; "" for anything else.
func bucketOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "s3" || parts[3] != "" || parts[4] != "" {
		return ""
	}
	bucket, _, isObject := strings.Cut(arn, "/")
	if !isObject {
		return ""
	}
	return bucket
}
