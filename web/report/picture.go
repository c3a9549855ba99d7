package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

// A picture's heights, in pixels. Across, everything stands at a share of the
// width, so that the words keep their size however narrow the page is.
const (
	headHeight    = 40
	messageHeight = 34
	noteHeight    = 15
)

// narrow is the width in which a picture's words have to find room, and letter
// that of one of them; pixels.
const (
	narrow = 330
	letter = 6.3
)

// light is how far a message came.
type light string

const (
	lit   light = "is-lit"
	taken light = "is-lit is-assumed" // came through, on trust
	shut  light = "is-failed"
	dark  light = "is-dark"  // the call never got there
	next  light = "is-next"  // the way is open, and nobody has gone it
	gave  light = "is-error" // the answer that a refused call is given
)

// picture is a call's sequence, ready to draw.
type picture struct {
	Title  string
	Lanes  []drawnLane
	Rows   []row
	Height int
}

type drawnLane struct {
	X     string
	Words [2]string // one below the other; the second can be empty
	Light light
}

// row is one message: text above an arrow, or a dot where it is a check
// within one lane. Note stands below the text.
type row struct {
	Y           int // of the text's baseline
	Line        int // of the arrow
	X, From, To string
	Anchor      string
	Text, Note  string
	Left, Self  bool
	Light       light
	Words       string // the whole, for who doesn't see it
}

// draw puts the sequence of a call where its steps say that it got.
func draw(r engine.Report, call int) picture {
	c := r.Calls[call]
	s := sequenceOf(c)
	lights := s.lights(r, call)
	p := picture{Height: headHeight}
	for _, lane := range s.lanes {
		p.Lanes = append(p.Lanes, drawnLane{X: s.x(lane), Words: twoLines(laneName(lane, c)), Light: dark})
	}
	came, of := 0, 0
	for i, m := range s.messages {
		text := m.words(c)
		if m.later && lights[i] == lit {
			text = "then: " + count(used(r, call), "call") + " signed with them"
		}
		drawn := s.row(m, text, lights[i])
		drawn.Words = laneName(m.from, c) + between(m, c) + text
		if !m.later {
			of++
		}
		switch lights[i] {
		case shut:
			drawn.Note = refusedHere(c)
			drawn.Words += ". Refused here: " + errorCode(c)
		case dark:
			drawn.Words += ". Not reached"
		case taken:
			drawn.Note = "taken on trust"
			drawn.Words += ". Taken on trust"
		case next:
			drawn.Words += ". Nobody has yet"
		}
		if lights[i] == lit || lights[i] == taken || lights[i] == shut {
			if !m.later {
				came++
			}
			p.light(s, m.from, m.to)
		}
		p.add(drawn)
		if lights[i] == shut && c.Error != nil && c.Error.Type != "Playground" {
			p.add(s.refusal(c))
		}
	}
	p.Height += 8
	p.Title = fmt.Sprintf("%s, all %d steps of the way", outcomeWord(c), of)
	if came < of {
		p.Title = fmt.Sprintf("%s at step %d of %d", outcomeWord(c), came, of)
	}
	return p
}

// lights is how far each message came: the first failed step stops the call.
func (s sequence) lights(r engine.Report, call int) []light {
	c := r.Calls[call]
	lights := make([]light, len(s.messages))
	stopped, at := len(s.messages), s.first()
	for i := range lights {
		lights[i] = lit
	}
	for i := range c.Steps {
		if m := s.at(c.Steps[i].Rule); m >= 0 {
			at = m // a rule that no message is named for belongs to the one before it
		}
		switch c.Steps[i].Status {
		case trace.Failed:
			stopped = at
		case trace.Assumed:
			lights[at] = taken
		}
		if stopped < len(s.messages) {
			break // what is wrong besides is no part of what happened
		}
	}
	if c.Outcome != "success" && stopped == len(s.messages) {
		stopped = s.first()
	}
	for i := range lights {
		switch {
		case i == stopped:
			lights[i] = shut
		case i > stopped:
			lights[i] = dark
		case s.messages[i].later && used(r, call) == 0:
			lights[i] = next
		}
	}
	return lights
}

// used is how many later calls are signed with what the call gave.
func used(r engine.Report, call int) (n int) {
	for _, other := range r.Calls[call+1:] {
		if other.Call != nil && r.Calls[call].Name != "" && other.Call.Caller == r.Calls[call].Name {
			n++
		}
	}
	return n
}

