package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"stsplayground/examples"
	"stsplayground/web/assets"
)

// The moment that the tests' clock shows.
var testNow = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)

func testClock() time.Time { return testNow }

// What all test sites have alike is read, and played, once.
var (
	testGallery   = sync.OnceValue(examples.All)
	testLessons   = sync.OnceValue(examples.Lessons)
	testCatalogue = new(catalogue)
)

// testSite is a site whose assets are built, in few bytes.
func testSite(t testing.TB) *site {
	t.Helper()
	files, err := newAssetFiles(fstest.MapFS{
		"manifest.json":       {Data: []byte("{}")},
		"placeholder.txt":     {Data: []byte("not an asset")},
		"app.0a1b.js":         {Data: []byte("identity")},
		"app.0a1b.js.br":      {Data: []byte("brotli")},
		"app.0a1b.js.gz":      {Data: []byte("gzip")},
		"engine.2c3d.wasm":    {Data: []byte("\x00asm")},
		"engine.2c3d.wasm.gz": {Data: []byte("gzip of wasm")},
		"app.4e5f.css":        {Data: []byte("p{}")},
		"theme.3c4d.js":       {Data: []byte("theme")},
		"worker.6a7b.js":      {Data: []byte("worker")},
		"tools.4f5a.wasm":     {Data: []byte("\x00asm")},
		"examples.8c9d.json":  {Data: []byte("[]")},
		"lessons.1b2c.json":   {Data: []byte("[]")},
		"reference.0e1f.tsv":  {Data: []byte("s3\t")},
		"embed.1a.js":         {Data: []byte("embed")},
		"widget.2b.js":        {Data: []byte("widget")},
		"frame.3c.js":         {Data: []byte("frame")},
		"builder.4d.js":       {Data: []byte("builder")},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{
		assets: files,
		manifest: assets.Manifest{
			Script: "app.0a1b.js", Style: "app.4e5f.css", Theme: "theme.3c4d.js", Worker: "worker.6a7b.js",
			Wasm: "engine.2c3d.wasm", Tools: "tools.4f5a.wasm", Examples: "examples.8c9d.json", Lessons: "lessons.1b2c.json", Reference: "reference.0e1f.tsv",
			Embed: "embed.1a.js", Widget: "widget.2b.js", Frame: "frame.3c.js", Builder: "builder.4d.js",
		},
		built:     true,
		gallery:   testGallery(),
		lessons:   testLessons(),
		catalogue: testCatalogue,
		clock:     testClock,
		log:       slog.New(slog.DiscardHandler),
		limits:    newLimits(config{perHour: 60, perDay: 20_000}, testClock),
		packed:    newPacked(),
		metrics:   newMetrics(),
		ready:     func(context.Context) error { return nil },
	}
	if s.workshops, err = newWorkshops(config{}, s.gallery, s.lessons, testClock, s.log); err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is what the site says to a request for target, whose Host is example.com.
func answer(s *site, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryPageCarriesTheStrictPolicy(t *testing.T) {
	const want = "default-src 'none'; worker-src blob:; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; " +
		"require-trusted-types-for 'script'; trusted-types sts; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
		"connect-src http://example.com/assets/engine.2c3d.wasm http://example.com/assets/tools.4f5a.wasm http://example.com/assets/worker.6a7b.js http://example.com/assets/examples.8c9d.json http://example.com/assets/lessons.1b2c.json http://example.com/assets/reference.0e1f.tsv http://example.com/robots.txt; " +
		"frame-ancestors 'none'"
	s := testSite(t)
	for _, target := range []string{"/", "/?scenario=" + s.gallery[0].Slug, "/?scenario=unknown", "/new", "/nothing", "/assets/unknown.js"} {
		r := answer(s, "GET", target)
		for name, want := range map[string]string{
			"Content-Security-Policy":    want,
			"Content-Type":               "text/html; charset=utf-8",
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Cache-Control":              "no-cache",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s: got %q, want %q", target, name, got, want)
			}
		}
	}
}

func TestThePolicyNamesTheOriginThatVisitorsSee(t *testing.T) {
	tests := []struct{ name, origin, host, want string }{
		{"the request's host where none is given", "", "sts.example.org:8443", "connect-src http://sts.example.org:8443/assets/engine.2c3d.wasm"},
		{"an address in brackets", "", "[::1]:8080", "connect-src http://[::1]:8080/assets/engine.2c3d.wasm"},
		{"the given origin, whatever the request says", "https://sts.example.com", "10.0.0.7", "connect-src https://sts.example.com/assets/engine.2c3d.wasm"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSite(t)
			s.origin = tt.origin
			r := httptest.NewRequest("GET", "/", nil)
			r.Host = tt.host
			w := httptest.NewRecorder()
			s.handler().ServeHTTP(w, r)
			if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, tt.want+" ") {
				t.Errorf("got %q, want it to contain %q", got, tt.want)
			}
		})
	}
}

