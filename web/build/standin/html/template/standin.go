// Package template stands in for html/template in the engine's WebAssembly:
// see web/build/standins.go. It has what templ names for mixing its components
// with html/template's, which the report doesn't.
package template

import (
	"errors"
	"io"
)

type HTML string

type Template struct{}

func (*Template) Execute(io.Writer, any) error {
	return errors.New("html/template is not part of the engine")
}
