package iam

import (
	"encoding/base64"
	"net/netip"
	"strings"
)

// An operator of the condition language: how a value is read (compile) and
// how the outcome is taken. The table below is the language; evaluation has
// no other list of names.
type operator struct {
	name    string
	family  family
	negated bool
	// variables: ${…} is replaced. The User Guide's two pages differ on Bool:
	// reference_policies_variables says no, the operators' own page says
	// "Policy variables – Supported" for it. The operators' page is followed.
	variables bool
	like      bool // * and ? are wildcards
	anyCase   bool // letter case doesn't count
	compile   func(pattern string) (matcher, bool)
}

// family is what the operator's values are.
type family byte

const (
	familyString family = iota
	familyNumber
	familyDate
	familyBool
	familyBinary
	familyIP
	familyARN
	familyNull
)

// matcher is one wanted value, compiled.
type matcher interface {
	match(found string, ctx *Context) outcome
}

// outcome is how one wanted value and one found value compare.
type outcome byte

const (
	miss       outcome = iota
	hit                // they match, before any negation
	unresolved         // the wanted value has a variable without a value: it equals nothing
	badWanted          // the wanted value isn't of the operator's type: nothing matches, negated or not
	badFound           // likewise the found value
)

func outcomeOf(matched bool) outcome {
	if matched {
		return hit
	}
	return miss
}

// operators in the order of the User Guide
// (reference_policies_elements_condition_operators).
var operators = []operator{
	{name: "StringEquals", family: familyString, variables: true, compile: compileExact},
	{name: "StringNotEquals", family: familyString, negated: true, variables: true, compile: compileExact},
	{name: "StringEqualsIgnoreCase", family: familyString, variables: true, anyCase: true, compile: compileFolded},
	{name: "StringNotEqualsIgnoreCase", family: familyString, negated: true, variables: true, anyCase: true, compile: compileFolded},
	{name: "StringLike", family: familyString, variables: true, like: true, compile: compileGlob},
	{name: "StringNotLike", family: familyString, negated: true, variables: true, like: true, compile: compileGlob},

	{name: "NumericEquals", family: familyNumber, compile: compileNumber(equal)},
	{name: "NumericNotEquals", family: familyNumber, negated: true, compile: compileNumber(equal)},
	{name: "NumericLessThan", family: familyNumber, compile: compileNumber(less)},
	{name: "NumericLessThanEquals", family: familyNumber, compile: compileNumber(less | equal)},
	{name: "NumericGreaterThan", family: familyNumber, compile: compileNumber(greater)},
	{name: "NumericGreaterThanEquals", family: familyNumber, compile: compileNumber(greater | equal)},

	{name: "DateEquals", family: familyDate, compile: compileDate(equal)},
	{name: "DateNotEquals", family: familyDate, negated: true, compile: compileDate(equal)},
	{name: "DateLessThan", family: familyDate, compile: compileDate(less)},
	{name: "DateLessThanEquals", family: familyDate, compile: compileDate(less | equal)},
	{name: "DateGreaterThan", family: familyDate, compile: compileDate(greater)},
	{name: "DateGreaterThanEquals", family: familyDate, compile: compileDate(greater | equal)},

	{name: "Bool", family: familyBool, variables: true, compile: compileBool},
	{name: "BinaryEquals", family: familyBinary, compile: compileBinary},
	{name: "IpAddress", family: familyIP, compile: compileIP},
	{name: "NotIpAddress", family: familyIP, negated: true, compile: compileIP},

	{name: "ArnEquals", family: familyARN, variables: true, like: true, compile: compileARN},
	{name: "ArnLike", family: familyARN, variables: true, like: true, compile: compileARN},
	{name: "ArnNotEquals", family: familyARN, negated: true, variables: true, like: true, compile: compileARN},
	{name: "ArnNotLike", family: familyARN, negated: true, variables: true, like: true, compile: compileARN},

	{name: "Null", family: familyNull, compile: compileBool},
}

var operatorByName = func() map[string]*operator {
	byName := make(map[string]*operator, len(operators))
	for i := range operators {
		byName[operators[i].name] = &operators[i]
	}
	return byName
}()

// The set operators' prefixes, as written before the colon.
const (
	forAllValues = "ForAllValues"
	forAnyValue  = "ForAnyValue"
)

// splitOperator takes a written operator apart. op is nil where AWS knows no
// such operator; names are compared exactly.
func splitOperator(written string) (set, base string, ifExists bool, op *operator) {
	base = written
	for _, prefix := range []string{forAllValues, forAnyValue} {
		if rest, ok := strings.CutPrefix(written, prefix+":"); ok {
			set, base = prefix, rest
		}
	}
	if short, ok := strings.CutSuffix(base, "IfExists"); ok {
		base, ifExists = short, true
	}
	op = operatorByName[base]
	// "You can add IfExists to the end of any condition operator name except
	// the Null condition"; sets of Null aren't documented either.
	if op != nil && op.family == familyNull && (ifExists || set != "") {
		op = nil
	}
	return set, base, ifExists, op
}

