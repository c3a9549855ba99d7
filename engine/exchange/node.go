package exchange

import (
	"net/url"
	"strings"

	"stsplayground/engine/source"
)

// Everything here is made of source.Node, by pointer: what is read is one,
// what is written comes from one, and a patch's values are one as JSON. nil
// is what isn't given. What is called most isn't inlined, for that would make
// the package half as large again.

//go:noinline
func str(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }

// texted is a string, nil for an empty one.
func texted(s string) *source.Node {
	if s == "" {
		return nil
	}
	return str(s)
}

//go:noinline
func list(items ...*source.Node) *source.Node {
	n := &source.Node{Kind: source.Array}
	for _, item := range items {
		add(n, item)
	}
	return n
}

// add appends an item to a list, where it is given.
//
//go:noinline
func add(n, item *source.Node) {
	if item != nil {
		n.Items = append(n.Items, *item)
	}
}

// object is an object of the members given as name, value, name, value.
func object(members ...any) *source.Node {
	n := &source.Node{Kind: source.Object}
	for i := 0; i < len(members); i += 2 {
		member, _ := members[i+1].(*source.Node)
		set(n, members[i].(string), member)
	}
	return n
}

// set gives n a member, in the place of the one of that name if there is one;
// nothing where the value isn't given.
//
//go:noinline
func set(n *source.Node, name string, value *source.Node) {
	if value == nil {
		return
	}
	if at := n.Get(name); at != nil {
		*at = *value
		return
	}
	n.Members = append(n.Members, source.Member{Name: name, Value: *value})
}

// given is n, nil for null.
//
//go:noinline
func given(n *source.Node) *source.Node {
	if n == nil || n.Kind == source.Null {
		return nil
	}
	return n
}

// is says whether n is there and of a kind.
func is(n *source.Node, kind source.Kind) bool { return n != nil && n.Kind == kind }

// word is the text of a string, and of a number or boolean where one stands
// in a string's place; "" for anything else.
//
//go:noinline
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

// said is the word of a member.
//
//go:noinline
func said(n *source.Node, name string) string { return word(n.Get(name)) }

// items are the items of a list; anything but a list stands for one of itself
// (as in Terraform's blocks and IAM's policies), nothing for none.
//
//go:noinline
func items(n *source.Node) []*source.Node {
	switch {
	case given(n) == nil:
		return nil
	case n.Kind != source.Array:
		return []*source.Node{n}
	}
	all := make([]*source.Node, len(n.Items))
	for i := range n.Items {
		all[i] = &n.Items[i]
	}
	return all
}

// listed are the items of a list, none of anything else.
func listed(n *source.Node) []*source.Node {
	if !is(n, source.Array) {
		return nil
	}
	return items(n)
}

// members are the members of an object, none of anything else.
func members(n *source.Node) []source.Member {
	if n == nil {
		return nil
	}
	return n.Members
}

// first is the first of the members that n has.
//
//go:noinline
func first(n *source.Node, names ...string) *source.Node {
	for _, name := range names {
		if member := n.Get(name); member != nil {
			return member
		}
	}
	return nil
}

// policy is a policy document as a scenario is to have it: an object where
// that says all there is, or else the text. IAM returns documents
// URL-encoded "compliant with RFC 3986" (IAM API reference, GetRolePolicy).
func policy(n *source.Node) *source.Node {
	if !is(n, source.String) {
		return given(n)
	}
	doc := n.Text
	if len(doc) > 3 && strings.EqualFold(doc[:3], "%7b") {
		if decoded, err := url.PathUnescape(doc); err == nil {
			doc = decoded
			n = str(doc)
		}
	}
	if inner, err := source.ParseJSON(doc); err == nil && isPolicy(&inner) {
		return &inner
	}
	return n
}

// isPolicy says whether a document is an object that says one thing only.
func isPolicy(n *source.Node) bool { return is(n, source.Object) && n.Repeated() == nil }

// sortable is how many members an object may have for their order not to
// matter; a larger one is nobody's policy.
const sortable = 200

// same says whether two values mean the same: the order of members doesn't
// matter, nor whether a policy is written as an object or as a string.
func same(a, b *source.Node) bool {
	x, y := policy(a), policy(b)
	if x == nil || y == nil {
		return x == y
	}
	if x.Kind != y.Kind || x.Text != y.Text || len(x.Items) != len(y.Items) || len(x.Members) != len(y.Members) {
		return false
	}
	for i := range x.Items {
		if !same(&x.Items[i], &y.Items[i]) {
			return false
		}
	}
	for i := range x.Members {
		m, other := &x.Members[i], &y.Members[i].Value
		if y.Members[i].Name != m.Name {
			if other = y.Get(m.Name); other == nil || len(x.Members) > sortable {
				return false
			}
		}
		if !same(&m.Value, other) {
			return false
		}
	}
	return true
}

// arnAccount is the account of an ARN, "" where it has none.
func arnAccount(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && isAccount(parts[4]) {
		return parts[4]
	}
	return ""
}

//go:noinline
func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// arnOf is the ARN of an entry of an account's list.
func arnOf(k *kind, account string, entry *source.Node) string {
	name := said(entry, k.fields[0].name)
	switch k.place {
	case "Resources":
		return name
	case "VpcEndpoints":
		return "arn:aws:ec2:us-east-1:" + account + ":vpc-endpoint/" + name
	case "OpenIDConnectProviders":
		name = strings.TrimPrefix(name, "https://")
	}
	path := said(entry, "Path")
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	return "arn:aws:iam::" + account + ":" + arnTypes[k.place] + path + name
}
