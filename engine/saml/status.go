package saml

import (
	"strings"

	"stsplayground/engine/source"
)

// StatusSuccess is the top-level status code of a response that vouches for
// somebody (SAML Core §3.2.2.2).
const StatusSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success"

// Status is how the identity provider says that the sign-in went. It is read
// before anything is proven: a forged success opens nothing, because the
// assertion has to be signed all the same.
type Status struct {
	Given   bool
	Codes   []string // the top-level one first, then those inside it
	Message string
}

// StatusOf is the status of a response; not given where the document is none.
func StatusOf(d *Document) (s Status) {
	if d.Root == nil {
		return s
	}
	for _, el := range d.Root.Children {
		if el.Space != nsProtocol || el.Local != "Status" {
			continue
		}
		for _, part := range el.Children {
			switch part.Local {
			case "StatusCode":
				s.addCodes(part)
			case "StatusMessage":
				s.Message = part.Text
			}
		}
	}
	s.Given = len(s.Codes) > 0
	return s
}

func (s *Status) addCodes(el *Element) {
	for el != nil {
		value, next := "", (*Element)(nil)
		for _, a := range el.Attrs {
			if a.Name == "Value" {
				value = a.Value
			}
		}
		s.Codes = append(s.Codes, value)
		for _, inner := range el.Children {
			if inner.Local == "StatusCode" {
				next = inner
			}
		}
		el = next
	}
}

// Success says whether the identity provider reports success.
func (s Status) Success() bool { return s.Given && s.Codes[0] == StatusSuccess }

// Words are the codes and the message, a line each.
func (s Status) Words() string {
	lines := s.Codes
	if s.Message != "" {
		lines = append(lines[:len(lines):len(lines)], source.Quote(s.Message))
	}
	return strings.Join(lines, "\n")
}
