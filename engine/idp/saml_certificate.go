package idp

import (
	"crypto/sha256"
	"encoding/base64"
)

// certificateName is the subject and issuer of every certificate.
const certificateName = "STS Playground test key, trust it nowhere"

// certificates remembers certificates, because each has a signature.
var certificates = newMemo[[]byte](64)

// certificate is the key's self-signed certificate (RFC 5280 §4.1) in DER,
// the same for every entry that has the key. It is of version 1, as it has no
// extensions, and valid from 2020 to the end of 2049, the last year that
// UTCTime can write: IAM "does not evaluate or take action on the expiration
// of X.509 certificates in SAML metadata documents".
func (k *key) certificate() []byte {
	spki := k.spki()
	return certificates.get(sha256.Sum256(spki), func() []byte {
		name := der(0x30, der(0x31, der(0x30, der(0x06, []byte{0x55, 0x04, 0x03}), der(0x0c, []byte(certificateName))))) // commonName
		serial := sha256.Sum256(spki)
		serial[0] = serial[0]&0x7f | 0x40 // positive, and without a leading zero
		alg := k.certificateAlgorithm()
		algorithm := der(0x30, []byte(signatureOIDs[alg]))
		tbs := der(0x30,
			der(0x02, serial[:16]), algorithm, name,
			der(0x30, der(0x17, []byte("200101000000Z")), der(0x17, []byte("491231235959Z"))),
			name, spki)
		var signature []byte
		if k.ec != nil {
			signature = k.signDER(alg, string(tbs))
		} else {
			signature = k.sign(alg, string(tbs))
		}
		return der(0x30, tbs, algorithm, der(0x03, []byte{0}, signature))
	})
}

// certificateAlgorithm is what the certificate is signed with: RS256 whatever
// else an RSA key signs with, since several entries may share it.
func (k *key) certificateAlgorithm() algorithm {
	for _, a := range algorithms {
		if a.curve == k.alg.curve {
			return a
		}
	}
	return k.alg
}

func (k *key) certificateText() string { return base64.StdEncoding.EncodeToString(k.certificate()) }

// signatureOIDs are the contents of the AlgorithmIdentifiers (RFC 4055 §5,
// RFC 5758 §3.2).
var signatureOIDs = map[algorithm]string{
	algorithms[0]: "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00", // sha256WithRSAEncryption, NULL
	algorithms[3]: "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",             // ecdsa-with-SHA256
	algorithms[4]: "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
	algorithms[5]: "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04",
}

// der is a value in DER (X.690 §8.1): its tag, its length, its contents.
func der(tag byte, contents ...[]byte) []byte {
	size := 0
	for _, c := range contents {
		size += len(c)
	}
	out := []byte{tag}
	switch {
	case size < 0x80:
		out = append(out, byte(size))
	case size < 0x100:
		out = append(out, 0x81, byte(size))
	default:
		out = append(out, 0x82, byte(size>>8), byte(size))
	}
	for _, c := range contents {
		out = append(out, c...)
	}
	return out
}
