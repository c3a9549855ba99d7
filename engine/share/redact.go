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
	r := &redaction{options: o, packed: packed{left: mostUnpacked}}
	redacted := r.without(scenario, "", nil)
	r.packed.left = mostUnpacked
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
	packed  packed
}

// without is a tree without what it mustn't hold, in values and in names.
func (r *redaction) without(n *source.Node, path string, names []string) source.Node {
	return visit{change: r.change, drop: r.drop, rename: func(name string) string {
		return r.scrubbed(text(name), place{}).Text
	}}.node(n, path, names)
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
		return r.object(n, p)
	case source.Number:
		if isSecretName(p.name()) {
			r.note(Secret, p)
			return text(leftOut)
		}
	case source.String:
		parameter, below := p.parameter()
		switch {
		case isSecretName(p.name()) && n.Text != "":
			if n.Text == leftOut {
				return n
			}
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

// object is an object without the private members of a JSON Web Key, the
// signatures of a token in JSON (RFC 7515 §7.2), and the value of a pair that
// names a secret.
func (r *redaction) object(n source.Node, p place) source.Node {
	if n.Get("kty") != nil {
		kept := keep(n.Members, func(m *source.Member) bool { return !privateMembers[m.Name] })
		if len(kept) < len(n.Members) {
			r.note(PrivateKey, p)
			n.Members = kept
		}
	}
	if signature := n.Get("signature"); signature != nil && !r.options.Signatures && (n.Get("protected") != nil || n.Get("payload") != nil) && saysSomething(signature) {
		r.note(Token, p)
		set(&n, "signature", text(""))
	}
	if isSecretName(named(&n)) {
		for _, name := range []string{"Value", "value"} {
			if value := n.Get(name); value != nil && saysSomething(value) && value.Text != leftOut {
				r.note(Secret, p)
				set(&n, name, text(leftOut))
			}
		}
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
		return r.scrubbed(text(parts[0]+"."+parts[1]+".left=out"), p)
	case header == nil || claims == nil || strings.TrimSpace(n.Text) != n.Text:
		// Refused however it is signed; in another form it might not be.
		r.note(Token, p)
		return r.scrubbed(text(parts[0]+"."+parts[1]+"."), p)
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
// titles and policies too. A string of JSON is gone through as JSON is, and is
// written anew where something was in it.
func (r *redaction) scrubbed(n source.Node, p place) source.Node {
	n.Text, _ = r.scrub(n.Text, p)
	if begin := strings.TrimSpace(n.Text); strings.HasPrefix(begin, "{") || strings.HasPrefix(begin, "[") {
		if inner, err := source.ParseJSON(n.Text); err == nil {
			before := len(r.changes)
			inner = r.without(&inner, p.path, nil)
			if len(r.changes) > before {
				return text(inner.JSON("  "))
			}
		}
	}
	return n
}

// aToken is a token in compact form, its parts padded or not, and a broken one
// is one whose lines break. What begins as JSON does begins with ey or ew.
var (
	aToken  = regexp.MustCompile(`[\w+/-]{8,}=*(?:(?:\.|%2[Ee])[\w+/-]*=*){2,4}`)
	aBroken = regexp.MustCompile(`\be[yw][\w+/-]{6,}=*(?:[ \t]*\r?\n[ \t]*[\w+/-]+=*)*(?:(?:[ \t]*\r?\n[ \t]*)?\.[\w+/-]*=*(?:[ \t]*\r?\n[ \t]*[\w+/-]+=*)*){2,4}`)
)

// scrub is a text without private keys, secrets and, unless they are to stay,
// signatures, in what base64 in it holds too.
func (r *redaction) scrub(in string, p place) (out string, found bool) {
	return r.scrubAt(in, p, 0)
}

func (r *redaction) scrubAt(in string, p place, depth int) (out string, found bool) {
	in, found = r.withoutSecrets(in, p)
	if !r.options.Signatures {
		bare := r.withoutSignatures(in, p)
		found = found || bare != in
		in = bare
	}
	if len(in) < 24 {
		return in, found
	}
	in, hidden := r.packed.through(in, depth, func(plain string, depth int) (string, bool) {
		return r.scrubAt(plain, p, depth)
	}, func(octets []byte) (string, bool) {
		if !isPrivateKey(octets) {
			return "", false
		}
		r.note(PrivateKey, p)
		return "", true
	}, leftOut)
	return in, found || hidden
}

// aQuerySignature signs what stands before it in an address (SAML Bindings
// §3.4.4.1).
var aQuerySignature = regexp.MustCompile(`(\b(?:SigAlg|SAMLResponse)=[^\s"'<>]*?[&;]Signature=)([\w+/%=-]{16,})`)

// unbroken puts what a function makes of tokens whose lines break in their
// place. A last line that goes on with something else is none of a token's.
func unbroken(in string, with func(string) string) string {
	var out strings.Builder
	end := 0
	for _, at := range aBroken.FindAllStringIndex(in, -1) {
		last := strings.LastIndexByte(in[at[0]:at[1]], '\n')
		if last >= 0 && at[1] < len(in) && strings.ContainsRune(" \t:,;=!?([{", rune(in[at[1]])) {
			at[1] = at[0] + last
		}
		out.WriteString(in[end:at[0]] + with(in[at[0]:at[1]]))
		end = at[1]
	}
	return out.String() + in[end:]
}

// withoutSignatures is a text without those of tokens and XML.
func (r *redaction) withoutSignatures(in string, p place) string {
	if strings.Count(in, ".")+strings.Count(in, "%2") >= 2 {
		unsigned := func(s string) string {
			unsigned, kind := withoutSignature(s)
			if kind != "" {
				r.note(kind, p)
			}
			return unsigned
		}
		if strings.Contains(in, "\n") {
			in = unbroken(in, unsigned)
		}
		in = aToken.ReplaceAllStringFunc(in, unsigned)
	}
	if strings.Contains(in, "Signature=") {
		in = replaced(aQuerySignature, in, func(m []string) string {
			r.note(Response, p)
			return m[1]
		})
	}
	if strings.Contains(in, "SignatureValue") || strings.Contains(in, "CipherValue") {
		in = r.unsignedXML(in, p)
	}
	return in
}

var aDot = regexp.MustCompile(`%2[Ee]`)

// withoutSignature is a token in compact form without its last part (RFC 7515
// §7.1), or of one that is encrypted (RFC 7516 §7.1) without all but the
// header. The kind is "" for what is no such token.
func withoutSignature(token string) (string, Kind) {
	parts := strings.Split(aDot.ReplaceAllString(token, "."), ".")
	octets := unbased(strings.Join(strings.Fields(parts[0]), ""))
	var header struct {
		Alg any `json:"alg"`
	}
	if json.Unmarshal(octets, &header) != nil || header.Alg == nil {
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
