package idp

import "strings"

// kind is a kind of system that vouches for identities: how its subjects are
// written, what else its tokens say, and who there is besides the one that a
// trust policy means.
//
// Words and values are templates: {part} stands for a part of the first
// identity's subject, {form:part} for a form of it (people.part).
type kind struct {
	owns     func(issuer string) bool
	profile  string // of the mint
	saml     bool
	oauth    bool // access tokens that STS asks the provider about
	subject  []piece
	audience string   // where neither policy nor provider says one
	claims   []string // name, value and so on; aud is among them
	who      string   // the identity that a policy means
	what     string
	words    []string // how parts are said: a beginning, and what stands for it
	reads    []reading
	pinned   []string // claims and the part that they belong to: with another one they say something else
	variants []variant
	real     func(parts map[string]string, literal string) bool // nil: every subject is one that the provider may write
	fills    [2]string                                          // for wildcards that reach over several parts: one's own, and somebody else's
	foreign  string                                             // an audience that the provider's tokens for other systems have
}

// reading is a part of the subject that another claim tells too.
type reading struct {
	claim, part string
	read        func(value string) string
}

// variant is an identity that differs from the first one. set are names and
// values: of parts of the subject, of claims ("null" for none), and with an @
// of the mint itself.
type variant struct {
	who, what, opens string
	width            Width
	unless           string // a claim that keeps it small where the policy asks for it
	set              []string
}

// follows says whether a claim says what a part of the subject says.
func (k *kind) follows(claim string) bool {
	for i := range k.reads {
		if k.reads[i].claim == claim {
			return true
		}
	}
	return false
}

// moves says whether a claim belongs to one of the parts that change.
func (k *kind) moves(claim string, changed []string) bool {
	for i := 0; i+1 < len(k.pinned); i += 2 {
		for _, part := range changed {
			if k.pinned[i] == claim && k.pinned[i+1] == part {
				return true
			}
		}
	}
	return false
}

func kindOf(c *Census) *kind {
	for i := range kinds {
		if k := &kinds[i]; k.saml == c.SAML && k.owns(c.Issuer) {
			return k
		}
	}
	return &kinds[len(kinds)-1]
}

// common are the identities of every kind: another door, another time,
// another key.
func (k *kind) common() []variant {
	switch {
	case k.oauth:
		return nil
	case k.saml:
		return commonResponses
	}
	return append([]variant{{
		who: "a token for another system", what: "Its audience is " + k.foreign + ".",
		opens: "Every token that was made for another system", width: widthSame, set: []string{"aud", k.foreign},
	}}, commonTokens...)
}

var commonTokens = []variant{
	{who: "a token for another client", what: "Its audience is {client:aud}, which is registered too.", opens: "Every client that is registered with the provider", width: widthSame, set: []string{"aud", "{client:aud}"}},
	{who: "an expired token", what: "It is the first one's, and expired an hour ago.", width: widthDetail, set: []string{"@attack", "expired"}},
	{who: "a token for later", what: "It mustn't be used for another hour.", width: widthDetail, set: []string{"@attack", "not-yet-valid"}},
	{who: "a token without a subject", what: "It has no sub.", width: widthDetail, set: []string{"sub", "null"}},
	{who: "a forged token", what: "It says what the first one says, and somebody else's key signed it.", opens: "Whoever writes a token", width: widthAnyone + 9, set: []string{"@attack", "wrong-key"}},
}

var commonResponses = []variant{
	{who: "a response for another system", what: "Its recipient is https://sp.example.com/saml/acs.", width: widthDetail, set: []string{"@attack", "wrong-recipient"}},
	{who: "a response for another audience", what: "Its audience isn't AWS.", width: widthDetail, set: []string{"@attack", "wrong-audience"}},
	{who: "an expired response", what: "It was issued two hours ago.", width: widthDetail, set: []string{"@attack", "expired"}},
	{who: "a response of ten minutes ago", what: "It is still valid, and has to be redeemed within five minutes.", width: widthDetail, set: []string{"@attack", "redeemed-late"}},
	{who: "an unsigned response", what: "Every signature was taken out.", opens: "Whoever writes a response", width: widthAnyone + 9, set: []string{"@attack", "stripped"}},
	{who: "a forged response", what: "Somebody else's key signed it.", opens: "Whoever writes a response", width: widthAnyone + 9, set: []string{"@attack", "foreign-key"}},
	{who: "another identity provider", what: "Another provider's issuer stands in it, under the registered key.", width: widthDetail, set: []string{"@attack", "wrong-issuer"}},
}

// issuers of kinds.
func is(issuers ...string) func(string) bool {
	return func(issuer string) bool {
		for _, one := range issuers {
			if one == issuer {
				return true
			}
		}
		return false
	}
}

func begins(prefix string) func(string) bool {
	return func(issuer string) bool { return strings.HasPrefix(issuer, prefix) }
}

func has(part string) func(string) bool {
	return func(issuer string) bool { return strings.Contains(issuer, part) }
}

// isGitHub knows github.com, ghe.com and GitHub Enterprise Server by their
// issuers, see githubServer.
func isGitHub(issuer string) bool {
	return strings.HasPrefix(issuer, githubIssuer) || githubServer(issuer) != "https://github.com"
}

// The last kind is that of every other provider.
var kinds = []kind{
	githubKind, gitlabKind, eksKind, cognitoKind, userPoolKind, googleKind,
	circleKind, buildkiteKind, terraformKind, bitbucketKind, keycloakKind, auth0Kind, entraKind,
	amazonKind, facebookKind, samlKind, anyKind,
}
