package report

import (
	"encoding/json"

	"stsplayground/engine"
	"stsplayground/engine/idp"
	"stsplayground/engine/source"
)

// AttributesHolder is the id of the element that holds the part of AttributesForm.
const AttributesHolder = "mint-attributes"

// AttributesForm are the attributes of the SAML response that is minted, as
// ClaimsForm are the claims of a token.
func AttributesForm(r engine.Report, call int) Part {
	m := atFrontDoor(r, call, mintedAttributes)
	return Part{ID: "mint-attributes-form", Component: claimsForm("attribute", m)}
}

// mintedAttributes are those of the response that is minted for the call; nil
// where none is.
func mintedAttributes(c engine.CallReport) *minting {
	if c.Call == nil || c.Call.Params.SAMLAssertion.Mint == nil || c.SAML == nil {
		return nil
	}
	mint := c.Call.Params.SAMLAssertion.Mint
	m := &minting{What: "attribute", Pointer: mint.Path + "/attributes"}
	given := map[string]*source.Member{} // by the full name
	var removed []string
	if tree := mint.Attributes.Tree(); tree != nil {
		for i := range tree.Members {
			name := idp.AttributeName(tree.Members[i].Name)
			given[name] = &tree.Members[i]
			if tree.Members[i].Value.Kind == source.Null {
				removed = append(removed, name)
			}
		}
	}
	known := map[string]bool{}
	for _, name := range idp.AttributesOf(mint.Profile, mint.Issuer) {
		known[name] = true
	}
	var fields []claimField
	add := func(name, about, key, usual string) {
		f := claimField{Name: name, Label: attributeName(name), About: about, Key: key, Usual: usual, Minted: usual != "", Own: !known[name]}
		f.Pointer = source.Pointer(m.Pointer, name)
		if g := given[name]; g != nil {
			f.Pointer = source.Pointer(m.Pointer, g.Name)
			f.describe(&g.Value, nil)
		}
		fields = append(fields, f)
	}
	for i, a := range c.SAML.Attributes {
		if i < mostClaims {
			add(a.Name, a.Meaning, a.Key, usualValues(a.Values))
		}
	}
	for _, name := range removed {
		add(name, "", "", "")
	}
	m.take(fields)
	return m
}

// usualValues is one value as it is, and several as a list in JSON.
func usualValues(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	text, err := json.Marshal(values)
	if err != nil {
		return ""
	}
	return string(text)
}
