package registration

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// CreateRoleResponse is the response of CreateRole.
type CreateRoleResponse struct{ Role Role }

// Role is a role as IAM describes it. Its trust policy is URL-encoded (RFC
// 3986), as IAM's answers have it; SDKs decode it.
type Role struct {
	Path, RoleName, RoleId, Arn, CreateDate string
	AssumeRolePolicyDocument                string
	Description                             string               `json:",omitempty"`
	MaxSessionDuration                      int64                `json:",omitempty"`
	PermissionsBoundary                     *PermissionsBoundary `json:",omitempty"`
	Tags                                    []scenario.Tag       `json:",omitempty"`
}

// PermissionsBoundary is a role's boundary as IAM describes it.
type PermissionsBoundary struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

// CreateRole.
var createRole = &operation{
	resource: func(v *visit) string { return "role" + v.path() + v.params.RoleName },
	tagging:  "iam:TagRole",
	constraints: func(v *visit, broken *sts.Violations) {
		v.optional(broken, "Path", shapePath, v.params.RolePath)
		v.roleName(broken)
		text, given := sts.PolicyText(v.params.AssumeRolePolicyDocument)
		broken.Require(shapeTrust, text, given)
		v.optional(broken, "Description", shapeDescription, v.params.Description)
		v.duration(broken)
		v.optional(broken, "PermissionsBoundary", shapeBoundary, v.params.PermissionsBoundary)
		v.tags(broken)
	},
	rules: []*trace.Rule{ruleUnique, ruleProtected, ruleQuota, ruleDocument, rulePrincipals, ruleShared, ruleSize, ruleBoundary},
	check: func(v *visit) {
		p := v.params
		if before := v.account.RoleNamed(p.RoleName); before != nil {
			v.Fail(ruleUnique, alreadyExists("Role with name "+p.RoleName+" already exists."), "no role of that name", before.ARN, "Role names are unique in an account, whatever their letter case and path.").Placed(v.parameter("RoleName"))
		} else {
			v.Pass(ruleUnique, "no role of that name", "none", "")
		}
		v.checkPrefix()
		v.checkRoom("roles", v.account.RoleCount(), mostRoles, sts.WordingUnknown(fmt.Sprintf("Cannot exceed quota for RolesPerAccount: %d", mostRoles)), false)
		v.checkTrust(v.newRole(), "AssumeRolePolicyDocument")
		v.checkBoundary()
	},
	save: func(v *visit) any {
		v.world.SaveRole(v.account, v.newRole())
		p := v.params
		text, _ := sts.PolicyText(p.AssumeRolePolicyDocument)
		if p.AssumeRolePolicyDocument.Node.Kind == source.String { // it may be encoded already
			text = p.AssumeRolePolicyDocument.Text()
		}
		role := Role{
			Path: v.path(), RoleName: p.RoleName, RoleId: sts.RoleID(v.arn(v.resource(v))), Arn: v.arn(v.resource(v)), CreateDate: v.at.UTC().Format(time.RFC3339),
			AssumeRolePolicyDocument: strings.ReplaceAll(url.QueryEscape(text), "+", "%20"), Description: p.Description, Tags: p.Tags,
		}
		if p.MaxSessionDuration != nil {
			role.MaxSessionDuration = *p.MaxSessionDuration
		}
		if p.PermissionsBoundary != "" {
			role.PermissionsBoundary = &PermissionsBoundary{"Policy", p.PermissionsBoundary}
		}
		return &CreateRoleResponse{role}
	},
}

// UpdateAssumeRolePolicy.
var updateTrust = &operation{
	resource: namedRole,
	constraints: func(v *visit, broken *sts.Violations) {
		v.roleName(broken)
		text, given := sts.PolicyText(v.params.PolicyDocument)
		broken.Require(shapeDocument, text, given)
	},
	rules: []*trace.Rule{ruleExists, ruleProtected, ruleDocument, rulePrincipals, ruleShared, ruleSize},
	check: func(v *visit) {
		if v.checkRole() {
			v.checkTrust(v.withTrust(), "PolicyDocument")
		} else {
			v.Skip("The role doesn't exist.", ruleDocument, rulePrincipals, ruleShared, ruleSize)
		}
	},
	save: func(v *visit) any {
		v.world.SaveRole(v.account, v.withTrust())
		return &Empty{}
	},
}

// UpdateRole.
var updateRole = &operation{
	resource: namedRole,
	constraints: func(v *visit, broken *sts.Violations) {
		v.roleName(broken)
		v.optional(broken, "Description", shapeDescription, v.params.Description)
		v.duration(broken)
	},
	rules: []*trace.Rule{ruleExists, ruleProtected},
	check: func(v *visit) { v.checkRole() },
	save: func(v *visit) any {
		changed := *v.role.Role
		if v.params.MaxSessionDuration != nil {
			changed.MaxSessionDuration = int(*v.params.MaxSessionDuration)
		}
		v.world.SaveRole(v.account, &changed)
		return &Empty{}
	},
}

