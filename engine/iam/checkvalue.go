package iam

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// checkValues judges what a condition compares its key with. typed says that
// the operator is for keys of that type.
func (p *parser) checkValues(c *Condition, typed bool) {
	switch c.op.family {
	case familyNull, familyBool:
		if len(c.Values) > 1 {
			p.report(ruleOneBoolean, c.At, c.Operator+" compares with one value, and "+quote(c.Key)+" has "+strconv.Itoa(len(c.Values))+"; true and false together leave nothing out.")
		}
	case familyNumber:
		p.redundantLimit(c)
	case familyDate:
		p.checkEpochs(c)
	case familyIP:
		p.checkRanges(c)
	}
	if !typed || c.op.family == familyNull {
		return
	}
	for i := range c.Values {
		if p.full() {
			return
		}
		p.checkForm(c, &c.Values[i])
	}
}

// unreadableValue: what can't be read never matches. IAM Access Analyzer
// reports an error for addresses and a warning for the other types.
func (p *parser) unreadableValue(c *Condition, w *Written) {
	severity := ruleValueType.severity
	if c.op.family == familyIP {
		severity = isError
	}
	p.reportAs(severity, ruleValueType, w.At, quote(w.Text)+" is no "+c.op.family.noun()+", so "+c.Operator+" never matches it.")
}

// redundantLimit: of several limits the loosest alone counts.
func (p *parser) redundantLimit(c *Condition) {
	relation, numeric := relationOf(c)
	if !numeric || len(c.Values) < 2 || relation&(less|greater) == 0 || c.op.negated {
		return
	}
	loosest := 0
	for i := range c.Values {
		a, okA := c.Values[i].test.(*numberTest)
		b, okB := c.Values[loosest].test.(*numberTest)
		if !okA || !okB {
			return
		}
		if order := a.wanted.compare(b.wanted); order > 0 == (relation&less != 0) && order != 0 {
			loosest = i
		}
	}
	text := c.Values[loosest].Text
	p.report(ruleRedundantValue, c.At, "Of the values of "+quote(c.Key)+" the loosest alone counts, "+text+"; write only that.", trace.Patch{Op: "replace", Path: c.At.Path, Value: text})
}

func relationOf(c *Condition) (relation, bool) {
	for i := range c.Values {
		if t, ok := c.Values[i].test.(*numberTest); ok {
			return t.relation, true
		}
	}
	return 0, false
}

// checkEpochs: AWS recommends dates over seconds since 1970, save for
// aws:EpochTime.
func (p *parser) checkEpochs(c *Condition) {
	if c.folded == "aws:epochtime" {
		return
	}
	for i := range c.Values {
		w := &c.Values[i]
		if w.Text == "" {
			continue
		}
		moment, isNumber := epoch(w.Text)
		if at := time.Unix(moment.seconds, 0).UTC(); isNumber && at.Year() >= 1970 && at.Year() <= 9999 {
			date := at.Format("2006-01-02T15:04:05Z")
			p.report(ruleDateForm, w.At, quote(w.Text)+" is "+date+" in seconds since 1970; the date itself is easier to read and what AWS recommends.", trace.Patch{Op: "replace", Path: w.At.Path, Value: date})
		}
	}
}

// checkRanges: bits behind the mask are ignored, and aws:SourceIp is never a
// private address.
func (p *parser) checkRanges(c *Condition) {
	private, public := 0, 0
	var first *Written
	for i := range c.Values {
		w := &c.Values[i]
		r, ok := w.test.(*ipRange)
		if !ok {
			continue
		}
		if masked := r.Masked(); masked != r.Prefix {
			p.report(ruleIPRange, w.At, "The bits of "+quote(w.Text)+" behind its mask are ignored; write "+masked.String()+".", trace.Patch{Op: "replace", Path: w.At.Path, Value: masked.String()})
		}
		if !isPrivateRange(r.Prefix) {
			public++
		} else if private++; first == nil {
			first = w
		}
	}
	switch {
	case c.folded != "aws:sourceip" || private == 0:
	case public > 0:
		p.reportAs(isInfo, rulePrivateAddress, first.At, quote(first.Text)+" is a private range, and aws:SourceIp is always a public address; aws:VpcSourceIp holds private ones.")
	case c.op.negated:
		p.report(rulePrivateAddress, first.At, "aws:SourceIp is always a public address, so "+c.Operator+" with private ranges alone holds for everyone; aws:VpcSourceIp holds private ones.")
	default:
		p.report(rulePrivateAddress, first.At, "aws:SourceIp is always a public address, so "+c.Operator+" with private ranges alone never holds; aws:VpcSourceIp holds private ones.")
	}
}

var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
}

func isPrivateRange(r netip.Prefix) bool {
	return slices.ContainsFunc(privateRanges, func(private netip.Prefix) bool {
		return private.Bits() <= r.Bits() && private.Contains(r.Addr())
	})
}