// compileValue reads one wanted value. ok is false where it can't be of the
// operator's type, whatever the request. version2012 enables variables.
func (op *operator) compileValue(text string, version2012 bool) (m matcher, ok bool) {
	if !op.variables || !version2012 || !strings.Contains(text, "${") {
		if op.like {
			text = toPattern(text)
		}
		return op.compile(text)
	}
	parts := splitVariables(text, op.like)
	if len(parts) == 1 && parts[0].key == "" {
		return op.compile(parts[0].text)
	}
	return &template{parts, op.compile}, true
}

// template is a wanted value with variables: it is finished with the request
// at hand.
type template struct {
	parts   []part
	compile func(pattern string) (matcher, bool)
}

func (t *template) match(found string, ctx *Context) outcome {
	pattern, ok := resolve(t.parts, ctx)
	if !ok {
		return unresolved
	}
	m, _ := t.compile(pattern)
	return m.match(found, ctx)
}

// unreadable is a wanted value that isn't of the operator's type.
type unreadable struct{}

func (unreadable) match(string, *Context) outcome { return badWanted }

type exactText string

func compileExact(text string) (matcher, bool) { return exactText(text), true }

func (w exactText) match(found string, _ *Context) outcome { return outcomeOf(string(w) == found) }

type foldedText string

func compileFolded(text string) (matcher, bool) { return foldedText(text), true }

func (w foldedText) match(found string, _ *Context) outcome {
	return outcomeOf(strings.EqualFold(string(w), found))
}

type globText string

func compileGlob(pattern string) (matcher, bool) {
	if firstWildcard(pattern) == len(pattern) {
		return exactText(pattern), true
	}
	return globText(pattern), true
}

func (w globText) match(found string, _ *Context) outcome { return outcomeOf(glob(string(w), found)) }

type arnText string

// compileARN says no for what isn't an ARN, yet still compares it: it equals
// no ARN, so that a negated operator holds.
func compileARN(pattern string) (matcher, bool) { return arnText(pattern), isARN(pattern) }

func (w arnText) match(found string, _ *Context) outcome {
	return outcomeOf(globARN(string(w), found))
}

// relation is the set of orders that an operator accepts.
type relation byte

const (
	less relation = 1 << iota
	equal
	greater
)

// holds for order, which is negative, zero or positive.
func (r relation) holds(order int) bool {
	switch {
	case order < 0:
		return r&less != 0
	case order > 0:
		return r&greater != 0
	}
	return r&equal != 0
}

type numberTest struct {
	relation
	wanted decimal
}

func compileNumber(accepts relation) func(string) (matcher, bool) {
	return func(text string) (matcher, bool) {
		wanted, ok := parseDecimal(text)
		if !ok {
			return unreadable{}, false
		}
		return &numberTest{accepts, wanted}, true
	}
}

func (w *numberTest) match(found string, _ *Context) outcome {
	number, ok := parseDecimal(found)
	if !ok {
		return badFound
	}
	return outcomeOf(w.holds(number.compare(w.wanted)))
}

type dateTest struct {
	relation
	wanted instant
}

func compileDate(accepts relation) func(string) (matcher, bool) {
	return func(text string) (matcher, bool) {
		wanted, ok := parseDate(text)
		if !ok {
			return unreadable{}, false
		}
		return &dateTest{accepts, wanted}, true
	}
}

func (w *dateTest) match(found string, _ *Context) outcome {
	moment, ok := parseDate(found)
	if !ok {
		return badFound
	}
	return outcomeOf(w.holds(moment.compare(w.wanted)))
}

type boolTest bool

func compileBool(text string) (matcher, bool) {
	wanted, ok := parseBool(text)
	if !ok {
		return unreadable{}, false
	}
	return boolTest(wanted), true
}

func (w boolTest) match(found string, _ *Context) outcome {
	value, ok := parseBool(found)
	if !ok {
		return badFound
	}
	return outcomeOf(value == bool(w))
}

func parseBool(text string) (value, ok bool) {
	switch {
	case strings.EqualFold(text, "true"):
		return true, true
	case strings.EqualFold(text, "false"):
		return false, true
	}
	return false, false
}

// binaryText is a wanted value's bytes.
type binaryText string

func compileBinary(text string) (matcher, bool) {
	wanted, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return unreadable{}, false
	}
	return binaryText(wanted), true
}

func (w binaryText) match(found string, _ *Context) outcome {
	value, err := base64.StdEncoding.Strict().DecodeString(found)
	if err != nil {
		return badFound
	}
	return outcomeOf(string(value) == string(w))
}

type ipRange struct{ netip.Prefix }

// compileIP reads a range or an address: "If you specify an IP address
// without the associated routing prefix, IAM uses the default prefix value of
// /32"; for IPv6 that is modelled as /128.
func compileIP(text string) (matcher, bool) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		address, addressErr := netip.ParseAddr(text)
		if addressErr != nil || address.Zone() != "" {
			return unreadable{}, false
		}
		prefix = netip.PrefixFrom(address, address.BitLen())
	}
	return &ipRange{prefix}, true
}

func (w *ipRange) match(found string, _ *Context) outcome {
	address, err := netip.ParseAddr(found)
	if err != nil || address.Zone() != "" {
		return badFound
	}
	return outcomeOf(w.Contains(address))
}
