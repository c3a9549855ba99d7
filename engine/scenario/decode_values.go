package scenario

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// document keeps n for whoever judges it: strictness ends here. Only YAML's
// own rule, that an object's keys are unique (YAML 1.2.2 §3.2.1.1), goes on.
func (d *decoder) document(n *source.Node) Document {
	if d.yaml {
		d.repeatedBelow(n)
	}
	doc := Document{Node: *n, Path: string(d.path), Source: d.text}
	if n.Kind == source.String {
		if inner, err := source.ParseJSON(doc.Text()); err == nil {
			doc.Inner = &inner
		}
	}
	return doc
}

func (d *decoder) repeatedBelow(n *source.Node) {
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		if m.Repeated {
			d.duplicate(m)
		}
		d.repeatedBelow(&m.Value)
		d.leave(back)
	}
	for i := range n.Items {
		back := d.enter(fmt.Sprint(i))
		d.repeatedBelow(&n.Items[i])
		d.leave(back)
	}
}

// accounts reads the object whose names are account ids.
func (d *decoder) accounts(n *source.Node, into *[]Account) {
	if n.Kind != source.Object {
		d.wrongType(n, "an object whose names are account ids")
		return
	}
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		switch {
		case m.Repeated:
			d.duplicate(m)
		case m.Value.Kind == source.Null:
			*into = append(*into, Account{ID: m.Name, Path: string(d.path)})
		default:
			account := Account{ID: m.Name}
			d.object(&m.Value, reflect.ValueOf(&account).Elem(), nil)
			*into = append(*into, account)
		}
		if !isAccountID(m.Name) {
			d.say(ruleAccountID, d.atName(m), fmt.Sprintf("%s is no account id; it takes 12 digits", source.Quote(m.Name)))
		}
		d.leave(back)
	}
}

func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

func (d *decoder) call(n *source.Node, into *Call) {
	d.operation = nil
	if action := n.Get("action"); action != nil {
		if o, known := operations[action.Text]; known {
			d.operation, d.parameters = &o, o.into(into)
		}
	}
	d.object(n, reflect.ValueOf(into).Elem(), nil)
}

// params reads the parameters of an operation that is played. Those of any
// other action decide nothing, so that they may be what they are.
func (d *decoder) params(n *source.Node, into *Params) {
	if n.Kind == source.Object {
		for i := range n.Members {
			if m := &n.Members[i]; m.Value.Kind != source.Null && !m.Repeated {
				into.Sent = append(into.Sent, m.Name)
			}
		}
	}
	switch {
	case d.operation != nil:
		d.object(n, reflect.ValueOf(d.parameters).Elem(), d.operation.names)
	case n.Kind != source.Object:
		d.wrongType(n, "an object")
	}
}

// token reads a token or assertion in any of its ways to be written.
func (d *decoder) token(n *source.Node, into *Token) {
	*into = Token{Path: string(d.path), Given: true}
	if n.Kind != source.Object {
		if text, ok := d.tokenText(n); ok {
			into.Text = text
			into.Written = Document{Node: *n, Path: into.Path, Source: d.text}
		}
		return
	}
	saml := strings.HasSuffix(into.Path, "/SAMLAssertion") || strings.HasSuffix(into.Path, "/SAMLResponse")
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		switch {
		case m.Repeated:
			d.duplicate(m)
		case m.Name == "mint":
			into.Mint = d.mint(&m.Value, saml)
		case m.Name == "unsigned":
			into.Unsigned = d.unsigned(&m.Value, saml)
		case m.Name == "from" && !saml:
			into.From, _ = d.str(&m.Value)
			d.references = append(d.references, earlierCall{m.Value, string(d.path), into.From})
		default:
			d.unknown(n, m, &shape{}, tokenWays(saml), back)
		}
		d.leave(back)
	}
	ways := 0
	for _, given := range []bool{into.Mint != nil, into.Unsigned != nil, into.From != ""} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		d.say(ruleValue, d.at(n), "a token is a string, or an object with one of "+strings.Join(tokenWays(saml), ", ")+" in it")
	}
}

// tokenWays are the members of an object that stands for a token: a SAML
// response comes from no earlier call.
func tokenWays(saml bool) []string {
	if saml {
		return []string{"mint", "unsigned"}
	}
	return []string{"mint", "unsigned", "from"}
}

// certificate reads a certificate in either of its ways to be written.
func (d *decoder) certificate(n *source.Node, into *Certificate) {
	mint := n.Get("mint")
	if n.Kind != source.Object || mint == nil || len(n.Members) > 1 {
		if n.Kind != source.String {
			d.wrongType(n, "a string in PEM, or an object with mint in it,")
		}
		into.Text = n.Text
		return
	}
	back := d.enter("mint")
	into.Mint = &CertificateMint{}
	d.object(mint, reflect.ValueOf(into.Mint).Elem(), nil)
	d.leave(back)
}

func (d *decoder) tokenText(n *source.Node) (string, bool) {
	if n.Kind == source.String || n.Style == source.Plain && n.Kind != source.Null {
		return n.Text, true
	}
	d.wrongType(n, "a string, or an object with mint or unsigned in it,")
	return "", false
}

