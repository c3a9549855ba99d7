package saml

import (
	"fmt"
	"strings"

	"stsplayground/engine/source"
)

// candidate is a string of a JSON text that holds a response: the offsets of
// what is between its quotation marks.
type candidate struct {
	layer      string
	start, end int
	aws        bool // it was sent to AWS
}

// json finds the response in JSON: the member SAMLResponse of an object, or
// what a HAR (HTTP Archive 1.2) has of the form, the page before it or the
// address.
func (o *opener) json(text string) (string, *Refusal) {
	root, err := source.ParseJSON(text)
	if err != nil {
		if c, ok := findInExcerpt(text); ok {
			return o.push(c.layer, text, c.start, c.end, inJSON), nil
		}
		return "", o.notSAML(fmt.Sprintf("JSON that can't be read: %s", source.Clip(err.Reason)), "The JSON breaks off or is broken, and the part that is there has no SAMLResponse; paste the value of SAMLResponse alone.", err.Offset)
	}
	f := finder{layer: "JSON"}
	if root.Get("log") != nil || root.Get("postData") != nil || root.Get("request") != nil || root.Get("entries") != nil || root.Get("params") != nil {
		f.layer = "HAR"
	}
	f.look(&root, false)
	if len(f.found) == 0 {
		switch {
		case f.request != nil:
			return "", o.notSAML("JSON with SAMLRequest, an authentication request", itsRequest, f.request.Offset)
		case root.Get("keys") != nil || root.Get("kty") != nil:
			return "", o.notSAML("a JSON Web Key Set", "A key set is OpenID Connect's; a SAML provider's keys are in its metadata, and the response is the value of SAMLResponse.", 0)
		}
		return "", o.notSAML("JSON without SAMLResponse", "The JSON has no string that holds a response; record the sign-in with the browser's developer tools open, and export that.", 0)
	}
	c := f.best()
	return o.push(c.layer, text, c.start, c.end, inJSON), nil
}

// finder collects the strings of a JSON text that hold responses, in order.
type finder struct {
	layer   string
	found   []candidate
	request *source.Node // a SAMLRequest
}

// best is the last response that was sent to AWS, or else the last one: a
// recording often has the sign-in to the identity provider before it.
func (f *finder) best() candidate {
	best := f.found[len(f.found)-1]
	for i := len(f.found) - 1; i >= 0; i-- {
		if f.found[i].aws {
			return f.found[i]
		}
	}
	return best
}

func (f *finder) look(n *source.Node, aws bool) {
	switch n.Kind {
	case source.Array:
		for i := range n.Items {
			f.look(&n.Items[i], aws)
		}
	case source.Object:
		for _, url := range []*source.Node{n.Get("url"), n.Get("request").Get("url")} {
			if url != nil && (strings.Contains(url.Text, "signin.aws.amazon.com") || strings.Contains(url.Text, "signin.amazonaws")) {
				aws = true
			}
		}
		name := ""
		if m := n.Get("name"); m != nil && m.Kind == source.String {
			name = m.Text
		}
		encoded := n.Get("encoding") != nil && n.Get("encoding").Text == "base64"
		for i := range n.Members {
			m := &n.Members[i]
			called := m.Name
			if called == "value" && name != "" {
				called = name
			}
			switch {
			case m.Value.Kind != source.String:
				f.look(&m.Value, aws)
			case called == "SAMLResponse" || called == "SAMLAssertion":
				f.add(&m.Value, aws)
			case called == "SAMLRequest":
				f.request = &m.Value
			case encoded && m.Name == "text":
				if holdsField(decodeLoosely(m.Value.Text)) {
					f.add(&m.Value, aws)
				}
			default:
				f.look(&m.Value, aws)
			}
		}
	case source.String:
		if holdsField(n.Text) {
			f.add(n, aws)
		} else if f.request == nil && indexWord(n.Text, "SAMLRequest") >= 0 {
			f.request = n
		}
	}
}

func (f *finder) add(n *source.Node, aws bool) {
	if n.Text != "" {
		f.found = append(f.found, candidate{f.layer, n.Offset + 1, n.End - 1, aws})
	}
}

// holdsField says whether a text is a form's body, an address or a page that
// has the response in it.
func holdsField(text string) bool {
	if indexWord(text, "SAMLResponse") < 0 && indexWord(text, "SAMLAssertion") < 0 {
		return false
	}
	if strings.HasPrefix(strings.TrimLeft(text, white), "<") {
		o := opener{d: &Document{}}
		_, r := o.page(text)
		return r == nil
	}
	_, ok := findField(text)
	return ok
}

// decodeLoosely is what base64 holds, "" where it isn't base64.
func decodeLoosely(text string) string {
	o := opener{d: &Document{}}
	decoded, _ := o.base64(text)
	return decoded
}

// findInExcerpt looks through the strings of a part of a HAR or other JSON,
// which needn't begin or end where a value does.
func findInExcerpt(text string) (candidate, bool) {
	layer := "JSON"
	if strings.Contains(text, `"postData"`) || strings.Contains(text, `"params"`) || strings.Contains(text, `"headersSize"`) {
		layer = "HAR"
	}
	var before [3]string // the strings before, the nearest last
	for at := 0; at < len(text); {
		i := strings.IndexByte(text[at:], '"')
		if i < 0 {
			break
		}
		start := at + i + 1
		end := start
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, len(text))
		c := candidate{layer: layer, start: start, end: end}
		colon := strings.HasSuffix(strings.TrimRight(text[:start-1], white), ":")
		value := ""
		switch named := before[2]; {
		case colon && end > start && (named == "SAMLResponse" || named == "SAMLAssertion" || named == "value" && before[1] == "SAMLResponse" && before[0] == "name"):
			return c, true
		case strings.Contains(text[start:end], "SAMLResponse"):
			if value = inJSON.decode(text[start:end]); holdsField(value) {
				return c, true
			}
		case end-start < 32:
			value = text[start:end]
		}
		before[0], before[1], before[2] = before[1], before[2], value
		at = end + 1
	}
	return candidate{}, false
}
