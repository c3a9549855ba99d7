package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// module is a Terraform configuration in its own language.
func module(o *outlet) string {
	var b strings.Builder
	comment(&b, o.heading("A Terraform configuration"))
	b.WriteString("\nterraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \">= 5.0\"\n    }\n  }\n}\n\nprovider \"aws\" {\n  region = \"us-east-1\"\n")
	if o.account != "" {
		b.WriteString("  allowed_account_ids = [\"" + o.account + "\"]\n")
	}
	b.WriteString("}\n")
	if len(o.kept.Members) > 0 {
		b.WriteString("\nlocals {\n" + keptFor + " = " + inHCL(o.kept) + "\n}\n")
	}
	for i := range o.all {
		t := &o.all[i]
		k := t.kind
		b.WriteString("\nresource \"" + k.in[terraform] + "\" \"" + t.label + "\" {\n")
		for j := range k.fields {
			f := &k.fields[j]
			name := f.in[terraform]
			if name == "inline_policy" || name == "managed_policy_arns" || name == "saml_provider_uuid" {
				continue // resources of their own, and an attribute
			}
			n := f.write(terraform, k, t.entry)
			value := ""
			switch {
			case n != nil:
				value = inHCL(n)
				if f.form == document {
					value = "jsonencode(" + value + ")"
				}
			case f.name == "SAMLMetadataDocument":
				value = "file(\"${path.module}/" + t.label + ".xml\")"
			case f.name == "AssertionEncryptionMode" && t.entry.Get(f.name) != nil:
				comment(&b, []string{"Not in here: " + f.name + " " + source.Quote(said(t.entry, f.name))})
			}
			if value != "" {
				b.WriteString("  " + name + " = " + value + "\n")
			}
		}
		o.depends(&b, t)
		b.WriteString("}\n")
		for _, target := range items(t.entry.Get("TargetIds")) {
			b.WriteString("\nresource \"aws_organizations_policy_attachment\" \"" + t.label + "\" {\n  policy_id = aws_organizations_policy." + t.label + ".id\n  target_id = " + quoteHCL(word(target)) + "\n}\n")
		}
	}
	return b.String()
}

// depends writes what a resource needs that no reference says.
func (o *outlet) depends(b *strings.Builder, t *thing) {
	for i, other := range t.after {
		if i == 0 {
			b.WriteString("  depends_on = [")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(o.all[other].kind.in[terraform] + "." + o.all[other].label)
	}
	if len(t.after) > 0 {
		b.WriteString("]\n")
	}
}

// inHCL is the value of an argument, as an expression.
func inHCL(n *source.Node) string {
	var b strings.Builder
	writeHCL(&b, n, "\n  ")
	return b.String()
}

// writeHCL writes a value as an expression; newline begins a line at the
// indentation of what it stands in.
func writeHCL(b *strings.Builder, n *source.Node, newline string) {
	inner := newline + "  "
	switch {
	case n.Kind == source.Array && len(n.Items) > 0:
		b.WriteByte('[')
		for i := range n.Items {
			b.WriteString(inner)
			writeHCL(b, &n.Items[i], inner)
			b.WriteByte(',')
		}
		b.WriteString(newline + "]")
	case n.Kind == source.Object && len(n.Members) > 0:
		b.WriteByte('{')
		for i := range n.Members {
			b.WriteString(inner + quoteHCL(n.Members[i].Name) + " = ")
			writeHCL(b, &n.Members[i].Value, inner)
		}
		b.WriteString(newline + "}")
	case n.Kind == source.String:
		b.WriteString(quoteHCL(n.Text))
	default:
		b.WriteString(n.JSON(""))
	}
}

// quoteHCL is a string as a quoted template that says nothing but it (HCL
// native syntax specification, quoted templates): ${ and %{ are doubled, and
// everything that doesn't show is escaped.
func quoteHCL(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case (c == '$' || c == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteString(string(c) + string(c))
		case hidden(c):
			b.WriteString(`\u` + hex4(c))
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
