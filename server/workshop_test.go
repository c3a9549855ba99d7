package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"stsplayground/examples"
	"stsplayground/server/store"
)

// lessonText is a lesson that can be played.
func lessonText(title, task string) string {
	return "title: " + title + "\nsummary: What it is about.\nnow: \"2026-04-28T10:30:00Z\"\n" +
		"calls:\n  - {name: who, action: \"sts:GetCallerIdentity\", caller: \"arn:aws:iam::123456789012:root\", expect: {outcome: failure, code: AccessDenied}}\n" +
		"lesson: {course: Our course, task: \"" + task + "\", editable: [/calls/0/expect], solution: [{op: replace, path: /calls/0/expect, value: {outcome: success}}], sources: [{title: AWS, url: \"https://docs.aws.amazon.com/\"}]}\n"
}

// lessonFolder is a folder of the files given, by their names.
func lessonFolder(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range files {
		put(t, dir, file, text)
	}
	return dir
}

// put writes a file of a folder, at a time of its own, so that no two writes
// look alike.
func put(t *testing.T, dir, file, text string) {
	t.Helper()
	path := filepath.Join(dir, file)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	written = written.Add(time.Second)
	if err := os.Chtimes(path, written, written); err != nil {
		t.Fatal(err)
	}
}

var written = testNow

// siteWith is a site with folders of workshops.
func siteWith(t *testing.T, dirs ...string) *site {
	t.Helper()
	s := testSite(t)
	var err error
	if s.workshops, err = newWorkshops(config{workshops: dirs}, s.gallery, s.lessons, func() time.Time { return s.clock() }, s.log); err != nil {
		t.Fatal(err)
	}
	return s
}

func ourFolder(t *testing.T) string {
	return lessonFolder(t, "Our Course 2", map[string]string{
		"01-the-first.yaml":  lessonText("The first", "Do *it*."),
		"02-the-second.yaml": lessonText("The second", "Do that."),
		"course.yaml":        "title: Our course\nsummary: Two lessons.\n",
	})
}

func TestAFolderIsAWorkshopWithAPage(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	text := body(t, answer(s, "GET", "/workshops/our-course-2"))
	for _, want := range []string{"<h1>Our course</h1>", "Two lessons.", "2 lessons", "The second", "Do <em>it</em>.", `href="/?workshop=our-course-2&amp;lesson=the-first"`, `href="/workshops/our-course-2/offline.html"`} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q in the course's page", want)
		}
	}
	list := body(t, answer(s, "GET", "/workshops"))
	for _, want := range []string{"8 workshops here", `href="/workshops/our-course-2"`, `href="/workshops/from-keys-to-roles"`} {
		if !strings.Contains(list, want) {
			t.Errorf("got no %q in the list", want)
		}
	}
	if r := answer(s, "GET", "/workshops/nothing"); r.StatusCode != 404 {
		t.Errorf("got %d for a workshop that isn't there, want 404", r.StatusCode)
	}
}

