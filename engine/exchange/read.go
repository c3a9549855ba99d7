package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// read makes an entry of the scenario of what another dialect calls by
// properties. A field that isn't given is left out.
func (k *kind) read(d dialect, properties *source.Node, account string) *source.Node {
	entry := object()
	for i := range k.fields {
		f := &k.fields[i]
		n := properties.Get(f.in[d])
		if n == nil && d == api {
			n = properties.Get(f.name) // GetAccountAuthorizationDetails has other names for some
		}
		set(entry, f.name, f.read(given(n), k, account))
	}
	return entry
}

// read rewrites one value, from whatever dialect. What isn't of the field's
// form is left out: the entry then says less, and nothing that nobody wrote.
func (f *field) read(n *source.Node, k *kind, account string) *source.Node {
	if n == nil {
		return nil
	}
	name := word(n)
	switch f.form {
	case issuer:
		if name != "" && !strings.Contains(name, "://") {
			name = "https://" + name
		}
	case resource:
		if name != "" && !strings.HasPrefix(name, "arn:") {
			if k.prefix == "" {
				return nil
			}
			name = strings.Replace(k.prefix, "{account}", account, 1) + name
		}
	case number:
		if name == "" || strings.Trim(name, "0123456789") != "" {
			return nil
		}
		if name = strings.TrimLeft(name, "0"); name == "" { // JSON has no zero before other digits
			name = "0"
		}
		return &source.Node{Kind: source.Number, Text: name}
	case document:
		return policy(n)
	case boundary:
		if n.Kind == source.Object {
			n = first(n, "PermissionsBoundaryArn", "PolicyArn")
		}
		if name = word(n); name == "" {
			return nil
		}
		return object("PolicyArn", str(name))
	case tags:
		if n.Kind == source.Object {
			n = tagList(n)
		}
		fallthrough
	case texts, inline, attached:
		all := list()
		for _, item := range items(n) {
			add(all, f.readItem(item))
		}
		return all
	}
	return texted(name)
}

// tagList is Terraform's map of tags as the list that it stands for.
func tagList(n *source.Node) *source.Node {
	all := list()
	for i := range n.Members {
		m := &n.Members[i]
		add(all, object("Key", str(m.Name), "Value", str(word(&m.Value))))
	}
	return all
}

// readItem rewrites one item of a list; nil for what has no name.
func (f *field) readItem(item *source.Node) *source.Node {
	switch f.form {
	case tags:
		if key := said(item, "Key"); key != "" {
			return object("Key", str(key), "Value", str(said(item, "Value")))
		}
	case inline:
		if name := word(first(item, "PolicyName", "name")); name != "" {
			return object("PolicyName", str(name), "PolicyDocument", policy(first(item, "PolicyDocument", "policy")))
		}
	case attached:
		arn := word(item)
		if item.Kind == source.Object {
			arn = said(item, "PolicyArn")
		}
		if arn != "" {
			return object("PolicyArn", str(arn))
		}
	default:
		return texted(word(item))
	}
	return nil
}