// PutRolePolicy.
var putRolePolicy = &operation{
	resource: namedRole,
	constraints: func(v *visit, broken *sts.Violations) {
		v.roleName(broken)
		broken.Require(shapePolicyName, v.params.PolicyName, v.sent("PolicyName"))
		text, given := sts.PolicyText(v.params.PolicyDocument)
		broken.Require(shapeDocument, text, given)
	},
	rules: []*trace.Rule{ruleExists, ruleProtected, ruleDocument, ruleSize},
	check: func(v *visit) {
		known := v.checkRole()
		_, findings := sts.ReadPolicy(v.params.PolicyDocument, iam.IdentityPolicy)
		v.checkDocument(findings, iam.IdentityPolicy, nil, "PolicyDocument")
		if !known {
			v.Skip("The role doesn't exist.", ruleSize)
			return
		}
		size := sts.InlineSize(v.withPolicy().Policies)
		expected, found := fmt.Sprintf("at most %d characters of inline policies", sts.RolePolicyQuota), fmt.Sprint(size)
		if size > sts.RolePolicyQuota {
			v.Fail(ruleSize, limitExceeded(fmt.Sprintf("Maximum policy size of %d bytes exceeded for role %s", sts.RolePolicyQuota, v.role.RoleName)), expected, found, "All inline policies of the role count together, without white space; make managed policies of some.")
		} else {
			v.Pass(ruleSize, expected, found, "")
		}
	},
	save: func(v *visit) any {
		v.world.SaveRole(v.account, v.withPolicy())
		return &Empty{}
	},
}

// AttachRolePolicy.
var attachRolePolicy = &operation{
	resource: namedRole,
	constraints: func(v *visit, broken *sts.Violations) {
		v.roleName(broken)
		broken.Require(shapePolicyArn, v.params.PolicyArn, v.sent("PolicyArn"))
	},
	rules: []*trace.Rule{ruleExists, ruleProtected, ruleAttachable, ruleQuota},
	check: func(v *visit) {
		known := v.checkRole()
		v.checkAttachable()
		if !known {
			v.Skip("The role doesn't exist.", ruleQuota)
			return
		}
		count := len(v.role.AttachedPolicies)
		if slices.ContainsFunc(v.role.AttachedPolicies, func(a scenario.AttachedPolicy) bool { return a.PolicyArn == v.params.PolicyArn }) {
			count = 0 // it takes no more room
		}
		v.checkRoom("managed policies", count, mostAttached, fmt.Sprintf("Cannot exceed quota for PoliciesPerRole: %d", mostAttached), true)
	},
	save: func(v *visit) any {
		changed := *v.role.Role
		changed.AttachedPolicies = append(slices.Clone(changed.AttachedPolicies), scenario.AttachedPolicy{PolicyArn: v.params.PolicyArn})
		v.world.SaveRole(v.account, &changed)
		return &Empty{}
	},
}

// checkPrefix: the paths of the roles that services of AWS make are theirs. The
// answer to the first is seen in a real one (tilfin/aws-iam-policy-tool#9).
func (v *visit) checkPrefix() {
	const expected = "a path that is free to use"
	at := slices.IndexFunc(reservedRolePaths, func(path string) bool { return strings.HasPrefix(v.path(), path) })
	if at < 0 {
		v.Pass(ruleProtected, expected, v.path(), "")
		return
	}
	prefix, known := reservedRolePaths[at], at == 0
	message := "Path prefix '" + prefix + "' can only be used for AWS Service linked Roles"
	if !known {
		message = sts.WordingUnknown("Path prefix '" + prefix + "' can't be used")
	}
	v.Fail(ruleProtected, invalidInput(message), expected, v.path(), "Roles with a path that begins with "+prefix+" are made by services of AWS, and by nobody else.").Placed(v.parameter("Path")).Modelled = !known
}

// path is the new role's.
func (v *visit) path() string {
	if v.params.RolePath == "" {
		return "/"
	}
	return v.params.RolePath
}

// namedRole is the resource of a call that names a role; the ARN has its path.
func namedRole(v *visit) string {
	if role := v.account.RoleNamed(v.params.RoleName); role != nil {
		return lastOf(role.ARN)
	}
	return "role/" + v.params.RoleName
}

