package page

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"stsplayground/web/glossary"
)

// letter is the terms that begin with one letter.
type letter struct {
	Name  string
	Terms []glossary.Term
}

// byLetter are all terms, in the order of their names.
func byLetter() (letters []letter) {
	terms := glossary.All()
	slices.SortFunc(terms, func(a, b glossary.Term) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	for _, t := range terms {
		name := strings.ToUpper(t.Name[:1])
		if len(letters) == 0 || letters[len(letters)-1].Name != name {
			letters = append(letters, letter{Name: name})
		}
		last := &letters[len(letters)-1]
		last.Terms = append(last.Terms, t)
	}
	return letters
}

// teach are the lessons whose texts link to a term.
func teach(t glossary.Term, lessons []LessonText) (those []LessonText) {
	for _, l := range lessons {
		if strings.Contains(l.Text, "]("+glossary.Scheme+t.Slug+")") {
			those = append(those, l)
		}
	}
	return those
}

// mention is a piece of a text; Slug is the term that it names, "" for none.
type mention struct{ Text, Slug string }

// mentions cuts a term's text at the other terms that it names, each the first
// time.
func mentions(t glossary.Term) (pieces []mention) {
	named, slugs := names()
	seen := map[string]bool{t.Slug: true}
	from := 0
	for _, at := range named.FindAllStringIndex(t.Text, -1) {
		slug := slugs[spelt(t.Text[at[0]:at[1]])]
		if seen[slug] || partOfAWord(t.Text, at) {
			continue
		}
		seen[slug] = true
		pieces = append(pieces, mention{Text: t.Text[from:at[0]]}, mention{Text: t.Text[at[0]:at[1]], Slug: slug})
		from = at[1]
	}
	return append(pieces, mention{Text: t.Text[from:]})
}

// partOfAWord says whether what stands there goes on, as the attribute of
// attribute-based and the role of aws:role do.
func partOfAWord(text string, at []int) bool {
	return at[0] > 0 && strings.ContainsRune("-:/", rune(text[at[0]-1])) ||
		at[1] < len(text) && strings.ContainsRune("-/", rune(text[at[1]]))
}

// names matches the names of all terms, the longest first, and gives their
// slugs by the names as spelt writes them. A name may begin with a small
// letter, and may be a plural.
var names = sync.OnceValues(func() (*regexp.Regexp, map[string]string) {
	slugs := map[string]string{}
	var patterns []string
	for _, t := range glossary.All() {
		slugs[spelt(t.Name)] = t.Slug
		pattern := regexp.QuoteMeta(strings.TrimSuffix(t.Name, "y"))
		if pattern != regexp.QuoteMeta(t.Name) {
			pattern += "(?:y|ies)"
		}
		if !abbreviated(t.Name) {
			pattern = "(?i:" + pattern[:1] + ")" + pattern[1:]
		}
		patterns = append(patterns, pattern)
	}
	slices.SortFunc(patterns, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(`\b(?:` + strings.Join(patterns, "|") + `)s?\b`), slugs
})

// spelt is a name in one spelling: in the singular, and beginning with a
// small letter unless it begins with an abbreviation.
func spelt(name string) string {
	if singular, ok := strings.CutSuffix(name, "ies"); ok {
		name = singular + "y"
	}
	name = strings.TrimSuffix(name, "s")
	if abbreviated(name) {
		return name
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// abbreviated says whether a name begins with two capitals.
func abbreviated(name string) bool {
	return len(name) > 1 && strings.ToUpper(name[:2]) == name[:2]
}