func TestAFolderThatIsNoWorkshopSaysAllThatIsWrongWithIt(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"nothing in it", nil, []string{"DIR: there is no lesson in the folder"}},
		{"a file that can't be read", map[string]string{"01-a.yaml": "title: [\n"}, []string{"DIR/01-a.yaml:2:1: "}},
		{"a field that no scenario has", map[string]string{"01-a.yaml": lessonText("A", "x") + "colour: red\n"}, []string{"DIR/01-a.yaml:7:1: /colour: there is no field colour here"}},
		{"a name that the playground has", map[string]string{"01-the-missing-subject.yaml": lessonText("A", "x")}, []string{"DIR/01-the-missing-subject.yaml:1:1: the playground has a lesson that is called the-missing-subject already; rename the file, for example to our-01-the-missing-subject.yaml"}},
		{"the name of an example", map[string]string{"github-actions-deploys-from-main.yaml": lessonText("A", "x")}, []string{"DIR/github-actions-deploys-from-main.yaml:1:1: the playground has an example"}},
		{"several problems", map[string]string{"01-a.yaml": "title: x\n", "02-b.yaml": lessonText("B", "x"), "03-c.yaml": "title: [\n"}, []string{"DIR/01-a.yaml:1:1: the scenario has no lesson", "DIR/03-c.yaml:2:1: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := lessonFolder(t, "ours", tt.files)
			var out bytes.Buffer
			p := program{out: io.Discard, err: &out, clock: testClock}
			code := p.run(t.Context(), []string{"serve", "-addr", "127.0.0.1:0", "-workshop", dir})
			said := out.String()
			lines := strings.Split(strings.TrimSuffix(said, "\n"), "\n")
			if code != exitUsage || len(lines) != len(tt.want) {
				t.Fatalf("got %d and %q, want %d and %d lines", code, said, exitUsage, len(tt.want))
			}
			for i, want := range tt.want {
				if want := strings.Replace(want, "DIR", dir, 1); !strings.HasPrefix(lines[i], want) {
					t.Errorf("got %q, want %q", lines[i], want)
				}
			}
		})
	}
}

func TestFoldersThatCannotBeAnAddressAreRefused(t *testing.T) {
	good := map[string]string{"01-a.yaml": lessonText("A", "x")}
	here := lessonFolder(t, "ours", good)
	tests := []struct {
		name string
		dirs []string
		want string
	}{
		{"one that isn't there", []string{filepath.Join(here, "nothing")}, "/nothing: no such file or directory"},
		{"a file", []string{filepath.Join(here, "01-a.yaml")}, "/01-a.yaml: not a directory"},
		{"the name of a course", []string{lessonFolder(t, "from-keys-to-roles", good)}, "that is of a course of the playground’s own; rename the folder"},
		{"the name for addresses", []string{lessonFolder(t, "of", good)}, "rename the folder"},
		{"no letter", []string{lessonFolder(t, "…", good)}, "has no letter or digit; rename it"},
		{"one name twice", []string{here, lessonFolder(t, "Ours", good)}, "that is of " + here + "; rename the folder"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newWorkshops(config{workshops: tt.dirs}, examples.All(), examples.Lessons(), testClock, slog.New(slog.DiscardHandler))
			var wrong folderError
			if !errors.As(err, &wrong) || len(wrong) != 1 || !strings.HasSuffix(wrong[0], tt.want) {
				t.Errorf("got %v, want one line that ends with %q", err, tt.want)
			}
		})
	}
}

func TestWhatCheckWouldSayIsLoggedAtTheStart(t *testing.T) {
	dir := lessonFolder(t, "ours", map[string]string{"01-a.yaml": strings.Replace(lessonText("A", "x"), "value: {outcome: success}", "value: {outcome: failure}", 1)})
	var said bytes.Buffer
	if _, err := newWorkshops(config{workshops: []string{dir}}, nil, nil, testClock, newLog(&said, "text")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), dir+"/01-a.yaml:") || !strings.Contains(said.String(), "isn't as expected after the solution") {
		t.Errorf("got %q, want what check says of the solution", said.String())
	}
}

