package sts

import (
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
)

// samlKey is a condition key that SAML attributes fill, and the names of
// those attributes. Attributes of every other name become no key.
type samlKey struct {
	key   string   // behind saml:
	multi bool     // [] in the guide's list
	names []string // of attributes, letter by letter
}

const (
	oidEduPerson = "urn:oid:1.3.6.1.4.1.5923.1.1.1."
	oidEduOrg    = "urn:oid:1.3.6.1.4.1.5923.1.2.1."
	oidPilot     = "0.9.2342.19200300100.1." // RFC 4524
	claims2005   = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
)

// samlKeys is the documented list (IAM guide, "IAM and AWS STS condition
// context keys", Available keys for SAML-based AWS STS federation, with its
// three tables of attribute names: eduPerson and eduOrg, Active Directory,
// X.500). The guide maps primarygroupsid to uid, and writes givenName's OID as
// 2.4.5.42 where X.520 has 2.5.4.42; both are kept.
var samlKeys = []samlKey{
	{"edupersonaffiliation", true, []string{oidEduPerson + "1"}},
	{"edupersonnickname", true, []string{oidEduPerson + "2"}},
	{"edupersonorgdn", false, []string{oidEduPerson + "3"}},
	{"edupersonorgunitdn", true, []string{oidEduPerson + "4"}},
	{"edupersonprimaryaffiliation", false, []string{oidEduPerson + "5"}},
	{"edupersonprincipalname", false, []string{oidEduPerson + "6"}},
	{"edupersonentitlement", true, []string{oidEduPerson + "7"}},
	{"edupersonprimaryorgunitdn", false, []string{oidEduPerson + "8"}},
	{"edupersonscopedaffiliation", true, []string{oidEduPerson + "9"}},
	{"edupersontargetedid", true, []string{oidEduPerson + "10"}},
	{"edupersonassurance", true, []string{oidEduPerson + "11"}},
	{"eduorghomepageuri", true, []string{oidEduOrg + "2"}},
	{"eduorgidentityauthnpolicyuri", true, []string{oidEduOrg + "3"}},
	{"eduorglegalname", true, []string{oidEduOrg + "4"}},
	{"eduorgsuperioruri", true, []string{oidEduOrg + "5"}},
	{"eduorgwhitepagesuri", true, []string{oidEduOrg + "6"}},
	{"cn", true, []string{"urn:oid:2.5.4.3"}},
	{"name", true, []string{claims2005 + "name"}},
	{"commonName", true, []string{"http://schemas.xmlsoap.org/claims/CommonName", "2.5.4.3"}},
	{"givenName", true, []string{claims2005 + "givenname", "2.4.5.42", "2.5.4.42", "urn:oid:2.5.4.42"}},
	{"surname", true, []string{claims2005 + "surname", "2.5.4.4", "urn:oid:2.5.4.4"}},
	{"mail", true, []string{claims2005 + "emailaddress", oidPilot + "3", "urn:oid:" + oidPilot + "3"}},
	{"uid", true, []string{"http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", oidPilot + "1", "urn:oid:" + oidPilot + "1"}},
	{"x500UniqueIdentifier", true, []string{"2.5.4.45", "urn:oid:2.5.4.45"}},
	{"organizationStatus", true, []string{oidPilot + "45", "urn:oid:" + oidPilot + "45"}},
	{"primaryGroupSID", true, nil},
}

// samlOwnKeys are the keys that other parts of the response fill; those of
// the session stay with it (IAM guide, same page).
var samlOwnKeys = []claimKey{
	{key: "aud"}, {key: "doc"}, {key: "iss"},
	{key: "namequalifier", session: true}, {key: "sub", session: true}, {key: "sub_type", session: true},
}

// samlPrefix is what every key of a SAML response begins with, before the colon.
const samlPrefix = "saml"

// allSAMLKeys are the documented keys as web identities list theirs.
var allSAMLKeys = func() []claimKey {
	all := append([]claimKey{}, samlOwnKeys...)
	for _, k := range samlKeys {
		all = append(all, claimKey{key: k.key})
	}
	return all
}()

