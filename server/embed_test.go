package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// What other people's pages name for years. An address may get more, and is
// never taken away; a newer contract stands below /v2/.
func TestWhatIsPromisedBelowV1(t *testing.T) {
	s := testSite(t)
	for _, target := range []string{
		"/v1/embed.js",
		"/v1/embed",
		"/v1/embed?scenario=github-actions-deploys-from-main",
		"/v1/embed?scenario=github-actions-deploys-from-main&view=trace&show=trust&call=2&step=trust/condition&expect=deny&theme=dark&readonly",
		"/examples/github-actions-deploys-from-main/embed",
		"/examples/github-actions-deploys-from-main.yaml",
		"/oembed?format=json&url=http%3A%2F%2Fexample.com%2Fexamples%2Fgithub-actions-deploys-from-main",
	} {
		r := answer(s, "GET", target)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: got %d, want 200", target, r.StatusCode)
		}
		if got := r.Header.Get("Cross-Origin-Resource-Policy"); got != "cross-origin" {
			t.Errorf("%s: got the resource policy %q, want cross-origin", target, got)
		}
	}
	element := answer(s, "GET", "/v1/embed.js")
	for name, want := range map[string]string{
		"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*", "ETag": `"embed.1a.js"`,
	} {
		if got := element.Header.Get(name); got != want {
			t.Errorf("embed.js: %s: got %q, want %q", name, got, want)
		}
	}
	promised, err := os.ReadFile("../web/page/embeds.templ")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{
		"scenario", "src", "for", "view", "show", "call", "step", "expect", "theme", "readonly", "loading", "height",
		"report", "run()", "sts-ready", "sts-change", "sts-result", "sts-error",
		"sts-playground:ready", "sts-playground:resize", "sts-playground:result", "sts-playground:change", "sts-playground:error", "sts-playground:init",
	} {
		if !strings.Contains(string(promised), "<code>"+word+"</code>") {
			t.Errorf("the page about embeds doesn't tell of %s", word)
		}
	}
}

func TestAFrameIsForAllSitesAndFetchesOnlyFromItsOwn(t *testing.T) {
	const want = "script-src 'wasm-unsafe-eval' http://example.com/assets/frame.3c.js http://example.com/v1/embed.js http://example.com/assets/widget.2b.js; " +
		"style-src http://example.com/assets/app.4e5f.css; " +
		"connect-src http://example.com/assets/worker.6a7b.js http://example.com/assets/engine.2c3d.wasm http://example.com/assets/reference.0e1f.tsv http://example.com/examples/ http://example.com/s/; " +
		"frame-ancestors *"
	s := testSite(t)
	r := answer(s, "GET", "/examples/the-organisation-in-another-letter-case/embed")
	if got := r.Header.Get("Content-Security-Policy"); !strings.HasSuffix(got, want) {
		t.Errorf("got the policy %q, want it to end in %q", got, want)
	}
	text := body(t, r)
	for _, want := range []string{`<sts-playground scenario="the-organisation-in-another-letter-case">`, "STS refuses.", `content="noindex"`, "/?scenario=the-organisation-in-another-letter-case"} {
		if !strings.Contains(text, want) {
			t.Errorf("the frame lacks %q", want)
		}
	}
	if second := body(t, answer(s, "GET", "/v1/embed?scenario=github-actions-deploys-from-main&call=2")); !strings.Contains(second, "STS refuses.") {
		t.Error("got another call's verdict than the one that is asked for")
	}
	for _, target := range []string{"/v1/embed?scenario=unknown", "/examples/unknown/embed", "/s/unknown/embed", "/v1/unknown"} {
		if got := answer(s, "GET", target).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", target, got)
		}
	}
}

