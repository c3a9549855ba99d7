package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// adviseSAML is the way out where the response itself is refused.
func (f *facts) adviseSAML(w *walk) []trace.Advice {
	switch w.Failed {
	case "saml/provider":
		return f.adviseProviderName()
	case "saml/response":
		if r, _ := w.refusal.(*saml.Refusal); r != nil && r.Reason == saml.WrongShape {
			return []trace.Advice{{Title: "Find out where this response came from", Why: "Identity providers send one assertion in its place. Another arrangement comes from a tool on the way, or from somebody who wraps a signed assertion around a forged one.", Fix: noFix}}
		}
		return []trace.Advice{{Title: "Send the response as the identity provider posts it", Why: "Copy the value of the form field SAMLResponse whole, from the browser's network tools or a SAML tracer, with nothing around or within it.", Fix: noFix}}
	case "saml/status":
		return []trace.Advice{{Title: "Look into the identity provider's log", Why: "The identity provider refused the sign-in before AWS was asked: an application that isn't assigned, a second factor that failed, a policy of its own.", Fix: noFix}}
	case "saml/encryption":
		return f.adviseEncryption()
	case "saml/metadata", "saml/issuer":
		return []trace.Advice{{Title: "Register the metadata of the application that issues the response", Why: "Download the metadata again from the identity provider's application for AWS, and update the SAML provider with it: its entityID is the response's Issuer, its certificates have the keys that sign.", Fix: noFix}}
	case "saml/signature":
		return f.adviseSAMLSignature(w)
	case "saml/name-id":
		return []trace.Advice{{Title: "Map a NameID in the identity provider", Why: "AWS takes no response without a Subject and a NameID; persistent is the usual format.", Fix: noFix}}
	case "saml/confirmation":
		return f.adviseMinted("times", trace.Advice{Title: "Have the identity provider send one bearer confirmation", Why: "AWS wants exactly one SubjectConfirmation, of the method bearer, whose data has Recipient and NotOnOrAfter.", Fix: noFix})
	case "saml/recipient":
		return f.adviseRecipient()
	case "saml/audience":
		return f.adviseMinted("audience", trace.Advice{Title: "Set the audience to " + audiences[f.arn.partition()][0], Why: "The identity provider calls it Audience, Audience URI, SP Entity ID or Identifier.", Fix: noFix})
	case "saml/expiry":
		advice := f.adviseMinted("times", trace.Advice{Title: "Sign in anew and call at once", Why: "A response is good for five minutes after it was issued. If a fresh one fails as well, compare the clocks.", Fix: noFix})
		if f.call.Params.SAMLAssertion.Text == "" {
			if f.asDescribed() != nil && f.call.Delay > 0 {
				advice[0].Fix = append(slices.Clip(advice[0].Fix), trace.Patch{Op: "remove", Path: f.call.Path + "/delay"})
				advice[0].Widens = "Nothing: the response is presented as soon as it is minted."
			}
			return advice
		}
		fresh := f.saml.assertion.IssueInstant.Time
		if begin := f.saml.assertion.Conditions.NotBefore.Time; begin.After(fresh) {
			fresh = begin
		}
		return append(advice, f.adviseMoment(fresh)...)
	case "saml/role":
		return f.advisePair()
	case "saml/role-session-name":
		return []trace.Advice{{Title: "Have the identity provider send RoleSessionName", Why: "Map " + attributeSessionName + " to what names the person, such as the email address: 2 to 64 characters of [a-zA-Z_0-9+=,.@-].", Fix: noFix}}
	case "saml/session-duration":
		return []trace.Advice{{Title: "Have the identity provider send a SessionDuration of 900 to 43200", Why: "It is a number of seconds, without a unit; or leave the attribute out.", Fix: noFix}}
	}
	return nil
}

// endpoint is the sign-in that an assertion for the role is sent to.
func (f *facts) endpoint() string {
	endpoint := signInEndpoints[f.arn.partition()][0] + "/saml"
	switch id := f.saml.providerUUID(); {
	case !f.encryptionRequired():
		return endpoint
	case id == "":
		return endpoint + "/acs/IDP-ID"
	default:
		return endpoint + "/acs/" + id
	}
}

// asDescribed is the description of the call's response where the playground mints
// it as described, nil where it doesn't or stages an attack.
func (f *facts) asDescribed() *scenario.Mint {
	if m := f.call.Params.SAMLAssertion.Mint; m != nil && (m.Attack == "" || m.Attack == "none") {
		return m
	}
	return nil
}

// adviseRecipient gives a response that the playground mints the recipient
// that AWS wants: by default it has the general endpoint.
func (f *facts) adviseRecipient() []trace.Advice {
	advice := trace.Advice{Title: "Set the recipient to " + f.endpoint(), Why: "The identity provider calls it ACS URL, Reply URL, Single sign-on URL or Recipient.", Fix: noFix}
	m := f.asDescribed()
	if m == nil || !f.encryptionRequired() {
		return f.adviseMinted("recipient", advice)
	}
	advice.Fix = []trace.Patch{{Op: "add", Path: m.Path + "/recipient", Value: f.endpoint()}}
	advice.Widens = "Nothing: the response is minted as AWS wants it."
	return []trace.Advice{advice}
}

