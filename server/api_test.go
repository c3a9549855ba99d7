package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"golang.org/x/net/html"

	"stsplayground/engine/scenario"
	"stsplayground/server/store"
)

func described(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(openAPIJSON()))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil { // its examples too
		t.Fatal(err)
	}
	return doc
}

func TestTheDescriptionIsServedToEverySite(t *testing.T) {
	s, _ := testStores(t)
	for target, want := range map[string]string{"/openapi.json": "application/json", "/openapi.yaml": "application/yaml"} {
		r := answer(s, "GET", target)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != want || r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: got %d and %v", target, r.StatusCode, r.Header)
		}
		doc, err := openapi3.NewLoader().LoadFromData([]byte(body(t, r)))
		if err != nil || doc.OpenAPI != "3.1.1" {
			t.Errorf("%s: got %v", target, err)
		}
	}
}

// Every answer that is described is had from the server, and is as described;
// and no other answer is had.
func TestTheServerAnswersAsDescribed(t *testing.T) {
	doc := described(t)
	s, _ := testStores(t)
	s.limits = newLimits(config{perHour: 5, perDay: 100}, s.clock)
	live := storeOne(t, s, callerScenario)
	doomed := storeOne(t, s, callerScenario)
	working := s.kept
	away := &scripted{failed: store.ErrUnavailable, get: func(string) (store.Scenario, error) { return store.Scenario{}, store.ErrUnavailable }}
	const api, one = apiPath, apiPath + "/{id}"

	tests := []struct {
		name, method, path, id, query, contentType, content string
		header                                              []string
		store                                               keeper // nil for the one that works
		status                                              int
	}{
		{name: "a scenario", method: "POST", path: api, contentType: "application/json", content: callerScenario, status: 201},
		{name: "a scenario in YAML, for a day", method: "POST", path: api, query: "?expires=1d", contentType: "application/yaml", content: "title: x\ncalls: []\n", status: 201},
		{name: "a scenario that insists", method: "POST", path: api, query: "?expires=1y&allow-signed=1", contentType: "text/yaml; charset=utf-8", content: "title: '" + liveToken + "'\n", status: 201},
		{name: "a time that isn't offered", method: "POST", path: api, query: "?expires=2w", contentType: "application/json", content: callerScenario, status: 400},
		{name: "a parameter that isn't known", method: "POST", path: api, query: "?expire=1d", contentType: "application/json", content: callerScenario, status: 400},
		{name: "a parameter twice", method: "POST", path: api, query: "?expires=1d&expires=1y", contentType: "application/json", content: callerScenario, status: 400},
		{name: "insisting in other words", method: "POST", path: api, query: "?allow-signed=yes", contentType: "application/json", content: callerScenario, status: 400},
		{name: "another site's page", method: "POST", path: api, contentType: "application/json", content: callerScenario, header: []string{"Sec-Fetch-Site", "cross-site"}, status: 403},
		{name: "a byte too many", method: "POST", path: api, contentType: "application/json", content: sized(64<<10 + 1), status: 413},
		{name: "what is larger as JSON", method: "POST", path: api, contentType: "application/yaml", content: "title: |\n  " + strings.Repeat(`"`, 60<<10) + "\n", status: 413},
		{name: "a form", method: "POST", path: api, contentType: "application/x-www-form-urlencoded", content: "a=b", status: 415},
		{name: "a form with a file", method: "POST", path: api, contentType: "multipart/form-data; boundary=x", content: "--x--", status: 415},
		{name: "text", method: "POST", path: api, contentType: "text/plain", content: callerScenario, status: 415},
		{name: "no type", method: "POST", path: api, content: callerScenario, status: 415},
		{name: "another alphabet", method: "POST", path: api, contentType: "application/json; charset=utf-16", content: callerScenario, status: 415},
		{name: "what is compressed", method: "POST", path: api, contentType: "application/json", content: callerScenario, header: []string{"Content-Encoding", "gzip"}, status: 415},
		{name: "no scenario", method: "POST", path: api, contentType: "application/json", content: `{"calls":[{"acton":"x"}]}`, status: 422},
		{name: "no JSON", method: "POST", path: api, contentType: "application/json", content: "{\n  \"title\": ,\n}", status: 422},
		{name: "a live token", method: "POST", path: api, contentType: "application/json", content: `{"title":"` + liveToken + `"}`, status: 422},
		{name: "one scenario too many", method: "POST", path: api, contentType: "application/json", content: callerScenario, status: 429},
		{name: "without the store", method: "POST", path: api, contentType: "application/json", content: callerScenario, store: away, status: 503},

		{name: "without a key", method: "DELETE", path: one, id: doomed.ID, status: 401},
		{name: "with another's key", method: "DELETE", path: one, id: doomed.ID, header: []string{"Authorization", "Bearer " + live.DeleteKey}, status: 403},
		{name: "without the store", method: "DELETE", path: one, id: doomed.ID, header: []string{"Authorization", "Bearer a"}, store: away, status: 503},
		{name: "with its key", method: "DELETE", path: one, id: doomed.ID, header: []string{"Authorization", "bearer  " + doomed.DeleteKey}, status: 204},
		{name: "again", method: "DELETE", path: one, id: doomed.ID, header: []string{"Authorization", "Bearer " + doomed.DeleteKey}, status: 404},
	}
	for _, form := range []string{"/s/{id}", "/s/{id}.json", "/s/{id}.yaml", "/s/{id}/report"} {
		reads := func(name, id string, k keeper, status int, header ...string) {
			tests = append(tests, struct {
				name, method, path, id, query, contentType, content string
				header                                              []string
				store                                               keeper
				status                                              int
			}{name: name, method: "GET", path: form, id: id, store: k, status: status, header: header})
		}
		reads("what is there", live.ID, nil, 200)
		reads("what was deleted", doomed.ID, nil, 404)
		reads("without the store", strings.Repeat("c", 20), away, 503)
		if strings.Contains(form, ".") {
			reads("what is known", live.ID, nil, 304, "If-None-Match", answer(s, "GET", strings.ReplaceAll(form, "{id}", live.ID)).Header.Get("ETag"))
		}
	}

	seen := map[string]bool{}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path+" "+tt.name, func(t *testing.T) {
			s.kept = working
			if tt.store != nil {
				s.keep(tt.store)
				s.limits = newLimits(config{perHour: 5, perDay: 100}, s.clock)
			}
			r := send(s, tt.method, strings.ReplaceAll(tt.path, "{id}", tt.id)+tt.query, tt.contentType, tt.content, tt.header...)
			checkDescribed(t, doc, tt.path, r, tt.status)
			seen[fmt.Sprint(tt.method, tt.path, r.StatusCode)] = true
		})
	}

	s.kept = working
	newKeyed := newKept(working.store, s.clock, 1)
	s.kept = newKeyed // nothing is drawn yet
	for range readsAtOnce {
		s.limits.allowRead(httptest.NewRequest("GET", "/", nil))
	}
	for _, form := range []string{"/s/{id}", "/s/{id}.json", "/s/{id}.yaml", "/s/{id}/report"} {
		checkDescribed(t, doc, form, answer(s, "GET", strings.ReplaceAll(form, "{id}", live.ID)), 429)
		seen[fmt.Sprint("GET", form, 429)] = true
	}

	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if !seen[method+path+status] {
					t.Errorf("%s %s: %s is described, and was never had", method, path, status)
				}
			}
		}
	}
}

