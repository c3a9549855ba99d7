// Package tls stands in for crypto/tls in the engine's WebAssembly: see
// web/build/standins.go. It has what goxmldsig names for a key store of its
// own, which the engine doesn't use.
package tls

import "crypto"

type Certificate struct {
	Certificate [][]byte
	PrivateKey  crypto.PrivateKey
}
