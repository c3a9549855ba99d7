package exchange

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/source"
)

const withToken, withResponse = "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"

// token is a token as far as it takes to put it in its place; it is judged
// where it is played. claims is nil where they can't be read.
type token struct {
	header, claims *source.Node
	segments       int
}

// readToken reads the segments of a token (RFC 7515 §7.1).
func readToken(text string) (t token, ok bool) {
	parts := strings.Split(text, ".")
	t.segments = len(parts)
	if len(parts) < 2 || len(parts) > 5 {
		return t, false
	}
	t.header = segment(parts[0])
	if len(parts) < 5 {
		t.claims = segment(parts[1])
	}
	return t, is(t.header, source.Object) && (t.claims != nil || len(parts) > 2)
}

// segment is the object that a segment has in base64url; nil where it has none.
func segment(text string) *source.Node {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil
	}
	root, problem := source.ParseJSON(string(raw))
	if problem != nil || root.Kind != source.Object {
		return nil
	}
	return &root
}

// breaks are what stands between two parts of a token that was broken: a shell's
// way to go on in the next line, and what chat and word processors put in that
// nobody sees.
var breaks = strings.NewReplacer("\\\n", "", "\\\r\n", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\u00ad", "", "\ufeff", "")

// bareToken is the token that a text is, without what programs write before it
// and without the line breaks that a terminal puts in.
func bareToken(text string) (string, bool) {
	for _, before := range []string{"Authorization:", "authorization:", "Bearer ", "bearer ", "token "} {
		text = strings.TrimSpace(strings.TrimPrefix(text, before))
	}
	text = strings.Trim(text, "\"'`<>,; \t\r\n")
	if !strings.HasPrefix(text, "eyJ") {
		return "", false
	}
	text = strings.Join(strings.Fields(breaks.Replace(text)), "")
	for i := range len(text) {
		if !isTokenByte(text[i]) {
			return "", false
		}
	}
	_, ok := readToken(text)
	return text, ok
}

// wrappedToken is the token that a text has in base64 once more, as secrets of
// Kubernetes and variables of CI systems have it. One such layer is taken off.
func wrappedToken(text string) (string, bool) {
	text = strings.Trim(text, "\"'`<>,; \t\r\n")
	if !strings.HasPrefix(text, eyJWrapped) {
		return "", false
	}
	inner, err := unbase64(text)
	if err != nil {
		return "", false
	}
	return bareToken(inner)
}

// eyJWrapped is eyJ, with which tokens begin, in base64.
const eyJWrapped = "ZXlK"

// runOfToken is the token that begins at an offset, and where it ends; "" where
// there is none. A terminal breaks it into lines of one width, of which the
// last is shorter.
func runOfToken(text string, at int) (string, int) {
	end := endOfRun(text, at)
	run := text[at:end]
	width := end - 1 - strings.LastIndexByte(text[:at], '\n')
	if strings.Count(run, ".") < 2 || nextLine(text, end, width) == width {
		for long, last := run, end; len(long) < maxToken; {
			length := nextLine(text, last, width)
			if length == 0 {
				break
			}
			begin := last + strings.IndexByte(text[last:], '\n') + 1
			last = endOfRun(text, begin+indent(text[begin:]))
			long += strings.TrimSpace(text[begin:last])
			run, end = long, last
			if length < width {
				break
			}
		}
	}
	if dot := strings.LastIndexByte(run, '.'); dot == len(run)-1 && strings.Count(run, ".") != 2 { // a sentence's; a token's own has the algorithm none
		run = run[:dot]
	}
	if _, ok := readToken(run); !ok {
		return "", end
	}
	return run, end
}

// maxToken is more than STS takes (STS API reference, AssumeRoleWithWebIdentity).
const maxToken = 20000

func endOfRun(text string, at int) int {
	for at < len(text) && isTokenByte(text[at]) {
		at++
	}
	return at
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// nextLine is the length of the line behind an offset where a token of that
// width may go on in it: it has nothing else in it, and isn't longer; 0 where
// it doesn't.
func nextLine(text string, end, width int) int {
	line, rest, ok := strings.Cut(text[end:min(len(text), end+2*width+100)], "\n")
	if !ok || strings.TrimSpace(line) != "" {
		return 0
	}
	line, _, _ = strings.Cut(rest, "\n")
	line = strings.TrimRight(line, " \t\r")
	begin := indent(line)
	if len(line) > width || begin == len(line) || endOfRun(line, begin) < len(line) || strings.HasPrefix(line[begin:], "eyJ") {
		return 0
	}
	return len(line)
}

// isHeader says whether an object is the header of a token.
func isHeader(n *source.Node) bool {
	return is(n, source.Object) && is(n.Get("alg"), source.String) && n.Get("iss") == nil && n.Get("kty") == nil && (n.Get("typ") != nil || n.Get("kid") != nil)
}

// isClaims says whether an object has what a token says: who issued it, and of
// whom or for whom.
func isClaims(n *source.Node) bool {
	return is(n, source.Object) && is(n.Get("iss"), source.String) && first(n, "sub", "aud", "exp") != nil && n.Get("kty") == nil
}

func (in *intake) takeToken(p *piece) string {
	t, _ := readToken(p.text)
	if t.segments == 5 {
		return "this is an encrypted token (JWE), which only the one it is for can open; STS takes signed ones"
	}
	in.what = "an OIDC token"
	if t.claims != nil {
		in.what += in.ofIssuer(t.claims)
	}
	if p.wrapped {
		in.note("it stood in base64 once more, which is taken off: STS takes the token itself, and AWS would refuse it as it was pasted")
	}
	switch {
	case t.claims == nil:
		in.note("its second part can't be read; the first checks say why")
	case t.segments == 2:
		in.note("its third part, the signature, is missing")
	}
	in.present(str(p.text), t.claims)
	in.belongs("token", !p.wrapped)
	if t.claims != nil {
		in.keysWanted(t.header, t.claims)
		in.propose(t.claims)
		in.clock(t.claims)
	}
	return ""
}

// ofIssuer says whose a token is and of whom it speaks.
func (in *intake) ofIssuer(claims *source.Node) string {
	words := ""
	if iss := said(claims, "iss"); iss != "" {
		words = " of " + issuerNamed(iss)
	}
	if sub := said(claims, "sub"); sub != "" {
		words += " for " + source.Clip(sub)
	}
	return words
}

// takeClaims takes claims without the token around them: one whose signature
// was left out. What lacks its times is minted, for then it has some.
func (in *intake) takeClaims(p *piece) string {
	claims := p.node
	in.what = "what an OIDC token" + in.ofIssuer(claims) + " says"
	iss := said(claims, "iss")
	whole := claims.Get("exp") != nil && claims.Get("iat") != nil
	way := "unsigned"
	if !whole {
		way = "mint"
	}
	switch way = in.offered(way, "unsigned", "mint"); way {
	case "mint":
		in.playgroundKeys(iss)
		minted := object("issuer", str(iss), "claims", without(claims, "iss", "iat", "nbf", "exp"))
		in.present(object("mint", minted), claims)
		in.note("such a token is minted here at the moment of the call, and signed with the playground's keys")
		if whole {
			in.other("unsigned", "Take them as they stand, unsigned")
		}
	default:
		header := p.header
		if header == nil {
			header = object("alg", str("RS256"), "typ", str("JWT"))
		}
		in.present(object("unsigned", object("header", header, "claims", claims)), claims)
		in.note("the claims come without the token's signature, which is taken on trust")
		in.other("mint", "Mint such a token here")
	}
	in.belongs("token", false)
	in.propose(claims)
	if way == "unsigned" {
		in.clock(claims)
	}
	return ""
}

// without are the members of an object but for some.
func without(n *source.Node, names ...string) *source.Node {
	rest := object()
	for i := range n.Members {
		if m := &n.Members[i]; !slices.Contains(names, m.Name) {
			set(rest, m.Name, &m.Value)
		}
	}
	return rest
}

// playgroundKeys gives an issuer that has no keys those of the playground.
func (in *intake) playgroundKeys(iss string) {
	keys := list(object("kid", str("demo"), "alg", str("RS256")))
	at := in.issuer(iss)
	if at < 0 {
		in.write(object("url", str(iss), "signing", keys), "issuers", "-")
		return
	}
	if entry := in.list("issuers")[at]; entry.Get("signing") == nil {
		in.erase("issuers", itoa(at), "jwks")
		in.write(keys, "issuers", itoa(at), "signing")
	}
}

// list are the items of a list of the scenario.
func (m *merger) list(name string) []*source.Node { return listed(m.root.Get(name)) }

// issuer is the number of the issuer of that URL, -1 where there is none.
func (m *merger) issuer(url string) int {
	if url == "" {
		return -1
	}
	return slices.IndexFunc(m.list("issuers"), func(entry *source.Node) bool { return said(entry, "url") == url })
}

// present has the call in view present a token.
func (in *intake) present(value, claims *source.Node) {
	in.asking(withToken)
	in.write(value, "calls", itoa(in.call), "params", "WebIdentityToken")
	in.look("result")
}

// asking makes the call in view one of an operation of STS; what it has that
// the operation has too stays.
func (in *intake) asking(operation string) {
	calls := in.list("calls")
	action := "sts:" + operation
	if in.call < 0 || in.call >= len(calls) {
		in.call = len(calls)
		in.write(object("name", str(in.freeName(operation)), "action", str(action), "params", object()), "calls", "-")
		calls = in.list("calls")
	}
	at := itoa(in.call)
	was := said(calls[in.call], "action")
	if was != "" && was != action {
		kept := object()
		params := calls[in.call].Get("params")
		for _, name := range operationParameters(operation) {
			set(kept, name, params.Get(name))
		}
		in.write(str(action), "calls", at, "action")
		in.write(kept, "calls", at, "params")
		in.erase("calls", at, "resource")
		in.note("the call in view was one of ", source.Clip(was), " and is one of ", action)
		if operation == withToken || operation == withResponse {
			in.erase("calls", at, "caller")
		}
	} else if was == "" {
		in.write(str(action), "calls", at, "action")
	}
	if operation == withToken && in.param("RoleSessionName") == nil {
		in.write(str("session"), "calls", at, "params", "RoleSessionName")
	}
	if strings.HasPrefix(operation, "AssumeRole") && in.param("RoleArn") == nil {
		in.write(str(in.likelyRole()), "calls", at, "params", "RoleArn")
	}
}

// likelyRole is the role in view, else the account's only one, else one by the
// name that an empty scenario has.
func (in *intake) likelyRole() string {
	for _, role := range in.entriesOf(in.home, "Roles") {
		if said(role, "RoleName") == in.role {
			return arnOf(partOf("Roles", ""), in.home, role)
		}
	}
	if roles := in.entriesOf(in.home, "Roles"); len(roles) > 0 {
		return arnOf(partOf("Roles", ""), in.home, roles[0])
	}
	return "arn:aws:iam::" + in.home + ":role/my-role"
}

// param is a parameter of the call in view, nil where it isn't given.
func (in *intake) param(name string) *source.Node {
	if calls := in.list("calls"); 0 <= in.call && in.call < len(calls) {
		return given(calls[in.call].Get("params").Get(name))
	}
	return nil
}

// freeName is a name for a call that no other has.
func (in *intake) freeName(name string) string {
	calls := in.list("calls")
	free := name
	for n := 2; slices.ContainsFunc(calls, func(call *source.Node) bool { return said(call, "name") == free }); n++ {
		free = name + " " + itoa(n)
	}
	return free
}

// clock makes the token's time that of the scenario, where the scenario's own
// is a fixed one outside of it: that is the time of whatever stood here
// before. The reader's clock is left to say that a token is too old.
func (in *intake) clock(claims *source.Node) {
	issued, ok := seconds(claims.Get("iat"))
	from := issued
	if nbf, has := seconds(claims.Get("nbf")); has && (!ok || nbf > issued) {
		from, ok = nbf, true
	}
	to, ends := seconds(claims.Get("exp"))
	calls := in.list("calls")
	if !ok || !ends || to <= from || in.call >= len(calls) || calls[in.call].Get("after") != nil {
		return
	}
	good := func(moment time.Time) bool { return from <= moment.Unix() && moment.Unix() < to }
	then := time.Unix(from, 0).UTC().Format(time.RFC3339)
	reader, noClock := time.Parse(time.RFC3339, in.view.Now)
	fixed := said(in.root, "now")
	if fixed == "" {
		switch {
		case noClock != nil || good(reader):
		case in.view.As == "then":
			in.write(str(then), "now")
			in.note("the scenario's time is ", then, ", when it was issued")
		default:
			in.other("then", "Play it at "+then+", when it was issued")
		}
		return
	}
	moment, err := time.Parse(time.RFC3339, fixed)
	switch {
	case err != nil || good(moment):
	case noClock == nil && good(reader) || in.view.As == "clock":
		in.erase("now")
		in.note("the scenario's time was ", fixed, ", outside the token's; it is now that of your clock")
	default:
		in.write(str(then), "now")
		in.note("the scenario's time was ", fixed, ", outside the token's; it is now ", then, ", when the token was issued")
		in.other("clock", "Play it by your clock")
	}
}

// seconds is a claim that is a time (RFC 7519 §2, NumericDate).
func seconds(n *source.Node) (int64, bool) {
	if !is(n, source.Number) {
		return 0, false
	}
	text, _, _ := strings.Cut(n.Text, ".")
	value, err := strconv.ParseInt(text, 10, 64)
	return value, err == nil && 0 < value && value < 1<<40
}
