package main

import (
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/sync/errgroup"

	"stsplayground/engine"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
	"stsplayground/web/page"
	"stsplayground/web/tools"
)

// routeGallery are the pages about examples and lessons.
func (s *site) routeGallery(mux *http.ServeMux) {
	mux.HandleFunc("GET /gallery", s.costly(s.galleryBy(false)))
	mux.HandleFunc("GET /gallery/symptoms", s.costly(s.galleryBy(true)))
	mux.HandleFunc("GET /examples/{file}", s.costly(s.example))
	mux.HandleFunc("GET /lessons", s.courseList)
	mux.HandleFunc("GET /lessons/{slug}", s.costly(s.lesson))
}

// catalogue is the gallery with what comes of its examples. Playing them all
// takes seconds, so it is done once, when somebody first wants it or serve has
// settled. What is kept of their reports is nothing that the clock changes.
type catalogue struct {
	once     sync.Once
	entries  []page.Entry
	symptoms []page.Symptom // those that examples show, and then the others that are known
}

// settlingTime is how long a server has to itself before the gallery is played.
const settlingTime = 30 * time.Second

func (s *site) catalogued() *catalogue {
	c := s.catalogue
	c.once.Do(func() {
		c.entries = make([]page.Entry, len(s.gallery))
		var playing errgroup.Group
		playing.SetLimit(runtime.GOMAXPROCS(0))
		for i, e := range s.gallery {
			playing.Go(func() error {
				c.entries[i] = page.EntryOf(listed(e), e.Source, s.playWhole(e.Source))
				return nil
			})
		}
		playing.Wait()
		shown, others := page.ReadSymptoms(c.entries)
		c.symptoms = slices.Concat(shown, others)
	})
	return c
}

// playWhole is a scenario's report with AWS's names at hand, at the clock's
// time where it names none: what the page shows once all of it has arrived.
func (s *site) playWhole(text string) engine.Report {
	played, _ := engine.Decode(text, scenario.LimitPage)
	if played.Now.IsZero() {
		played.Now = s.clock().UTC().Truncate(time.Second)
	}
	played.Reference = reference.Embedded()
	return engine.Run(played)
}

// galleryBy is the gallery, by system or by symptom; ?q= looks for something in it.
func (s *site) galleryBy(symptom bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := s.galleryPage(s.served(), s.meta(r, "Gallery", galleryAbout), symptom)
		if c.Query = strings.TrimSpace(r.URL.Query().Get("q")); c.Query != "" {
			c.Query = c.Query[:min(len(c.Query), page.LongestQuery)]
			c.Meta.Address, c.Meta.Unlisted = "", true
		}
		s.document(w, r, http.StatusOK, searchPolicy, page.Gallery(c))
	}
}

const galleryAbout = "Scenarios of federation into AWS with their answers, by system and by error message: GitHub Actions, GitLab, Okta, Entra ID, EKS, Cognito, SAML and more."

func (s *site) galleryPage(at page.Site, m page.Meta, symptom bool) page.Catalogue {
	known := s.catalogued()
	if symptom {
		m.Title, m.Description = "Error messages", "What AWS's federation errors mean, what causes them in order of likelihood, and scenarios that show each."
	}
	return page.Catalogue{Site: at, Meta: m, Entries: known.entries, Symptoms: known.symptoms, BySymptom: symptom}
}

// searchPolicy is that of pages whose forms are sent to the site itself. Their
// only script is that of the theme.
var searchPolicy = strings.Replace(policy("script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"), "form-action 'none'", "form-action 'self'", 1)

// listed is an example as pages list it.
func listed(e examples.Example) page.Example {
	return page.Example{Slug: e.Slug, Title: e.Title, Group: e.Group, Summary: e.Summary}
}

// example is an example's page, or with .yaml its file as it is written, and
// with .png its picture.
func (s *site) example(w http.ResponseWriter, r *http.Request) {
	slug, kind, _ := strings.Cut(r.PathValue("file"), ".")
	if kind == "yaml" {
		forAll(w.Header()) // also where there is none: an embed tells its reader
	}
	e, found := s.choose(slug)
	if slug == "" || !found {
		s.notFound(w, r)
		return
	}
	switch kind {
	case "":
		s.remembered(w, r, func() templ.Component {
			m := s.meta(r, e.Title, plainText(e.Summary))
			s.addPreview(r, &m, "/examples/"+slug)
			return page.Reported(s.told(s.served(), m, e))
		})
	case "yaml":
		s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte(e.Source))
	case "png":
		s.picture(w, r, "examples/"+slug, e.Title, e.Source)
	default:
		s.notFound(w, r)
	}
}

