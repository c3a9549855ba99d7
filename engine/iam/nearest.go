package iam

import "strings"

// nearest is the known name closest to name, whatever the case, at most a
// third of its letters (and at most three) away; empty where none is.
func nearest(name string, known []string) string {
	if len(name) > 64 {
		return ""
	}
	folded := strings.ToLower(name)
	best, limit := "", min(3, (len(name)+1)/3)
	for _, candidate := range known {
		if d := distance(folded, strings.ToLower(candidate)); d <= limit {
			if d == 0 {
				return candidate
			}
			best, limit = candidate, d-1
		}
	}
	return best
}

// distance is Levenshtein's, with neighbours swapped counting as one, in bytes.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
