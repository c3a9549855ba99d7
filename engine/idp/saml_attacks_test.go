package idp

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"stsplayground/engine/scenario"
)

// ambushed is an attack next to the honest response of the same description.
type ambushed struct {
	t                  *testing.T
	honest, broken     string
	root, honestRoot   *etree.Element // root is nil where the document has a type
	certificate        *x509.Certificate
	sign, alg, encrypt string
}

// ambush stages an attack; ok says whether it fits.
func ambush(t *testing.T, attack, sign, alg, encrypt string) (s ambushed, ok bool) {
	t.Helper()
	iss := samlIssuer(alg)
	ring := Assign([]scenario.Issuer{*iss})
	to := aws
	to.Encrypt = &rsaKeys[0]().PublicKey
	mint := func(name string) (string, bool) {
		m := response(t, "", "")
		m.Attack, m.Sign, m.Encrypt = name, sign, encrypt
		text, findings := ring.MintResponse(m, iss, to, moment)
		for _, f := range findings {
			if f.Rule != attackSuits.Code {
				t.Errorf("%s: got finding %v, want none", name, f)
			}
		}
		return text, len(findings) == 0
	}
	s = ambushed{t: t, sign: sign, alg: alg, encrypt: encrypt}
	s.honest, _ = mint("")
	s.honestRoot = parsed(t, s.honest)
	s.certificate = metadataCertificates(t, ring.Metadata(iss))[0]
	if s.broken, ok = mint(attack); !ok {
		if s.broken != s.honest {
			t.Errorf("%s doesn't fit, and isn't honest either: %s", attack, s.broken)
		}
		return s, false
	}
	if !strings.Contains(s.broken, "<!DOCTYPE") {
		s.root = parsed(t, s.broken)
	}
	return s, true
}

func (s ambushed) want(ok bool, what string) {
	s.t.Helper()
	if !ok {
		s.t.Errorf("%s, sign %s, encrypt %s: %s\nhonest %s\nbroken %s", s.alg, s.sign, s.encrypt, what, s.honest, s.broken)
	}
}

// bare is the document without any signatures.
func bare(root *etree.Element) string {
	root = root.Copy()
	dropSignatures(root)
	return write(root)
}

func dropSignatures(e *etree.Element) {
	for _, child := range e.ChildElements() {
		if child.Tag == "Signature" {
			e.RemoveChild(child)
		} else {
			dropSignatures(child)
		}
	}
}

// differs checks that the broken response, signatures aside, is the honest
// one with these replacements: old, new, old, new and so on.
func (s ambushed) differs(pairs ...string) {
	s.t.Helper()
	want := bare(s.honestRoot)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(want, pairs[i]) {
			s.t.Fatalf("the honest response has no %s: %s", pairs[i], want)
		}
		want = strings.ReplaceAll(want, pairs[i], pairs[i+1])
	}
	if got := bare(s.root); got != want {
		s.t.Errorf("%s, sign %s:\ngot  %s\nwant %s", s.alg, s.sign, got, want)
	}
}

// genuine checks that the issuer's key made every signature that is asked
// for, over what is there now.
func (s ambushed) genuine() {
	s.t.Helper()
	if s.sign == "assertion" || s.sign == "both" {
		s.want(validated(s.t, assertionOf(s.root), s.certificate) != nil, "the assertion's signature isn't good")
	}
	if s.sign == "response" || s.sign == "both" {
		s.want(validated(s.t, s.root, s.certificate) != nil, "the response's signature isn't good")
	}
}

// spoiled checks that every signature is there and isn't good.
func (s ambushed) spoiled() {
	s.t.Helper()
	for _, e := range s.signed() {
		s.want(signatureOf(e) != nil, "a signature is gone")
		s.want(validated(s.t, e, s.certificate) == nil, "a signature is good")
	}
}

// signed are the elements of the broken response that should be signed.
func (s ambushed) signed() (all []*etree.Element) {
	if s.sign == "assertion" || s.sign == "both" {
		all = append(all, assertionOf(s.root))
	}
	if s.sign == "response" || s.sign == "both" {
		all = append(all, s.root)
	}
	return all
}

const honestName = "dana@example.com"

// evil checks whom an assertion is for.
func (s ambushed) evil(assertion *etree.Element, want bool) {
	s.t.Helper()
	text := write(assertion)
	s.want(strings.Contains(text, ">evil@attacker.test<") == want, fmt.Sprintf("the evil NameID is there: %v", !want))
	s.want(strings.Contains(text, "arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/Example") == want, fmt.Sprintf("the evil role is there: %v", !want))
	s.want(strings.Contains(text, aws.RoleArn) != want, "the honest role")
}

