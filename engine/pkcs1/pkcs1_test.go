package pkcs1

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"
)

func TestOpenFindsTheBlockThatWasSigned(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, hash := range map[string]crypto.Hash{"SHA-1": crypto.SHA1, "SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512} {
		digest := bytes.Repeat([]byte{7}, hash.Size())
		signature, err := rsa.SignPKCS1v15(nil, key, hash, digest)
		if err != nil {
			t.Fatal(err)
		}
		block, why := Open(&key.PublicKey, signature)
		if !bytes.Equal(block, Block(name, digest, key.Size())) {
			t.Errorf("%s: got block %x (%s)", name, block, why)
		}
		if said, got, words := Read(block); said != name || !bytes.Equal(got, digest) || !strings.Contains(words, name) {
			t.Errorf("%s: got %s %x, %s", name, said, got, words)
		}
	}
	if block, why := Open(&key.PublicKey, make([]byte, 255)); block != nil || why == "" {
		t.Errorf("got block %x for a signature that is too short", block)
	}
	if block, why := Open(&key.PublicKey, bytes.Repeat([]byte{0xff}, 256)); block != nil || why == "" {
		t.Errorf("got block %x for a number above the modulus", block)
	}
}

func TestReadSaysWhatABlockLooksLike(t *testing.T) {
	good := Block("SHA-256", bytes.Repeat([]byte{7}, 32), 128)
	for _, test := range []struct {
		name   string
		change func([]byte)
		want   string
	}{
		{"another beginning", func(b []byte) { b[1] = 2 }, "begins with 00 02"},
		{"too few octets ff", func(b []byte) { b[5] = 0 }, "no 00 to end them"},
		{"no end of them", func(b []byte) { copy(b[2:], bytes.Repeat([]byte{0xff}, 126)) }, "no 00 to end them"},
		{"another DigestInfo", func(b []byte) { b[len(b)-40] ^= 1 }, "no DigestInfo"},
	} {
		block := bytes.Clone(good)
		test.change(block)
		if _, digest, words := Read(block); digest != nil || !strings.Contains(words, test.want) {
			t.Errorf("%s: got %x, %q, want %q", test.name, digest, words, test.want)
		}
	}
}
