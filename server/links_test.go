package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/examples"
	"stsplayground/server/store"
)

// testStores is a site that stores scenarios in a folder of its own, and its
// clock, which stands still until it is moved.
func testStores(t *testing.T) (*site, *atomic.Pointer[time.Time]) {
	t.Helper()
	s := testSite(t)
	now := new(atomic.Pointer[time.Time])
	now.Store(&testNow)
	s.clock = func() time.Time { return *now.Load() }
	s.contact = "mailto:abuse@example.com"
	opened, err := store.Open(t.Context(), store.Options{Data: t.TempDir(), Clock: s.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	s.keep(opened)
	return s, now
}

func moveClock(now *atomic.Pointer[time.Time], by time.Duration) {
	moved := now.Load().Add(by)
	now.Store(&moved)
}

const callerScenario = `{"title":"Who is calling?","now":"2026-04-28T10:30:00Z","calls":[{"name":"ask","action":"sts:GetCallerIdentity"}]}`

// send is what the site says to a request with a body.
func send(s *site, method, target, contentType, content string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, strings.NewReader(content))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return ask(s.handler(), r)
}

// storeOne stores a scenario and gives the server's answer.
func storeOne(t *testing.T, s *site, content string, query ...string) (a storedAnswer) {
	t.Helper()
	r := send(s, "POST", apiPath+strings.Join(query, ""), "application/json", content)
	text := body(t, r)
	if r.StatusCode != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", r.StatusCode, text)
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

func TestAStoredScenarioIsReadInEveryForm(t *testing.T) {
	s, _ := testStores(t)
	a := storeOne(t, s, callerScenario)
	if !isID(a.ID) || a.URL != "http://example.com/s/"+a.ID || a.Expires != testNow.Add(30*24*time.Hour) {
		t.Errorf("got %+v", a)
	}
	tests := []struct{ name, address, contentType, want string }{
		{"the playground", a.URL, "text/html; charset=utf-8", `id="stored-line"`},
		{"whom to tell of abuse", a.URL, "text/html; charset=utf-8", "mailto:abuse@example.com?subject=STS%20Playground%20scenario%20" + a.ID},
		{"until when it is there", a.URL, "text/html; charset=utf-8", "28 May 2026, 10:30 UTC"},
		{"the report", a.Report, "text/html; charset=utf-8", "GetCallerIdentity"},
		{"JSON", a.JSON, "application/json", `"title": "Who is calling?"`},
		{"YAML", a.YAML, "application/yaml", "title: Who is calling?"},
		{"how it is deleted", a.URL + "/delete", "text/html; charset=utf-8", `<form method="post" action="/s/` + a.ID + `/delete">`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(s, "GET", pathOf(t, tt.address))
			if text := body(t, r); r.StatusCode != 200 || r.Header.Get("Content-Type") != tt.contentType || !strings.Contains(text, tt.want) {
				t.Errorf("got %d %s, want %s in\n%s", r.StatusCode, r.Header.Get("Content-Type"), tt.want, text)
			}
			for name, want := range map[string]string{"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Set-Cookie": ""} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("got %s: %q, want %q", name, got, want)
				}
			}
			if got := r.Header.Get("Cache-Control"); !strings.HasPrefix(got, "private, no-") {
				t.Errorf("got Cache-Control: %q, want it private", got)
			}
		})
	}
}

func TestAFileOfAStoredScenarioIsForEverySiteAndRunsNowhere(t *testing.T) {
	s, _ := testStores(t)
	a := storeOne(t, s, callerScenario)
	for _, address := range []string{a.JSON, a.YAML} {
		h := answer(s, "GET", pathOf(t, address)).Header
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: got %s: %q, want %q", address, name, got, want)
			}
		}
		if got := h.Get("Content-Disposition"); !strings.HasPrefix(got, "inline; filename=who-is-calling.") {
			t.Errorf("got the name %q", got)
		}
	}
}

