package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
	"stsplayground/web/report"
)

// ReportPage is a scenario with its whole report, for reading: nothing in it
// needs a program.
type ReportPage struct {
	Site    Site
	Meta    Meta
	Current string // path of the page that the navigation marks; empty for none
	Title   string
	Summary string // Markdown, as summaries have it; empty for none
	Report  engine.Report
	Text    string          // the scenario as it is written, YAML or JSON
	Trail   []Link          // the pages that this one stands below, the outermost first
	Links   []Link          // what can be done with the scenario; the first is what most came for
	Notice  templ.Component // what is to be known before the report is read; nil for nothing
	More    templ.Component // what there is to go on with; nil for nothing

	lines lineFinder
}

// Link is where one can go.
type Link struct {
	Address string
	Words   string
	About   string // a line about it, Markdown as summaries have it; empty for none
}

// Bounds of a page, so that a large scenario stays readable: beyond them a
// call is a line of the list of calls, and the whole is in the playground.
const (
	unfoldedCalls = 3   // up to so many calls lie open; of more, each is folded below its verdict
	drawnCalls    = 60  // that are drawn with every check
	listedCalls   = 500 // that are named at all
)

// callID is the id of a call's section; i counts from 0.
func callID(i int) string { return "call-" + strconv.Itoa(i+1) }

// lineID is the id of a line of the scenario's text; n counts from 1.
func lineID(n int) string { return "line-" + strconv.Itoa(n) }

// single says whether there is one call, which then is what the page is about.
func (p ReportPage) single() bool { return len(p.Report.Calls) == 1 }

// drawn are the calls that are drawn with every check.
func (p ReportPage) drawn() []engine.CallReport {
	return p.Report.Calls[:min(len(p.Report.Calls), drawnCalls)]
}

// listed are the calls that are named.
func (p ReportPage) listed() []engine.CallReport {
	return p.Report.Calls[:min(len(p.Report.Calls), listedCalls)]
}

// head are the parts of a call that say how it ends and what to change.
func (p ReportPage) head(call int) []report.Part {
	return p.parts(call, func(id string) bool { return slices.Contains(heads, id) })
}

// rest are its other parts.
func (p ReportPage) rest(call int) []report.Part {
	return p.parts(call, func(id string) bool { return !slices.Contains(heads, id) && !slices.Contains(alive, id) })
}

var (
	heads = []string{report.Verdict, "answer", "advice", "nothing"}
	alive = []string{"calls", "gates", "contents", "hallway", "findings"} // the page has its own list of calls and its own findings
)

func (p ReportPage) parts(call int, wanted func(id string) bool) (parts []report.Part) {
	for _, part := range report.Parts(p.Report, call) {
		if wanted(part.ID) {
			parts = append(parts, part)
		}
	}
	return parts
}

// still is how a call's parts are drawn.
func (p ReportPage) still(call int) still {
	s := still{home: p.Site.Home, whole: []string{"findings"}, line: p.lines}
	if !p.single() {
		s.prefix, s.deeper = callID(call)+"-", 1
	}
	return s
}

// quiet is how a part is drawn that of several calls lies folded.
func (p ReportPage) quiet(call int, part report.Part) still {
	s := p.still(call)
	if !p.single() {
		s.folded = part.ID + "-d"
	}
	return s
}

// findings is how what is said about the scenario itself is drawn.
func (p ReportPage) findings() still {
	return still{home: p.Site.Home, line: p.lines}
}

// textLines are the text's lines.
func textLines(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// lineFinder finds the line of a scenario's text, from 1, at which a place of
// the scenario stands; 0 where it isn't known. Within is the line in the string
// at that place, from 1; 0 where the place is no part of a string.
type lineFinder func(path string, within int) int

func linesOf(text string) lineFinder {
	read := source.ParseYAML
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		read = source.ParseJSON
	}
	root, problem := read(text)
	if problem != nil {
		return nil
	}
	return func(path string, within int) int { return lineOf(&root, path, within) }
}

// lineOf follows a JSON Pointer as far as it goes: into a policy that is a
// string of JSON it doesn't, but a literal block has its lines one by one.
func lineOf(n *source.Node, path string, within int) int {
	line := 0
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
		next, at := child(n, name)
		if next == nil {
			break
		}
		n, line = next, at
	}
	if n.Kind == source.String && n.Style == source.Literal && within > 0 {
		return n.Line + within // the block begins below its |
	}
	return line
}

// child is a member or an item of a node, and its line; nil for none.
func child(n *source.Node, name string) (*source.Node, int) {
	switch n.Kind {
	case source.Object:
		for i := range n.Members {
			if n.Members[i].Name == name {
				return &n.Members[i].Value, n.Members[i].Line
			}
		}
	case source.Array:
		if i, err := strconv.Atoi(name); err == nil && 0 <= i && i < len(n.Items) {
			return &n.Items[i], n.Items[i].Line
		}
	}
	return nil, 0
}

// failing is the title of the step that ended a call; empty for none.
func failing(c engine.CallReport) string {
	for i := range c.Steps {
		if c.Steps[i].Status == trace.Failed {
			return c.Steps[i].Title
		}
	}
	return ""
}