func TestOEmbedAnswersForThisSitesLinks(t *testing.T) {
	s := testSite(t)
	const slug = "github-actions-deploys-from-main"
	tests := []struct{ name, query, src string }{
		{"an example's page", "url=http://example.com/examples/" + slug, "http://example.com/examples/" + slug + "/embed"},
		{"the front page with an example", "format=json&url=http://EXAMPLE.com/?scenario=" + slug, "http://example.com/examples/" + slug + "/embed"},
		{"https before a proxy that ends it", "url=https://example.com/examples/" + slug + "/", "http://example.com/examples/" + slug + "/embed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(s, "GET", "/oembed?"+tt.query)
			var got struct {
				Type, Version, Title, HTML string
				Width, Height              int
			}
			if err := json.Unmarshal([]byte(body(t, r)), &got); err != nil || r.StatusCode != 200 {
				t.Fatalf("got %d and %v", r.StatusCode, err)
			}
			if got.Type != "rich" || got.Version != "1.0" || got.Title != "GitHub Actions deploys from main" || got.Width != 720 || got.Height != 540 {
				t.Errorf("got %+v", got)
			}
			if !strings.Contains(got.HTML, `<iframe src="`+tt.src+`"`) || !strings.Contains(got.HTML, `sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"`) {
				t.Errorf("got the HTML %s, want a frame of %s", got.HTML, tt.src)
			}
			if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("got the header %v", r.Header)
			}
		})
	}
	own := url.QueryEscape("http://example.com/examples/" + slug)
	for _, tt := range []struct {
		name, query string
		status      int
	}{
		{"XML", "format=xml&url=" + own, 501},
		{"no address", "format=json", 400},
		{"a width that is none", "url=" + own + "&maxwidth=wide", 400},
		{"another site", "url=http://example.org/examples/" + slug, 404},
		{"another site behind ours as its user", "url=http://example.com@example.org/examples/" + slug, 404},
		{"no example", "url=http://example.com/examples/unknown", 404},
		{"another page", "url=http://example.com/glossary", 404},
		{"a short link where nothing is stored", "url=http://example.com/s/abcdefghijklmnopqrst", 404},
		{"a scheme that isn't the web's", "url=javascript://example.com/examples/" + slug, 404},
	} {
		if got := answer(s, "GET", "/oembed?"+tt.query).StatusCode; got != tt.status {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.status)
		}
	}
	if small := body(t, answer(s, "GET", "/oembed?maxwidth=300&maxheight=200&url="+own)); !strings.Contains(small, `"width":300,"height":200`) {
		t.Errorf("got %s, want no more than was allowed", small)
	}
}

func TestWhatIsAnsweredToOEmbedIsEscaped(t *testing.T) {
	s := testSite(t)
	s.gallery = []examples.Example{{Slug: "hostile", Title: `"><script>alert(1)</script>`, JSON: unstatedScenario, Source: unstatedScenario}}
	text := body(t, answer(s, "GET", "/oembed?url=http://example.com/examples/hostile"))
	if strings.Contains(text, "<script") {
		t.Errorf("got %s", text)
	}
	var got struct{ HTML string }
	if err := json.Unmarshal([]byte(text), &got); err != nil || strings.Contains(got.HTML, "<script") {
		t.Errorf("got %q, %v", got.HTML, err)
	}
}

func TestAStoredScenarioHasAFrameOfItsOwn(t *testing.T) {
	s, _ := testStores(t)
	var stored struct{ ID string }
	if err := json.Unmarshal([]byte(body(t, send(s, "POST", "/api/scenarios", "application/json", `{"title": "\"><script>alert(1)</script>", "calls": [{"name": "nobody asks", "action": "sts:GetCallerIdentity"}]}`))), &stored); err != nil {
		t.Fatal(err)
	}
	id := stored.ID
	r := answer(s, "GET", "/s/"+id+"/embed")
	text := body(t, r)
	if r.StatusCode != 200 || !strings.Contains(text, `<sts-playground scenario="/s/`+id+`">`) || strings.Contains(text, "<script>alert") {
		t.Errorf("got %d and %s", r.StatusCode, text)
	}
	if got := r.Header.Get("Content-Security-Policy"); !strings.HasSuffix(got, "frame-ancestors *") {
		t.Errorf("got the policy %q", got)
	}
	for _, gone := range []string{"abcdefghijklmnopqrst", "no-id"} {
		r := answer(s, "GET", "/s/"+gone+"/embed")
		if r.StatusCode != 404 || !strings.Contains(r.Header.Get("Content-Security-Policy"), "frame-ancestors *") || !strings.Contains(body(t, r), "There is no scenario here") {
			t.Errorf("%s: got %d and the policy %q, want a frame that says so", gone, r.StatusCode, r.Header.Get("Content-Security-Policy"))
		}
	}
	if found := body(t, answer(s, "GET", "/oembed?url=http://example.com/s/"+id)); !strings.Contains(found, "/s/"+id+"/embed") || strings.Contains(found, "<script") {
		t.Errorf("got %s", found)
	}
}

// The scenarios of the samples are played as their pages say.
func TestTheSamplesScenariosAreAsTheirPagesSay(t *testing.T) {
	paths, err := filepath.Glob("../examples/embeds/scenarios/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("got no scenarios: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		played, findings := engine.Decode(string(text), scenario.LimitPage)
		played.Now = testNow
		if r := engine.Run(played); len(findings) > 0 || r.Met == nil || !*r.Met {
			t.Errorf("%s: got the findings %v, want its expectations met", path, findings)
		}
	}
}