func TestOnlyThePlaygroundMayStore(t *testing.T) {
	s, _ := testStores(t)
	a := storeOne(t, s, callerScenario)
	for target, want := range map[string]bool{"/": true, "/new": true, "/s/" + a.ID: true, "/s/" + a.ID + "/report": false, "/s/" + a.ID + "/delete": false, "/privacy": false, "/nothing": false} {
		r := answer(s, "GET", target)
		allowed := strings.Contains(r.Header.Get("Content-Security-Policy"), "http://example.com"+apiPath+";")
		if offered := strings.Contains(body(t, r), `data-store="`+apiPath+`"`); allowed != want || offered != want {
			t.Errorf("%s: got allowed %v, offered %v, want %v", target, allowed, offered, want)
		}
	}
	var alone strings.Builder
	if err := s.offline(&alone); err != nil || strings.Contains(alone.String(), "data-store") || strings.Contains(alone.String(), `id="store"`) {
		t.Errorf("got a page to be taken away that offers to store, or %v", err)
	}
	s.kept = nil
	r := answer(s, "GET", "/")
	if text := body(t, r); strings.Contains(r.Header.Get("Content-Security-Policy"), apiPath) || strings.Contains(text, "data-store") || strings.Contains(text, `id="store"`) {
		t.Error("got a page that offers to store where nothing is stored")
	}
	for _, request := range [][2]string{{"POST", apiPath}, {"GET", "/s/" + a.ID}, {"GET", "/openapi.json"}} {
		if r := answer(s, request[0], request[1]); r.StatusCode != 404 {
			t.Errorf("%s: got %d where nothing is stored, want 404", request, r.StatusCode)
		}
	}
}

func TestAnAnswerIsNotSentTwice(t *testing.T) {
	s, _ := testStores(t)
	a := storeOne(t, s, callerScenario)
	for _, address := range []string{a.URL, a.Report, a.JSON, a.YAML} {
		plain := answer(s, "GET", pathOf(t, address))
		zipped := answer(s, "GET", pathOf(t, address), "Accept-Encoding", "gzip")
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		text, _ := io.ReadAll(z)
		if tag := zipped.Header.Get("ETag"); tag == "" || tag == plain.Header.Get("ETag") || string(text) != body(t, plain) {
			t.Errorf("%s: got the tags %q and %q, and another text", address, tag, plain.Header.Get("ETag"))
		}
		again := answer(s, "GET", pathOf(t, address), "Accept-Encoding", "gzip", "If-None-Match", zipped.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: got %d, want 304", address, again.StatusCode)
		}
	}
}

func TestAScenarioExpiresToTheSecond(t *testing.T) {
	for query, lifetime := range map[string]time.Duration{"": 30 * 24 * time.Hour, "?expires=1d": 24 * time.Hour, "?expires=30d": 30 * 24 * time.Hour, "?expires=1y": 365 * 24 * time.Hour} {
		s, now := testStores(t)
		a := storeOne(t, s, callerScenario, query)
		moveClock(now, lifetime-time.Second)
		if r := answer(s, "GET", pathOf(t, a.JSON)); r.StatusCode != 200 {
			t.Errorf("%q: got %d in the last second, want 200", query, r.StatusCode)
		}
		moveClock(now, time.Second)
		for _, address := range []string{a.URL, a.JSON, a.YAML, a.Report, a.URL + "/delete"} {
			if r := answer(s, "GET", pathOf(t, address)); r.StatusCode != 404 {
				t.Errorf("%q: got %d after %v for %s, want 404", query, r.StatusCode, lifetime, address)
			}
		}
		if r := send(s, "DELETE", apiPath+"/"+a.ID, "", "", "Authorization", "Bearer "+a.DeleteKey); r.StatusCode != 404 {
			t.Errorf("%q: got %d for deleting what has expired, want 404", query, r.StatusCode)
		}
		if n, err := s.kept.store.Sweep(t.Context()); n != 1 || err != nil {
			t.Errorf("%q: got %d swept, %v", query, n, err)
		}
	}
}

