package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// read makes an entry of the scenario of what another dialect calls by
// properties. A field that isn't given is left out.
func (k *kind) read(d dialect, properties *source.Node, account string) source.Node {
	entry := source.Node{Kind: source.Object}
	for _, f := range k.fields {
		n := properties.Get(f.in[d])
		if n == nil && d == api {
			n = properties.Get(f.name) // GetAccountAuthorizationDetails has other names for some
		}
		if got := f.read(d, n, k, account); got.Kind != source.Invalid {
			set(&entry, f.name, got)
		}
	}
	return entry
}

// read rewrites one value. What isn't of the field's form is left out: the
// entry then says less, and nothing that nobody wrote.
func (f *field) read(d dialect, n *source.Node, k *kind, account string) source.Node {
	if n == nil || n.Kind == source.Null {
		return source.Node{}
	}
	switch f.form {
	case text:
		return readText(word(n))
	case issuer:
		url := word(n)
		if url != "" && !strings.Contains(url, "://") {
			url = "https://" + url
		}
		return readText(url)
	case resource:
		name := word(n)
		if name != "" && !strings.HasPrefix(name, "arn:") {
			name = strings.Replace(k.prefix, "{account}", account, 1) + name
		}
		return readText(name)
	case number:
		if strings.Trim(word(n), "0123456789") == "" && word(n) != "" {
			return source.Node{Kind: source.Number, Text: word(n)}
		}
	case texts:
		all := list()
		for _, item := range items(n) {
			if s := word(&item); s != "" {
				all.Items = append(all.Items, str(s))
			}
		}
		return all
	case document:
		return policy(n)
	case boundary:
		if n.Kind == source.Object {
			n = first(n, "PermissionsBoundaryArn", "PolicyArn")
		}
		if arn := word(n); arn != "" {
			return object("PolicyArn", str(arn))
		}
	case tags:
		return readTags(n)
	case inline:
		return readInline(n)
	case attached:
		all := list()
		for _, item := range items(n) {
			arn := word(&item)
			if item.Kind == source.Object {
				arn = word(item.Get("PolicyArn"))
			}
			if arn != "" {
				all.Items = append(all.Items, object("PolicyArn", str(arn)))
			}
		}
		return all
	}
	return source.Node{}
}

func readText(s string) source.Node {
	if s == "" {
		return source.Node{}
	}
	return str(s)
}

// readTags reads a list of {Key, Value}, or Terraform's map.
func readTags(n *source.Node) source.Node {
	all := list()
	if n.Kind == source.Object {
		for i := range n.Members {
			all.Items = append(all.Items, object("Key", str(n.Members[i].Name), "Value", str(word(&n.Members[i].Value))))
		}
		return all
	}
	for _, item := range items(n) {
		if key := word(item.Get("Key")); key != "" {
			all.Items = append(all.Items, object("Key", str(key), "Value", str(word(item.Get("Value")))))
		}
	}
	return all
}

// readInline reads inline policies, in Terraform blocks of name and policy.
func readInline(n *source.Node) source.Node {
	all := list()
	for _, item := range items(n) {
		name := word(first(&item, "PolicyName", "name"))
		if name != "" {
			all.Items = append(all.Items, object("PolicyName", str(name), "PolicyDocument", policy(first(&item, "PolicyDocument", "policy"))))
		}
	}
	return all
}

// first is the first of the members that n has.
func first(n *source.Node, names ...string) *source.Node {
	for _, name := range names {
		if member := n.Get(name); member != nil {
			return member
		}
	}
	return nil
}
