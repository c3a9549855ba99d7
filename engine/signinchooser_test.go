package engine_test

import (
	"slices"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// Before a role is picked nothing of a response is verified, and the report
// doesn't count it as good.
func TestTheRoleChooserTakesTheResponseOnTrust(t *testing.T) {
	for _, example := range examples.All() {
		if example.Slug != "a-form-signs-people-in-to-the-console" {
			continue
		}
		s, _ := engine.Decode(example.JSON, scenario.LimitCheck)
		s.Calls[2].SignIn.SAMLResponse.Mint.Sign = "none"
		call := engine.Run(s).Calls[2]
		if call.Session != nil || !slices.Contains(call.Assumed, "signin/role-choice") {
			t.Errorf("got session %v and assumed %v, want none and signin/role-choice", call.Session, call.Assumed)
		}
		return
	}
	t.Fatal("there is no such example")
}
