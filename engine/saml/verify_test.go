package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

func ecdsaSHA(size string) string { return "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha" + size }

func rsaSHA(size string) string {
	if size == "1" {
		return nsSignature + "rsa-sha1"
	}
	return "http://www.w3.org/2001/04/xmldsig-more#rsa-sha" + size
}

// goodResponse is a response that has to be accepted.
type goodResponse struct {
	name, xml string
	keys      []Key
	on        string   // what is signed
	subject   string   // "" for alice@example.test
	warnings  []string // a part of each
}

func goodResponses() []goodResponse {
	one := key(rsaOne)
	signed := func(s signing) string {
		if s.id == "" {
			s.id = "_a1"
		}
		return sign(base, s)
	}
	comments := func(xml string) string {
		return edit(xml, "<saml:Subject>", "<!-- one --><saml:Subject><!-- two -->", "</samlp:Status>", "<!-- three --></samlp:Status>")
	}
	signedA := signed(signing{})
	value, _ := cut(signedA, "<ds:SignatureValue>", "</ds:SignatureValue>")
	broken := value
	for i := 60; i+60 < len(broken); i += 70 {
		broken = broken[:i] + "\r\n\t  " + broken[i:]
	}
	signature, bareR := signatureIn(signed(signing{id: "_r1"}))
	const keyName = `<ds:KeyInfo><ds:KeyName>somebody</ds:KeyName></ds:KeyInfo>`
	const keyValue = `<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>`
	const nested = `<saml:Attribute Name="urn:oid:1.3.6.1.4.1.5923.1.1.1.10"><saml:AttributeValue><saml:NameID>opaque</saml:NameID></saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
	all := []goodResponse{
		{"a signed assertion", signedA, one, "Assertion", "", nil},
		{"a signed response", signed(signing{id: "_r1"}), one, "Response", "", nil},
		{"a signed assertion in a signed response", sign(signedA, signing{id: "_r1"}), one, "Response Assertion", "", nil},
		{"an assertion and a response with different keys and algorithms", sign(signedA, signing{id: "_r1", key: ec384, method: ecdsaSHA("384")}), key(ec384, rsaOne), "Response Assertion", "", nil},

		{"the key is another one's neighbour in the metadata", signedA, key(rsaTwo, ec256, rsaOne), "Assertion", "", nil},
		{"a key of the metadata that can't be used stands before the good one", signedA, append([]Key{{Problem: "it is a DSA key"}}, one...), "Assertion", "", nil},

		// A certificate proves nothing, nor does the lack of one.
		{"the certificate in the metadata expired in 2016", signedA, []Key{{Public: &rsaOne.PublicKey, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1451606400, 0)}}, "Assertion", "", nil},
		{"the certificate in the metadata isn't valid yet", signedA, []Key{{Public: &rsaOne.PublicKey, NotBefore: time.Unix(1<<33, 0), NotAfter: time.Unix(1<<34, 0)}}, "Assertion", "", nil},
		{"no KeyInfo", signedA, one, "Assertion", "", nil},
		{"a KeyInfo with the provider's certificate", signed(signing{keyInfo: keyInfoOf(rsaOne, "idp")}), one, "Assertion", "", nil},
		{"a KeyInfo with a renewed certificate of the same key", signed(signing{keyInfo: keyInfoOf(rsaOne, "renewed")}), one, "Assertion", "", nil},
		{"a KeyInfo with the certificate of another key", signed(signing{keyInfo: keyInfoOf(rsaTwo, "other")}), one, "Assertion", "", nil},
		{"a KeyInfo with a KeyName only", signed(signing{keyInfo: keyName}), one, "Assertion", "", nil},
		{"a KeyInfo with a KeyValue only", signed(signing{keyInfo: keyValue}), one, "Assertion", "", nil},
		{"a KeyInfo with something that is no certificate", signed(signing{keyInfo: edit(keyInfoOf(rsaOne, "idp"), "<ds:X509Certificate>M", "<ds:X509Certificate>*")}), one, "Assertion", "", nil},

		// What canonicalization leaves out.
		{"comments beside the content", comments(signedA), one, "Assertion", "", nil},
		{"comments in a signed response", comments(signed(signing{id: "_r1"})), one, "Response", "", nil},
		{"comments, and canonicalization that keeps them, for a reference that doesn't", comments(signed(signing{c14n: excComments})), one, "Assertion", "", nil},
		{"a comment in the NameID cuts nothing off", edit(sign(edit(base, "alice@example.test", "alice@example.test.evil.test"), signing{id: "_a1"}), "alice@example.test.evil", "alice@example.test<!---->.evil"), one, "Assertion", "alice@example.test.evil.test", nil},
		{"CDATA in the NameID", edit(signedA, "alice@example.test", "alice<![CDATA[@example]]>.test"), one, "Assertion", "", nil},
		{"character references in the NameID", edit(signedA, "alice@example.test", "alice&#64;ex&#x61;mple.test"), one, "Assertion", "", nil},
		{"attributes in another order", edit(signedA, `ID="_a1" Version="2.0"`, `Version = '2.0' ID = '_a1'`), one, "Assertion", "", nil},
		{"a line break for a space in an attribute", edit(sign(edit(base, "<saml:NameID", `<saml:NameID NameQualifier="a b"`), signing{id: "_a1"}), `"a b"`, "\"a\r\nb\""), one, "Assertion", "", nil},
		{"a reference to a line break in an attribute", sign(edit(base, "<saml:NameID", `<saml:NameID NameQualifier="a&#10;b"`), signing{id: "_a1"}), one, "Assertion", "", nil},
		{"an XML declaration", `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + signedA, one, "Assertion", "", nil},
		{"a SignatureValue in lines that are indented", edit(signedA, value, broken), one, "Assertion", "", nil},
		{"an unsigned response around a signed assertion says what it likes", edit(signedA, "_q1", "_q2"), one, "Assertion", "", nil},
		{"the signature at the end of the response", edit(bareR, tail, signature+tail), one, "Response", "", nil},

		// Namespaces.
		{"a PrefixList with a prefix that only text uses", sign(edit(base, "<saml:AttributeValue>", `<saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">`, "<samlp:Response ", `<samlp:Response xmlns:xs="http://www.w3.org/2001/XMLSchema" `), signing{id: "_a1", prefixes: "xs"}), one, "Assertion", "", nil},
		{"default namespaces", sign(strings.NewReplacer("saml:Issuer", "saml:Issuer", "samlp:", "", "xmlns:samlp", "xmlns").Replace(base), signing{id: "_a1"}), one, "Assertion", "", nil},
		{"an element in the value of an attribute that isn't AWS's", sign(edit(base, "</saml:AttributeStatement>", nested), signing{id: "_a1"}), one, "Assertion", "", nil},

		{"more elements than the library goes through by itself", sign(edit(base, "</saml:AttributeStatement>", `<saml:Attribute Name="groups">`+strings.Repeat("<saml:AttributeValue>g</saml:AttributeValue>", 1300)+"</saml:Attribute></saml:AttributeStatement>"), signing{id: "_a1"}), one, "Assertion", "", nil},

		// What SAML's profile hasn't, and occurs.
		{"an ID that begins with a digit", sign(edit(base, `"_a1"`, `"1a"`), signing{id: "1a"}), one, "Assertion", "", []string{"begins with a character"}},
		{"an empty URI on the response", signed(signing{id: "_r1", uri: "empty"}), one, "Response", "", []string{"empty URI"}},
		{"an empty URI with Canonical XML 1.1", signed(signing{id: "_r1", uri: "empty", c14n: c14n11, infoC14n: c14n11}), one, "Response", "", []string{"CanonicalizationMethod", "empty URI", "Transform"}},
		{"Canonical XML 1.0 of SignedInfo", signed(signing{infoC14n: c14n10}), one, "Assertion", "", []string{"CanonicalizationMethod"}},
		{"Canonical XML 1.1 with comments of SignedInfo", signed(signing{infoC14n: c14n11 + "#WithComments"}), one, "Assertion", "", []string{"CanonicalizationMethod"}},
		{"Canonical XML 1.0", signed(signing{c14n: c14n10}), one, "Assertion", "", []string{"Transform"}},
		{"Canonical XML 1.0 with comments, for a reference that doesn't", comments(signed(signing{c14n: c14n10 + "#WithComments"})), one, "Assertion", "", []string{"Transform"}},
		{"Canonical XML 1.1", signed(signing{c14n: c14n11}), one, "Assertion", "", []string{"Transform"}},
		{"no canonicalization", comments(signed(signing{c14n: "none"})), one, "Assertion", "", []string{"names no canonicalization"}},
		{"no canonicalization of a response", comments(signed(signing{id: "_r1", c14n: "none"})), one, "Response", "", []string{"names no canonicalization"}},
	}
	for _, size := range []string{"1", "256", "384", "512"} {
		var sha1, sha1Digest []string
		if size == "1" {
			sha1, sha1Digest = []string{"SHA-1"}, []string{"digest of the Assertion is made with SHA-1"}
		}
		all = append(all, goodResponse{"RSA with SHA-" + size, signed(signing{method: rsaSHA(size)}), one, "Assertion", "", sha1})
		for _, curve := range []struct {
			name string
			key  *ecdsa.PrivateKey
		}{{"P-256", ec256}, {"P-384", ec384}, {"P-521", ec521}} {
			all = append(all, goodResponse{"ECDSA on " + curve.name + " with SHA-" + size, signed(signing{method: ecdsaSHA(size), key: curve.key}), key(curve.key), "Assertion", "", sha1})
		}
		uri := map[string]string{"1": nsSignature + "sha1", "256": digestSHA256, "384": "http://www.w3.org/2001/04/xmldsig-more#sha384", "512": "http://www.w3.org/2001/04/xmlenc#sha512"}[size]
		all = append(all, goodResponse{"a digest with SHA-" + size, signed(signing{digest: uri}), one, "Assertion", "", sha1Digest})
	}
	return all
}

