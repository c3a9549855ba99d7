package iam

import (
	"cmp"
	"strconv"
	"time"
)

// instant is a moment: seconds since 1970 and nanoseconds.
type instant struct {
	seconds int64
	nanos   int32
}

func (a instant) compare(b instant) int {
	return cmp.Or(cmp.Compare(a.seconds, b.seconds), cmp.Compare(a.nanos, b.nanos))
}

// dateForms are the W3C's forms of ISO 8601 (https://www.w3.org/TR/NOTE-datetime)
// and, as modelled, a time without its zone, read as UTC. Go's layouts accept a
// fraction after the seconds by themselves.
var dateForms = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01",
}

// parseDate reads "one of the W3C implementations of the ISO 8601 date
// formats or … epoch (UNIX) time" (IAM User Guide,
// reference_policies_elements_condition_operators). Four digits alone are a
// year; other numbers are seconds since 1970.
func parseDate(s string) (instant, bool) {
	if len(s) == 0 || len(s) > 40 {
		return instant{}, false
	}
	if number, isNumber := epoch(s); isNumber {
		return number, true
	}
	if len(s) == 4 && digits(s) {
		year, _ := strconv.Atoi(s)
		return instant{seconds: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix()}, true
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return instant{t.Unix(), int32(t.Nanosecond())}, true
		}
	}
	return instant{}, false
}

// epoch reads seconds since 1970, unless they have the form of a year.
func epoch(s string) (instant, bool) {
	unsigned := s
	if s[0] == '-' {
		unsigned = s[1:]
	}
	if !digits(unsigned) || len(s) == 4 {
		return instant{}, false
	}
	seconds, err := strconv.ParseInt(s, 10, 64)
	return instant{seconds: seconds}, err == nil
}
