package page

import "github.com/a-h/templ"

// Reading is a page to read: what the playground explains without playing it.
// It stands beside the front page, at NAME on the server and at NAME/ in an
// export.
type Reading struct {
	Name  string // its address, beside the front page's
	Title string
	About string // what it answers, in a sentence
}

// Readings are the pages to read, in the order in which they are offered.
var Readings = []Reading{
	{"compare", "Comparisons", "Protocols, patterns and calls side by side, and an order to roll them out in."},
	{"myths", "Articles and AWS", "What popular articles get wrong, and what AWS does."},
	{"glossary", "Glossary", "The words of the field, each in a sentence or two."},
	{"modelled", "What is modelled", "What AWS doesn't document, and what is played instead."},
}

// LessonText is a lesson as the glossary looks for its terms in it.
type LessonText struct {
	Slug  string
	Title string
	Text  string // all that it says; Markdown, whose links name the terms
}

// Body is what the page says. Home is the front page's address as seen from
// it; lessons are those that its terms may be taught in.
func (r Reading) Body(home string, lessons []LessonText) templ.Component {
	switch r.Name {
	case "compare":
		return Comparisons(home)
	case "myths":
		return Myths(home, ReadMyths())
	case "glossary":
		return Terms(home, lessons)
	case "modelled":
		return WhatIsModelled(ReadModelled())
	}
	return templ.NopComponent
}