func TestAHostThatCouldEndTheDirectiveIsRefused(t *testing.T) {
	for _, host := range []string{"", "a;script-src *", "a,b", "a b", "a'b", "é.example", ":8080", "a:", "a:0", "a:65536", "a:b", "[::1", "[::1]x", "[x]", "a/b", strings.Repeat("a", 254)} {
		s := testSite(t)
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest {
			t.Errorf("host %q: got %d, want 400", host, w.Code)
		}
		if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'none';") {
			t.Errorf("host %q: got policy %q, want connect-src 'none'", host, got)
		}
	}
}

func TestStatusOfEachRoute(t *testing.T) {
	s := testSite(t)
	first, lesson := s.gallery[0].Slug, s.lessons[0].Lessons[0].Slug
	tests := []struct {
		name, method, target string
		want                 int
	}{
		{"the front page", "GET", "/", 200},
		{"the front page's head", "HEAD", "/", 200},
		{"a query that the page doesn't know", "GET", "/?id_token=x", 200},
		{"an example", "GET", "/?scenario=" + first, 200},
		{"the empty page", "GET", "/new", 200},
		{"the empty page of whoever asks for an example there", "GET", "/new?scenario=" + first, 200},
		{"an example that isn't there", "GET", "/?scenario=../etc", 404},
		{"a lesson", "GET", "/?lesson=" + lesson, 200},
		{"a lesson that isn't there", "GET", "/?lesson=../etc", 404},
		{"a lesson's file", "GET", "/examples/" + lesson + ".yaml", 200},
		{"the schema", "GET", "/scenario.schema.json", 200},
		{"an example's file", "GET", "/examples/" + first + ".yaml", 200},
		{"an example's file that isn't there", "GET", "/examples/unknown.yaml", 404},
		{"an example's file without a name", "GET", "/examples/.yaml", 404},
		{"an example's page", "GET", "/examples/" + first, 200},
		{"an example's page that isn't there", "GET", "/examples/unknown", 404},
		{"an example's picture", "GET", "/examples/" + first + ".png", 200},
		{"a picture that isn't there", "GET", "/examples/unknown.png", 404},
		{"an example in a form that it hasn't", "GET", "/examples/" + first + ".txt", 404},
		{"the gallery", "GET", "/gallery", 200},
		{"the gallery by what people see", "GET", "/gallery/symptoms", 200},
		{"the lessons", "GET", "/lessons", 200},
		{"a lesson to read", "GET", "/lessons/" + lesson, 200},
		{"a lesson to read that isn't there", "GET", "/lessons/..%2Fetc", 404},
		{"an example is no lesson", "GET", "/lessons/" + first, 404},
		{"the site's map", "GET", "/sitemap.xml", 200},
		{"the list of examples is the front page", "GET", "/examples/", 404},
		{"an asset", "GET", "/assets/app.0a1b.js", 200},
		{"an asset's head", "HEAD", "/assets/app.0a1b.js", 200},
		{"the assets have no listing", "GET", "/assets/", 404},
		{"a compressed file has no address of its own", "GET", "/assets/app.0a1b.js.br", 404},
		{"the manifest isn't served", "GET", "/assets/manifest.json", 404},
		{"the placeholder isn't served", "GET", "/assets/placeholder.txt", 404},
		{"what crawlers may read", "GET", "/robots.txt", 200},
		{"health", "GET", "/healthz", 200},
		{"another path", "GET", "/index.html", 404},
		{"a form", "POST", "/", 405},
		{"another method", "DELETE", "/assets/app.0a1b.js", 405},
		{"preflight", "OPTIONS", "/", 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(s, tt.method, tt.target)
			if r.StatusCode != tt.want {
				t.Errorf("got %d, want %d", r.StatusCode, tt.want)
			}
			if allow := r.Header.Get("Allow"); (tt.want == 405) != (allow == "GET, HEAD") {
				t.Errorf("got Allow %q with status %d", allow, tt.want)
			}
		})
	}
}

