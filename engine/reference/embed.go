//go:build !js

package reference

import (
	_ "embed"
	"sync"
)

//go:embed reference.txt
var text string

var embedded = sync.OnceValue(func() *Reference {
	r, err := Parse(text)
	if err != nil {
		panic(err) // the tests read it
	}
	return r
})

// Embedded is the reference that the program carries. A program for the
// browser carries none and has no such function.
func Embedded() *Reference { return embedded() }
