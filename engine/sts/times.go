package sts

import (
	"strconv"
	"time"

	"stsplayground/engine/oidc"
	"stsplayground/engine/trace"
)

// IAM takes a token up to five minutes after its exp, "to account for clock
// skew" (IAM guide, "OIDC federation"). No such window is documented for nbf
// and iat.
const expiryWindow = 5 * 60

// AWS refuses tokens that were issued too long ago, whatever their exp. The
// threshold is inferred: every refusal that was seen is of a token older than
// a day.
const maxAge = 24 * 60 * 60

// checkTimes holds the token's times against the moment of the call.
func (w *walk) checkTimes(c oidc.Claims, at time.Time) {
	t := times{now: at.Unix(), parts: make(children, 0, 4)}
	t.found = clock(t.now)
	if c.Expires > 0 {
		t.checkExp(c.Expires)
	}
	if c.HasNotBefore {
		t.checkNotBefore(c.NotBefore)
	}
	if c.IssuedAt > 0 {
		t.checkIssuedAt(c.IssuedAt)
		t.checkAge(c.IssuedAt)
	}
	if len(t.parts) == 0 {
		w.Skip("The token has no time that can be read.", ruleExpiry)
		return
	}
	expected, found := "iat "+clock(c.IssuedAt)+", exp "+clock(c.Expires), "used at "+t.found
	switch {
	case t.err != nil:
		w.Fail(ruleExpiry, t.err, expected, found, t.why).With(t.parts).Modelled = t.err == errNotYet
	case t.why != "":
		w.Warn(ruleExpiry, expected, found, t.why).With(t.parts)
	default:
		w.Pass(ruleExpiry, expected, found, "").With(t.parts)
	}
}

// times are the parts of oidc/expiry. The first refusal gives err, and it or
// else the first warning gives why.
type times struct {
	now   int64 // seconds since 1970
	found string
	parts children
	err   *trace.Error
	why   string
}

func (t *times) refuse(rule *trace.Rule, err *trace.Error, expected, found, why string) *trace.Step {
	if t.err == nil {
		t.err, t.why = err, why
	}
	return t.parts.add(rule, trace.Failed, expected, found, why)
}

func (t *times) checkExp(exp int64) {
	expected, ago := "before "+clock(exp), span(t.now-exp)
	switch {
	case t.now < exp:
		t.parts.add(ruleExp, trace.Passed, expected, t.found, "")
	// RFC 7519 §4.1.4: "on or after" exp the token is expired; AWS's window
	// comes on top.
	case t.now < exp+expiryWindow:
		t.why = "The token expired " + ago + " ago; AWS takes it for five minutes more, to allow for clocks that differ."
		t.parts.add(ruleExp, trace.Warned, expected, t.found, t.why)
	default:
		t.refuse(ruleExp, errExpired(t.now, exp), expected, t.found,
			"The token expired "+ago+" ago, and the five minutes that AWS allows for clocks that differ are over; request a new token right before the call.")
	}
}

func (t *times) checkNotBefore(nbf int64) {
	expected := "not before " + clock(nbf)
	if t.now < nbf {
		t.refuse(ruleNotBefore, errNotYet, expected, t.found, "The token becomes valid in "+span(nbf-t.now)+"; AWS documents no allowance for clocks that differ here.").AsModelled()
		return
	}
	t.parts.add(ruleNotBefore, trace.Passed, expected, t.found, "")
}

func (t *times) checkIssuedAt(iat int64) {
	expected, found := "at or before "+t.found, clock(iat)
	if iat > t.now {
		t.refuse(ruleIssuedAt, errNotYet, expected, found, "The token claims to be issued "+span(iat-t.now)+" from now; the issuer's clock is ahead.").AsModelled()
		return
	}
	t.parts.add(ruleIssuedAt, trace.Passed, expected, found, "")
}

func (t *times) checkAge(iat int64) {
	age := max(t.now-iat, 0)
	if age > maxAge {
		t.refuse(ruleAge, errTooOld(age), "at most 24 hours", span(age),
			"AWS refuses a token that was issued too long ago, even where its exp lies ahead; the limit of a day is inferred from real refusals.").AsModelled()
		return
	}
	t.parts.add(ruleAge, trace.Passed, "at most 24 hours", span(age), "")
}

// clock is a NumericDate (RFC 7519 §2) in words, UTC.
func clock(seconds int64) string {
	if seconds <= 0 {
		return "none"
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04:05 UTC")
}

// span is a number of seconds in words: 59 seconds, 5 minutes 1 second, 3
// hours, 12 days.
func span(seconds int64) string {
	switch {
	case seconds < 60:
		return count(seconds, "second")
	case seconds < 3600:
		return count(seconds/60, "minute") + rest(seconds%60, "second")
	case seconds < 2*86400:
		return count(seconds/3600, "hour") + rest(seconds%3600/60, "minute")
	}
	return count(seconds/86400, "day")
}

// ago is how long ago something was, in words.
func ago(seconds int64) string {
	if seconds == 0 {
		return "this very second"
	}
	return span(seconds) + " ago"
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.FormatInt(n, 10) + " " + unit + "s"
}

func rest(n int64, unit string) string {
	if n == 0 {
		return ""
	}
	return " " + count(n, unit)
}
