package scenario

import "reflect"

// Parameter is a parameter of an operation, as a form asks for it. Words are
// those that it takes, nil where it takes any.
type Parameter struct {
	Name     string
	Kind     ParameterKind
	Required bool // by the scenario; what AWS requires is checked when the call is played
	Words    []string
}

// ParameterKind is how a parameter is written.
type ParameterKind string

const (
	KindText     ParameterKind = "text"
	KindNumber   ParameterKind = "number"   // whole
	KindFlag     ParameterKind = "flag"     // true or false
	KindList     ParameterKind = "list"     // of texts
	KindTags     ParameterKind = "tags"     // a list of Tag
	KindPolicies ParameterKind = "policies" // a list of PolicyArn
	KindDocument ParameterKind = "document" // judged when the call is played: JSON, or a text
	KindToken    ParameterKind = "token"
	KindTokens   ParameterKind = "tokens" // by the name of who issued them
	KindJSON     ParameterKind = "json"   // anything else
)

// Parameters are those of an operation that is played, in the order of AWS's
// documentation; nil for any other action.
func Parameters(action string) []Parameter {
	o, played := operations[action]
	if !played {
		return nil
	}
	t := reflect.TypeOf(o.into(new(Call))).Elem()
	s := shapes()[t]
	names := o.names
	if names == nil {
		names = s.names
	}
	all := make([]Parameter, 0, len(names))
	for _, name := range names {
		if f, ok := s.fields[name]; ok {
			all = append(all, Parameter{name, kindOf(t.Field(f.index).Type), f.required, f.oneof})
		}
	}
	return all
}

func kindOf(t reflect.Type) ParameterKind {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[Document]():
		return KindDocument
	case reflect.TypeFor[Token]():
		return KindToken
	case reflect.TypeFor[map[string]Token]():
		return KindTokens
	case reflect.TypeFor[[]Tag]():
		return KindTags
	case reflect.TypeFor[[]PolicyArn]():
		return KindPolicies
	case reflect.TypeFor[[]string]():
		return KindList
	}
	switch t.Kind() {
	case reflect.String:
		return KindText
	case reflect.Bool:
		return KindFlag
	case reflect.Int, reflect.Int64:
		return KindNumber
	}
	return KindJSON
}
