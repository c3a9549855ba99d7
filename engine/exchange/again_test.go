package exchange

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// takeAs takes a text on a page as something.
func takeAs(t *testing.T, page, text, as string) (Taken, string) {
	t.Helper()
	taken, refusal := Take([]Input{{Text: text}}, node(t, page), View{Role: roleInView, Now: clockTime, As: as})
	if refusal != "" {
		t.Fatalf("got the refusal %q", refusal)
	}
	return taken, apply(t, page, taken.Patch)
}

func TestWhatCanBeSeveralThingsIsOfferedAsEach(t *testing.T) {
	permissions := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`
	for _, test := range []struct{ as, what, has string }{
		{"", "an identity-based policy", `"Policies":[{"PolicyDocument":{`},
		{asSCP, "a service control policy", `"ServiceControlPolicies":[[{`},
		{asBoundary, "a permissions boundary", `"PermissionsBoundary":`},
		{asSession, "a session policy", `"Policy":"{`},
		{asManaged, "a managed policy", `"AttachedPolicies":[{"PolicyArn":"arn:aws:iam::123456789012:policy/pasted"}]`},
	} {
		taken, world := takeAs(t, emptyPage, permissions, test.as)
		if taken.What != "This is "+test.what || !strings.Contains(world, test.has) {
			t.Errorf("%q: got %q and %s, want %q and %s", test.as, taken.What, world, test.what, test.has)
		}
		offered := 0
		for _, other := range taken.Others {
			if other.As == test.as {
				t.Errorf("%q: it is offered as what it was taken for", test.as)
			}
			offered++
		}
		if offered != 4 {
			t.Errorf("%q: got %d other ways, want 4", test.as, offered)
		}
		mustDecode(t, world)
	}
}

func TestAPolicyThatSaysOfNothingIsThatOfAVPCEndpoint(t *testing.T) {
	ofSTS := `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}]}`
	ofS3 := strings.Replace(ofSTS, "sts:*", "s3:GetObject", 1)
	two := strings.Replace(emptyPage, `"Roles"`, `"VpcEndpoints": [{"VpcEndpointId": "vpce-0a"}, {"VpcEndpointId": "vpce-0123456789abcdef0"}], "Roles"`, 1)
	one := strings.Replace(emptyPage, `"Roles"`, `"VpcEndpoints": [{"VpcEndpointId": "vpce-0a", "PolicyDocument": {"Statement": []}}], "Roles"`, 1)
	for _, test := range []struct{ name, page, text, as, has, note string }{
		{"for STS", emptyPage, ofSTS, "", `"VpcEndpointId":"vpce-0123456789abcdef0"`, "aws:SourceVpce vpce-0123456789abcdef0 in its context: 1 call"},
		{"the call goes through it", emptyPage, ofSTS, "", `"context":{"aws:SourceVpce":"vpce-0123456789abcdef0"}`, ""},
		{"for another service than the call's", emptyPage, ofS3, "", `"VpcEndpointId":"vpce-0123456789abcdef0"`, "no call goes through it yet"},
		{"for everything and everyone", emptyPage, `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`, "", `"aws:SourceVpce":`, "1 call"},
		{"there is one endpoint", one, ofSTS, "", `"aws:SourceVpce":"vpce-0a"`, "the policy of endpoint vpce-0a"},
		{"there are several", two, ofSTS, "", `"aws:SourceVpce":"vpce-0123456789abcdef1"`, ""},
		{"the reader says so of one that names a resource", emptyPage, strings.Replace(ofS3, `"*", "Cond`, `"arn:aws:s3:::lake/*", "Cond`, 1), asEndpoint, `"PolicyDocument":{`, "no call goes through it yet"},
		{"it denies only", emptyPage, strings.Replace(ofSTS, "Allow", "Deny", 1), asEndpoint, `"aws:SourceVpce":`, "1 call"},
	} {
		taken, world := takeAs(t, test.page, test.text, test.as)
		if taken.What != "This is the policy of a VPC endpoint" || !strings.Contains(world, test.has) || !strings.Contains(strings.Join(taken.Notes, "\n"), test.note) {
			t.Errorf("%s: got %q, %q and %s, want %s and %q", test.name, taken.What, taken.Notes, world, test.has, test.note)
		}
		mustDecode(t, world)
	}
	taken, _ := takeAs(t, emptyPage, aTrust, "")
	if len(taken.Others) != 2 || taken.Others[1].As != asEndpoint {
		t.Errorf("got the other ways %v of a trust policy, want the policy of an endpoint among them", taken.Others)
	}
}

func TestAnEndpointPolicyStopsTheCallThatGoesThrough(t *testing.T) {
	through := `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:GetCallerIdentity", "Resource": "*"}]}`
	_, page := takeAs(t, emptyPage, jwt(rs256, gitHubClaims), "")
	taken, world := takeAs(t, page, through, "")
	if outcome, verdict := outcomeOf(t, world, taken.Call); outcome != refused || !strings.Contains(verdict, "the policy of vpce-") {
		t.Errorf("got %s: %s, want the endpoint's policy to refuse it", outcome, verdict)
	}
}

func TestClaimsAreMintedWhereTheReaderWants(t *testing.T) {
	taken, world := takeAs(t, emptyPage, gitHubClaims, "mint")
	if outcome, verdict := outcomeOf(t, world, taken.Call); outcome != accepted {
		t.Errorf("got %s: %s", outcome, verdict)
	}
}

func TestATokenThatIsOverCanBePlayedWhenItWasGood(t *testing.T) {
	late := View{Role: roleInView, Now: "2026-05-01T00:00:00Z"}
	text := []Input{{Text: jwt(rs256, gitHubClaims)}}
	taken, _ := Take(text, node(t, emptyPage), late)
	if len(taken.Others) != 1 || taken.Others[0].As != "then" || !strings.Contains(taken.Others[0].Label, "2026-04-28T10:30:00Z") {
		t.Fatalf("got the other ways %v, want the time when it was issued", taken.Others)
	}
	late.As = "then"
	taken, _ = Take(text, node(t, emptyPage), late)
	if world := apply(t, emptyPage, taken.Patch); !strings.Contains(world, `"now":"2026-04-28T10:30:00Z"`) {
		t.Errorf("got %s", world)
	}

	old := strings.Replace(aPage, "2026-04-28T10:30:00Z", "2020-01-01T00:00:00Z", 1)
	taken, world := takeAs(t, old, jwt(rs256, gitHubClaims), "")
	if strings.Contains(world, `"now"`) || !strings.Contains(strings.Join(taken.Notes, "\n"), "it is now that of your clock") {
		t.Errorf("got %s with the notes %q, want the reader's clock", world, taken.Notes)
	}
}

func TestAnErrorIsLedToItsExplanation(t *testing.T) {
	for _, text := range []string{anErrorLine, "##[error]Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity", `{"Error": {"Code": "AccessDenied", "Message": "Not authorized to perform sts:AssumeRoleWithWebIdentity"}}`, "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>Incorrect token audience</Message></Error></ErrorResponse>"} {
		taken, _ := takeAs(t, emptyPage, text, "")
		if taken.Explain == "" || !strings.Contains(taken.What, "“Explain an error”") || len(taken.Patch) > 0 || taken.Pane != "" {
			t.Errorf("%s: got %+v", text, taken)
		}
	}
}

func TestFilesGoInTogether(t *testing.T) {
	inputs := []Input{
		{Name: "jwks.json", Text: someKeys},
		{Name: "photo.png", Text: "\x89PNG\r\n"},
		{Name: "token.txt", Text: jwt(rs256, gitHubClaims)},
		{Name: "huge.log", Text: "begins", Size: 5 << 20},
		{Name: "trust.json", Text: aTrust},
		{Name: "notes.txt", Text: "nothing of interest"},
	}
	taken, refusal := Take(inputs, node(t, emptyPage), View{Role: roleInView, Now: clockTime})
	if refusal != "" {
		t.Fatal(refusal)
	}
	if want := "These are 3 things: a trust policy; an OIDC token of GitHub Actions for repo:octo-org/octo-repo:ref:refs/heads/main; and a key set of 2 keys"; taken.What != want {
		t.Errorf("got %q, want %q", taken.What, want)
	}
	notes := strings.Join(taken.Notes, "\n")
	for _, want := range []string{"left out: photo.png: this is a picture", "left out: huge.log: the text has 5242880 bytes (5.0 MiB), and at most 1 MiB is taken in", "left out: notes.txt: this isn't recognised"} {
		if !strings.Contains(notes, want) {
			t.Errorf("got the notes\n%s\nwant %q among them", notes, want)
		}
	}
	if _, refusal := Take(inputs[1:2], nil, View{}); !strings.HasPrefix(refusal, "photo.png: this is a picture") {
		t.Errorf("got %q", refusal)
	}
}

func TestWhatWindowsWritesIsRead(t *testing.T) {
	for name, order := range map[string]bool{"little endian": false, "big endian": true} {
		bytes := []byte{0xff, 0xfe}
		if order {
			bytes = []byte{0xfe, 0xff}
		}
		for _, unit := range utf16.Encode([]rune(oneRole)) {
			pair := []byte{byte(unit), byte(unit >> 8)}
			if order {
				pair[0], pair[1] = pair[1], pair[0]
			}
			bytes = append(bytes, pair...)
		}
		if taken, refusal := Import(string(bytes), nil, ""); refusal != "" || !strings.Contains(taken.What, "role deploy") {
			t.Errorf("%s: got %q and the refusal %q", name, taken.What, refusal)
		}
	}
}

// A URL that means more than an address to a shell is in no command line.
func TestACommandLineIsSafeToPaste(t *testing.T) {
	for _, iss := range []string{"https://idp.example.com/$(id)", "https://idp.example.com/`id`", "https://idp.example.com/;id", "https://idp.example.com/a'b", "https://idp.example.com/a b", "https://idp.example.com/a\\nb"} {
		taken, _ := takeAs(t, emptyPage, jwt(rs256, strings.Replace(gitHubClaims, "https://token.actions.githubusercontent.com", iss, 1)), "")
		if len(taken.Commands) > 0 {
			t.Errorf("%s: got %v", iss, taken.Commands)
		}
	}
}

// What was pasted a second time changes nothing more.
func TestTakingTheSameAgainChangesNothing(t *testing.T) {
	for name, text := range map[string]string{"a token": jwt(rs256, gitHubClaims), "claims": gitHubClaims, "a trust policy": aTrust, "metadata": someMeta, "discovery": discoveryDoc, "a response": aResponseXML, "an ARN": "arn:aws:iam::123456789012:role/x"} {
		_, world := takeAs(t, emptyPage, text, "")
		if again, _ := takeAs(t, world, text, ""); len(again.Patch) > 0 {
			t.Errorf("%s: got the patch %s", name, mustJSON(t, again.Patch))
		}
	}
}

// The page may be anything that was written by hand.
func TestABrokenScenarioIsNoReasonToBreak(t *testing.T) {
	texts := []string{jwt(rs256, gitHubClaims), gitHubClaims, someKeys, aTrust, someMeta, aResponseXML, recordBad, recordGood, anAnswer, aWorkflowYML, discoveryDoc, "aws sts assume-role --role-arn arn:aws:iam::123456789012:role/a --role-session-name b", "arn:aws:iam::123456789012:role/x", oneRole}
	for _, page := range []string{
		`{"calls": 7}`, `{"calls": [7]}`, `{"calls": [{"params": []}]}`, `{"calls": {"0": {}}}`, `{"calls": [{"action": 1, "params": {"RoleArn": {}}}]}`,
		`{"accounts": []}`, `{"accounts": {"123456789012": []}}`, `{"accounts": {"123456789012": {"Roles": {}, "OpenIDConnectProviders": 1, "SAMLProviders": ["x"]}}}`,
		`{"issuers": {}}`, `{"issuers": [1, {"url": {}}]}`, `{"accounts": {"x": {}}}`, `[]`, `7`, `null`, `{}`,
	} {
		for _, text := range texts {
			for _, call := range []int{0, 3, -1} {
				Take([]Input{{Text: text}}, node(t, page), View{Role: roleInView, Call: call, Now: "soon"})
			}
		}
	}
}
