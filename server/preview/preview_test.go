package preview

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the golden pictures")

var refused = Card{
	Title: "GitHub Actions deploys from main", State: Refused, Word: "Refused",
	Verdict: "STS refuses. The policy wants repo:acme/app:ref:refs/heads/main, the token says repo:acme/app:pull_request: the run was triggered by a pull request, and then the subject names neither branch nor tag.",
	Code:    "AccessDenied  HTTP 403", Message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
	Step:  "The trust policy's conditions hold",
	Calls: []Call{{Refused, "pull request"}, {Accepted, "push to main"}, {OnTrust, "without a key"}},
}

// full has more of everything than there is room for.
var full = Card{
	Title: strings.Repeat("A title that goes on ", 40), State: OnTrust, Word: "Accepted on trust",
	Verdict: strings.Repeat("arn:aws:iam::123456789012:role/", 60),
	Code:    strings.Repeat("C", 200), Message: strings.Repeat("message ", 200), Step: strings.Repeat("step ", 200),
	Calls: []Call{{Accepted, strings.Repeat("x", 500)}, {Refused, "b"}, {Accepted, strings.Repeat("y", 500)}, {Refused, strings.Repeat("z", 500)}, {Refused, "e"}},
}

func decoded(t *testing.T, picture []byte) image.Image {
	t.Helper()
	drawn, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	if got := drawn.Bounds().Size(); got != image.Pt(1200, 630) {
		t.Errorf("got %v, want 1200 by 630", got)
	}
	return drawn
}

// The pictures are as they were. Machines round differently, by a shade.
func TestGolden(t *testing.T) {
	for name, card := range map[string]Card{"refused": refused, "full": full, "nothing": {Title: "An empty scenario", Word: "Nothing is called yet"}} {
		t.Run(name, func(t *testing.T) {
			file := "testdata/" + name + ".png"
			picture := Draw(card)
			if *update {
				if err := os.WriteFile(file, picture, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, want := decoded(t, picture), decoded(t, text)
			for y := range height {
				for x := range width {
					if !alike(got.At(x, y), want.At(x, y)) {
						t.Fatalf("at %d, %d: got %v, want %v", x, y, got.At(x, y), want.At(x, y))
					}
				}
			}
		})
	}
}

func alike(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range []int{int(ar) - int(br), int(ag) - int(bg), int(ab) - int(bb)} {
		if d < -0x300 || d > 0x300 {
			return false
		}
	}
	return true
}

func TestTheSameCardIsTheSamePicture(t *testing.T) {
	if !bytes.Equal(Draw(refused), Draw(refused)) {
		t.Error("got two pictures of one card")
	}
}

// Nothing is drawn over the picture's margins, whatever the texts are.
func TestTextsStayWithinThePicture(t *testing.T) {
	drawn := decoded(t, Draw(full))
	for y := range height {
		for x := width - 40; x < width; x++ {
			if !alike(drawn.At(x, y), ground) {
				t.Fatalf("something is drawn at %d, %d", x, y)
			}
		}
	}
	for x := band; x < width; x++ {
		if y := height - 8; !alike(drawn.At(x, y), ground) {
			t.Fatalf("something is drawn at %d, %d", x, y)
		}
	}
}

func TestOnlyLettersOfTheFontAreDrawn(t *testing.T) {
	face := newPainter(image.NewRGBA(image.Rect(0, 0, 1, 1))).text.face
	for _, test := range []struct{ name, text, want string }{
		{"letters", "Ünïcode, Привет, ξένος", "Ünïcode, Привет, ξένος"},
		{"Hebrew and Arabic", "שלום عالم!", "□ □!"},
		{"Chinese", "你好 world", "□ world"},
		{"emoji with what joins them", "👨‍👩‍👧 ok", "□ ok"},
		{"turned around", "a\u202etxt.exe\u202c b", "atxt.exe b"},
		{"marks upon marks", "z\u0301\u0302\u0303\u0304", "z"},
		{"control characters", "a\x00\x1b[31m\tb\nc", "a[31m b c"},
		{"bytes that are no text", "a\xff\xfeb", "a□b"},
		{"nothing", "", ""},
	} {
		if got := drawable(test.text, face); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add("title", "verdict", "message")
	f.Add(strings.Repeat("a", 5000), "\u202e", "👨‍👩‍👧")
	p := newPainter(image.NewRGBA(image.Rect(0, 0, 1, 1)))
	f.Fuzz(func(t *testing.T, title, verdict, message string) {
		for _, text := range []string{title, verdict, message} {
			for _, line := range p.wrap(text, p.text, 300, 3) {
				if p.width(line, p.text) > 300 || !utf8.ValidString(line) {
					t.Fatalf("got the line %q, %d pixels wide", line, p.width(line, p.text))
				}
			}
		}
	})
}
