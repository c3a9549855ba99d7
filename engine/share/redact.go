package share

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"stsplayground/engine/source"
)

// Options say what a shared scenario keeps. The zero value is the careful one:
// of tokens and responses the claims only, and the public keys.
type Options struct {
	Signatures bool // tokens and SAML responses keep their signatures, and so stay usable by whoever reads them
	NoKeys     bool // key sets and metadata are left out, although public
	Accounts   bool // account ids are exchanged for stand-ins
	People     bool // e-mail addresses are exchanged for stand-ins
}

// Kind is what was taken out of a scenario, or exchanged.
type Kind string

const (
	Token      Kind = "token"       // a token's signature was dropped; its claims stay
	Response   Kind = "response"    // a SAML response's signatures were
	Encrypted  Kind = "encrypted"   // what only the holder of a key could read
	Opaque     Kind = "opaque"      // a token that says nothing to its reader
	Unread     Kind = "unread"      // a response in no form that is known here
	PrivateKey Kind = "private key" // in PEM or in a key set
	Secret     Kind = "secret"      // a secret access key, a session token, the seed of an MFA device, a client secret
	KeySet     Kind = "key set"
	Metadata   Kind = "metadata"
	Account    Kind = "account" // one id, wherever it stood
	Person     Kind = "person"  // one address, wherever it stood
)

// Change is one thing that was taken out or exchanged: what, and where it
// stood, as a JSON Pointer; "" for what stood in many places.
type Change struct {
	Kind Kind
	Path string
}

// leftOut stands where something was that a place can't be without. It is no
// secret of anybody and opens nothing.
const leftOut = "left-out"

// Redact is a scenario without what is nobody else's business, and what was
// done to it, in the document's order. Private keys and secrets go whatever the
// options say; what the playground minted stays, because its keys are public.
// With stand-ins the scenario plays as it did: they are consistent wherever the
// same id or address stands. A signature that was dropped is from then on taken
// on trust, also where it was bad.
func Redact(scenario *source.Node, o Options) (source.Node, []Change) {
	r := &redaction{options: o}
	redacted := visit{change: r.change, drop: r.drop}.node(scenario, "", nil)
	if o.Accounts {
		redacted = r.exchangeAccounts(&redacted)
	}
	if o.People {
		redacted = r.exchangePeople(&redacted)
	}
	return redacted, r.changes
}

type redaction struct {
	options Options
	changes []Change
}

func (r *redaction) note(kind Kind, p place) {
	r.changes = append(r.changes, Change{kind, p.path})
}

// drop says which members and items go as a whole.
func (r *redaction) drop(n *source.Node, p place) bool {
	switch {
	case r.options.NoKeys && p.name() == "jwks" && p.document():
		r.note(KeySet, p)
		return true
	case r.options.NoKeys && p.name() == "SAMLMetadataDocument":
		r.note(Metadata, p)
		return true
	case p.name() == "Base32StringSeed" && saysSomething(n):
		r.note(Secret, p)
		return true
	case len(p.names) > 1 && p.names[len(p.names)-2] == "privateKeys" && n.Text != "playground":
		r.note(PrivateKey, p)
		return true
	}
	return false
}

func saysSomething(n *source.Node) bool { return n.Kind != source.Null && !saysNothing(n) }

// change is one value without what it mustn't hold.
func (r *redaction) change(n source.Node, p place) source.Node {
	switch n.Kind {
	case source.Object:
		if n.Get("kty") != nil {
			return r.publicKey(n, p)
		}
	case source.String:
		parameter, below := p.parameter()
		switch {
		case secretNames[strings.ToLower(p.name())] && n.Text != "":
			r.note(Secret, p)
			return text(leftOut)
		case r.options.Signatures:
		case responseParameters[parameter] && below == "":
			return r.response(n, p)
		case tokenParameters[parameter] && below == "", parameter == "Logins" && below != "":
			return r.token(n, p)
		case opaqueParameters[parameter] && below == "":
			return r.opaque(n, p)
		case responseParameters[parameter] && below == "unsigned":
			n.Text = r.unsignedXML(n.Text, p)
			return n
		}
		return r.scrubbed(n, p)
	}
	return n
}

// The parameters of calls that take a token, by what may stand there in its
// place: one without its signature, or nothing of the kind because the token
// isn't read by whoever sends it. An EncodedMessage opens nothing, and only its
// own account's people can have it decoded (API_DecodeAuthorizationMessage).
var (
	tokenParameters    = words("WebIdentityToken Token token")
	responseParameters = words("SAMLAssertion SAMLResponse")
	opaqueParameters   = words("accessToken SigninToken")
)

// secretNames are members that hold a secret, in lower case. What a client
// keeps from everybody (RFC 6749 §2.3.1, RFC 7636 §4.1) is among them.
var secretNames = words("secretaccesskey sessiontoken aws_secret_access_key aws_session_token clientsecret client_secret codeverifier code_verifier devicecode device_code password refresh_token refreshtoken")

// publicKey is a JSON Web Key without its private members (RFC 7518 §6.2.2,
// §6.3.2, §6.4.1).
func (r *redaction) publicKey(n source.Node, p place) source.Node {
	private := words("d p q dp dq qi oth k")
	kept := keep(n.Members, func(m *source.Member) bool { return !private[m.Name] })
	if len(kept) < len(n.Members) {
		r.note(PrivateKey, p)
		n.Members = kept
	}
	return n
}

