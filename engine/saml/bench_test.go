package saml

import (
	"crypto"
	"crypto/rsa"
	"testing"
)

// BenchmarkVerify is a response of the usual size from its parsed text to
// what may be read of it, beside the one RSA verification that it can't do
// without.
func BenchmarkVerify(b *testing.B) {
	for _, c := range []struct {
		name, xml string
		keys      []Key
	}{
		{"assertion", sign(base, signing{id: "_a1", keyInfo: keyInfoOf(rsaOne, "idp")}), key(rsaOne)},
		{"response and assertion", sign(sign(base, signing{id: "_a1", keyInfo: keyInfoOf(rsaOne, "idp")}), signing{id: "_r1", keyInfo: keyInfoOf(rsaOne, "idp")}), key(rsaOne)},
		{"ecdsa", sign(base, signing{id: "_a1", key: ec256, method: ecdsaSHA("256")}), key(ec256)},
	} {
		d, refusal := Read(c.xml)
		if refusal != nil {
			b.Fatal(describeRefusal(refusal))
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, refusal := Open(d)
				if refusal == nil {
					_, refusal = r.Verify(c.keys)
				}
				if refusal != nil {
					b.Fatal(describeRefusal(refusal))
				}
			}
		})
	}
	b.Run("changed", func(b *testing.B) {
		d, _ := Read(evil(sign(base, signing{id: "_a1"})))
		for b.Loop() {
			r, _ := Open(d)
			if _, refusal := r.Verify(key(rsaOne)); refusal == nil {
				b.Fatal("want a refusal")
			}
		}
	})
	b.Run("decrypt", func(b *testing.B) {
		d, _ := Read(seal(sign(base, signing{id: "_a1"}), sealing{}))
		for b.Loop() {
			r, _ := Open(d)
			if refusal := r.Decrypt([]*rsa.PrivateKey{rsaTwo}); refusal != nil {
				b.Fatal(describeRefusal(refusal))
			}
		}
	})
	b.Run("bare RSA", func(b *testing.B) {
		digest := hashOf(crypto.SHA256, []byte("digest"))
		signature, err := rsa.SignPKCS1v15(nil, rsaOne, crypto.SHA256, digest)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := rsa.VerifyPKCS1v15(&rsaOne.PublicKey, crypto.SHA256, digest, signature); err != nil {
				b.Fatal(err)
			}
		}
	})
}
