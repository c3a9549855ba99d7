package source

import (
	"strings"
	"unicode/utf8"
)

// The search for a near name stays cheap whatever is typed: longer names and
// later candidates are left out of it.
const (
	nearestNameLength = 64
	nearestCandidates = 200
)

// Nearest is the candidate that name most likely stands for, "" where none is
// close: whoever refuses a name that isn't known says which one is. Certain
// means that nothing but letter case or one slip of the finger tells the two
// apart.
func Nearest(name string, candidates []string) (found string, certain bool) {
	if len(name) > nearestNameLength {
		return "", false
	}
	lower := strings.ToLower(name)
	best := utf8.RuneCountInString(lower)/3 + 2
	for _, c := range candidates[:min(len(candidates), nearestCandidates)] {
		if len(c) > nearestNameLength {
			continue
		}
		if d := distance(lower, strings.ToLower(c)); d < best {
			found, best = c, d
		}
	}
	return found, found != "" && best <= 1
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to get from a to b: optimal string alignment.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row[0] = i
		for j := 1; j <= len(to); j++ {
			cost := 1
			if from[i-1] == to[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(to)]
}
