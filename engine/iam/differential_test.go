//go:build !js

package iam

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// simulation is what @cloud-copilot/iam-simulate is asked.
type simulation struct {
	Request struct {
		Principal string `json:"principal"`
		Action    string `json:"action"`
		Resource  struct {
			Resource  string `json:"resource"`
			AccountID string `json:"accountId"`
		} `json:"resource"`
		ContextVariables map[string]any `json:"contextVariables"`
	} `json:"request"`
	IdentityPolicies           []named      `json:"identityPolicies"`
	PermissionBoundaryPolicies []named      `json:"permissionBoundaryPolicies,omitempty"`
	VpcEndpointPolicies        []named      `json:"vpcEndpointPolicies,omitempty"`
	ServiceControlPolicies     []namedLevel `json:"serviceControlPolicies"`
	ResourceControlPolicies    []namedLevel `json:"resourceControlPolicies"`
	ResourcePolicy             *made        `json:"resourcePolicy,omitempty"`
	SessionPolicy              *made        `json:"sessionPolicy,omitempty"`
}

type named struct {
	Name   string `json:"name"`
	Policy made   `json:"policy"`
}

type namedLevel struct {
	OrgIdentifier string  `json:"orgIdentifier"`
	Policies      []named `json:"policies"`
}

func namedPolicies(policies []made) []named {
	list := []named{}
	for _, d := range policies {
		list = append(list, named{"p", d})
	}
	return list
}

func namedLevels(levels [][]made) []namedLevel {
	list := []namedLevel{}
	for _, level := range levels {
		list = append(list, namedLevel{"o", namedPolicies(level)})
	}
	return list
}

func (t madeTogether) simulation() simulation {
	var s simulation
	s.Request.Principal = t.request.Principal.AWS[0]
	s.Request.Action = t.request.Action
	s.Request.Resource.Resource = t.request.Resource
	s.Request.Resource.AccountID = t.request.Principal.Account
	if t.crossAccount {
		s.Request.Resource.AccountID = "555555555555"
	}
	s.Request.ContextVariables = map[string]any{}
	for _, key := range t.request.Context.Keys() {
		v, _ := t.request.Context.Lookup(key)
		if s.Request.ContextVariables[key] = v.Values; !v.Multi {
			s.Request.ContextVariables[key] = v.Values[0]
		}
	}
	s.IdentityPolicies = namedPolicies(t.identity)
	if t.boundary != nil {
		s.PermissionBoundaryPolicies = namedPolicies(t.boundary)
	}
	if t.endpoint != nil {
		s.VpcEndpointPolicies = namedPolicies(t.endpoint)
	}
	s.ServiceControlPolicies, s.ResourceControlPolicies = namedLevels(t.serviceControl), namedLevels(t.resourceControl)
	if len(t.resource) > 0 {
		s.ResourcePolicy = &t.resource[0]
	}
	if len(t.session) > 0 {
		s.SessionPolicy = &t.session[0]
	}
	return s
}

var simulatedAnswers = map[Effect]string{Allow: "Allowed", ImplicitDeny: "ImplicitlyDenied", ExplicitDeny: "ExplicitlyDenied"}

// simulate asks iam-simulate about each, in one process. Its licence is the
// AGPL-3.0: it runs as a program of its own, is linked nowhere and not shipped.
func simulate(t *testing.T, given []madeTogether) []string {
	t.Helper()
	const web = "../../web"
	if _, err := os.Stat(web + "/node_modules/@cloud-copilot/iam-simulate"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("@cloud-copilot/iam-simulate isn't installed, though make test installs it")
		}
		t.Skip("@cloud-copilot/iam-simulate isn't installed; npm ci in web/ does that")
	}
	questions := make([]simulation, len(given))
	for i := range given {
		questions[i] = given[i].simulation()
	}
	text, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", "testdata/iam-simulate.mjs", web)
	command.Stdin = bytes.NewReader(text)
	var failure bytes.Buffer
	command.Stderr = &failure
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, failure.String())
	}
	var answers []string
	if err := json.Unmarshal(output, &answers); err != nil || len(answers) != len(given) {
		t.Fatalf("got %d answers, %v want %d", len(answers), err, len(given))
	}
	return answers
}

func TestAgreesWithIAMSimulate(t *testing.T) {
	const cases = 3000
	m, answers := newMaker(31), distribution{}
	given := make([]madeTogether, cases)
	for i := range given {
		given[i] = m.together()
		given[i].toCommon()
	}
	for i, theirs := range simulate(t, given) {
		ours := given[i].authorization().Decide()
		answers[ours.Effect]++
		if want := simulatedAnswers[ours.Effect]; theirs != want {
			question, _ := json.Marshal(given[i].simulation())
			t.Errorf("iam-simulate says %s, we say %s by %s: %s", theirs, want, ours.By, question)
		}
	}
	answers.check(t, 10)
}