// refusal is the way back of a refused call.
func (s sequence) refusal(c engine.CallReport) row {
	m := s.messages[s.answer()]
	text := "an error, HTTP " + strconv.Itoa(c.Error.Status)
	drawn := s.row(m, text, gave)
	drawn.Words = laneName(m.from, c) + between(m, c) + text
	return drawn
}

// row places a message: its text begins, ends or has its middle where it has
// most room.
func (s sequence) row(m message, text string, l light) row {
	from, to := s.share(m.from), s.share(m.to)
	left, right := min(from, to), max(from, to)
	middle := (left + right) / 2
	around := 2 * min(middle, 1-middle)
	drawn := row{From: percent(from), To: percent(to), Left: to < from, Self: m.from == m.to, Light: l}
	room := 0.0
	switch {
	case around >= 1-left && around >= right:
		drawn.Anchor, drawn.X, room = "middle", percent(middle), around
	case 1-left >= right:
		drawn.Anchor, drawn.X, room = "start", percent(left), 1-left
	default:
		drawn.Anchor, drawn.X, room = "end", percent(right), right
	}
	if most := int(room * narrow / letter); len([]rune(text)) > most {
		text = string([]rune(text)[:most-1]) + "…"
	}
	drawn.Text = text
	return drawn
}

// add puts a row below the others.
func (p *picture) add(r row) {
	r.Y = p.Height + 16
	r.Line = r.Y + 9
	p.Height += messageHeight
	if r.Note != "" {
		r.Line += noteHeight
		p.Height += noteHeight
	}
	p.Rows = append(p.Rows, r)
}

// light turns on the lanes that a message reached.
func (p *picture) light(s sequence, lanes ...string) {
	for _, lane := range lanes {
		p.Lanes[slices.Index(s.lanes, lane)].Light = lit
	}
}

// share is where a lane stands, of the picture's width.
func (s sequence) share(lane string) float64 {
	return (float64(slices.Index(s.lanes, lane)) + 0.5) / float64(len(s.lanes))
}

func (s sequence) x(lane string) string { return percent(s.share(lane)) }

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 2, 64) + "%" }

// laneName is a lane's name in a call.
func laneName(lane string, c engine.CallReport) string {
	switch lane {
	case caller:
		return callerName(c)
	case service:
		if of, _, _ := strings.Cut(c.Action, ":"); !strings.EqualFold(of, "sts") && len(of) <= 16 && of != "" {
			return "Service " + of
		}
		return "Any service"
	}
	return lane
}

// callerName is who makes a call, in a word or two.
func callerName(c engine.CallReport) string {
	by := ""
	if c.Call != nil {
		by = c.Call.Caller
	}
	switch {
	case by == "":
		return "Caller"
	case strings.HasPrefix(by, "service/"):
		name, _, _ := strings.Cut(strings.TrimPrefix(by, "service/"), ".")
		return first(name, 16)
	case strings.Contains(by, ":user/"):
		return "IAM user"
	case strings.HasSuffix(by, ":root"):
		return "Root user"
	}
	return "Session"
}

// twoLines parts a name at its last space.
func twoLines(name string) [2]string {
	if at := strings.LastIndexByte(name, ' '); at > 0 {
		return [2]string{name[:at], name[at+1:]}
	}
	return [2]string{name}
}

// words is a message's text in a call.
func (m message) words(c engine.CallReport) string {
	if !strings.Contains(m.text, "{") {
		return m.text
	}
	_, operation, _ := strings.Cut(c.Action, ":")
	if operation == "" {
		operation = c.Action
	}
	return strings.ReplaceAll(strings.ReplaceAll(m.text, "{operation}", operation), "{answer}", answerOf(c))
}

func between(m message, c engine.CallReport) string {
	if m.from == m.to {
		return ": "
	}
	return " to " + laneName(m.to, c) + ": "
}

func refusedHere(c engine.CallReport) string {
	if c.Error != nil && c.Error.Type == "Playground" {
		return "stops here, before AWS is asked"
	}
	return "refused here: " + errorCode(c)
}

func errorCode(c engine.CallReport) string {
	if c.Error == nil {
		return "no error is known"
	}
	return c.Error.Code
}