// verifiesAlone checks that an element still has what its signature says,
// when the signature is put back into it.
func (s ambushed) verifiesAlone(original, signature *etree.Element) {
	s.t.Helper()
	e := original.Copy()
	e.InsertChildAt(e.SelectElement("Issuer").Index()+1, plain(signature))
	s.want(validated(s.t, e, s.certificate) != nil, "what was signed isn't what is hidden")
}

// plain is a signature with the children that a signature has.
func plain(signature *etree.Element) *etree.Element {
	c := signature.Copy()
	for _, child := range c.ChildElements() {
		if !slices.Contains([]string{"SignedInfo", "SignatureValue", "KeyInfo"}, child.Tag) {
			c.RemoveChild(child)
		}
	}
	return c
}

// tags are the children's names.
func tags(e *etree.Element) string {
	var all []string
	for _, child := range e.ChildElements() {
		all = append(all, child.Tag)
	}
	return strings.Join(all, " ")
}

func (s ambushed) honestID() string { return assertionOf(s.honestRoot).SelectAttrValue("ID", "") }

func id(e *etree.Element) string { return e.SelectAttrValue("ID", "") }

// before is a root's children, up to the assertion, as tags has them.
func (s ambushed) before() string {
	if s.sign == "both" || s.sign == "response" {
		return "Issuer Signature Status "
	}
	return "Issuer Status "
}

// says checks that the signatures are good and nothing else differs.
func says(pairs ...string) func(ambushed) {
	return func(s ambushed) {
		s.differs(pairs...)
		s.genuine()
	}
}

