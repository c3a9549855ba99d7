package idp

import (
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/source"
)

// numericDate is the moment that a described time stands for, in seconds
// since 1970 (RFC 7519 §2, NumericDate): an integer, an RFC 3339 time, or a
// time relative to at. Parts of a second are cut off.
func numericDate(n *source.Node, at time.Time) (int64, bool) {
	switch n.Kind {
	case source.Number:
		// Beyond 2^53 many readers of JSON lose digits (RFC 8259 §6).
		seconds, err := strconv.ParseInt(n.Text, 10, 64)
		return seconds, err == nil && -1<<53 < seconds && seconds < 1<<53
	case source.String:
		if t, err := time.Parse(time.RFC3339, n.Text); err == nil {
			return t.Unix(), true
		}
		if d, ok := relative(n.Text); ok {
			return at.Add(d).Unix(), true
		}
	}
	return 0, false
}

// relative reads a signed duration as Go writes it, with days added: +10m,
// -30s, +1h30m, -2d, +1d12h. A century is the most.
func relative(s string) (time.Duration, bool) {
	rest, negative := strings.CutPrefix(s, "-")
	if !negative {
		var positive bool
		if rest, positive = strings.CutPrefix(s, "+"); !positive {
			return 0, false
		}
	}
	// A second sign would be read by ParseDuration.
	if rest == "" || rest[0] == '+' || rest[0] == '-' {
		return 0, false
	}
	const century = 100 * 365 * 24 * time.Hour
	var total time.Duration
	if days, after, ok := strings.Cut(rest, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, false
		}
		total = time.Duration(n) * 24 * time.Hour
		rest = after
		if rest != "" && (rest[0] == '+' || rest[0] == '-') {
			return 0, false
		}
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d > century {
			return 0, false
		}
		total += d
	}
	if total > century {
		return 0, false
	}
	if negative {
		return -total, true
	}
	return total, true
}
