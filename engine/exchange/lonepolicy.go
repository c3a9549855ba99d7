package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// isTrust says whether a policy by itself is a trust policy: its actions
// assume roles, and it says who may.
func isTrust(n *source.Node) bool {
	for _, statement := range items(n.Get("Statement")) {
		if first(statement, "Principal", "NotPrincipal") == nil {
			continue
		}
		if given(statement.Get("Principal").Get("Federated")) != nil {
			return true
		}
		for _, action := range items(statement.Get("Action")) {
			if assumes(word(action)) && statement.Get("Resource") == nil {
				return true
			}
		}
	}
	return false
}

// assumes says whether an action is one that trust policies speak of.
func assumes(action string) bool {
	action = strings.ToLower(action)
	return strings.HasPrefix(action, "sts:assumerole") || action == "sts:tagsession" || action == "sts:setsourceidentity" || action == "sts:*"
}

// What a policy by itself can be taken for. The words are those of
// View.As.
const (
	asTrust      = "trust"
	asIdentity   = "permissions"
	asBoundary   = "boundary"
	asSession    = "session"
	asManaged    = "managed"
	asSCP        = "scp"
	asRCP        = "rcp"
	asResourceOf = "resource"
	asEndpoint   = "endpoint"
)

var policyLabels = map[string]string{
	asTrust: "Take it as the role’s trust policy", asIdentity: "Take it as the role’s permissions", asBoundary: "Take it as the role’s permissions boundary",
	asSession: "Take it as the call’s session policy", asManaged: "Take it as a managed policy of the role", asSCP: "Take it as a service control policy",
	asRCP: "Take it as a resource control policy", asResourceOf: "Take it as the policy of the resource",
	asEndpoint: "Take it as the policy of a VPC endpoint",
}

// takePolicy puts a policy by itself where its statements say that it belongs.
// What they leave open is offered as a choice.
func (in *intake) takePolicy(p *piece) string {
	usual, others := sortOf(p)
	way := in.offered(usual, append(others, usual)...)
	for _, other := range append([]string{usual}, others...) {
		if other != way {
			in.others = append(in.others, Other{other, policyLabels[other]})
		}
	}
	doc := p.node
	if repeats := doc.Repeated(); repeats != nil {
		doc = str(p.text) // as it is written, for whoever judges it
	}
	account, role := roleOf(word(in.param("RoleArn")))
	if in.role != "" {
		account, role = in.viewAccount(), in.role
	}
	if account == "" {
		account, role = in.home, "my-role"
	}
	switch way {
	case asTrust:
		in.belongs("trust", true)
		return in.takeTrust(doc, account, role)
	case asResourceOf:
		return in.takeResourcePolicy(p.node, doc)
	case asEndpoint:
		return in.takeEndpointPolicy(p.node, doc)
	case asSCP, asRCP:
		kind, place := "service control policy", scps
		if way == asRCP {
			kind, place = "resource control policy", rcps
		}
		in.what = "a " + kind
		in.control(place, kind, standsAt{account: account}, doc)
		in.entries = in.entries[:len(in.entries)-1]
		in.note("it is put onto account ", account)
		in.look("role")
		return ""
	case asSession:
		in.what = "a session policy"
		in.write(str(p.text), "calls", itoa(min(in.call, max(0, len(in.list("calls"))-1))), "params", "Policy")
		in.look("result")
		return ""
	}
	at := in.roleAt(account, role)
	in.belongs("policy", true)
	in.look("role")
	switch way {
	case asBoundary:
		in.what = "a permissions boundary"
		in.write(str(p.text), "accounts", account, "Roles", itoa(at), "PermissionsBoundary")
		in.note("it is the boundary of role ", source.Clip(role))
	case asManaged:
		in.what = "a managed policy"
		arn := "arn:aws:iam::" + account + ":policy/pasted"
		in.write(object("PolicyName", str("pasted"), "PolicyDocument", doc), "accounts", account, "Policies", "-")
		in.write(object("PolicyArn", str(arn)), "accounts", account, "Roles", itoa(at), "AttachedPolicies", "-")
		in.note("it is attached to role ", source.Clip(role), " as ", arn)
	default:
		in.what = "an identity-based policy"
		policies := items(in.root.Get("accounts").Get(account).Get("Roles"))[at].Get("Policies")
		for _, each := range items(policies) {
			if same(each.Get("PolicyDocument"), p.node) {
				in.note("role ", source.Clip(role), " has it already, as ", source.Clip(said(each, "PolicyName")))
				return ""
			}
		}
		name := "pasted"
		for n := 2; find(policies, "PolicyName", name) >= 0; n++ {
			name = "pasted-" + itoa(n)
		}
		in.write(object("PolicyName", str(name), "PolicyDocument", doc), "accounts", account, "Roles", itoa(at), "Policies", "-")
		in.note("it is among the permissions of role ", source.Clip(role), " as ", name)
	}
	return ""
}