// responseChecks hold, for each attack, the way in which it differs from the
// honest response.
var responseChecks = map[string]func(s ambushed){
	"none": func(s ambushed) { s.want(s.broken == s.honest, "the responses differ") },
	"xsw1": func(s ambushed) {
		signature := signatureOf(s.root)
		original := signature.SelectElement("Response")
		s.want(tags(signature) == "SignedInfo SignatureValue KeyInfo Response", "want the response last in the signature")
		s.want(id(s.root) == "_evil_response_ID" && id(original) == id(s.honestRoot), "want the IDs of wrapping")
		s.evil(assertionOf(s.root), true)
		s.evil(assertionOf(original), false)
		s.verifiesAlone(original, signature)
	},
	"xsw2": func(s ambushed) {
		s.want(tags(s.root) == "Issuer Response Signature Status Assertion", "want the response before the signature")
		original := s.root.SelectElement("Response")
		s.want(id(s.root) == "_evil_response_ID" && id(original) == id(s.honestRoot), "want the IDs of wrapping")
		s.evil(assertionOf(s.root), true)
		s.evil(assertionOf(original), false)
		s.verifiesAlone(original, signatureOf(s.root))
	},
	"xsw3": func(s ambushed) {
		s.want(tags(s.root) == s.before()+"Assertion Assertion", "want two assertions")
		forged, signed := s.root.SelectElements("Assertion")[0], s.root.SelectElements("Assertion")[1]
		s.want(id(forged) == "_evil_assertion_ID" && signatureOf(forged) == nil, "want the forged one first, without signature")
		s.evil(forged, true)
		s.want(write(signed) == write(assertionOf(s.honestRoot)), "the signed assertion differs")
	},
	"xsw4": func(s ambushed) {
		s.want(tags(s.root) == s.before()+"Assertion", "want one assertion")
		forged := assertionOf(s.root)
		s.want(id(forged) == "_evil_assertion_ID" && tags(forged) == "Issuer Subject Conditions AuthnStatement AttributeStatement Assertion", "want the signed one inside")
		signed := assertionOf(forged)
		s.want(write(signed) == write(assertionOf(s.honestRoot)), "the signed assertion differs")
		forged = forged.Copy()
		forged.RemoveChild(forged.SelectElement("Assertion"))
		s.evil(forged, true)
	},
	"xsw5": func(s ambushed) {
		s.want(tags(s.root) == s.before()+"Assertion Assertion", "want two assertions")
		forged, original := s.root.SelectElements("Assertion")[0], s.root.SelectElements("Assertion")[1]
		s.want(id(forged) == "_evil_assertion_ID" && id(original) == s.honestID() && signatureOf(original) == nil, "want the forged one first, with the signature")
		s.evil(forged, true)
		s.evil(original, false)
		s.verifiesAlone(original, signatureOf(forged))
	},
	"xsw6": func(s ambushed) {
		s.want(tags(s.root) == s.before()+"Assertion", "want one assertion")
		forged := assertionOf(s.root)
		signature := signatureOf(forged)
		s.want(id(forged) == "_evil_assertion_ID" && tags(signature) == "SignedInfo SignatureValue KeyInfo Assertion", "want the signed one in the signature")
		s.verifiesAlone(signature.SelectElement("Assertion"), signature)
		s.evil(signature.SelectElement("Assertion"), false)
		forged = forged.Copy()
		dropSignatures(forged)
		s.evil(forged, true)
	},
	"xsw7": func(s ambushed) {
		s.want(tags(s.root) == s.before()+"Extensions Assertion", "want extensions before the assertion")
		extensions := s.root.SelectElement("Extensions")
		s.want(extensions.NamespaceURI() == "" && tags(extensions) == "Assertion", "want an assertion in extensions of no namespace")
		forged := assertionOf(extensions)
		s.want(id(forged) == s.honestID() && signatureOf(forged) == nil, "want the same ID, without signature")
		s.evil(forged, true)
		s.want(write(assertionOf(s.root)) == write(assertionOf(s.honestRoot)), "the signed assertion differs")
	},
	"xsw8": func(s ambushed) {
		forged := assertionOf(s.root)
		signature := signatureOf(forged)
		s.want(id(forged) == s.honestID() && tags(signature) == "SignedInfo SignatureValue KeyInfo Object", "want an object in the signature")
		original := find(signature, "Object", "Assertion")
		s.want(id(original) == s.honestID(), "want the same ID")
		s.evil(original, false)
		s.verifiesAlone(original, signature)
		forged = forged.Copy()
		dropSignatures(forged)
		s.evil(forged, true)
	},
	"second-assertion": func(s ambushed) {
		s.want(tags(s.root) == s.before()+"Assertion Assertion", "want two assertions")
		signed, forged := s.root.SelectElements("Assertion")[0], s.root.SelectElements("Assertion")[1]
		s.want(id(forged) == "_evil_assertion_ID" && signatureOf(forged) == nil, "want the forged one behind, without signature")
		s.evil(forged, true)
		s.want(write(signed) == write(assertionOf(s.honestRoot)), "the signed assertion differs")
	},
	"duplicate-id": func(s ambushed) {
		forged, signed := s.root.SelectElements("Assertion")[0], s.root.SelectElements("Assertion")[1]
		s.want(id(forged) == s.honestID() && id(signed) == s.honestID() && signatureOf(forged) == nil, "want one ID twice")
		s.evil(forged, true)
		s.want(write(signed) == write(assertionOf(s.honestRoot)), "the signed assertion differs")
	},
	"signature-in-wrong-place": func(s ambushed) {
		s.want(signatureOf(assertionOf(s.root)) == nil && s.root.SelectElement("Issuer").NextSibling().Tag == "Signature", "want the signature in the response")
		s.verifiesAlone(assertionOf(s.root), signatureOf(s.root))
		s.differs()
	},
	"unsigned": func(s ambushed) {
		s.want(!strings.Contains(s.broken, "Signature"), "got a signature")
		if s.encrypt == "" {
			s.differs(">"+honestName+"</saml:NameID>", ">evil@attacker.test</saml:NameID>", "role/team/deploy", "role/Admin")
		}
	},
	"stripped": func(s ambushed) {
		s.want(s.broken == bare(s.honestRoot), "want the honest response without its signatures")
	},
	"tampered-name-id": func(s ambushed) {
		s.want(s.broken == strings.Replace(s.honest, ">"+honestName+"</saml:NameID>", ">evil@attacker.test</saml:NameID>", 1), "want the NameID changed and nothing else")
		s.spoiled()
	},
	"tampered-role": func(s ambushed) {
		s.want(s.broken == strings.Replace(s.honest, "role/team/deploy", "role/Admin", 1), "want the role changed and nothing else")
		s.spoiled()
	},
	"comment-in-name-id": func(s ambushed) {
		s.differs(">"+honestName+"</saml:NameID>", ">"+honestName+"<!---->.evil.test</saml:NameID>")
		s.genuine()
	},
	"pi-in-name-id": func(s ambushed) {
		s.differs(">"+honestName+"</saml:NameID>", ">"+honestName+"<?x y?>.evil.test</saml:NameID>")
		s.genuine()
	},
	"foreign-key": func(s ambushed) {
		s.differs()
		s.spoiled()
		for _, e := range s.signed() {
			theirs := certificateIn(s.t, signatureOf(e).SelectElement("KeyInfo"))
			s.want(!theirs.Equal(s.certificate), "KeyInfo has the issuer's certificate")
			s.want(validated(s.t, e, theirs) != nil, "the certificate's key didn't sign")
		}
	},
	"foreign-key-with-our-certificate": func(s ambushed) {
		s.differs()
		s.spoiled()
		for _, e := range s.signed() {
			s.want(certificateIn(s.t, signatureOf(e).SelectElement("KeyInfo")).Equal(s.certificate), "KeyInfo has another certificate")
			s.digestHolds(e)
		}
	},
	"hmac-with-certificate": func(s ambushed) {
		s.differs()
		for _, e := range s.signed() {
			signature := signatureOf(e)
			s.want(find(signature, "SignedInfo", "SignatureMethod").SelectAttrValue("Algorithm", "") == "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "want HMAC")
			mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate.Raw}))
			mac.Write([]byte(signedInfoText(signature)))
			s.want(signature.SelectElement("SignatureValue").Text() == base64.StdEncoding.EncodeToString(mac.Sum(nil)), "the value isn't the HMAC with the certificate")
			s.digestHolds(e)
		}
	},
	"digest-comment": func(s ambushed) {
		s.differs(">"+honestName+"</saml:NameID>", ">evil@attacker.test</saml:NameID>", "role/team/deploy", "role/Admin")
		s.spoiled()
		for i, e := range s.signed() {
			value := find(signatureOf(e), "SignedInfo", "Reference", "DigestValue")
			comment, ok := value.Child[0].(*etree.Comment)
			s.want(ok && comment.Data == s.digest(e), "the comment isn't the digest of what is there")
			honest := find(signatureOf(s.signedHonestly()[i]), "SignedInfo", "Reference", "DigestValue")
			s.want(value.Text() == honest.Text(), "the digest isn't the honest one")
			s.want(signedInfoText(signatureOf(e)) == signedInfoText(signatureOf(s.signedHonestly()[i])), "SignedInfo isn't what was signed")
		}
	},
	"two-signed-infos": func(s ambushed) {
		s.differs(">"+honestName+"</saml:NameID>", ">evil@attacker.test</saml:NameID>", "role/team/deploy", "role/Admin")
		s.spoiled()
		for i, e := range s.signed() {
			signature := signatureOf(e)
			s.want(tags(signature) == "SignedInfo SignedInfo SignatureValue KeyInfo", "want two SignedInfo")
			s.want(find(signature, "SignedInfo", "Reference", "DigestValue").Text() == s.digest(e), "the first isn't of what is there")
			second := signature.Copy()
			second.RemoveChild(second.SelectElement("SignedInfo"))
			s.want(write(second) == write(signatureOf(s.signedHonestly()[i])), "the second isn't the honest one")
		}
	},
	"xslt-transform": func(s ambushed) {
		s.want(strings.Count(s.broken, "http://www.w3.org/TR/1999/REC-xslt-19991116") == max(1, len(s.signed())), "want a transform by XSLT")
		if s.encrypt != "" {
			return
		}
		s.differs(">"+honestName+"</saml:NameID>", ">evil@attacker.test</saml:NameID>", "role/team/deploy", "role/Admin")
		for _, e := range s.signed() {
			want := digestOf(s.certificateHash(), "anything")
			s.want(find(signatureOf(e), "SignedInfo", "Reference", "DigestValue").Text() == base64.StdEncoding.EncodeToString(want), "the digest isn't that of the transform's result")
			s.keySigned(signatureOf(e))
		}
	},
	"md5": func(s ambushed) {
		s.differs()
		for _, e := range s.signed() {
			signature := signatureOf(e)
			s.want(find(signature, "SignedInfo", "SignatureMethod").SelectAttrValue("Algorithm", "") == "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "want rsa-md5")
			value, _ := base64.StdEncoding.DecodeString(signature.SelectElement("SignatureValue").Text())
			digest := digestOf(crypto.MD5, signedInfoText(signature))
			s.want(rsa.VerifyPKCS1v15(s.certificate.PublicKey.(*rsa.PublicKey), crypto.MD5, digest, value) == nil, "the signature isn't good")
		}
	},
	"sha1": func(s ambushed) {
		s.differs()
		s.genuine()
		for _, e := range s.signed() {
			info := signatureOf(e).SelectElement("SignedInfo")
			s.want(strings.HasSuffix(find(info, "SignatureMethod").SelectAttrValue("Algorithm", ""), "-sha1"), "want a signature with SHA-1")
			s.want(find(info, "Reference", "DigestMethod").SelectAttrValue("Algorithm", "") == "http://www.w3.org/2000/09/xmldsig#sha1", "want a digest with SHA-1")
		}
	},
	"expired": says(
		"2026-04-28T10:30:00Z", "2026-04-28T08:30:00Z", "2026-04-28T10:25:00Z", "2026-04-28T08:25:00Z", "2026-04-28T10:35:00Z", "2026-04-28T08:35:00Z"),
	"not-yet-valid": says("2026-04-28T10:25:00Z", "2026-04-28T11:30:00Z", "2026-04-28T10:35:00Z", "2026-04-28T12:30:00Z"),
	"redeemed-late": says(
		"2026-04-28T10:30:00Z", "2026-04-28T10:20:00Z", "2026-04-28T10:25:00Z", "2026-04-28T10:15:00Z", "2026-04-28T10:35:00Z", "2026-04-28T11:30:00Z"),
	"session-expired": func(s ambushed) {
		index := find(assertionOf(s.honestRoot), "AuthnStatement").SelectAttrValue("SessionIndex", "")
		says(`AuthnInstant="2026-04-28T10:30:00Z" SessionIndex="`+index+`"`, `AuthnInstant="2026-04-28T02:30:00Z" SessionIndex="`+index+`" SessionNotOnOrAfter="2026-04-28T10:29:00Z"`)(s)
	},
	"wrong-recipient":   says(`Recipient="https://signin.aws.amazon.com/saml"`, `Recipient="https://sp.example.com/saml/acs"`),
	"missing-recipient": says(` Recipient="https://signin.aws.amazon.com/saml"`, ""),
	"wrong-audience":    says(">urn:amazon:webservices<", ">https://sp.example.com/saml/metadata<"),
	"missing-audience":  says("<saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>", "", "></saml:Conditions>", "/>"),
	"wrong-issuer":      says(">https://idp.example.com/saml<", ">https://attacker.test/saml<"),
	"no-name-id":        says(`<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">dana@example.com</saml:NameID>`, ""),
	"no-confirmation": func(s ambushed) {
		confirmation := write(find(assertionOf(s.honestRoot), "Subject", "SubjectConfirmation"))
		says(confirmation, "")(s)
	},
	"two-confirmations": func(s ambushed) {
		confirmation := write(find(assertionOf(s.honestRoot), "Subject", "SubjectConfirmation"))
		says(confirmation, confirmation+strings.Replace(confirmation, "https://signin.aws.amazon.com/saml", "https://sp.example.com/saml/acs", 1))(s)
	},
	"holder-of-key": says(`Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"`, `Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"`),
	"status-failure": says(`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`,
		`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>`),
	"doctype": func(s ambushed) {
		s.want(s.broken == "<!DOCTYPE samlp:Response>"+s.honest, "want a document type before the honest response")
	},
	"entity-bomb": func(s ambushed) {
		head, rest, ok := strings.Cut(s.broken, "]>")
		s.want(ok && strings.HasPrefix(head, `<!DOCTYPE samlp:Response [<!ENTITY a0 "ha"><!ENTITY a1 "&a0;`), "want entities")
		s.want(strings.Count(head, "<!ENTITY") == 10 && strings.Count(head, "&a8;") == 10 && len(head) < 1000, "want nine levels of ten")
		message := "<samlp:StatusMessage>&a9;</samlp:StatusMessage>"
		s.want(strings.Count(rest, message) == 1, "want one reference to the last")
		s.root = parsed(s.t, strings.Replace(rest, message, "", 1))
		s.differs()
	},
	"encrypted-for-someone-else": func(s ambushed) {
		encrypted := s.root.SelectElement("EncryptedAssertion")
		s.want(encrypted != nil && assertionOf(s.root) == nil, "want an encrypted assertion")
		_, err := decrypted(s.t, encrypted, rsaKeys[0]())
		s.want(err != nil, "the call's key opens it")
	},
}

