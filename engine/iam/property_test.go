package iam

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"stsplayground/engine/source"
)

// slowGlob is the obvious matcher: exponential, and plainly right.
func slowGlob(pattern, text []rune) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	if pattern[0] == '*' {
		return slowGlob(pattern[1:], text) || len(text) > 0 && slowGlob(pattern, text[1:])
	}
	return len(text) > 0 && (pattern[0] == '?' || pattern[0] == text[0]) && slowGlob(pattern[1:], text[1:])
}

func TestGlobAgreesWithTheObviousMatcher(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(letters []rune, longest int) string {
		word := make([]rune, random.IntN(longest))
		for i := range word {
			word[i] = letters[random.IntN(len(letters))]
		}
		return string(word)
	}
	for range 100_000 {
		pattern, text := word([]rune("aé:*?"), 8), word([]rune("aé:"), 10)
		want := slowGlob([]rune(pattern), []rune(text))
		if got := glob(toPattern(pattern), text); got != want {
			t.Fatalf("glob(%q, %q): got %v want %v", pattern, text, got, want)
		}
		if got := globFold(toPattern(pattern), strings.ReplaceAll(text, "a", "A")); got != want {
			t.Fatalf("globFold(%q, %q): got %v want %v", pattern, text, got, want)
		}
	}
}