// checkRole finds the role that the call names, and whether anyone but AWS may
// change it.
func (v *visit) checkRole() bool {
	v.role = v.account.RoleNamed(v.params.RoleName)
	if v.role == nil {
		v.Fail(ruleExists, noSuchEntity("The role with name "+v.params.RoleName+" cannot be found."), "a role of account "+v.account.ID, v.params.RoleName, "The account has no role "+quote(v.params.RoleName)+".").Placed(v.parameter("RoleName"))
		v.Skip("The role doesn't exist.", ruleProtected)
		return false
	}
	v.Pass(ruleExists, "a role of account "+v.account.ID, v.role.ARN, "")
	if slices.ContainsFunc(reservedRolePaths, func(path string) bool { return strings.HasPrefix(v.role.RolePath, path) }) {
		v.Fail(ruleProtected, protected(v.role.RoleName), "a role of the account's own", v.role.ARN, "A service of AWS made the role, and AWS alone changes it.")
	} else {
		v.Pass(ruleProtected, "a role of the account's own", v.role.ARN, "")
	}
	return true
}

// newRole is the role that the call would create.
func (v *visit) newRole() *scenario.Role {
	p := v.params
	role := &scenario.Role{RoleName: p.RoleName, RolePath: v.path(), AssumeRolePolicyDocument: p.AssumeRolePolicyDocument, Tags: p.Tags, Path: p.Path}
	if p.MaxSessionDuration != nil {
		role.MaxSessionDuration = int(*p.MaxSessionDuration)
	}
	if p.PermissionsBoundary != "" {
		role.PermissionsBoundary = scenario.Document{Node: source.Node{Kind: source.String, Text: p.PermissionsBoundary}, Path: p.Path + "/PermissionsBoundary"}
	}
	return role
}

// withTrust is the role with the trust policy that the call gives it.
func (v *visit) withTrust() *scenario.Role {
	changed := *v.role.Role
	changed.AssumeRolePolicyDocument = v.params.PolicyDocument
	return &changed
}

// withPolicy is the role with the inline policy that the call gives it, in
// place of one of the same name.
func (v *visit) withPolicy() *scenario.Role {
	changed := *v.role.Role
	changed.Policies = slices.DeleteFunc(slices.Clone(changed.Policies), func(p scenario.InlinePolicy) bool { return p.PolicyName == v.params.PolicyName })
	changed.Policies = append(changed.Policies, scenario.InlinePolicy{PolicyName: v.params.PolicyName, PolicyDocument: v.params.PolicyDocument})
	return &changed
}

// checkAttachable: a policy that nobody knows of can't be attached. Of AWS's
// own the playground has only some.
func (v *visit) checkAttachable() {
	arn := v.params.PolicyArn
	const expected = "a policy of the account or of AWS"
	has, unknown := v.account.HasPolicy(arn)
	switch {
	case strings.Count(arn, ":") < 5 || !strings.HasPrefix(arn, "arn:"):
		v.Fail(ruleAttachable, errPolicyARN, expected, arn, quote(arn)+" is no ARN, such as arn:aws:iam::aws:policy/ReadOnlyAccess.").Placed(v.parameter("PolicyArn"))
	case has:
		v.Pass(ruleAttachable, expected, arn, "")
	case unknown:
		v.doubts = append(v.doubts, "What "+arn+" allows isn't known here, and counts as nothing.")
		v.Warn(ruleAttachable, expected, arn, "The playground doesn't have this policy of AWS's, so that what it allows counts as nothing; that it exists is taken on trust.").AsModelled()
	default:
		v.Fail(ruleAttachable, noSuchEntity("Policy "+arn+" does not exist or is not attachable."), expected, arn, "Neither the account nor AWS has a policy of that ARN.").Placed(v.parameter("PolicyArn"))
	}
}

func (v *visit) checkBoundary() {
	arn := v.params.PermissionsBoundary
	const expected = "none, or a policy of the account or of AWS"
	has, unknown := false, false
	if arn != "" {
		has, unknown = v.account.HasPolicy(arn)
	}
	switch {
	case arn == "":
		v.Pass(ruleBoundary, expected, "none", "")
	case has:
		v.Pass(ruleBoundary, expected, arn, "")
	case unknown:
		v.doubts = append(v.doubts, "What the boundary "+arn+" allows isn't known here, and counts as nothing.")
		v.Warn(ruleBoundary, expected, arn, "The playground doesn't have this policy of AWS's, so that the boundary allows nothing; that it exists is taken on trust.").AsModelled()
	default:
		v.Fail(ruleBoundary, noSuchEntity(sts.WordingUnknown("Scope ARN: "+arn+" does not exist or is not attachable.")), expected, arn, "Neither the account nor AWS has a policy of that ARN.").AsModelled().Placed(v.parameter("PermissionsBoundary"))
	}
}