func TestADeletedScenarioIsGoneAtOnce(t *testing.T) {
	for name, remove := range map[string]func(s *site, a storedAnswer) *http.Response{
		"by the API": func(s *site, a storedAnswer) *http.Response {
			return send(s, "DELETE", apiPath+"/"+a.ID, "", "", "Authorization", "Bearer "+a.DeleteKey)
		},
		"by the page": func(s *site, a storedAnswer) *http.Response {
			return send(s, "POST", "/s/"+a.ID+"/delete", "application/x-www-form-urlencoded", "key="+a.DeleteKey)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := testStores(t)
			a := storeOne(t, s, callerScenario)
			addresses := []string{a.URL, a.JSON, a.YAML, a.Report}
			for _, address := range addresses {
				answer(s, "GET", pathOf(t, address)) // now it is kept in memory
			}
			for _, tt := range []struct{ method, target, contentType, content, key string }{
				{"GET", "/s/" + a.ID + "/delete", "", "", ""},
				{"GET", "/s/" + a.ID + "/delete?key=" + a.DeleteKey, "", "", ""},
				{"DELETE", apiPath + "/" + a.ID, "", "", ""},
				{"DELETE", apiPath + "/" + a.ID, "", "", "Bearer " + a.DeleteKey + "a"},
				{"DELETE", apiPath + "/" + a.ID, "", "", "Basic " + a.DeleteKey},
				{"POST", "/s/" + a.ID + "/delete", "application/x-www-form-urlencoded", "key=" + strings.ToUpper(a.DeleteKey), ""},
				{"POST", "/s/" + a.ID + "/delete?key=" + a.DeleteKey, "application/x-www-form-urlencoded", "", ""},
				{"POST", "/s/" + a.ID + "/delete", "text/plain", "key=" + a.DeleteKey, ""},
			} {
				if r := send(s, tt.method, tt.target, tt.contentType, tt.content, "Authorization", tt.key); r.StatusCode == 204 || tt.method == "POST" && r.StatusCode == 200 {
					t.Errorf("%+v: got %d", tt, r.StatusCode)
				}
			}
			if r := answer(s, "GET", pathOf(t, a.JSON)); r.StatusCode != 200 {
				t.Fatalf("got %d, want it still there", r.StatusCode)
			}
			if r := remove(s, a); r.StatusCode != 200 && r.StatusCode != 204 {
				t.Fatalf("got %d: %s", r.StatusCode, body(t, r))
			}
			for _, address := range addresses {
				if r := answer(s, "GET", pathOf(t, address)); r.StatusCode != 404 {
					t.Errorf("%s: got %d after the deletion, want 404", address, r.StatusCode)
				}
			}
			for _, key := range s.kept.held.Keys() {
				if key.id == a.ID {
					t.Errorf("got %v still in memory", key)
				}
			}
		})
	}
}

func TestWhatIsNoIDLeadsNowhere(t *testing.T) {
	s, _ := testStores(t)
	a := storeOne(t, s, callerScenario)
	for _, target := range []string{
		"/s/a", "/s/" + strings.Repeat("a", 20), "/s/" + a.ID + "a", "/s/" + a.ID[1:], "/s/" + a.ID + ".", "/s/" + a.ID + ".yml", "/s/" + a.ID + ".json.json",
		"/s/..%2f" + a.ID, "/s/%2e%2e", "/s/" + a.ID + "%00", "/s/" + a.ID + "%2f", "/s/'%20OR%201=1--", "/s/" + a.ID + "/report/", "/s/" + a.ID + "/x", "/s/.json", "/s/%F0%9F%98%80",
		"/s/" + strings.Repeat("a", 4000),
	} {
		for range 2 { // from the store, and from memory
			if r := answer(s, "GET", target); r.StatusCode != 404 {
				t.Errorf("%s: got %d, want 404", target, r.StatusCode)
			}
		}
	}
	if r := answer(s, "GET", "/s/../s/"+a.ID); r.StatusCode != 307 && r.StatusCode != 301 && r.StatusCode != 404 {
		t.Errorf("got %d for a path with dots", r.StatusCode)
	}
}