func TestGenuineResponsesVerify(t *testing.T) {
	for _, c := range goodResponses() {
		t.Run(c.name, func(t *testing.T) {
			v, refusal := judge(c.xml, c.keys)
			if refusal != nil {
				t.Fatalf("got %s want no refusal", describeRefusal(refusal))
			}
			if c.subject == "" {
				c.subject = "alice@example.test"
			}
			if got := textIn(v, "NameID"); got != c.subject {
				t.Errorf("got NameID %q want %q", got, c.subject)
			}
			if !is(v.Assertion, nsAssertion, "Assertion") || v.Assertion.Parent() != nil || childOf(v.Assertion, nsSignature, "Signature") != nil {
				t.Error("want an assertion with no parent and no signature")
			}
			if got, want := v.Response != nil, strings.HasPrefix(c.on, "Response"); got != want {
				t.Errorf("got a verified response %t want %t", got, want)
			}
			if _, proven := v.Outer(); proven != (v.Response != nil) {
				t.Errorf("got proven outer facts %t", proven)
			}
			var on []string
			for _, s := range v.Signatures {
				on = append(on, s.On)
				if s.Key == nil || s.Line != 1 && !strings.HasPrefix(c.xml, "<?xml") {
					t.Errorf("got key %v and line %d", s.Key, s.Line)
				}
			}
			if got := strings.Join(on, " "); got != c.on {
				t.Errorf("got signatures on %q want %q", got, c.on)
			}
			if len(v.Warnings) != len(c.warnings) {
				t.Errorf("got warnings %q want %q", v.Warnings, c.warnings)
				return
			}
			for i, warning := range c.warnings {
				if !slices.ContainsFunc(v.Warnings, func(w string) bool { return strings.Contains(w, warning) }) {
					t.Errorf("got warnings %q want %q", v.Warnings, c.warnings[i])
				}
			}
		})
	}
}