// While the server runs, the folder is looked at once in a second. A broken
// edit keeps the last good state, and says what is wrong.
func TestEditsOfAFolderAreTaken(t *testing.T) {
	dir := ourFolder(t)
	s := siteWith(t, dir)
	now := testNow
	s.clock = func() time.Time { return now }
	see := func() string {
		now = now.Add(lookAgain)
		return body(t, answer(s, "GET", "/workshops/our-course-2"))
	}
	see()
	before := bundlePath(t, s, "our-course-2")

	put(t, dir, "01-the-first.yaml", lessonText("The very first", "Do it."))
	now = now.Add(lookAgain / 2)
	if text := body(t, answer(s, "GET", "/workshops/our-course-2")); strings.Contains(text, "The very first") {
		t.Error("got the edit half a second later, want the folder looked at once in a second")
	}
	if text := see(); !strings.Contains(text, "The very first") {
		t.Error("got no edit a second later")
	}
	after := bundlePath(t, s, "our-course-2")
	if before == after {
		t.Errorf("got the lessons under %s before and after the edit, want another name", before)
	}
	for path, title := range map[string]string{before: `"The first"`, after: `"The very first"`} {
		if text := body(t, answer(s, "GET", path)); !strings.Contains(text, title) {
			t.Errorf("%s: got no lesson %s: a page that was opened before the edit asks for what it was told", path, title)
		}
	}

	put(t, dir, "02-the-second.yaml", "title: [\n")
	text := see()
	if !strings.Contains(text, "The second") || !strings.Contains(text, "02-the-second.yaml:2:1: ") || strings.Contains(text, dir) {
		t.Errorf("got %q, want the last good lessons and what is wrong, without where the folder is", text)
	}
	if r := answer(s, "GET", "/?workshop=our-course-2&lesson=the-second"); r.StatusCode != 200 {
		t.Errorf("got %d for a lesson whose file is broken now, want it as it was", r.StatusCode)
	}
	put(t, dir, "02-the-second.yaml", lessonText("The second again", "Do that."))
	if text := see(); strings.Contains(text, "has changed, and can’t be read") || !strings.Contains(text, "The second again") {
		t.Error("got no second lesson after it was mended")
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if text := see(); !strings.Contains(text, "The second again") || !strings.Contains(text, "the folder: no such file or directory") {
		t.Error("got no workshop after its folder went, want it as it was")
	}
}

var connectSource = regexp.MustCompile(`http://example\.com(/workshops/[a-z0-9-]+/lessons\.[0-9a-f]{10}\.json)`)

// bundlePath is what the policy of a workshop's playground lets it fetch.
func bundlePath(t *testing.T, s *site, slug string) string {
	t.Helper()
	found := connectSource.FindStringSubmatch(answer(s, "GET", "/?workshop="+url.QueryEscape(slug)).Header.Get("Content-Security-Policy"))
	if found == nil {
		t.Fatal("got no lessons in the policy of the workshop's playground")
	}
	return found[1]
}

func TestAWorkshopsPlaygroundHasItsLessonsOnly(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	text := body(t, answer(s, "GET", "/?workshop=our-course-2&lesson=the-second"))
	path := bundlePath(t, s, "our-course-2")
	for _, want := range []string{`data-workshop="our-course-2"`, `data-lessons="` + path + `"`, `data-scenario="the-second"`, `href="./?workshop=our-course-2&amp;lesson=the-first"`, `href="/workshops/our-course-2"`} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q in the playground", want)
		}
	}
	if strings.Contains(text, "the-missing-subject") && strings.Contains(text, `data-take="the-missing-subject"`) {
		t.Error("got a lesson of another course in the menu")
	}
	for target, want := range map[string]int{
		"/?workshop=our-course-2":                                                         200,
		"/?workshop=our-course-2&scenario=" + s.gallery[1].Slug:                           200,
		"/?workshop=our-course-2&scenario=nothing":                                        404,
		"/?workshop=our-course-2&lesson=the-missing-subject":                              404,
		"/?workshop=nothing":                                                              404,
		"/?workshop=" + url.QueryEscape("of?lesson=the-missing-subject&lesson=the-first"): 200,
		"/?workshop=" + url.QueryEscape("of?lesson=nothing"):                              404,
		"/?workshop=" + url.QueryEscape("of?%zz"):                                         400,
	} {
		if r := answer(s, "GET", target); r.StatusCode != want {
			t.Errorf("%s: got %d, want %d", target, r.StatusCode, want)
		}
	}
}

