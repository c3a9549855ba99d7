package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
	"stsplayground/web/report"
	"stsplayground/web/tools"
)

var mutants = flag.Int("mutants", 1, "how many scenarios to make of each example")

// markup is what must stay text wherever it is written.
const markup = `"'><script id=injected>alert(1)</script><img id=injected src=x onerror=alert(1)></svg></style>`

// Whatever becomes of an example, it is played and drawn without a panic, the
// same each time, in a moment; and no text of it becomes an element.
func TestMutantsOfExamplesArePlayedAndDrawn(t *testing.T) {
	for at, example := range examples.All() {
		if runtime.GOARCH == "wasm" && at%8 != 0 {
			continue // the same code, several times as slowly
		}
		random := rand.New(rand.NewPCG(1, uint64(len(example.Slug))))
		for i := range *mutants {
			var document any
			if err := json.Unmarshal([]byte(example.JSON), &document); err != nil {
				t.Fatal(err)
			}
			for range 1 + random.IntN(4) {
				document = mutate(random, document)
			}
			mutant, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			if problem := drawn(string(mutant)); problem != "" {
				t.Errorf("%s, mutant %d: %s\n%.20000s", example.Slug, i, problem, mutant)
			}
		}
	}
}

// drawn plays and draws a scenario, and tells what is wrong with that.
func drawn(text string) (problem string) {
	defer func() {
		if broken := recover(); broken != nil {
			problem = fmt.Sprintf("panic: %v\n%s", broken, debug.Stack())
		}
	}()
	start := time.Now()
	s, findings := engine.Decode(text, scenario.LimitPage)
	if scenario.Unreadable(findings) && len(s.Calls) == 0 {
		return ""
	}
	if s.Now.IsZero() {
		s.Now = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	}
	r := engine.Run(s)
	r.Findings = append(findings, r.Findings...)
	first, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	again := engine.Run(s)
	again.Findings = append(findings, again.Findings...)
	if second, _ := json.Marshal(again); !bytes.Equal(first, second) {
		return "the second run gives another report"
	}
	for call := range min(len(r.Calls), 8) {
		var b bytes.Buffer
		if err := report.Fragment(r, call).Render(context.Background(), &b); err != nil {
			return err.Error()
		}
		who := engine.WhoGetsIn(s, engine.RoleAsked(s, call))
		if err := report.WhoGetsIn(who, nil).Render(context.Background(), &b); err != nil {
			return err.Error()
		}
		for _, part := range append(report.Parts(r, call), report.ClaimsForm(r, call), report.AttributesForm(r, call)) {
			if part.Component == nil {
				continue
			}
			if err := part.Render(context.Background(), &b); err != nil {
				return err.Error()
			}
		}
		if c := r.Calls[call]; c.Error != nil {
			if err := tools.Causes(c.Error.Code+": "+c.Error.Message).Render(context.Background(), &b); err != nil {
				return err.Error()
			}
		}
		if found := injected(b.String()); found != "" {
			return "an element of the reader's text: " + found
		}
	}
	if took := time.Since(start); took > 4*time.Second {
		return fmt.Sprintf("it takes %v", took)
	}
	return ""
}

// injected is an element or an attribute that only markup can have made.
func injected(page string) string {
	if !strings.Contains(page, "injected") {
		return ""
	}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := tokens.Token()
		for _, a := range token.Attr {
			if token.Data == "script" || a.Val == "injected" || strings.HasPrefix(a.Key, "on") ||
				a.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				return token.String()
			}
		}
	}
	return ""
}

// mutate changes one place of a document.
func mutate(random *rand.Rand, document any) any {
	places := placesOf(document, func(v any) { document = v }, nil)
	if len(places) == 0 {
		return document
	}
	p, other := places[random.IntN(len(places))], places[random.IntN(len(places))]
	value := p.value
	switch random.IntN(12) {
	case 0, 1:
		p.remove()
	case 2:
		p.set(cloned(other.value)) // somewhere else's value
	case 3: // swap
		a, b := cloned(p.value), cloned(other.value)
		p.set(b)
		other.set(a)
	case 4:
		p.set(strange[random.IntN(len(strange))])
	case 5:
		p.set([]any{value, cloned(value)})
	case 6:
		p.set(map[string]any{"mint": value, "from": value})
	case 7, 8:
		if text, ok := value.(string); ok {
			p.set(mangled(random, text))
			break
		}
		p.set(strange[random.IntN(len(strange))])
	case 9: // many of the same
		if list, ok := value.([]any); ok && len(list) > 0 {
			many := slices.Clone(list)
			for range 50 {
				many = append(many, cloned(list[random.IntN(len(list))]))
			}
			p.set(many)
			break
		}
		p.set(markup)
	case 10:
		if object, ok := value.(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(object)) {
				object[strings.ToUpper(name)] = cloned(object[name])
				break
			}
			break
		}
		p.set(markup)
	case 11: // another mark in front, so that names still refer
		if text, ok := value.(string); ok {
			p.set(text + markup)
			break
		}
		p.set(nil)
	}
	return document
}

var strange = []any{
	nil, true, false, 0, -1, 1e300, 9223372036854775807, -2147483649, 0.1, "", " ", "*", "\x00", "é\u202e\u200b", "١٢٣٤٥٦٧٨٩٠١٢",
	[]any{}, map[string]any{}, []any{nil}, []any{[]any{}}, map[string]any{"": nil}, markup,
	"1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2562047h", "-2562047h", "999999h", "+9e9", "-1ns",
	"arn:aws:iam::123456789012:role/", "arn:::::", "arn:aws:sts::123456789012:assumed-role/x/y", "service/", "https://", "https://[::1", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
	"${", "${aws:username", "${*}", "{{", "}}", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", strings.Repeat("A", 70_000), strings.Repeat("=", 300), strings.Repeat("[", 300),
	map[string]any{"from": "call 1"}, map[string]any{"mint": map[string]any{}}, map[string]any{"mint": map[string]any{"profile": "okta"}}, map[string]any{"unsigned": map[string]any{}},
	map[string]any{"Version": "2012-10-17", "Statement": map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
}

func mangled(random *rand.Rand, text string) string {
	at := random.IntN(len(text) + 1)
	switch random.IntN(6) {
	case 0:
		return text[:at]
	case 1:
		return text[at:]
	case 2:
		return text[:at] + string(rune(random.IntN(0x3000))) + text[at:]
	case 3:
		return strings.ToUpper(text)
	case 4:
		return strings.Repeat(text, 20)
	}
	return text[:at] + text
}

// place is a value of a document.
type place struct {
	value  any
	set    func(any)
	remove func()
}

func placesOf(value any, set func(any), all []place) []place {
	switch parent := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(parent)) {
			write := func(v any) { parent[name] = v }
			all = append(all, place{parent[name], write, func() { delete(parent, name) }})
			all = placesOf(parent[name], write, all)
		}
	case []any:
		for i := range parent {
			write := func(v any) { parent[i] = v }
			all = append(all, place{parent[i], write, func() { set(slices.Delete(slices.Clone(parent), i, i+1)) }})
			all = placesOf(parent[i], write, all)
		}
	}
	return all
}

func cloned(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	var copied any
	if err := json.Unmarshal(text, &copied); err != nil {
		panic(err)
	}
	return copied
}
