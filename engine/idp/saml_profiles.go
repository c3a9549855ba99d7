package idp

import (
	"time"
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
	protocol, assertion string // prefixes; "" for the default namespace
	typed               bool   // values say xsi:type="xs:string"
	instant             func(time.Time) string
}

// inclusive are the prefixes that canonical XML keeps though no name has
// them: xs stands only in the value of xsi:type.
func (s style) inclusive() string {
	if s.typed {
		return "xs"
	}
	return ""
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
	formatWindows     = "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName"
	formatPersistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	formatTransient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

const (
	formatURI   = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
	formatBasic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"

	contextPassword = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
)

// What attributes say that AWS reads itself.
const (
	aboutRole            = "The role and the SAML provider that trust the person, parted by a comma; without it nobody gets in"
	aboutRoleSessionName = "The name of the session, 2 to 64 of the characters a-z A-Z 0-9 _ + = , . @ -; required"
	aboutSessionDuration = "Seconds that a console session lasts, 900 to 43200; in an API call it can only shorten the session"
)

const (
	attrRole            = awsAttribute + "Role"
	attrRoleSessionName = awsAttribute + "RoleSessionName"
	attrSessionDuration = awsAttribute + "SessionDuration"
)

var responseProfiles = []responseProfile{
	{
		ResponseProfile: ResponseProfile{
			Name:     "saml",
			Title:    "The attributes that STS requires, nothing else",
			EntityID: "https://idp.example.com/saml",
			Attributes: []ResponseAttribute{
				{attrRole, aboutRole}, {attrRoleSessionName, aboutRoleSessionName},
			},
		},
		nameID:  "dana@example.com",
		format:  formatPersistent,
		formats: []string{formatPersistent, formatEmail, formatTransient},
		context: contextPassword,
		style:   style{"samlp", "saml", false, seconds},
		values:  plainAttributes,
		signOn:  plainSignOn,
	},
}

// plainAttributes are the two that AWS requires: the role of the call, and a
// session name made of the NameID.
func plainAttributes(d *draft) map[string][]string {
	return map[string][]string{
		attrRole:            {d.to.RoleArn + "," + d.to.PrincipalArn},
		attrRoleSessionName: {sessionName(d.nameID)},
	}
}
