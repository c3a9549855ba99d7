package main

import (
	"github.com/a-h/templ"

	"stsplayground/web/page"
)

// article is a page to read. Its path is also its route, and the folder that
// an export writes it into.
type article struct {
	path, title string
	body        templ.Component
}

func articles() []article {
	return []article{
		{"modelled", "What is modelled", page.WhatIsModelled(page.ReadModelled())},
	}
}