func TestAWorkshopsLessonsAreImmutableAndCompressed(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	path := bundlePath(t, s, "our-course-2")
	var sizes []int
	for _, coding := range []string{"", "gzip", "br"} {
		r := answer(s, "GET", path, "Accept-Encoding", coding)
		text := body(t, r)
		sizes = append(sizes, len(text))
		if r.Header.Get("Content-Encoding") != coding || r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: got %v", coding, r.Header)
		}
		if again := answer(s, "GET", path, "Accept-Encoding", coding, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != 304 {
			t.Errorf("%q: got %d for what the visitor has, want 304", coding, again.StatusCode)
		}
		if coding == "br" {
			plain, err := io.ReadAll(brotli.NewReader(strings.NewReader(text)))
			var courses []struct {
				Slug, Title string
				Lessons     []struct {
					Slug, Title string
					Scenario    map[string]any
				}
			}
			if err != nil || json.Unmarshal(plain, &courses) != nil || len(courses) != 1 || courses[0].Lessons[1].Slug != "the-second" || courses[0].Lessons[1].Scenario["title"] != "The second" {
				t.Errorf("got %s, %v, want the course", plain, err)
			}
		}
	}
	if sizes[1] >= sizes[0] || sizes[2] >= sizes[0] {
		t.Errorf("got sizes %v, want compressed ones below", sizes)
	}
	if r := answer(s, "GET", "/workshops/our-course-2/lessons.0000000000.json"); r.StatusCode != 404 {
		t.Errorf("got %d for lessons that never were, want 404", r.StatusCode)
	}
}

func TestARoomsCodeLeadsIn(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	code := s.workshops.find("our-course-2").code
	if again := siteWith(t, ourFolder(t)).workshops.find("our-course-2").code; again != code {
		t.Errorf("got %s, and %s after another start; want one code for ever", code, again)
	}
	if !regexp.MustCompile(`^[` + symbols + `]{4}$`).MatchString(code) {
		t.Errorf("got the code %q, want four unambiguous characters", code)
	}
	const in = "/?workshop=our-course-2&lesson=the-first"
	for target, want := range map[string]string{
		"/w/" + code:                                  in,
		"/w/" + strings.ToLower(code):                 in,
		"/w?code=" + code:                             in,
		"/w?code=+" + code[:2] + "-" + code[2:] + "+": in,
		"/w":                           "/workshops",
		"/workshops/our-course-2/play": in,
	} {
		r := answer(s, "GET", target)
		if got := r.Header.Get("Location"); r.StatusCode != 302 || got != want {
			t.Errorf("%s: got %d to %q, want %q", target, r.StatusCode, got, want)
		}
	}
	r := answer(s, "GET", "/w/%3Cb%3Eno")
	if text := body(t, r); r.StatusCode != 404 || strings.Contains(text, "<B>") || !strings.Contains(text, "There is no room with the code") {
		t.Errorf("got %d, want the form again and what was typed as text", r.StatusCode)
	}
	if policy := answer(s, "GET", "/workshops").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self'") || strings.Contains(policy, "form-action 'none'") {
		t.Errorf("got the policy %q, want forms that lead to this site", policy)
	}
}

// Two names may well have one code: the second then has its next.
func TestNoTwoRoomsHaveOneCode(t *testing.T) {
	s := testSite(t)
	seen := map[string]string{}
	for i := range 2000 {
		name := fmt.Sprint("of?lesson=a&title=", i)
		code := s.workshops.passingRoom(name)
		if other := seen[code]; other != "" && s.workshops.inRoom(code) == other {
			t.Fatalf("%s and %s have the code %s", name, other, code)
		}
		seen[code] = name
		if again := s.workshops.passingRoom(name); again != code {
			t.Fatalf("%s: got the code %s, and then %s", name, code, again)
		}
	}
	for code, name := range s.workshops.names {
		if got := s.workshops.inRoom(code); got != name {
			t.Errorf("%s: got %s, want %s, which no other takes its code from", code, got, name)
		}
	}
}

// readOnly is a store that is read only.
type readOnly func(id string) (store.Scenario, error)

