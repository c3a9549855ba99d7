// Package iam is AWS's policy language and its evaluation: a document is
// parsed and compiled once (Parse), then asked about requests (Decide, fast;
// Explain, with every comparison in words). It knows no token format and no
// API; whoever calls it says who asks for what, with which condition keys.
//
// The language is that of the IAM User Guide, "IAM JSON policy reference":
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html
package iam

import "stsplayground/engine/trace"

// Kind is what a policy is attached to, in AWS's words. It decides which
// elements a statement must have, may have and can't have.
type Kind string

const (
	TrustPolicy           Kind = "role trust policy"
	IdentityPolicy        Kind = "identity-based policy"
	ResourcePolicy        Kind = "resource-based policy"
	PermissionsBoundary   Kind = "permissions boundary"
	SessionPolicy         Kind = "session policy"
	ServiceControlPolicy  Kind = "service control policy"
	ResourceControlPolicy Kind = "resource control policy"
	EndpointPolicy        Kind = "VPC endpoint policy"
)

// The two versions of the language. A document without Version has the older
// one, in which ${…} is plain text (IAM User Guide, reference_policies_elements_version).
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
)

// Policy is a parsed and compiled document. Once placed it is read-only and
// may be used by several goroutines. Version is as written, empty where the document has
// none. The zero value denies.
type Policy struct {
	Kind       Kind
	Version    string
	Id         string
	Statements []Statement
	At         trace.At // of the document; Path "" is its root
}

// Statement is one statement as written. Effect is its own word; only Allow
// and Deny have a meaning.
type Statement struct {
	Index      int
	Sid        string
	Effect     string
	Principal  Element
	Action     Element
	Resource   Element
	Conditions []Condition // each key of each operator, in the order written
	At         trace.At

	word effectWord
}

// Element is Principal, Action or Resource, or its Not… form. Name is as AWS
// spells it ("NotAction"); empty where the statement has no such element.
type Element struct {
	Name   string
	Not    bool
	Values []Written
	At     trace.At

	required bool // the policy's kind wants one
	broken   bool // it can't be read
}

// Written is one value of an element or a condition, as written. Type is a
// principal's type (AWS, Federated, Service, CanonicalUser), empty for the
// bare "*" and everywhere else.
type Written struct {
	Type string
	Text string
	At   trace.At

	test      matcher       // of a condition's value
	pattern   string        // of an action (lower-case) or a resource
	parts     []part        // of a resource with variables
	principal principalTest // of a principal
}

// Condition is one key beneath one operator, both as written. Base is the
// operator without its set prefix and IfExists, Set the prefix (ForAllValues,
// ForAnyValue or empty). A Base that AWS doesn't know leaves Known false.
type Condition struct {
	Operator   string
	Set        string
	Base       string
	IfExists   bool
	Known      bool
	Key        string
	Values     []Written
	At         trace.At // of the key
	OperatorAt trace.At

	op     *operator
	folded string // the key's name, lower-case
	broken bool   // the condition can't be read
}