// Whoever signs knows what is in it: a response of the evil identity is good
// where the provider's own key signed it, so that what the attacks lack is the
// signature and nothing else.
func TestWhatAttacksLackIsTheSignature(t *testing.T) {
	v, refusal := judge(sign(evil(base), signing{id: "_a1"}), key(rsaOne))
	if refusal != nil || !holdsEvil(v) {
		t.Fatalf("got %s", describeRefusal(refusal))
	}
}

func TestASignatureIsTakenApart(t *testing.T) {
	for _, c := range goodResponses() {
		v, refusal := judge(c.xml, c.keys)
		if refusal != nil {
			t.Errorf("%s: %s", c.name, describeRefusal(refusal))
			continue
		}
		for _, s := range v.Signatures {
			a := s.Anatomy
			if !a.Good || !a.DigestGood || a.Digest != a.Referenced {
				t.Errorf("%s: got good %t, digest good %t", c.name, a.Good, a.DigestGood)
			}
			if !strings.HasPrefix(a.SignedInfo, "<ds:SignedInfo") || !strings.Contains(a.Canonical, `ID="`) || strings.Contains(a.Canonical, "SignatureValue") != (strings.Count(c.xml, "SignatureValue") == 4 && s.On == "Response") {
				t.Errorf("%s: got canonical %q of %q", c.name, a.Canonical, a.SignedInfo)
			}
			switch public := s.Key.Public.(type) {
			case *rsa.PublicKey:
				if a.Recovered != a.InfoDigest || !strings.Contains(a.Padding, a.SignatureHash) || a.R != "" {
					t.Errorf("%s: got %s recovered, %s digest, %q", c.name, a.Recovered, a.InfoDigest, a.Padding)
				}
			case *ecdsa.PublicKey:
				r, _ := new(big.Int).SetString(a.R, 16)
				ss, _ := new(big.Int).SetString(a.S, 16)
				digest, _ := hex.DecodeString(a.InfoDigest)
				if a.Recovered != "" || !ecdsa.Verify(public, digest, r, ss) {
					t.Errorf("%s: got r %s and s %s, which don't verify %s", c.name, a.R, a.S, a.InfoDigest)
				}
			}
		}
	}
}