func (s readOnly) Get(_ context.Context, id string) (store.Scenario, error) { return s(id) }

func (readOnly) Put(context.Context, store.Scenario, store.KeyHash) error {
	return store.ErrUnavailable
}
func (readOnly) Delete(context.Context, string, string) error { return store.ErrUnavailable }
func (readOnly) Sweep(context.Context) (int, error)           { return 0, nil }
func (readOnly) Ready(context.Context) error                  { return nil }
func (readOnly) Close() error                                 { return nil }

func TestAnAddressPutsAWorkshopTogether(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	s.keep(readOnly(func(id string) (store.Scenario, error) {
		switch id {
		case "aaaa":
			return store.Scenario{Expires: testNow.Add(time.Hour), JSON: `{"title": "<b>Kept</b>", "lesson": {"task": "<script>alert(1)</script> [x](javascript:alert(1))"}}`}, nil
		case "bbbb":
			return store.Scenario{Expires: testNow.Add(time.Hour), JSON: `{"title": "No lesson"}`}, nil
		case "cccc":
			return store.Scenario{}, store.ErrUnavailable
		}
		return store.Scenario{}, store.ErrNotFound
	}))
	tests := []struct {
		name, query string
		status      int
		want        string // in the page, or where it leads
	}{
		{"lessons in the address's order", "lesson=the-second&lesson=the-missing-subject&title=Tuesday", 200, "<h1>Tuesday</h1>"},
		{"no title", "lesson=the-second", 200, "<h1>A workshop of 1 lesson</h1>"},
		{"a title of markup", "lesson=the-second&title=%3Cimg+src%3Dx%3E", 200, "<h1>&lt;img src=x&gt;</h1>"},
		{"a stored lesson", "lesson=s%2Faaaa", 200, "&lt;b&gt;Kept&lt;/b&gt;"},
		{"another form of the same", "title=T&lesson=&lesson=the-second&more=1", 302, "/workshops/of?lesson=the-second&title=T"},
		{"a short link's whole address", "lesson=https%3A%2F%2Fsts.example%2Fs%2Faaaa", 302, "/workshops/of?lesson=s%2Faaaa"},
		{"no lesson", "title=T", 400, "It names no lesson."},
		{"a lesson that isn't here", "lesson=%3Cb%3E", 404, "the lesson &lt;b&gt;, which isn"},
		{"one lesson twice", "lesson=the-second&lesson=the-second", 400, "the-second twice"},
		{"too long a title", "lesson=the-second&title=" + strings.Repeat("x", 81), 400, "more than 80 letters"},
		{"a title that is no text", "lesson=the-second&title=%FF", 400, "isn’t text"},
		{"a title with a control character", "lesson=the-second&title=a%1Bb", 400, "isn’t text"},
		{"too long an address", "lesson=the-second&more=" + strings.Repeat("x", 5000), 400, "longer than 4096 bytes"},
		{"too many lessons", manyLessons(s, 21), 400, "more than 20 lessons"},
		{"a stored scenario without a lesson", "lesson=s%2Fbbbb", 400, "has no lesson in it"},
		{"a stored lesson that is gone", "lesson=s%2Fdddd", 404, "has expired or was deleted"},
		{"a store that is away", "lesson=s%2Fcccc", 503, "Trying again later"},
		{"a query that is none", "lesson=%zz", 400, "isn’t one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(s, "GET", "/workshops/of?"+tt.query)
			got := body(t, r)
			if r.StatusCode == 302 {
				got = r.Header.Get("Location")
			}
			if r.StatusCode != tt.status || !strings.Contains(got, tt.want) {
				t.Errorf("got %d and %q, want %d and %q", r.StatusCode, got, tt.status, tt.want)
			}
			for _, never := range []string{"<script>alert", `href="javascript`, "<b>Kept", "<img"} {
				if strings.Contains(got, never) {
					t.Errorf("got %q in the page", never)
				}
			}
		})
	}
}

