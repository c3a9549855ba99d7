package exchange

import (
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// stack is a CloudFormation template in YAML, for the comments. It names what
// it makes, so that it needs the capability CAPABILITY_NAMED_IAM.
func stack(o *outlet) string {
	var b, body strings.Builder
	for i := range o.all {
		t := &o.all[i]
		switch k := t.kind; {
		case k.part != "":
			t.skip = true // it stands in what it is a part of
		case k.place == "SAMLProviders" && t.entry.Get("SAMLMetadataDocument") == nil:
			t.skip = true
			o.leave("SAML provider ", source.Quote(t.name()), " is left out: it has no metadata document")
		}
	}
	for i := range o.all {
		t := &o.all[i]
		k := t.kind
		if t.skip {
			continue
		}
		properties := object()
		for j := range k.fields {
			set(properties, k.fields[j].in[cloudFormation], k.fields[j].write(cloudFormation, k, t.entry))
		}
		resource := object("Type", str(k.in[cloudFormation]))
		if needs := o.before(t); len(needs.Items) > 0 {
			set(resource, "DependsOn", needs)
		}
		set(resource, "Properties", properties)
		body.WriteString("  " + t.label + ":")
		writeYAML(&body, resource, "\n    ")
		body.WriteByte('\n')
	}
	comment(&b, o.heading("A CloudFormation template"))
	if body.Len() == 0 {
		b.WriteString("# A template has at least one resource; this one is not to be deployed.\n")
		body.WriteString("  {}\n")
	}
	b.WriteString("# Deploy it with: aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --stack-name NAME --template-file FILE\n")
	b.WriteString("AWSTemplateFormatVersion: \"2010-09-09\"\n")
	if o.account != "" {
		b.WriteString("Metadata:\n  " + metadataKey + ": \"" + o.account + "\"\n")
		if len(o.kept.Members) > 0 {
			b.WriteString(keptFor + ":")
			writeYAML(&b, o.kept, "\n    ")
			b.WriteByte('\n')
		}
	}
	b.WriteString("Resources:\n" + body.String())
	return b.String()
}

// before are the labels of what a resource needs that no function says.
func (o *outlet) before(t *thing) *source.Node {
	all := list()
	for _, i := range t.after {
		if other := &o.all[i]; !other.skip {
			add(all, str(other.label))
		}
	}
	return all
}

// writeYAML writes what follows a colon or a dash; newline begins a line at
// the value's own indentation.
func writeYAML(b *strings.Builder, n *source.Node, newline string) {
	switch {
	case n.Kind == source.Array && len(n.Items) == 0:
		b.WriteString(" []")
	case n.Kind == source.Object && len(n.Members) == 0:
		b.WriteString(" {}")
	case n.Kind == source.Array:
		for i := range n.Items {
			b.WriteString(newline + "-")
			item := newline + "  "
			if inner := &n.Items[i]; inner.Kind == source.Object && len(inner.Members) > 0 {
				writeMembers(b, inner, item, " ")
			} else {
				writeYAML(b, inner, item)
			}
		}
	case n.Kind == source.Object:
		writeMembers(b, n, newline, newline)
	case n.Kind == source.String:
		b.WriteString(" " + quoteYAML(n.Text))
	default:
		b.WriteString(" " + n.JSON(""))
	}
}

// writeMembers writes an object, whose first member may stand behind a dash.
func writeMembers(b *strings.Builder, n *source.Node, newline, before string) {
	for i := range n.Members {
		m := &n.Members[i]
		name := m.Name
		if !plainName(name) {
			name = quoteYAML(name)
		}
		b.WriteString(before + name + ":")
		writeYAML(b, &m.Value, newline+"  ")
		before = newline
	}
}

// plainName says whether YAML reads a name without quotes as that string:
// capital letters first, and none of the words that YAML 1.1 takes for others.
func plainName(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

// quoteYAML is a string in double quotes. They take JSON's escapes; what
// YAML 1.1 wouldn't take as it stands, or take for a line's end, is escaped too.
func quoteYAML(s string) string {
	n := str(s)
	var b strings.Builder
	for _, c := range n.JSON("") {
		if hidden(c) {
			b.WriteString(`\u` + hex4(c))
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// hex4 is a code point below 65536 in four digits.
func hex4(c rune) string {
	digits := strconv.FormatInt(int64(c), 16)
	return "0000"[len(digits):] + digits
}
