package iam

import "stsplayground/engine/trace"

// Effect is what a policy, or all of them together, answer. The zero value
// denies: nothing allowed it.
type Effect byte

const (
	ImplicitDeny Effect = iota // nothing allowed it
	Allow
	ExplicitDeny // a Deny statement applied
)

func (e Effect) String() string {
	switch e {
	case Allow:
		return "Allow"
	case ExplicitDeny:
		return "ExplicitDeny"
	}
	return "ImplicitDeny"
}

// MarshalText gives the report's word for e.
func (e Effect) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the report's word for an effect; any other denies.
func (e *Effect) UnmarshalText(text []byte) error {
	*e = ImplicitDeny
	for _, known := range []Effect{Allow, ExplicitDeny} {
		if string(text) == known.String() {
			*e = known
		}
	}
	return nil
}

// Decision is the answer and how it came about. By is the policy type that
// decided, in AWS's words (identity-based policy, resource-based policy, role
// trust policy, permissions boundary, session policy, service control policy,
// resource control policy, VPC endpoint policy). Missing lists the condition
// keys that a policy asked for and the request did not have, in the order asked.
// Statement is the one that decided, nil where nothing allowed. Types are the
// answers of each type of policy, in the order in which AWS asks them; none
// where only one was asked. More counts the policies that aren't told because
// the scenario's decisions fill a report (see Room).
type Decision struct {
	Effect    Effect           `json:"effect"`
	By        string           `json:"by"`
	Statement *Deciding        `json:"statement,omitempty"`
	Missing   []string         `json:"missing"`
	Types     []TypeDecision   `json:"types,omitempty"`
	Policies  []PolicyDecision `json:"policies"`
	More      int              `json:"more,omitempty"`
}

// PolicyDecision is one policy's own answer. Name tells it from others of its
// type. More counts the statements that aren't told, see Room.
type PolicyDecision struct {
	Type       string              `json:"type"`
	Name       string              `json:"name"`
	Effect     Effect              `json:"effect"`
	Statements []StatementDecision `json:"statements"`
	More       int                 `json:"more,omitempty"`
}

// StatementDecision is how one statement came out. Index counts from 0.
// Effect is the statement's own word, Allow or Deny. Applies: every element
// matched, so the statement's effect counts. More counts the conditions that
// aren't told, see Room.
type StatementDecision struct {
	Index      int                 `json:"index"`
	Sid        string              `json:"sid"`
	Effect     string              `json:"effect"`
	Applies    bool                `json:"applies"`
	Principal  ElementDecision     `json:"principal"`
	Action     ElementDecision     `json:"action"`
	Resource   ElementDecision     `json:"resource"`
	Conditions []ConditionDecision `json:"conditions"`
	More       int                 `json:"more,omitempty"`
	At         *trace.At           `json:"at,omitempty"`

	unresolved []string // keys of variables that the request has no value for
}

// ElementDecision is how Principal, Action or Resource (or its Not… form,
// named by Element) came out. A statement without the element has Element ""
// and Matched true. More counts the values beyond those in Wanted.
type ElementDecision struct {
	Element string    `json:"element"`
	Wanted  []string  `json:"wanted"`
	More    int       `json:"more,omitempty"`
	Found   string    `json:"found"`
	Matched bool      `json:"matched"`
	Why     string    `json:"why"`
	At      *trace.At `json:"at,omitempty"`
}

// ConditionDecision is how one key of one operator came out. Operator and Key
// are as written. Found is empty and Missing true where the request lacks the
// key. Values has the single comparisons, each wanted value in the policy's order.
// More counts the values beyond those in Wanted, see Room.
type ConditionDecision struct {
	Operator string          `json:"operator"`
	Key      string          `json:"key"`
	Wanted   []string        `json:"wanted"`
	More     int             `json:"more,omitempty"`
	Found    []string        `json:"found"`
	Missing  bool            `json:"missing,omitempty"`
	Matched  bool            `json:"matched"`
	Lifted   bool            `json:"lifted,omitempty"` // it stopped the request, and doesn't: see Request.Lifted
	Why      string          `json:"why"`
	Values   []ValueDecision `json:"values"`
	Obstacle Obstacle        `json:"-"`
	At       *trace.At       `json:"at,omitempty"`
}

// Obstacle is what kept a condition from comparing values at all.
type Obstacle byte

const (
	NoObstacle      Obstacle = iota // also the zero value: values were compared, or the key is missing
	UnknownOperator                 // AWS knows no such operator
	Unreadable                      // AWS can't read what is written
	ManyValues                      // a plain operator compares one value, and the key has a list
)

// ValueDecision compares one wanted value, after its variables are resolved,
// with what was found. Matched is the plain comparison, before an operator's
// negation.
type ValueDecision struct {
	Wanted   string    `json:"wanted"`
	Resolved string    `json:"resolved,omitempty"` // where variables changed it
	Found    string    `json:"found"`
	Matched  bool      `json:"matched"`
	Why      string    `json:"why"`
	At       *trace.At `json:"at,omitempty"`
}
