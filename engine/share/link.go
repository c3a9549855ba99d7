package share

import (
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// parameter is what begins the fragment of a link.
const parameter = "s="

// Encode is a scenario as a link's text without the address before it, such
// as #s=1.q1YqVrKKjq0FAA; or the reason why it fits into none. What is to be
// short is trimmed before.
func Encode(scenario *source.Node, view View) (link, problem string) {
	written := scenario.JSON("")
	if len(written) > LimitScenario {
		return "", fmt.Sprintf("the scenario has %s bytes as JSON, and a link holds %d KiB of it at most; hand on a file instead", count(len(written)), LimitScenario>>10)
	}
	var packed strings.Builder
	base := base64.NewEncoder(base64.RawURLEncoding, &packed)
	deflate, _ := flate.NewWriter(base, flate.BestCompression) // the level exists
	deflate.Write([]byte(written))                             // a Builder takes everything
	deflate.Close()
	base.Close()
	return "#" + parameter + "1." + packed.String() + view.parameters(), ""
}

// parameters are a view as a link has it after the scenario. The letters of a
// rule need no escapes in a fragment (RFC 3986 §3.5).
func (v View) parameters() string {
	var b strings.Builder
	if v.Call > 0 {
		b.WriteString("&call=" + strconv.Itoa(v.Call))
	}
	if v.Tab != "" {
		b.WriteString("&tab=" + url.QueryEscape(v.Tab))
	}
	if v.Step != "" {
		b.WriteString("&step=" + strings.ReplaceAll(url.QueryEscape(v.Step), "%2F", "/"))
	}
	return b.String()
}

// inLink finds the scenario of a link in a text without white space: its
// version, and what stands after that. The text may be a whole address, its
// fragment, or less.
var inLink = regexp.MustCompile(`^(?:.*[#?&(]s=|s=)?([0-9]+)(?:\.(.*))?$`)

// aLink is a text that is a link and nothing else. Bare, it has to be more
// than a number.
var aLink = regexp.MustCompile(`^(?:(?:[a-z]+:/[^#]*|[^:#]*)#(?:[^#]*&)?s=[0-9]+\.[\w=+/&%.-]*|s=[0-9]+\.[\w=+/&%.-]*|[0-9]+\.[\w-]{20,}=*(?:&[\w=/&-]*)?)$`)

// IsLink says whether a text is meant as a link and nothing else, readable or
// not.
func IsLink(text string) bool {
	return len(text) <= 2*LimitLink && aLink.MatchString(unwrapped(text))
}

// Decode reads a link, whatever address stands before it and whatever a chat
// or mail program did to it: angle brackets and quotation marks around it, a
// full stop or a sentence after it, lines broken in the middle,
// percent-escapes. The scenario is the JSON text; whether it makes a sensible
// one isn't asked. A problem is a sentence without its full stop, "" where the
// link could be read.
func Decode(link string) (scenario string, view View, problem string) {
	scenario, view, problem = decode(unwrapped(link))
	if problem == "" {
		return scenario, view, ""
	}
	// White space may be part of a broken line, or part the link from what follows.
	if at := strings.LastIndex(link, parameter); at >= 0 {
		if end := strings.IndexAny(link[at:], " \t\r\n>"); end >= 0 {
			if scenario, view, problem := decode(unwrapped(link[:at+end])); problem == "" {
				return scenario, view, ""
			}
		}
	}
	return "", View{}, problem
}

func decode(link string) (scenario string, view View, problem string) {
	if len(link) > LimitLink {
		return "", View{}, fmt.Sprintf("the link has %s characters, more than any link of a playground has (%s)", count(len(link)), count(LimitLink))
	}
	m := inLink.FindStringSubmatch(link)
	if m == nil {
		return "", View{}, "there is no scenario in the link: after its # it has no s=1. and what follows"
	}
	version, rest := m[1], m[2]
	if version != "1" {
		return "", View{}, "the link is of version " + source.Clip(version) + ", made by a newer playground; this one reads version 1"
	}
	payload, parameters, _ := strings.Cut(rest, "&")
	written, problem := unpack(payload)
	if problem != "" {
		return "", View{}, problem
	}
	return written, readView(parameters), ""
}

// around are characters that no link ends or begins with, and sentences do.
const around = "<>\"'`()[]{},;:!?.*\u201c\u201d\u2018\u2019\u00ab\u00bb\u2026|"

// unwrapped is a link without what was put around and into it.
func unwrapped(link string) string {
	link = strings.Map(func(r rune) rune {
		switch {
		case r <= ' ', r == '\u00a0', r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff':
			return -1 // white space, and what breaks lines invisibly
		}
		return r
	}, link)
	for range 2 { // some programs escape what was escaped
		if !strings.Contains(link, "%") {
			break
		}
		unescaped, err := url.PathUnescape(link)
		if err != nil {
			break
		}
		link = unescaped
	}
	link = strings.ReplaceAll(link, "&amp;", "&")
	return strings.Trim(link, around)
}

// unpack reads what a link of version 1 has after its number.
func unpack(payload string) (written, problem string) {
	if payload == "" {
		return "", "the link ends before its scenario begins; copy it again, as far as its end"
	}
	// Other alphabets and padding say the same.
	payload = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(payload), "=")
	packed, err := base64.RawURLEncoding.DecodeString(payload)
	var bad base64.CorruptInputError
	switch {
	case errors.As(err, &bad) && int(bad) < len(payload):
		if len(payload)%4 != 1 || !isBase64(payload) {
			at := int(bad)
			r, _ := utf8.DecodeRuneInString(payload[at:])
			return "", fmt.Sprintf("character %s of the scenario in the link, %q, is none of base64url; copy the link again", count(at+1), r)
		}
		fallthrough
	case err != nil:
		return "", "the link is cut off, or a character of it is missing: no base64url has " + count(len(payload)) + " characters; copy it again, as far as its end"
	}
	read, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(string(packed))), LimitScenario+1))
	switch {
	case len(read) > LimitScenario:
		return "", fmt.Sprintf("the link unfolds to more than %d KiB, the limit of a scenario in a link, and was read no further", LimitScenario>>10)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "", "the link is cut off in the middle of its scenario; copy it again, as far as its end"
	case err != nil:
		return "", "what the link holds isn't compressed as a link's scenario is (deflate, RFC 1951); a character of it was changed, so copy it again"
	case !utf8.Valid(read):
		return "", "the scenario in the link is no text: it isn't UTF-8"
	}
	written = string(read)
	node, bent := source.ParseJSON(written)
	switch {
	case bent != nil:
		return "", fmt.Sprintf("the scenario in the link is no JSON: line %d, column %d: %s", bent.Line, bent.Column, bent.Reason)
	case node.Kind != source.Object:
		return "", "the link holds JSON, and no scenario: an object is wanted, and the JSON is of another kind: " + node.Kind.String()
	}
	return written, ""
}

func isBase64(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// tabs are the parts of the page that a narrow window shows one of.
var tabs = words("token role result")

// aRule is how rules are called.
var aRule = regexp.MustCompile(`^[a-z0-9-]{1,40}/[a-z0-9-]{1,60}$`)

// readView reads a link's further parameters. What isn't known, or can't be,
// is of a newer playground or of nobody, and is passed over.
func readView(parameters string) (v View) {
	for parameters != "" {
		var one string
		one, parameters, _ = strings.Cut(parameters, "&")
		name, value, _ := strings.Cut(one, "=")
		switch name {
		case "call":
			if call, err := strconv.Atoi(value); err == nil && call > 0 && call <= 10_000 {
				v.Call = call
			}
		case "tab":
			if tabs[value] {
				v.Tab = value
			}
		case "step":
			if aRule.MatchString(value) {
				v.Step = value
			}
		}
	}
	return v
}

// count is a number as it is read: with commas.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