// isSAMLKey says whether AWS documents saml:name as a condition key.
func isSAMLKey(name string) bool {
	return slices.ContainsFunc(allSAMLKeys, func(k claimKey) bool { return strings.EqualFold(k.key, name) })
}

// cutFold is what follows the prefix, whatever its letter case.
func cutFold(s, prefix string) (after string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// keyOfAttribute is the condition key that an attribute fills, nil for none.
func keyOfAttribute(name string) *samlKey {
	for i := range samlKeys {
		for _, n := range samlKeys[i].names {
			if n == name {
				return &samlKeys[i]
			}
		}
	}
	return nil
}

// SAMLAttribute is the name of an attribute that fills the condition key
// saml:key, whatever the key's letter case; "" for a key that another part of
// the response fills, and for one that AWS doesn't have.
func SAMLAttribute(key string) string {
	for i := range samlKeys {
		if strings.EqualFold(samlKeys[i].key, key) && len(samlKeys[i].names) > 0 {
			return samlKeys[i].names[0]
		}
	}
	return ""
}

// addSAMLKeys sets the condition keys of the response. saml:aud is the
// recipient and no audience, as the guide has it.
func (f *facts) addSAMLKeys(ctx *iam.Context, mode scenario.ClaimsMode) {
	a := &f.saml.assertion
	set := func(key, value string) {
		if value != "" {
			ctx.Set(samlPrefix+":"+key, value)
		}
	}
	set("aud", f.saml.recipient)
	set("doc", f.arn.Account+"/"+f.saml.providerName)
	set("iss", a.Issuer)
	set("sub", a.NameID.Value)
	set("sub_type", subjectType(a.NameID))
	set("namequalifier", f.nameQualifier())
	for _, k := range samlKeys {
		var values []string
		for _, name := range k.names {
			for _, attribute := range a.Named(name) {
				values = append(values, attribute.Values...)
			}
		}
		switch {
		case len(values) == 0:
		case k.multi:
			ctx.SetMulti(samlPrefix+":"+k.key, values)
		default:
			ctx.Set(samlPrefix+":"+k.key, values[0])
		}
	}
	if mode == scenario.ClaimsAll {
		addEveryAttribute(ctx, a)
	}
}

// addEveryAttribute plays the world of tutorials, where each attribute is a key.
func addEveryAttribute(ctx *iam.Context, a *saml.Assertion) {
	for _, attribute := range a.Attributes {
		name := samlPrefix + ":" + attribute.Name
		switch _, known := ctx.Lookup(name); {
		case known || len(attribute.Values) == 0:
		case len(attribute.Values) == 1:
			ctx.Set(name, attribute.Values[0])
		default:
			ctx.SetMulti(name, attribute.Values)
		}
	}
}

// addSAMLSession gives the session the keys of the response that stay with it.
func (f *facts) addSAMLSession(s *Session) {
	a := &f.saml.assertion
	for key, value := range map[string]string{"sub": a.NameID.Value, "sub_type": subjectType(a.NameID), "namequalifier": f.nameQualifier()} {
		name := samlPrefix + ":" + key
		if supplied, ok := f.supplied(name); ok {
			s.Context[name] = supplied
		} else {
			s.Context[name] = value
		}
	}
}

const nameIDFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:"

// subjectType is the NameID's format: "If the format includes the prefix
// urn:oasis:names:tc:SAML:2.0:nameid-format, that prefix is removed" (STS API
// reference). SAML Core §2.2.2: without one it is unspecified.
func subjectType(n saml.NameID) string {
	if n.Format == "" {
		return "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	}
	return strings.TrimPrefix(n.Format, nameIDFormat)
}

// nameQualifier is BASE64(SHA1(issuer + account + "/" + provider's friendly
// name)), as the STS API reference has it. The guide's page of condition keys
// describes the concatenation otherwise, and gives no value to check it by.
func (f *facts) nameQualifier() string {
	sum := sha1.Sum([]byte(f.saml.assertion.Issuer + f.arn.Account + "/" + f.saml.providerName))
	return base64.StdEncoding.EncodeToString(sum[:])
}