// Pieces long enough for findLong, in texts that hold them and don't.
func TestGlobAgreesWithTheObviousMatcherOnLongPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	matched := 0
	for range 3000 {
		text := make([]rune, 150+random.IntN(100))
		for i := range text {
			text[i] = []rune("aaé")[random.IntN(3)]
		}
		from := random.IntN(60)
		piece := append([]rune(nil), text[from:from+70+random.IntN(20)]...)
		for i := range piece {
			if random.IntN(3) == 0 {
				piece[i] = '?'
			}
		}
		if random.IntN(2) == 0 {
			piece[random.IntN(len(piece))] = 'b'
		}
		pattern := "*" + string(piece) + "*"
		want := slowGlob([]rune(pattern), text)
		if got := glob(toPattern(pattern), string(text)); got != want {
			t.Fatalf("glob(%q, %q): got %v want %v", pattern, string(text), got, want)
		}
		if got := globWith(toPattern(pattern), strings.ReplaceAll(string(text), "a", "A"), true); got != want {
			t.Fatalf("globWith(%q, %q, fold): got %v want %v", pattern, string(text), got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 500 || matched > 2500 {
		t.Errorf("got %d matches of 3000 want both answers often", matched)
	}
}

func TestGlobIsBoundedForHostilePatterns(t *testing.T) {
	text := strings.Repeat("a", 100_000)
	for _, pattern := range []string{
		strings.Repeat("*a", 2000) + "b",
		"*" + strings.Repeat("a", 50_000) + "b*",
		"*" + strings.Repeat("a", 50_000),
		"*" + strings.Repeat("?a", 15_000) + "b*",
		"*?" + strings.Repeat("a", 30_000) + "b*",
		strings.Repeat("*?????a", 10_000) + "b*",
	} {
		if got := glob(toPattern(pattern), text); got != !strings.Contains(pattern, "b") {
			t.Errorf("%.20s…: got %v", pattern, got)
		}
		globFold(toPattern(pattern), text)
	}
}

func TestParseIsBoundedForHostilePolicies(t *testing.T) {
	var keys strings.Builder
	for i := range 40_000 {
		keys.WriteString(`"https://k:` + strconv.Itoa(i) + `":"*",`)
	}
	for _, operator := range []string{"StringEquals", "ForAllValues:StringLikeIfExists", "stringlike"} {
		_, findings := ParseText(row{policy: allowIf(`"` + operator + `":{` + keys.String() + `"k:a":"x"}`)}.doc(), IdentityPolicy)
		if len(findings) == 0 || len(findings) > maxFindings {
			t.Errorf("%s: got %d findings want 1 to %d", operator, len(findings), maxFindings)
		}
	}
}

func TestParseIsBoundedForRepeatedMistakes(t *testing.T) {
	_, findings := ParseText(`{"Version":"2012-10-17","Statement":{`+strings.Repeat(`"Principle":"*",`, 40_000)+`"Effect":"Allow"}}`, TrustPolicy)
	if len(findings) != maxFindings {
		t.Errorf("got %d findings want %d", len(findings), maxFindings)
	}
}

// eachRow gives every conformance row's policy as a document tree.
func eachRow(t *testing.T, do func(r row, root source.Node)) {
	t.Helper()
	for _, r := range conformance {
		root, err := source.ParseJSON(r.doc())
		if err != nil {
			t.Fatalf("%s: %v", r.says, err)
		}
		do(r, root)
	}
}

// stride is how far apart the rows are that a row meets where all of them would
// be too many.
const stride = 17

// statementsOf is the list of statements in the document.
func statementsOf(root *source.Node) *source.Node {
	n := root.Get("Statement")
	if n == nil {
		return &source.Node{}
	}
	if n.Kind == source.Object {
		*n = source.Node{Kind: source.Array, Items: []source.Node{*n}}
	}
	return n
}

// TestAddingADenyNeverAllows adds every row's statements, as denials, to some rows' policies.
func TestAddingADenyNeverAllows(t *testing.T) {
	var denials []Statement
	for _, r := range conformance {
		policy, _ := ParseText(r.doc(), r.kind)
		for _, s := range policy.Statements {
			s.word = denies
			denials = append(denials, s)
		}
	}
	for i, r := range conformance {
		policy, _ := ParseText(r.doc(), r.kind)
		for j := i % stride; j < len(denials); j += stride {
			more := *policy
			more.Statements = append(policy.Statements[:len(policy.Statements):len(policy.Statements)], denials[j])
			if got := more.Decide(r.request); got == Allow && r.want != Allow {
				t.Fatalf("%s: a Deny more turns %v into Allow", r.says, r.want)
			}
		}
	}
}

func TestStatementOrderNeverMatters(t *testing.T) {
	eachRow(t, func(r row, root source.Node) {
		items := statementsOf(&root).Items
		for i := range len(items) / 2 {
			items[i], items[len(items)-1-i] = items[len(items)-1-i], items[i]
		}
		policy, _ := Parse(&root, r.kind)
		if got := policy.Decide(r.request); got != r.want {
			t.Errorf("%s: got %v in reverse order want %v", r.says, got, r.want)
		}
	})
}

func TestLetterCaseOfKeysNeverMatters(t *testing.T) {
	for _, r := range conformance {
		shouting := *r.request
		shouting.Context = NewContext()
		for _, key := range r.request.Context.Keys() {
			v, _ := r.request.Context.Lookup(key)
			shouting.Context.SetValue(strings.ToUpper(key), v)
		}
		policy, _ := ParseText(r.doc(), r.kind)
		if got := policy.Decide(&shouting); got != r.want {
			t.Errorf("%s: got %v with keys in capitals want %v", r.says, got, r.want)
		}
	}
}

func TestParseGivesTheSameEveryTime(t *testing.T) {
	for _, r := range conformance {
		first, findings := ParseText(r.doc(), r.kind)
		again, same := ParseText(r.doc(), r.kind)
		if !reflect.DeepEqual(findings, same) || !reflect.DeepEqual(first.Explain(r.request), again.Explain(r.request)) {
			t.Errorf("%s: two runs differ", r.says)
		}
	}
}

// agree checks Explain against Decide, and its own parts against each other.
func agree(t *testing.T, policy *Policy, r *Request) {
	t.Helper()
	explained := policy.Explain(r)
	if got, want := explained.Effect, policy.Decide(r); got != want {
		t.Fatalf("Explain: got %v want Decide's %v", got, want)
	}
	for _, s := range explained.Statements {
		all := s.Principal.Matched && s.Action.Matched && s.Resource.Matched
		for _, c := range s.Conditions {
			all = all && c.Matched
			if c.Why == "" || c.At == nil || c.At.Path == "" {
				t.Fatalf("condition %s %s has no reason or place", c.Operator, c.Key)
			}
		}
		if s.Applies && !all {
			t.Fatalf("statement %d applies although a part of it doesn't match", s.Index)
		}
	}
	if text, err := json.Marshal(explained); err != nil || strings.Contains(string(text), ":null") {
		t.Fatalf("got %s, %v want JSON without null", text, err)
	}
}

// agreeTogether is agree for every type of policy together.
func agreeTogether(t *testing.T, a *Authorization) Decision {
	t.Helper()
	decided, explained := a.Decide(), a.Explain()
	if explained.Effect != decided.Effect || explained.By != string(decided.By) {
		t.Fatalf("Explain: got %v by %q want Decide's %v by %q", explained.Effect, explained.By, decided.Effect, decided.By)
	}
	if (decided.Statement == nil) != (explained.Statement == nil) {
		t.Fatalf("Explain: got statement %v want Decide's %v", explained.Statement, decided.Statement)
	}
	if s := decided.Statement; s != nil {
		if want := (Deciding{decided.Policy.Name, s.Index, s.Sid}); *explained.Statement != want {
			t.Fatalf("Explain: got statement %v want Decide's %v", *explained.Statement, want)
		}
	}
	denied, refused := false, false
	for _, d := range explained.Types {
		denied = denied || d.Effect == ExplicitDeny
		refused = refused || d.Applies && d.Effect == ImplicitDeny
		if d.Why == "" {
			t.Fatalf("the %s has no reason", d.Type)
		}
	}
	if denied != (decided.Effect == ExplicitDeny) {
		t.Fatalf("got %v although the types say %v", decided.Effect, explained.Types)
	}
	if decided.Effect == Allow && refused {
		t.Fatalf("got Allow although a type doesn't: %v", explained.Types)
	}
	if decided.Effect == ImplicitDeny && !refused {
		t.Fatalf("got ImplicitDeny although no type refuses: %v", explained.Types)
	}
	if text, err := json.Marshal(explained); err != nil || strings.Contains(string(text), ":null") {
		t.Fatalf("got %s, %v want JSON without null", text, err)
	}
	return explained
}

func TestExplainAgreesWithDecide(t *testing.T) {
	for i, r := range conformance {
		policy, _ := ParseText(r.doc(), r.kind)
		for j := i % stride; j < len(conformance); j += stride {
			agree(t, policy, conformance[j].request)
		}
	}
}

func TestDecimalsCompareExactly(t *testing.T) {
	ascending := []string{
		"-1e1000000", "-12345678901234567890.5", "-10", "-9.99", "-1", "-0.5", "-0.05", "-1e-400", "0", "1e-400", "0.05", "0.5",
		"1", "1.0000000000000000000000001", "9.99", "10", "9007199254740992", "9007199254740993", "1e20", "1e1000000",
	}
	for i, a := range ascending {
		for j, b := range ascending {
			x, okX := parseDecimal(a)
			y, okY := parseDecimal(b)
			if !okX || !okY {
				t.Fatalf("%s or %s isn't read", a, b)
			}
			want := 0
			if i != j {
				want = sign(i < j)
			}
			if got := x.compare(y); got != want {
				t.Errorf("%s against %s: got %d want %d", a, b, got, want)
			}
		}
	}
	for _, same := range [][2]string{{"10", "1e1"}, {"0.10", "1e-1"}, {"+7", "007"}, {"-0", "0e5"}, {"100", "1.00E+2"}} {
		x, _ := parseDecimal(same[0])
		y, _ := parseDecimal(same[1])
		if x.compare(y) != 0 {
			t.Errorf("%s and %s: got a difference want none", same[0], same[1])
		}
	}
	for _, bad := range []string{"", "-", ".", "1.", ".5", "1e", "0x10", "1_0", "ten", "NaN", "Inf", "1e9999999", " 1", "１"} {
		if _, ok := parseDecimal(bad); ok {
			t.Errorf("%q is read as a number", bad)
		}
	}
}
