package exchange

import (
	"encoding/base64"
	"net/url"
	"strings"

	"stsplayground/engine/causes"
	"stsplayground/engine/source"
)

// kindOfPiece says what a piece is. The pieces of a paste are taken in in this
// order, for what comes later may need what came before: a token asks for the
// role that a policy was put into, and a key set belongs to the issuer of a
// token.
type kindOfPiece byte

const (
	unknown kindOfPiece = iota
	aScenario
	aLink
	aSecret
	aWorld
	aWorldCommand
	aDiscovery
	anAddress
	someMetadata
	aTrustPolicy
	someSettings
	aWorkflow
	aCall
	aToken
	someClaims
	aResponse
	anOutcome
	aRecord
	aKeySet
	aPolicy
	anError
)

// piece is one thing that a text has, or is. node is it read as a document,
// nil for what is none.
type piece struct {
	kind    kindOfPiece
	text    string
	node    *source.Node
	command []string // that printed it, or that it is
	header  *source.Node
	file    string // that it stands in, "" for none
	wrapped bool   // it stood there in base64 once more
}

// place takes a piece in; it says why it can't.
func (in *intake) place(p *piece, several bool) (problem string) {
	in.options = commandOptions(p.command)
	switch p.kind {
	case aScenario:
		return in.takeScenario(p, several)
	case aLink:
		return in.takeLink(p.text)
	case aSecret:
		return in.refuseSecret(p.text)
	case aWorld:
		return in.takeWorld(p)
	case aWorldCommand:
		return in.takeWorldCommand(p)
	case aDiscovery:
		return in.takeDiscovery(p.node)
	case anAddress:
		return in.takeAddress(p.text)
	case someMetadata:
		return in.takeMetadata(p.text)
	case aTrustPolicy, aPolicy:
		return in.takePolicy(p)
	case someSettings:
		return in.takeSettings(p.node)
	case aWorkflow:
		return in.takeWorkflow(p.node)
	case aCall:
		return in.takeCall(p)
	case aToken:
		return in.takeToken(p)
	case someClaims:
		return in.takeClaims(p)
	case aResponse:
		return in.takeResponse(p.text)
	case anOutcome:
		return in.takeOutcome(p)
	case aRecord:
		return in.takeRecord(p.node)
	case aKeySet:
		return in.takeKeySet(p)
	case anError:
		return in.takeError(p.text)
	}
	return p.text // why it is unknown
}

// separate is what a text has in it: one thing, or several; one of kind
// unknown, whose text says why, where nothing is recognised.
func separate(text string) []piece {
	for range layers {
		inner, ok := unquoted(text)
		if !ok {
			break
		}
		text = inner
	}
	text = strings.TrimSpace(withoutQuoting(text))
	if all, ok := whole(text); ok {
		return all
	}
	if all := scattered(text); len(all) > 0 {
		return all
	}
	return []piece{{text: whyUnknown(text)}}
}

// whyUnknown says why nothing is recognised in a text.
func whyUnknown(text string) string {
	problem := ""
	switch {
	case text[0] == '{' || text[0] == '[':
		if _, err := source.ParseJSON(text); err != nil {
			problem = lineOf(err)
		}
	case looksLikeHCL(text):
		_, problem = parseHCL(text)
	case beginsLikeYAML(text):
		root, err := source.ParseTemplate(text)
		if err != nil {
			problem = lineOf(err)
		} else if m := root.Repeated(); m != nil {
			problem = repeated(m)
		}
	}
	if problem != "" {
		return problem
	}
	if root, err := source.ParseJSON(text); err == nil && isHeader(&root) {
		return "this is the header of a token, without its claims; paste the whole token"
	}
	return "this isn't recognised; paste " + Takes
}