// toCommon takes out what the two are known to read differently, which
// TestDiffersFromIAMSimulate lists, and what iam-simulate refuses to read.
func (t *madeTogether) toCommon() {
	t.resourceMustAllow = false // no policy of S3 insists
	if v, ok := t.request.Context.Lookup("aws:SourceIp"); ok && strings.Contains(v.Values[0], ":") {
		t.request.Context.Set("aws:SourceIp", "198.51.100.77")
	}
	if v, ok := t.request.Context.Lookup("aws:PrincipalTag/team"); ok && v.Values[0] == "" {
		t.request.Context.Set("aws:PrincipalTag/team", "data")
	}
	eachStatement(t.endpoint, func(s *madeStatement) { s.Principal, s.NotPrincipal = "*", nil })
	if t.session != nil {
		eachStatement(t.resource, func(s *madeStatement) {
			if s.Principal != nil {
				s.Principal = map[string][]string{"AWS": {"arn:aws:iam::123456789012:role/deploy"}}
			}
		})
	}
	for _, level := range t.resourceControl {
		eachStatement(level, func(s *madeStatement) {
			s.NotAction = nil
			if s.Action = slices.DeleteFunc(s.Action, func(a string) bool { return a == "*" }); len(s.Action) == 0 {
				s.Action = []string{"s3:Put*"}
			}
		})
	}
	for _, policies := range slices.Concat([][]made{t.endpoint, t.resource, t.identity, t.boundary, t.session}, t.serviceControl, t.resourceControl) {
		eachStatement(policies, (*madeStatement).toCommon)
	}
}

func eachStatement(policies []made, change func(*madeStatement)) {
	for i := range policies {
		for j := range policies[i].Statement {
			change(&policies[i].Statement[j])
		}
	}
}

func (s *madeStatement) toCommon() {
	replace(s.NotResource, "arn:aws:s3:::reports/${aws:PrincipalTag/team}/*", "arn:aws:s3:::reports/${aws:PrincipalTag/team, 'web'}/*")
	if not, ok := s.NotPrincipal.(map[string][]string); ok && len(not["AWS"]) > 1 {
		s.NotPrincipal = map[string][]string{"AWS": {
			"123456789012", "arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:role/deploy", "arn:aws:sts::123456789012:assumed-role/deploy/ci",
		}}
	} else if ok {
		s.NotPrincipal = map[string][]string{"AWS": {"999999999999"}}
	}
	common := map[string]map[string][]string{}
	for operator, keys := range s.Condition {
		negated := strings.Contains(operator, "Not")
		if strings.HasPrefix(operator, forAnyValue) {
			operator = strings.TrimSuffix(operator, "IfExists")
		}
		if common[operator] == nil {
			common[operator] = map[string][]string{}
		}
		for key, values := range keys {
			replace(values, "0.0.0.0/0", "192.0.2.0/24")
			for i := range values {
				if negated && strings.Contains(values[i], "${") && !strings.Contains(values[i], ", '") {
					values[i] = "arn:aws:iam::123456789012:user/bob"
				}
			}
			common[operator][key] = values
		}
	}
	s.Condition = common
}

func replace(values []string, from, to string) {
	for i := range values {
		if values[i] == from {
			values[i] = to
		}
	}
}

