package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// sameMeaning compares what scenarios say, not where and how they say it.
var sameMeaning = cmp.Options{
	cmpopts.IgnoreFields(Document{}, "Source"),
	cmpopts.IgnoreFields(Scenario{}, "Root", "Text"),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b source.Node) bool {
		return bytes.Equal(source.AppendJSON(nil, &a), source.AppendJSON(nil, &b)) && a.Kind == b.Kind
	}),
}

func TestDecodeReadsTheContract(t *testing.T) {
	text, err := os.ReadFile("testdata/contract.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, findings := Decode(string(text), LimitPage)
	if len(findings) != 0 {
		t.Fatalf("got findings %+v, want none", findings)
	}
	if want := time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC); !s.Now.Equal(want) {
		t.Errorf("got now %v, want %v", s.Now, want)
	}
	if len(s.Calls) != 2 || s.Calls[1].Caller != "push to main" || s.Calls[1].Path != "/calls/1" || s.Calls[0].Expect.Outcome != "success" {
		t.Errorf("got calls %+v", s.Calls)
	}
	if got := s.Calls[0].Context; len(got) != 1 || got[0].Key != "aws:SourceIp" || !slices.Equal(got[0].Values, []string{"203.0.113.7"}) || got[0].Multi {
		t.Errorf("got context %+v", got)
	}
	a := s.Accounts[0]
	if a.ID != "123456789012" || a.Path != "/accounts/123456789012" {
		t.Errorf("got account %s at %s", a.ID, a.Path)
	}
	role := a.Roles[0]
	if role.RoleName != "deploy" || role.RolePath != "/" || role.MaxSessionDuration != 3600 || role.Path != "/accounts/123456789012/Roles/0" {
		t.Errorf("got role %+v", role)
	}
	if d := role.AssumeRolePolicyDocument; d.Path != role.Path+"/AssumeRolePolicyDocument" || !d.Given() || d.Node.Line != 25 {
		t.Errorf("got trust policy at %s, line %d", d.Path, d.Node.Line)
	}
	if len(a.ServiceControlPolicies) != 2 || a.ServiceControlPolicies[1][0].Path != "/accounts/123456789012/ServiceControlPolicies/1/0" {
		t.Errorf("got service control policies %+v", a.ServiceControlPolicies)
	}
}

