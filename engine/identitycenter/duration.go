package identitycenter

import (
	"strconv"
	"strings"
)

// secondsIn is a length of time as SessionDuration of a permission set has it
// (ISO 8601: PnDTnHnMnS). "" stands for the default of one hour (IAM Identity
// Center guide, "Set session duration for AWS accounts").
func secondsIn(text string) (seconds int64, ok bool) {
	if text == "" {
		return 3600, true
	}
	rest, ok := strings.CutPrefix(text, "P")
	if !ok || len(text) > 100 {
		return 0, false
	}
	days, clock, timed := strings.Cut(rest, "T")
	if timed && clock == "" || !timed && days == "" {
		return 0, false
	}
	inDays, ok := parts(days, []unit{{'W', 7 * 86400}, {'D', 86400}})
	inClock, also := parts(clock, []unit{{'H', 3600}, {'M', 60}, {'S', 1}})
	return inDays + inClock, ok && also
}

// unit is a letter of ISO 8601 and how many seconds it stands for.
type unit struct {
	letter  byte
	seconds int64
}

// parts adds up numbers with letters behind them, which come in the order of
// the units and each at most once.
func parts(text string, units []unit) (sum int64, ok bool) {
	for _, u := range units {
		at := strings.IndexByte(text, u.letter)
		if at < 0 {
			continue
		}
		n, err := strconv.ParseUint(text[:at], 10, 31)
		if err != nil {
			return 0, false
		}
		sum += int64(n) * u.seconds
		text = text[at+1:]
	}
	return sum, text == ""
}