func manyLessons(s *site, n int) string {
	query := url.Values{}
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			if len(query["lesson"]) < n {
				query.Add("lesson", l.Slug)
			}
		}
	}
	return query.Encode()
}

// What is stored may be deleted: a workshop has it no longer than the store.
func TestAComposedWorkshopKeepsNothingOfWhatIsDeleted(t *testing.T) {
	s := testSite(t)
	there, now := true, testNow
	s.clock = func() time.Time { return now }
	s.keep(readOnly(func(string) (store.Scenario, error) {
		if !there {
			return store.Scenario{}, store.ErrNotFound
		}
		return store.Scenario{Expires: testNow.Add(time.Hour), JSON: `{"title": "Kept", "lesson": {"task": "x"}}`}, nil
	}))
	name := "of?lesson=s%2Faaaa"
	text := body(t, answer(s, "GET", "/?workshop="+url.QueryEscape(name)))
	path := regexp.MustCompile(`/workshops/of/lessons\.[0-9a-f]{10}\.json\?lesson=s%2Faaaa`).FindString(text)
	if r := answer(s, "GET", path); path == "" || r.StatusCode != 200 || !strings.Contains(body(t, r), "Kept") {
		t.Fatalf("got no lessons at %q", path)
	}
	there, now = false, now.Add(freshFor)
	for _, target := range []string{path, "/workshops/" + name, "/?workshop=" + url.QueryEscape(name)} {
		if r := answer(s, "GET", target); r.StatusCode != 404 {
			t.Errorf("%s: got %d after the scenario was deleted, want 404", target, r.StatusCode)
		}
	}
}

func TestWhatPeopleTypeReachesTheServer(t *testing.T) {
	tests := []struct {
		name, addr, origin, host, from string
		tls                            bool
		want                           string // what the addresses begin with, parted by spaces; NETWORK: those of the machine's networks
	}{
		{name: "the address that the page was asked for", addr: "0.0.0.0:8080", host: "192.168.1.20:8080", from: "192.168.1.33:5", want: "http://192.168.1.20:8080/w/"},
		{name: "a name", addr: "127.0.0.1:8080", host: "sts.example.org", from: "127.0.0.1:5", want: "http://sts.example.org/w/"},
		{name: "with TLS", addr: ":8443", host: "sts.example.org:8443", from: "10.0.0.1:5", tls: true, want: "https://sts.example.org:8443/w/"},
		{name: "the origin, whatever the request says", addr: ":8080", origin: "https://sts.example.com", host: "localhost:8080", from: "127.0.0.1:5", want: "https://sts.example.com/w/"},
		{name: "on the machine itself, listening everywhere", addr: "0.0.0.0:8080", host: "localhost:8080", from: "127.0.0.1:5", want: "NETWORK"},
		{name: "on the machine itself, by address", addr: "[::]:8080", host: "[::1]:8080", from: "[::1]:5", want: "NETWORK"},
		{name: "on the machine itself, listening there only", addr: "127.0.0.1:8080", host: "localhost:8080", from: "127.0.0.1:5"},
		{name: "from elsewhere, with a made-up host", addr: ":8080", host: "localhost:8080", from: "203.0.113.7:5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSite(t)
			s.addr, s.origin = tt.addr, tt.origin
			r := httptest.NewRequest("GET", "/workshops/from-keys-to-roles", nil)
			r.Host, r.RemoteAddr, r.TLS = tt.host, tt.from, nil
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			var want []string
			switch tt.want {
			case "":
			case "NETWORK":
				for _, address := range networkAddresses() {
					host := address.String()
					if address.Is6() {
						host = "[" + host + "]"
					}
					want = append(want, "http://"+host+":8080/w/")
				}
			default:
				want = []string{tt.want}
			}
			j := s.join(r, "CODE")
			if len(j.Addresses) != len(want) || (j.QR.Size > 0) != (len(want) > 0) {
				t.Fatalf("got %q, want %q", j.Addresses, want)
			}
			if near := len(want) > 0 && strings.HasPrefix(want[0], "http://192.168."); tt.want != "NETWORK" && j.Near != near {
				t.Errorf("got that only the same network reaches it: %v, want %v", j.Near, near)
			}
			for i := range want {
				if j.Addresses[i] != want[i]+"CODE" {
					t.Errorf("got %q, want %q", j.Addresses[i], want[i]+"CODE")
				}
			}
			w := httptest.NewRecorder()
			s.handler().ServeHTTP(w, r)
			if alone := strings.Contains(w.Body.String(), "answers this machine only"); alone != (len(want) == 0) {
				t.Errorf("got that only this machine is answered: %v", alone)
			}
		})
	}
}