func TestDecodeReadsJSONAndYAMLAlike(t *testing.T) {
	for _, test := range []struct{ name, json, yaml string }{
		{
			name: "scalars that the shape wants as strings are taken as written",
			json: `{"accounts": {"012345678901": {"Roles": [{"RoleName": "yes", "Tags": [{"Key": "2012-10-17", "Value": "1e3"}, {"Key": "0x1F", "Value": "true"}]}]}}}`,
			yaml: "accounts:\n  012345678901:\n    Roles:\n    - RoleName: yes\n      Tags:\n      - {Key: 2012-10-17, Value: 1e3}\n      - {Key: 0x1F, Value: true}\n",
		}, {
			name: "null and nothing are a field that isn't given",
			json: `{"title": null, "organization": null, "accounts": {"123456789012": {}}, "calls": [{"action": "sts:AssumeRole", "params": {"Policy": null}, "expect": null}]}`,
			yaml: "title:\norganization: ~\naccounts: {\"123456789012\": }\ncalls:\n- action: sts:AssumeRole\n  params: {Policy: null}\n  expect:\n",
		}, {
			name: "a policy is an object or a string",
			json: `{"accounts": {"123456789012": {"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "n": 1.50}}, {"RoleName": "q", "AssumeRolePolicyDocument": "{\n}\n"}]}}}`,
			yaml: "accounts:\n  '123456789012':\n    Roles:\n    - RoleName: r\n      AssumeRolePolicyDocument: {Version: 2012-10-17, n: 1.50}\n    - RoleName: q\n      AssumeRolePolicyDocument: |\n        {\n        }\n",
		}, {
			name: "tokens are pasted, minted or unsigned",
			json: `{"calls": [
				{"name": "1", "action": "sts:AssumeRoleWithWebIdentity", "params": {"WebIdentityToken": "eyJ"}},
				{"name": "2", "action": "sts:AssumeRoleWithWebIdentity", "params": {"WebIdentityToken": {"mint": {"issuer": "https://i", "claims": {"exp": "+10m", "n": null}, "header": {}}}}},
				{"name": "3", "action": "sts:AssumeRoleWithWebIdentity", "params": {"WebIdentityToken": {"unsigned": {"claims": {"sub": "s"}}}}},
				{"name": "4", "action": "sts:AssumeRoleWithSAML", "params": {"SAMLAssertion": {"mint": {"nameId": "n", "times": {}}}}},
				{"name": "5", "action": "sts:AssumeRoleWithSAML", "params": {"SAMLAssertion": {"unsigned": "<Response/>"}}}]}`,
			yaml: `calls:
- {name: 1, action: "sts:AssumeRoleWithWebIdentity", params: {WebIdentityToken: eyJ}}
- {name: 2, action: "sts:AssumeRoleWithWebIdentity", params: {WebIdentityToken: {mint: {issuer: https://i, claims: {exp: +10m, n: ~}, header: {}}}}}
- {name: 3, action: "sts:AssumeRoleWithWebIdentity", params: {WebIdentityToken: {unsigned: {claims: {sub: s}}}}}
- {name: 4, action: "sts:AssumeRoleWithSAML", params: {SAMLAssertion: {mint: {nameId: n, times: {}}}}}
- {name: 5, action: "sts:AssumeRoleWithSAML", params: {SAMLAssertion: {unsigned: <Response/>}}}
`,
		}, {
			name: "context takes scalars and lists",
			json: `{"calls": [{"action": "s3:GetObject", "context": {"a:s": "x", "a:n": 1.0, "a:b": false, "a:l": ["x", 2], "a:e": []}}]}`,
			yaml: "calls:\n- action: s3:GetObject\n  context: {a:s: x, a:n: 1.0, a:b: false, a:l: [x, 2], a:e: []}\n",
		},
	} {
		fromJSON, findings := Decode(test.json, LimitPage)
		if len(findings) != 0 {
			t.Errorf("%s: JSON: got findings %+v, want none", test.name, findings)
		}
		fromYAML, findings := Decode(test.yaml, LimitPage)
		if len(findings) != 0 {
			t.Errorf("%s: YAML: got findings %+v, want none", test.name, findings)
		}
		if diff := cmp.Diff(fromJSON, fromYAML, sameMeaning); diff != "" {
			t.Errorf("%s: JSON (-) and YAML (+) differ:\n%s", test.name, diff)
		}
	}
}

func TestDecodeTakesWhatAWSPrints(t *testing.T) {
	s, findings := Decode(`{"accounts": {"123456789012": {
		"OpenIDConnectProviders": [{"Url": "idp.example.test", "ClientIDList": ["a"], "ThumbprintList": [], "CreateDate": "2026-01-01", "Tags": []}],
		"SAMLProviders": [{"Name": "Okta", "SAMLProviderUUID": "u", "SAMLMetadataDocument": "<m/>", "CreateDate": "", "ValidUntil": "", "PrivateKeyList": []}],
		"Roles": [{"Path": "/", "RoleName": "deploy", "RoleId": "AROAEXAMPLE", "Arn": "arn:aws:iam::123456789012:role/deploy", "CreateDate": "2026-01-01T00:00:00+00:00",
			"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Version": "2008-10-17"}, "Description": "", "MaxSessionDuration": 3600,
			"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/b"},
			"Policies": [{"RoleName": "deploy", "PolicyName": "p", "PolicyDocument": "%7B%7D"}], "RoleLastUsed": {}}],
		"Users": [{"Path": "/", "UserName": "alice", "UserId": "AIDAEXAMPLE", "Arn": "a", "CreateDate": "c", "PasswordLastUsed": "p"}],
		"Groups": [{"Path": "/", "GroupName": "dev", "GroupId": "AGPAEXAMPLE", "Arn": "a", "CreateDate": "c"}],
		"Policies": [{"PolicyName": "p", "PolicyId": "ANPAEXAMPLE", "Arn": "a", "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": 1,
			"PermissionsBoundaryUsageCount": 0, "IsAttachable": true, "CreateDate": "c", "UpdateDate": "u", "Description": "d", "Tags": []}]}},
		"calls": [{"action": "sts:AssumeRole", "params": {"RoleArn": "arn", "RoleSessionName": "s", "PolicyArns": [{"arn": "a"}], "Policy": "", "DurationSeconds": 900,
			"Tags": [{"Key": "k", "Value": ""}], "TransitiveTagKeys": [""], "ExternalId": "", "SerialNumber": "", "TokenCode": "", "SourceIdentity": "",
			"ProvidedContexts": [{"ProviderArn": "", "ContextAssertion": ""}]}}]}`, LimitPage)
	if len(findings) != 0 {
		t.Errorf("got findings %+v, want none", findings)
	}
	want := []string{"RoleArn", "RoleSessionName", "PolicyArns", "Policy", "DurationSeconds", "Tags", "TransitiveTagKeys", "ExternalId",
		"SerialNumber", "TokenCode", "SourceIdentity", "ProvidedContexts"}
	if got := s.Calls[0].Params; !slices.Equal(got.Sent, want) || *got.DurationSeconds != 900 || got.PolicyArns[0].ARN != "a" {
		t.Errorf("got params %+v, want sent %v", got, want)
	}
}

