package idp

import (
	"crypto/rsa"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

func TestFindingsAboutAResponse(t *testing.T) {
	replace := func(field, value string) []trace.Patch {
		return []trace.Patch{{Op: "replace", Path: assertionPath + "/" + field, Value: value}}
	}
	tests := map[string]struct {
		mint   *scenario.Mint
		rule   trace.Rule
		path   string
		detail string // part of it
		fix    []trace.Patch
	}{
		"an unknown profile names the nearest": {
			&scenario.Mint{Profile: "entraid"}, profileKnown, "/profile", `There is no profile "entraid", so the response has the plain attributes; the nearest is "entra-id"`, replace("profile", "entra-id"),
		},
		"a token's profile is no response's": {
			&scenario.Mint{Profile: "github-actions"}, profileKnown, "/profile", "write one of saml, okta, entra-id, adfs, google-workspace, onelogin", nil,
		},
		"an unknown attack names the nearest": {
			&scenario.Mint{Attack: "xsw9"}, attackKnown, "/attack", `so the response stays honest; the nearest is "xsw1"`, replace("attack", "xsw1"),
		},
		"a token's attack is no response's": {
			&scenario.Mint{Attack: "alg-none"}, attackKnown, "/attack", `There is no attack "alg-none", so the response stays honest; write one of none, xsw1`, nil,
		},
		"an attack on the response's signature says so": {
			&scenario.Mint{Attack: "xsw1", Sign: "assertion"}, attackSuits, "/attack",
			`The attack "xsw1" needs a signed response with its assertion in the clear, and the mint describes a signed assertion, with a key for RS256; the response stays honest until it does.`, nil,
		},
		"an attack on the assertion's signature says so": {
			&scenario.Mint{Attack: "xsw3", Sign: "response"}, attackSuits, "/attack", "needs a signed assertion in the clear, and the mint describes a signed response, with", nil,
		},
		"an attack on a signature wants one": {
			&scenario.Mint{Attack: "foreign-key", Sign: "none"}, attackSuits, "/attack", "needs a signature, and the mint describes a response without a signature", nil,
		},
		"an attack in the clear wants it in the clear": {
			&scenario.Mint{Attack: "tampered-role", Sign: "both", Encrypt: "aes128-gcm"}, attackSuits, "/attack", "the mint describes a signed assertion in a signed response, encrypted, with", nil,
		},
		"an unknown way to sign names the nearest": {
			&scenario.Mint{Sign: "assertions"}, signKnown, "/sign", `There is no way to sign "assertions", so the assertion is signed; the nearest is "assertion"`, replace("sign", "assertion"),
		},
		"an unknown cipher names the nearest": {
			&scenario.Mint{Encrypt: "aes-256-gcm"}, encryptKnown, "/encrypt", `There is no cipher "aes-256-gcm", so the assertion stays in the clear; the nearest is "aes256-gcm"`, replace("encrypt", "aes256-gcm"),
		},
		"a cipher that is near nothing lists them all": {
			&scenario.Mint{Encrypt: "rot13"}, encryptKnown, "/encrypt", "write one of none, aes128-cbc, aes256-cbc, aes128-gcm, aes256-gcm", nil,
		},
		"attributes that are a list": {
			response(t, `[1]`, ""), attributesGiven, "/attributes", "This is of the type array, so the attributes are the profile's; write an object.", nil,
		},
		"attributes whose text is no JSON": {
			response(t, `"{\"Role\":\n}"`, ""), attributesGiven, "/attributes/Role", "can't be read as JSON", nil,
		},
		"a value that is an object": {
			response(t, `{"PrincipalTag:Team":{"a":1}}`, ""), attributesGiven, "/attributes/PrincipalTag:Team", `A value of the attribute "PrincipalTag:Team" is of the type object and is left out`, nil,
		},
		"a value in a list, of a name with slashes": {
			response(t, `{"https://a/~":["x",null]}`, ""), attributesGiven, "/attributes/https:~1~1a~1~0/1", `"https://a/~" is of the type null`, nil,
		},
		"times that are text": {
			response(t, "", `"soon"`), timesGiven, "/times", "can't be read as JSON", nil,
		},
		"a time that no response has names the nearest": {
			response(t, "", `{"notOnorAfter":"+10m"}`), timesKnown, "/times/notOnorAfter", `A response has no time "notOnorAfter"; the nearest is "notOnOrAfter".`,
			[]trace.Patch{{Op: "add", Path: assertionPath + "/times/notOnOrAfter", Value: "+10m"}, {Op: "remove", Path: assertionPath + "/times/notOnorAfter"}},
		},
		"a name with slashes that is near nothing lists them all": {
			response(t, "", `{"a/b":"+10m"}`), timesKnown, "/times/a~1b", "write one of issueInstant, notBefore, notOnOrAfter, authnInstant, sessionNotOnOrAfter, confirmationNotOnOrAfter", nil,
		},
		"a time that is there already isn't overwritten": {
			response(t, "", `{"notBefore":"-1h","notbefore":"+1h"}`), timesKnown, "/times/notbefore", `the nearest is "notBefore"`, nil,
		},
		"a time in words": {
			response(t, "", `{"notBefore":"tomorrow"}`), instantReadable, "/times/notBefore", `notBefore is "tomorrow", which is neither relative`, nil,
		},
		"a time that is a number": {
			response(t, "", `{"issueInstant":1777372200}`), instantReadable, "/times/issueInstant", "issueInstant is 1777372200, which is neither relative", nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.mint.Path = assertionPath
			to := aws
			to.Encrypt = &rsaKeys[0]().PublicKey
			text, findings := Assign(nil).MintResponse(tt.mint, nil, to, moment)
			parsed(t, text) // the response is minted nevertheless
			if len(findings) != 1 {
				t.Fatalf("got %d findings, want 1: %v", len(findings), findings)
			}
			f := findings[0]
			if f.Rule != tt.rule.Code || f.At.Path != assertionPath+tt.path || !strings.Contains(f.Detail, tt.detail) {
				t.Errorf("got %s at %s: %s\nwant %s at %s: …%s…", f.Rule, f.At.Path, f.Detail, tt.rule.Code, assertionPath+tt.path, tt.detail)
			}
			want := tt.fix
			if want == nil {
				want = []trace.Patch{}
			}
			if diff := cmp.Diff(want, f.Fix); diff != "" {
				t.Errorf("fix (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAssertionIsEncryptedOnlyToAKeyThatIsThere(t *testing.T) {
	small := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 511), E: 3}
	for name, tt := range map[string]struct {
		key    *rsa.PublicKey
		detail string
	}{
		"no key":          {nil, "has no private key that AWS could decrypt with; it stays in the clear."},
		"a key too small": {small, "has a key of 512 bits, which is too short to encrypt to; it stays in the clear."},
	} {
		to := aws
		to.Encrypt = tt.key
		text, findings := Assign(nil).MintResponse(&scenario.Mint{Path: assertionPath, Encrypt: "aes128-cbc"}, nil, to, moment)
		if len(findings) != 1 || findings[0].Rule != encryptKey.Code || findings[0].At.Path != assertionPath+"/encrypt" || !strings.Contains(findings[0].Detail, tt.detail) {
			t.Errorf("%s: got %v", name, findings)
		}
		if assertionOf(parsed(t, text)) == nil {
			t.Errorf("%s: want the assertion in the clear", name)
		}
	}
}

func TestATimeThatCannotBeReadGoesInAsItIs(t *testing.T) {
	for given, want := range map[string]string{
		`{"notBefore":"2026-04-28T24:00:00Z"}`: "2026-04-28T24:00:00Z", `{"notBefore":"2026-04-28T10:30:00"}`: "2026-04-28T10:30:00",
		`{"notBefore":1777372200}`: "1777372200", `{"notBefore":["x"]}`: `["x"]`, `{"notBefore":true}`: "true",
	} {
		text, _ := Assign(nil).MintResponse(response(t, "", given), nil, aws, moment)
		if got := said(t, parsed(t, text))["Conditions/NotBefore"]; got != want {
			t.Errorf("%s: got %q, want %q", given, got, want)
		}
	}
}

func TestAFindingInsideTheTextOfAttributesSaysWhere(t *testing.T) {
	_, findings := Assign(nil).MintResponse(response(t, `"{\n  \"a\": {}}"`, ""), nil, aws, moment)
	want := &trace.Within{Path: assertionPath + "/attributes", Line: 2, Column: 8}
	if len(findings) != 1 || !cmp.Equal(findings[0].At.Within, want) || findings[0].At.Path != assertionPath+"/attributes/a" {
		t.Errorf("got %+v, want %+v", findings, want)
	}
	_, findings = Assign(nil).MintResponse(response(t, "", `"{\"notbefore\":\"+1m\"}"`), nil, aws, moment)
	if len(findings) != 1 || len(findings[0].Fix) > 0 {
		t.Errorf("got %+v, want no fix inside of a text", findings)
	}
}

// FuzzMintResponse looks for a description that makes minting panic, or that
// gives something that isn't XML.
func FuzzMintResponse(f *testing.F) {
	f.Add("okta", `{"Role":["a,b"],"x":null}`, `{"notBefore":"-1d"}`, "both", "aes256-gcm", "", "http://www.okta.com/exk1", "dana@example.com", int64(1777372200))
	f.Add("adfs", `"not json"`, `[]`, "response", "none", "xsw2", "http://x/adfs/services/trust", `A\b`, int64(0))
	f.Add("onelogin", `{"\u0000":"\ud83d\ude00"}`, `{"issueInstant":7}`, "assertion", "aes128-cbc", "encrypted-for-someone-else", "urn:x", "\xff]]>", int64(1<<40))
	f.Add("", `{"Role":null,"RoleSessionName":null}`, `{"notOnOrAfter":null}`, "none", "", "two-signed-infos", "::", "<!---->", int64(-1<<62))
	f.Fuzz(func(t *testing.T, profile, attributes, times, sign, encrypt, attack, issuer, nameID string, unix int64) {
		m := &scenario.Mint{Profile: profile, Sign: sign, Encrypt: encrypt, Attack: attack, Issuer: issuer, NameID: nameID, Recipient: nameID, Audience: nameID, Path: assertionPath}
		if node, err := source.ParseJSON(attributes); err == nil {
			m.Attributes = scenario.Document{Node: node, Path: assertionPath + "/attributes"}
		}
		if node, err := source.ParseJSON(times); err == nil {
			m.Times = scenario.Document{Node: node, Path: assertionPath + "/times"}
		}
		to := SignIn{RoleArn: nameID, PrincipalArn: issuer, Region: profile, Encrypt: &rsaKeys[1]().PublicKey}
		iss := &scenario.Issuer{EntityID: issuer, Signing: []scenario.Signing{{Kid: "e", Alg: "ES256"}}}
		ring := Assign([]scenario.Issuer{*iss})
		text, findings := ring.MintResponse(m, iss, to, time.Unix(unix, 0))
		if _, rest, ok := strings.Cut(text, "]>"); ok && attack == "entity-bomb" {
			text = strings.Replace(rest, "&a9;", "", 1)
		}
		root := parsed(t, text)
		if root.Tag != "Response" {
			t.Errorf("got %s, want a Response", root.Tag)
		}
		if len(findings) == 0 && attack == "" && encrypt == "" && sign == "" {
			certificate := metadataCertificates(t, ring.Metadata(iss))[0]
			if validated(t, assertionOf(root), certificate) == nil {
				t.Errorf("the signature isn't good: %s", text)
			}
		}
		parsed(t, ring.Metadata(iss))
		for _, finding := range findings {
			if !utf8.ValidString(finding.Detail) || len(finding.Detail) > 2000 {
				t.Errorf("detail: %q", finding.Detail)
			}
		}
	})
}
