package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
	"stsplayground/examples"
)

// sampled are all examples. The same code runs under WebAssembly, several times
// as slowly; there every eighth has to do for what takes long.
func sampled() []examples.Example {
	all := examples.All()
	if runtime.GOARCH != "wasm" {
		return all
	}
	var some []examples.Example
	for i := 0; i < len(all); i += 8 {
		some = append(some, all[i])
	}
	return some
}

// Every fix that is offered must do what its title says: the scenario is
// still one, and the step that refused the call refuses it no longer, or, of
// several conditions that don't hold, one less doesn't.
func TestEveryFixMendsWhatItIsOfferedFor(t *testing.T) {
	fixes := 0
	for _, e := range sampled() {
		fixes += tryFixes(t, e.Slug, e.JSON)
		fixes += tryFixes(t, e.Slug+", policies as objects", policiesAsObjects(t, e.JSON))
	}
	if fixes == 0 {
		t.Fatal("got no fix to try, want many")
	}
}

// tryFixes tries the fixes that the scenario's calls are offered, each on the
// scenario as it is, and says how many there were.
func tryFixes(t *testing.T, name, text string) (fixes int) {
	t.Helper()
	before := play(text).report
	for i := range before.Calls {
		call := &before.Calls[i]
		for _, advice := range call.Advice {
			if len(advice.Fix) == 0 {
				continue
			}
			fixes++
			where := fmt.Sprintf("%s, %s, %q", name, call.Name, advice.Title)
			after, err := mended(text, advice.Fix)
			if err != nil || len(after.Calls) != len(before.Calls) {
				t.Errorf("%s: got %v and %d calls, want the scenario mended", where, err, len(after.Calls))
				continue
			}
			rule, was, is := failure(call), unmet(call), unmet(&after.Calls[i])
			if failure(&after.Calls[i]) == rule && is >= was {
				t.Errorf("%s: got %s still, want it mended: %s", where, rule, after.Calls[i].Verdict)
			}
			if failures(call) == 1 && was == 1 && after.Calls[i].Outcome != "success" {
				t.Errorf("%s: got %s, want success, for nothing else was wrong", where, after.Calls[i].Verdict)
			}
			if advice.Widens == "" {
				t.Errorf("%s: got nothing about what else it lets in", where)
			}
		}
	}
	return fixes
}

// policiesAsObjects is a scenario whose trust policies are objects rather
// than text.
func policiesAsObjects(t *testing.T, text string) string {
	t.Helper()
	document := parse(t, text).(map[string]any)
	for _, account := range document["accounts"].(map[string]any) {
		roles, _ := account.(map[string]any)["Roles"].([]any)
		for _, role := range roles {
			role := role.(map[string]any)
			if policy, ok := role["AssumeRolePolicyDocument"].(string); ok {
				role["AssumeRolePolicyDocument"] = parse(t, policy)
			}
		}
	}
	written, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

func parse(t *testing.T, text string) (value any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// The fix of a finding takes the finding away.
func TestEveryFixOfAFindingTakesItAway(t *testing.T) {
	check := func(name, text string) {
		before := play(text)
		for _, f := range before.report.Findings {
			if len(f.Fix) == 0 {
				continue
			}
			after, err := mended(asJSON(t, text), f.Fix)
			if err != nil {
				t.Errorf("%s, %s: %v", name, f.Rule, err)
				continue
			}
			same := func(g trace.Finding) bool { return g.Rule == f.Rule && g.Detail == f.Detail && g.At.Path == f.At.Path }
			if slices.ContainsFunc(after.Findings, same) {
				t.Errorf("%s: got %s still at %s, want it mended", name, f.Rule, f.At.Path)
			}
		}
	}
	for _, e := range sampled() {
		check(e.Slug, e.Source)
	}
	files, err := ruleFiles.ReadDir("testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := ruleFiles.ReadFile("testdata/rules/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		check(f.Name(), string(text))
	}
}

// failure is the rule of the first failed step, "" where none failed.
func failure(c *engine.CallReport) string {
	for _, s := range c.Steps {
		if s.Status == trace.Failed {
			return s.Rule
		}
	}
	return ""
}

// failures is how many steps failed.
func failures(c *engine.CallReport) (n int) {
	for i := range c.Steps {
		if c.Steps[i].Status == trace.Failed {
			n++
		}
	}
	return n
}

// unmet is how many parts of the first failed step failed, 1 where it has none.
func unmet(c *engine.CallReport) int {
	for i := range c.Steps {
		if s := &c.Steps[i]; s.Status == trace.Failed {
			n := 0
			for j := range s.Steps {
				if s.Steps[j].Status == trace.Failed {
					n++
				}
			}
			return max(n, 1)
		}
	}
	return 0
}

// mended is the report of a scenario, as JSON, after a patch.
func mended(text string, patch []trace.Patch) (engine.Report, error) {
	var document any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return engine.Report{}, err
	}
	for _, p := range patch {
		value, err := json.Marshal(p.Value)
		if err != nil {
			return engine.Report{}, err
		}
		var plain any
		if err := json.Unmarshal(value, &plain); err != nil {
			return engine.Report{}, err
		}
		if document, err = apply(document, p.Op, tokens(p.Path), plain); err != nil {
			return engine.Report{}, fmt.Errorf("%s %s: %w", p.Op, p.Path, err)
		}
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(document); err != nil {
		return engine.Report{}, err
	}
	s, findings := engine.Decode(b.String(), scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		return engine.Report{}, fmt.Errorf("no scenario any more: %+v", findings)
	}
	if s.Now.IsZero() {
		s.Now = clock
	}
	return engine.Run(s), nil
}

func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(parts[i], "~1", "/"), "~0", "~")
	}
	return parts
}

