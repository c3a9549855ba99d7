package page

import (
	"stsplayground/engine"
	"stsplayground/web/report"
)

// Frame is the document that an iframe of other people's pages holds.
type Frame struct {
	Site     Site
	Scenario string         // what the element is to play: an example's slug or a path; empty where only the address says
	Address  string         // where the whole playground shows it
	Report   *engine.Report // of the scenario; nil where it isn't known
	Call     int            // the call whose verdict is shown until the program has come
}

func (f Frame) title() string {
	if f.Report == nil {
		return siteName
	}
	return siteName + ": " + titled(f.Report.Title)
}

// head is what is shown without a program: how the call ends.
func (f Frame) head() (parts []report.Part) {
	if f.Report == nil {
		return nil
	}
	p := ReportPage{Site: f.Site, Report: *f.Report}
	for _, part := range p.head(f.Call) {
		if part.ID != "advice" {
			parts = append(parts, part)
		}
	}
	return parts
}

// still is how that is drawn.
func (f Frame) still() still {
	return still{home: f.Site.Home}
}

// Builder is the page that makes what is pasted into documentation.
type Builder struct {
	Site     Site
	Meta     Meta
	Examples []Example
	Chosen   string // the slug of the example that it begins with
}

// embedChoice is an option of a select.
type embedChoice struct{ Value, Words string }

var (
	embedViews = []embedChoice{
		{"split", "Texts and result"}, {"trace", "Result: every check"}, {"verdict", "Result: the verdict alone"}, {"editors", "Texts, and the verdict"},
	}
	embedTexts  = []embedChoice{{"token", "Token, response or call"}, {"trust", "Trust policy"}, {"permissions", "Permissions"}, {"scenario", "The whole scenario"}}
	embedThemes = []embedChoice{{"auto", "As the page around it"}, {"light", "Light"}, {"dark", "Dark"}}
	embedLoads  = []embedChoice{{"lazy", "When it is nearly in sight"}, {"click", "On a click"}, {"eager", "With the page"}}
	embedForms  = []embedChoice{
		{"html", "HTML"}, {"iframe", "iframe"}, {"markdown", "Markdown, MDX"}, {"mkdocs", "MkDocs"}, {"docusaurus", "Docusaurus"}, {"hugo", "Hugo"},
	}
)
