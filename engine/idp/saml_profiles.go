package idp

import (
	"cmp"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ResponseProfile is a kind of SAML response that the playground can mint,
// for menus. EntityID is what such an identity provider is known by.
type ResponseProfile struct {
	Name       string
	Title      string
	EntityID   string
	Attributes []ResponseAttribute // in the order of the response
}

// ResponseAttribute is an attribute that responses of a profile carry, by its
// full name, and what it says.
type ResponseAttribute struct {
	Name  string
	About string
}

// ResponseProfiles are the profiles that the mint of a response can name, in
// the order of a menu. The first is what a mint without a profile gets.
func ResponseProfiles() []ResponseProfile {
	var all []ResponseProfile
	for _, p := range responseProfiles {
		all = append(all, p.ResponseProfile)
	}
	return all
}

// responseProfile is a ResponseProfile and how such responses are written.
type responseProfile struct {
	ResponseProfile
	nameID     string        // by default
	format     string        // of the NameID
	formats    []string      // that the metadata lists
	nameFormat string        // of attributes; "" where it isn't sent
	context    string        // AuthnContextClassRef
	session    time.Duration // until SessionNotOnOrAfter; 0 where it isn't sent
	style      style
	values     func(*draft) map[string][]string // of attributes; one without values is left out unless the mint describes it
	signOn     func(entity string) (redirect, post string)
	owns       func(entity string) bool // whether such an identity provider is known by that
}

// style is how a product writes XML.
type style struct {
	protocol, assertion string                 // prefixes; "" for the default namespace
	instant             func(time.Time) string // as it writes times
	typed               bool                   // values say xsi:type="xs:string"
	inclusive           string                 // prefixes that canonical XML keeps though no name has them
}

// responseProfileOf is the profile of an identity provider, by what it is
// known by.
func responseProfileOf(entity string) *responseProfile {
	for i := range responseProfiles {
		if owns := responseProfiles[i].owns; owns != nil && owns(entity) {
			return &responseProfiles[i]
		}
	}
	return &responseProfiles[0]
}

// Formats of a NameID (SAML Core §8.3).
const (
	formatUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	formatEmail       = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	formatPersistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	formatTransient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

// Formats of an attribute's name (SAML Core §8.2), and how somebody signed in
// (SAML Authentication Context §3.4).
const (
	nameURI   = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
	nameBasic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"

	contextPassword    = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
	contextTransport   = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
	contextUnspecified = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
)

// Names of attributes.
const (
	attrRole            = awsAttribute + "Role"
	attrRoleSessionName = awsAttribute + "RoleSessionName"
	attrSessionDuration = awsAttribute + "SessionDuration"

	claimsXMLSoap   = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
	claimsMicrosoft = "http://schemas.microsoft.com/identity/claims/"
	claimsWindows   = "http://schemas.microsoft.com/ws/2008/06/identity/claims/"
	claimsAuthn     = "http://schemas.microsoft.com/claims/authnmethodsreferences"
)

// What attributes say. Condition keys are those of the IAM guide's table
// (reference_policies_iam-condition-keys, "saml:").
const (
	aboutRole            = "The role and the SAML provider that trust the person, parted by a comma, one value a role"
	aboutRoleSessionName = "The session's name, 2 to 64 of a-z A-Z 0-9 _ + = , . @ -; required, and in a trust policy sts:RoleSessionName"
	aboutSessionDuration = "Seconds that a console session lasts, 900 to 43200; in an API call it can only shorten the session"
	aboutSourceIdentity  = "Who is behind the session, unchangeable from then on; sts:SourceIdentity, and the trust policy must allow sts:SetSourceIdentity"
	aboutPrincipalTag    = "A session tag; aws:RequestTag/ and aws:PrincipalTag/ and its key, and the trust policy must allow sts:TagSession"
	aboutTransitive      = "Keys of session tags that stay when the session assumes another role"
	aboutGroups          = "The person's groups; not a condition key in AWS, although many tutorials use it as one"
)

var (
	roleAttributes    = []ResponseAttribute{{attrRole, aboutRole}, {attrRoleSessionName, aboutRoleSessionName}}
	sessionAttributes = append(roleAttributes[:2:2], ResponseAttribute{attrSessionDuration, aboutSessionDuration})
)

// What is said of the products below was recalled where no source is named,
// and compared with responses in their libraries' tests.
var responseProfiles = []responseProfile{
	{
		ResponseProfile: ResponseProfile{
			Name:     "saml",
			Title:    "The attributes that STS requires, nothing else",
			EntityID: "https://idp.example.com/saml",
			Attributes: append(roleAttributes[:2:2], []ResponseAttribute{
				{attrSessionDuration, aboutSessionDuration},
				{awsAttribute + "SourceIdentity", aboutSourceIdentity},
				{awsAttribute + "PrincipalTag:Department", aboutPrincipalTag},
				{awsAttribute + "TransitiveTagKeys", aboutTransitive},
				{"urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName; saml:edupersonprincipalname in a trust policy"},
				{"urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "eduPersonAffiliation; saml:edupersonaffiliation, which has several values"},
				{"urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "eduPersonEntitlement; saml:edupersonentitlement, which has several values"},
				{"urn:oid:0.9.2342.19200300100.1.1", "The X.500 user id; saml:uid"},
				{"urn:oid:0.9.2342.19200300100.1.3", "The X.500 mail address; saml:mail"},
			}...),
		},
		nameID: "dana@example.com", format: formatPersistent, formats: []string{formatPersistent, formatEmail, formatTransient},
		context: contextTransport,
		style:   style{protocol: "samlp", assertion: "saml", instant: seconds},
		values:  requiredAttributes,
		signOn:  plainSignOn,
	},
	{
		// The roles come as the app's default "role value pattern" has them,
		// provider first; Terraform's okta_app documents the pattern.
		ResponseProfile: ResponseProfile{
			Name:     "okta",
			Title:    "Okta, the app AWS Account Federation",
			EntityID: "http://www.okta.com/exk1a2b3c4d5E6f7G8h9",
			Attributes: append(sessionAttributes[:3:3], []ResponseAttribute{
				{"groups", aboutGroups},
				{awsAttribute + "PrincipalTag:Department", aboutPrincipalTag},
				{awsAttribute + "SourceIdentity", aboutSourceIdentity},
			}...),
		},
		nameID: "dana@example.com", format: formatUnspecified, formats: []string{formatUnspecified, formatEmail},
		nameFormat: nameURI, context: contextTransport,
		style: style{protocol: "saml2p", assertion: "saml2", instant: milliseconds, typed: true, inclusive: "xs"},
		values: func(d *draft) map[string][]string {
			values := sessionOf(d)
			values[attrRole] = []string{d.to.PrincipalArn + "," + d.to.RoleArn}
			return values
		},
		owns: func(entity string) bool { return strings.HasPrefix(entity, "http://www.okta.com/") },
		signOn: func(entity string) (redirect, post string) {
			at := "https://example.okta.com/app/amazon_aws/" + lastPart(entity) + "/sso/saml"
			return at, at
		},
	},
	{
		// Names and order as Microsoft's SAML token claims reference and real
		// responses have them.
		ResponseProfile: ResponseProfile{
			Name:     "entra-id",
			Title:    "Microsoft Entra ID",
			EntityID: "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/",
			Attributes: append([]ResponseAttribute{
				{claimsMicrosoft + "tenantid", "The tenant; not a condition key in AWS, where saml:iss names the tenant"},
				{claimsMicrosoft + "objectidentifier", "The person's id in the directory; not a condition key in AWS"},
				{claimsMicrosoft + "displayname", "The person's full name; not a condition key in AWS"},
				{claimsMicrosoft + "identityprovider", "Who checked the person's password; not a condition key in AWS"},
				{claimsAuthn, "How the person signed in; not a condition key in AWS, so that a trust policy can't ask for multi-factor"},
				{claimsXMLSoap + "givenname", "First name; saml:givenName in a trust policy"},
				{claimsXMLSoap + "surname", "Last name; saml:surname in a trust policy"},
				{claimsXMLSoap + "emailaddress", "Mail address; saml:mail in a trust policy"},
				{claimsXMLSoap + "name", "The user principal name; saml:name in a trust policy"},
				{claimsWindows + "groups", "Object ids of the person's groups; not a condition key in AWS"},
			}, sessionAttributes...),
		},
		nameID: "dana@example.com", format: formatEmail, formats: []string{formatPersistent, formatEmail},
		context: contextPassword,
		style:   style{protocol: "samlp", instant: milliseconds},
		values: func(d *draft) map[string][]string {
			p := personOf(d.nameID)
			values := sessionOf(d)
			values[claimsMicrosoft+"tenantid"] = []string{lastPart(d.issuer)}
			values[claimsMicrosoft+"objectidentifier"] = []string{uuid("object", d.issuer, d.nameID)}
			values[claimsMicrosoft+"displayname"] = []string{p.given + " " + p.surname}
			values[claimsMicrosoft+"identityprovider"] = []string{d.issuer}
			values[claimsAuthn] = []string{
				"http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
				"http://schemas.microsoft.com/claims/multipleauthn",
			}
			values[claimsXMLSoap+"givenname"] = []string{p.given}
			values[claimsXMLSoap+"surname"] = []string{p.surname}
			values[claimsXMLSoap+"emailaddress"] = []string{p.mail}
			values[claimsXMLSoap+"name"] = []string{p.mail}
			return values
		},
		owns: func(entity string) bool { return strings.HasPrefix(entity, "https://sts.windows.net/") },
		signOn: func(entity string) (redirect, post string) {
			at := "https://login.microsoftonline.com/" + lastPart(entity) + "/saml2"
			return at, at
		},
	},
	{
		// The rules of AWS's blog post "Enabling Federation to AWS Using
		// Windows Active Directory, ADFS, and SAML 2.0": the Windows account
		// name as a persistent NameID, the mail address as session name, and
		// roles with the provider first. The other claims are AD FS's own.
		ResponseProfile: ResponseProfile{
			Name:     "adfs",
			Title:    "Active Directory Federation Services",
			EntityID: "http://adfs.example.com/adfs/services/trust",
			Attributes: append([]ResponseAttribute{
				{claimsXMLSoap + "emailaddress", "Mail address; saml:mail in a trust policy"},
				{claimsXMLSoap + "upn", "The user principal name; not a condition key in AWS"},
				{claimsWindows + "windowsaccountname", "Domain and account name; not a condition key in AWS, but here the same as saml:sub"},
				{claimsWindows + "primarygroupsid", "The primary group's security id; the IAM guide's table makes it saml:uid"},
				{claimsXMLSoap + "name", "The person's name; saml:name in a trust policy"},
				{"http://schemas.xmlsoap.org/claims/CommonName", "The common name; saml:commonName in a trust policy"},
				{"http://schemas.xmlsoap.org/claims/Group", aboutGroups},
			}, sessionAttributes...),
		},
		nameID: `EXAMPLE\dana`, format: formatPersistent, formats: []string{formatEmail, formatPersistent, formatTransient},
		context: contextTransport,
		style:   style{protocol: "samlp", instant: milliseconds},
		values: func(d *draft) map[string][]string {
			p := personOf(d.nameID)
			return map[string][]string{
				claimsXMLSoap + "emailaddress":       {p.mail},
				claimsXMLSoap + "upn":                {p.mail},
				claimsWindows + "windowsaccountname": {p.account},
				claimsWindows + "primarygroupsid":    {"S-1-5-21-" + decimal(10, "domain", d.issuer) + "-" + decimal(9, "domain", d.issuer) + "-513"},
				attrRole:                             {d.to.PrincipalArn + "," + d.to.RoleArn},
				attrRoleSessionName:                  {sessionName(p.mail)},
			}
		},
		owns: func(entity string) bool { return strings.HasSuffix(entity, "/adfs/services/trust") },
		signOn: func(entity string) (redirect, post string) {
			at := "https://" + hostOf(entity) + "/adfs/ls/"
			return at, at
		},
	},
	{
		// Google signs the assertion; its option "Signed response" signs the
		// response instead, which a mint says by sign.
		ResponseProfile: ResponseProfile{
			Name:       "google-workspace",
			Title:      "Google Workspace, the app Amazon Web Services",
			EntityID:   "https://accounts.google.com/o/saml2?idpid=C01a2b3c4",
			Attributes: append(sessionAttributes[:3:3], ResponseAttribute{awsAttribute + "PrincipalTag:Department", aboutPrincipalTag}),
		},
		nameID: "dana@example.com", format: formatEmail, formats: []string{formatEmail},
		context: contextUnspecified,
		style:   style{protocol: "saml2p", assertion: "saml2", instant: milliseconds},
		values:  sessionOf,
		owns:    func(entity string) bool { return strings.HasPrefix(entity, "https://accounts.google.com/o/saml2?") },
		signOn: func(entity string) (redirect, post string) {
			_, query, _ := strings.Cut(entity, "?")
			at := "https://accounts.google.com/o/saml2/idp?" + query
			return at, at
		},
	},
	{
		// OneLogin's connector for AWS, of several accounts: its values have
		// an xsi:type, and canonical XML drops the prefix in it.
		ResponseProfile: ResponseProfile{
			Name:     "onelogin",
			Title:    "OneLogin, the app Amazon Web Services Multi Role",
			EntityID: "https://app.onelogin.com/saml/metadata/6a1c9f2e-4b7d-4e35-9c80-2d5f7e1b3a64",
			Attributes: append(sessionAttributes[:3:3], []ResponseAttribute{
				{"saml_username", "The name that the person signs in with; not a condition key in AWS"},
				{"User.email", "Mail address; not a condition key in AWS, which knows it by other names"},
				{"User.FirstName", "First name; not a condition key in AWS by this name"},
				{"User.LastName", "Last name; not a condition key in AWS by this name"},
				{"memberOf", aboutGroups},
			}...),
		},
		nameID: "dana@example.com", format: formatEmail, formats: []string{formatTransient, formatEmail},
		nameFormat: nameBasic, context: contextTransport, session: 24 * time.Hour,
		style: style{protocol: "samlp", assertion: "saml", instant: seconds, typed: true},
		values: func(d *draft) map[string][]string {
			p := personOf(d.nameID)
			values := sessionOf(d)
			values["saml_username"] = []string{p.local}
			values["User.email"] = []string{p.mail}
			values["User.FirstName"] = []string{p.given}
			values["User.LastName"] = []string{p.surname}
			return values
		},
		owns: func(entity string) bool { return strings.HasPrefix(entity, "https://app.onelogin.com/saml/metadata/") },
		signOn: func(entity string) (redirect, post string) {
			const at = "https://example.onelogin.com/trust/saml2/"
			return at + "http-redirect/sso/" + lastPart(entity), at + "http-post/sso/" + lastPart(entity)
		},
	},
}

// requiredAttributes are the two that AWS requires: the role of the call, and
// a session name made of the NameID.
func requiredAttributes(d *draft) map[string][]string {
	return map[string][]string{
		attrRole:            {d.to.RoleArn + "," + d.to.PrincipalArn},
		attrRoleSessionName: {sessionName(d.nameID)},
	}
}

// sessionOf are the required attributes, and an hour as the session's duration.
func sessionOf(d *draft) map[string][]string {
	values := requiredAttributes(d)
	values[attrSessionDuration] = []string{number(hour)}
	return values
}

// person is somebody whom a profile makes up around a NameID.
type person struct{ local, mail, account, given, surname string }

func personOf(nameID string) person {
	p := person{local: nameID}
	if _, account, ok := strings.Cut(nameID, `\`); ok {
		p.local, p.account = account, nameID
	}
	if local, _, ok := strings.Cut(p.local, "@"); ok {
		p.local, p.mail = local, p.local
	} else {
		p.mail = p.local + "@example.com"
	}
	if p.account == "" {
		p.account = `EXAMPLE\` + p.local
	}
	p.given, p.surname, _ = strings.Cut(p.local, ".")
	p.given, p.surname = capital(p.given), capital(cmp.Or(p.surname, "example"))
	return p
}

func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return word
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

// lastPart is what a URL's path ends in.
func lastPart(entity string) string {
	entity = strings.TrimRight(entity, "/")
	return entity[strings.LastIndexByte(entity, '/')+1:]
}

// hostOf is a URL's host, idp.example.com for another URI.
func hostOf(entity string) string {
	if u, err := url.Parse(entity); err == nil && u.Host != "" {
		return u.Host
	}
	return "idp.example.com"
}

// plainSignOn is where an identity provider without a profile signs people in.
func plainSignOn(entity string) (redirect, post string) {
	return "https://" + hostOf(entity) + "/sso/saml/redirect", "https://" + hostOf(entity) + "/sso/saml/post"
}
