// Package godebug stands in for internal/godebug in the engine's WebAssembly:
// see web/build/standins.go. A browser has no environment, and go.mod sets no
// setting, so each has its default, and there is no metric to count where it
// doesn't.
package godebug

type Setting struct{ name string }

func New(name string) *Setting { return &Setting{name} }

func (s *Setting) Name() string     { return s.name }
func (*Setting) Undocumented() bool { return false }
func (s *Setting) String() string   { return s.name + "=" }
func (*Setting) Value() string      { return "" }
func (*Setting) IncNonDefault()     {}
