package iam

import "strings"

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
	values []Value
	index  map[string]int // by folded key
}

// NewContext has no keys.
func NewContext() *Context {
	const usual = 24 // keys that a call's context has, with some to spare
	return &Context{keys: make([]string, 0, usual), values: make([]Value, 0, usual), index: make(map[string]int, usual)}
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
	if i, ok := c.index[folded]; ok {
		c.values[i] = v
		return
	}
	if c.index == nil {
		c.index = make(map[string]int, 16)
	}
	c.index[folded] = len(c.keys)
	c.keys = append(c.keys, key)
	c.values = append(c.values, v)
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
	i, ok := c.index[folded]
	if !ok {
		return Value{}, false
	}
	return c.values[i], true
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
