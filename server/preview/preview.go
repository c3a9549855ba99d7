// Package preview draws the picture that a chat shows beside a link: how a
// scenario's first call ends, in a word, a shape and a colour, what AWS says,
// and how the other calls end.
//
// A card is drawn the same, pixel by pixel, whenever it is drawn. Its texts may
// come from anybody: what the fonts have no letter for is drawn as a box, and
// what is too long ends in an ellipsis.
package preview

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"stsplayground/web/page"
)

// State is how a call ends.
type State int

const (
	None     State = iota // there is no call
	Accepted              // a tick
	Refused               // a cross
	OnTrust               // a wave: accepted, but something was taken on trust
)

// Card is what a picture says. Empty texts take no room.
type Card struct {
	Title   string
	State   State
	Word    string // how the call ends, such as Refused
	Verdict string // one sentence
	Code    string // AWS's error code
	Message string // and message
	Step    string // title of the check that failed
	Calls   []Call // of the scenario, where it has several
}

// Call is how one of a scenario's calls ends.
type Call struct {
	State State
	Name  string
}

// Colours are those of the page's light theme (web/styles/1-tokens.css).
var (
	ground  = color.RGBA{0xfa, 0xf9, 0xf7, 0xff}
	ink     = color.RGBA{0x23, 0x21, 0x1e, 0xff}
	inkSoft = color.RGBA{0x5e, 0x59, 0x51, 0xff}
	accent  = color.RGBA{0x2b, 0x5d, 0x8a, 0xff}
	white   = color.RGBA{0xff, 0xff, 0xff, 0xff}

	inks    = [...]color.RGBA{None: {0x66, 0x61, 0x59, 0xff}, Accepted: {0x1b, 0x5e, 0x37, 0xff}, Refused: {0xc0, 0x33, 0x0f, 0xff}, OnTrust: {0x7d, 0x52, 0x00, 0xff}}
	grounds = [...]color.RGBA{None: {0xef, 0xed, 0xea, 0xff}, Accepted: {0xe6, 0xf1, 0xea, 0xff}, Refused: {0xfc, 0xeb, 0xe5, 0xff}, OnTrust: {0xfb, 0xf0, 0xd6, 0xff}}
)

// The picture's measures, in pixels.
const (
	width, height = page.PreviewWidth, page.PreviewHeight

	band    = 16 // the colour at the left edge
	margin  = 72 // from there and from the right edge
	inner   = width - band - 2*margin
	padding = 22 // within the verdict's field
	foot    = 597
)

// Draw is the card as a PNG of page.PreviewWidth by page.PreviewHeight.
func Draw(c Card) []byte {
	p := newPainter(image.NewRGBA(image.Rect(0, 0, width, height)))
	p.fill(p.image.Bounds(), ground)
	p.fill(image.Rect(0, 0, band, height), inks[c.State])
	p.site()
	y := p.paragraph(c.Title, p.title, ink, band+margin, 132, inner, 2) - p.title.height + 28
	y = p.field(c, y) + 42
	if c.Code != "" {
		y = p.answer(c, y)
	}
	if c.Step != "" {
		p.paragraph("Fails at: "+c.Step, p.small, ink, band+margin, y, inner, 1)
	}
	p.calls(c.Calls)
	var b bytes.Buffer
	if err := png.Encode(&b, p.image); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// site is whose picture it is.
func (p *painter) site() {
	mark := image.Rect(band+margin, 44, band+margin+30, 74)
	p.fill(mark, accent)
	p.shape(Accepted, mark.Inset(4), white)
	p.line("STS Playground", p.small, inkSoft, mark.Max.X+14, 68)
}

// field is the verdict, from y on; the result is where it ends.
func (p *painter) field(c Card, y int) int {
	box := image.Rect(band+margin-padding, y, width-margin+padding, y+2*padding+42)
	lines := p.wrap(c.Verdict, p.text, box.Dx()-2*padding, 3)
	box.Max.Y += len(lines) * p.text.height
	p.fill(box, grounds[c.State])
	p.fill(image.Rect(box.Min.X, box.Min.Y, box.Min.X+6, box.Max.Y), inks[c.State])
	x, base := box.Min.X+padding, y+padding+31
	shape := image.Rect(x, base-31, x+36, base+5)
	p.shape(c.State, shape, inks[c.State])
	p.paragraph(c.Word, p.strong, inks[c.State], shape.Max.X+16, base, inner-60, 1)
	for i, line := range lines {
		p.line(line, p.text, ink, x, base+6+(i+1)*p.text.height)
	}
	return box.Max.Y
}

// answer is AWS's error, from the base line y on; the result is the next one.
func (p *painter) answer(c Card, y int) int {
	y = p.paragraph(c.Code, p.code, ink, band+margin, y, inner, 1)
	return p.paragraph(c.Message, p.mono, inkSoft, band+margin, y, inner, 2) + 4
}

// calls are a scenario's calls in one line, as many as there is room for.
func (p *painter) calls(all []Call) {
	if len(all) < 2 {
		return
	}
	x, end := band+margin, width-margin-90
	for i, c := range all {
		name := p.short(c.Name, p.small, 260)
		if x+30+p.width(name, p.small) > end {
			p.line(more(len(all)-i), p.small, inkSoft, x, foot)
			return
		}
		p.shape(c.State, image.Rect(x, foot-18, x+20, foot+2), inks[c.State])
		x = p.line(name, p.small, inkSoft, x+30, foot) + 28
	}
}

func (p *painter) fill(r image.Rectangle, c color.RGBA) {
	draw.Draw(p.image, r, image.NewUniform(c), image.Point{}, draw.Src)
}