// checkDescribed compares an answer with the description.
func checkDescribed(t *testing.T, doc *openapi3.T, path string, r *http.Response, status int) {
	t.Helper()
	text := body(t, r)
	if r.StatusCode != status {
		t.Fatalf("got %d, want %d: %s", r.StatusCode, status, text)
	}
	item := doc.Paths.Value(path)
	method := http.MethodGet
	switch path {
	case apiPath:
		method = http.MethodPost
	case apiPath + "/{id}":
		method = http.MethodDelete
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	}
	err := openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: httptest.NewRequest(method, "/", nil),
			Route:   &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method)},
		},
		Status: status, Header: r.Header, Body: io.NopCloser(strings.NewReader(text)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("got %s, which isn't as described: %v", text, err)
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/problem+json") {
		return
	}
	var p problem
	if err := json.Unmarshal([]byte(text), &p); err != nil || p.Status != status {
		t.Errorf("got a problem with the status %d in an answer with %d", p.Status, status)
	}
}

func TestEveryTypeOfProblemIsExplained(t *testing.T) {
	s, _ := testStores(t)
	listed := described(t).Components.Schemas["Problem"].Value.Properties["type"].Value.Enum
	if len(listed) != len(problems) {
		t.Errorf("got %d types described, and %d known", len(listed), len(problems))
	}
	for _, p := range problems {
		if text := body(t, answer(s, "GET", p.Type)); !strings.Contains(text, "<h1>"+strings.ReplaceAll(p.Title, "'", "&#39;")) {
			t.Errorf("%s: got %s", p.Type, text)
		}
	}
	if got := answer(s, "GET", "/problems/x").StatusCode; got != 404 {
		t.Errorf("got %d for one that isn't there", got)
	}
}

