package main

import (
	_ "embed"
	"net/http"

	"stsplayground/engine/source"
)

// openAPI describes the API (OpenAPI 3.1).
//
//go:embed openapi.yaml
var openAPI string

// openAPIJSON is the same as JSON.
func openAPIJSON() string {
	tree, err := source.ParseYAML(openAPI)
	if err != nil {
		panic(err) // it is part of the program
	}
	return tree.JSON("  ") + "\n"
}

// describe answers with the description, which programs of other sites may
// read too.
func (s *site) describe(text, contentType string) http.HandlerFunc {
	return shared(func(w http.ResponseWriter, r *http.Request) {
		s.send(w, r, http.StatusOK, contentType, []byte(text))
	})
}
