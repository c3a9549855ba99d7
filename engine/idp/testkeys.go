package idp

import (
	"crypto/rsa"
	_ "embed"
	"encoding/base64"
	"math/big"
	"strings"
	"sync"
)

// testKeys holds the RSA test keys, one a line after two paragraphs that say
// what they are.
//
//go:embed testkeys.txt
var testKeys string

// rsaKeyCount is how many RSA test keys ship with the engine.
const rsaKeyCount = 12

// rsaKeys are the RSA test keys, each read when it is first asked for. They
// are shipped, because crypto/rsa generates keys from no reader but its own.
var rsaKeys = func() (keys [rsaKeyCount]func() *rsa.PrivateKey) {
	for i := range keys {
		keys[i] = sync.OnceValue(func() *rsa.PrivateKey { return readTestKey(i) })
	}
	return keys
}()

// readTestKey reads test key i. It panics if the file, which is part of the
// program, is damaged.
func readTestKey(i int) *rsa.PrivateKey {
	paragraphs := strings.Split(testKeys, "\n\n")
	lines := strings.Split(strings.TrimSpace(paragraphs[len(paragraphs)-1]), "\n")
	primes := strings.Fields(lines[i])
	p, q := readPrime(primes[0]), readPrime(primes[1])

	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	const e = 65537
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: e},
		D:         new(big.Int).ModInverse(big.NewInt(e), phi),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
}

func readPrime(text string) *big.Int {
	bytes, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		panic("idp: testkeys.txt: " + err.Error())
	}
	return new(big.Int).SetBytes(bytes)
}