// digest is the digest of an element without its signature, by the hash that
// its signature has.
func (s ambushed) digest(e *etree.Element) string {
	s.t.Helper()
	e = e.Copy()
	e.RemoveChild(signatureOf(e))
	return base64.StdEncoding.EncodeToString(digestOf(s.certificateHash(), independent(s.t, e, "")))
}

// digestHolds checks that the digest is that of what is there.
func (s ambushed) digestHolds(e *etree.Element) {
	s.t.Helper()
	hash := s.certificateHash()
	if strings.Contains(s.broken, "hmac-sha256") {
		hash = crypto.SHA256
	}
	c := e.Copy()
	c.RemoveChild(signatureOf(c))
	want := base64.StdEncoding.EncodeToString(digestOf(hash, independent(s.t, c, "")))
	s.want(find(signatureOf(e), "SignedInfo", "Reference", "DigestValue").Text() == want, "the digest isn't that of what is there")
}

// certificateHash is the hash of the issuer's algorithm.
func (s ambushed) certificateHash() crypto.Hash {
	alg, _ := algorithmOf(s.alg)
	return alg.hash
}

// keySigned checks that the issuer's key signed the SignedInfo.
func (s ambushed) keySigned(signature *etree.Element) {
	s.t.Helper()
	alg, _ := algorithmOf(s.alg)
	key := Assign([]scenario.Issuer{*samlIssuer(s.alg)}).signer(samlIssuer(s.alg), "")
	want := key.sign(alg, signedInfoText(signature))
	s.want(signature.SelectElement("SignatureValue").Text() == base64.StdEncoding.EncodeToString(want), "the issuer's key didn't sign")
}

