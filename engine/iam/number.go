package iam

import (
	"strconv"
	"strings"
)

// decimal is a number as written, compared digit by digit, so that neither
// size nor precision is lost and every platform agrees. The digits are whole
// followed by frac, without leading zeros in front; point is where the
// decimal point stands among them, counted from the left.
type decimal struct {
	negative    bool
	whole, frac string
	point       int
}

// maxExponent bounds what an exponent may say. Beyond it a number has no use
// in a policy and the arithmetic on point could overflow.
const maxExponent = 1_000_000

// parseDecimal reads an integer or a decimal value, with an exponent as JSON
// has it (RFC 8259 §6); a plus sign and leading zeros are let pass.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	exponent := 0
	if e := strings.IndexAny(s, "eE"); e >= 0 {
		n, err := strconv.Atoi(s[e+1:])
		if err != nil || n > maxExponent || n < -maxExponent {
			return decimal{}, false
		}
		exponent, s = n, s[:e]
	}
	whole, frac, pointed := strings.Cut(s, ".")
	if !digits(whole) || pointed && !digits(frac) {
		return decimal{}, false
	}
	d.whole = strings.TrimLeft(whole, "0")
	d.frac = strings.TrimRight(frac, "0")
	d.point = len(d.whole) + exponent
	if d.whole == "" {
		trimmed := strings.TrimLeft(d.frac, "0")
		d.point -= len(d.frac) - len(trimmed)
		d.frac = trimmed
	}
	if d.whole == "" && d.frac == "" {
		return decimal{}, true // zero has one form, whatever its sign
	}
	return d, true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return s != ""
}

func (d decimal) zero() bool { return d.whole == "" && d.frac == "" }

// at is the digit at place i, zero past the last.
func (d decimal) at(i int) byte {
	if i < len(d.whole) {
		return d.whole[i]
	}
	if i -= len(d.whole); i < len(d.frac) {
		return d.frac[i]
	}
	return '0'
}

// compare is -1, 0 or 1 as d is less than, equal to or greater than e.
func (d decimal) compare(e decimal) int {
	switch {
	case d.zero() && e.zero():
		return 0
	case d.zero():
		return sign(!e.negative)
	case e.zero() || d.negative != e.negative:
		return sign(d.negative)
	}
	if d.point != e.point {
		return sign(d.point < e.point != d.negative)
	}
	for i := range max(len(d.whole)+len(d.frac), len(e.whole)+len(e.frac)) {
		if a, b := d.at(i), e.at(i); a != b {
			return sign(a < b != d.negative)
		}
	}
	return 0
}

func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}