// adviseMinted adds, for a response that the playground mints, to leave a
// member of its description at the default.
func (f *facts) adviseMinted(member string, advice trace.Advice) []trace.Advice {
	m := f.asDescribed()
	if m == nil {
		return []trace.Advice{advice}
	}
	given := map[string]bool{"recipient": m.Recipient != "", "audience": m.Audience != "", "times": m.Times.Given()}
	if given[member] {
		advice.Fix = []trace.Patch{{Op: "remove", Path: m.Path + "/" + member}}
		advice.Widens = "Nothing: the response is minted as AWS wants it."
	}
	return []trace.Advice{advice}
}

func (f *facts) adviseProviderName() []trace.Advice {
	arn, ok := parseProviderARN(f.call.Params.PrincipalArn)
	if !ok || f.account == nil {
		return []trace.Advice{{Title: "Name the SAML provider of the role's account", Why: "PrincipalArn has the form arn:aws:iam::ACCOUNT:saml-provider/NAME.", Fix: noFix}}
	}
	var advice []trace.Advice
	for i := range f.account.saml {
		name := f.account.saml[i].Name
		if len(f.account.saml) > 1 && !strings.EqualFold(name, arn.Name) {
			continue
		}
		value := "arn:" + f.arn.partition() + ":iam::" + f.account.ID + ":saml-provider/" + name
		advice = append(advice, trace.Advice{
			Title: "Ask with " + value, Why: "PrincipalArn is compared exactly with the providers that are registered in the role's account.",
			Fix:    []trace.Patch{{Op: "add", Path: f.call.Path + "/params/PrincipalArn", Value: value}},
			Widens: "Nothing: the request names another provider.",
		})
	}
	return advice
}

func (f *facts) adviseEncryption() []trace.Advice {
	p := f.saml.provider
	if f.saml.response == nil || f.saml.response.Encrypted || p == nil {
		return []trace.Advice{{Title: "Give the provider the private key that opens the assertion", Why: "The identity provider encrypts for the certificate that it was given; the private key that belongs to it goes into the SAML provider, and here into privateKeys.", Fix: noFix}}
	}
	encrypt := trace.Advice{Title: "Have the identity provider encrypt the assertion", Why: "It needs the certificate that belongs to the SAML provider's private key.", Fix: noFix}
	if m := f.asDescribed(); m != nil && len(p.Private) > 0 {
		encrypt.Fix = []trace.Patch{{Op: "add", Path: m.Path + "/encrypt", Value: "aes256-gcm"}}
		encrypt.Widens = "Nothing: the response is minted as the provider wants it."
	}
	return []trace.Advice{encrypt, {
		Title: "Set AssertionEncryptionMode to Allowed", Why: "Then assertions in the clear are taken besides encrypted ones.",
		Fix:    []trace.Patch{{Op: "replace", Path: p.Path + "/AssertionEncryptionMode", Value: "Allowed"}},
		Widens: "Responses whose assertion everybody on the way can read, the person's browser above all.",
	}}
}

func (f *facts) adviseSAMLSignature(w *walk) []trace.Advice {
	r, _ := w.refusal.(*saml.Refusal)
	switch {
	case r == nil:
		return nil
	case r.Reason == saml.Unsigned:
		return []trace.Advice{{Title: "Have the identity provider sign the assertion", Why: "An unsigned response vouches for nobody: anyone could have written it.", Fix: noFix}}
	case r.Reason == saml.Algorithm:
		return []trace.Advice{{Title: "Have the identity provider sign with RSA-SHA256, as SAML has it", Why: r.Why, Fix: noFix}}
	case r.Reason == saml.Profile:
		return []trace.Advice{{Title: "Send the response with its signature as the identity provider made it", Why: "The signature hasn't the form that SAML gives it: a program on the way rewrote it, or somebody did on purpose.", Fix: noFix}}
	case r.Reason == saml.Limit:
		return []trace.Advice{{Title: "Send a smaller response", Why: "This is a limit of the playground, and says nothing about what AWS would answer.", Fix: noFix}}
	}
	if slices.ContainsFunc(f.saml.response.Signatures(), func(s saml.Signature) bool { return s.Anatomy.InfoGood && !s.Anatomy.DigestGood }) {
		return []trace.Advice{{Title: "Send the response as it was signed", Why: "A key of the metadata made the signature, so the metadata is right. What is signed was changed afterwards: by an editor, by a formatter, or by somebody who would like to be somebody else.", Fix: noFix}}
	}
	return []trace.Advice{{Title: "Update the SAML provider with the identity provider's current metadata", Why: "After a certificate was replaced, the metadata in IAM still has the old key. If it is the current one, the response was changed on its way.", Fix: noFix}}
}

