// Package registration plays the operations of IAM that set federation up:
// providers are registered, roles created, policies saved. Each call is asked
// of the caller's policies, held against the constraints of IAM's model, and
// then against what IAM refuses to save. What was saved is part of the world
// for the calls after it.
package registration

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// operation is an operation of IAM. What it checks after the parameters are
// its rules, in order.
type operation struct {
	resource    func(*visit) string // what of the account it is about, as an ARN ends: role/name
	constraints func(*visit, *sts.Violations)
	tagging     string // the action that tagging what is created takes
	rules       []*trace.Rule
	check       func(*visit)
	save        func(*visit) any // its response
}

// operations are those that are played, by their action.
var operations = map[string]*operation{
	"iam:AddClientIDToOpenIDConnectProvider":    addClientID,
	"iam:AttachRolePolicy":                      attachRolePolicy,
	"iam:CreateOpenIDConnectProvider":           createOIDCProvider,
	"iam:CreateRole":                            createRole,
	"iam:CreateSAMLProvider":                    createSAMLProvider,
	"iam:PutRolePolicy":                         putRolePolicy,
	"iam:SetSecurityTokenServicePreferences":    setPreferences,
	"iam:UpdateAssumeRolePolicy":                updateTrust,
	"iam:UpdateOpenIDConnectProviderThumbprint": updateThumbprints,
	"iam:UpdateRole":                            updateRole,
	"iam:UpdateSAMLProvider":                    updateSAMLProvider,
}

// visit is one call, with what its walk has learned so far.
type visit struct {
	trace.Walk
	*operation
	world     *sts.World
	call      *scenario.Call
	params    *scenario.RegistrationParams
	at        time.Time
	account   *sts.Account
	partition string
	doubts    []string // what AWS saves and a reader should know
	advice    []trace.Advice

	role     *sts.Role              // that the call names; nil where there is none
	oidc     *scenario.OIDCProvider // likewise
	provider sts.SAMLProvider       // as it would be saved
}

// Play plays one call of an operation of IAM.
func Play(world *sts.World, call *scenario.Call, at time.Time) sts.Result {
	v := &visit{operation: operations[call.Action], world: world, call: call, params: &call.Registration, at: at}
	v.account, v.partition = world.Signs(call)
	permission := world.Permit(v.asked(), at)
	v.Steps = permission.Steps
	v.Err, v.Failed, v.Assumed = permission.Error, permission.Failed, permission.Assumed
	v.checkTagging(permission)
	v.checkParameters()
	if v.account == nil {
		v.Skip("There is no account to look into.", v.rules...)
	} else {
		v.check(v)
	}
	r := permission.Result
	v.finish(&r)
	return r
}

// finish saves what nothing refused.
func (v *visit) finish(r *sts.Result) {
	name := strings.TrimPrefix(v.call.Action, "iam:")
	if v.Err != nil {
		v.Skip("A check before this one failed.", ruleSaved)
		if r.Error == nil {
			r.Verdict, r.Advice = "IAM refuses "+name+": "+trace.WhyFailed(v.Steps), v.advice
		}
	} else {
		r.Response = v.save(v)
		r.Verdict = "IAM accepts " + name + "; the calls after this one find it so."
		if len(v.doubts) > 0 {
			v.Warn(ruleSaved, "saved", r.Resource, strings.Join(v.doubts, " "))
			r.Verdict += " " + v.doubts[0]
		} else {
			v.Pass(ruleSaved, "saved", r.Resource, "The calls after this one find it so.")
		}
	}
	r.Error, r.Failed, r.Steps, r.Assumed = v.Err, v.Failed, v.Steps, v.Assumed
}

// asked is the call as the policies are asked about it: of the resource that
// it is about, with the keys that IAM puts into such a request's context.
func (v *visit) asked() *scenario.Call {
	asked := *v.call
	asked.Region = ""
	asked.Resource = "*"
	if v.account != nil && v.resource != nil {
		asked.Resource = v.arn(v.resource(v))
	}
	asked.Context = nil
	derive := func(key string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			asked.Context = append(asked.Context, scenario.ContextKey{Key: key, Values: values, Multi: key == "aws:TagKeys"})
		}
	}
	derive("iam:PermissionsBoundary", v.boundary())
	derive("iam:PolicyARN", v.params.PolicyArn)
	var keys []string
	for _, tag := range v.params.Tags {
		derive("aws:RequestTag/"+tag.Key, tag.Value)
		keys = append(keys, tag.Key)
	}
	derive("aws:TagKeys", keys...)
	asked.Context = append(asked.Context, v.call.Context...)
	return &asked
}

// boundary is that of the role which the call creates or gives permissions to.
func (v *visit) boundary() string {
	if v.operation != putRolePolicy && v.operation != attachRolePolicy || v.account == nil {
		return v.params.PermissionsBoundary
	}
	if role := v.account.RoleNamed(v.params.RoleName); role != nil {
		return role.BoundaryARN()
	}
	return ""
}

// arn is an ARN of the account.
func (v *visit) arn(resource string) string {
	return "arn:" + v.partition + ":iam::" + v.account.ID + ":" + resource
}

// sent says whether the call has the parameter.
func (v *visit) sent(name string) bool { return slices.Contains(v.call.Params.Sent, name) }

// parameter is where a parameter stands.
func (v *visit) parameter(name string) *trace.At { return &trace.At{Path: v.params.Path + "/" + name} }

// checkParameters holds the request against the constraints of IAM's model.
// AWS lists all that are broken in one message.
func (v *visit) checkParameters() {
	var broken sts.Violations
	v.constraints(v, &broken)
	err, found, short := broken.Error()
	if err != nil {
		v.Fail(ruleParameters, err, "parameters within the API's constraints", found, short+".")
		return
	}
	v.Pass(ruleParameters, "parameters within the API's constraints", "all constraints kept", "")
}

// checkTagging: whoever creates with tags needs the permission to tag as well
// (IAM guide, "Tags for AWS Identity and Access Management resources").
func (v *visit) checkTagging(p *sts.Permission) {
	tags := v.params.Tags
	if v.tagging == "" {
		return
	}
	switch {
	case len(tags) == 0:
		v.Pass(ruleTagPermission, v.tagging+", where tags are passed", "none passed", "")
	case v.account == nil:
		v.Skip("There is nobody to ask for.", ruleTagPermission)
	default:
		if err := p.Also(v.tagging); err != nil {
			v.Fail(ruleTagPermission, err, v.tagging+" allowed", "not allowed", "What is created with tags takes the permission "+v.tagging+" besides.")
		} else {
			v.Pass(ruleTagPermission, v.tagging+" allowed", "allowed", "")
		}
	}
	if n := len(tags); n > mostTags {
		v.Fail(ruleTags, validationError(sts.WordingUnknown("There are more tags than 50")), fmt.Sprintf("at most %d tags", mostTags), fmt.Sprint(n), "IAM takes at most 50 tags.").AsModelled().Placed(v.parameter("Tags"))
		return
	}
	seen := map[string]bool{}
	for _, tag := range tags {
		key := strings.ToLower(tag.Key)
		if seen[key] {
			v.Fail(ruleTags, invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive."), "each key once", tag.Key, "The tag key "+quote(tag.Key)+" is there twice, whatever its letter case.").Placed(v.parameter("Tags"))
			return
		}
		seen[key] = true
	}
	v.Pass(ruleTags, "each key once", "each is", "")
}

func quote(s string) string {
	const longest = 200
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return `"` + s + `"`
}