func TestAnAssetComesInTheBestEncodingThatTheVisitorTakes(t *testing.T) {
	tests := []struct {
		name, file, accept, wantEncoding, wantBody string
	}{
		{"brotli before gzip", "app.0a1b.js", "gzip, deflate, br, zstd", "br", "brotli"},
		{"gzip", "app.0a1b.js", "gzip", "gzip", "gzip"},
		{"brotli refused", "app.0a1b.js", "br;q=0, gzip;q=0.5", "gzip", "gzip"},
		{"brotli refused with decimals", "app.0a1b.js", "br; q=0.000", "", "identity"},
		{"anything", "app.0a1b.js", "*", "br", "brotli"},
		{"anything but brotli", "app.0a1b.js", "*, br;q=0", "gzip", "gzip"},
		{"letter case doesn't matter", "app.0a1b.js", "GZIP", "gzip", "gzip"},
		{"nothing said", "app.0a1b.js", "", "", "identity"},
		{"identity", "app.0a1b.js", "identity", "", "identity"},
		{"a header that makes no sense", "app.0a1b.js", ";;q,=,br;q=x", "", "identity"},
		{"brotli wasn't built", "engine.2c3d.wasm", "br, gzip", "gzip", "gzip of wasm"},
		{"nothing was compressed", "app.4e5f.css", "br, gzip", "", "p{}"},
	}
	s := testSite(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(s, "GET", "/assets/"+tt.file, "Accept-Encoding", tt.accept)
			if got := r.Header.Get("Content-Encoding"); got != tt.wantEncoding {
				t.Errorf("got encoding %q, want %q", got, tt.wantEncoding)
			}
			if got := body(t, r); got != tt.wantBody {
				t.Errorf("got body %q, want %q", got, tt.wantBody)
			}
			if got, want := r.ContentLength, int64(len(tt.wantBody)); got != want {
				t.Errorf("got length %d, want %d", got, want)
			}
			if got := r.Header.Get("Vary"); got != "Accept-Encoding" {
				t.Errorf("got Vary %q, want Accept-Encoding", got)
			}
			if got, want := r.Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
				t.Errorf("got Cache-Control %q, want %q", got, want)
			}
		})
	}
}

func TestAHeadHasTheLengthAndNoBody(t *testing.T) {
	server := httptest.NewServer(testSite(t).handler())
	defer server.Close()
	for _, target := range []string{"/", "/assets/app.0a1b.js", "/nothing"} {
		r, err := http.Head(server.URL + target)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, r); r.ContentLength <= 0 || got != "" {
			t.Errorf("%s: got length %d and body %q, want a length and no body", target, r.ContentLength, got)
		}
	}
}

func TestAnAssetIsNotSentTwice(t *testing.T) {
	s := testSite(t)
	first := answer(s, "GET", "/assets/engine.2c3d.wasm", "Accept-Encoding", "gzip")
	if got := first.Header.Get("Content-Type"); got != "application/wasm" {
		t.Errorf("got type %q, want application/wasm", got)
	}
	plain := answer(s, "GET", "/assets/engine.2c3d.wasm")
	tag := first.Header.Get("ETag")
	if tag == "" || tag == plain.Header.Get("ETag") {
		t.Errorf("got tags %q and %q, want two", tag, plain.Header.Get("ETag"))
	}
	again := answer(s, "GET", "/assets/engine.2c3d.wasm", "Accept-Encoding", "gzip", "If-None-Match", tag)
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("got %d, want 304 without a body", again.StatusCode)
	}
}

func TestAPageIsCompressedWhereTheVisitorTakesIt(t *testing.T) {
	s := testSite(t)
	plain := answer(s, "GET", "/")
	zipped := answer(s, "GET", "/", "Accept-Encoding", "gzip, br")
	if got := zipped.Header.Get("Content-Encoding"); got != "br" {
		t.Errorf("got encoding %q, want br", got)
	}
	if plain.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("got Vary %q, want Accept-Encoding", plain.Header.Get("Vary"))
	}
}

func TestALessonIsServedWithItsTask(t *testing.T) {
	s := testSite(t)
	l := s.lessons[0].Lessons[0]
	got := body(t, answer(s, "GET", "/?lesson="+l.Slug))
	for _, want := range []string{l.Title, l.Group, `data-take="` + l.Slug + `"`} {
		if !strings.Contains(got, want) {
			t.Errorf("got no %s in the page", want)
		}
	}
}

func TestTheSchemaIsForEditorsEverywhere(t *testing.T) {
	got := answer(testSite(t), "GET", "/scenario.schema.json")
	if h := got.Header; h.Get("Content-Type") != "application/schema+json" || h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("got the headers %v", h)
	}
	var schema struct {
		Schema string `json:"$schema"`
	}
	if err := json.Unmarshal([]byte(body(t, got)), &schema); err != nil || schema.Schema != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("got %+v, %v", schema, err)
	}
}

func TestTheFrontPageHasTheFirstExamplesReport(t *testing.T) {
	s := testSite(t)
	got := body(t, answer(s, "GET", "/"))
	if want := s.gallery[0].Title; !strings.Contains(got, want) {
		t.Errorf("got a page without %q:\n%s", want, got)
	}
	if last := s.gallery[len(s.gallery)-1]; !strings.Contains(body(t, answer(s, "GET", "/?scenario="+last.Slug)), last.Title) {
		t.Errorf("got a page without %q", last.Title)
	}
}

