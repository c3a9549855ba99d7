package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What there is no room to tell is decided the same, and each statement that
// is told says the same of itself.
func TestWithoutRoomTheSameIsDecided(t *testing.T) {
	short := 0
	eachTogether(t, 71, func(m maker, given madeTogether, _ Outcome) {
		full, spent := given.authorization(), given.authorization()
		spent.Request.Room = NewRoom(0)
		want, got := full.Explain(), spent.Explain()
		if got.Effect != want.Effect || got.By != want.By || cmp.Diff(got.Statement, want.Statement) != "" || cmp.Diff(got.Types, want.Types) != "" {
			t.Fatalf("got %v by %s, %+v; want %v by %s, %+v", got.Effect, got.By, got.Statement, want.Effect, want.By, want.Statement)
		}
		if told := len(got.Policies) + got.More; told != len(want.Policies) {
			t.Fatalf("got %d policies, told or not, want %d", told, len(want.Policies))
		}
		short += got.More
	})
	eachMade(t, 72, func(m maker, d made, kind Kind, r *Request, before Effect) {
		policy := d.parse(kind)
		want := policy.Explain(r)
		without := *r
		without.Room = NewRoom(0)
		got := policy.Explain(&without)
		if got.Effect != want.Effect || len(got.Statements)+got.More != len(want.Statements) {
			t.Fatalf("%s: got %v and %d of %d statements, want %v", d, got.Effect, len(got.Statements), len(want.Statements), want.Effect)
		}
		for i := range got.Statements {
			told := &got.Statements[i]
			whole := &want.Statements[told.Index]
			if told.Applies != whole.Applies || told.Principal.Matched != whole.Principal.Matched || told.Action.Matched != whole.Action.Matched || told.Resource.Matched != whole.Resource.Matched {
				t.Fatalf("%s: statement %d is told another way", d, told.Index+1)
			}
		}
		short += got.More
	})
	if short == 0 {
		t.Error("nothing was left out")
	}
}

// A list that is cut short counts what it leaves out.
func TestALongListIsCutWhereTheRoomEnds(t *testing.T) {
	values := ""
	for range 200 {
		values += `"` + "value" + `",`
	}
	policy, _ := ParseText(row{policy: allowIf(`"StringEquals":{"k:a":[` + values + `"last"]}`)}.doc(), IdentityPolicy)
	r := asked("k:a=last")
	r.Room = NewRoom(5000)
	d := policy.Explain(r).Statements[0]
	c := d.Conditions[0]
	if !d.Applies || !c.Matched || c.Why != "the value is one that the policy lists" {
		t.Errorf("got %v, %q; want a match", c.Matched, c.Why)
	}
	if len(c.Values) < fewValues || len(c.Wanted) != len(c.Values) || c.More != 201-len(c.Values) {
		t.Errorf("got %d values, %d wanted and %d more of 201", len(c.Values), len(c.Wanted), c.More)
	}
}