func (d *decoder) mint(n *source.Node, saml bool) *Mint {
	fields := mintToken
	if saml {
		fields = mintAssertion
	}
	var m Mint
	d.object(n, reflect.ValueOf(&m).Elem(), fields)
	return &m
}

func (d *decoder) unsigned(n *source.Node, saml bool) *Unsigned {
	var u Unsigned
	if saml {
		u.XML, _ = d.str(n)
	} else {
		d.object(n, reflect.ValueOf(&u).Elem(), nil)
	}
	return &u
}

// context reads the request context: an object of scalars and lists of them.
// Of a key that is there twice, in whatever letter case, the last one counts:
// "Context key names are not case-sensitive" (IAM guide,
// reference_policies_elements_condition).
func (d *decoder) context(n *source.Node, into *[]ContextKey) {
	if n.Kind != source.Object {
		d.wrongType(n, "an object")
		return
	}
	places := make(map[string]int, len(n.Members))
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		key := ContextKey{Key: m.Name, Multi: m.Value.Kind == source.Array}
		if key.Multi {
			for j := range m.Value.Items {
				if j == mostContextValues {
					d.add(ruleValue.Finding(trace.SeverityWarning, d.atName(m), fmt.Sprintf("the context key %s has %d values; the first %d count", source.Clip(m.Name), len(m.Value.Items), mostContextValues)))
					break
				}
				inner := d.enter(fmt.Sprint(j))
				key.Values = d.contextValue(key.Values, &m.Value.Items[j])
				d.leave(inner)
			}
		} else {
			key.Values = d.contextValue(nil, &m.Value)
		}
		folded := strings.ToLower(m.Name)
		place, repeated := places[folded]
		switch {
		case m.Repeated && d.yaml:
			d.duplicate(m)
		case repeated:
			d.add(ruleDuplicate.Finding(trace.SeverityWarning, d.atName(m), fmt.Sprintf("the context key %s is there a second time; this one counts", source.Clip(m.Name))))
			(*into)[place] = key
		default:
			places[folded] = len(*into)
			*into = append(*into, key)
		}
		d.leave(back)
	}
}

// mostContextValues bounds the values of one context key, each of which is
// compared with each that a condition lists. A session has fifty tags at most.
const mostContextValues = 100

func (d *decoder) contextValue(values []string, n *source.Node) []string {
	switch n.Kind {
	case source.String, source.Number, source.Bool:
		return append(values, n.Text)
	}
	d.wrongType(n, "a string, a number, a boolean or a list of these")
	return values
}

// Moments outside these years are slips, and the reports of later ones could
// not be written: RFC 3339 §1 stops at the year 9999.
const firstYear, lastYear = 1970, 9900

// moment reads now.
func (d *decoder) moment(n *source.Node) time.Time {
	s, ok := d.str(n)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		d.say(ruleValue, d.at(n), fmt.Sprintf("%s is no moment as RFC 3339 writes it, such as 2026-04-28T10:30:00Z", source.Quote(s)))
		return time.Time{}
	}
	if t = t.UTC(); t.Year() < firstYear || t.Year() > lastYear {
		d.say(ruleValue, d.at(n), fmt.Sprintf("%s lies outside the years %d to %d", s, firstYear, lastYear))
		return time.Time{}
	}
	return t
}

// maxAfter is the longest time between a scenario's now and a call.
const maxAfter = 10 * 365 * 24 * time.Hour

// after reads how long after now a call is made.
func (d *decoder) after(n *source.Node) time.Duration {
	length, s := d.length(n)
	if length < 0 {
		d.say(ruleValue, d.at(n), fmt.Sprintf("%s lies before now; set now to the earliest moment and count from there", s))
		return 0
	}
	return length
}

// delay reads how much later a request arrives.
func (d *decoder) delay(n *source.Node) Delay {
	length, _ := d.length(n)
	return Delay(length)
}

// length reads a length of time of at most maxAfter; 0 for anything else.
func (d *decoder) length(n *source.Node) (time.Duration, string) {
	s, ok := d.str(n)
	if !ok {
		return 0, s
	}
	length, ok := parseAfter(s)
	switch {
	case !ok:
		d.say(ruleValue, d.at(n), fmt.Sprintf("%s is no length of time, such as 0s, 90s, 10m, 1h30m or 2d", source.Quote(s)))
	case length.Abs() > maxAfter:
		d.say(ruleValue, d.at(n), fmt.Sprintf("%s is more than ten years (3650d)", source.Clip(s)))
	default:
		return length, s
	}
	return 0, s
}

// parseAfter reads Go's way to write a length of time, and whole days before
// it: 2d, 1d12h.
func parseAfter(s string) (time.Duration, bool) {
	days, rest, found := strings.Cut(s, "d")
	if !found {
		after, err := time.ParseDuration(s)
		return after, err == nil
	}
	// A day is read as an hour, and counted as 24.
	whole, err := time.ParseDuration(days + "h")
	if err != nil || strings.ContainsAny(days, ".hmsuµn") || whole.Abs() > maxAfter {
		return 0, false
	}
	if rest == "" {
		return 24 * whole, true
	}
	part, err := time.ParseDuration(rest)
	return 24*whole + part, err == nil && 0 <= part && part <= maxAfter
}
