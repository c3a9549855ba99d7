package idp

import (
	"strconv"
	"strings"
)

// values are the defaults of a profile of profiles.txt. Each fact is taken
// from the claim that states it, else from the subject, else from the issuer.
func (w *writtenProfile) values(d *description) map[string]string {
	f := filling{w, d, map[string]string{}}
	f.learn(w.claim("iss"), d.issuer, false)
	f.learn(w.claim("sub"), d.text("sub"), false)
	for _, c := range w.claims {
		if c.name != "iss" && c.name != "sub" {
			f.learn(c, d.text(c.name), false)
		}
	}
	values := make(map[string]string, len(w.claims))
	for _, c := range w.claims {
		values[c.name] = f.claim(c)
	}
	values["iss"] = quote(d.issuer)
	return values
}

func (w *writtenProfile) claim(name string) (c written) {
	for _, c := range w.claims {
		if c.name == name {
			return c
		}
	}
	return c
}

func (w *writtenProfile) part(name string) (p written) {
	for _, p := range w.parts {
		if p.name == name {
			return p
		}
	}
	return p
}

// filling is the making of one token's defaults.
type filling struct {
	*writtenProfile
	*description
	known map[string]string // parts that the description tells
}

// claim is a claim's default as JSON, "" where it has none.
func (f *filling) claim(c written) string {
	for _, form := range c.forms {
		if !f.holds(form) {
			continue
		}
		switch text := form.text; {
		case text[0] == '@':
			seconds, _ := strconv.ParseInt(text[1:], 10, 64)
			return number(f.at + seconds)
		case text[0] == '=':
			if value, ok := f.fill(c.name, text[1:], inJSON); ok {
				return value
			}
		default:
			if value, ok := f.fill(c.name, text, asText); ok {
				return quote(value)
			}
		}
	}
	return ""
}

// holds says whether what a form asks for is so.
func (f *filling) holds(form form) bool {
	if form.asks == "" {
		return true
	}
	value, ok := f.value(form.asks)
	return ok && (form.value == "" || form.value == value)
}

// value is a part's: what the description tells, else its first form that can
// be filled in.
func (f *filling) value(name string) (string, bool) {
	switch name {
	case "issuer":
		return f.issuer, true
	case "seed":
		return f.seed, true
	}
	if value := f.known[name]; value != "" {
		return value, true
	}
	for _, form := range f.part(name).forms {
		if value, ok := f.fill(name, form.text, asText); ok {
			return value, true
		}
	}
	return "", false
}

func asText(text string) string { return text }

// inJSON is text as it stands between the quotation marks of a string.
func inJSON(text string) string {
	quoted := quote(text)
	return quoted[1 : len(quoted)-1]
}

// fill replaces the parts of a form; false where one isn't there. Made-up
// values follow from the claim's name too, so that two ids of one thing differ.
func (f *filling) fill(claim, text string, write func(string) string) (string, bool) {
	var out strings.Builder
	for {
		before, name, after, found := cutPart(text)
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		made, part, isMade := strings.Cut(name, ":")
		if !isMade {
			part = name
		}
		value, ok := f.value(part)
		if !ok {
			return "", false
		}
		switch {
		case !isMade:
		case made == "id":
			value = decimal(8, claim, value)
		case made == "uuid":
			value = uuid(claim, value)
		case made == "hex":
			value = digest(claim, value)[:40]
		default: // code
			value = digest(claim, value)[:16]
		}
		out.WriteString(write(value))
		text = after
	}
}

// learn reads a described text backwards: the first form that it fits tells
// the parts. A part's own form that is nothing but another part tells nothing.
func (f *filling) learn(w written, text string, ofPart bool) {
	if text == "" || len(text) > longest {
		return
	}
	for _, form := range w.forms {
		parts, ok := match(form.text, text)
		if !ok || ofPart && len(parts) == 1 && parts[0].value == text {
			continue
		}
		if form.value != "" {
			f.known[form.asks] = form.value
		}
		for _, p := range parts {
			f.known[p.name] = p.value
			f.learn(f.part(p.name), p.value, true)
		}
		return
	}
}

// match takes a text apart by a form that is made of plain parts, from the
// end, so that a separator that occurs twice belongs to the part in front.
func match(form, text string) (parts object, ok bool) {
	if form == "" || form[0] == '@' || form[0] == '=' {
		return nil, false
	}
	var before, names []string
	for {
		literal, name, after, found := cutPart(form)
		if !found {
			rest, ok := strings.CutSuffix(text, literal)
			if !ok {
				return nil, false
			}
			text = rest
			break
		}
		if strings.Contains(name, ":") {
			return nil, false
		}
		before, names, form = append(before, literal), append(names, name), after
	}
	for i := len(names) - 1; i >= 0; i-- {
		at := strings.LastIndex(text, before[i])
		if i == 0 && !strings.HasPrefix(text, before[0]) || at < 0 {
			return nil, false
		}
		if i == 0 {
			at = 0
		}
		value := text[at+len(before[i]):]
		if value == "" {
			return nil, false
		}
		parts.set(names[i], value)
		text = text[:at]
	}
	return parts, len(names) > 0
}

// cutPart cuts a form at its first {part}. Other braces are text.
func cutPart(form string) (before, name, after string, found bool) {
	for at := 0; at < len(form); at++ {
		if form[at] != '{' {
			continue
		}
		end := at + 1
		for end < len(form) && (form[end] == ':' || 'a' <= form[end] && form[end] <= 'z') {
			end++
		}
		if end < len(form) && form[end] == '}' && end > at+1 {
			return form[:at], form[at+1 : end], form[end+1:], true
		}
	}
	return form, "", "", false
}