func TestTheStartSaysHowPeopleJoin(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	code := s.workshops.find("our-course-2").code
	for name, test := range map[string]struct {
		origin, address, want string
	}{
		"an address of its own": {"", "192.168.1.20:8080", "workshop Our course: http://192.168.1.20:8080/w/" + code + " joins, http://192.168.1.20:8080/workshops/our-course-2 is its page"},
		"an origin":             {"https://sts.example.com", "127.0.0.1:8080", "workshop Our course: https://sts.example.com/w/" + code + " joins, https://sts.example.com/workshops/our-course-2 is its page"},
		"everywhere":            {"", "[::]:8080", ":8080/workshops/our-course-2 is its page"},
	} {
		s.origin = test.origin
		address, err := net.ResolveTCPAddr("tcp", test.address)
		if err != nil {
			t.Fatal(err)
		}
		if lines := s.invitations("http", address); len(lines) != 1 || !strings.HasSuffix(lines[0], test.want) || strings.Contains(lines[0], "[::]") {
			t.Errorf("%s: got %q, want %q", name, lines, test.want)
		}
	}
}

func TestTheProjectorShowsAddressAndCode(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	text := body(t, answer(s, "GET", "/workshops/our-course-2/projector"))
	code := s.workshops.find("our-course-2").code
	for _, want := range []string{"<h1>Our course</h1>", ">" + code + "</p>", `aria-label="QR code that leads to the workshop Our course"`, `href="http://example.com/w/` + code + `"`} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q on the projector", want)
		}
	}
}

func TestAWorkshopIsTakenHomeInOneFile(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	r := answer(s, "GET", "/workshops/our-course-2/offline.html")
	text := body(t, r)
	if r.StatusCode != 200 || r.Header.Get("Content-Disposition") != `attachment; filename="our-course-2.html"` {
		t.Fatalf("got %d, %v", r.StatusCode, r.Header)
	}
	for _, want := range []string{`data-workshop="our-course-2"`, `data-lessons="#data-lessons"`, `id="data-lessons"`, "The first"} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q in the file", want)
		}
	}
	if strings.Contains(text, `href="/workshops`) {
		t.Error("got a link to the server in a page that has none")
	}
	var whole bytes.Buffer
	if err := s.offline(&whole); err != nil {
		t.Fatal(err)
	}
	if whole := whole.String(); !strings.Contains(whole, `data-take="the-missing-subject"`) || !strings.Contains(whole, `data-workshop=""`) {
		t.Error("got no lessons in the playground in one file")
	}
}

// The workshop that the guide walks through can be served, and nothing in it
// is left to be said.
func TestTheSampleWorkshopIsServedWithoutAWord(t *testing.T) {
	var said bytes.Buffer
	w, err := newWorkshops(config{workshops: []string{"../examples/workshop"}}, examples.All(), examples.Lessons(), testClock, newLog(&said, "text"))
	if err != nil || said.Len() > 0 {
		t.Fatalf("got %v and %q", err, said.String())
	}
	if found := w.find("workshop"); found == nil || len(found.course.Lessons) != 3 || found.course.Summary == "" {
		t.Errorf("got %+v, want three lessons and what they are about", found)
	}
}