// apply is one operation of a JSON Patch (RFC 6902 §4): add, remove or
// replace. It answers what then stands in the place of node.
func apply(node any, op string, path []string, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	switch n := node.(type) {
	case map[string]any:
		child, there := n[path[0]]
		switch {
		case !there && (len(path) > 1 || op != "add"):
			return nil, fmt.Errorf("there is no member %q", path[0])
		case len(path) == 1 && op == "remove":
			delete(n, path[0])
			return n, nil
		}
		child, err := apply(child, op, path[1:], value)
		n[path[0]] = child
		return n, err
	case []any:
		if len(path) == 1 && op == "add" && path[0] == "-" {
			return append(n, value), nil
		}
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i > len(n) || i == len(n) && (len(path) > 1 || op != "add") {
			return nil, fmt.Errorf("there is no item %q among %d", path[0], len(n))
		}
		switch {
		case len(path) == 1 && op == "add":
			return slices.Insert(n, i, value), nil
		case len(path) == 1 && op == "remove":
			return slices.Delete(n, i, i+1), nil
		}
		n[i], err = apply(n[i], op, path[1:], value)
		return n, err
	}
	return nil, fmt.Errorf("%q leads into a value that holds nothing", path[0])
}

// asJSON is a scenario as JSON.
func asJSON(t *testing.T, text string) string {
	t.Helper()
	node, err := source.ParseYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(source.AppendJSON(nil, &node))
}

// Whoever debugs has the response first and the world second: from a pasted
// one of two days ago, in a world of other names and without a trust policy,
// the offered fixes lead to success, one after the other.
func TestAPastedResponseLeadsToItsWorld(t *testing.T) {
	r := goodResponse()
	document := r.document(t, map[string]any{"Name": "my-idp", "SAMLMetadataDocument": metadataOf(t, samlEntity, rsaKey)})
	document["now"] = clock.Add(48 * time.Hour).Format(time.RFC3339)
	account := document["accounts"].(map[string]any)["123456789012"].(map[string]any)
	account["Roles"] = []any{map[string]any{"RoleName": "my-role"}}
	params := document["calls"].([]any)[0].(map[string]any)["params"].(map[string]any)
	params["RoleArn"], params["PrincipalArn"] = "arn:aws:iam::123456789012:role/my-role", "arn:aws:iam::123456789012:saml-provider/my-idp"
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	call := play(string(text)).report.Calls[0]
	var patch []trace.Patch
	for range 3 {
		i := slices.IndexFunc(call.Advice, func(a trace.Advice) bool { return len(a.Fix) > 0 })
		if i < 0 {
			t.Fatalf("got %s and no fix", call.Verdict)
		}
		patch = append(patch, call.Advice[i].Fix...)
		report, err := mended(string(text), patch)
		if err != nil {
			t.Fatal(err)
		}
		call = report.Calls[0]
	}
	if call.Outcome != "success" {
		t.Errorf("got %s, want success", call.Verdict)
	}
}
