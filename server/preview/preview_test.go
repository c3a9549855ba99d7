package preview

import (
	"os"
	"testing"
)

func TestScratch(t *testing.T) {
	os.WriteFile("/tmp/lead/pv1.png", Draw(Card{Title: "GitHub Actions deploys from main, and an uncommonly long title that goes on for two lines and then some more than that", State: Refused, Word: "Refused", Verdict: "STS refuses. The policy wants repo:acme/app:ref:refs/heads/main, the token says repo:acme/app:pull_request: the run was triggered by a pull request, and then the subject names neither branch nor tag.", Code: "AccessDenied", Message: "Not authorized to perform sts:AssumeRoleWithWebIdentity", Step: "The trust policy's conditions hold", Calls: []Call{{Accepted, "push to main"}, {Refused, "pull request"}}}), 0o644)
	os.WriteFile("/tmp/lead/pv2.png", Draw(Card{Title: "שלום 😀👨‍👩‍👧 \u202eevil Ünïcode é Привет 你好", State: OnTrust, Word: "Accepted on trust", Verdict: "STS accepts.", Calls: []Call{{OnTrust, "one"}, {Refused, "two"}, {Accepted, "three with a very long name that should be cut"}, {Accepted, "four with a very long name that should be cut"}, {Accepted, "five with a very long name that should be cut"}}}), 0o644)
}
func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		Draw(Card{Title: "GitHub Actions deploys from main, and an uncommonly long title that goes on for two lines and then some more than that", State: Refused, Word: "Refused", Verdict: "STS refuses. The policy wants repo:acme/app:ref:refs/heads/main, the token says repo:acme/app:pull_request: the run was triggered by a pull request, and then the subject names neither branch nor tag.", Code: "AccessDenied", Message: "Not authorized to perform sts:AssumeRoleWithWebIdentity", Step: "The trust policy's conditions hold", Calls: []Call{{Accepted, "push to main"}, {Refused, "pull request"}}})
	}
}