// viewAccount is the account of the role in view.
func (in *intake) viewAccount() string { return strings.Split(in.view.Role, "/")[2] }

// roleAt is the number of a role, which is put in where it isn't there.
func (in *intake) roleAt(account, role string) int {
	at := find(in.root.Get("accounts").Get(account).Get("Roles"), "RoleName", role)
	if at < 0 {
		in.account(account)
		in.write(object("RoleName", str(role)), "accounts", account, "Roles", "-")
		at = len(in.entriesOf(account, "Roles")) - 1
	}
	return at
}

// sortOf is what a policy is most likely, and what else it can be.
func sortOf(p *piece) (usual string, others []string) {
	if p.kind == aTrustPolicy {
		return asTrust, []string{asResourceOf, asEndpoint}
	}
	principal, allDeny, guards, everything := false, true, false, false
	for _, s := range items(p.node.Get("Statement")) {
		principal = principal || first(s, "Principal", "NotPrincipal") != nil
		if said(s, "Effect") != "Deny" {
			allDeny = false
		}
		everything = everything || said(s, "Effect") == "Allow" && word(s.Get("Action")) == "*" && word(s.Get("Resource")) == "*" && s.Get("Condition") == nil
		condition := object("", s.Get("Condition")).JSON("")
		for _, key := range []string{"aws:RequestedRegion", "aws:PrincipalOrgID", "aws:SourceOrgID", "aws:PrincipalArn", "aws:ResourceOrgID", "aws:PrincipalIsAWSService"} {
			guards = guards || strings.Contains(condition, `"`+key+`"`)
		}
		guards = guards || given(s.Get("NotAction")) != nil
	}
	switch nowhere := resourceOf(p.node) == "" && !ofKey(p.node); {
	case principal && allDeny && nowhere:
		return asRCP, []string{asEndpoint}
	case principal && nowhere:
		return asEndpoint, []string{asTrust, asRCP}
	case principal && allDeny:
		return asResourceOf, []string{asRCP, asEndpoint}
	case principal:
		return asResourceOf, []string{asTrust, asRCP, asEndpoint}
	case allDeny && guards:
		return asSCP, []string{asIdentity, asBoundary, asSession}
	case everything:
		return asIdentity, []string{asSCP, asBoundary, asSession, asManaged}
	}
	return asIdentity, []string{asBoundary, asSession, asManaged, asSCP}
}

// takeTrust gives a role its trust policy. One that names a provider of
// another account is of a role of that account: a federated principal is of
// the role's own (IAM guide, reference_policies_elements_principal).
func (in *intake) takeTrust(doc *source.Node, account, role string) string {
	in.what = "a trust policy"
	if federated := federatedAccount(doc.JSON("")); federated != "" && federated != account {
		in.note("its provider is of account ", federated, ", and so is the role")
		in.copyProviders(account, federated)
		account = federated
		in.account(account)
	}
	at := in.roleAt(account, role)
	existing := in.entriesOf(account, "Roles")[at]
	if old := given(existing.Get("AssumeRolePolicyDocument")); old != nil && !same(old, doc) {
		in.note("it takes the place of the trust policy that role ", source.Clip(role), " had")
	} else if old == nil {
		in.note("it is the trust policy of role ", source.Clip(role), " of account ", account)
	}
	in.write(doc, "accounts", account, "Roles", itoa(at), "AssumeRolePolicyDocument")
	arn := arnOf(partOf("Roles", ""), account, in.entriesOf(account, "Roles")[at])
	calls := in.list("calls")
	if was := word(in.param("RoleArn")); len(calls) > 0 && was != "" && was != arn {
		in.write(str(arn), "calls", itoa(in.call), "params", "RoleArn")
		in.note("the call asks for ", arn, ", no longer for ", source.Clip(was))
	}
	in.asks = true
	in.look("result")
	return ""
}

