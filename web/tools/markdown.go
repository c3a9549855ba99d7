package tools

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"stsplayground/web/glossary"
)

// Markdown draws text as CommonMark has it, with less: HTML, images and bare
// addresses in it are text, since it may come from anybody. Links lead to
// https: in another tab, or to the explanation of a term of the glossary.
func Markdown(text string) templ.Component {
	if len(text) > longestText {
		return plain(text)
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return drawn.Convert([]byte(text), w)
	})
}

// longestText is the longest text that is read as Markdown, in bytes; a longer
// one is drawn as it is. Nesting and stress that nothing ends cost the square
// of their length.
const longestText = 8 << 10

func plain(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>"+templ.EscapeString(text)+"</p>\n")
		return err
	})
}

var drawn = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
	)),
	goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(ours{}, 100),
		util.Prioritized(html.NewRenderer(), 1000),
	))),
)

// ours draws what the page has its own way for.
type ours struct{}

func (ours) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindHeading, heading)
	register.Register(ast.KindLink, link)
	register.Register(ast.KindImage, image)
}

// heading is of one size, below those of the page around the text.
func heading(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString("<h4>")
	} else {
		w.WriteString("</h4>\n")
	}
	return ast.WalkContinue, nil
}

func link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	to := string(node.(*ast.Link).Destination)
	term, isTerm := termOf(to)
	switch {
	case isTerm && entering:
		w.WriteString(`<button type="button" class="term" popovertarget="` + termID(term) + `">`)
	case isTerm:
		w.WriteString("</button>")
	case !strings.HasPrefix(to, "https://"): // its words are text
	case entering:
		w.WriteString(`<a target="_blank" rel="noopener noreferrer" href="` + templ.EscapeString(to) + `">`)
	default:
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// image is its words: a lesson loads nothing.
func image(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

// terms are those that the texts link to, each once, in their order.
func terms(texts ...string) (all []glossary.Term) {
	seen := map[string]bool{}
	for _, text := range texts {
		for rest := text; ; {
			_, after, found := strings.Cut(rest, "]("+glossary.Scheme)
			if !found {
				break
			}
			slug, _, _ := strings.Cut(after, ")")
			if term, ok := glossary.Find(slug); ok && !seen[slug] {
				seen[slug] = true
				all = append(all, term)
			}
			rest = after
		}
	}
	return all
}

func termOf(address string) (glossary.Term, bool) {
	slug, ok := strings.CutPrefix(address, glossary.Scheme)
	if !ok {
		return glossary.Term{}, false
	}
	return glossary.Find(slug)
}

// termID is the id of the element that explains a term.
func termID(t glossary.Term) string { return "term-" + t.Slug }