func TestDecodeSaysWhatIsNoScenario(t *testing.T) {
	role := func(fields string) string {
		return "accounts:\n  \"123456789012\":\n    Roles:\n    - " + fields + "\n"
	}
	call := func(fields string) string { return "calls:\n- {action: sts:GetCallerIdentity, " + fields + "}\n" }
	for _, test := range []struct {
		name, text   string
		rule, path   string
		line, column int
		says         string
	}{
		{"no text", " \n\t", "scenario/empty", "", 1, 1, "the text is empty"},
		{"bytes that are no UTF-8", "title: \"\ufffd\"\nsummary: x\xff", "scenario/encoding", "", 2, 11, "UTF-8"},
		{"JSON cut short", "{\"calls\": [", "scenario/syntax", "/calls", 1, 12, "read as JSON, because the text begins with {"},
		{"YAML that begins with a brace is read as JSON", "{title: x}", "scenario/syntax", "", 1, 3, "read as JSON"},
		{"values that nest too deep", "{\"title\":" + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "scenario/syntax", "", 1, 0, "deeper than 64 levels"},
		{"a tab in YAML's indentation", "calls:\n\t- action: x\n", "scenario/syntax", "", 2, 1, "a tab indents the line"},
		{"an alias", "title: &t x\nsummary: *t\n", "scenario/syntax", "", 1, 8, "&t is a YAML anchor"},
		{"a star without quotes", "calls:\n- action: *\n", "scenario/syntax", "", 2, 1, "needs quotes"},
		{"a second document", "title: x\n---\ntitle: y\n", "scenario/syntax", "", 2, 1, "second YAML document"},
		{"a document that is a list", "- title: x\n", "scenario/type", "", 1, 1, "an object is wanted here, and a list is found"},
		{"a document that is a token", "eyJhbGciOiJSUzI1NiJ9", "scenario/type", "", 1, 1, `the string "eyJhbGciOiJSUzI1NiJ9" is found`},
		{"a field that no scenario has", "titel: x\n", "scenario/unknown-field", "/titel", 1, 1, "there is no field titel here; did you mean title?"},
		{"a field in other letter case", role("{roleName: r}"), "scenario/unknown-field", "/accounts/123456789012/Roles/0/roleName", 4, 8, "did you mean RoleName?"},
		{"a field that is like none", "zzzzzz: x\n", "scenario/unknown-field", "/zzzzzz", 1, 1, "it takes title, summary, covers"},
		{"a list that AWS names otherwise", role("{RoleName: r, RolePolicyList: []}"), "scenario/unknown-field", "/accounts/123456789012/Roles/0/RolePolicyList", 4, 21, "a scenario has it as Policies"},
		{"a field's name with slash and tilde", "a/~b: x\n", "scenario/unknown-field", "/a~1~0b", 1, 1, "a/~b"},
		{"another operation's parameter", "calls:\n- action: sts:AssumeRole\n  params: {RoleArn: r, WebIdentityToken: t}\n", "scenario/unknown-field", "/calls/0/params/WebIdentityToken", 3, 24, "there is no field WebIdentityToken here"},
		{"SAML's words in a web identity token", "calls:\n- action: sts:AssumeRoleWithWebIdentity\n  params: {WebIdentityToken: {mint: {nameId: n}}}\n", "scenario/unknown-field", "/calls/0/params/WebIdentityToken/mint/nameId", 3, 38, "nameId"},
		{"a field twice", "title: x\ntitle: y\n", "scenario/duplicate-field", "/title", 2, 1, "title is there a second time"},
		{"a key twice in a policy written in YAML", role("{RoleName: r, AssumeRolePolicyDocument: {a: [{b: 1, b: 2}]}}"), "scenario/duplicate-field",
			"/accounts/123456789012/Roles/0/AssumeRolePolicyDocument/a/0/b", 4, 59, "second time"},
		{"an account twice", `{"accounts": {"123456789012": {}, "123456789012": {}}}`, "scenario/duplicate-field", "/accounts/123456789012", 1, 35, "second time"},
		{"a role without a name", role("{Path: /}"), "scenario/required-field", "/accounts/123456789012/Roles/0", 4, 7, "the field RoleName is missing here"},
		{"a call without an action", "calls:\n- name: x\n", "scenario/required-field", "/calls/0", 2, 3, "the field action is missing here"},
		{"text for a number", role("{RoleName: r, MaxSessionDuration: '3600'}"), "scenario/type", "/accounts/123456789012/Roles/0/MaxSessionDuration", 4, 41, `a whole number is wanted here, and the string "3600" is found`},
		{"a broken number for a whole one", role("{RoleName: r, MaxSessionDuration: 1.5}"), "scenario/type", "/accounts/123456789012/Roles/0/MaxSessionDuration", 4, 41, "the number 1.5 is found"},
		{"a number for text in JSON", `{"title": 1}`, "scenario/type", "/title", 1, 11, "a string is wanted here, and the number 1 is found"},
		{"an object for a list", "calls: {}\n", "scenario/type", "/calls", 1, 8, "a list is wanted here, and an object is found"},
		{"a list for accounts", "accounts: []\n", "scenario/type", "/accounts", 1, 11, "an object whose names are account ids"},
		{"null in a list", "calls: [~]\n", "scenario/type", "/calls/0", 1, 9, "an object is wanted here, and null is found"},
		{"null in a list of strings", "issuers: []\ncovers: [A1, ~]\n", "scenario/type", "/covers/1", 2, 14, "a string is wanted here, and null is found"},
		{"text for a boolean", "issuers: [{url: u, reachable: no}]\n", "scenario/type", "/issuers/0/reachable", 1, 31, `true or false is wanted here, and the string "no" is found`},
		{"an object in the context", call("context: {'aws:x': {}}"), "scenario/type", "/calls/0/context/aws:x", 2, 54, "a string, a number, a boolean or a list"},
		{"a word that a field doesn't take", "claims: both\n", "scenario/value", "/claims", 1, 9, `"both" is none of aws, all`},
		{"a word in other letter case", call("expect: {outcome: Success}"), "scenario/value", "/calls/0/expect/outcome", 2, 53, "did you mean success?"},
		{"a moment without a zone", "now: 2026-04-28T10:30:00\n", "scenario/value", "/now", 1, 6, "RFC 3339"},
		{"a moment before computers", "now: 0001-01-01T00:00:00Z\n", "scenario/value", "/now", 1, 6, "outside the years 1970 to 9900"},
		{"a call before now", call("after: -5m"), "scenario/value", "/calls/0/after", 2, 42, "-5m lies before now"},
		{"a call after ages", call("after: 3651d"), "scenario/value", "/calls/0/after", 2, 42, "more than ten years"},
		{"a length of time that is none", call("after: soon"), "scenario/value", "/calls/0/after", 2, 42, `"soon" is no length of time`},
		{"a token in two ways", "calls:\n- action: sts:AssumeRoleWithWebIdentity\n  params: {WebIdentityToken: {mint: {}, unsigned: {}}}\n", "scenario/value", "/calls/0/params/WebIdentityToken", 3, 30, "one of mint, unsigned, from"},
		{"a key algorithm that the playground hasn't", "issuers: [{url: u, signing: [{alg: PS256}]}]\n", "scenario/value", "/issuers/0/signing/0/alg", 1, 36, "did you mean RS256?"},
		{"an account id with 11 digits", "accounts: {12345678901: {}}\n", "scenario/account-id", "/accounts/12345678901", 1, 12, `"12345678901" is no account id`},
		{"two roles that differ in letter case only", role("{RoleName: Deploy}\n    - {RoleName: deploy}"), "scenario/unique-name", "/accounts/123456789012/Roles/1/RoleName", 5, 18, "the name of Roles/0 already"},
		{"two calls of one name", "calls: [{action: s3:GetObject, name: a}, {action: s3:GetObject, name: a}]\n", "scenario/call-name", "/calls/1/name", 1, 71, `"a" is the name of call 1 already`},
		{"a call named like a service", call("name: service/x"), "scenario/call-name", "/calls/0/name", 2, 41, "begins as an ARN or a service does"},
		{"a caller that is misspelt", "calls:\n- {action: x:y, name: push}\n- {action: x:y, caller: psuh}\n", "scenario/caller", "/calls/1/caller", 3, 25, "did you mean push?"},
		{"a caller that comes later", "calls:\n- {action: x:y, caller: b}\n- {action: x:y, name: b}\n", "scenario/caller", "/calls/0/caller", 2, 25, "no call before this one"},
	} {
		_, findings := Decode(test.text, LimitPage)
		i := slices.IndexFunc(findings, func(f trace.Finding) bool { return f.Rule == test.rule })
		if i < 0 || len(findings) != 1 {
			t.Errorf("%s: got findings %+v, want one of %s", test.name, findings, test.rule)
			continue
		}
		f := findings[i]
		if f.At.Path != test.path && test.path != "" || f.At.Line != test.line || f.At.Column != test.column && test.column != 0 {
			t.Errorf("%s: got %s at %d:%d, want %s at %d:%d", test.name, f.At.Path, f.At.Line, f.At.Column, test.path, test.line, test.column)
		}
		if !strings.Contains(f.Detail, test.says) {
			t.Errorf("%s: got %q, want %q in it", test.name, f.Detail, test.says)
		}
		if !Unreadable(findings) {
			t.Errorf("%s: got a readable scenario", test.name)
		}
	}
}