// copyProviders gives an account the OIDC providers of another that it is
// without.
func (in *intake) copyProviders(from, to string) {
	for _, provider := range in.entriesOf(from, "OpenIDConnectProviders") {
		url := said(provider, "Url")
		if url == "" || find(in.root.Get("accounts").Get(to).Get("OpenIDConnectProviders"), "Url", url) >= 0 {
			continue
		}
		in.account(to)
		in.write(provider, "accounts", to, "OpenIDConnectProviders", "-")
		in.note("the provider for ", source.Clip(url), " is put into account ", to, " too")
	}
}

// takeResourcePolicy gives a resource its policy.
func (in *intake) takeResourcePolicy(n, doc *source.Node) string {
	arn := resourceOf(n)
	in.what = "a resource-based policy"
	k := partOf("Resources", "")
	if arn == "" {
		if !ofKey(n) {
			return "this policy doesn't say of which resource it is; put it into the editor of the policy that it is"
		}
		arn = "arn:aws:kms:us-east-1:" + in.home + ":key/pasted"
		in.what = "a key policy"
		in.note("it doesn't say of which key it is; ", arn, " stands for it")
	}
	account := arnAccount(arn)
	if account == "" {
		account = in.home
	}
	in.add(k, account, object("Arn", str(arn), "Policy", doc), "")
	in.look("role")
	return ""
}

// ofKey says whether a policy is that of a KMS key, which names itself "*".
func ofKey(n *source.Node) bool { return strings.Contains(n.JSON(""), `"kms:`) }

// takeEndpointPolicy gives a VPC endpoint its policy. The calls that it speaks
// of go through that endpoint then, but for those that go through another.
func (in *intake) takeEndpointPolicy(n, doc *source.Node) string {
	in.what = "the policy of a VPC endpoint"
	account, id := in.likelyEndpoint()
	told := len(in.entries)
	in.add(partOf("VpcEndpoints", ""), account, object("VpcEndpointId", str(id), "PolicyDocument", doc), "")
	in.entries = in.entries[:told] // the note says more
	in.note("it is the policy of endpoint ", source.Clip(id), " of account ", account)
	through := 0
	for i, call := range in.list("calls") {
		service, _, _ := strings.Cut(said(call, "action"), ":")
		was := endpointOf(call)
		if was == "" && speaksOf(n, service) {
			in.write(str(id), "calls", itoa(i), "context", "aws:SourceVpce")
		}
		if was == id || was == "" && speaksOf(n, service) {
			through++
		}
	}
	if through == 0 {
		in.note("no call goes through it yet; one does that has aws:SourceVpce ", source.Clip(id), " in its context")
	} else {
		in.note("what goes through it has aws:SourceVpce ", source.Clip(id), " in its context: ", plural(through, "call"))
	}
	in.note("a policy of a resource that doesn't name it, such as that of a secret, belongs with the resource instead")
	in.look("result")
	return ""
}

// likelyEndpoint is the VPC endpoint that calls go through, the one in view
// before the others, else the account's only one, else one that isn't there yet.
func (in *intake) likelyEndpoint() (account, id string) {
	calls := in.list("calls")
	if 0 <= in.call && in.call < len(calls) {
		id = endpointOf(calls[in.call])
	}
	for _, call := range calls {
		if id == "" {
			id = endpointOf(call)
		}
	}
	endpoints := in.entriesOf(in.home, "VpcEndpoints")
	if id == "" && len(endpoints) == 1 {
		id = said(endpoints[0], "VpcEndpointId")
	}
	if id != "" {
		for _, m := range members(in.root.Get("accounts")) {
			if find(m.Value.Get("VpcEndpoints"), "VpcEndpointId", id) >= 0 {
				return m.Name, id
			}
		}
		return in.home, id
	}
	for n := 0; id == "" || find(in.root.Get("accounts").Get(in.home).Get("VpcEndpoints"), "VpcEndpointId", id) >= 0; n++ {
		id = "vpce-0123456789abcdef" + itoa(n)
	}
	return in.home, id
}

// endpointOf is the VPC endpoint that a call goes through; "" for none.
func endpointOf(call *source.Node) string {
	for _, m := range members(call.Get("context")) {
		if strings.EqualFold(m.Name, "aws:SourceVpce") {
			return word(&m.Value)
		}
	}
	return ""
}

// speaksOf says whether a policy has a statement about a service's actions.
func speaksOf(n *source.Node, service string) bool {
	for _, statement := range items(n.Get("Statement")) {
		if given(statement.Get("NotAction")) != nil {
			return true
		}
		for _, action := range items(statement.Get("Action")) {
			if prefix, _, _ := strings.Cut(word(action), ":"); prefix == "*" || strings.EqualFold(prefix, service) {
				return true
			}
		}
	}
	return false
}