func TestALinkOfThePlaygroundBelowSLeadsToItsPage(t *testing.T) {
	s, _ := testStores(t)
	for target, want := range map[string]string{"/s/modelled": "/modelled", "/s/new": "/new", "/s/privacy": "/privacy", "/s/?scenario=a": "/?scenario=a", "/s/": "/"} {
		if r := answer(s, "GET", target); r.StatusCode != 308 || r.Header.Get("Location") != want {
			t.Errorf("%s: got %d to %q, want %q", target, r.StatusCode, r.Header.Get("Location"), want)
		}
	}
}

// scripted is a store whose answers are given.
type scripted struct {
	keeper
	get    func(id string) (store.Scenario, error)
	failed error
	asked  atomic.Int64
}

func (s *scripted) Get(_ context.Context, id string) (store.Scenario, error) {
	s.asked.Add(1)
	return s.get(id)
}
func (s *scripted) Put(context.Context, store.Scenario, store.KeyHash) error { return s.failed }
func (s *scripted) Delete(context.Context, string, string) error             { return s.failed }

var someID = strings.Repeat("a", idLength)

func TestTheStoreIsAskedOnceHoweverManyRead(t *testing.T) {
	s, now := testStores(t)
	begun, release := make(chan struct{}), make(chan struct{})
	k := &scripted{}
	k.get = func(id string) (store.Scenario, error) {
		if k.asked.Load() == 1 {
			close(begun)
			<-release
		}
		if id != someID {
			return store.Scenario{}, store.ErrNotFound
		}
		return store.Scenario{ID: id, JSON: callerScenario, Expires: testNow.Add(time.Hour)}, nil
	}
	s.keep(k)
	read := func(id string) int { return answer(s, "GET", "/s/"+id+".json").StatusCode }

	var readers sync.WaitGroup
	readers.Go(func() { read(someID) })
	<-begun
	close(release)
	for range 20 {
		readers.Go(func() {
			if got := read(someID); got != 200 {
				t.Errorf("got %d", got)
			}
		})
	}
	readers.Wait()
	if n := k.asked.Load(); n > 2 {
		t.Errorf("got %d questions to the store, want one", n)
	}
	before := k.asked.Load()
	moveClock(now, freshFor)
	read(someID)
	read(someID)
	if n := k.asked.Load() - before; n != 1 {
		t.Errorf("got %d questions after %v, want one", n, freshFor)
	}

	before = k.asked.Load()
	other := strings.Repeat("b", idLength)
	for range 3 {
		if got := read(other); got != 404 {
			t.Errorf("got %d for an unknown id", got)
		}
	}
	if n := k.asked.Load() - before; n != 1 {
		t.Errorf("got %d questions about an unknown id, want one", n)
	}
}