// advisePair asks for a role that the response offers with this provider, or
// for the role with the provider that it is offered with.
func (f *facts) advisePair() []trace.Advice {
	advice := []trace.Advice{{Title: "Have the identity provider list the role", Why: "The attribute " + attributeRole + " has one value for each role: the role's ARN, a comma, the provider's ARN, and nothing else.", Fix: noFix}}
	p := &f.call.Params
	for _, one := range f.offered() {
		arn, _ := parseRoleARN(one.role)
		if found, _ := f.account.role(one.role, arn); found == nil || len(advice) > 3 {
			continue
		}
		parameter, value := "RoleArn", one.role
		if provider, _ := parseProviderARN(one.provider); one.role == p.RoleArn && f.account.hasProvider(provider) {
			parameter, value = "PrincipalArn", one.provider
		} else if one.provider != p.PrincipalArn {
			continue
		}
		advice = append(advice, trace.Advice{
			Title: "Ask with the " + parameter + " " + value, Why: "The response offers " + one.role + " with " + one.provider + ".",
			Fix:    []trace.Patch{{Op: "add", Path: f.call.Path + "/params/" + parameter, Value: value}},
			Widens: "Nothing: the request names another pair.",
		})
	}
	if offered := f.offered(); len(advice) == 1 && len(offered) > 0 && f.call.Params.SAMLAssertion.Mint == nil {
		advice = append(advice, f.adviseNames(offered[0])...)
	}
	return advice
}

// adviseNames gives role and provider of the scenario the names that a pasted
// response has for them: whoever debugs has the response first, and the world
// second.
func (f *facts) adviseNames(one pair) []trace.Advice {
	role, _ := parseRoleARN(one.role)
	provider, _ := parseProviderARN(one.provider)
	mine, _ := f.account.role(f.call.Params.RoleArn, f.arn)
	if mine == nil || f.saml.provider == nil || role.Account != f.account.ID || provider.Account != f.account.ID || role.Path != rolePath(mine.Role) {
		return nil
	}
	params := f.call.Path + "/params/"
	fix := []trace.Patch{
		{Op: "add", Path: params + "RoleArn", Value: one.role},
		{Op: "replace", Path: mine.Role.Path + "/RoleName", Value: role.Name},
	}
	if provider.Name != f.saml.providerName {
		fix = append(fix, trace.Patch{Op: "add", Path: params + "PrincipalArn", Value: one.provider}, trace.Patch{Op: "replace", Path: f.saml.provider.Path + "/Name", Value: provider.Name})
		fix = append(fix, renamePrincipal(mine, f.call.Params.PrincipalArn, one.provider)...)
	}
	return []trace.Advice{{
		Title: "Name role and provider as the response does: " + role.Name + ", " + provider.Name, Why: "The response offers " + one.role + " with " + one.provider + ".",
		Fix:    fix,
		Widens: "Nothing: the same role and provider under other names. Other calls go on asking for the old ones.",
	}}
}

// renamePrincipal puts a provider's new ARN where the trust policy has the old
// one as the only principal of a statement.
func renamePrincipal(role *Role, old, arn string) []trace.Patch {
	d := role.AssumeRolePolicyDocument
	var edits []trace.Patch
	for i := range role.Trust.Statements {
		p := &role.Trust.Statements[i].Principal
		if len(p.Values) == 1 && p.Values[0].Type == "Federated" && p.Values[0].Text == old {
			edits = append(edits, trace.Patch{Op: "replace", Path: strings.TrimPrefix(p.At.Path, d.Path), Value: map[string]string{"Federated": arn}})
		}
	}
	if len(edits) == 0 {
		return nil
	}
	return patchPolicy(d, edits)
}

// missingSAMLKey explains a condition on a saml: key that the request doesn't
// have.
func (f *facts) missingSAMLKey(c *iam.ConditionDecision, name string) miss {
	for _, own := range samlOwnKeys {
		if strings.EqualFold(own.key, name) {
			return miss{why: fmt.Sprintf("The policy asks for %s, and the response has nothing that fills it.", c.Key)}
		}
	}
	for _, k := range samlKeys {
		if !strings.EqualFold(k.key, name) {
			continue
		}
		why := fmt.Sprintf("The policy asks for %s, and the response has no attribute that AWS makes it of", c.Key)
		if len(k.names) > 0 {
			why += ": " + strings.Join(k.names, " or ")
		}
		if a := f.attributeLike(name); a != "" {
			why += fmt.Sprintf("; it has %s, which AWS doesn't read", quote(a))
		}
		return miss{why: why + "."}
	}
	return miss{
		why: fmt.Sprintf("%s is no condition key: AWS turns a fixed list of SAML attributes into keys and ignores the others, so the condition never holds. What works: an attribute of that list, such as saml:sub or saml:edupersonaffiliation, or a session tag (aws:RequestTag) from %sKEY.",
			c.Key, attributeTag),
		title: "Check an attribute that AWS exposes",
	}
}

// attributeLike is an attribute of the response named like the key, "" for none.
func (f *facts) attributeLike(key string) string {
	for _, a := range f.saml.assertion.Attributes {
		if strings.EqualFold(a.Name, key) || strings.EqualFold(a.FriendlyName, key) {
			return a.Name
		}
	}
	return ""
}
