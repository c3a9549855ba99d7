package saml

import "strings"

// fieldNames are what a response is called where it is a value, and what it
// may stand in a line with.
var fieldNames = []struct{ name, layer string }{
	{"SAMLResponse", "form body"},
	{"SAMLAssertion", "form body"}, // of the API's own request
	{"--saml-assertion", "command line"},
}

// field is the value of a field in a text that is neither JSON nor HTML.
type field struct {
	layer      string
	start, end int
	file       bool // the value names a file
}

// findField looks for a field with a value. A form's body and an address
// have = behind the name, tools that list fields have a colon.
func findField(text string) (field, bool) {
	for _, n := range fieldNames {
		for from := 0; ; {
			i := indexWord(text[from:], n.name)
			if i < 0 {
				break
			}
			name := from + i
			from = name + len(n.name)
			if f, ok := fieldValue(text, from, n.layer); ok {
				if n.layer == "form body" && strings.LastIndex(text[:name], "://") >= 0 && strings.IndexByte(text[:name], '?') >= 0 && !strings.ContainsAny(text[:name], white) {
					f.layer = "URL"
				}
				return f, true
			}
		}
	}
	return field{}, false
}

// fieldValue is the value that follows a name which ends at an offset.
func fieldValue(text string, at int, of string) (field, bool) {
	skip := func(set string) string {
		start := at
		for at < len(text) && strings.IndexByte(set, text[at]) >= 0 {
			at++
		}
		return text[start:at]
	}
	separator := ""
	if of == "command line" {
		skip("=")
	} else {
		skip("\"' \t")
		if separator = skip("=:"); len(separator) != 1 {
			return field{}, false
		}
	}
	skip(white)
	f := field{layer: of, start: at}
	stops := "&#\"'`<;"
	switch {
	case at == len(text):
		return field{}, false
	case strings.IndexByte("\"'`", text[at]) >= 0:
		stops = text[at : at+1]
		f.start++
	case of == "command line":
		stops = white + "\"'`"
	case separator == ":":
		stops = "\r\n\"'`,"
	}
	f.end = len(text)
	if end := strings.IndexAny(text[f.start:], stops); end >= 0 {
		f.end = f.start + end
	}
	value := text[f.start:f.end]
	if separator == "=" {
		value = beforeOption(value)
		f.end = f.start + len(value)
	}
	for _, reference := range []string{"file://", "fileb://", "$", "@"} {
		f.file = f.file || strings.HasPrefix(value, reference)
	}
	return f, strings.Trim(value, white) != ""
}

// beforeOption is a value without the options of a command that follow it,
// such as curl's: -d x, --compressed.
func beforeOption(value string) string {
	for from := 0; ; {
		i := strings.Index(value[from:], " -")
		if i < 0 {
			return value
		}
		from += i + 2
		if rest := value[from:]; strings.HasPrefix(rest, "-") || len(rest) > 1 && rest[1] == ' ' {
			return value[:from-2]
		}
	}
}

// indexWord is the offset of a name that isn't a part of another.
func indexWord(text, name string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(name)
		if (i == 0 || nameByte[text[i-1]] == 0 || text[i-1] == ':') && (from == len(text) || nameByte[text[from]] == 0 || text[from] == ':') {
			return i
		}
	}
}

// quoted takes off quotation marks, where they don't begin a part of a HAR.
func (o *opener) quoted(text string) (string, *Refusal) {
	if o.quotes++; o.quotes > 3 { // each is looked through for more than a mark
		return "", o.notSAML("quotation marks within quotation marks", "Something was quoted again and again; paste the value of SAMLResponse as the browser sends it.", 0)
	}
	if text[0] == '"' {
		if c, ok := findInExcerpt(text); ok {
			return o.push(c.layer, text, c.start, c.end, inJSON), nil
		}
	}
	end := len(text)
	if i := strings.LastIndexByte(text[1:], text[0]); i >= 0 {
		end = 1 + i
	}
	if f, ok := findField(text[1:end]); ok && !f.file {
		return o.push("quotes", text, 1, end, verbatim), nil
	}
	e := verbatim
	if text[0] == '"' && strings.IndexByte(text, '\\') >= 0 {
		e = inJSON
	}
	return o.push("quotes", text, 1, end, e), nil
}

// page finds the form's field in HTML.
func (o *opener) page(text string) (string, *Refusal) {
	request := -1
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '<')
		if i < 0 {
			break
		}
		at += i + 1
		const tag = "input"
		if len(text)-at <= len(tag) || !strings.EqualFold(text[at:at+len(tag)], tag) || !isWhite(text[at+len(tag)]) && text[at+len(tag)] != '/' {
			continue
		}
		name, start, end, next := inputTag(text, at+len(tag))
		switch {
		case name == "SAMLResponse" && end > start:
			e := verbatim
			if strings.IndexByte(text[start:end], '&') >= 0 {
				e = inHTML
			}
			return o.push("HTML form", text, start, end, e), nil
		case name == "SAMLRequest":
			request = at - 1
		}
		at = next
	}
	if request >= 0 {
		return "", o.notSAML("a form with SAMLRequest, an authentication request", itsRequest, request)
	}
	return "", o.notSAML("a page without a field SAMLResponse", "The page has no form that holds a response: it may be the one where people sign in; copy the page or the request that comes after that.", 0)
}

// inputTag reads the attributes of an input element from an offset on: its
// name, where its value stands, and where the tag ends. HTML lets quotation
// marks be of either kind or left out.
func inputTag(text string, at int) (name string, start, end, next int) {
	for at < len(text) && text[at] != '>' {
		if isWhite(text[at]) || text[at] == '/' || text[at] == '=' {
			at++
			continue
		}
		from := at
		for at < len(text) && !isWhite(text[at]) && strings.IndexByte("=>/", text[at]) < 0 {
			at++
		}
		attribute := text[from:at]
		equals := at
		for equals < len(text) && isWhite(text[equals]) {
			equals++
		}
		if equals == len(text) || text[equals] != '=' {
			continue
		}
		at = equals + 1
		for at < len(text) && isWhite(text[at]) {
			at++
		}
		if at == len(text) {
			break
		}
		first, last := at, at
		if text[at] == '"' || text[at] == '\'' {
			first++
			if last = strings.IndexByte(text[first:], text[at]); last < 0 {
				last = len(text) - first
			}
			last += first
			at = min(last+1, len(text))
		} else {
			for at < len(text) && !isWhite(text[at]) && text[at] != '>' {
				at++
			}
			last = at
		}
		switch {
		case strings.EqualFold(attribute, "name"):
			name = inHTML.decode(text[first:last])
		case strings.EqualFold(attribute, "value"):
			start, end = first, last
		}
	}
	return name, start, end, at
}