// A good signature is shown without a second exponentiation; with one it
// looks the same.
func TestTheShortWayShowsWhatTheLongWayShows(t *testing.T) {
	for _, size := range []string{"1", "256", "384", "512"} {
		r := opened(t, sign(base, signing{id: "_a1", method: rsaSHA(size)}))
		s, refusal := r.read(childOf(r.assertion, nsSignature, "Signature"))
		if refusal != nil {
			t.Fatal(describeRefusal(refusal))
		}
		el := s.prepare()
		keys := key(rsaOne)
		short, _ := s.dissect(el, keys, &keys[0])
		long, attested := s.dissect(el, keys, nil)
		if !attested {
			t.Errorf("SHA-%s: the long way doesn't find the digest", size)
		}
		long.Good = true
		if short != long {
			t.Errorf("SHA-%s: got %+v want %+v", size, short, long)
		}
	}
}

func opened(t testing.TB, xml string) *Response {
	t.Helper()
	d, refusal := Read(xml)
	if refusal == nil {
		r, refusal := Open(d)
		if refusal == nil {
			return r
		}
		t.Fatal(describeRefusal(refusal))
	}
	t.Fatal(describeRefusal(refusal))
	return nil
}

func TestWhyASignatureIsBadIsToldApart(t *testing.T) {
	signedA := sign(base, signing{id: "_a1"})
	value, _ := cut(signedA, "<ds:SignatureValue>", "</ds:SignatureValue>")
	der := edit(value, value, "<ds:SignatureValue>MEUCIQCZ0gCE+SMjDdNFnVYRR/fjZ42Jh1qPlmqDwAPFqRUuQQIgLJ7m8gGYmr0DqT2EqYSkTXLLxwCcBZCs6cZc0qkrVzE=</ds:SignatureValue>")
	for _, c := range []struct {
		name, xml  string
		keys       []Key
		reason     Reason
		found, why string
		digestGood bool
	}{
		{"the assertion was changed", evil(signedA), key(rsaOne), BadSignature, "a digest of the Assertion that differs", "was changed after that", false},
		{"another key signed, and its certificate isn't the metadata's", sign(base, signing{id: "_a1", key: rsaTwo, keyInfo: keyInfoOf(rsaTwo, "new")}), key(rsaOne), BadSignature, "the right digest", "isn't in the metadata", true},
		{"another key signed, under the provider's certificate", sign(base, signing{id: "_a1", key: rsaTwo, keyInfo: keyInfoOf(rsaOne, "idp")}), key(rsaOne), BadSignature, "the right digest", "is key 1 of the metadata", true},
		{"another key signed, without a certificate", sign(base, signing{id: "_a1", key: rsaTwo}), key(rsaOne), BadSignature, "the right digest", "Another key than the metadata's signed it", true},
		{"SignedInfo was changed", edit(signedA, "xmlenc#sha256", "xmlenc#sha512"), key(rsaOne), BadSignature, "differs from DigestValue", "", false},
		{"another key signed something else", evil(sign(base, signing{id: "_a1", key: rsaTwo})), key(rsaOne), BadSignature, "differs from DigestValue", "its signature included", false},
		{"the key is of another type", signedA, key(ec256), BadSignature, "no key for it", "key 1 of the metadata, it is an elliptic curve key", true},
		{"the other way round", sign(base, signing{id: "_a1", key: ec256, method: ecdsaSHA("256")}), key(rsaOne), BadSignature, "no key for it", "it is an RSA key", true},
		{"the metadata has a key that can't be used", signedA, []Key{{Problem: "it has 512 bits"}}, BadSignature, "no key for it", "it has 512 bits", true},
		{"the metadata has no key", signedA, nil, Metadata, "metadata without a signing key", "nothing to verify", true},
		{"the signature is empty", edit(signedA, value, "<ds:SignatureValue></ds:SignatureValue>"), key(rsaOne), BadSignature, "an empty SignatureValue", "left out", true},
		{"the signature is short", edit(signedA, value, "<ds:SignatureValue>AAAA</ds:SignatureValue>"), key(rsaOne), BadSignature, "a signature of 3 octets", "signatures of 256 octets", true},
		{"an ECDSA signature in DER", edit(sign(base, signing{id: "_a1", key: ec256, method: ecdsaSHA("256")}), signatureValueOf(base, ec256), der), key(ec256), BadSignature, "octets", "ASN.1 DER", true},
		{"an RSA key of 512 bits", signedA, []Key{{Public: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 511), E: 65537}}}, BadSignature, "no key for it", "512 bits", true},
		{"an RSA key of 16384 bits", signedA, []Key{{Public: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 16383), E: 65537}}}, BadSignature, "no key for it", "16384 bits", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := opened(t, c.xml)
			v, refusal := r.Verify(c.keys)
			if v != nil || refusal == nil {
				t.Fatalf("got %s and something to read", describeRefusal(refusal))
			}
			checkRefusal(t, refusal)
			if refusal.Reason != c.reason || !strings.Contains(refusal.Found, c.found) || !strings.Contains(refusal.Why, c.why) {
				t.Errorf("got %s want %v, found %q, why %q", describeRefusal(refusal), c.reason, c.found, c.why)
			}
			if len(r.Signatures()) != 1 || r.Signatures()[0].Key != nil || r.Signatures()[0].Anatomy.Good {
				t.Fatalf("got %+v want one signature that isn't good", r.Signatures())
			}
			a := r.Signatures()[0].Anatomy
			if a.DigestGood != c.digestGood || a.DigestGood != (a.Digest == a.Referenced) {
				t.Errorf("got digest %s and DigestValue %s, good %t", a.Digest, a.Referenced, a.DigestGood)
			}
			if want := strings.Contains(refusal.Why, "was changed after that"); a.InfoGood != want {
				t.Errorf("got a good signature over SignedInfo %t, want %t", a.InfoGood, want)
			}
		})
	}
}

