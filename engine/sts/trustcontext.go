package sts

import (
	"strconv"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
)

// trustContext is the request context of an operation, as far as STS derives
// it (IAM guide, "IAM and AWS STS condition context keys" and "AWS global
// condition context keys").
func (f *facts) trustContext(mode scenario.ClaimsMode, organization *scenario.Organization) *iam.Context {
	ctx := iam.NewContext()
	if f.operation == assumeRoleWithSAML {
		f.addSAMLKeys(ctx, mode)
	} else {
		addClaims(ctx, mode, f.provider.name, &f.token.Payload, f.claims)
		ctx.Set("sts:RoleAuthorizedByIdp", strconv.FormatBool(f.authorizedByIdP))
	}
	ctx.Set("sts:RoleSessionName", f.sessionName)
	if f.sourceIdentity != "" {
		ctx.Set("sts:SourceIdentity", f.sourceIdentity)
	}
	for _, tag := range f.tagging.Tags {
		ctx.Set("aws:RequestTag/"+tag.Key, tag.Value)
		// For a federated principal aws:PrincipalTag evaluates the session's own tags.
		ctx.Set("aws:PrincipalTag/"+tag.Key, tag.Value)
	}
	if len(f.tagging.Tags) > 0 {
		ctx.SetMulti("aws:TagKeys", f.tagging.keys())
	}
	if len(f.tagging.Transitive) > 0 {
		ctx.SetMulti("sts:TransitiveTagKeys", f.tagging.Transitive)
	}
	if f.role != nil {
		for _, tag := range f.role.Tags {
			ctx.Set("aws:ResourceTag/"+tag.Key, tag.Value)
			ctx.Set("iam:ResourceTag/"+tag.Key, tag.Value)
		}
	}
	ctx.Set("aws:FederatedProvider", f.provider.principal)
	ctx.Set("aws:CurrentTime", timestamp(f.at))
	ctx.Set("aws:EpochTime", strconv.FormatInt(f.at.Unix(), 10))
	ctx.Set("aws:SecureTransport", "true")
	ctx.Set("aws:RequestedRegion", f.region)
	ctx.Set("aws:ResourceAccount", f.arn.Account)
	if organization != nil && organization.ID != "" {
		ctx.Set("aws:ResourceOrgID", organization.ID)
	}
	f.overridden = supply(ctx, f.call.Context)
	return ctx
}

// supply adds what a call's own context says, and returns the keys that it
// sets although they are derived.
func supply(ctx *iam.Context, keys []scenario.ContextKey) (overridden []string) {
	for _, k := range keys {
		if _, derived := ctx.Lookup(k.Key); derived {
			overridden = append(overridden, k.Key)
		}
		if k.Multi {
			ctx.SetMulti(k.Key, k.Values)
		} else if len(k.Values) > 0 {
			ctx.Set(k.Key, k.Values[0])
		}
	}
	return overridden
}
