package share

import (
	"strconv"

	"stsplayground/engine/source"
)

// place is where a value stands: the names of the members above it, with * for
// a list's item, and whether one of them is a document, which is judged and
// belongs to no shape of a scenario.
type place struct {
	path   string   // JSON Pointer
	names  []string // from the root
	inside bool     // below a document
}

func (p place) name() string {
	if len(p.names) == 0 {
		return ""
	}
	return p.names[len(p.names)-1]
}

// documents are the members that hold a document, and policies the lists of
// lists that do.
var (
	documents = words(`jwks AssumeRolePolicyDocument PolicyDocument PermissionsBoundary InlinePolicy sessionPolicy Policy policy
		SAMLMetadataDocument attributes claims header times solution TaskPolicyArn ProvidedContexts Audience`)
	policies = words(`ServiceControlPolicies ResourceControlPolicies`)
)

// measured are documents whose length in characters counts as they are written:
// they become a call's Policy (API_AssumeRole).
var measured = words(`policy sessionPolicy`)

// asWritten says whether the text of a document stays as it is, and doesn't
// become an object.
func (p place) asWritten() bool { return p.sent() || measured[p.name()] }

// document says whether what stands there is a document: a policy, a key set.
func (p place) document() bool {
	if p.inside {
		return false
	}
	if n := len(p.names); n >= 3 && policies[p.names[n-3]] {
		return true
	}
	return documents[p.name()] && len(p.names) > 1 // the scenario's own claims is a word
}

// judged says whether the names at p are no scenario's: they belong to a
// document or to what somebody sent.
func (p place) judged() bool { return p.inside || p.document() || p.sent() }

// sent says whether p is a call's parameters, its context, or in one of them.
func (p place) sent() bool {
	return len(p.names) > 2 && p.names[0] == "calls" && (p.names[2] == "params" || p.names[2] == "context")
}

// parameter is the name of the call's parameter that p is, and of the member
// below it that p is; both "" elsewhere.
func (p place) parameter() (name, below string) {
	if len(p.names) < 4 || p.names[0] != "calls" || p.names[2] != "params" {
		return "", ""
	}
	switch len(p.names) {
	case 4:
		return p.names[3], ""
	case 5:
		return p.names[3], p.names[4]
	}
	return "", ""
}

// visit makes another tree of a tree: change is asked for each value, from the
// outside in, and what it returns is gone through in turn. drop, where it is
// there, says which members and items are left out; it sees them unchanged.
type visit struct {
	change func(source.Node, place) source.Node
	drop   func(*source.Node, place) bool
	rename func(string) string // of members' names
}

func (v visit) node(n *source.Node, path string, names []string) source.Node {
	return v.at(n, place{path: path, names: names})
}

func (v visit) at(n *source.Node, p place) source.Node {
	out := *n
	if v.change != nil {
		out = v.change(out, p)
	}
	inside := p.inside || p.document()
	switch out.Kind {
	case source.Array:
		items := make([]source.Node, 0, len(out.Items))
		for i := range out.Items {
			below := place{p.path + "/" + strconv.Itoa(i), append(p.names[:len(p.names):len(p.names)], "*"), inside}
			if v.drop == nil || !v.drop(&out.Items[i], below) {
				items = append(items, v.at(&out.Items[i], below))
			}
		}
		out.Items = items
	case source.Object:
		members := make([]source.Member, 0, len(out.Members))
		for _, m := range out.Members {
			below := place{source.Pointer(p.path, m.Name), append(p.names[:len(p.names):len(p.names)], m.Name), inside}
			if v.drop != nil && v.drop(&m.Value, below) {
				continue
			}
			m.Value = v.at(&m.Value, below)
			if v.rename != nil {
				m.Name = v.rename(m.Name)
			}
			members = append(members, m)
		}
		out.Members = members
	}
	return out
}

func keep(members []source.Member, want func(*source.Member) bool) []source.Member {
	kept := make([]source.Member, 0, len(members))
	for i := range members {
		if want(&members[i]) {
			kept = append(kept, members[i])
		}
	}
	return kept
}

// set gives an object a member, in the place of the one of that name or at the
// end.
func set(n *source.Node, name string, value source.Node) {
	members := append([]source.Member(nil), n.Members...)
	for i := range members {
		if members[i].Name == name {
			members[i].Value = value
			n.Members = members
			return
		}
	}
	n.Members = append(members, source.Member{Name: name, Value: value})
}

func text(s string) source.Node { return source.Node{Kind: source.String, Text: s} }

func object(members ...source.Member) source.Node {
	return source.Node{Kind: source.Object, Members: members}
}