func signatureValueOf(xml string, signer crypto.Signer) string {
	value, _ := cut(sign(xml, signing{id: "_a1", key: signer, method: ecdsaSHA("256")}), "<ds:SignatureValue>", "</ds:SignatureValue>")
	return value
}

// The library's limits say nothing of the signature, and neither do the words.
func TestALimitIsNoBadSignature(t *testing.T) {
	def := sign(edit(base, "<saml:Conditions>", `<saml:Conditions><x xmlns="urn:x"/>`, "<samlp:Response ", `<samlp:Response xmlns="urn:y" `), signing{id: "_a1", prefixes: "#default"})
	for _, c := range []struct {
		name, xml string
		reason    Reason
	}{
		{"#default in the PrefixList, of a changed assertion", evil(def), Limit},
		{"a PrefixList of CanonicalizationMethod", prefixedInfo(), Limit},
		{"white space in DigestValue", spacedDigest(), Limit},
		{"an xml: attribute around an assertion with inclusive canonicalization", evil(sign(edit(base, "<samlp:Response ", `<samlp:Response xml:lang="en" `), signing{id: "_a1", c14n: c14n10})), Limit},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, refusal := judge(c.xml, key(rsaOne))
			if refusal == nil || refusal.Reason != c.reason || !refusal.Modelled {
				t.Fatalf("got %s want %v", describeRefusal(refusal), c.reason)
			}
			checkRefusal(t, refusal)
		})
	}
}