func TestDecodeIsLenientInsideDocuments(t *testing.T) {
	s, findings := Decode(`{
		"issuers": [{"url": "u", "jwks": [7]}, {"url": "v", "jwks": {"kyes": 1, "kyes": 2}}],
		"accounts": {"123456789012": {"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": 7, "PermissionsBoundary": {"x": 1, "x": 2}}]}},
		"calls": [
			{"action": "s3:PutObject", "params": {"Bucket": "b", "Body": {"RoleArn": 1}}},
			{"action": "sts:Nonsense", "params": {"X": 1}},
			{"action": "sts:AssumeRoleWithWebIdentity", "params": {"WebIdentityToken": {"mint": {"claims": {"a": 1, "a": 2}}}}}]}`, LimitPage)
	if len(findings) != 0 {
		t.Errorf("got findings %+v, want none", findings)
	}
	if got := s.Calls[0].Params.Sent; !slices.Equal(got, []string{"Bucket", "Body"}) {
		t.Errorf("got sent %v, want Bucket and Body", got)
	}
	if got := s.Issuers[0].JWKS.Node.Kind; got != source.Array {
		t.Errorf("got a key set of kind %v, want the array", got)
	}
}

func TestDecodeWarnsOfAContextKeyTwice(t *testing.T) {
	s, findings := Decode(`{"calls": [{"action": "s3:GetObject", "context": {"aws:SourceIp": "1", "aws:sourceip": ["2"]}}]}`, LimitPage)
	if len(findings) != 1 || findings[0].Severity != trace.SeverityWarning || Unreadable(findings) {
		t.Errorf("got findings %+v, want one warning", findings)
	}
	if want := []ContextKey{{Key: "aws:sourceip", Values: []string{"2"}, Multi: true}}; !cmp.Equal(s.Calls[0].Context, want) {
		t.Errorf("got %+v, want %+v", s.Calls[0].Context, want)
	}
}

