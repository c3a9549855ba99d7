package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth bounds how deep values may nest. No document of this field comes
// near it; a deeper one is an attack on whoever reads it next.
const MaxDepth = 64

var tooDeep = fmt.Sprintf("values nest deeper than %d levels", MaxDepth)

// ParseJSON reads one JSON value that fills text. Repeated member names are
// kept and marked, for the caller to refuse or report: RFC 7515 §4 and RFC
// 7519 §4 allow a reader either to reject them or to take the last, and
// readers that differ are how attacks slip through.
func ParseJSON(text string) (Node, *Error) {
	r := reader{
		dec:  jsontext.NewDecoder(bytes.NewBufferString(text), jsontext.AllowDuplicateNames(true)),
		text: text, line: 1, column: 1,
	}
	scratch := membersPool.Get().(*[]Member)
	r.members = (*scratch)[:0]
	defer func() {
		clear((*scratch)[:min(r.most, len(*scratch))]) // hold on to nothing that was read
		membersPool.Put(scratch)
	}()
	if strings.HasPrefix(text, "\ufeff") {
		return Node{}, r.fail(0, "the text begins with a byte order mark, which JSON (RFC 8259 §8.1) doesn't allow")
	}
	node, err := r.value(0)
	if err != nil {
		return Node{}, err
	}
	rest := strings.TrimLeft(text[node.End:], " \t\r\n")
	if rest != "" {
		return Node{}, r.fail(len(text)-len(rest), "more text follows the end of the JSON value")
	}
	return node, nil
}

// membersPool spares each text the growing of its slice of open members; 64
// are enough for any token.
var membersPool = sync.Pool{New: func() any {
	members := make([]Member, 64)
	return &members
}}

type reader struct {
	dec          *jsontext.Decoder
	text         string
	seen         int // offset that line and column stand for
	line, column int
	members      []Member // of the objects being read, innermost last
	most         int      // of them at once
}

// place moves line and column on to offset. Offsets only grow, so that the
// whole text is counted once.
func (r *reader) place(offset int) (line, column int) {
	for r.seen < offset {
		if r.text[r.seen] == '\n' {
			r.line++
			r.column = 1
		} else if utf8.RuneStart(r.text[r.seen]) {
			r.column++
		}
		r.seen++
	}
	return r.line, r.column
}

func (r *reader) fail(offset int, reason string) *Error {
	line, column := Position(r.text, offset)
	return &Error{Line: line, Column: column, Offset: offset, Pointer: string(r.dec.StackPointer()), Reason: reason}
}

func (r *reader) value(depth int) (Node, *Error) {
	if depth > MaxDepth {
		return Node{}, r.fail(int(r.dec.InputOffset()), tooDeep)
	}
	tok, err := r.dec.ReadToken()
	if err != nil {
		return Node{}, r.syntax(err)
	}
	return r.finish(tok, depth)
}

// start is the offset of the token that ends at end: white space, commas and
// colons before it are no part of it.
func (r *reader) start(end int, tok jsontext.Token) int {
	switch tok.Kind() {
	case '{', '}', '[', ']':
		return end - 1
	}
	at := r.seen
	for at < end {
		switch r.text[at] {
		case ' ', '\t', '\r', '\n', ',', ':', '[', '{':
			at++
			continue
		}
		break
	}
	return at
}

func (r *reader) finish(tok jsontext.Token, depth int) (Node, *Error) {
	end := int(r.dec.InputOffset())
	n := Node{Offset: r.start(end, tok), End: end}
	n.Line, n.Column = r.place(n.Offset)
	switch tok.Kind() {
	case 'n':
		n.Kind = Null
	case 't', 'f':
		n.Kind, n.Text = Bool, tok.String()
	case '0':
		n.Kind, n.Text = Number, r.text[n.Offset:n.End]
	case '"':
		n.Kind = String
		// The decoder has checked the text; only escapes need to be resolved.
		if n.Text = r.text[n.Offset+1 : n.End-1]; strings.IndexByte(n.Text, '\\') >= 0 {
			n.Text = tok.String()
		}
	case '[':
		return r.array(n, depth)
	case '{':
		return r.object(n, depth)
	}
	r.place(n.End)
	return n, nil
}

func (r *reader) array(n Node, depth int) (Node, *Error) {
	n.Kind = Array
	r.place(n.End)
	for r.dec.PeekKind() != ']' {
		item, err := r.value(depth + 1)
		if err != nil {
			return Node{}, err
		}
		n.Items = append(n.Items, item)
	}
	return r.closed(n)
}

func (r *reader) object(n Node, depth int) (Node, *Error) {
	n.Kind = Object
	r.place(n.End)
	var names memberNames
	// The members of all open objects share one slice while they are read, so
	// that each object ends with a slice of just its size.
	first := len(r.members)
	for r.dec.PeekKind() != '}' {
		name, err := r.value(depth)
		if err != nil {
			return Node{}, err
		}
		m := Member{Name: name.Text, Line: name.Line, Column: name.Column}
		if m.Value, err = r.value(depth + 1); err != nil {
			return Node{}, err
		}
		m.Repeated = names.repeats(r.members[first:], m.Name)
		r.members = append(r.members, m)
		r.most = max(r.most, len(r.members))
	}
	n.Members = append([]Member(nil), r.members[first:]...)
	r.members = r.members[:first]
	return r.closed(n)
}

func (r *reader) closed(n Node) (Node, *Error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return Node{}, r.syntax(err)
	}
	n.End = int(r.dec.InputOffset())
	r.place(n.End)
	return n, nil
}

func (r *reader) syntax(err error) *Error {
	const broken = "the text ends in the middle of a JSON value"
	var s *jsontext.SyntacticError
	if errors.As(err, &s) {
		if errors.Is(s.Err, io.ErrUnexpectedEOF) {
			return r.fail(len(r.text), broken)
		}
		if s.Err != nil {
			return r.fail(min(int(s.ByteOffset), len(r.text)), s.Err.Error())
		}
		return r.fail(min(int(s.ByteOffset), len(r.text)), "invalid JSON")
	}
	return r.fail(len(r.text), broken)
}

// Position is the line and column, from 1 and in code points, of a byte
// offset in text. Offsets past the end stand for the end.
func Position(text string, offset int) (line, column int) {
	head := text[:min(offset, len(text))]
	line = strings.Count(head, "\n") + 1
	return line, utf8.RuneCountInString(head[strings.LastIndexByte(head, '\n')+1:]) + 1
}
