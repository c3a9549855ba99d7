package report_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stsplayground/engine"
	"stsplayground/web/report"
)

// twoGates is played by the engine, because what is drawn of an action is
// mostly what it decides.
const twoGates = `
now: "2026-04-28T10:30:00Z"
issuers: [{url: "https://idp.example", signing: [{alg: RS256}]}]
accounts:
  "123456789012":
    OpenIDConnectProviders: [{Url: "https://idp.example", ClientIDList: [aws]}]
    Roles:
      - RoleName: engineer
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: {Federated: "arn:aws:iam::123456789012:oidc-provider/idp.example"}, Action: [sts:AssumeRoleWithWebIdentity, sts:TagSession], Condition: {StringEquals: {"idp.example:aud": aws}}}]
        Policies:
          - PolicyName: lake
            PolicyDocument:
              Version: "2012-10-17"
              Statement:
                - {Sid: Own, Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::lake/${aws:PrincipalTag/team}/*"}
                - {Effect: Allow, Action: s3:ListBucket, Resource: "arn:aws:s3:::lake", Condition: {StringLike: {"s3:prefix": "${aws:PrincipalTag/team}/*"}, "ForAllValues:StringEquals": {"aws:TagKeys": [team]}}}
    ServiceControlPolicies: [[{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}, {Effect: Deny, Action: "s3:DeleteObject", Resource: "*"}]}]]
calls:
  - name: east
    action: sts:AssumeRoleWithWebIdentity
    params:
      RoleArn: arn:aws:iam::123456789012:role/engineer
      RoleSessionName: ana
      WebIdentityToken: {mint: {issuer: "https://idp.example", claims: {sub: ana, aud: aws, "https://aws.amazon.com/tags": {principal_tags: {team: [east]}}}}}
  - {name: own, action: s3:GetObject, caller: east, resource: "arn:aws:s3:::lake/east/x"}
  - {name: other, action: s3:GetObject, caller: east, resource: "arn:aws:s3:::lake/west/x"}
  - {name: list, action: s3:ListBucket, caller: east, resource: "arn:aws:s3:::lake", context: {"aws:TagKeys": [team, "a/b"]}}
  - {name: delete, action: s3:DeleteObject, caller: east, resource: "arn:aws:s3:::lake/east/x"}
  - {name: late, action: s3:GetObject, caller: east, resource: "arn:aws:s3:::lake/east/x", after: 90m}
  - {name: nobody, action: s3:GetObject, caller: west, resource: "*"}
  - {name: unread, action: "s3", caller: east}
`

func played(t *testing.T, scenario string) engine.Report {
	t.Helper()
	s, findings := engine.Decode(scenario, 1<<20)
	for _, f := range findings {
		if f.At.Path != "/calls/6/caller" { // which names nobody, on purpose
			t.Fatalf("%s: %s", f.At.Path, f.Detail)
		}
	}
	return engine.Run(s)
}

func TestTheTwoGates(t *testing.T) {
	r := played(t, twoGates)
	for _, test := range []struct {
		name string
		call int
		id   string
		want string
	}{
		{"the door says who came in, with what and until when", 0, "door-0", "✓ Accepted east as engineer/ana team=east until 11:30 UTC"},
		{"an allowed question names the statement", 0, "ask-1", "by identity-based policy lake, statement 1 (Own)"},
		{"an allowed question says so in words and shape", 0, "call-1", "✓ Allowed"},
		{"a denied question names the type of policy", 0, "ask-2", "by no identity-based policy allows it"},
		{"AWS's own sentence is there", 0, "ask-2", "AWS: User: arn:aws:sts::123456789012:assumed-role/engineer/ana is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::lake/west/x because no identity-based policy allows the s3:GetObject action"},
		{"an explicit deny says so", 0, "ask-4", "by explicit deny in service control policy level 1, policy 1, statement 2"},
		{"credentials that ended", 0, "ask-5", "The session ended at 2026-04-28T11:30:00Z"},
		{"a caller that is none has no words of AWS's", 0, "ask-6", `by The call "west" gave no credentials`},
		{"what is no action", 0, "ask-7", "by An action of a call is one action"},
		{"an action's verdict", 1, "verdict", "Allowed"},
		{"the walk is of whom AWS asks", 1, "walk-title", "Whom AWS asks, in order"},
		{"each type of policy answers", 1, "types", "service control policy ✓ allows"},
		{"a type that isn't asked says so", 1, "types", "permissions boundary – not asked The identity has no permissions boundary."},
		{"a stage that isn't asked says so", 1, "stage-boundary", "– not asked Boundary"},
		{"the policies of a type stand in its stage", 2, "stage-identity", "identity-based policy lake"},
		{"statements about other actions are folded", 2, "policy-1-others-d", "1 statement about other actions"},
		{"the statement that denies stands with the denial", 4, "denying-0", "applies Deny statement 2"},
		{"the keys that later calls carry", 0, "session-context", "aws:PrincipalTag/team east"},
	} {
		if got := text(byID(t, parse(t, render(t, r, test.call)), test.id)); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q want it to contain %q", test.name, got, test.want)
		}
	}
	if got := text(byID(t, parse(t, render(t, r, 0)), "ask-6")); strings.Contains(got, "AWS:") {
		t.Errorf("AWS is quoted where it was never asked: %q", got)
	}
}

