package sts

import "stsplayground/engine/saml"

// viewTimes are the moments of the proven assertion that AWS holds against
// the call's, by the names that SAML gives them; RFC 3339, UTC.
func (f *facts) viewTimes() (times []NamedValue) {
	add := func(name string, i saml.Instant) {
		if i.Known {
			times = append(times, NamedValue{name, timestamp(i.Time)})
		}
	}
	a := &f.saml.assertion
	add("IssueInstant", a.IssueInstant)
	add("NotBefore", a.Conditions.NotBefore)
	add("NotOnOrAfter", a.Conditions.NotOnOrAfter)
	for _, c := range a.Confirmations {
		add("NotBefore of the confirmation", c.NotBefore)
		add("NotOnOrAfter of the confirmation", c.NotOnOrAfter)
	}
	for _, s := range a.Statements {
		add("SessionNotOnOrAfter", s.SessionNotOnOrAfter)
	}
	return times
}
