package iam

import (
	"slices"
	"strings"
)

// Request is what a policy is asked: who does what to which resource, under
// which circumstances. Action is written with its service
// ("sts:AssumeRoleWithWebIdentity"). Resource is an ARN, or empty for a role
// trust policy, where the role itself is the resource. A nil Context has no keys.
// Room bounds what Explain tells; Decide goes without it.
type Request struct {
	Action    string
	Resource  string
	Principal Principal
	Context   *Context
	Room      *Room

	// Lifted says of a condition key, in lower case, that no condition on it
	// stops anybody: in an Allow it holds, in a Deny it doesn't. AWS has no such
	// thing; it is for showing what a condition is there for. Nil lifts nothing.
	Lifted func(key string) bool
}

// Principal is everything that the one who asks answers to. The zero value
// is nobody and matches only "*".
type Principal struct {
	Federated     []string // identity providers: an ARN, or a domain such as accounts.google.com
	AWS           []string // ARNs and unique ids, most specific first: session, role, AROA…
	Service       []string // service principals, e.g. ec2.amazonaws.com
	CanonicalUser string   // the account's canonical user id
	Account       string   // 12 digits, of an AWS principal; empty for everyone else
	Anonymous     bool     // an unsigned request without any of the above

	bounded bool // a permissions boundary limits it, as an Authorization knows
}

// Value is what a condition key holds. Multi says that the key is
// multi-valued by its nature, however many values it has at the moment: only
// ForAllValues and ForAnyValue look into it.
type Value struct {
	Values []string
	Multi  bool
}

// Context holds the request's condition keys. Names are case-insensitive
// ("aws:CurrentTime is equivalent to AWS:currenttime", IAM User Guide,
// reference_policies_elements_condition); values are kept as they are.
type Context struct {
	keys   []string // as first set, in the order of insertion
	folded []string // the same, folded
	values []Value
	index  map[string]int // by folded key, once there are more than few
}

// few keys are looked through faster than a map is asked. A call's context
// has about 24 of its own.
const few = 32

// NewContext has no keys.
func NewContext() *Context {
	return &Context{keys: make([]string, 0, few), folded: make([]string, 0, few), values: make([]Value, 0, few)}
}

// Set gives the single-valued key a value, replacing what it held.
func (c *Context) Set(key, value string) {
	c.SetValue(key, Value{Values: []string{value}})
}

// SetMulti gives the multi-valued key its values, none or more, replacing
// what it held.
func (c *Context) SetMulti(key string, values []string) {
	c.SetValue(key, Value{Values: values, Multi: true})
}

// SetValue gives the key what v holds, replacing what it held.
func (c *Context) SetValue(key string, v Value) {
	folded := foldKey(key)
	if i := c.find(folded); i >= 0 {
		c.values[i] = v
		return
	}
	c.keys, c.folded, c.values = append(c.keys, key), append(c.folded, folded), append(c.values, v)
	switch n := len(c.keys); {
	case c.index != nil:
		c.index[folded] = n - 1
	case n > few:
		c.index = make(map[string]int, 2*n)
		for i, k := range c.folded {
			c.index[k] = i
		}
	}
}

// find is the place of a folded key, -1 where there is none.
func (c *Context) find(folded string) int {
	if c.index != nil {
		if i, ok := c.index[folded]; ok {
			return i
		}
		return -1
	}
	return slices.Index(c.folded, folded)
}

// Lookup is what the key holds, whatever the case of its name.
func (c *Context) Lookup(key string) (Value, bool) {
	return c.lookupFolded(foldKey(key))
}

// lookupFolded is Lookup for a key that was folded before.
func (c *Context) lookupFolded(folded string) (Value, bool) {
	if c == nil {
		return Value{}, false
	}
	if i := c.find(folded); i >= 0 {
		return c.values[i], true
	}
	return Value{}, false
}

// Keys are the names as first set, in the order of insertion. The slice is
// the caller's own.
func (c *Context) Keys() []string {
	if c == nil {
		return nil
	}
	return append([]string(nil), c.keys...)
}

// foldKey is the one spelling under which a key's name is looked up.
func foldKey(key string) string { return strings.ToLower(key) }