func TestDecodeNamesCallsThatHaveNoName(t *testing.T) {
	s, _ := Decode(`{"calls": [{"action": "a:b"}, {"action": "a:b", "caller": "call 1"}]}`, LimitPage)
	if s.Calls[0].Name != "call 1" || s.Calls[1].Name != "call 2" {
		t.Errorf("got %q and %q", s.Calls[0].Name, s.Calls[1].Name)
	}
}

func TestDecodeReadsWhatItCanBesideMistakes(t *testing.T) {
	s, findings := Decode("titel: x\nsummary: kept\ncalls:\n- {action: a:b, after: soon, region: eu-west-1}\n", LimitPage)
	if len(findings) != 2 || findings[0].At.Line != 1 || findings[1].At.Line != 4 {
		t.Errorf("got findings %+v, want those of lines 1 and 4", findings)
	}
	if s.Summary != "kept" || s.Calls[0].Region != "eu-west-1" {
		t.Errorf("got %+v", s)
	}
}

func TestDecodeReadsLengthsOfTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "0": 0, "10m": 10 * time.Minute, "1h30m": 90 * time.Minute, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour, "3650d": maxAfter, "1.5s": 1500 * time.Millisecond,
	} {
		if got, ok := parseAfter(text); !ok || got != want {
			t.Errorf("%s: got %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "d", "1", "1.5d", "1d-1h", "1d1d", "99999999999d", "1hd", "1e3d", "-99999999d"} {
		if got, ok := parseAfter(text); ok {
			t.Errorf("%s: got %v, want a refusal", text, got)
		}
	}
}

func TestDecodeMendsWhatIsCertain(t *testing.T) {
	_, findings := Decode(`{"calls": [{"action": "a:b", "Expect": {"outcome": "success"}}]}`, LimitPage)
	got, err := json.Marshal(findings[0].Fix)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"op":"add","path":"/calls/0/expect","value":{"outcome":"success"}},{"op":"remove","path":"/calls/0/Expect"}]`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDecodeKeepsItsLimits(t *testing.T) {
	text := "title: " + strings.Repeat("x", 100)
	if _, findings := Decode(text, 64); len(findings) != 1 || findings[0].Rule != "scenario/too-large" || !strings.Contains(findings[0].Detail, "107 bytes") || !Unreadable(findings) {
		t.Errorf("got %+v, want one scenario/too-large", findings)
	}
	if _, findings := Decode(text, len(text)); len(findings) != 0 {
		t.Errorf("got %+v, want none for a text of just the limit", findings)
	}
	var many strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&many, "x%d: 1\n", i)
	}
	_, findings := Decode(many.String(), LimitPage)
	if last := findings[len(findings)-1]; len(findings) != maxFindings+1 || last.Rule != "scenario/too-many-findings" || !strings.Contains(last.Detail, "4900 more") {
		t.Errorf("got %d findings, the last %+v", len(findings), last)
	}
}

func TestRulesAreUniqueAndCited(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Code] || !strings.HasPrefix(r.Code, "scenario/") || r.Title == "" || strings.HasSuffix(r.Title, ".") {
			t.Errorf("got %+v", r)
		}
		seen[r.Code] = true
	}
}

func TestOperationsNameParametersThatExist(t *testing.T) {
	_, findings := Decode(`{"calls":[]}`, LimitPage)
	if len(findings) != 0 {
		t.Fatal(findings)
	}
	fields := map[string]bool{}
	for _, s := range shapes() {
		for _, name := range s.names {
			fields[name] = true
		}
	}
	for operation, o := range operations {
		for _, name := range o.names {
			if !fields[name] {
				t.Errorf("%s: %s is no field of Params", operation, name)
			}
		}
	}
}

func TestIssuersAreNamedOnce(t *testing.T) {
	_, findings := Decode(`issuers:
- url: https://a.example
- {url: https://a.example/}
- {jwks: {keys: []}}
- {signing: [{kid: k}], url: https://a.example}
- {entityId: https://a.example}
- {entityId: https://a.example}
`, LimitPage)
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%s %s %d:%d", f.Rule, f.At.Path, f.At.Line, f.At.Column))
	}
	want := []string{"scenario/issuer /issuers/2 4:3", "scenario/issuer /issuers/3/url 5:30", "scenario/issuer /issuers/5/entityId 7:14"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestATokenIsTakenFromAnEarlierCall(t *testing.T) {
	s, findings := Decode(`calls:
- {name: mint, action: sts:GetWebIdentityToken}
- {name: use, action: sts:AssumeRoleWithWebIdentity, delay: -1m, params: {WebIdentityToken: {from: mint}}}
- {name: late, action: sts:AssumeRoleWithWebIdentity, delay: 1h30m, params: {WebIdentityToken: {from: mnit}}}
`, 1<<20)
	if len(findings) != 1 || findings[0].Rule != "scenario/caller" || findings[0].At.Path != "/calls/2/params/WebIdentityToken/from" || len(findings[0].Fix) != 1 {
		t.Errorf("findings: %+v", findings)
	}
	if from := s.Calls[1].Params.WebIdentityToken.From; from != "mint" {
		t.Errorf("from %q, want mint", from)
	}
	if s.Calls[1].Delay != Delay(-time.Minute) || s.Calls[2].Delay != Delay(90*time.Minute) {
		t.Errorf("delays %d and %d", s.Calls[1].Delay, s.Calls[2].Delay)
	}
}