// told is an example's page, or a lesson's scenario.
func (s *site) told(at page.Site, m page.Meta, e examples.Example) page.ReportPage {
	p := page.ReportPage{
		Site: at, Meta: m, Current: "gallery", Title: e.Title, Summary: e.Summary,
		Report: s.playWhole(e.Source), Text: e.Source,
	}
	l, course, isLesson := s.findLesson(e.Slug)
	switch {
	case isLesson:
		p.Current = "lessons"
		p.Trail = []page.Link{{Address: at.To("lessons"), Words: "Lessons"}, {Address: at.To("lessons#course-" + course.Slug), Words: course.Title}, {Address: at.To("lessons/" + l.Slug), Words: l.Title}}
		p.Links = append(p.Links, page.Link{Address: at.To("?lesson=" + e.Slug), Words: "Do this lesson"})
	default:
		p.Trail = []page.Link{{Address: at.To("gallery"), Words: "Gallery"}, {Address: at.To("gallery#" + page.Anchor(e.Group)), Words: e.Group}}
		p.Links = append(p.Links, page.Link{Address: at.To("?scenario=" + e.Slug), Words: "Open in the playground"})
		p.More = page.GoOn(at, s.nextOf(e), s.lessonsOn(e))
	}
	p.Links = append(p.Links, page.Link{Address: at.To("examples/" + e.Slug + ".yaml"), Words: "The file"})
	if at.Served && !isLesson {
		p.Links = append(p.Links, page.Link{Address: at.To("embeds?scenario=" + url.QueryEscape(e.Slug)), Words: "Embed it"})
	}
	return p
}

// nextOf are the examples of the same group that follow an example, and then
// those before it.
func (s *site) nextOf(e examples.Example) (next []page.Example) {
	var group []examples.Example
	for _, other := range s.gallery {
		if other.Group == e.Group {
			group = append(group, other)
		}
	}
	at := slices.IndexFunc(group, func(other examples.Example) bool { return other.Slug == e.Slug })
	for i := 1; i < len(group) && i <= furtherExamples; i++ {
		next = append(next, listed(group[(at+i)%len(group)]))
	}
	return next
}

const (
	furtherExamples = 4
	furtherLessons  = 3
)

// lessonsOn are the lessons on the subject of an example: those that show the
// most of what it shows, where a row of the feature list that few show counts
// for more.
func (s *site) lessonsOn(e examples.Example) (lessons []page.Example) {
	shown := map[string]float64{} // by how many
	for _, other := range s.scenarios() {
		for _, row := range other.Covers {
			shown[row]++
		}
	}
	weight := map[string]float64{}
	var all []examples.Lesson
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			for _, row := range l.Covers {
				if slices.Contains(e.Covers, row) {
					weight[l.Slug] += 1 / shown[row]
				}
			}
			if weight[l.Slug] > 0 {
				all = append(all, l)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b examples.Lesson) int {
		if weight[a.Slug] == weight[b.Slug] {
			return 0
		} else if weight[a.Slug] > weight[b.Slug] {
			return -1
		}
		return 1
	})
	for _, l := range all[:min(len(all), furtherLessons)] {
		lessons = append(lessons, listed(l.Example))
	}
	return lessons
}

// courseList is the overview of the lessons.
func (s *site) courseList(w http.ResponseWriter, r *http.Request) {
	s.html(w, r, http.StatusOK, page.Courses(page.CoursesPage{Site: s.served(), Meta: s.meta(r, "Lessons", lessonsAbout), Courses: s.courses()}))
}

const lessonsAbout = "A course on federation into AWS: OIDC and SAML from the inside, trust policies, permissions, and how to find out why STS refuses. Each lesson is done in the browser."

// lesson is a lesson for reading.
func (s *site) lesson(w http.ResponseWriter, r *http.Request) {
	l, course, found := s.findLesson(r.PathValue("slug"))
	if !found {
		s.notFound(w, r)
		return
	}
	s.remembered(w, r, func() templ.Component {
		m := s.meta(r, l.Title, plainText(l.Summary))
		s.addPreview(r, &m, "/examples/"+l.Slug)
		return page.LessonToRead(s.lessonPage(s.served(), m, l, course))
	})
}

func (s *site) lessonPage(at page.Site, m page.Meta, l examples.Lesson, course examples.Course) page.LessonPage {
	p := page.LessonPage{
		Site: at, Meta: m, Title: l.Title, Summary: l.Summary, Number: l.Number, Of: len(course.Lessons),
		Course: page.Course{Slug: course.Slug, Title: course.Title},
		Report: s.playWhole(l.Source), Scenario: l.Source, Slug: l.Slug,
	}
	if said := tools.ReadLesson(l.Source); said != nil {
		p.Lesson = *said
	}
	if l.Number > 1 {
		p.Before = listed(course.Lessons[l.Number-2].Example)
	}
	if l.Number < len(course.Lessons) {
		p.After = listed(course.Lessons[l.Number].Example)
	}
	return p
}

func (s *site) findLesson(slug string) (examples.Lesson, examples.Course, bool) {
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			if l.Slug == slug {
				return l, c, true
			}
		}
	}
	return examples.Lesson{}, examples.Course{}, false
}

// plainText is a summary without its Markdown.
func plainText(summary string) string { return strings.NewReplacer("`", "", "*", "").Replace(summary) }