// whole recognises a text that is one thing from its beginning to its end.
func whole(text string) ([]piece, bool) {
	if link := findLink(text); link != "" {
		return alone(aLink, link)
	}
	if token, ok := bareToken(text); ok {
		return alone(aToken, token)
	}
	if token, ok := wrappedToken(text); ok {
		return []piece{{kind: aToken, text: token, wrapped: true}}, true
	}
	switch text[0] {
	case '{', '[':
		root, err := source.ParseJSON(text)
		if err != nil {
			// What Python and JavaScript print is YAML, if it isn't JSON.
			if root, err = source.ParseYAML(text); err != nil || root.Kind != source.Object && root.Kind != source.Array {
				return nil, false
			}
		}
		all := things(&root, text)
		return all, len(all) > 0
	case '<':
		return xml(text)
	}
	if len(text) > 3 && strings.EqualFold(text[:3], "%7b") { // a policy as IAM returns it
		if inner, err := url.PathUnescape(text); err == nil && inner[0] == '{' {
			return whole(inner)
		}
	}
	if looksLikeHCL(text) {
		root, problem := parseHCL(text)
		if problem != "" {
			return []piece{{text: problem}}, true
		}
		return []piece{{kind: aWorld, text: text, node: root}}, true
	}
	if strings.HasPrefix(text, "-----BEGIN ") && !strings.Contains(text, "eyJ") {
		switch first, _, _ := strings.Cut(text, "\n"); {
		case strings.Contains(text, "PRIVATE KEY"):
			return alone(aSecret, "a private key")
		case strings.Contains(first, "PUBLIC KEY"):
			return alone(unknown, "this is a public key in PEM; STS takes an issuer's keys as a JSON Web Key Set, so paste what its jwks_uri serves")
		case strings.Contains(first, "CERTIFICATE"):
			return alone(unknown, "this is a certificate; a SAML provider's stands in its metadata, and one for IAM Roles Anywhere goes into the call or the trust anchor")
		}
	}
	if kind := encodedXML(text); kind != unknown {
		return alone(kind, text)
	}
	if isAddress(text) {
		return alone(anAddress, text)
	}
	if beginsLikeYAML(text) {
		root, err := source.ParseTemplate(text)
		switch {
		case err != nil || root.Kind != source.Object:
		case root.Repeated() != nil && (first(&root, "Resources", "Role", "Roles", "accounts", "calls") != nil):
			return []piece{{text: repeated(root.Repeated())}}, true
		default:
			all := things(&root, text)
			return all, len(all) > 0
		}
	}
	return nil, false
}

func alone(kind kindOfPiece, text string) ([]piece, bool) {
	return []piece{{kind: kind, text: text}}, true
}

// unquoted is a text without the quotation marks around it.
func unquoted(text string) (string, bool) {
	if len(text) < 2 || text[0] != text[len(text)-1] || text[0] != '"' && text[0] != '\'' {
		return "", false
	}
	if text[0] == '"' {
		if root, err := source.ParseJSON(text); err == nil && strings.TrimSpace(root.Text) != "" {
			return strings.TrimSpace(root.Text), true
		}
	}
	inner := strings.TrimSpace(text[1 : len(text)-1])
	return inner, inner != "" && inner[0] != text[0]
}

// withoutQuoting is the text of a mail that was answered: without the mark
// that stands before each of its lines.
func withoutQuoting(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		inner, ok := strings.CutPrefix(line, ">")
		if !ok && strings.TrimSpace(line) != "" {
			return text
		}
		b.WriteString(strings.TrimPrefix(inner, " "))
	}
	return b.String()
}

// beginsLikeYAML says whether the first line that says something is a name
// and a colon.
func beginsLikeYAML(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line == "---" || strings.HasPrefix(line, "%YAML") {
			continue
		}
		name, rest, ok := strings.Cut(strings.TrimPrefix(line, "- "), ":")
		return ok && (rest == "" || rest[0] == ' ') && name != "" && !strings.ContainsAny(name, " \t(){}<>,;")
	}
	return false
}

