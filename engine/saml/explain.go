package saml

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"stsplayground/engine/source"
)

// refuseBad says why no key verifies the signature, as far as its anatomy
// shows it.
func (r *Response) refuseBad(s *signed, keys []Key, a *Anatomy, attested bool) *Refusal {
	on := s.on.Tag
	refusal := r.refuse(s.signature, BadSignature, "a signature on the "+on+" that a key of the metadata verifies", "", "")
	refusal.Rule = ruleSignature
	switch suited, lengths, problem := suitable(s, keys); {
	case len(keys) == 0:
		refusal.Reason = Metadata
		refusal.Found, refusal.Why = "metadata without a signing key", "There is nothing to verify the signature with; use the metadata that the identity provider publishes."
	case len(s.value) == 0:
		refusal.Found, refusal.Why = "an empty SignatureValue", "The signature was left out, so anyone could have written the "+on+"."
	case suited == 0:
		refusal.Found = "a signature with " + s.method.name + ", and no key for it"
		refusal.Why = "The metadata has no key that could have made it: " + problem + "; use the metadata that belongs to the identity provider's signing certificate."
	case !slices.Contains(lengths, len(s.value)) && (!s.method.ec || len(s.value)%2 != 0 || len(s.value) > slices.Max(lengths)):
		refusal.Found = fmt.Sprintf("a signature of %d octets", len(s.value))
		refusal.Why = fmt.Sprintf("The metadata's keys make signatures of %s octets, so this one was cut or changed, or another key made it%s.", counts(lengths), s.keyInfoWords(keys))
		if s.method.ec && s.value[0] == 0x30 {
			refusal.Why = "The signature seems to be in ASN.1 DER, and XML Signature §6.4.3 wants the two numbers side by side."
		}
	case attested && a.DigestGood:
		refusal.Reason, refusal.Modelled = Limit, true
		refusal.Found = "a signature on the " + on + " that the library doesn't take"
		refusal.Why = "Both digests are right, but the library that verifies signatures here reads the signature otherwise than XML Signature has it; AWS may well take it."
	case attested && s.beyond(a) != "":
		refusal.Reason, refusal.Modelled = Limit, true
		refusal.Found = "a digest that differs, and " + s.beyond(a)
		refusal.Why = "The library that verifies signatures here treats that otherwise than canonicalization has it, so the " + on + " may have been changed or not; AWS may well take it."
	case attested:
		refusal.Found = "a digest of the " + on + " that differs from the signed one"
		refusal.Why = "A key of the metadata made the signature, and the " + on + " was changed after that; paste the response as the identity provider sent it, without an editor or formatter in between."
	case a.DigestGood:
		refusal.Found = "the right digest of the " + on + ", and a signature over it that none verifies"
		refusal.Why = "Another key than the metadata's signed it, or SignedInfo or SignatureValue were changed" + s.keyInfoWords(keys) + "."
	default:
		refusal.Found = "a digest of the " + on + " that differs from DigestValue, and a signature that none verifies"
		refusal.Why = "The " + on + " was changed after it was signed, its signature included, as an editor or formatter that indents it does; paste the response as the identity provider sent it" + s.keyInfoWords(keys) + "."
	}
	return refusal
}

// suitable counts the keys that can be asked, with the lengths of their
// signatures, and says what is the matter with the others.
func suitable(s *signed, keys []Key) (suited int, lengths []int, problem string) {
	var problems []string
	for i := range keys {
		ok, why := keys[i].suits(s.method)
		if !ok {
			problems = append(problems, keys[i].name()+", "+why)
			continue
		}
		suited++
		if length := keys[i].signatureLength(); !slices.Contains(lengths, length) {
			lengths = append(lengths, length)
		}
	}
	if len(problems) > 3 {
		problems = append(problems[:3], "…")
	}
	return suited, lengths, strings.Join(problems, "; ")
}

func counts(lengths []int) string {
	var words []string
	for _, length := range lengths {
		words = append(words, fmt.Sprint(length))
	}
	return strings.Join(words, " or ")
}

// keyInfoWords say whether the certificate that the signature brings along is
// one of the metadata's. It proves nothing either way, but tells a renewed
// certificate from a changed response.
func (s *signed) keyInfoWords(keys []Key) string {
	info := childOf(s.signature, nsSignature, "KeyInfo")
	if info == nil {
		return ""
	}
	el := find(info, nsSignature, "X509Certificate")
	if el == nil {
		return ""
	}
	var own Key
	own.readCertificate(textOf(el))
	if own.Public == nil {
		return ""
	}
	for i := range keys {
		if own.same(&keys[i]) {
			return "; the certificate in its KeyInfo, which anyone could have put there, is " + keys[i].name()
		}
	}
	return "; the certificate in its KeyInfo, which anyone could have put there, isn't in the metadata, so if the identity provider has a new one (" + source.Clip(own.Subject) + "), update the SAML provider's metadata"
}

// beyond names what goxmldsig is known to canonicalize wrongly, "" where
// nothing of it is there.
func (s *signed) beyond(a *Anatomy) string {
	switch {
	case slices.Contains(strings.Fields(s.prefixes), "#default"):
		return "#default in the PrefixList"
	case bytes.Contains([]byte(a.Canonical), []byte(` xmlns=""`)):
		return `xmlns="" within the ` + s.on.Tag
	}
	return ""
}

// inheritsXML tells whether inclusive canonicalization takes over an xml:
// attribute from the element or what is around it.
func inheritsXML(el *etree.Element) bool {
	for ; el != nil; el = el.Parent() {
		for _, a := range el.Attr {
			if a.Space == "xml" {
				return true
			}
		}
	}
	return false
}
