package saml

import "github.com/beevik/etree"

// opening is what Decrypt did.
type opening struct {
	plain string
}

// reopen reads the assertion out of an EncryptedAssertion that a signature
// covers.
func (r *Response) reopen(inner *Response) *Refusal {
	var none *etree.Element
	inner.assertion = none
	return r.refuseClosed()
}
