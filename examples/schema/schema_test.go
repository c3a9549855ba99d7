package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

const root = "../../"

func TestTheSchemaIsUpToDate(t *testing.T) {
	text, err := os.ReadFile(root + file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != generate() {
		t.Errorf("%s isn't what the types say; run: make schema", file)
	}
}

// An editor shows the description of whatever is completed.
func TestEveryTypeAndFieldIsDescribed(t *testing.T) {
	d := read(descriptions)
	schema := scenario.Schema(func(name string) string {
		about := d.about(name)
		kind := strings.HasSuffix(name, "Params") || strings.Contains(name, ":") // their fields are, and AWS's documentation describes them
		if about == "" && !kind {
			t.Errorf("descriptions.txt says nothing of %s", name)
		}
		return about
	}, func(name string) []string { return nil })
	if schema.Get("$defs") == nil {
		t.Fatal("got no definitions")
	}
	for name, about := range d.texts {
		_, field, _ := strings.Cut(name, ".")
		if !d.used[name] && about != "" && d.texts["*."+field] == "" {
			t.Errorf("descriptions.txt describes %s, which there isn't", name)
		}
		if about != "" && !strings.HasSuffix(about, ".") {
			t.Errorf("%s: got %q, want sentences", name, about)
		}
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(root + file)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler() // which checks it against the metaschema of draft 2020-12
	if err := c.AddResource("scenario.schema.json", value); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("scenario.schema.json")
}

// instance is a text as a validator takes it.
func instance(t *testing.T, text string) any {
	t.Helper()
	parse := source.ParseYAML
	if strings.HasPrefix(text, "{") {
		parse = source.ParseJSON
	}
	n, problem := parse(text)
	if problem != nil {
		t.Fatal(problem)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(n.JSON("")))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// stricter are the files that can be played, with what the schema refuses: the
// report, or the lesson's findings, have it as an error.
var stricter = []string{"idp-attributes.yaml", "idp-object.yaml", "idp-times.yaml", "lesson-source-address.yaml"}

func TestEveryScenarioOfTheRepositoryIsValid(t *testing.T) {
	schema := compiled(t)
	checked := 0
	for _, pattern := range []string{"examples/*.yaml", "examples/lessons/*/*.yaml", "engine/lesson/testdata/*.yaml", "engine/testdata/rules/*.yaml"} {
		files, err := filepath.Glob(root + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, findings := scenario.Decode(string(text), scenario.LimitCheck); len(findings) > 0 {
				continue // a file that shows what is wrong in one
			}
			checked++
			err = schema.Validate(instance(t, string(text)))
			if valid := !slices.Contains(stricter, filepath.Base(name)); valid != (err == nil) {
				t.Errorf("%s: got %v, want it valid: %v", name, err, valid)
			}
		}
	}
	if checked < 300 {
		t.Errorf("got %d scenarios, want all of them", checked)
	}
}

// The guide's lesson is what people begin with.
func TestTheGuidesLessonIsValid(t *testing.T) {
	guide, err := os.ReadFile(root + "examples/lessons/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(guide), "```yaml\n")
	text, _, _ = strings.Cut(text, "```\n")
	if err := compiled(t).Validate(instance(t, text)); err != nil {
		t.Error(err)
	}
}

// What Decode takes however it is written, an editor must not call wrong.
func TestWhatIsTakenIsValid(t *testing.T) {
	schema := compiled(t)
	for name, text := range map[string]string{
		"a plain scalar for a string":        "calls: [{action: 'sts:AssumeRole', params: {TokenCode: 123456, RoleSessionName: 12, Tags: [{Key: yes, Value: 1}]}}]\n",
		"lengths of time":                    "calls: [{action: x, after: 1d12h, delay: -1m}, {action: x, after: 0, delay: 1h30m}, {action: x, after: 0s}, {action: x, after: 1.5h}]\n",
		"any action and its parameters":      "calls: [{action: 's3:GetObject', params: {Bucket: {a: [1]}}}]\n",
		"an account that is empty":           "accounts: {\"123456789012\": }\n",
		"a moment with an offset":            "now: 2026-04-28T12:30:00+02:00\n",
		"a policy as text, and a broken one": "accounts: {\"123456789012\": {Roles: [{RoleName: r, AssumeRolePolicyDocument: '{}'}, {RoleName: q, AssumeRolePolicyDocument: {Statement: {Effect: allow, Principal: [1]}}}]}}\n",
		"what AWS's output has besides":      "accounts: {\"123456789012\": {Roles: [{RoleName: r, RoleId: AROA, CreateDate: x, RoleLastUsed: {}}]}}\n",
		"each way to write a token":          "calls: [{name: a, action: 'sts:AssumeRoleWithWebIdentity', params: {WebIdentityToken: eyJ}}, {action: 'sts:AssumeRoleWithWebIdentity', params: {WebIdentityToken: {mint: {profile: none-of-ours, claims: {sub: a}}}}}, {action: 'sts:AssumeRoleWithWebIdentity', params: {WebIdentityToken: {unsigned: {claims: {}}}}}, {action: 'sts:AssumeRoleWithSAML', params: {SAMLAssertion: {unsigned: <a/>}}}]\n",
		"a JSON file with its schema":        `{"$schema": "scenario.schema.json", "calls": []}`,
		"a context of scalars and lists":     "calls: [{action: x, context: {\"aws:SourceIp\": 203.0.113.7, \"aws:TagKeys\": [a, 1], \"aws:SecureTransport\": true}}]\n",
		"a solution as a patch":              "lesson: {solution: [{op: add, path: /calls/-, value: null}, {op: move, from: /a, path: /b}, {op: remove, path: ''}]}\n",
		"a solution as a partial scenario":   "lesson: {solution: {accounts: null}}\n",
		"nothing at all":                     "{}",
	} {
		if _, findings := scenario.Decode(text, scenario.LimitCheck); scenario.Unreadable(findings) {
			t.Errorf("%s: the case itself is no scenario: %+v", name, findings)
		}
		if err := schema.Validate(instance(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsBrokenIsNotValid(t *testing.T) {
	schema := compiled(t)
	role := func(fields string) string { return "accounts: {\"123456789012\": {Roles: [{" + fields + "}]}}\n" }
	call := func(fields string) string { return "calls: [{" + fields + "}]\n" }
	for name, test := range map[string]struct {
		text   string
		at     string // where the schema says so
		lesson bool   // the scenario can be played, and the lesson doesn't hold
	}{
		"a field that is misspelt":                {"titel: x\n", "", false},
		"a field of a role that is misspelt":      {role("RoleName: r, MaxSesionDuration: 1"), "/accounts/123456789012/Roles/0", false},
		"a role without a name":                   {role("Path: /"), "/accounts/123456789012/Roles/0", false},
		"a number that is text":                   {role("RoleName: r, MaxSessionDuration: long"), "/accounts/123456789012/Roles/0/MaxSessionDuration", false},
		"a list that is an object":                {"calls: {action: x}\n", "/calls", false},
		"an account id of eleven digits":          {"accounts: {\"12345678901\": {}}\n", "/accounts", false},
		"a word that is none of those":            {"claims: some\n", "/claims", false},
		"a moment without its zone":               {"now: 2026-04-28T10:30:00\n", "/now", false},
		"a length of time without its unit":       {call("action: x, after: 5"), "/calls/0/after", false},
		"a call without an action":                {call("name: x"), "/calls/0", false},
		"a call named like a service":             {call("action: x, name: service/x"), "/calls/0/name", false},
		"a parameter of another operation":        {call("action: 'sts:AssumeRole', params: {WebIdentityToken: x}"), "/calls/0/params", false},
		"a parameter of the wrong type":           {call("action: 'sts:AssumeRole', params: {DurationSeconds: long}"), "/calls/0/params/DurationSeconds", false},
		"a token in two ways":                     {call("action: 'sts:AssumeRoleWithWebIdentity', params: {WebIdentityToken: {mint: {}, from: x}}"), "/calls/0/params/WebIdentityToken", false},
		"SAML's words in a token":                 {call("action: 'sts:AssumeRoleWithWebIdentity', params: {WebIdentityToken: {mint: {nameId: n}}}"), "/calls/0/params/WebIdentityToken", false},
		"an outcome that is none":                 {call("action: x, expect: {outcome: denied}"), "/calls/0/expect/outcome", false},
		"an issuer without a name":                {"issuers: [{signing: [{alg: RS256}]}]\n", "/issuers/0", false},
		"an algorithm that the playground hasn't": {"issuers: [{url: u, signing: [{alg: HS256}]}]\n", "/issuers/0/signing/0/alg", false},
		"a context key that is an object":         {call("action: x, context: {a: {b: c}}"), "/calls/0/context/a", false},
		"a field of the lesson that is misspelt":  {"lesson: {debreif: x}\n", "/lesson", false},
		"a hint that isn't in a list":             {"lesson: {hints: x}\n", "/lesson/hints", false},
		"a source without its address":            {"lesson: {sources: [{title: x}]}\n", "/lesson/sources/0", false},
		"a source that isn't https":               {"lesson: {sources: [{title: x, url: 'http://a.example'}]}\n", "/lesson/sources/0/url", true},
		"an editable place that is no pointer":    {"lesson: {editable: [accounts]}\n", "/lesson/editable/0", true},
		"an operation that RFC 6902 doesn't have": {"lesson: {solution: [{op: set, path: /a, value: 1}]}\n", "/lesson/solution", true},
		"an operation without its value":          {"lesson: {solution: [{op: add, path: /a}]}\n", "/lesson/solution", true},
		"a solution that is a text":               {"lesson: {solution: x}\n", "/lesson/solution", true},
	} {
		if _, findings := scenario.Decode(test.text, scenario.LimitCheck); scenario.Unreadable(findings) == test.lesson {
			t.Errorf("%s: the case itself isn't broken so: %+v", name, findings)
		}
		err := schema.Validate(instance(t, test.text))
		invalid, _ := err.(*jsonschema.ValidationError)
		if invalid == nil {
			t.Errorf("%s: got %v, want it refused", name, err)
			continue
		}
		if !saidAt(invalid, test.at) {
			t.Errorf("%s: got nothing at %s: %v", name, test.at, err)
		}
	}
}

// saidAt says whether the error, or one of its causes, is about the place.
func saidAt(e *jsonschema.ValidationError, at string) bool {
	if "/"+strings.Join(e.InstanceLocation, "/") == at || len(e.InstanceLocation) == 0 && at == "" {
		return true
	}
	for _, cause := range e.Causes {
		if saidAt(cause, at) {
			return true
		}
	}
	return false
}

func TestReadUnderstandsItsFile(t *testing.T) {
	d := read("# not this\n\n= *\nTags | Tags.\n= Role | A role.\nname | Its name.\n! a b\n")
	for name, want := range map[string]string{"Role": "A role.", "Role.name": "Its name.", "Role.Tags": "Tags.", "Role.other": "", "User": ""} {
		if got := d.about(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := d.words["Role.name"]; !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("got words %q", got)
	}
}
