// Package glossary has the terms of the field, each explained in a sentence
// or two with its source. A lesson's text links to one as
// [words](glossary:slug).
package glossary

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"stsplayground/engine/trace"
)

// Term is a word of the field. Text is plain: one to three sentences.
type Term struct {
	Slug   string // lower-case, unique, never renamed: lessons link to it
	Name   string // as it stands in a text
	Text   string
	Source trace.Cite
}

// Scheme begins the address of a link to a term: glossary:oidc-provider.
const Scheme = "glossary:"

//go:embed glossary.txt
var text string

var terms = sync.OnceValue(func() []Term {
	read, err := parse(text)
	if err != nil {
		panic(err)
	}
	return read
})

// All is every term, in the order of the slugs.
func All() []Term { return slices.Clone(terms()) }

// Find gives the term of a slug.
func Find(slug string) (t Term, ok bool) {
	all := terms()
	i, ok := slices.BinarySearchFunc(all, slug, func(t Term, slug string) int { return strings.Compare(t.Slug, slug) })
	if !ok {
		return Term{}, false
	}
	return all[i], true
}

// parse reads the terms: a line each, slug | term | explanation | source |
// address, in the order of the slugs. Lines that begin with # say something
// to whoever edits the file.
func parse(text string) (all []Term, err error) {
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, " | ")
		switch {
		case len(fields) != 5 || slices.Contains(fields, ""):
			return nil, fmt.Errorf("glossary.txt:%d: a term is slug | term | explanation | source | address", n+1)
		case len(all) > 0 && fields[0] <= all[len(all)-1].Slug:
			return nil, fmt.Errorf("glossary.txt:%d: %s stands after %s; the terms are in the order of their slugs, each once", n+1, fields[0], all[len(all)-1].Slug)
		}
		all = append(all, Term{fields[0], fields[1], fields[2], trace.Cite{Title: fields[3], URL: fields[4]}})
	}
	return all, nil
}