// sized is a scenario of so many bytes.
func sized(bytes int) string {
	const frame = `{"title":""}`
	return `{"title":"` + strings.Repeat("x", bytes-len(frame)) + `"}`
}

func TestTheLimitIsExact(t *testing.T) {
	s, _ := testStores(t)
	if a := storeOne(t, s, sized(64<<10)); a.ID == "" {
		t.Error("got nothing of exactly 64 KiB")
	}
	for _, length := range []int64{64<<10 + 1, -1} { // said beforehand, or not
		r := httptest.NewRequest("POST", apiPath, strings.NewReader(sized(64<<10+1)))
		r.Header.Set("Content-Type", "application/json")
		r.ContentLength = length
		if got := ask(s.handler(), r); got.StatusCode != 413 {
			t.Errorf("length %d: got %d, want 413", length, got.StatusCode)
		}
	}
}

const signature = "c2lnbmF0dXJlLW9mLXNvbWVib2R5"

// Compact tokens: one that is signed, and one that isn't.
var (
	deadToken = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://idp.example.com","sub":"somebody"}`)) + "."
	liveToken = deadToken + signature
)

func TestWhatOpensSomethingIsRefusedUnlessItsSenderInsists(t *testing.T) {
	in := func(value string) string {
		text, _ := json.Marshal(value)
		return `{"title":"x","calls":[{"name":"a","action":"sts:AssumeRoleWithWebIdentity","params":{"WebIdentityToken":` + string(text) + `}}]}`
	}
	saying := func(summary string) string {
		text, _ := json.Marshal(summary)
		return `{"title":"x","summary":` + string(text) + `}`
	}
	xml := `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><ds:Signature><ds:SignatureValue>` + strings.Repeat("QUJD", 30) + `</ds:SignatureValue></ds:Signature></samlp:Response>`
	pem := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("QUJD", 30) + "\n-----END PRIVATE KEY-----"
	based := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	tests := []struct{ name, content, rule, field string }{
		{"a token where one belongs", in(liveToken), "share/token", "/calls/0/params/WebIdentityToken"},
		{"a token in the text", saying("the job said " + liveToken + " and no more"), "share/token", "/summary"},
		{"a token within base64", saying(based(`{"token":"` + liveToken + `"}`)), "share/token", "/summary"},
		{"a token within base64 within base64", saying(based(based(`{"token":"` + liveToken + `"}`))), "share/token", "/summary"},
		{"a token in a policy", `{"accounts":{"123456789012":{"Roles":[{"RoleName":"r","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Sid":"` + liveToken + `"}]}}]}}}`, "share/token", "/accounts/123456789012/Roles/0/AssumeRolePolicyDocument/Statement/0/Sid"},
		{"a SAML response", `{"calls":[{"name":"a","action":"sts:AssumeRoleWithSAML","params":{"SAMLAssertion":"` + based(xml) + `"}}]}`, "share/response", "/calls/0/params/SAMLAssertion"},
		{"a SAML response in the text", saying(xml), "share/response", "/summary"},
		{"a private key", saying(pem), "share/private-key", "/summary"},
		{"a private key within base64", saying(based(pem)), "share/private-key", "/summary"},
		{"a private JSON Web Key", `{"issuers":[{"url":"https://idp.example.com","jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"` + strings.Repeat("Q", 43) + `"}]}}]}`, "share/private-key", "/issuers/0/jwks/keys/0"},
		{"a secret access key", saying("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY"), "share/secret", "/summary"},
		{"a session token", saying("aws_session_token = IQoJb3JpZ2luX2VjEAAaCXVzLWVhc3QtMSJHMEUCIQ" + strings.Repeat("Qx7", 60)), "share/secret", "/summary"},
	}
	s, _ := testStores(t)
	s.limits = newLimits(config{perHour: 1000, perDay: 1000}, s.clock)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := send(s, "POST", apiPath, "application/json", tt.content)
			text := body(t, r)
			var p problem
			if err := json.Unmarshal([]byte(text), &p); err != nil || r.StatusCode != 422 || p.Type != "/problems/holds-secrets" || len(p.Findings) == 0 {
				t.Fatalf("got %d %s", r.StatusCode, text)
			}
			if f := p.Findings[0]; f.Rule != tt.rule || f.Field != tt.field || f.Line != 1 || f.Column < 2 {
				t.Errorf("got %+v, want %s at %s", f, tt.rule, tt.field)
			}
			for _, secret := range []string{signature, "QUJDQUJD", "wJalrXUtnFEMI", "IQoJb3JpZ2lu"} {
				if strings.Contains(text, secret) {
					t.Errorf("got the secret back: %s", text)
				}
			}
			if r := send(s, "POST", apiPath+"?allow-signed=1", "application/json", tt.content); r.StatusCode != 201 {
				t.Errorf("got %d for who insists: %s", r.StatusCode, body(t, r))
			}
		})
	}
	for name, content := range map[string]string{
		"a token without its signature": in(deadToken),
		"a token that the page minted":  `{"calls":[{"name":"a","action":"sts:AssumeRoleWithWebIdentity","params":{"WebIdentityToken":{"mint":{"issuer":"https://idp.example.com"}}}}]}`,
		"an unsigned token":             `{"calls":[{"name":"a","action":"sts:AssumeRoleWithWebIdentity","params":{"WebIdentityToken":{"unsigned":{"header":{},"claims":{}}}}}]}`,
	} {
		if r := send(s, "POST", apiPath, "application/json", content); r.StatusCode != 201 {
			t.Errorf("%s: got %d: %s", name, r.StatusCode, body(t, r))
		}
	}
}

