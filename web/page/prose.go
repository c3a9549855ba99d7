package page

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"stsplayground/web/glossary"
)

// prose draws the Markdown of a page to read: CommonMark with tables, and
// headings that may name their anchor, as in "## Title {#anchor}". It is the
// program's own text, so it isn't limited; HTML in it is left out all the same.
//
// Links lead to https:, to an anchor of the page, or, from home, to
// scenario:SLUG, lesson:SLUG, glossary:SLUG and page:NAME. Of any other the
// words remain.
func prose(home, markdown string) templ.Component {
	drawn := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(article{home}, 100))),
	)
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return drawn.Convert([]byte(markdown), w)
	})
}

// address is where a link of a page to read leads, from the page whose way to
// the front page is home; "" for nowhere.
func address(home, link string) string {
	scheme, slug, _ := strings.Cut(link, ":")
	switch {
	case scheme == "scenario" || scheme == "lesson":
		return home + "?" + scheme + "=" + slug
	case strings.HasPrefix(link, glossary.Scheme):
		return home + "glossary#" + slug
	case scheme == "page":
		return home + slug
	case strings.HasPrefix(link, "https://"), strings.HasPrefix(link, "#"):
		return link
	}
	return ""
}

// article draws what a page to read has its own way for.
type article struct{ home string }

func (a article) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindLink, a.link)
	register.Register(table.KindTable, a.table)
	register.Register(table.KindTableHeader, a.header)
	register.Register(table.KindTableRow, a.row)
	register.Register(table.KindTableCell, a.cell)
}

func (a article) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	to := address(a.home, string(node.(*ast.Link).Destination))
	switch {
	case to == "":
	case entering:
		w.WriteString(`<a href="` + templ.EscapeString(to) + `">`)
	default:
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// A table says its roles, since where the window is narrow its rows are drawn
// as blocks, and some browsers then forget that it is one. The cells of a row
// repeat the heading of their column for that.

func (article) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	return written(w, entering, `<table role="table">`, "</tbody></table>\n")
}

func (article) header(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	return written(w, entering, `<thead role="rowgroup"><tr role="row">`, `</tr></thead><tbody role="rowgroup">`)
}

func (article) row(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	return written(w, entering, `<tr role="row">`, "</tr>\n")
}

func (article) cell(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case node.Parent().Kind() == table.KindTableHeader:
		return written(w, entering, `<th role="columnheader" scope="col">`, "</th>")
	case node.PreviousSibling() == nil:
		return written(w, entering, `<th role="rowheader" scope="row">`, "</th>")
	}
	column := columnOf(node)
	return written(w, entering, `<td role="cell" data-column="`+templ.EscapeString(plain(column, source))+`">`, "</td>")
}

func written(w util.BufWriter, entering bool, begin, end string) (ast.WalkStatus, error) {
	if entering {
		w.WriteString(begin)
	} else {
		w.WriteString(end)
	}
	return ast.WalkContinue, nil
}

// columnOf is the cell that heads the column of a cell.
func columnOf(cell ast.Node) ast.Node {
	heading := cell.Parent().Parent().FirstChild().FirstChild()
	for before := cell.PreviousSibling(); before != nil; before = before.PreviousSibling() {
		heading = heading.NextSibling()
	}
	return heading
}

// plain is the text of a node without its marks.
func plain(node ast.Node, source []byte) string {
	var text strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			text.Write(t.Segment.Value(source))
			continue
		}
		text.WriteString(plain(child, source))
	}
	return text.String()
}

// section is a part of a page, as its contents list it.
type section struct{ Anchor, Title string }

var sectionHeading = regexp.MustCompile(`(?m)^## (.+) \{#([a-z-]+)\}$`)

// sections are the parts of an article, by its second headings.
func sections(markdown string) (all []section) {
	for _, found := range sectionHeading.FindAllStringSubmatch(markdown, -1) {
		all = append(all, section{Anchor: found[2], Title: found[1]})
	}
	return all
}
