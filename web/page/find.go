package page

import (
	"slices"
	"strings"

	"stsplayground/engine/causes"
)

// LongestQuery bounds what can be looked for, in bytes: an error line, even
// one with a request's ARNs in it.
const LongestQuery = 2000

// found is what a search of the gallery came to.
type found struct {
	Errors  []causes.Error // that the text has the words of
	Entries []Entry        // the best first
}

// find looks for a text in the gallery: as words, all of which have to be
// there, and as an error line, whose words are recognised whatever stands
// around them.
func find(entries []Entry, query string) (f found) {
	f.Errors = causes.Explain(query).Errors
	known := causes.Recognise(query)
	words := strings.Fields(strings.ToLower(query))
	ranks := map[string]int{}
	for _, e := range entries {
		if rank := e.rank(words, known); rank > 0 {
			ranks[e.Slug] = rank
			f.Entries = append(f.Entries, e)
		}
	}
	slices.SortStableFunc(f.Entries, func(a, b Entry) int { return ranks[b.Slug] - ranks[a.Slug] })
	return f
}

// rank is how well an entry fits: 0 not at all, and the more the nearer to its
// title the words are found.
func (e Entry) rank(words []string, errors []causes.Error) int {
	switch {
	case len(words) == 0:
		return 0
	case has(e.title, words):
		return 4
	case has(e.about, words):
		return 3
	case e.answersLike(errors):
		return 2
	case has(e.text, words):
		return 1
	}
	return 0
}

func has(hay string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(hay, word) })
}

// answersLike says whether a call is answered with one of the errors.
func (e Entry) answersLike(errors []causes.Error) bool {
	return slices.ContainsFunc(e.Ends, func(end CallEnd) bool {
		return slices.ContainsFunc(errors, func(looked causes.Error) bool { return looked.Words == end.known.Words })
	})
}
