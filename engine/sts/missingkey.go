package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

// missingKey explains a condition whose key the request doesn't have.
func (f *facts) missingKey(c *iam.ConditionDecision) miss {
	if f.operation == assumeRole {
		return missingFromCaller(c)
	}
	prefix, claim, _ := cutKey(c.Key, f.provider.name)
	switch {
	case prefix == "":
		return f.missingContext(c)
	case !strings.EqualFold(prefix, f.provider.name):
		return f.otherPrefix(c, prefix, claim)
	case f.operation == assumeRoleWithSAML:
		return f.missingSAMLKey(c, claim)
	}
	if strings.EqualFold(claim, "aud") && len(f.claims.Audience) > 1 {
		return miss{why: fmt.Sprintf("The policy asks for %s, and the token has %d audiences and no azp to say which one that is.", c.Key, len(f.claims.Audience))}
	}
	if f.exposes(claim) {
		return miss{why: fmt.Sprintf("The policy asks for %s, and the token has no %s claim.", c.Key, claim)}
	}
	exposed := keysOf(f.provider.name)
	list := make([]string, len(exposed))
	for i, k := range exposed {
		list[i] = k.key
	}
	slices.Sort(list)
	return miss{
		why: fmt.Sprintf("%s is no condition key: of this provider's claims AWS turns only %s into keys and ignores the others, so the condition never holds. What works: a subject that contains the value, amr, or session tags (aws:RequestTag) from the claim %s.",
			c.Key, strings.Join(list, ", "), claimTags),
		title: "Check a claim that AWS exposes",
	}
}

// exposes says whether AWS turns the claim of the provider at hand into a
// condition key.
func (f *facts) exposes(claim string) bool {
	return slices.ContainsFunc(keysOf(f.provider.name), func(k claimKey) bool { return strings.EqualFold(k.key, claim) })
}

// cutKey parts a condition key into provider and claim. Providers and claims
// may hold colons, so the provider at hand is tried first; prefix is "" for
// keys of AWS services.
func cutKey(key, provider string) (prefix, claim string, ok bool) {
	if len(key) > len(provider) && strings.EqualFold(key[:len(provider)], provider) && key[len(provider)] == ':' {
		return key[:len(provider)], key[len(provider)+1:], true
	}
	colon := strings.LastIndexByte(key, ':')
	if colon < 0 {
		return "", key, false
	}
	prefix, claim = key[:colon], key[colon+1:]
	if !strings.Contains(prefix, ".") {
		return "", claim, false
	}
	return prefix, claim, true
}

func (f *facts) otherPrefix(c *iam.ConditionDecision, prefix, claim string) miss {
	bare := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(prefix, "https://"), "http://"), "/.well-known/openid-configuration"), "/")
	key := f.provider.name + ":" + claim
	m := miss{why: fmt.Sprintf("The key %s belongs to another provider; the keys of this %s's provider begin with its own name, as in %s.", c.Key, f.operation.proof, key)}
	if f.exposes(claim) {
		m.title = "Begin the keys with " + f.provider.name
		m.edits = f.renamePrefix(prefix)
		m.widens = "Nothing else: the conditions begin to check what they were meant to."
	}
	if strings.EqualFold(bare, strings.TrimSuffix(f.provider.name, "/")) || strings.HasPrefix(f.provider.name, bare+"/") {
		m.why = fmt.Sprintf("The key %s doesn't begin as the provider's keys do: it is the issuer's URL, exactly, without https://, and a colon, as in %s.", c.Key, key)
	}
	return m
}

// renamePrefix writes the keys of the nearest statement that begin with a
// wrong prefix, or with none, as the provider at hand has them, all at once.
func (f *facts) renamePrefix(wrong string) (edits []trace.Patch) {
	if f.nearest == nil {
		return nil
	}
	for i := range f.nearest.Conditions {
		c := &f.nearest.Conditions[i]
		prefix, claim, _ := cutKey(c.Key, f.provider.name)
		if strings.EqualFold(prefix, wrong) && f.exposes(claim) && (wrong != "" || claim == c.Key) {
			edits = append(edits, f.renameKey(c, f.provider.name+":"+claim)...)
		}
	}
	return edits
}

