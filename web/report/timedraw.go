package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// A line's heights, in pixels.
const (
	nowHeight  = 20
	barHeight  = 12
	tickHeight = 15
)

// svg draws the line. The facts above it say what follows from it.
func (t *timeline) svg() templ.Component {
	spans, height := t.spans()
	s := &markup{}
	s.begin("timeline", "Line of time", t.description(), height)
	for _, bar := range spans {
		bar.draw(s)
	}
	if !t.Made.Equal(t.Now) {
		s.line("made", t.x(t.Made), t.x(t.Made), nowHeight, height)
	}
	s.line("now", t.x(t.Now), t.x(t.Now), nowHeight-4, height)
	s.words("now", t.x(t.Now), t.nowAnchor(), 12, t.nowWords())
	for _, bar := range spans {
		s.text("text", bar.Name, "class", "name", "x", "0", "y", strconv.Itoa(bar.Y))
		for _, l := range bar.Labels {
			s.words("tick", l.X, l.Anchor, l.Y, l.Text)
		}
	}
	s.close("svg")
	return s.component()
}

// draw draws the bar; an arrow at either end says that it goes on.
func (b span) draw(s *markup) {
	rect := func(class, x, width string, y, height int) {
		s.empty("rect", "class", class, "x", x, "width", width, "y", strconv.Itoa(y), "height", strconv.Itoa(height))
	}
	s.open("g", "class", "bar "+b.Look)
	rect("track", "0", "100%", b.Y+11, 2)
	rect("held", b.X, b.Width, b.Y+6, barHeight)
	if b.GraceWidth != "" {
		rect("grace", b.GraceX, b.GraceWidth, b.Y+6, barHeight)
	}
	if b.Over {
		s.at("100%", b.Y+12, func() { s.empty("path", "d", "M-2 0 -9 -4 -9 4z") })
	}
	if b.Before {
		s.at("0", b.Y+12, func() { s.empty("path", "d", "M2 0 9 -4 9 4z") })
	}
	s.close("g")
}

// span is a bar where it is drawn.
type span struct {
	Name         string
	Y            int    // of the name's baseline
	X, Width     string // of what holds
	GraceX       string // of what AWS allows beyond
	GraceWidth   string
	Before, Over bool // it goes on beyond the line's ends
	Labels       []label
	Look         string
}

// label is a tick's name and moment below its bar.
type label struct {
	X, Anchor, Text string
	Y               int
}

// spans places the bars one below the other, and gives the height of all.
func (t *timeline) spans() (spans []span, height int) {
	height = nowHeight
	for _, b := range t.Bars {
		from, to := b.From, b.To
		if to.IsZero() {
			to = from
		}
		if from.IsZero() {
			from = t.Begin
		}
		s := span{
			Name: b.Name, Y: height + 13, X: t.x(from), Width: t.width(from, to),
			Before: from.Before(t.Begin), Over: to.After(t.End), Look: "is-held",
		}
		if b.Session {
			s.Look = "is-session"
		}
		if !b.Grace.IsZero() {
			s.GraceX, s.GraceWidth = t.x(to), t.width(to, b.Grace)
		}
		lines := 0
		s.Labels, lines = t.labels(b, s.Y+6+barHeight+13)
		height = s.Y + 6 + barHeight + lines*tickHeight + 8
		spans = append(spans, s)
	}
	return spans, height
}