// signedHonestly are the signed elements of the honest response.
func (s ambushed) signedHonestly() []*etree.Element {
	s.root = s.honestRoot
	return s.signed()
}

func TestEachAttackOnAResponseDiffersAsItSays(t *testing.T) {
	for _, a := range responseAttacks {
		t.Run(a.Name, func(t *testing.T) {
			check := responseChecks[a.Name]
			if check == nil {
				t.Fatal("nothing says how it differs from the honest response")
			}
			var fits int
			for _, alg := range []string{"RS256", "RS512", "ES256"} {
				for _, sign := range []string{"assertion", "response", "both", "none"} {
					if s, ok := ambush(t, a.Name, sign, alg, ""); ok {
						fits++
						check(s)
					}
				}
			}
			if fits == 0 {
				t.Error("it never fits")
			}
			if !strings.HasSuffix(a.About, ".") || strings.HasSuffix(a.Title, ".") {
				t.Errorf("got %q, %q, want a title without and a sentence with a full stop", a.Title, a.About)
			}
			if (a.fits == nil) != (a.needs == "") {
				t.Errorf("got needs %q, want it where the attack doesn't always fit", a.needs)
			}
		})
	}
	if len(responseChecks) != len(responseAttacks) {
		t.Errorf("got %d checks, want %d", len(responseChecks), len(responseAttacks))
	}
}