// checkForm: a value that the key never has is compared in vain.
func (p *parser) checkForm(c *Condition, w *Written) {
	if hasVariables(w.Text) {
		return
	}
	if c.op.like && wild(w.Text) {
		p.checkSensitive(c, w)
		return
	}
	if c.folded == "aws:principalarn" && strings.Contains(w.Text, ":assumed-role/") {
		p.report(ruleSessionARN, w.At, "For a role's session aws:PrincipalArn is the ARN of the role, arn:aws:iam::…:role/…, and never "+quote(w.Text)+".")
		return
	}
	for i := range valueForms {
		form := &valueForms[i]
		if !slices.Contains(form.keys, c.folded) || form.fits(w.Text) {
			continue
		}
		var fix []trace.Patch
		if form.mend != nil {
			if mended := form.mend(w.Text); mended != w.Text && form.fits(mended) {
				fix = []trace.Patch{{Op: "replace", Path: w.At.Path, Value: mended}}
			}
		}
		p.reportAs(form.severity, form.rule, w.At, quote(w.Text)+" is no "+form.noun+", so "+c.Key+" never has it.", fix...)
		return
	}
}

// checkSensitive: keys that name an account, an organization or a network are
// compared with whole names (reference_policies_condition-keys, "Sensitive
// condition keys").
func (p *parser) checkSensitive(c *Condition, w *Written) {
	if factsOf(c.folded).is(sensitive) {
		p.report(ruleSensitiveWildcard, w.At, "A wildcard in "+quote(w.Text)+" lets in strangers: "+c.Key+" names one account, organization or network; write it in full.")
		return
	}
	if c.folded != "aws:userid" {
		return
	}
	if id, _, colon := strings.Cut(w.Text, ":"); w.Text != "*" && (!colon || id != "*" && wild(id)) {
		p.report(ruleSensitiveWildcard, w.At, "The wildcard in "+quote(w.Text)+" stands in the id; in aws:userid put it behind the colon, as in AROAEXAMPLEID:*.")
	}
}

// valueForm is what the values of some keys look like.
type valueForm struct {
	keys     []string
	fits     func(string) bool
	noun     string
	rule     *rule
	severity trace.Severity
	mend     func(string) string // nil where nothing mends
}

var valueForms = []valueForm{
	{[]string{"aws:principalaccount", "aws:sourceaccount", "aws:resourceaccount", "aws:vpceaccount"},
		func(s string) bool { return isAccountID(s) || s == "anonymous" }, "account of 12 digits", ruleImpossible, isWarning, withoutHyphens},
	{[]string{"aws:requestedregion"}, isRegion, "Region", ruleImpossible, isError, strings.ToLower},
	{[]string{"aws:sourcevpc", "aws:ec2instancesourcevpc"}, isNetworkID("vpc-"), "VPC's id, vpc- with 8 or 17 letters and digits", ruleNetworkID, isError, nil},
	{[]string{"aws:sourcevpce"}, isNetworkID("vpce-"), "VPC endpoint's id, vpce- with 8 or 17 letters and digits", ruleNetworkID, isError, nil},
	{[]string{"aws:principalservicename", "aws:principalservicenameslist", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "iam:passedtoservice", "iam:awsservicename"},
		isServicePrincipal, "service principal such as ec2.amazonaws.com", ruleImpossible, isError, strings.ToLower},
	{[]string{"aws:principaltype"}, func(s string) bool { return slices.Contains(callerTypes, s) }, "type of principal (" + strings.Join(callerTypes, ", ") + ")", ruleImpossible, isWarning, nearestCallerType},
	{[]string{"sts:externalid"}, func(s string) bool { return isLettersAnd(s, "_+=,.@:/-", 2, 1224) }, "external id, 2 to 1224 of A–Z a–z 0–9 _+=,.@:/-", ruleImpossible, isWarning, nil},
	{[]string{"sts:rolesessionname", "sts:sourceidentity", "aws:sourceidentity"}, func(s string) bool { return isLettersAnd(s, "_+=,.@-", 2, 64) }, "name of a session or source identity, 2 to 64 of A–Z a–z 0–9 _+=,.@-", ruleImpossible, isWarning, nil},
}

func withoutHyphens(s string) string { return strings.ReplaceAll(s, "-", "") }

var callerTypes = []string{"Account", "User", "FederatedUser", "AssumedRole", "Anonymous"}

func nearestCallerType(s string) string {
	near, _ := source.Nearest(s, callerTypes)
	return near
}

// isRegion: small letters, with hyphens between, and a number behind the last.
func isRegion(s string) bool {
	parts := strings.Split(s, "-")
	for i, part := range parts {
		last := i == len(parts)-1
		if part == "" || last && !digits(part) || !last && strings.Trim(part, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return len(parts) > 2
}

func isNetworkID(prefix string) func(string) bool {
	return func(s string) bool {
		id, ok := strings.CutPrefix(s, prefix)
		return ok && (len(id) == 8 || len(id) == 17) && isLettersAnd(id, "", 8, 17)
	}
}

func isServicePrincipal(s string) bool { return isDomain(s) && s == strings.ToLower(s) }

func isLettersAnd(s, others string, shortest, longest int) bool {
	if len(s) < shortest || len(s) > longest {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c-'0' > 9 && (c|0x20)-'a' > 25 && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}