// token is a token where the scenario takes one without its signature. One that
// has none is as it was, and so is judged as it was.
func (r *redaction) token(n source.Node, p place) source.Node {
	parts := strings.Split(strings.TrimSpace(n.Text), ".")
	if len(parts) != 3 {
		if scrubbed, found := r.scrub(n.Text, p); found {
			return text(scrubbed)
		}
		if strings.HasSuffix(n.Text, "....") { // it was encrypted
			return n
		}
		return r.opaque(n, p)
	}
	header, claims := decoded(parts[0]), decoded(parts[1])
	switch {
	case parts[2] == "", parts[2] == "left=out":
		return n
	case !isStrict(parts[2]):
		// No reader takes it; what stands in its place isn't base64url either.
		r.note(Token, p)
		return text(parts[0] + "." + parts[1] + ".left=out")
	case header == nil || claims == nil || strings.TrimSpace(n.Text) != n.Text:
		// Refused however it is signed; in another form it might not be.
		r.note(Token, p)
		return text(parts[0] + "." + parts[1] + ".")
	}
	r.note(Token, p)
	return object(source.Member{Name: "unsigned", Value: object(
		source.Member{Name: "header", Value: *header}, source.Member{Name: "claims", Value: *claims},
	)})
}

func isStrict(part string) bool {
	_, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && !strings.ContainsAny(part, "\r\n")
}

// decoded is a token's part that holds an object; nil where it holds none, or
// one with a name twice, which no other form of the token could say.
func decoded(part string) *source.Node {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil
	}
	n, bent := source.ParseJSON(string(octets))
	if bent != nil || n.Kind != source.Object || n.Repeated() != nil {
		return nil
	}
	return &n
}

// opaque is a token that can't be read: what is long enough to be one goes.
func (r *redaction) opaque(n source.Node, p place) source.Node {
	const shortest = 16 // of a token that nobody guesses
	if len(n.Text) < shortest || n.Text == leftOut || strings.ContainsAny(strings.TrimSpace(n.Text), " \t") {
		return r.scrubbed(n, p)
	}
	r.note(Opaque, p)
	return text(leftOut)
}

// scrubbed is any string without the secrets in it, which people paste into
// titles and policies too. A string of JSON may hold keys.
func (r *redaction) scrubbed(n source.Node, p place) source.Node {
	if strings.HasPrefix(strings.TrimSpace(n.Text), "{") {
		if inner, err := source.ParseJSON(n.Text); err == nil && hasPrivateKey(&inner) {
			inner = visit{change: r.change}.node(&inner, p.path, p.names)
			return text(inner.JSON("  "))
		}
	}
	n.Text, _ = r.scrub(n.Text, p)
	return n
}

func hasPrivateKey(n *source.Node) bool {
	if n.Get("kty") != nil && (n.Get("d") != nil || n.Get("k") != nil) {
		return true
	}
	for i := range n.Items {
		if hasPrivateKey(&n.Items[i]) {
			return true
		}
	}
	for i := range n.Members {
		if hasPrivateKey(&n.Members[i].Value) {
			return true
		}
	}
	return false
}

var (
	aToken = regexp.MustCompile(`[\w-]{8,}(?:\.[\w-]*){2,4}`)
	aKey   = regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----\n?|$)`)
	// What AWS's credentials look like where a name says what they are.
	aSecret = regexp.MustCompile(`(?i)((?:secret_?access_?key|session_?token|x-amz-security-token|client_?secret|refresh_?token)["']?\s*[:=]\s*["']?)([\w/+=%.-]{16,})`)
)

// scrub is a text without private keys, secrets and, unless they are to stay,
// signatures.
func (r *redaction) scrub(in string, p place) (out string, found bool) {
	if strings.Contains(in, "PRIVATE KEY-----") {
		in = aKey.ReplaceAllStringFunc(in, func(string) string {
			r.note(PrivateKey, p)
			found = true
			return ""
		})
	}
	if len(in) >= 16 && aSecret.MatchString(in) {
		in = aSecret.ReplaceAllStringFunc(in, func(s string) string {
			m := aSecret.FindStringSubmatch(s)
			if strings.Contains(m[2], leftOut) {
				return s
			}
			r.note(Secret, p)
			found = true
			return m[1] + leftOut
		})
	}
	if r.options.Signatures {
		return in, found
	}
	if strings.Count(in, ".") >= 2 {
		in = aToken.ReplaceAllStringFunc(in, func(s string) string {
			unsigned, kind := withoutSignature(s)
			if kind != "" {
				r.note(kind, p)
				found = true
			}
			return unsigned
		})
	}
	if strings.Contains(in, "SignatureValue") || strings.Contains(in, "CipherValue") {
		if bare := r.unsignedXML(in, p); bare != in {
			return bare, true
		}
	}
	if xml := hiddenXML(in); xml != "" {
		if bare := r.unsignedXML(xml, p); bare != xml {
			return base64.StdEncoding.EncodeToString([]byte(bare)), true
		}
	}
	return in, found
}

// withoutSignature is a token in compact form without its last part (RFC 7515
// §7.1), or of one that is encrypted (RFC 7516 §7.1) without all but the
// header. The kind is "" for what is no such token.
func withoutSignature(token string) (string, Kind) {
	parts := strings.Split(token, ".")
	octets, err := base64.RawURLEncoding.DecodeString(parts[0])
	var header struct {
		Alg any `json:"alg"`
	}
	if err != nil || json.Unmarshal(octets, &header) != nil || header.Alg == nil {
		return token, ""
	}
	switch {
	case len(parts) == 3 && (parts[2] == "" || parts[2] == "left"), strings.Trim(strings.Join(parts[1:], ""), ".") == "":
		return token, ""
	case len(parts) == 5:
		return parts[0] + "....", Encrypted
	case len(parts) == 3:
		return parts[0] + "." + parts[1] + ".", Token
	}
	return token, ""
}
