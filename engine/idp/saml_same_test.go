package idp

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/scenario"
)

func forgetAll() {
	signatures, certificates = newMemo[[]byte](256), newMemo[[]byte](64)
}

func TestTheSameDescriptionGivesTheSameResponse(t *testing.T) {
	for _, alg := range []string{"RS256", "ES384"} {
		iss := samlIssuer(alg)
		ring := Assign([]scenario.Issuer{*iss})
		to := aws
		to.Encrypt = &rsaKeys[0]().PublicKey
		check := func(profile, attack, sign, encrypt string) {
			t.Helper()
			mint := func(forget bool) string {
				if forget {
					forgetAll()
				}
				m := response(t, `{"mail":"d@example.com"}`, `{"notOnOrAfter":"+10m"}`)
				m.Profile, m.Attack, m.Sign, m.Encrypt = profile, attack, sign, encrypt
				text, _ := ring.MintResponse(m, iss, to, moment)
				return text + ring.Metadata(iss)
			}
			first := mint(true)
			if second := mint(true); first != second {
				t.Errorf("%s, %s, %s, %s: got %s, then %s", profile, attack, sign, encrypt, first, second)
			}
			if remembered := mint(false); first != remembered {
				t.Errorf("%s, %s, %s, %s: got %s, remembered %s", profile, attack, sign, encrypt, first, remembered)
			}
		}
		for _, p := range ResponseProfiles() {
			check(p.Name, "", "both", "")
		}
		for _, a := range ResponseAttacks() {
			check("okta", a.Name, "both", "")
		}
		for _, c := range contentCiphers {
			check("", "", "both", c.name)
		}
	}
}

// The digests are what these descriptions have given since responses were
// first minted. They differ if anything in a response depends on the machine,
// and if a scenario that somebody saved no longer gives the response it did.
func TestAResponseIsTheSameOnEveryMachineAndInEveryYear(t *testing.T) {
	for name, want := range map[string]string{
		"saml RS256":             "986d1b21c56879eec28e378c6790033a8a3db52dc929ff5c0296c102f4bf1c37",
		"saml ES512":             "f9733a6d5e59ace4437d62be0340f1d4a3f7de0adfffc8422d9bd5ce8ff9a81b",
		"okta RS256":             "38609211906191c8ea2df1318b4793a8d6c339da9818374f5b3c978273e51788",
		"entra-id RS256":         "53a022844a60e2af24a9e6ed80e37a6f61ca171452c5735b87f5e54a18ff8957",
		"adfs RS256":             "9a5ccd32a335355aa5af789c1aaa08c134d4c45f9a972a80cef0619b7458454e",
		"google-workspace RS256": "a78ecc492f31140dbe93c8cec7c0fc5cd7af0cad22214838358b44948628f578",
		"okta ES384 aes256-gcm":  "9981456f991ca41fab6d5bdf00d9216a56838b46e15c34f1dadfd23b17fc15ef",
		"adfs RS512 aes128-cbc":  "3d1262f0814e9ef0cbe64d9582afdf1ffd10991c1305cda15843db0c645eaf14",
		"onelogin ES256":         "bdafdbd628f47cb11ea1d4d8d6d1d87b0c0c52d3f1ffe7f805867f080ac1448d",
	} {
		profile, rest, _ := strings.Cut(name, " ")
		alg, encrypt, _ := strings.Cut(rest, " ")
		iss := samlIssuer(alg)
		to := aws
		to.Encrypt = &rsaKeys[0]().PublicKey
		ring := Assign([]scenario.Issuer{*iss})
		m := response(t, "", "")
		m.Profile, m.Issuer, m.Sign, m.Encrypt = profile, entityID, "both", encrypt
		text, _ := ring.MintResponse(m, iss, to, moment)
		sum := sha256.Sum256([]byte(text + ring.Metadata(iss)))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: got %s, want %s, of %s", name, got, want, text)
		}
	}
}

func TestAnotherMomentGivesAnotherResponse(t *testing.T) {
	now := parsed(t, mintedResponse(t, response(t, "", "")))
	text, _ := Assign(nil).MintResponse(response(t, "", ""), nil, aws, moment.Add(time.Second))
	later := parsed(t, text)
	for _, path := range [][]string{{}, {"Assertion"}} {
		a, b := find(now, path...).SelectAttrValue("ID", ""), find(later, path...).SelectAttrValue("ID", "")
		if a == b {
			t.Errorf("got ID %s both times, want two", a)
		}
	}
}
