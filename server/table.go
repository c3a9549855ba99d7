package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// table prints reports for people.
type table struct {
	width  int // columns of the terminal
	colour bool
}

func (t table) print(w io.Writer, all []played) error {
	for _, one := range all {
		if _, err := fmt.Fprintln(w, one.file, printable(one.report.Title)); err != nil {
			return err
		}
	}
	return nil
}

// printable is s with the runes that could steer a terminal, or reorder the
// line, written as escapes: names and messages come from the scenario.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}