func TestWhatIsDeletedWhileItIsReadIsntKept(t *testing.T) {
	s, _ := testStores(t)
	k := &scripted{}
	k.get = func(id string) (store.Scenario, error) {
		if k.asked.Load() > 1 {
			return store.Scenario{}, store.ErrNotFound
		}
		if err := s.kept.delete(t.Context(), id, "key"); err != nil { // as another request would, after the row was read
			t.Error(err)
		}
		return store.Scenario{ID: id, JSON: callerScenario, Expires: testNow.Add(time.Hour)}, nil
	}
	s.keep(k)
	answer(s, "GET", "/s/"+someID+".json")
	if got := answer(s, "GET", "/s/"+someID+".json").StatusCode; got != 404 {
		t.Errorf("got %d, want 404", got)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s, _ := testStores(t)
	k := &scripted{get: func(id string) (store.Scenario, error) {
		return store.Scenario{ID: id, JSON: callerScenario, Expires: testNow.Add(time.Hour)}, nil
	}}
	s.keep(k)
	large := make([]byte, mostHeld) // the largest of which any is kept
	for i := range 40 {
		found, err := s.kept.get(t.Context(), strings.Repeat(string(rune('a'+i%26)), idLength))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.kept.answer(found, fmt.Sprint(i), func() (*drawn, error) { return newDrawn(large, time.Time{}), nil }); err != nil {
			t.Fatal(err)
		}
	}
	held := 0
	for _, h := range s.kept.held.Values() {
		held += h.size()
	}
	if held != s.kept.bytes || held > keptBytes || held < keptBytes/2 {
		t.Errorf("got %d bytes held and %d counted, at most %d", held, s.kept.bytes, keptBytes)
	}
	k.get = func(string) (store.Scenario, error) { return store.Scenario{}, store.ErrNotFound }
	for range keptUnknown + 10 {
		s.kept.get(t.Context(), store.NewID())
	}
	if n := s.kept.unknown.Len(); n != keptUnknown {
		t.Errorf("got %d unknown ids, want %d", n, keptUnknown)
	}
}

func TestAStoreThatIsAwayIsSaidSo(t *testing.T) {
	s, _ := testStores(t)
	down := fmt.Errorf("%w: the disk is full at /var/secret", store.ErrUnavailable)
	s.keep(&scripted{failed: down, get: func(string) (store.Scenario, error) { return store.Scenario{}, down }})
	for _, r := range []*http.Response{
		send(s, "POST", apiPath, "application/json", callerScenario),
		send(s, "DELETE", apiPath+"/"+someID, "", "", "Authorization", "Bearer a"),
		answer(s, "GET", "/s/"+someID),
		answer(s, "GET", "/s/"+someID+".yaml"),
		answer(s, "GET", "/s/"+someID+"/report"),
		send(s, "POST", "/s/"+someID+"/delete", "application/x-www-form-urlencoded", "key=a"),
	} {
		text := body(t, r)
		if r.StatusCode != 503 || r.Header.Get("Retry-After") != "5" || strings.Contains(text, "/var/secret") || !strings.Contains(text, "Nothing was changed") {
			t.Errorf("got %d, Retry-After %q: %s", r.StatusCode, r.Header.Get("Retry-After"), text)
		}
	}
}

func TestAScenarioWithoutAMomentIsPlayedAtTheClocks(t *testing.T) {
	s, now := testStores(t)
	a := storeOne(t, s, `{"title":"x","calls":[{"action":"sts:GetCallerIdentity"}]}`)
	for _, want := range []string{"2026-04-28T10:30:00Z", "2026-04-28T10:31:00Z"} {
		if text := body(t, answer(s, "GET", pathOf(t, a.Report))); !strings.Contains(text, want) {
			t.Errorf("got a report that isn't of %s", want)
		}
		moveClock(now, time.Minute)
	}
	if text := body(t, answer(s, "GET", pathOf(t, a.JSON))); strings.Contains(text, `"now"`) {
		t.Errorf("got a moment that nobody gave: %s", text)
	}
}

// Every example can be stored as Share hands it on, and plays as it did.
func TestEveryExampleCanBeStored(t *testing.T) {
	s, _ := testStores(t)
	s.limits = newLimits(config{perHour: 10_000, perDay: 10_000}, s.clock)
	for _, e := range append(examples.All(), func() (all []examples.Example) {
		for _, c := range examples.Lessons() {
			for _, l := range c.Lessons {
				all = append(all, l.Example)
			}
		}
		return all
	}()...) {
		decoded, _ := engine.Decode(e.Source, scenario.LimitCheck)
		if len(e.Source) > 40<<10 {
			continue
		}
		redacted, _ := share.Redact(&decoded.Root, share.Options{})
		normal, refused := normalised(redacted.JSON(""), true, false)
		if refused != nil {
			t.Errorf("%s: got %+v", e.Slug, refused)
			continue
		}
		again, refused := normalised(normal, true, false)
		if refused != nil || again != normal {
			t.Errorf("%s: what was stored is stored otherwise", e.Slug)
		}
		first, _ := engine.Decode(redacted.JSON(""), scenario.LimitCheck)
		second, findings := engine.Decode(normal, scenario.LimitServer)
		if scenario.Unreadable(findings) {
			t.Errorf("%s: got %v", e.Slug, findings)
		}
		if met, want := engine.Run(second).Met, engine.Run(first).Met; (met == nil) != (want == nil) || met != nil && *met != *want {
			t.Errorf("%s: got another outcome", e.Slug)
		}
	}
}

func TestSweepingStopsWithTheServer(t *testing.T) {
	s, _ := testStores(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s.sweep(ctx) // returns
}

func TestADatabaseThatMakesNoSenseIsRefused(t *testing.T) {
	s := testSite(t)
	s.share, s.database = true, "mysql://x"
	if err := s.openStore(t.Context()); err == nil || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v, want it said that the address is none of a PostgreSQL database", err)
	}
}

// manyByMany is a scenario in which each of many calls is held against each of
// many statements: its report is far longer than it is.
func manyByMany() string {
	const role = "arn:aws:iam::123456789012:role/r"
	statements := strings.Repeat(`,{"Effect":"Allow","Action":"s3:*","Resource":"*b"}`, 500)[1:]
	calls := strings.Repeat(`,{"caller":"a","action":"s3:GetObject","resource":"arn:aws:s3:::b/a"}`, 300)
	return `{"now":"2026-04-28T10:30:00Z","accounts":{"123456789012":{
		"Users":[{"UserName":"u","Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}]}],
		"Roles":[{"RoleName":"r","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]},
			"Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[` + statements + `]}}]}]}},
		"calls":[{"name":"a","caller":"arn:aws:iam::123456789012:user/u","action":"sts:AssumeRole","params":{"RoleArn":"` + role + `","RoleSessionName":"sess"}}` + calls + `]}`
}

func TestAReportThatIsTooLongIsNoPage(t *testing.T) {
	s, _ := testStores(t)
	stored := storeOne(t, s, manyByMany())
	r := answer(s, "GET", "/s/"+stored.ID+"/report")
	if text := body(t, r); r.StatusCode != 422 || !strings.Contains(text, "The report is too long for a page") {
		t.Errorf("got %d and %d bytes, want 422 and what to do", r.StatusCode, len(text))
	}
	for _, form := range []string{"", ".yaml", "/embed"} {
		if r := answer(s, "GET", "/s/"+stored.ID+form); r.StatusCode != 200 {
			t.Errorf("%s: got %d, want 200", form, r.StatusCode)
		}
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	for _, key := range s.kept.held.Keys() {
		if h, _ := s.kept.held.Peek(key); h.size() > mostHeld+anEntry {
			t.Errorf("%v: %d bytes are kept", key, h.size())
		}
	}
}

func TestWhoReadsDoesNotWaitBehindThoseWhoStore(t *testing.T) {
	s, _ := testStores(t)
	stored := storeOne(t, s, callerScenario)
	for range cap(s.kept.looking) {
		s.kept.looking <- struct{}{}
	}
	if r := answer(s, "GET", "/s/"+stored.ID+".yaml"); r.StatusCode != 200 {
		t.Errorf("got %d for a reader, want 200", r.StatusCode)
	}
	if r := send(s, "POST", apiPath, "application/json", callerScenario); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("got %d for who stores, want 503 and when to try again", r.StatusCode)
	}
}

func TestTheLimitOfOneIsNotAnsweredToAnother(t *testing.T) {
	s, _ := testStores(t)
	stored := storeOne(t, s, callerScenario)
	for range readsAtOnce + 1 {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = "192.0.2.5:1000"
		s.limits.allowRead(r)
	}
	for _, asked := range []struct {
		address string
		want    int
	}{{"192.0.2.5:1000", 429}, {"192.0.2.77:1000", 200}} {
		r := httptest.NewRequest("GET", "/s/"+stored.ID+"/report", nil)
		r.RemoteAddr = asked.address
		if got := ask(s.handler(), r).StatusCode; got != asked.want {
			t.Errorf("%s: got %d, want %d", asked.address, got, asked.want)
		}
	}
}

func TestARefusalTellsSoManyFindings(t *testing.T) {
	s, _ := testStores(t)
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"
	text := body(t, send(s, "POST", apiPath, "application/json", `{"title":"`+strings.Repeat(token+" ", 1000)+`"}`))
	if n := strings.Count(text, `"rule"`); n < 1 || n > mostFindings {
		t.Errorf("got %d findings, want 1 to %d", n, mostFindings)
	}
}
