package idp

import "github.com/beevik/etree"

type contentCipher struct{}

func (p *press) contentCipher(to SignIn) *contentCipher { return nil }
func (d *draft) encrypt(root *etree.Element)            {}