// things are what a JSON value, or YAML, is; nothing where that isn't known.
func things(n *source.Node, text string) []piece {
	if n.Kind == source.Array {
		return thingsOf(n)
	}
	p := []piece{{text: text, node: n}}
	is := func(kind kindOfPiece) []piece {
		p[0].kind = kind
		return p
	}
	switch {
	case isScenario(n):
		return is(aScenario)
	case hasAll(n, "eventName eventSource"):
		return is(aRecord)
	case given(n.Get("detail").Get("eventName")) != nil: // an event of EventBridge
		return []piece{{kind: aRecord, node: n.Get("detail")}}
	case n.Get("Records") != nil, n.Get("Events") != nil:
		return records(n)
	case hasAll(n, "issuer jwks_uri"):
		return is(aDiscovery)
	case n.Get("cluster").Get("identity").Get("oidc").Get("issuer") != nil: // aws eks describe-cluster
		return []piece{{kind: anAddress, text: said(n.Get("cluster").Get("identity").Get("oidc"), "issuer")}}
	case n.Get("keys") != nil && n.Get("keys").Kind == source.Array && n.Get("RoleName") == nil:
		return is(aKeySet)
	case given(n.Get("kty")) != nil:
		return []piece{{kind: aKeySet, text: object("keys", list(n)).JSON("  "), node: object("keys", list(n))}}
	case hasAll(n, "apiVersion kind") && len(serviceAccount(n)) > 0:
		return serviceAccount(n)
	case said(n, "kind") == "Secret": // of Kubernetes; its data looks like Terraform's
		return tokensIn(n)
	case isWorkflow(n):
		return is(aWorkflow)
	case isOutcome(n):
		return is(anOutcome)
	case isClaims(n):
		return is(someClaims)
	case n.Get("payload") != nil && isClaims(n.Get("payload")):
		return []piece{{kind: someClaims, node: n.Get("payload"), header: n.Get("header")}}
	case n.Get("claims") != nil && isClaims(n.Get("claims")):
		return []piece{{kind: someClaims, node: n.Get("claims"), header: n.Get("header")}}
	case n.Get("Statement") != nil && first(n, "PolicyName", "RoleName") == nil:
		if isTrust(n) {
			return is(aTrustPolicy)
		}
		return is(aPolicy)
	case isCall(n):
		return is(aCall)
	case hasAll(n, "AccessKeyId SecretAccessKey"):
		return []piece{{kind: aSecret, text: "an access key of AWS with its secret"}}
	case n.Get("iss") == nil && hasAll(n, "sub aud"):
		return []piece{{text: "these are the claims of a token without iss, which says whose they are; paste all of them"}}
	case n.Get("log").Get("entries") != nil, n.Get("SAMLResponse") != nil:
		if strings.Contains(text, "SAMLResponse") {
			return is(aResponse)
		}
	case isWorld(n):
		return is(aWorld)
	}
	return tokensIn(n)
}

// isWorld says whether a document is what another tool wrote about a world.
func isWorld(n *source.Node) bool {
	in := &intake{merger: newMerger(nil), home: "123456789012", budget: 1 << 20}
	in.world(n)
	return in.what != ""
}

// mostPieces is how many things of one text are taken in.
const mostPieces = 200

// thingsOf are the things that a list has: a token's header and claims, or
// records.
func thingsOf(n *source.Node) (all []piece) {
	for i := range n.Items {
		item := &n.Items[i]
		if item.Kind != source.Object || len(all) == mostPieces {
			continue
		}
		if i+1 < len(n.Items) && isHeader(item) && isClaims(&n.Items[i+1]) {
			all = append(all, piece{kind: someClaims, node: &n.Items[i+1], header: item})
			continue
		}
		if i > 0 && len(all) > 0 && all[len(all)-1].node == item {
			continue
		}
		all = append(all, things(item, item.JSON("  "))...)
	}
	return all
}

// tokensIn are the tokens and responses among the strings of a document that
// is nothing else: of several, the ID token is what STS takes.
func tokensIn(n *source.Node) (all []piece) {
	var texts []string
	var names []string
	gather(n, "", &names, &texts)
	for i, text := range texts {
		token, ok := bareToken(text)
		wrapped := false
		if !ok {
			token, wrapped = wrappedToken(text)
		}
		if (ok || wrapped) && len(all) < mostPieces {
			p := piece{kind: aToken, text: token, wrapped: wrapped}
			if names[i] == "id_token" || names[i] == "idToken" || names[i] == "IdToken" {
				return []piece{p}
			}
			if t, _ := readToken(token); t.claims != nil {
				all = append(all, p)
			}
		}
	}
	if len(all) > 1 { // an access token and a refresh token, say
		return all[:1]
	}
	return all
}

