package exchange

import (
	"net/url"
	"strings"

	"stsplayground/engine/source"
)

// Everything here is made of source.Node: what is read is one, what is
// written comes from one, and a patch's values are one as JSON.

func str(s string) source.Node { return source.Node{Kind: source.String, Text: s} }

func list(items ...source.Node) source.Node { return source.Node{Kind: source.Array, Items: items} }

// object is an object of the members given as name, value, name, value;
// those that are Invalid are left out.
func object(members ...any) source.Node {
	n := source.Node{Kind: source.Object}
	for i := 0; i < len(members); i += 2 {
		if value := members[i+1].(source.Node); value.Kind != source.Invalid {
			set(&n, members[i].(string), value)
		}
	}
	return n
}

// set gives n a member, in the place of the one of that name if there is one.
func set(n *source.Node, name string, value source.Node) {
	if at := n.Get(name); at != nil {
		*at = value
		return
	}
	n.Members = append(n.Members, source.Member{Name: name, Value: value})
}

// value is the node, or the zero Node for nil and for null.
func value(n *source.Node) source.Node {
	if n == nil || n.Kind == source.Null {
		return source.Node{}
	}
	return *n
}

// word is the text of a string, and of a number or boolean where one stands
// in a string's place; "" for anything else.
func word(n *source.Node) string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case source.String, source.Number, source.Bool:
		return n.Text
	}
	return ""
}

// items are the items of a list; anything but a list stands for one of itself
// (as in Terraform's blocks and IAM's policies), nothing for none.
func items(n *source.Node) []source.Node {
	switch {
	case n == nil || n.Kind == source.Invalid || n.Kind == source.Null:
		return nil
	case n.Kind == source.Array:
		return n.Items
	}
	return []source.Node{*n}
}

// policy is a policy document as a scenario is to have it: an object where
// that says all there is, or else the text. IAM returns documents
// URL-encoded "compliant with RFC 3986" (IAM API reference, GetRolePolicy).
func policy(n *source.Node) source.Node {
	doc := value(n)
	if doc.Kind != source.String {
		return doc
	}
	if len(doc.Text) > 3 && strings.EqualFold(doc.Text[:3], "%7b") {
		if decoded, err := url.PathUnescape(doc.Text); err == nil {
			doc = str(decoded)
		}
	}
	if inner, err := source.ParseJSON(doc.Text); err == nil && inner.Kind == source.Object && inner.Repeated() == nil {
		return inner
	}
	return doc
}

// same says whether two values mean the same: the order of members doesn't
// matter, nor whether a policy is written as an object or as a string.
func same(a, b *source.Node) bool {
	x, y := policy(a), policy(b)
	if x.Kind != y.Kind || x.Text != y.Text || len(x.Items) != len(y.Items) || len(x.Members) != len(y.Members) {
		return false
	}
	for i := range x.Items {
		if !same(&x.Items[i], &y.Items[i]) {
			return false
		}
	}
	for i := range x.Members {
		other := &y.Members[i].Value
		if y.Members[i].Name != x.Members[i].Name {
			if other = y.Get(x.Members[i].Name); other == nil || len(x.Members) > sortable {
				return false
			}
		}
		if !same(&x.Members[i].Value, other) {
			return false
		}
	}
	return true
}

// sortable is how many members an object may have for their order not to
// matter; a larger one is nobody's policy.
const sortable = 200

// arnAccount is the account of an ARN, "" where it has none.
func arnAccount(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && isAccount(parts[4]) {
		return parts[4]
	}
	return ""
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// arnOf is the ARN of an entry of an account's list.
func arnOf(k *kind, account string, entry *source.Node) string {
	name := word(entry.Get(k.fields[0].name))
	if k.place == "Resources" {
		return name
	}
	path := word(entry.Get("Path"))
	if k.place == "OpenIDConnectProviders" {
		name = strings.TrimPrefix(name, "https://")
	}
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	return "arn:aws:iam::" + account + ":" + arnTypes[k.place] + path + name
}
