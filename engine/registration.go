package engine

import (
	"slices"
	"time"

	"stsplayground/engine/cloudtrail"
	"stsplayground/engine/registration"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// registering is an operation of IAM that sets federation up.
var registering = operation{
	play: func(p *play, c *scenario.Call, at time.Time) sts.Result {
		return registration.Play(p.world, c, at)
	},
	record: recorded(cloudtrail.Registration),
	ladder: []question{
		{"Is the call signed with credentials that hold?", signerRules},
		{"Do the policies allow it?", slices.Concat([]string{"access/explicit-deny", "access/resource-policy"}, organization, ownRules, []string{"iam/tag-permission"})},
		{"Are the parameters within IAM's constraints?", []string{"iam/parameters", "iam/tags"}},
		{"Does what it names exist, is the name free, is there room?", []string{"iam/entity", "iam/modifiable", "iam/name-free", "iam/quota"}},
		{"Does IAM save it?", []string{
			"iam/provider-url", "iam/client-ids", "iam/thumbprints", "iam/provider-reach", "iam/metadata", "iam/private-key",
			"iam/policy-document", "iam/policy-principals", "iam/shared-provider", "iam/policy-size", "iam/policy-attachable", "iam/boundary", "iam/saved",
		}},
	},
}
