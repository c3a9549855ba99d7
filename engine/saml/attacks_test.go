package saml

import (
	"strings"
	"testing"
)

type attack struct {
	name, xml string
	reason    Reason
}

const objectOpen, objectClose = `<ds:Object>`, `</ds:Object>`

// attacks are responses that have to be refused: signature wrapping as SAML
// Raider does it (XSW 1 to 10, after Somorovsky et al., "On Breaking SAML: Be
// Whoever You Want to Be"), and what verifiers have been deceived with since.
// Each would make a reader that isn't careful read another identity than the
// signed one.
func attacks() []attack {
	ecdsaSHA256 := "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	signedA, signedR := sign(base, signing{id: "_a1"}), sign(base, signing{id: "_r1"})
	both := sign(signedA, signing{id: "_r1"})
	a, _ := cut(signedA, "<saml:Assertion", "</saml:Assertion>")
	signature, bare := signatureIn(a)
	responseSignature, bareR := signatureIn(signedR)
	evilBare := edit(evil(bare), `"_a1"`, `"_evil_assertion_ID"`)
	evilSigned := edit(evil(a), `ID="_a1"`, `ID="_evil_assertion_ID"`)
	// into puts text inside the signature, behind what is there.
	into := func(signature, inner string) string {
		return edit(signature, "</ds:Signature>", inner+"</ds:Signature>")
	}
	signed := func(s signing) string { s.id = "_a1"; return sign(base, s) }
	value, _ := cut(a, "<ds:SignatureValue>", "</ds:SignatureValue>")
	info, _ := cut(a, "<ds:SignedInfo>", "</ds:SignedInfo>")
	reference, _ := cut(a, "<ds:Reference ", "</ds:Reference>")
	transforms, _ := cut(a, "<ds:Transforms>", "</ds:Transforms>")
	digest, _ := cut(a, "<ds:DigestValue>", "</ds:DigestValue>")
	evilInfo, _ := cut(sign(evil(base), signing{id: "_a1", key: rsaTwo}), "<ds:SignedInfo>", "</ds:SignedInfo>")
	transform := func(uri, inner string) string {
		return `<ds:Transform Algorithm="` + uri + `">` + inner + `</ds:Transform>`
	}
	usual := transform(enveloped, "") + transform(excC14n, "")
	const xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116"
	const xslt = "http://www.w3.org/TR/1999/REC-xslt-19991116"
	forged := func(keyInfo string) string {
		return sign(evil(base), signing{id: "_a1", key: rsaTwo, keyInfo: keyInfo})
	}
	inNameID := func(text string) string { return edit(base, "alice@example.test", text) }
	const md5RSA, md5 = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "http://www.w3.org/2001/04/xmldsig-more#md5"
	return []attack{
		// Wrapping.
		{"the signed response inside the signature of another", edit(evil(bareR), `ID="_r1"`, `ID="_evil_response_ID"`, status, into(responseSignature, bareR)+status), WrongShape},
		{"the signed response before its signature in another", edit(evil(bareR), `ID="_r1"`, `ID="_evil_response_ID"`, status, bareR+responseSignature+status), WrongShape},
		{"an unsigned assertion before the signed one", head + evilBare + a + tail, WrongShape},
		{"the signed assertion inside another", head + edit(evilBare, "</saml:Assertion>", a+"</saml:Assertion>") + tail, WrongShape},
		{"the signed assertion behind another that has its signature", head + evilSigned + bare + tail, WrongShape},
		{"the signed assertion in its signature on another", head + edit(evilBare, "</saml:Issuer>", "</saml:Issuer>"+into(signature, bare)) + tail, WrongShape},
		{"an assertion of the same ID in Extensions", head + "<Extensions>" + evil(bare) + "</Extensions>" + a + tail, WrongShape},
		{"the signed assertion in an Object of its signature on another", head + edit(evil(bare), "</saml:Issuer>", "</saml:Issuer>"+into(signature, "<Object>"+bare+"</Object>")) + tail, WrongShape},
		{"the signed assertion in an Object of a copied signature on the response", edit(head, status, into(signature, `<Object xmlns="`+nsSignature+`">`+a+`</Object>`)+status) + edit(evil(bare), `"_a1"`, `"_a1ffff"`) + tail, WrongShape},
		{"an unsigned assertion behind the signed one", head + a + evilBare + tail, WrongShape},
		{"an assertion of the same ID before the signed one", head + evil(bare) + a + tail, WrongShape},
		{"an assertion in StatusDetail", edit(head, "</samlp:Status>", "<samlp:StatusDetail>"+evilBare+"</samlp:StatusDetail></samlp:Status>") + a + tail, WrongShape},
		{"the signed assertion in StatusDetail, and another in its place", edit(head, "</samlp:Status>", "<samlp:StatusDetail>"+a+"</samlp:StatusDetail></samlp:Status>") + evilBare + tail, WrongShape},
		{"the signed assertion in Advice of another", head + edit(evilBare, "</saml:Conditions>", "</saml:Conditions><saml:Advice>"+a+"</saml:Advice>") + tail, WrongShape},
		{"the response inside another element", "<wrap>" + signedA + "</wrap>", OtherRoot},
		{"the signed assertion in Extensions, and another in its place", edit(head, status, "<samlp:Extensions>"+a+"</samlp:Extensions>"+status) + evilBare + tail, WrongShape},
		{"a forged digest in StatusDetail (CVE-2024-45409)", edit(head, "</samlp:Status>", `<samlp:StatusDetail><ds:DigestValue xmlns:ds="`+nsSignature+`">`+evilInfo+`</ds:DigestValue></samlp:StatusDetail></samlp:Status>`) + evil(a) + tail, BadSignature},
		{"a comment before the digest (CVE-2025-29775)", head + edit(evil(a), "<ds:DigestValue>", "<ds:DigestValue><!--forged-->") + tail, Profile},
		{"a second SignedInfo before the signed one (CVE-2025-29774)", head + edit(evil(a), info, evilInfo+info) + tail, Profile},
		{"a second SignedInfo behind the signed one", head + edit(evil(a), info, info+evilInfo) + tail, Profile},
		{"the signed SignedInfo in an Object", head + edit(evil(a), info, evilInfo, value, value+objectOpen+info+objectClose) + tail, Profile},
		{"an encrypted assertion beside the signed one", head + a + "<saml:EncryptedAssertion/>" + tail, WrongShape},
		{"an encrypted assertion in Advice", head + edit(a, "</saml:Conditions>", "</saml:Conditions><saml:Advice><saml:EncryptedAssertion/></saml:Advice>") + tail, WrongShape},

		// IDs.
		{"two IDs on the assertion", edit(signedA, `ID="_a1"`, `ID="_a1" ID="_x"`), IllFormed},
		{"a prefixed ID on the assertion", edit(signedA, `ID="_a1"`, `saml:ID="_x" ID="_a1"`), WrongShape},
		{"an Id beside the ID of the assertion", edit(signedA, `ID="_a1"`, `Id="_x" ID="_a1"`), WrongShape},
		{"an xml:id on the assertion", edit(signedA, `ID="_a1"`, `xml:id="_x" ID="_a1"`), WrongShape},
		{"an element elsewhere with the assertion's ID as its id", edit(signedA, "<samlp:Status>", `<samlp:Status id="_a1">`), WrongShape},
		{"one ID for response and assertion", sign(edit(base, `"_a1"`, `"_r1"`), signing{id: "_r1"}), WrongShape},
		{"no ID on the assertion", edit(signedA, ` ID="_a1"`, ``), WrongShape},
		{"an empty ID on the assertion", edit(signedA, `ID="_a1"`, `ID=""`), WrongShape},
		{"an ID that isn't a name", sign(edit(base, `"_a1"`, `"a/b"`), signing{id: "a/b"}), WrongShape},
		{"a relative namespace around the signature", edit(evil(signedA), "<samlp:Response ", `<samlp:Response xmlns:ns="1" `), IllFormed},

		// Content.
		{"a processing instruction in the NameID", edit(signedA, "alice@example.test", "alice@example.test<?x y?>.evil.test"), IllFormed},
		{"a signed element in the NameID", sign(inNameID("alice@example.test<x/>.evil.test"), signing{id: "_a1"}), WrongShape},
		{"a signed element in the value of AWS's Role", sign(edit(base, "role/Dev", "role/Dev<x/>"), signing{id: "_a1"}), WrongShape},
		{"a signed element in the Issuer", sign(edit(base, "urn:amazon:webservices", "urn:amazon:webservices<x/>"), signing{id: "_a1"}), WrongShape},
		{"another NameID, and no signature", evil(base), Unsigned},
		{"the signature taken away", head + bare + tail, Unsigned},
		{"another NameID than the signed one", evil(signedA), BadSignature},
		{"another NameID in a response that is signed", evil(signedR), BadSignature},

		// Keys.
		{"another key, with its own certificate", forged(keyInfoOf(rsaTwo, "attacker")), BadSignature},
		{"another key, with the provider's certificate", forged(keyInfoOf(rsaOne, "idp")), BadSignature},
		{"another key, with no KeyInfo", forged(""), BadSignature},
		{"another key, with two certificates, the provider's first", forged(`<ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + certificateOf(rsaOne, "idp") + `</ds:X509Certificate><ds:X509Certificate>` + certificateOf(rsaTwo, "attacker") + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`), BadSignature},
		{"an elliptic curve key that isn't the provider's", sign(evil(base), signing{id: "_a1", key: ec384, method: ecdsaSHA256}), BadSignature},

		// Algorithms.
		{"HMAC with the certificate as its secret", edit(forged(""), rsaSHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), Algorithm},
		{"HMAC with SHA-1", edit(forged(""), rsaSHA256, nsSignature+"hmac-sha1"), Algorithm},
		{"a signature with MD5", signed(signing{method: md5RSA}), Algorithm},
		{"a digest with MD5", signed(signing{digest: md5}), Algorithm},
		{"a signature with RIPEMD-160", signed(signing{method: "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160"}), Algorithm},
		{"a signature with SHA-224", signed(signing{method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224"}), Algorithm},
		{"DSA", signed(signing{method: nsSignature + "dsa-sha1"}), Algorithm},
		{"RSA-PSS", signed(signing{method: "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"}), Algorithm},
		{"Ed25519", signed(signing{method: "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519"}), Algorithm},
		{"a digest with SHA-3", signed(signing{digest: "http://www.w3.org/2007/05/xmldsig-more#sha3-256"}), Algorithm},
		{"no algorithm at all", edit(signedA, `<ds:SignatureMethod Algorithm="`+rsaSHA256+`"/>`, `<ds:SignatureMethod/>`), Algorithm},
		{"a prefixed Algorithm beside the real one", edit(signedA, `<ds:SignatureMethod `, `<ds:SignatureMethod ds:Algorithm="`+rsaSHA("1")+`" `), Profile},
		{"a prefixed URI beside the real one", edit(signedA, `<ds:Reference `, `<ds:Reference ds:URI="#_x" `), Profile},
		{"a HMACOutputLength", edit(signedA, `<ds:SignatureMethod Algorithm="`+rsaSHA256+`"/>`, `<ds:SignatureMethod Algorithm="`+rsaSHA256+`"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>`), Profile},

		// The form of the signature.
		{"an XSLT transform", sign(evil(base), signing{id: "_a1", transforms: transform(enveloped, "") + transform(xslt, "<x/>") + transform(excC14n, ""), content: "constant"}), Profile},
		{"an XSLT transform in place of canonicalization", sign(evil(base), signing{id: "_a1", transforms: transform(enveloped, "") + transform(xslt, "<x/>"), content: "constant"}), Profile},
		{"an XPath transform that leaves the Subject out", sign(evil(base), signing{id: "_a1", transforms: transform(enveloped, "") + transform(xpath, "<ds:XPath>not(ancestor-or-self::Subject)</ds:XPath>"), content: "constant"}), Profile},
		{"no enveloped-signature", signed(signing{transforms: transform(excC14n, "")}), Profile},
		{"canonicalization before enveloped-signature", signed(signing{transforms: transform(excC14n, "") + transform(enveloped, "")}), Profile},
		{"enveloped-signature twice", signed(signing{transforms: transform(enveloped, "") + transform(enveloped, "")}), Profile},
		{"three transforms", signed(signing{transforms: usual + transform(excC14n, "")}), Profile},
		{"no Transforms", edit(signedA, transforms, ""), Profile},
		{"an element inside enveloped-signature", signed(signing{transforms: transform(enveloped, "<x/>") + transform(excC14n, "")}), Profile},
		{"an empty URI on the assertion's signature", signed(signing{uri: "empty"}), Profile},
		{"an XPointer as the URI", signed(signing{uri: "#xpointer(id('_a1'))"}), Profile},
		{"an external URI", signed(signing{uri: "https://attacker.test/a.xml"}), Profile},
		{"a lone # as the URI", signed(signing{uri: "#"}), Profile},
		{"another character than # in the URI", signed(signing{uri: "!_a1"}), Profile},
		{"no URI", edit(signedA, ` URI="#_a1"`, ``), Profile},
		{"the assertion's signature referring to the response", signed(signing{uri: "#_r1"}), Profile},
		{"two references", edit(signedA, reference, reference+edit(reference, "#_a1", "#_r1")), Profile},
		{"the assertion's signature on the response", edit(head, status, signature+status) + bare + tail, Profile},
		{"the assertion's signature in Advice", head + edit(bare, "</saml:Conditions>", "</saml:Conditions><saml:Advice>"+signature+"</saml:Advice>") + tail, WrongShape},
		{"two signatures on the assertion", head + edit(a, signature, signature+signature) + tail, WrongShape},
		{"an Object in the signature", head + edit(a, "</ds:Signature>", objectOpen+objectClose+"</ds:Signature>") + tail, Profile},
		{"no SignedInfo", edit(signedA, info, ""), Profile},
		{"no SignatureValue", edit(signedA, value, ""), Profile},
		{"SignatureValue before SignedInfo", edit(edit(signedA, value, ""), info, value+info), Profile},
		{"no Reference", edit(signedA, reference, ""), Profile},
		{"no DigestValue", edit(signedA, digest, ""), Profile},
		{"an empty DigestValue", edit(signedA, digest, "<ds:DigestValue/>"), BadSignature},
		{"an empty SignatureValue", edit(signedA, value, "<ds:SignatureValue/>"), BadSignature},
		{"a short SignatureValue", edit(signedA, value, "<ds:SignatureValue>AAAA</ds:SignatureValue>"), BadSignature},
		{"a SignatureValue that isn't base64", edit(signedA, value, "<ds:SignatureValue>*</ds:SignatureValue>"), Profile},
		{"a reference in an attribute replaced by what it stands for", edit(sign(edit(base, "<saml:NameID", `<saml:NameID NameQualifier="a&#10;b"`), signing{id: "_a1"}), "&#10;", "\n"), BadSignature},
		{"an xml: attribute put around an assertion with inclusive canonicalization", edit(sign(base, signing{id: "_a1", c14n: c14n10}), "<samlp:Response ", `<samlp:Response xml:lang="en" `), Limit},
		{"an xml: attribute put around SignedInfo with inclusive canonicalization", edit(sign(base, signing{id: "_a1", infoC14n: c14n11}), "<samlp:Response ", `<samlp:Response xml:lang="en" `), Limit},
		{"two Subjects, signed", sign(edit(base, "<saml:Conditions", "<saml:Subject><saml:NameID>evil@attacker.test</saml:NameID></saml:Subject><saml:Conditions"), signing{id: "_a1"}), WrongShape},
		{"two NameIDs, signed", sign(edit(base, "<saml:SubjectConfirmation ", "<saml:NameID>evil@attacker.test</saml:NameID><saml:SubjectConfirmation "), signing{id: "_a1"}), WrongShape},
		{"two Conditions, signed", sign(edit(base, "</saml:Subject>", "</saml:Subject><saml:Conditions/>"), signing{id: "_a1"}), WrongShape},
		{"two Issuers in the Assertion, signed", sign(edit(base, "<saml:Subject>", "<saml:Issuer>https://attacker.test</saml:Issuer><saml:Subject>"), signing{id: "_a1"}), WrongShape},
		{"a no-break space in SignatureValue", edit(signedA, "<ds:SignatureValue>", "<ds:SignatureValue>\u00a0"), Profile},
		{"a no-break space in DigestValue", edit(signedA, "<ds:DigestValue>", "<ds:DigestValue>\u3000"), Profile},
		{"a no-break space in the signature", edit(signedA, "<ds:SignatureValue>", "\u00a0<ds:SignatureValue>"), Profile},
		{"an element in SignatureValue", edit(signedA, "<ds:SignatureValue>", "<ds:SignatureValue><x/>"), Profile},
		{"text in the signature", edit(signedA, "<ds:SignatureValue>", "text<ds:SignatureValue>"), Profile},
		{"an empty Signature", edit(signedA, signature, `<ds:Signature xmlns:ds="`+nsSignature+`"/>`), Profile},

		// Two signatures, one of them broken.
		{"a broken signature on the response around a good one", edit(both, `Destination="https://signin.aws.amazon.com/saml"`, `Destination="https://attacker.test/saml"`), BadSignature},
		{"a broken signature on the assertion in a response with a good one", sign(evil(signedA), signing{id: "_r1"}), BadSignature},

		// Something else than a response with one assertion.
		{"no assertion", head + tail, WrongShape},
		{"a bare assertion", edit(a, "<saml:Assertion ", `<saml:Assertion xmlns:saml="`+nsAssertion+`" `), OtherRoot},
		{"a LogoutResponse", strings.ReplaceAll(signedA, "samlp:Response", "samlp:LogoutResponse"), OtherRoot},
		{"a Response of another namespace", edit(signedA, nsProtocol, "urn:example:protocol"), OtherRoot},
		{"two signed assertions", head + a + edit(a, "_a1", "_a2") + tail, WrongShape},
		{"version 1.1", edit(signedA, `ID="_r1" Version="2.0"`, `ID="_r1" Version="1.1"`), WrongShape},
		{"an assertion of version 1.1", sign(edit(base, `ID="_a1" Version="2.0"`, `ID="_a1" Version="1.1"`), signing{id: "_a1"}), WrongShape},
		{"two Issuers on the response", edit(signedA, status, "<saml:Issuer>https://attacker.test</saml:Issuer>"+status), WrongShape},
		{"two Status", edit(signedA, status, status+status), WrongShape},
	}
}

func TestAttacksAreRefused(t *testing.T) {
	keys := key(rsaOne)
	seen := map[string]bool{}
	for _, c := range attacks() {
		t.Run(c.name, func(t *testing.T) {
			if seen[c.xml] {
				t.Error("the same document as another case's")
			}
			seen[c.xml] = true
			v, refusal := judge(c.xml, keys)
			if v != nil {
				t.Errorf("got something to read, evil: %t", holdsEvil(v))
			}
			if refusal == nil || refusal.Reason != c.reason {
				t.Fatalf("got %s want %v", describeRefusal(refusal), c.reason)
			}
			checkRefusal(t, refusal)
			if refusal.Line != 1 || refusal.Column < 1 {
				t.Errorf("got position %d:%d want one on line 1", refusal.Line, refusal.Column)
			}
			if strings.Contains(refusal.Why, "wrong") {
				t.Errorf("got %q want words without blame", refusal.Why)
			}
		})
	}
}