// prefixedInfo is a response whose CanonicalizationMethod has a PrefixList
// that makes a difference, and whose signature is good. goxmldsig 1.6.1 leaves
// that list out.
func prefixedInfo() string {
	const xs = "http://www.w3.org/2001/XMLSchema"
	xml := sign(edit(base, "<samlp:Response ", `<samlp:Response xmlns:xs="`+xs+`" `), signing{id: "_a1"})
	plain := `<ds:CanonicalizationMethod Algorithm="` + excC14n + `"/>`
	xml = edit(xml, plain, `<ds:CanonicalizationMethod Algorithm="`+excC14n+`"><ec:InclusiveNamespaces xmlns:ec="`+excC14n+`" PrefixList="xs"/></ds:CanonicalizationMethod>`)
	info := detach(childOf(childOf(elementOf(xml, "_a1"), nsSignature, "Signature"), nsSignature, "SignedInfo"))
	digest := hashOf(crypto.SHA256, canonicalized(info, excC14n, "xs"))
	return resigned(xml, digest)
}

// resigned is the response with a signature of the digest in place of its own.
func resigned(xml string, digest []byte) string {
	signature, err := rsa.SignPKCS1v15(nil, rsaOne, crypto.SHA256, digest)
	if err != nil {
		panic(err)
	}
	value, _ := cut(xml, "<ds:SignatureValue>", "</ds:SignatureValue>")
	return edit(xml, value, "<ds:SignatureValue>"+encode64(signature)+"</ds:SignatureValue>")
}

// spacedDigest is a response whose DigestValue is indented, and whose
// signature is good. goxmldsig 1.6.1 doesn't decode it.
func spacedDigest() string {
	xml := edit(sign(base, signing{id: "_a1"}), "<ds:DigestValue>", "<ds:DigestValue>\n  ", "</ds:DigestValue>", "\n</ds:DigestValue>")
	info := childOf(childOf(elementOf(xml, "_a1"), nsSignature, "Signature"), nsSignature, "SignedInfo")
	return resigned(xml, hashOf(crypto.SHA256, canonicalized(detach(info), excC14n, "")))
}

// Some signers cut leading zeros off both numbers, and what is left verifies.
// A signature of other lengths is none of the key's.
func TestTheNumbersOfAnECDSASignatureCanBeShortAndNotLong(t *testing.T) {
	xml := sign(base, signing{id: "_a1", key: ec256, method: ecdsaSHA("256")})
	value := signatureValueOf(base, ec256)
	octets := decode64(strings.TrimSuffix(strings.TrimPrefix(value, "<ds:SignatureValue>"), "</ds:SignatureValue>"))
	with := func(octets []byte) string {
		return edit(xml, value, "<ds:SignatureValue>"+encode64(octets)+"</ds:SignatureValue>")
	}
	zero := make([]byte, 32)
	n := elliptic.P256().Params().N.FillBytes(make([]byte, 32))
	s := new(big.Int).SetBytes(octets[32:])
	high := new(big.Int).Sub(elliptic.P256().Params().N, s).FillBytes(make([]byte, 32))
	for _, c := range []struct {
		name   string
		octets []byte
		good   bool
	}{
		{"as it is", octets, true},
		{"n-s in place of s", append(slices.Clone(octets[:32]), high...), true},
		{"a zero before both", slices.Concat([]byte{0}, octets[:32], []byte{0}, octets[32:]), false},
		{"r is zero", slices.Concat(zero, octets[32:]), false},
		{"s is zero", slices.Concat(octets[:32], zero), false},
		{"both are zero", slices.Concat(zero, zero), false},
		{"r is the order", slices.Concat(n, octets[32:]), false},
		{"an octet less", octets[:63], false},
		{"an octet more", append(slices.Clone(octets), 0), false},
		{"one number", octets[:32], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, refusal := judge(with(c.octets), key(ec256))
			if (refusal == nil) != c.good {
				t.Errorf("got %s want good %t", describeRefusal(refusal), c.good)
			}
		})
	}
}