func (f *facts) missingContext(c *iam.ConditionDecision) miss {
	lower := strings.ToLower(c.Key)
	switch {
	case !strings.Contains(c.Key, ":") && f.exposes(c.Key):
		return miss{
			why:    fmt.Sprintf("The key %s lacks the provider in front; it is %s:%s.", c.Key, f.provider.name, c.Key),
			title:  "Begin the keys with " + f.provider.name,
			edits:  f.renamePrefix(""),
			widens: "Nothing else: the conditions begin to check what they were meant to.",
		}
	case lower == "sts:durationseconds":
		return miss{why: "sts:DurationSeconds isn't there when a role is assumed, only with tokens that AWS itself issues; the role's MaxSessionDuration limits its sessions."}
	case strings.HasPrefix(lower, "aws:requesttag/"), strings.HasPrefix(lower, "aws:principaltag/"), lower == "aws:tagkeys":
		return miss{why: fmt.Sprintf("The policy asks for %s, and the %s carries no such session tag.", c.Key, f.operation.proof)}
	case lower == "sts:externalid":
		return miss{why: "sts:ExternalId exists for AssumeRole only; a federated identity has no external id."}
	case strings.HasPrefix(lower, "aws:multifactorauth"):
		return miss{why: c.Key + " is never there for a federated identity; the identity provider asks for MFA before it issues the " + f.operation.proof + "."}
	case lower == "aws:principalorgid", lower == "aws:principalaccount", lower == "aws:principalarn":
		return miss{why: c.Key + " isn't there for a federated identity: the caller is no AWS principal yet."}
	case lower == "sts:sourceidentity" && f.operation == assumeRoleWithSAML:
		return miss{why: "The policy asks for sts:SourceIdentity, and the response sets none that can be used in its attribute " + attributeIdentity + "."}
	case lower == "sts:sourceidentity":
		return miss{why: "The policy asks for sts:SourceIdentity, and the token sets none that can be used in its claim " + claimSourceIdentity + "."}
	case lower == "sts:rolesessionname":
		return miss{why: "The policy asks for sts:RoleSessionName, and the session has no name."}
	}
	return miss{why: fmt.Sprintf("The policy asks for %s, and the request has no such key; the call's context can supply it.", c.Key)}
}

// missingFromCaller explains a key that the request of a caller with
// credentials of its own doesn't have.
func missingFromCaller(c *iam.ConditionDecision) miss {
	lower := strings.ToLower(c.Key)
	switch {
	case lower == "sts:externalid":
		return miss{why: "The policy asks for sts:ExternalId, and the call passes no ExternalId."}
	case strings.HasPrefix(lower, "aws:requesttag/"), lower == "aws:tagkeys":
		return miss{why: fmt.Sprintf("The policy asks for %s, and the call passes no such session tag.", c.Key)}
	case strings.HasPrefix(lower, "aws:principaltag/"):
		return miss{why: fmt.Sprintf("The policy asks for %s, and the caller has no such tag.", c.Key)}
	case strings.HasPrefix(lower, "aws:multifactorauth"):
		return miss{why: c.Key + " isn't there with long-term credentials unless the call passes SerialNumber and TokenCode."}
	case lower == "sts:sourceidentity":
		return miss{why: "The policy asks for sts:SourceIdentity, and the call sets none."}
	case strings.Contains(c.Key, "."):
		return miss{why: c.Key + " is a key of an identity provider's tokens, and AssumeRole has none; who has such a token calls AssumeRoleWithWebIdentity."}
	}
	return miss{why: fmt.Sprintf("The policy asks for %s, and the request has no such key; the call's context can supply it.", c.Key)}
}