func TestWhatAnActionsWalkOpens(t *testing.T) {
	r := played(t, twoGates)
	for call, want := range map[int]string{1: "stage-together-d", 2: "stage-identity-d", 4: "stage-deny-d", 5: "stage-caller-d", 6: "stage-caller-d"} {
		for _, n := range parse(t, render(t, r, call)) {
			id, _ := attr(n, "id")
			_, open := attr(n, "open")
			if strings.HasPrefix(id, "stage-") && n.Data == "details" && open != (id == want) {
				t.Errorf("call %d: %s is open: %v", call, id, open)
			}
		}
	}
}

func TestFieldsOfAQuestion(t *testing.T) {
	nodes := parse(t, render(t, played(t, twoGates), 3))
	for _, test := range []struct{ id, pointer, kind, value, label string }{
		{"ask-3-caller", "/calls/3/caller", "caller", "east", "Who asks: list"},
		{"ask-3-action", "/calls/3/action", "action", "s3:ListBucket", "Action: list"},
		{"ask-3-resource", "/calls/3/resource", "resource", "arn:aws:s3:::lake", "Resource: list"},
		{"ask-3-key-s3-prefix", "/calls/3/context/s3:prefix", "key", "", "s3:prefix text"},
		{"ask-3-key-aws-tagkeys", "/calls/3/context/aws:TagKeys", "key-list", "team, a/b", "aws:TagKeys text list, with commas"},
		{"ask-3-name", "/calls/3/name", "call-name", "list", "Name of the question"},
	} {
		n := byID(t, nodes, test.id)
		for name, want := range map[string]string{"data-bind": test.pointer, "data-kind": test.kind, "value": test.value} {
			if got, _ := attr(n, name); got != want {
				t.Errorf("%s: got %s %q want %q", test.id, name, got, want)
			}
		}
		label, ok := attr(n, "aria-label")
		if !ok {
			label = text(n.Parent)
		}
		if label != test.label {
			t.Errorf("%s: got the label %q want %q", test.id, label, test.label)
		}
	}
}

func TestKeysAreEscapedInPointers(t *testing.T) {
	r := played(t, strings.Replace(twoGates, `"aws:TagKeys": [team, "a/b"]`, `"aws:ResourceTag/a~b": x`, 1))
	if got, _ := attr(byID(t, parse(t, render(t, r, 3)), "ask-3-key-aws-resourcetag-a-b"), "data-bind"); got != "/calls/3/context/aws:ResourceTag~1a~0b" {
		t.Errorf("got the pointer %q", got)
	}
}

func TestAPolicyOfManyValuesIsDrawnInPart(t *testing.T) {
	many := strings.Repeat("s3:A, ", 500)
	r := played(t, strings.Replace(twoGates, "Action: s3:GetObject, Resource", "Action: ["+many+"s3:GetObject], Resource", 1))
	n := byID(t, parse(t, render(t, r, 1)), "statement-1-0-action")
	if got := text(n); !strings.Contains(got, "and 489 more") {
		t.Errorf("got %q", got)
	}
}

// TestTheRowsArePartsOfTheTable: a row that changed is exchanged by itself.
func TestTheRowsArePartsOfTheTable(t *testing.T) {
	r := played(t, twoGates)
	parts := report.Parts(r, 1)
	if parts[0].ID != "gates" || parts[0].Holder != "asks" || len(parts[0].Parts) != 8 {
		t.Fatalf("got the part %s with the holder %q and %d parts, want gates, asks and a head with 7 rows", parts[0].ID, parts[0].Holder, len(parts[0].Parts))
	}
	table := byID(t, parse(t, render(t, r, 1)), "asks")
	for row, i := table.FirstChild, 0; row != nil; row, i = row.NextSibling, i+1 {
		if id, _ := attr(row, "id"); row.Type == html.ElementNode && id != parts[0].Parts[i].ID {
			t.Errorf("row %d has the id %q want %q", i, id, parts[0].Parts[i].ID)
		}
	}
}