func TestOnTrustReadsTheAssertionAsItStands(t *testing.T) {
	for name, xml := range map[string]string{
		"unsigned":                base,
		"with a comment":          edit(base, "alice@", "alice<!-- -->@"),
		"with a broken signature": edit(sign(base, signing{id: "_a1"}), "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
	} {
		t.Run(name, func(t *testing.T) {
			v := opened(t, xml).OnTrust()
			if v == nil || v.Response != nil || v.Signatures != nil {
				t.Fatalf("got %+v want an assertion alone", v)
			}
			if got := textIn(v, "NameID"); got != "alice@example.test" {
				t.Errorf("got %q", got)
			}
			if childOf(v.Assertion, nsSignature, "Signature") != nil || v.Assertion.Parent() != nil || !is(v.Assertion, nsAssertion, "Assertion") {
				t.Error("want an assertion with no parent and no signature")
			}
		})
	}
}

func TestTheOuterFacts(t *testing.T) {
	o := opened(t, edit(base, status, `<samlp:Status><samlp:StatusCode Value="a"><samlp:StatusCode Value="b"/></samlp:StatusCode><samlp:StatusMessage>no<!-- --> luck</samlp:StatusMessage></samlp:Status>`)).Outer()
	if o.ID != "_r1" || o.Issuer != "https://idp.example.test" || o.Destination != "https://signin.aws.amazon.com/saml" || o.InResponseTo != "_q1" || o.IssueInstant != "2026-11-22T10:00:00Z" {
		t.Errorf("got %+v", o)
	}
	if strings.Join(o.Status, " ") != "a b" || o.Message != "no luck" {
		t.Errorf("got status %q and message %q", o.Status, o.Message)
	}
}

func TestARefusedSignInSaysItsStatus(t *testing.T) {
	d, _ := Read(head + tail)
	d2, _ := Read(edit(head, "status:Success", "status:Responder") + tail)
	if _, refusal := Open(d); refusal == nil || refusal.Found != "none" {
		t.Errorf("got %s", describeRefusal(refusal))
	}
	if _, refusal := Open(d2); refusal == nil || !strings.Contains(refusal.Found, "status:Responder") {
		t.Errorf("got %s", describeRefusal(refusal))
	}
}

// Verify leaves what it looks at as it is, so that it can be asked again.
func TestVerifyingTwiceIsVerifyingOnce(t *testing.T) {
	r := opened(t, sign(sign(base, signing{id: "_a1"}), signing{id: "_r1"}))
	for range 2 {
		if _, refusal := r.Verify(key(rsaTwo)); refusal == nil {
			t.Error("got no refusal with another key")
		}
		if _, refusal := r.Verify(key(rsaOne)); refusal != nil {
			t.Error(describeRefusal(refusal))
		}
	}
}

func TestTheRulesHaveNamesThatLast(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range Rules() {
		if seen[rule.Code] {
			t.Errorf("got %s twice", rule.Code)
		}
		seen[rule.Code] = true
		if !strings.HasPrefix(rule.Code, "saml/") || strings.HasSuffix(rule.Title, ".") || rule.Cite.URL == "" {
			t.Errorf("got %+v", rule)
		}
	}
}