func TestWhatCantBeReadSaysWhere(t *testing.T) {
	deep := strings.Repeat("[", 70) + strings.Repeat("]", 70)
	tests := []struct {
		name, contentType, content string
		line, column               int
		want                       string
	}{
		{"an unknown field", "application/json", "{\"calls\": [\n  {\"acton\": \"x\"}\n]}", 2, 4, "action"},
		{"no JSON", "application/json", "{\n  \"title\": ,\n}", 2, 12, ""},
		{"YAML that is said to be JSON", "application/json", "title: x\n", 1, 2, ""},
		{"nothing", "application/json", "", 1, 1, ""},
		{"nothing, as YAML", "application/yaml", "", 0, 0, ""},
		{"a list", "application/json", "[]", 1, 1, ""},
		{"an alias", "application/yaml", "a: &a [x]\nb: [*a, *a]\n", 1, 4, "anchor"},
		{"a bomb of aliases", "application/yaml", bomb(), 1, 4, "anchor"},
		{"a merge key", "application/yaml", "title: x\n<<: {summary: y}\n", 2, 1, ""},
		{"a tag", "application/yaml", "title: !!binary aGVsbG8=\n", 1, 8, ""},
		{"two documents", "application/yaml", "title: x\n---\ntitle: y\n", 0, 0, ""},
		{"a name twice", "application/yaml", "title: x\ntitle: y\n", 2, 1, "title"},
		{"nesting", "application/json", `{"calls":` + deep + `}`, 1, 0, "64"},
		{"nesting in YAML", "application/yaml", "calls: " + deep, 1, 0, "64"},
		{"text that is no UTF-8", "application/json", "{\"title\": \"\xff\"}", 1, 0, "UTF-8"},
		{"YAML that is no UTF-8", "application/yaml", "title: \xff\n", 1, 0, "UTF-8"},
		{"a NUL", "application/json", "{\"title\": \"\x00\"}", 1, 0, ""},
		{"a NUL in YAML", "application/yaml", "title: \x00\n", 0, 0, ""},
		{"a lone surrogate", "application/json", `{"title": "\ud800"}`, 1, 0, ""},
	}
	s, _ := testStores(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := send(s, "POST", apiPath, tt.contentType, tt.content)
			text := body(t, r)
			var p problem
			if err := json.Unmarshal([]byte(text), &p); err != nil || r.StatusCode != 422 || p.Type != "/problems/not-a-scenario" || len(p.Findings) == 0 {
				t.Fatalf("got %d %s, want 422 with findings", r.StatusCode, text)
			}
			f := p.Findings[0]
			if tt.line != 0 && f.Line != tt.line || tt.column != 0 && f.Column != tt.column || !strings.Contains(f.Detail, tt.want) || f.Detail == "" {
				t.Errorf("got %+v, want line %d, column %d and %q", f, tt.line, tt.column, tt.want)
			}
		})
	}
}

