package engine_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"stsplayground/engine"
)

// signInWorld has a provider that wants assertions encrypted, and one that
// doesn't.
const signInWorld = `
now: "2026-04-28T10:30:00Z"
issuers:
  - {entityId: https://idp.example.com/saml, signing: [{alg: RS256}]}
  - {entityId: https://sealed.example.com/saml, signing: [{alg: RS256}]}
accounts:
  "123456789012":
    SAMLProviders:
      - {Name: Plain, metadataOf: https://idp.example.com/saml}
      - {Name: Sealed, metadataOf: https://sealed.example.com/saml, AssertionEncryptionMode: Required, SAMLProviderUUID: SAMLSP4SHN3UIS2D558H46, privateKeys: [playground]}
    Roles:
      - RoleName: console
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: {Federated: ["arn:aws:iam::123456789012:saml-provider/Plain", "arn:aws:iam::123456789012:saml-provider/Sealed"]}, Action: "sts:AssumeRoleWithSAML"}
calls:
`

func TestAnEncryptedResponseIsReadForItsRoles(t *testing.T) {
	r := engine.Run(decode(t, signInWorld+`
  - name: sealed
    action: signin:ConsoleLogin
    params:
      RoleArn: arn:aws:iam::123456789012:role/console
      SAMLResponse: {mint: {issuer: https://sealed.example.com/saml, encrypt: aes256-gcm, recipient: "https://signin.aws.amazon.com/saml/acs/SAMLSP4SHN3UIS2D558H46"}}
`))
	// Two providers could be meant by the role alone; the issuer says which.
	if c := r.Calls[0]; c.Outcome != "success" {
		t.Errorf("got %s: %s", c.Outcome, c.Verdict)
	}
}

// A response is posted as the identity provider made it, or pasted as the API
// takes it; both are the same.
func TestAPastedResponseSignsIn(t *testing.T) {
	minted := engine.Run(decode(t, signInWorld+`
  - {name: minted, action: signin:ConsoleLogin, params: {RoleArn: "arn:aws:iam::123456789012:role/console", SAMLResponse: {mint: {issuer: https://idp.example.com/saml}}}}
`)).Calls[0]
	if minted.Outcome != "success" || minted.SAML == nil {
		t.Fatalf("got %s: %s", minted.Outcome, minted.Verdict)
	}
	pasted, _ := json.Marshal(base64.StdEncoding.EncodeToString([]byte(minted.SAML.Minted)))
	c := engine.Run(decode(t, signInWorld+`
  - {name: pasted, action: signin:ConsoleLogin, params: {SAMLResponse: `+string(pasted)+`}}
`)).Calls[0]
	if c.Outcome != "success" || c.Session == nil || c.Session.ARN != minted.Session.ARN {
		t.Errorf("got %s: %s", c.Outcome, c.Verdict)
	}
}

func TestWhatIsNoResponseEndsOnTheErrorPage(t *testing.T) {
	for name, text := range map[string]string{
		"prose":          "hello",
		"nothing":        "",
		"a JWT":          "eyJhbGciOiJub25lIn0.e30.",
		"too large":      strings.Repeat("A", 200_000),
		"large":          base64.StdEncoding.EncodeToString([]byte("<a>" + strings.Repeat("x", 110_000) + "</a>")),
		"some other XML": "<a/>",
	} {
		value, _ := json.Marshal(text)
		c := engine.Run(decode(t, signInWorld+`
  - {name: one, action: signin:ConsoleLogin, params: {SAMLResponse: `+string(value)+`}}
`)).Calls[0]
		const page = "Your request included an invalid SAML response. To logout, click here."
		if c.Error == nil || c.Error.Message != page || c.Session != nil {
			t.Errorf("%s: got %+v", name, c.Error)
		}
	}
}

// Advice on the call behind a sign-in changes nothing that a form doesn't have.
func TestAdviceOnASignInFitsTheForm(t *testing.T) {
	s := example(t, "the-error-page-of-the-sign-in").Source
	for i, c := range engine.Run(decode(t, s)).Calls {
		for _, a := range c.Advice {
			for _, fix := range a.Fix {
				_, parameter, _ := strings.Cut(fix.Path, "/params/")
				if parameter != "" && parameter != "RoleArn" && !strings.HasPrefix(parameter, "SAMLResponse/") {
					t.Errorf("call %d: got a fix at %s", i, fix.Path)
				}
			}
		}
	}
}