// labels puts each tick's words below it, in the first line that has room for
// them.
func (t *timeline) labels(b bar, y int) (labels []label, lines int) {
	type extent struct{ from, to float64 }
	var taken [][]extent
	for _, m := range b.Marks {
		share := t.share(m.At)
		l := label{X: percent(share), Anchor: "start", Text: m.Name + " " + t.clock(m.At)}
		width := float64(len(l.Text)) * letter / narrow
		e := extent{share, share + width}
		switch {
		case share+width > 1 && share > 0.5:
			l.Anchor, e = "end", extent{share - width, share}
		case share+width > 1:
			l.Anchor, e = "middle", extent{share - width/2, share + width/2}
		}
		if share > 1 || share < 0 {
			l.X = percent(min(1, max(0, share)))
		}
		line := slices.IndexFunc(taken, func(line []extent) bool {
			return !slices.ContainsFunc(line, func(o extent) bool { return e.from < o.to+0.02 && o.from < e.to+0.02 })
		})
		if line < 0 {
			line, taken = len(taken), append(taken, nil)
		}
		taken[line] = append(taken[line], e)
		l.Y = y + line*tickHeight
		labels = append(labels, l)
	}
	return labels, len(taken)
}

// share is where a moment stands on the line: 0 at its beginning, 1 at its
// end; kept in between.
func (t *timeline) share(at time.Time) float64 {
	share := float64(at.Sub(t.Begin)) / float64(t.End.Sub(t.Begin))
	return min(1, max(0, share))
}

func (t *timeline) x(at time.Time) string { return percent(t.share(at)) }

func (t *timeline) width(from, to time.Time) string {
	return percent(max(0, t.share(to)-t.share(from)))
}

// nowAnchor is which side of now its words stand.
func (t *timeline) nowAnchor() string {
	switch share := t.share(t.Now); {
	case share < 0.3:
		return "start"
	case share > 0.7:
		return "end"
	}
	return "middle"
}

// nowWords are the moment's, and where it is beyond the line's ends.
func (t *timeline) nowWords() string {
	words := "now " + t.clock(t.Now)
	switch {
	case t.Now.After(t.End):
		return words + " →"
	case t.Now.Before(t.Begin):
		return "← " + words
	}
	return words
}

// description is what the line shows, for who doesn't see it.
func (t *timeline) description() string {
	var b strings.Builder
	b.WriteString("Now is " + t.clock(t.Now) + " UTC.")
	for _, bar := range t.Bars {
		b.WriteString(" " + bar.Name)
		for i, m := range bar.Marks {
			b.WriteString([]string{": ", ", "}[min(i, 1)] + m.Name + " " + t.clock(m.At))
		}
		b.WriteString(".")
	}
	return b.String()
}

// slide is what the slider over the line offers, in seconds of delay.
type slide struct{ Min, Max, Step, Value int64 }

// slider is the line as a range of delays; false where no delay leads there.
func (t *timeline) slider() (slide, bool) {
	if t.Begin.Sub(t.Made).Abs() > farthest || t.End.Sub(t.Made).Abs() > farthest {
		return slide{}, false
	}
	length := t.End.Sub(t.Begin).Seconds()
	s := slide{Step: stride(length / 400), Value: int64(t.Now.Sub(t.Made) / time.Second)}
	s.Min = int64(math.Floor(t.Begin.Sub(t.Made).Seconds()))
	s.Max = int64(math.Ceil(t.End.Sub(t.Made).Seconds()))
	return s, true
}

// stride is the smallest handy step of at least so many seconds.
func stride(seconds float64) int64 {
	steps := []int64{1, 5, 10, 15, 30, 60, 300, 900, 3600, 86400}
	for _, s := range steps {
		if float64(s) >= seconds {
			return s
		}
	}
	return steps[len(steps)-1]
}

func (s slide) text(n int64) string { return strconv.FormatInt(n, 10) }

// delayText is a length of time as a scenario writes a delay; "" for none.
func delayText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	text := d.Truncate(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// delayWords is a delay as a listener hears it.
func (t *timeline) delayWords() string {
	d := t.Now.Sub(t.Made)
	if d == 0 {
		return t.clock(t.Now) + " UTC, when the call is made"
	}
	if d < 0 {
		return t.clock(t.Now) + " UTC, " + lasting(-d) + " before the call is made"
	}
	return t.clock(t.Now) + " UTC, " + lasting(d) + " after the call is made"
}
