package report

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/reference"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
)

// isAction says whether the call is one of the hallway: a question to the
// policies, and no operation that is played.
func isAction(c engine.CallReport) bool {
	return c.Call != nil && !engine.IsOperation(c.Action, len(c.Call.Params.Sent) > 0)
}

// gates is both gates at once: who comes in, and what each may then do. Its
// rows are parts of their own, because at a keystroke one of them changes.
func gates(r engine.Report, call int) Part {
	p := Part{ID: "gates", Component: gatesFrame(r, call), Holder: "asks"}
	p.Parts = append(p.Parts, Part{ID: "asks-head", Component: asksHead()})
	for i, c := range r.Calls {
		if isAction(c) && (i < mostCalls || i == call) {
			p.Parts = append(p.Parts, Part{ID: askID(i), Component: ask(c, i, i == call)})
		}
	}
	return p
}

// mostCalls is how many calls stand in the gates.
const mostCalls = 120

func askID(i int) string { return "ask-" + strconv.Itoa(i) }

// callAt is a JSON Pointer to a member of a call.
func callAt(i int, member string) string { return "/calls/" + strconv.Itoa(i) + "/" + member }

// askName tells the fields of one question from those of the others.
func askName(label string, c engine.CallReport, i int) string { return label + ": " + callName(c, i) }

func answerWord(c engine.CallReport) string {
	switch {
	case c.Outcome != "success":
		return "Denied"
	case len(c.NotAWS) > 0:
		return "Allowed, but not by AWS"
	case len(c.Assumed) > 0:
		return "Allowed on trust"
	}
	return "Allowed"
}

// decidedBy is the type of policy that decided, and its statement; else what
// stood in the way before any policy was asked.
func decidedBy(c engine.CallReport) string {
	d := c.Decision
	switch {
	case d == nil, c.Error != nil && d.Effect == iam.Allow:
		return strings.TrimPrefix(c.Verdict, "Not allowed. ")
	case d.Effect == iam.ImplicitDeny:
		return "no " + d.By + " allows it"
	case d.Statement == nil:
		return "the root user needs no policy"
	}
	by := d.By + " " + d.Statement.Policy + ", statement " + strconv.Itoa(d.Statement.Index+1)
	if d.Statement.Sid != "" {
		by += " (" + d.Statement.Sid + ")"
	}
	if d.Effect == iam.ExplicitDeny {
		return "explicit deny in " + by
	}
	return by
}

// awsSays is AWS's own sentence; "" where the call succeeds, or where AWS was
// never asked.
func awsSays(c engine.CallReport) string {
	if c.Error == nil || c.Error.Type == "Playground" {
		return ""
	}
	return c.Error.Message
}

// doorTags is how many session tags stand behind a call at the front door; the
// session itself shows all.
const doorTags = 3

// who is a session as people say it: the role and the session's name.
func who(s *sts.Session) string {
	return strings.TrimPrefix(s.ARN[strings.LastIndexByte(s.ARN, ':')+1:], "assumed-role/")
}

// until is the session's end, as short as the call's day allows.
func until(s *sts.Session, at string) string { return untilMoment(s.Expires, at) }

func untilMoment(end, at string) string {
	day, clock, ok := strings.Cut(strings.TrimSuffix(end, "Z"), "T")
	if !ok {
		return end
	}
	clock = strings.TrimSuffix(clock, ":00") + " UTC"
	if strings.HasPrefix(at, day) {
		return clock
	}
	return day + " " + clock
}

// mostKeys is how many context keys a question has fields for.
const mostKeys = 16

// contextField is a condition key that a question's request carries, or that a
// policy asked for in vain. Type is what its value has to be, in words.
type contextField struct {
	Key, Pointer, Kind, Value, Type string
	Missing                         bool
}

// contextFields are the question's, in the order of their keys, so that none
// moves while it is typed in.
func contextFields(c engine.CallReport, i int) []contextField {
	var keys []string
	for _, k := range c.Call.Context {
		keys = append(keys, k.Key)
	}
	if c.Decision != nil {
		keys = append(keys, c.Decision.Missing...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	fields := make([]contextField, 0, len(keys))
	for _, key := range keys {
		f := contextField{Key: key, Pointer: callAt(i, source.Pointer("context", key)), Kind: "key", Missing: true}
		many := false
		for _, k := range c.Call.Context {
			if k.Key == key {
				f.Value, f.Missing, many = strings.Join(k.Values, ", "), false, k.Multi
			}
		}
		if f.Type, many = keyType(&c, key, many); many {
			f.Kind = "key-list"
		}
		fields = append(fields, f)
	}
	return fields
}

// keyType is what a key's value has to be, in words, and whether it is a list.
// It goes by AWS's reference where that knows the key, else by the operator
// that compares it.
func keyType(c *engine.CallReport, key string, many bool) (string, bool) {
	words := ""
	if i := slices.IndexFunc(c.Keys, func(k engine.KeyType) bool { return k.Key == key }); i >= 0 {
		many = many || c.Keys[i].Multi
		words = typeWords[c.Keys[i].Type]
	} else if operator := operatorOf(c.Decision, key); operator != "" {
		set, plain, ok := strings.Cut(operator, ":")
		if !ok {
			plain = set
		}
		many = many || ok
		for _, t := range operandTypes {
			if strings.HasPrefix(strings.ToLower(plain), t[0]) {
				words = t[1]
			}
		}
	}
	if many {
		words += " list, with commas"
	}
	return strings.TrimSpace(words), many
}

// typeWords are AWS's types of condition keys.
var typeWords = map[reference.Type]string{
	reference.String: "text", reference.ARN: "ARN", reference.Numeric: "number", reference.Bool: "true or false",
	reference.Date: "date", reference.IPAddress: "IP address", reference.Binary: "base64",
}

// operandTypes are the families of operators, and what each compares (IAM
// User Guide, "IAM JSON policy elements: Condition operators").
var operandTypes = [...][2]string{
	{"string", "text"}, {"numeric", "number"}, {"date", "date"}, {"bool", "true or false"},
	{"binary", "base64"}, {"ipaddress", "IP address"}, {"notipaddress", "IP address"}, {"arn", "ARN"},
}

// operatorOf is the operator of the first condition about the key in a
// statement about the request; "" for none.
func operatorOf(d *iam.Decision, key string) string {
	if d == nil {
		return ""
	}
	for i := range d.Policies {
		for j := range d.Policies[i].Statements {
			s := &d.Policies[i].Statements[j]
			for k := range s.Conditions {
				if s.Action.Matched && strings.EqualFold(s.Conditions[k].Key, key) {
					return s.Conditions[k].Operator
				}
			}
		}
	}
	return ""
}
