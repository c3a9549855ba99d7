package preview

import (
	"image"
	"image/color"
	"strconv"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// style is a font at a size.
type style struct {
	face   font.Face
	height int // of a line, pixels
}

// painter draws words and shapes. One painter draws one picture at a time: its
// faces keep what they drew last.
type painter struct {
	image                                  *image.RGBA
	title, strong, text, small, code, mono style
}

// fonts are read once. They come with the program: no machine's own fonts are
// asked.
var fonts = sync.OnceValue(func() (read struct{ regular, bold, mono, monoBold *opentype.Font }) {
	for _, f := range []struct {
		into *(*opentype.Font)
		ttf  []byte
	}{{&read.regular, goregular.TTF}, {&read.bold, gobold.TTF}, {&read.mono, gomono.TTF}, {&read.monoBold, gomonobold.TTF}} {
		parsed, err := opentype.Parse(f.ttf)
		if err != nil {
			panic(err)
		}
		*f.into = parsed
	}
	return read
})

func newPainter(canvas *image.RGBA) *painter {
	f := fonts()
	return &painter{
		image:  canvas,
		title:  styleOf(f.bold, 46, 54),
		strong: styleOf(f.bold, 34, 42),
		text:   styleOf(f.regular, 27, 36),
		small:  styleOf(f.regular, 24, 32),
		code:   styleOf(f.monoBold, 23, 32),
		mono:   styleOf(f.mono, 23, 30),
	}
}

func styleOf(f *opentype.Font, size float64, height int) style {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // only for a size of nothing
	}
	return style{face, height}
}

// line draws words on a base line, and says where they end.
func (p *painter) line(words string, s style, c color.RGBA, x, y int) int {
	d := font.Drawer{Dst: p.image, Src: image.NewUniform(c), Face: s.face, Dot: fixed.P(x, y)}
	d.DrawString(words)
	return d.Dot.X.Ceil()
}

// paragraph draws words in lines of a width, at most so many, from a base line
// on, and says where the next one is.
func (p *painter) paragraph(words string, s style, c color.RGBA, x, y, width, most int) int {
	for _, line := range p.wrap(words, s, width, most) {
		p.line(line, s, c, x, y)
		y += s.height
	}
	return y
}

// shape draws a state's shape into a square.
func (p *painter) shape(state State, in image.Rectangle, c color.RGBA) {
	strokes := [...][][]point{
		None:     {{{0.15, 0.5}, {0.85, 0.5}}},
		Accepted: {{{0.1, 0.55}, {0.38, 0.84}, {0.9, 0.2}}},
		Refused:  {{{0.16, 0.16}, {0.84, 0.84}}, {{0.84, 0.16}, {0.16, 0.84}}},
		OnTrust:  {{{0.06, 0.6}, {0.2, 0.42}, {0.36, 0.42}, {0.64, 0.6}, {0.8, 0.6}, {0.94, 0.42}}},
	}[state]
	size := float32(in.Dx())
	mask := vector.NewRasterizer(in.Dx(), in.Dy())
	for _, stroke := range strokes {
		for i := 1; i < len(stroke); i++ {
			segment(mask, stroke[i-1], stroke[i], size, 0.075)
		}
	}
	mask.Draw(p.image, in, image.NewUniform(c), image.Point{})
}

// point is a place in a square of the size 1.
type point struct{ x, y float32 }

// segment is a line of twice the half width, with a little more at its ends so
// that corners close.
func segment(mask *vector.Rasterizer, a, b point, size, half float32) {
	dx, dy := b.x-a.x, b.y-a.y
	length := max(abs(dx), abs(dy)) + 0.4*min(abs(dx), abs(dy)) // near enough to its length
	dx, dy = dx/length*half, dy/length*half
	a, b = point{a.x - dx/2, a.y - dy/2}, point{b.x + dx/2, b.y + dy/2}
	mask.MoveTo((a.x-dy)*size, (a.y+dx)*size)
	mask.LineTo((b.x-dy)*size, (b.y+dx)*size)
	mask.LineTo((b.x+dy)*size, (b.y-dx)*size)
	mask.LineTo((a.x+dy)*size, (a.y-dx)*size)
	mask.ClosePath()
}

func abs(f float32) float32 { return max(f, -f) }

func more(n int) string { return "and " + strconv.Itoa(n) + " more" }
