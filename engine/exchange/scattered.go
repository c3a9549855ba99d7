package exchange

import (
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

func itoa(n int) string { return strconv.Itoa(n) }

// mostTried is how many bytes are looked at of what begins like a thing and
// is none, however often.
const mostTried = 4 << 20

// scan goes through a text with other things between those that it has, such
// as a terminal's or the log of a job.
type scan struct {
	text     string
	all      []piece
	rest     strings.Builder // what belongs to no piece
	settings *source.Node
	tried    int // bytes
}

// scattered are the things that stand in a text among other words.
func scattered(text string) []piece {
	s := &scan{text: withoutTimes(text), settings: object()}
	for at := 0; at < len(s.text) && len(s.all) < mostPieces; {
		at = s.step(at)
	}
	if len(s.settings.Members) > 0 {
		s.all = append(s.all, piece{kind: someSettings, node: s.settings})
	}
	s.all = joined(s.all)
	if words := errorIn(strings.TrimSpace(s.rest.String())); words != "" {
		s.all = append(s.all, piece{kind: anError, text: words})
	}
	return s.all
}

// step takes what begins at an offset, and gives where it ends.
func (s *scan) step(at int) int {
	text := s.text[at:]
	lineBegins := at == 0 || s.text[at-1] == '\n'
	if lineBegins {
		if end := s.command(at); end > at {
			return end
		}
		if end := s.setting(at); end > at {
			return end
		}
	}
	switch {
	case text[0] == '{' && s.tried < mostTried:
		if end := s.object(at, nil); end > at {
			return end
		}
	case text[0] == 'e' && s.tried < mostTried && strings.HasPrefix(text, "eyJ") && (at == 0 || !isTokenByte(s.text[at-1])):
		token, end := runOfToken(s.text, at)
		if token == "" {
			s.rest.WriteString(s.text[at:end])
			s.tried += 4 * (end - at) // it is read more than once
		} else {
			s.add(piece{kind: aToken, text: token})
		}
		return end
	case text[0] == 'Z' && s.tried < mostTried && strings.HasPrefix(text, eyJWrapped) && (at == 0 || !isBase64(s.text[at-1])):
		end := 0
		for end < len(text) && isBase64(text[end]) {
			end++
		}
		if token, ok := wrappedToken(text[:end]); ok {
			s.add(piece{kind: aToken, text: token, wrapped: true})
			return at + end
		}
		s.tried += end
	case text[0] == '<' && s.tried < mostTried:
		if end := s.element(at); end > at {
			return end
		}
	case text[0] == 'S' && strings.HasPrefix(text, "SAMLResponse="):
		end := len(text)
		if i := strings.IndexAny(text, " \t\r\n\"'&"); i >= 0 {
			end = i
		}
		s.add(piece{kind: aResponse, text: text[:end]})
		return at + end
	case text[0] == 'P' && (at == 0 || !isBase64(s.text[at-1])):
		end := 0
		for end < len(text) && isBase64(text[end]) {
			end++
		}
		if end > 200 {
			if kind := encodedXML(text[:end]); kind != unknown {
				s.add(piece{kind: kind, text: text[:end]})
				return at + end
			}
		}
	case text[0] == '-' && strings.HasPrefix(text, "-----BEGIN ") && lineBegins && s.tried < mostTried:
		line, _, _ := strings.Cut(text, "\n")
		if strings.Contains(line, "PRIVATE KEY") {
			s.add(piece{kind: aSecret, text: "a private key"})
		}
		if _, after, ok := strings.Cut(text, "-----END "); ok {
			_, after, _ = strings.Cut(after, "\n")
			return len(s.text) - len(after)
		}
		s.tried += len(text)
	case text[0] == '#' && strings.HasPrefix(text, "#s="):
		if link := findLink(text); link != "" {
			s.add(piece{kind: aLink, text: link})
			return at + len(link)
		}
	}
	s.rest.WriteByte(text[0])
	return at + 1
}

func (s *scan) add(p piece) {
	for i := range s.all {
		if s.all[i].kind == p.kind && s.all[i].text == p.text && p.node == nil {
			return // a log often has the same twice
		}
	}
	s.all = append(s.all, p)
}

// object takes the document that begins with a brace, and that a command may
// have printed.
func (s *scan) object(at int, command []string) int {
	text := s.text[at:]
	end := endOfObject(text)
	if end < 0 {
		s.tried += len(text)
		return at
	}
	root, err := source.ParseJSON(text[:end])
	if err != nil {
		if root, err = source.ParseYAML(text[:end]); err != nil || root.Kind != source.Object {
			s.tried += end
			return at
		}
	}
	all := things(&root, text[:end])
	if len(all) == 0 && isHeader(&root) {
		all = []piece{{header: &root}}
	}
	if len(all) == 0 {
		s.tried += end
		return at
	}
	for _, p := range all {
		p.command = command
		s.all = append(s.all, p)
	}
	return at + end
}

// joined puts a token's header to the claims that stand behind it, and leaves
// out one that stands alone.
func joined(all []piece) []piece {
	var header *source.Node
	kept := all[:0]
	for _, p := range all {
		switch {
		case p.kind == unknown:
			header = p.header
			continue
		case p.kind == someClaims && p.header == nil:
			p.header = header
		}
		kept = append(kept, p)
	}
	return kept
}

// element takes a SAML response or metadata out of other text.
func (s *scan) element(at int) int {
	text := s.text[at:]
	end := strings.IndexAny(text[:min(len(text), 100)], " \t\r\n/>") // no name is longer
	if end < 2 {
		return at
	}
	name := text[1:end]
	kind := unknown
	switch name[strings.LastIndexByte(name, ':')+1:] {
	case "Response":
		kind = aResponse
	case "EntityDescriptor", "EntitiesDescriptor":
		kind = someMetadata
	default:
		return at
	}
	closing := "</" + name + ">"
	end = strings.Index(text, closing)
	if end < 0 {
		s.tried += len(text)
		return at
	}
	s.add(piece{kind: kind, text: text[:end+len(closing)]})
	return at + end + len(closing)
}

// prompts stand before a command that was copied from a terminal.
var prompts = []string{"[command]", "+ ", "$ ", "> ", "% ", "# "}

// command takes a command of the AWS CLI, with the document that it printed.
func (s *scan) command(at int) int {
	begin := at + len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \t"))
	for _, prompt := range prompts {
		begin += len(s.text[begin:]) - len(strings.TrimPrefix(s.text[begin:], prompt))
	}
	if s.tried >= mostTried || !strings.HasPrefix(s.text[begin:], "aws ") {
		return at
	}
	words, end := shellWords(s.text, begin)
	for end < len(s.text) && strings.IndexByte(" \t\r\n", s.text[end]) >= 0 {
		end++
	}
	if end < len(s.text) && s.text[end] == '{' {
		if after := s.object(end, words); after > end {
			return after
		}
	}
	if kind := commandKind(words); kind != unknown {
		s.all = append(s.all, piece{kind: kind, command: words})
		return end
	}
	s.tried += end - begin
	return at
}

// settingNames are what programs and workflows call what a call needs, and the
// parameter that it is. A file's name stands for what is in it.
var settingNames = map[string]string{
	"AWS_ROLE_ARN": "RoleArn", "role-to-assume": "RoleArn", "role_arn": "RoleArn", "eks.amazonaws.com/role-arn": "RoleArn", "AWS_ROLE_TO_ASSUME": "RoleArn",
	"AWS_ROLE_SESSION_NAME": "RoleSessionName", "role-session-name": "RoleSessionName", "role_session_name": "RoleSessionName",
	"role-duration-seconds": "DurationSeconds", "duration_seconds": "DurationSeconds", "external_id": "ExternalId", "role-external-id": "ExternalId",
	"AWS_WEB_IDENTITY_TOKEN_FILE": "file", "web_identity_token_file": "file",
	"AWS_ACCESS_KEY_ID": "secret", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "secret", "aws_access_key_id": "secret", "aws_secret_access_key": "secret", "aws_session_token": "secret",
	"audience": "audience", "aws-region": "region", "AWS_REGION": "region", "AWS_DEFAULT_REGION": "region",
}

// setting takes a line that sets one of them: an environment variable, however
// it is set, or an input of an action.
func (s *scan) setting(at int) int {
	line, _, _ := strings.Cut(s.text[at:], "\n")
	words := strings.TrimSpace(line)
	for _, before := range []string{"export ", "set ", "setx ", "ENV ", "- ", "$env:", "-e "} {
		words = strings.TrimPrefix(words, before)
	}
	cut := strings.IndexAny(words, "= ")
	if colon := strings.Index(words, ": "); colon >= 0 && (cut < 0 || colon < cut) {
		cut = colon
	}
	if cut < 0 {
		return at
	}
	param, ok := settingNames[strings.Trim(words[:cut], `"'`)]
	value := strings.Trim(words[cut:], "=: \t\r\"',;")
	if !ok || value == "" {
		return at
	}
	if s.settings.Get(param) == nil {
		set(s.settings, param, str(value))
	}
	return at + len(line)
}

// withoutTimes is the text of a log without the time that stands before each
// of its lines.
func withoutTimes(text string) string {
	if len(text) < 20 || !isTime(text) {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if isTime(line) {
			_, line, _ = strings.Cut(line, " ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// isTime says whether a line begins with a time as logs of jobs have it.
func isTime(line string) bool {
	if len(line) < 20 {
		return false
	}
	for i, c := range "dddd-dd-ddTdd:dd:dd" {
		if digit := line[i] >= '0' && line[i] <= '9'; c == 'd' != digit || c != 'd' && byte(c) != line[i] {
			return false
		}
	}
	return strings.IndexByte(line[:min(len(line), 40)], ' ') > 0
}

func isBase64(c byte) bool {
	return isTokenByte(c) && c != '.' || c == '+' || c == '/' || c == '='
}

func isTokenByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// word is one word of a command line. Open is set where it has in it what only
// a shell knows: a variable, or what another command prints.
func shellWords(text string, at int) (words []string, end int) {
	var b strings.Builder
	begun := false
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\\' && at+1 < len(text):
			at++
			if text[at] == '\r' && at+1 < len(text) && text[at+1] == '\n' {
				at++
			}
			if text[at] != '\n' {
				b.WriteByte(text[at])
				begun = true
			}
		case c == '`' && at+1 < len(text) && (text[at+1] == '\n' || text[at+1] == '\r'): // PowerShell's way to go on
			at++
			if text[at] == '\r' && at+1 < len(text) && text[at+1] == '\n' {
				at++
			}
		case c == '\'' || c == '"':
			closing := closingQuote(text, at)
			if closing < 0 {
				b.WriteByte(c)
				continue
			}
			inner := text[at+1 : closing]
			if c == '"' {
				inner = strings.NewReplacer(`\"`, `"`, `\\`, `\`, "\\\n", "").Replace(inner)
			}
			b.WriteString(inner)
			begun = true
			at = closing
		case c == '$' && at+1 < len(text) && text[at+1] == '(':
			closing := strings.IndexAny(text[at:], ")\n")
			if closing < 0 || text[at+closing] == '\n' {
				b.WriteByte(c)
				continue
			}
			b.WriteString(text[at : at+closing+1])
			at += closing
			begun = true
		case c == ' ' || c == '\t' || c == '\r':
			if begun || b.Len() > 0 {
				words = append(words, b.String())
			}
			b.Reset()
			begun = false
		case c == '\n' || c == ';' || c == '|' || c == '>' || c == '&':
			if begun || b.Len() > 0 {
				words = append(words, b.String())
			}
			if c != '\n' {
				if next := strings.IndexByte(text[at:], '\n'); next >= 0 {
					return words, at + next
				}
				return words, len(text)
			}
			return words, at
		default:
			b.WriteByte(c)
		}
		if len(words) > 500 {
			break
		}
	}
	if begun || b.Len() > 0 {
		words = append(words, b.String())
	}
	return words, at
}

// closingQuote is where the quotation that begins at an offset ends, -1 where
// it doesn't.
func closingQuote(text string, at int) int {
	quote := text[at]
	for i := at + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote:
			return i
		}
	}
	return -1
}

// commandOptions are a command's options by their names, the first value of each.
func commandOptions(words []string) map[string]string {
	options := map[string]string{}
	for i := 0; i < len(words); i++ {
		name, ok := strings.CutPrefix(words[i], "--")
		if !ok {
			continue
		}
		if name, value, ok := strings.Cut(name, "="); ok {
			options[name] = value
			continue
		}
		value := ""
		for j := i + 1; j < len(words) && !strings.HasPrefix(words[j], "--"); j++ {
			if value != "" {
				value += " "
			}
			value += words[j]
		}
		options[name] = value
	}
	return options
}
