package saml

import "strings"

// Pretty is the document made anew from Root for people to read: indented, an
// element that has only text on one line, comments left out. It isn't what was
// sent, and no signature holds for it.
func (d *Document) Pretty() string {
	if d.Root == nil {
		return ""
	}
	var b strings.Builder
	d.Root.pretty(&b, "")
	return b.String()
}

var (
	escapeText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	escapeValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;", "\t", "&#x9;")
)

func (e *Element) pretty(b *strings.Builder, indent string) {
	name := e.Name()
	b.WriteString(indent)
	b.WriteByte('<')
	b.WriteString(name)
	for _, a := range e.Attrs {
		b.WriteByte(' ')
		b.WriteString(a.Name)
		b.WriteString(`="`)
		escapeValue.WriteString(b, a.Value)
		b.WriteByte('"')
	}
	if e.Text == "" && len(e.Children) == 0 {
		b.WriteString("/>\n")
		return
	}
	b.WriteByte('>')
	if len(e.Children) > 0 {
		b.WriteByte('\n')
		inner := indent + "  "
		if e.Text != "" {
			b.WriteString(inner)
			escapeText.WriteString(b, e.Text)
			b.WriteByte('\n')
		}
		for _, child := range e.Children {
			child.pretty(b, inner)
		}
		b.WriteString(indent)
	} else {
		escapeText.WriteString(b, e.Text)
	}
	b.WriteString("</")
	b.WriteString(name)
	b.WriteString(">\n")
}
