package sts

import (
	"fmt"
	"strings"

	"stsplayground/engine/oidc"
	"stsplayground/engine/trace"
)

// checkSignature verifies the token and shows how: the signing input, its
// digest, and the digest that the signature holds.
func (w *walk) checkSignature(t *oidc.Token, key *oidc.Key) (good bool) {
	refusal := oidc.Verify(t, key)
	a, open := oidc.Dissect(t, key, refusal == nil)
	var parts children
	if open {
		parts = anatomy(t, &a)
	}
	if refusal == nil {
		w.Pass(ruleSignature, "a signature by "+keyName(key), "good", "").With(parts)
		return true
	}
	step := w.refuse(ruleSignature, errSignature, refusal).AsModelled().With(parts)
	if a.Recovered != "" && len(a.Recovered) == len(a.Digest) {
		// Only the key's owner can make a signature that holds a digest.
		step.Why = "The provider's key made this signature, for other bytes than these: header or payload were changed after signing."
	}
	return step.Status != trace.Failed
}

func keyName(k *oidc.Key) string {
	if k.HasKeyID {
		return "the key with kid " + k.KeyID
	}
	return fmt.Sprintf("key %d of the set", k.Index+1)
}

// anatomy is the signature as steps: what is signed, and the two digests side
// by side (RSA), or the two numbers of the signature (ECDSA).
func anatomy(t *oidc.Token, a *oidc.Anatomy) (parts children) {
	parts.add(ruleSigningInput, trace.Passed, "header, dot, payload, each as sent", shorten(a.Input),
		"The two segments are signed as base64url text, so one changed letter changes the digest.")
	status := trace.Passed
	if !a.Equal {
		status = trace.Failed
	}
	expected := a.Hash + " of the signing input: " + a.Digest
	if a.R != "" {
		parts.add(ruleDigest, status, expected, "r: "+a.R+"\ns: "+a.S,
			"An ECDSA signature holds no digest; it holds two numbers, r and s, that fit this digest and this key only.")
		return parts
	}
	if a.Padding == "" {
		parts.add(ruleDigest, status, expected, fmt.Sprintf("%d octets", len(t.Signature)), "An ECDSA signature is two numbers side by side, r and s, and these octets don't have their length.")
		return parts
	}
	found := "recovered from the signature: " + a.Recovered
	if a.Recovered == "" {
		found = "no digest can be recovered from the signature"
	}
	parts.add(ruleDigest, status, expected, found, "What the key makes of the signature: "+a.Padding+".")
	return parts
}

// shorten keeps both ends of a long text.
func shorten(s string) string {
	const head, tail = 48, 24
	if len(s) <= head+tail+8 {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:head])
	b.WriteString(" … ")
	b.WriteString(s[len(s)-tail:])
	fmt.Fprintf(&b, " (%d characters)", len(s))
	return b.String()
}
