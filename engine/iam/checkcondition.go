package iam

import (
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

var operatorNames = func() []string {
	names := make([]string, len(operators))
	for i := range operators {
		names[i] = operators[i].name
	}
	return names
}()

func (p *parser) checkCondition(s *Statement, c *Condition, condition *source.Node, insisted map[string]bool) {
	p.checkKey(c, condition)
	if !c.Known {
		p.unknownOperator(c, condition)
		return
	}
	p.checkWildcards(c, condition)
	p.checkVariables(c)
	opensWithoutKey := s.word == allows && !insisted[c.folded]
	p.checkSet(c, condition, opensWithoutKey)
	if c.IfExists && opensWithoutKey {
		p.ifExists(c)
	}
}

// unknownOperator reports an operator once, at its first key.
func (p *parser) unknownOperator(c *Condition, condition *source.Node) {
	if object := condition.Get(c.Operator); object != nil && len(object.Members) > 0 && object.Members[0].Name != c.Key {
		return
	}
	detail := "AWS knows no condition operator " + quote(c.Operator)
	end := "." + p.trustText("Invalid Condition type : "+c.Operator)
	right := nearestOperator(c.Operator)
	if right == "" {
		p.report(ruleOperator, c.OperatorAt, detail+end)
		return
	}
	block := strings.TrimSuffix(c.OperatorAt.Path, pointer("", c.Operator))
	p.report(ruleOperator, c.OperatorAt, detail+"; "+right+" is the nearest"+end, rename(condition, block, c.Operator, right)...)
}

// nearestOperator mends each of an operator's three pieces.
func nearestOperator(written string) string {
	var set string
	rest := written
	for _, prefix := range []string{forAllValues, forAnyValue} {
		if len(rest) > len(prefix) && strings.EqualFold(rest[:len(prefix)], prefix) {
			set, rest = prefix+":", strings.TrimLeft(rest[len(prefix):], ":")
		}
	}
	if head, tail, ok := strings.Cut(rest, ":"); ok && set == "" {
		near, _ := source.Nearest(head, []string{forAllValues, forAnyValue})
		if near == "" {
			return ""
		}
		set, rest = near+":", tail
	}
	suffix := ""
	if cut := len(rest) - len("IfExists"); cut > 0 && strings.EqualFold(rest[cut:], "IfExists") {
		rest, suffix = rest[:cut], "IfExists"
	}
	base, _ := source.Nearest(rest, operatorNames)
	if base == "" {
		return ""
	}
	if base == "Null" {
		set, suffix = "", ""
	}
	if base = set + base + suffix; base != written {
		return base
	}
	return ""
}

// checkKey: a federated key is the provider's URL without its scheme, a
// colon, and the claim (reference_policies_iam-condition-keys).
func (p *parser) checkKey(c *Condition, condition *source.Node) {
	if strings.ContainsFunc(c.Key, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return // no address has such letters, and folding could move them
	}
	mended := c.folded
	for _, scheme := range []string{"https://", "http://"} {
		mended = strings.TrimPrefix(mended, scheme)
	}
	start := len(c.folded) - len(mended)
	key := c.Key[start:]
	const discovery = "/.well-known/openid-configuration"
	if i := strings.Index(mended, discovery); i >= 0 {
		key = key[:i] + key[i+len(discovery):]
	} else if i := strings.Index(mended, "/.well-known"); i >= 0 {
		if end := strings.LastIndexByte(key, ':'); end > i {
			key = key[:i] + key[end:]
		}
	}
	switch {
	case key != c.Key:
		object := condition.Get(c.Operator)
		p.report(ruleKey, c.At, "No request has a key "+quote(c.Key)+"; a provider's keys begin with its address without https:// and without the discovery path: "+quote(key)+".",
			rename(object, c.OperatorAt.Path, c.Key, key)...)
	case !strings.Contains(c.Key, ":"):
		p.report(ruleKey, c.At, "The key "+quote(c.Key)+" has no prefix; a key is a prefix, a colon and a name, such as aws:SourceIp."+p.identityText("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."))
	}
}

func (p *parser) unreadableValue(c *Condition, w *Written) {
	p.report(ruleValueType, w.At, quote(w.Text)+" is no "+c.op.family.noun()+", so "+c.Operator+" never matches it.")
}

// withLike is the operator that knows wildcards, for each that doesn't and is
// easily taken for it.
var withLike = map[string]string{"StringEquals": "StringLike", "StringNotEquals": "StringNotLike"}

func (p *parser) checkWildcards(c *Condition, condition *source.Node) {
	like, exact := withLike[c.Base]
	if exact {
		for i := range c.Values {
			if w := &c.Values[i]; wild(w.Text) {
				to := strings.Replace(c.Operator, c.Base, like, 1)
				block := strings.TrimSuffix(c.OperatorAt.Path, pointer("", c.Operator))
				p.report(ruleWildcardEquals, w.At, c.Base+" takes "+quote(w.Text)+" letter by letter, * and ? included; "+like+" has wildcards.",
					moveKey(condition, block, c.Operator, to, c.Key)...)
				return
			}
		}
		return
	}
	if c.Base != "StringLike" && c.Base != "StringNotLike" {
		return
	}
	for i := range c.Values {
		// A variable may stand where a wildcard did; AWS's own examples have
		// StringLike with one.
		if wild(c.Values[i].Text) || hasVariables(c.Values[i].Text) {
			return
		}
	}
	if len(c.Values) > 0 {
		p.report(ruleLikeNoWildcard, c.At, "No value of "+quote(c.Key)+" has a wildcard; "+c.Base+" compares as "+strings.Replace(c.Base, "Like", "Equals", 1)+" would.")
	}
}

// wild says whether the text has * or ? outside ${*} and ${?}.
func wild(text string) bool {
	if !strings.ContainsAny(text, "*?") {
		return false
	}
	if !strings.Contains(text, "${") {
		return true
	}
	for _, part := range splitVariables(text, true) {
		if strings.IndexByte(part.text, anyRun) >= 0 || strings.IndexByte(part.text, anyOne) >= 0 {
			return true
		}
	}
	return false
}

func (p *parser) checkVariables(c *Condition) {
	for i := range c.Values {
		w := &c.Values[i]
		switch {
		case !hasVariables(w.Text):
		case !c.op.variables:
			p.report(ruleVariablePlace, w.At, "AWS replaces no variables under "+c.Operator+", so "+quote(w.Text)+" stays plain text.")
		case !p.modern:
			p.variableInOldVersion(w)
		}
	}
}

// opensWithoutKey: the statement allows, and no other condition of it fails
// where the request lacks the key.
func (p *parser) checkSet(c *Condition, condition *source.Node, opensWithoutKey bool) {
	if c.Set == "" {
		return
	}
	block := strings.TrimSuffix(c.OperatorAt.Path, pointer("", c.Operator))
	if c.Set == forAllValues && opensWithoutKey {
		p.report(ruleForAllMissing, c.At, "ForAllValues holds when the request has no "+quote(c.Key)+" at all, and so lets it in; add Null with \"false\" for the key.",
			addKey(condition, block, "Null", c.Key, "false")...)
	}
	if singleValued(c.folded) {
		to := strings.TrimPrefix(c.Operator, c.Set+":")
		p.report(ruleSetOnSingle, c.At, quote(c.Key)+" has one value at most; "+to+" without "+c.Set+" says the same and is stricter where the key is absent.",
			moveKey(condition, block, c.Operator, to, c.Key)...)
	}
}

// insistedKeys are the keys, folded, that some condition of the statement
// fails without.
func (s *Statement) insistedKeys() map[string]bool {
	keys := make(map[string]bool, len(s.Conditions))
	for i := range s.Conditions {
		if c := &s.Conditions[i]; c.insists() {
			keys[c.folded] = true
		}
	}
	return keys
}

func (c *Condition) insists() bool {
	switch {
	case c.op == nil || c.IfExists:
		return false
	case c.op.family == familyNull:
		return len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false")
	}
	return c.Set == forAnyValue || c.Set == "" && !c.op.negated
}

func (p *parser) ifExists(c *Condition) {
	finding := ruleIfExistsAllow.at(c.At, "Where the request has no "+quote(c.Key)+", "+c.Operator+" holds and the statement lets it in; leave IfExists out unless that is meant.")
	if p.policy.Kind != TrustPolicy {
		// Beyond trust policies IfExists is how one statement serves several
		// kinds of resource (the User Guide's ec2:InstanceType example).
		finding.Severity = trace.SeverityInfo
	}
	if !p.full() {
		p.findings = append(p.findings, finding)
	}
}

// singleKeys are keys of one value at most, by the "Value type" of the User
// Guide's reference_policies_condition-keys and …_iam-condition-keys; those
// ending in / are families.
var singleKeys = []string{
	"aws:currenttime", "aws:epochtime", "aws:federatedprovider", "aws:multifactorauthage", "aws:multifactorauthpresent",
	"aws:principalaccount", "aws:principalarn", "aws:principalisawsservice", "aws:principalorgid", "aws:principalservicename",
	"aws:principaltype", "aws:referer", "aws:requestedregion", "aws:resourceaccount", "aws:resourceorgid", "aws:securetransport",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceidentity", "aws:sourceip", "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce",
	"aws:tokenissuetime", "aws:useragent", "aws:userid", "aws:username", "aws:viaawsservice", "aws:vpcsourceip",
	"sts:externalid", "sts:rolesessionname", "sts:sourceidentity",
	"aws:principaltag/", "aws:requesttag/", "aws:resourcetag/",
}

// singleValued says whether the key surely has one value at most. Of a
// federated provider's keys that are sub and aud.
func singleValued(folded string) bool {
	for _, key := range singleKeys {
		if folded == key || strings.HasSuffix(key, "/") && strings.HasPrefix(folded, key) {
			return true
		}
	}
	return strings.HasSuffix(folded, ":sub") || strings.HasSuffix(folded, ":aud")
}