// The differences that are known, each with a case, both answers, and AWS's
// words for ours.
func TestDiffersFromIAMSimulate(t *testing.T) {
	allowIf := func(operator, key string, values ...string) madeTogether {
		return madeTogether{identity: []made{{Version2012, []madeStatement{{
			Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}, Condition: map[string]map[string][]string{operator: {key: values}},
		}}}}}
	}
	allowOn := func(s madeStatement) madeTogether {
		s.Effect, s.Action = "Allow", []string{"*"}
		return madeTogether{identity: []made{{Version2012, []madeStatement{s}}}}
	}
	everything := made{Version2012, []madeStatement{{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}}}
	denyExcept := func(spared ...string) madeTogether {
		return madeTogether{identity: []made{everything}, resource: []made{{Version2012, []madeStatement{{
			Effect: "Deny", NotPrincipal: map[string][]string{"AWS": spared}, Action: []string{"*"}, Resource: []string{"*"},
		}}}}}
	}
	differences := []struct {
		says   string
		cite   string // the page and anchor of the IAM User Guide that decide
		given  madeTogether
		keys   []string
		ours   Effect
		theirs string
	}{
		{"/0 is the range of every address: values are in the standard CIDR format", "reference_policies_elements_condition_operators#Conditions_IPAddress",
			allowIf("IpAddress", "aws:SourceIp", "0.0.0.0/0"), []string{"aws:SourceIp=203.0.113.7"}, Allow, "ImplicitlyDenied"},
		{"NotIpAddress matches all IP addresses except the specified, an IPv6 address where that is IPv4", "reference_policies_elements_condition_operators#Conditions_IPAddress",
			allowIf("NotIpAddress", "aws:SourceIp", "203.0.113.7"), []string{"aws:SourceIp=2001:db8::1"}, Allow, "ImplicitlyDenied"},
		{"ArnNotLike is negated matching, and what isn't an ARN matches none (modelled)", "reference_policies_elements_condition_operators#Conditions_ARN",
			allowIf("ArnNotLike", "aws:PrincipalArn", "bob"), []string{"aws:PrincipalArn=arn:aws:iam::123456789012:user/alice"}, Allow, "ImplicitlyDenied"},
		{"IfExists evaluates as true without the key, and can be added to any operator but Null (modelled for ForAnyValue)", "reference_policies_elements_condition_operators#Conditions_IfExists",
			allowIf("ForAnyValue:StringLikeIfExists", "aws:TagKeys", "cost"), nil, Allow, "ImplicitlyDenied"},
		{"inverted operators do match against a variable with no value", "reference_policies_variables#policy-vars-no-value",
			allowIf("StringNotEquals", "aws:username", "${aws:PrincipalTag/team}"), []string{"aws:username=alice"}, Allow, "ImplicitlyDenied"},
		{"in NotResource a variable with no value will not match any resource, so nothing is left out", "reference_policies_variables#policy-vars-no-value",
			allowOn(madeStatement{NotResource: []string{"arn:aws:s3:::reports/${aws:PrincipalTag/team}/*"}}), nil, Allow, "ImplicitlyDenied"},
		{"a default is for who has no tag, and this tag is empty (modelled)", "reference_policies_variables#policy-vars-default-values",
			allowOn(madeStatement{Resource: []string{"arn:aws:s3:::reports/${aws:PrincipalTag/team, '2026'}/*"}}), []string{"aws:PrincipalTag/team="}, ImplicitDeny, "Allowed"},
		{"NotPrincipal denies all except the principal specified: the account beside another user spares that user alone", "reference_policies_elements_notprincipal#notprincipal-key-points",
			denyExcept("123456789012", "arn:aws:iam::123456789012:user/bob"), nil, ExplicitDeny, "Allowed"},
		{"with NotPrincipal you must also specify the account", "reference_policies_elements_notprincipal#notprincipal-key-points",
			denyExcept("arn:aws:iam::123456789012:user/alice"), nil, ExplicitDeny, "Allowed"},
		{"permissions granted directly to a role session are not limited by an implicit deny in a session policy", "reference_policies_evaluation-logic_policy-eval-denyallow",
			madeTogether{identity: []made{}, session: []made{{Version2012, []madeStatement{{Effect: "Allow", Action: []string{"s3:PutObject"}, Resource: []string{"*"}}}}}, resource: []made{{Version2012, []madeStatement{{
				Effect: "Allow", Principal: map[string][]string{"AWS": {"arn:aws:sts::123456789012:assumed-role/deploy/ci"}}, Action: []string{"*"}, Resource: []string{"*"},
			}}}}}, nil, Allow, "ImplicitlyDenied"},
		{"epoch time counts seconds, so 4102444800 is in 2100", "reference_policies_elements_condition_operators#Conditions_Date",
			allowIf("DateGreaterThan", "aws:CurrentTime", "4102444800"), []string{"aws:CurrentTime=2026-04-28T10:30:00Z"}, ImplicitDeny, "Allowed"},
		{"YYYY is a date format of the W3C, so 2027 is a year", "reference_policies_elements_condition_operators#Conditions_Date",
			allowIf("DateGreaterThan", "aws:CurrentTime", "2027"), []string{"aws:CurrentTime=2026-04-28T10:30:00Z"}, ImplicitDeny, "Allowed"},
		{"an integer value has all its digits", "reference_policies_elements_condition_operators#Conditions_Numeric",
			allowIf("NumericEquals", "aws:MultiFactorAuthAge", "9007199254740993"), []string{"aws:MultiFactorAuthAge=9007199254740992"}, ImplicitDeny, "Allowed"},
		{"session policies do not support incomplete ARNs", "reference_policies_grammar#policies-grammar-notes-strings",
			madeTogether{identity: []made{everything}, session: []made{{Version2012, []madeStatement{{Effect: "Allow", Action: []string{"*"}, Resource: []string{"arn:aws:s3"}}}}}}, nil, ImplicitDeny, "Allowed"},
	}
	given := make([]madeTogether, len(differences))
	for i, d := range differences {
		given[i] = d.given
		given[i].request = askedFor("s3:GetObject", "arn:aws:s3:::reports/2026/april.csv", d.keys...)
		given[i].request.Principal = Principal{AWS: []string{"arn:aws:iam::123456789012:user/alice"}, Account: "123456789012"}
		if d.given.session != nil {
			given[i].request.Principal = Principal{AWS: []string{"arn:aws:sts::123456789012:assumed-role/deploy/ci", "arn:aws:iam::123456789012:role/deploy"}, Account: "123456789012"}
		}
	}
	for i, theirs := range simulate(t, given) {
		d := differences[i]
		if got := given[i].authorization().Decide().Effect; got != d.ours || theirs != d.theirs {
			t.Errorf("%s: we say %v, iam-simulate %s, want %v and %s (%s%s)", d.says, got, theirs, d.ours, d.theirs, guide, d.cite)
		}
	}
}
