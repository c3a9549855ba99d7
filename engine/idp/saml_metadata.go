package idp

import (
	"cmp"
	"github.com/beevik/etree"

	"stsplayground/engine/scenario"
)

// Metadata is the metadata document (SAML Metadata §2) that the identity
// provider publishes: its playground keys in the order of its signing
// entries, one RS256 key where it has none.
func (k *Keyring) Metadata(iss *scenario.Issuer) string {
	if iss == nil {
		iss = &scenario.Issuer{}
	}
	signing := iss.Signing
	if len(signing) == 0 {
		signing = []scenario.Signing{{}}
	}
	entity := cmp.Or(iss.EntityID, iss.URL)
	profile := responseProfileOf(entity)

	root := set(etree.NewElement("md:EntityDescriptor"), "xmlns:md", nsMetadata, "entityID", entity)
	idp := set(root.CreateElement("md:IDPSSODescriptor"), "WantAuthnRequestsSigned", "false", "protocolSupportEnumeration", nsProtocol)
	for _, s := range signing {
		info := set(set(idp.CreateElement("md:KeyDescriptor"), "use", "signing").CreateElement("ds:KeyInfo"), "xmlns:ds", nsSignature)
		text(info.CreateElement("ds:X509Data"), "ds:X509Certificate", k.key(nameOf(identity(iss), s)).certificateText())
	}
	for _, format := range profile.formats {
		text(idp, "md:NameIDFormat", format)
	}
	redirect, post := profile.signOn(entity)
	set(idp.CreateElement("md:SingleSignOnService"), "Binding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", "Location", redirect)
	set(idp.CreateElement("md:SingleSignOnService"), "Binding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", "Location", post)
	etree.NewDocumentWithRoot(root).Indent(2) // for people; nothing here is signed
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + write(root)
}