func TestWithoutAssetsThePageSaysSo(t *testing.T) {
	s := testSite(t)
	s.built = false
	r := answer(s, "GET", "/")
	if got := body(t, r); r.StatusCode != 200 || !strings.Contains(got, "make") {
		t.Errorf("got %d %q, want the page that names the command", r.StatusCode, got)
	}
	if got := r.Header.Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'none';") {
		t.Errorf("got policy %q, want connect-src 'none'", got)
	}
}

func TestAPanicEndsOneRequestOnly(t *testing.T) {
	s := testSite(t)
	var logged bytes.Buffer
	s.log = newLog(&logged, "text")
	s.gallery = []examples.Example{{Slug: "no-time", JSON: unstatedScenario}}
	s.clock = func() time.Time { panic("the clock broke over canary") }
	r := answer(s, "GET", "/?id_token=canary")
	if r.StatusCode != http.StatusInternalServerError || !strings.Contains(body(t, r), "The server made a mistake") {
		t.Errorf("got %d, want 500 and a page that says so", r.StatusCode)
	}
	if r.Header.Get("Content-Security-Policy") == "" {
		t.Error("got no policy on the error page")
	}
	if got := logged.String(); !strings.Contains(got, `msg=panic route="GET /{$}" what=string stack=`) || strings.Contains(got, "canary") {
		t.Errorf("got log %q, want the route and the panic, and nothing that the visitor wrote", got)
	}
}

func TestAPanicAfterTheAnswerHasBegunBreaksTheConnection(t *testing.T) {
	s := testSite(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "half")
		panic("broken")
	})
	server := httptest.NewServer(s.guard(mux))
	defer server.Close()
	server.Config.ErrorLog = connectionLog(s.log)
	r, err := http.Get(server.URL)
	if err != nil {
		return // the connection ended before the header arrived
	}
	defer r.Body.Close()
	if _, err := io.ReadAll(r.Body); err == nil {
		t.Error("got a whole answer, want a broken connection")
	}
}

func TestServeSaysWhereItListensAndStopsWhenTold(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	read, write := io.Pipe()
	var stderr bytes.Buffer
	p := program{out: write, err: &stderr, clock: testClock}
	exit := make(chan int, 1)
	go func() {
		exit <- p.run(ctx, []string{"-addr", "127.0.0.1:0", "-data", t.TempDir()})
		write.Close()
	}()
	lines := bufio.NewReader(read)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("%v; standard error: %s", err, stderr.String())
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("got line %q, want listening on …", line)
	}
	r, err := http.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, r); got != "ok\n" {
		t.Errorf("got %q, want ok", got)
	}
	stop()
	if rest, _ := io.ReadAll(lines); len(rest) > 0 {
		t.Errorf("got %q after the first line, want nothing", rest)
	}
	if code := <-exit; code != exitOK {
		t.Errorf("got exit code %d, want 0; standard error: %s", code, stderr.String())
	}
	if _, err := http.Get(url + "/healthz"); err == nil {
		t.Error("got an answer after the end")
	}
}

func TestServeRefusesWhatItCantDo(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	tests := []struct {
		name string
		args []string
		exit int
		want string
	}{
		{"an address in use", []string{"serve", "-addr", busy.Addr().String(), "-share=false"}, exitUnmet, "address already in use"},
		{"a file", []string{"serve", "a.yaml"}, exitUsage, `got "a.yaml"`},
		{"an unknown flag", []string{"-port", "80"}, exitUsage, "-port"},
		{"an origin with a path", []string{"-origin", "https://a.example/x"}, exitUsage, "-origin is a scheme and a host"},
		{"an origin with a query", []string{"-origin", "https://a.example?x"}, exitUsage, "-origin is a scheme and a host"},
		{"an origin with a user", []string{"-origin", "https://u@a.example"}, exitUsage, "-origin is a scheme and a host"},
		{"an origin that isn't the web's", []string{"-origin", "file:///x"}, exitUsage, "-origin is a scheme and a host"},
		{"an origin that ends the directive", []string{"-origin", "https://a;b"}, exitUsage, "-origin is a scheme and a host"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			ctx, stop := context.WithTimeoutCause(context.Background(), 10*time.Second, errors.New("it serves"))
			defer stop()
			p := program{out: &stdout, err: &stderr, clock: testClock}
			if got := p.run(ctx, tt.args); got != tt.exit || context.Cause(ctx) != nil {
				t.Errorf("got exit code %d, want %d", got, tt.exit)
			}
			if !strings.Contains(stderr.String(), tt.want) {
				t.Errorf("got %q, want it to contain %q", stderr.String(), tt.want)
			}
		})
	}
}