// gather gathers the strings of a document with the names of their members.
func gather(n *source.Node, name string, names, texts *[]string) {
	if n.Kind == source.String && len(*texts) < 1000 {
		*names, *texts = append(*names, name), append(*texts, n.Text)
	}
	for i := range n.Items {
		gather(&n.Items[i], name, names, texts)
	}
	for i := range n.Members {
		gather(&n.Members[i].Value, n.Members[i].Name, names, texts)
	}
}

// xml is what a document of XML is, by its outermost element; of HTML, by what
// the form holds.
func xml(text string) ([]piece, bool) {
	switch root := rootOf(text); root {
	case "Response", "Assertion", "EncryptedAssertion":
		return alone(aResponse, text)
	case "EntityDescriptor", "EntitiesDescriptor":
		return alone(someMetadata, text)
	}
	if strings.Contains(text, "SAMLResponse") {
		return alone(aResponse, text)
	}
	return nil, false
}

// rootOf is the local name of the outermost element.
func rootOf(text string) string {
	for {
		text = strings.TrimSpace(text)
		switch {
		case strings.HasPrefix(text, "<?"):
			_, text, _ = strings.Cut(text, "?>")
		case strings.HasPrefix(text, "<!--"):
			_, text, _ = strings.Cut(text, "-->")
		case strings.HasPrefix(text, "<!"):
			_, text, _ = strings.Cut(text, ">")
		case strings.HasPrefix(text, "<"):
			end := strings.IndexAny(text, " \t\r\n/>")
			if end < 1 {
				return ""
			}
			name := text[1:end]
			return name[strings.LastIndexByte(name, ':')+1:]
		default:
			return ""
		}
	}
}

// layers is how many encodings are taken off a text.
const layers = 4

// encodedXML is what a text holds in base64, percent encoding or a form.
func encodedXML(text string) kindOfPiece {
	if strings.Contains(text, "SAMLResponse=") || strings.HasPrefix(text, "SAMLResponse") {
		return aResponse
	}
	if all, ok := xml(decoded(text)); ok {
		return all[0].kind
	}
	return unknown
}

// decoded is the XML that a text has in base64 or percent encoding; "" where
// it has none.
func decoded(text string) string {
	for range layers {
		text = strings.TrimSpace(text)
		switch {
		case text == "":
			return ""
		case text[0] == '<':
			return text
		case strings.Contains(text, "%"):
			inner, err := url.QueryUnescape(strings.ReplaceAll(text, "+", "%2B"))
			if err != nil || inner == text {
				return ""
			}
			text = inner
		default:
			inner, err := unbase64(text)
			if err != nil {
				return ""
			}
			text = inner
		}
	}
	return ""
}

// unbase64 reads base64 of either alphabet, in lines or not, padded or not.
func unbase64(text string) (string, error) {
	letters := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, strings.TrimRight(text, "= \r\n\t"))
	inner, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(letters))
	return string(inner), err
}

// isAddress says whether a text is a URL or an ARN and nothing else, such as the
// token that a browser is sent back with.
func isAddress(text string) bool {
	return (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "arn:aws")) && !strings.ContainsAny(text, " \t\r\n\"'<>{}?") && !strings.Contains(text, "=eyJ")
}

// errorIn is the text of an error of AWS that stands in a text; "" for none.
func errorIn(text string) string {
	found := causes.Explain(text).Errors
	switch {
	case len(found) == 0:
		return ""
	case len(text) <= 2000:
		return text
	}
	return found[0].Words
}

// lineOf says where a text can't be read, and why.
func lineOf(err *source.Error) string { return "line " + itoa(err.Line) + ": " + err.Reason }

func repeated(m *source.Member) string {
	return "line " + itoa(m.Line) + ": " + source.Quote(m.Name) + " is there a second time"
}
