package iam

import (
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// keyFacts is what the User Guide says of a condition key
// (reference_policies_condition-keys, …_iam-condition-keys).
type keyFacts struct {
	name   string // folded; one that ends in / is a family of keys
	family family
	flags  keyFlags
}

type keyFlags byte

const (
	multi     keyFlags = 1 << iota // "Value type – Multivalued"
	sensitive                      // "Sensitive condition keys": no wildcards
	spoofable                      // the caller chooses it
	caller                         // it says who calls, or from where
)

// knownKeys are the global keys and those of STS. Keys of other services are
// known from the service reference alone.
var knownKeys = []keyFacts{
	{"aws:principalarn", familyARN, caller},
	{"aws:principalaccount", familyString, sensitive | caller},
	{"aws:principalorgpaths", familyString, multi | caller},
	{"aws:principalorgid", familyString, sensitive | caller},
	{"aws:principaltag/", familyString, caller},
	{"aws:principalisawsservice", familyBool, caller},
	{"aws:principalservicename", familyString, caller},
	{"aws:principalservicenameslist", familyString, multi | caller},
	{"aws:principaltype", familyString, caller},
	{"aws:userid", familyString, caller},
	{"aws:username", familyString, caller},
	{"aws:assumedroot", familyBool, caller},
	{"aws:federatedprovider", familyString, caller},
	{"aws:tokenissuetime", familyDate, caller},
	{"aws:multifactorauthage", familyNumber, caller},
	{"aws:multifactorauthpresent", familyBool, caller},
	{"aws:ec2instancesourcevpc", familyString, caller},
	{"aws:ec2instancesourceprivateipv4", familyIP, caller},
	{"aws:sourceidentity", familyString, caller},
	{"aws:sourceip", familyIP, caller},
	{"aws:sourcevpc", familyString, sensitive | caller},
	{"aws:sourcevpcarn", familyARN, caller},
	{"aws:sourcevpce", familyString, sensitive | caller},
	{"aws:vpceaccount", familyString, sensitive | caller},
	{"aws:vpceorgid", familyString, sensitive | caller},
	{"aws:vpceorgpaths", familyString, multi | caller},
	{"aws:vpcsourceip", familyIP, caller},
	{"aws:resourceaccount", familyString, sensitive},
	{"aws:resourceorgid", familyString, sensitive},
	{"aws:resourceorgpaths", familyString, multi},
	{"aws:resourcetag/", familyString, 0},
	{"aws:calledvia", familyString, multi | caller},
	{"aws:calledviafirst", familyString, caller},
	{"aws:calledvialast", familyString, caller},
	{"aws:viaawsservice", familyBool, caller},
	{"aws:currenttime", familyDate, 0},
	{"aws:epochtime", familyDate, 0},
	{"aws:referer", familyString, spoofable},
	{"aws:requestedregion", familyString, 0},
	{"aws:requesttag/", familyString, 0},
	{"aws:tagkeys", familyString, multi},
	{"aws:securetransport", familyBool, 0},
	{"aws:sourceaccount", familyString, sensitive | caller},
	{"aws:sourcearn", familyARN, caller},
	{"aws:sourceorgid", familyString, sensitive | caller},
	{"aws:sourceorgpaths", familyString, multi | caller},
	{"aws:useragent", familyString, spoofable},
	{"sts:externalid", familyString, caller},
	{"sts:rolesessionname", familyString, caller},
	{"sts:sourceidentity", familyString, caller},
	{"sts:roleauthorizedbyidp", familyBool, caller},
	{"sts:transitivetagkeys", familyString, multi},
}

var keyByName = func() map[string]*keyFacts {
	byName := make(map[string]*keyFacts, len(knownKeys))
	for i := range knownKeys {
		byName[knownKeys[i].name] = &knownKeys[i]
	}
	return byName
}()

// Keys that identity providers fill, by what stands behind the colon.
var (
	federatedSingle = &keyFacts{family: familyString, flags: caller}
	federatedMulti  = &keyFacts{family: familyString, flags: caller | multi}
)

// samlMulti are the saml: keys marked with [] in the User Guide's list,
// samlSingle those that aren't.
var samlSingle = strings.Fields("aud doc iss namequalifier sub sub_type edupersonorgdn edupersonprimaryaffiliation " +
	"edupersonprimaryorgunitdn edupersonprincipalname")

var samlMulti = strings.Fields("commonname cn edupersonaffiliation edupersonassurance edupersonentitlement " +
	"edupersonnickname edupersonorgunitdn edupersonscopedaffiliation edupersontargetedid eduorghomepageuri " +
	"eduorgidentityauthnpolicyuri eduorglegalname eduorgsuperioruri eduorgwhitepagesuri givenname mail name " +
	"organizationstatus primarygroupsid surname uid x500uniqueidentifier")

// factsOf is what is known of a folded key; nil where that is nothing.
func factsOf(folded string) *keyFacts {
	if k := keyByName[folded]; k != nil {
		return k
	}
	if slash := strings.IndexByte(folded, '/'); slash >= 0 {
		if k := keyByName[folded[:slash+1]]; k != nil {
			return k
		}
	}
	if name, ok := strings.CutPrefix(folded, "saml:"); ok {
		switch {
		case slices.Contains(samlMulti, name):
			return federatedMulti
		case slices.Contains(samlSingle, name):
			return federatedSingle
		}
		return nil
	}
	switch folded[strings.LastIndexByte(folded, ':')+1:] {
	case "sub", "aud":
		return federatedSingle
	case "amr":
		return federatedMulti
	}
	return nil
}

func (k *keyFacts) is(flag keyFlags) bool { return k != nil && k.flags&flag != 0 }

// checkKey: a federated key is the provider's URL without its scheme, a
// colon, and the claim (reference_policies_iam-condition-keys).
func (p *parser) checkKey(s *Statement, c *Condition, condition *source.Node, providers *providerNames) {
	if strings.ContainsFunc(c.Key, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return // no address has such letters, and folding could move them
	}
	object := condition.Get(c.Operator)
	switch key := withoutScheme(c.Key, c.folded); {
	case key != c.Key:
		p.report(ruleKey, c.At, "No request has a key "+quote(c.Key)+"; a provider's keys begin with its address without https:// and without the discovery path: "+quote(key)+".",
			rename(object, c.OperatorAt.Path, c.Key, key)...)
	case !strings.Contains(c.Key, ":"):
		p.keyWithoutPrefix(s, c, object)
	case c.folded == "aws:arn":
		p.report(ruleDeprecatedKey, c.At, "AWS no longer supports aws:ARN; aws:PrincipalArn is who calls, aws:SourceArn is the resource that a service calls for.",
			rename(object, c.OperatorAt.Path, c.Key, "aws:PrincipalArn")...)
	case isTagKey(c.folded):
		p.report(ruleTagKey, c.At, "The key "+quote(c.Key)+" names no tag; write it behind a slash, as in "+strings.TrimSuffix(c.Key, "/")+"/team.")
	case factsOf(c.folded).is(spoofable):
		p.report(ruleSpoofable, c.At, "The caller writes "+c.Key+" itself, so it keeps nobody out; use it only to sort requests.")
	}
	if p.policy.Kind == TrustPolicy {
		p.checkPrefix(s, c, object, providers)
	}
}

func withoutScheme(written, folded string) string {
	mended := folded
	for _, scheme := range []string{"https://", "http://"} {
		mended = strings.TrimPrefix(mended, scheme)
	}
	key := written[len(folded)-len(mended):]
	const discovery = "/.well-known/openid-configuration"
	if i := strings.Index(mended, discovery); i >= 0 {
		return key[:i] + key[i+len(discovery):]
	}
	if i := strings.Index(mended, "/.well-known"); i >= 0 {
		if end := strings.LastIndexByte(key, ':'); end > i {
			return key[:i] + key[end:]
		}
	}
	return key
}

// isTagKey says whether the key is that of tags, without a tag's name.
func isTagKey(folded string) bool {
	family := strings.TrimSuffix(folded, "/")
	return family == "aws:resourcetag" || family == "aws:requesttag" || family == "aws:principaltag"
}

// providerClaims are the claims that every provider's tokens have keys for.
var providerClaims = []string{"sub", "aud", "amr", "email", "oaud"}

func (p *parser) keyWithoutPrefix(s *Statement, c *Condition, object *source.Node) {
	detail := "The key " + quote(c.Key) + " has no prefix; a key is a prefix, a colon and a name, such as "
	end := "." + p.identityText("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
	provider := s.onlyProvider()
	for _, claim := range providerClaims {
		if provider != "" && c.folded == claim {
			key := provider + ":" + claim
			p.report(ruleKey, c.At, detail+key+end, rename(object, c.OperatorAt.Path, c.Key, key)...)
			return
		}
	}
	p.report(ruleKey, c.At, detail+"aws:SourceIp"+end)
}

// onlyProvider is the name of the statement's OIDC provider as condition keys
// begin with it; empty where it has none, or other principals too.
func (s *Statement) onlyProvider() string {
	if len(s.Principal.Values) != 1 || s.Principal.Not {
		return ""
	}
	return s.Principal.Values[0].provider()
}

// provider is the name before the colon in the keys of an OIDC provider;
// empty for other principals.
func (w *Written) provider() string {
	switch {
	case w.principal.sort != oneFederated:
	case providerKind(w.Text) == oidcProvider:
		_, name, _ := strings.Cut(w.Text, ":"+oidcProvider+"/")
		return name
	case isDomain(w.Text):
		return w.Text
	}
	return ""
}

// providerNames are the OIDC providers of a statement, by the folded names
// that their keys begin with. others says that principals are meant whose keys
// aren't known: everyone.
type providerNames struct {
	names  map[string]bool
	others bool
}

func (s *Statement) providerNames() providerNames {
	p := providerNames{names: map[string]bool{}, others: s.Principal.Not}
	for i := range s.Principal.Values {
		w := &s.Principal.Values[i]
		if name := w.provider(); name != "" {
			p.names[foldKey(name)] = true
		}
		p.others = p.others || w.principal.sort == everyone || w.principal.sort == everyAWS
	}
	return p
}

// has says whether the folded key is one of the providers'. Claims and
// providers may both hold colons.
func (p *providerNames) has(folded string) bool {
	for i := 0; i < len(folded); i++ {
		if folded[i] == ':' && p.names[folded[:i]] {
			return true
		}
	}
	return false
}

// checkPrefix: the key of a provider that is none of the statement's is in no
// request that the statement is about. Where no provider is among the
// principals, checkPrincipalKeys says so.
func (p *parser) checkPrefix(s *Statement, c *Condition, object *source.Node, providers *providerNames) {
	colon := strings.LastIndexByte(c.folded, ':')
	if colon < 0 || !strings.Contains(c.folded[:colon], ".") || withoutScheme(c.Key, c.folded) != c.Key ||
		providers.others || len(providers.names) == 0 || providers.has(c.folded) {
		return
	}
	detail := "No provider of the statement has a key " + quote(c.Key) + ", so the condition looks for what never comes; "
	if provider := s.onlyProvider(); provider != "" {
		key := provider + c.Key[colon:]
		p.report(ruleKeyPrefix, c.At, detail+"the keys of this one begin with its URL without https://, exactly: "+quote(key)+".",
			rename(object, c.OperatorAt.Path, c.Key, key)...)
		return
	}
	p.report(ruleKeyPrefix, c.At, detail+"a provider's keys begin with its URL without https://, exactly.")
}

// checkKeyType: an operator is for keys of its type, a set operator for keys
// of many values. It says whether the values can be judged by the operator.
func (p *parser) checkKeyType(c *Condition, condition *source.Node) bool {
	k := factsOf(c.folded)
	switch {
	case k == nil || c.op.family == familyNull:
		return true
	case k.is(multi) && c.Set == "":
		p.report(ruleSetMissing, c.At, quote(c.Key)+" can have many values, and "+c.Operator+" compares one; put ForAnyValue: in front where one match is enough, ForAllValues: where all must match.")
	case k.family == c.op.family || c.folded == "aws:epochtime" && c.op.family == familyNumber:
	case k.family == familyARN && c.op.family == familyString:
		if c.op.like {
			arn := strings.Replace(c.Operator, "String", "Arn", 1)
			var fix []trace.Patch
			if !anyValue(c, func(w *Written) bool { return !isARN(w.Text) }) {
				fix = moveKey(condition, c.block(), c.Operator, arn, c.Key)
			}
			p.report(ruleStringLikeARN, c.At, "Under "+c.Base+" a * in "+quote(c.Key)+" runs across the ARN's colons; "+arn+" compares segment by segment.", fix...)
		}
	default:
		instead := c.op.instead(k.family)
		var fix []trace.Patch
		if !strings.Contains(instead, " ") {
			fix = moveKey(condition, c.block(), c.Operator, strings.Replace(c.Operator, c.Base, instead, 1), c.Key)
		}
		p.report(ruleKeyType, c.At, quote(c.Key)+" holds "+keyTypes[k.family].holds+", and "+c.Operator+" compares another type; use "+instead+".", fix...)
		return false
	}
	return true
}

func anyValue(c *Condition, is func(*Written) bool) bool {
	for i := range c.Values {
		if is(&c.Values[i]) {
			return true
		}
	}
	return false
}

// keyTypes say what a key of the family holds and which operators compare it.
var keyTypes = [...]struct{ holds, operator, negated string }{
	familyString: {"text", "StringEquals", "StringNotEquals"},
	familyNumber: {"a number", "a Numeric operator, such as NumericLessThan", ""},
	familyDate:   {"a date", "a Date operator, such as DateLessThan", ""},
	familyBool:   {"true or false", "Bool", ""},
	familyIP:     {"an address", "IpAddress", "NotIpAddress"},
	familyARN:    {"an ARN", "ArnLike", "ArnNotLike"},
}

// instead names the operator that compares keys of the family as op would.
func (op *operator) instead(f family) string {
	if words := keyTypes[f]; op.negated && words.negated != "" {
		return words.negated
	}
	return keyTypes[f].operator
}

// block is the JSON Pointer of the Condition that the condition is part of.
func (c *Condition) block() string {
	return strings.TrimSuffix(c.OperatorAt.Path, source.Pointer("", c.Operator))
}

// checkKeysTogether: keys that mean something only beside, or without, another.
func (p *parser) checkKeysTogether(s *Statement) {
	spelled := make(map[string]string, len(s.Conditions))
	told := map[string]bool{}
	has := func(keys ...string) bool {
		for _, key := range keys {
			if _, there := spelled[key]; there {
				return true
			}
		}
		return false
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if first, there := spelled[c.folded]; c.Key == "" {
			continue
		} else if !there {
			spelled[c.folded] = c.Key
		} else if first != c.Key && !told[c.folded] {
			told[c.folded] = true
			p.report(ruleKeyCase, c.At, quote(c.Key)+" is the key "+quote(first)+" in other letters; spell it one way.")
		}
	}
	for i := range s.Conditions {
		switch c := &s.Conditions[i]; {
		case c.folded == "aws:vpcsourceip" && !has("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"):
			p.report(rulePairedKeys, c.At, "Every VPC can have the address that "+c.Key+" asks for; add aws:SourceVpc or aws:SourceVpce, which say whose VPC is meant.")
		case c.folded == "dynamodb:attributes" && !has("dynamodb:select"):
			p.report(ruleDynamoSelect, c.At, "A read that names no attributes returns them all, whatever "+c.Key+" says; add a condition that dynamodb:Select is SPECIFIC_ATTRIBUTES.")
		case s.Action.Not && strings.HasPrefix(c.folded, "aws:resourcetag/"):
			if s.word == allows {
				p.reportAs(isInfo, ruleTagNotAction, c.At, "Services that don't know "+c.Key+" never have it, so this Allow leaves out their actions; list the actions instead of NotAction.")
			} else {
				p.report(ruleTagNotAction, c.At, "Services that don't know "+c.Key+" never have it, so this Deny lets their actions through; list the actions instead of NotAction.")
			}
		}
	}
}