func TestAttacksThatFitAnEncryptedAssertionLeaveItEncrypted(t *testing.T) {
	for _, a := range responseAttacks {
		s, ok := ambush(t, a.Name, "both", "RS256", "aes256-gcm")
		if ok && strings.Contains(s.broken, "<saml:Assertion") {
			t.Errorf("%s: got an assertion in the clear: %s", a.Name, s.broken)
		}
		clear := slices.Contains([]string{needsSigned, needsAssertion, needsResponse}, a.needs)
		if ok == clear {
			t.Errorf("%s: got it staged %v, and it needs %q", a.Name, ok, a.needs)
		}
	}
}

func TestAForgeryLeavesOtherAttributesAlone(t *testing.T) {
	m := response(t, `{"Role":["arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:saml-provider/b","arn:aws:iam::123456789012:saml-provider/b,arn:aws:iam::210987654321:role/x/y","odd"],"role":"arn:aws:iam::123456789012:role/a"}`, "")
	m.Attack = "unsigned"
	root := parsed(t, mintedResponse(t, m))
	want := []string{
		"arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/b",
		"arn:aws:iam::123456789012:saml-provider/b,arn:aws:iam::210987654321:role/Admin", "odd",
	}
	if got := attributeNamed(root, attrRole); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := attributeNamed(root, "role"); !slices.Equal(got, []string{"arn:aws:iam::123456789012:role/a"}) {
		t.Errorf("got %q, want it as it was", got)
	}
	m = response(t, `{"Role":null,"RoleSessionName":null}`, "")
	m.Attack = "unsigned"
	parsed(t, mintedResponse(t, m))
}