// bomb is YAML that unfolds to a thousand million words.
func bomb() string {
	var b strings.Builder
	b.WriteString("a: &a [x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c < 'k'; c++ {
		fmt.Fprintf(&b, "%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ","))
	}
	return b.String()
}

func TestANulInAStringIsStoredAsItsEscape(t *testing.T) {
	s, _ := testStores(t)
	a := storeOne(t, s, `{"title":"a\u0000b"}`)
	var read struct{ Title string }
	if err := json.Unmarshal([]byte(body(t, answer(s, "GET", pathOf(t, a.JSON)))), &read); err != nil || read.Title != "a\x00b" {
		t.Errorf("got %q, %v", read.Title, err)
	}
}

func TestTheAddressesAreTheSitesWhateverTheRequestSays(t *testing.T) {
	tests := []struct{ name, origin, host, want string }{
		{"the request's host", "", "sts.example.org:8443", "http://sts.example.org:8443/s/"},
		{"the origin", "https://sts.example.com", "10.0.0.7", "https://sts.example.com/s/"},
		{"the origin, whatever host is named", "https://sts.example.com", "evil.example", "https://sts.example.com/s/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := testStores(t)
			s.origin = tt.origin
			r := httptest.NewRequest("POST", apiPath, strings.NewReader(callerScenario))
			r.Host = tt.host
			r.Header.Set("Content-Type", "application/json")
			for _, name := range []string{"X-Forwarded-Host", "Forwarded", "X-Original-Host", "X-Host"} {
				r.Header.Set(name, "evil.example")
			}
			got := ask(s.handler(), r)
			var a storedAnswer
			if err := json.NewDecoder(got.Body).Decode(&a); err != nil {
				t.Fatal(err)
			}
			for _, address := range []string{a.URL, a.JSON, a.YAML, a.Report, a.Embed, a.DeleteURL, got.Header.Get("Location")} {
				if !strings.HasPrefix(address, tt.want+a.ID) {
					t.Errorf("got %s, want it to begin with %s", address, tt.want)
				}
			}
		})
	}
	s, _ := testStores(t)
	for _, host := range []string{"a;b", "a/b", "a b", `"><script>`, ""} {
		r := httptest.NewRequest("POST", apiPath, strings.NewReader(callerScenario))
		r.Host = host
		r.Header.Set("Content-Type", "application/json")
		if got := ask(s.handler(), r); got.StatusCode != 400 || got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("host %q: got %d", host, got.StatusCode)
		}
	}
}

func TestAPreflightIsGrantedToNobody(t *testing.T) {
	s, _ := testStores(t)
	r := answer(s, "OPTIONS", apiPath, "Origin", "https://evil.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	for name := range r.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("got %s: %s", name, r.Header.Get(name))
		}
	}
	if r.StatusCode != 405 {
		t.Errorf("got %d, want 405", r.StatusCode)
	}
}

