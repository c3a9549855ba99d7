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
	children := anatomy(t, key, refusal == nil)
	if refusal == nil {
		w.add(ruleSignature.Pass("a signature by "+keyName(key), "good", "").With(children...))
		return true
	}
	step := refusedStep(ruleSignature, refusal).With(children...)
	step.Modelled = true
	w.refuse(step, errSignature)
	return false
}

func keyName(k *oidc.Key) string {
	if k.HasKeyID {
		return "the key with kid " + k.KeyID
	}
	return fmt.Sprintf("key %d of the set", k.Index+1)
}

// anatomy is the signature as steps: what is signed, and the two digests side
// by side (RSA), or the two numbers of the signature (ECDSA).
func anatomy(t *oidc.Token, key *oidc.Key, good bool) []trace.Step {
	a, ok := oidc.Dissect(t, key, good)
	if !ok {
		return nil
	}
	input := ruleSigningInput.Pass("header, dot, payload, each as sent", shorten(a.Input), "The two segments are signed as base64url text, so one changed letter changes the digest.")
	digest := ruleDigest
	if a.Recovered == "" {
		step := digest.Pass(a.Hash+" of the signing input: "+a.Digest, "r: "+a.R+"\ns: "+a.S,
			"An ECDSA signature holds no digest; it holds two numbers, r and s, that fit this digest and this key only.")
		if !a.Equal {
			step.Status = trace.Failed
		}
		return []trace.Step{input, step}
	}
	step := digest.Pass(a.Hash+" of the signing input: "+a.Digest, "recovered from the signature: "+a.Recovered, a.Padding)
	if !a.Equal {
		step.Status = trace.Failed
	}
	return []trace.Step{input, step}
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
