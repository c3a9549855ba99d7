package sts

import (
	"fmt"
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
	now := at.Unix()
	var children []trace.Step
	var first *trace.Error
	status, why := trace.Passed, ""
	note := func(step trace.Step, err *trace.Error) {
		children = append(children, step)
		switch {
		case err != nil && first == nil:
			first, status, why = err, trace.Failed, step.Why
		case step.Status == trace.Warned && status == trace.Passed:
			status, why = trace.Warned, step.Why
		}
	}
	if c.Expires > 0 {
		note(checkExp(c.Expires, now))
	}
	if c.HasNotBefore {
		note(checkNotBefore(c.NotBefore, now))
	}
	if c.IssuedAt > 0 {
		note(checkIssuedAt(c.IssuedAt, now))
		note(checkAge(c.IssuedAt, now))
	}
	if len(children) == 0 {
		w.skip("The token has no time that can be read.", ruleExpiry)
		return
	}
	step := ruleExpiry.Step(status, "iat "+clock(c.IssuedAt)+", exp "+clock(c.Expires), "used at "+clock(now), why).With(children...)
	w.settle(step, first)
}

func checkExp(exp, now int64) (trace.Step, *trace.Error) {
	expected, found := "before "+clock(exp), clock(now)
	switch {
	case now < exp:
		return ruleExp.Pass(expected, found, ""), nil
	// RFC 7519 §4.1.4: "on or after" exp the token is expired; AWS's window
	// comes on top.
	case now < exp+expiryWindow:
		return ruleExp.Warn(expected, found, fmt.Sprintf("The token expired %s ago; AWS takes it for five minutes more, to allow for clocks that differ.", span(now-exp))), nil
	}
	return ruleExp.Fail(expected, found, fmt.Sprintf("The token expired %s ago, and the five minutes that AWS allows for clocks that differ are over; request a new token right before the call.", span(now-exp))), errExpired(now, exp)
}

func checkNotBefore(nbf, now int64) (trace.Step, *trace.Error) {
	expected, found := "not before "+clock(nbf), clock(now)
	if now < nbf {
		return ruleNotBefore.Fail(expected, found, fmt.Sprintf("The token becomes valid in %s; no window is documented for nbf.", span(nbf-now))).AsModelled(), errNotYet
	}
	return ruleNotBefore.Pass(expected, found, ""), nil
}

func checkIssuedAt(iat, now int64) (trace.Step, *trace.Error) {
	expected, found := "at or before "+clock(now), clock(iat)
	if iat > now {
		return ruleIssuedAt.Fail(expected, found, fmt.Sprintf("The token claims to be issued in %s from now; the issuer's clock is ahead.", span(iat-now))).AsModelled(), errNotYet
	}
	return ruleIssuedAt.Pass(expected, found, ""), nil
}

func checkAge(iat, now int64) (trace.Step, *trace.Error) {
	age := now - iat
	if age > maxAge {
		return ruleAge.Fail("at most 24 hours", span(age), "AWS refuses a token that was issued too long ago, even where its exp lies ahead; the limit of a day is inferred from real refusals.").AsModelled(), errTooOld(age)
	}
	return ruleAge.Pass("at most 24 hours", span(max(age, 0)), ""), nil
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

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

func rest(n int64, unit string) string {
	if n == 0 {
		return ""
	}
	return " " + count(n, unit)
}