func TestKeysAndIDsAreRandomAndTheKeyIsNowhere(t *testing.T) {
	s, _ := testStores(t)
	one, other := storeOne(t, s, callerScenario), storeOne(t, s, callerScenario)
	if one.ID == other.ID || one.DeleteKey == other.DeleteKey || len(one.DeleteKey) < 32 {
		t.Errorf("got %+v and %+v", one, other)
	}
	for _, address := range []string{one.URL, one.JSON, one.YAML, one.Report, one.URL + "/delete"} {
		if text := body(t, answer(s, "GET", pathOf(t, address))); strings.Contains(text, one.DeleteKey) {
			t.Errorf("%s has the key in it", address)
		}
	}
}

func TestTheLimitsAreSaidInWords(t *testing.T) {
	s, _ := testStores(t)
	s.limits = newLimits(config{perHour: 1, perDay: 10}, s.clock)
	storeOne(t, s, callerScenario)
	r := send(s, "POST", apiPath, "application/json", callerScenario)
	if text := body(t, r); r.StatusCode != 429 || r.Header.Get("Retry-After") != "3600" || !strings.Contains(text, "Nothing was stored") {
		t.Errorf("got %d, Retry-After %q: %s", r.StatusCode, r.Header.Get("Retry-After"), text)
	}
	// What is refused anyway costs nobody a place.
	s.limits = newLimits(config{perHour: 1, perDay: 10}, s.clock)
	send(s, "POST", apiPath, "application/json", "{")
	storeOne(t, s, callerScenario)
}

func parsed(t *testing.T, text string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// Whatever stands in a scenario, no page makes markup of it.
func TestNothingStoredBecomesMarkup(t *testing.T) {
	s, _ := testStores(t)
	content := hostile()
	a := storeOne(t, s, content, "?allow-signed=1")
	plain := storeOne(t, s, callerScenario)
	for _, form := range []string{"", "/report", "/delete"} {
		scripts := 0
		for n := range parsed(t, body(t, answer(s, "GET", pathOf(t, a.URL)+form))).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "script":
				scripts++
			case "img", "iframe", "object", "embed", "base":
				t.Errorf("%q: got the element %s", form, n.Data)
			}
			for _, attribute := range n.Attr {
				if strings.HasPrefix(attribute.Key, "on") && attribute.Key != "on" || attribute.Key == "style" || strings.ContainsAny(attribute.Key, `"'<{$`) {
					t.Errorf("%q: got the attribute %s of %s", form, attribute.Key, n.Data)
				}
				if value := strings.ToLower(strings.TrimSpace(attribute.Val)); strings.HasPrefix(value, "javascript:") && (attribute.Key == "href" || attribute.Key == "action" || attribute.Key == "src") {
					t.Errorf("%q: got %s=%s", form, attribute.Key, value)
				}
			}
		}
		for n := range parsed(t, body(t, answer(s, "GET", pathOf(t, plain.URL)+form))).Descendants() {
			if n.Type == html.ElementNode && n.Data == "script" {
				scripts--
			}
		}
		if scripts != 0 {
			t.Errorf("%q: got %d scripts more than a page has", form, scripts)
		}
	}
	if !json.Valid([]byte(body(t, answer(s, "GET", pathOf(t, a.JSON))))) {
		t.Error("got JSON that isn't")
	}
	read, findings := scenario.Decode(body(t, answer(s, "GET", pathOf(t, a.YAML))), scenario.LimitCheck)
	if scenario.Unreadable(findings) || read.Title != hostileWords {
		t.Errorf("got YAML with the title %q, %v", read.Title, findings)
	}
	h := answer(s, "GET", pathOf(t, a.YAML)).Header.Get("Content-Disposition")
	if strings.ContainsAny(h, "<>\r\n") || bytes.ContainsRune([]byte(strings.TrimPrefix(h, "inline; filename=")), ';') {
		t.Errorf("got the name %q", h)
	}
}
