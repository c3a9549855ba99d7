package idp

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"stsplayground/engine/scenario"
)

// staged is an attack next to the honest token of the same description.
type staged struct {
	t              *testing.T
	honest, broken parts
	keySet         string
	alg            algorithm
}

// parts are a token's segments, as they stand and read.
type parts struct {
	compact, header, claims        string
	headerSegment, claimsSegment   string
	signatureSegment, signingInput string
}

func taken(t *testing.T, compact string) parts {
	t.Helper()
	h, c, s := segments(t, strings.TrimPrefix(compact, "Bearer "))
	return parts{compact, string(decode(t, h)), string(decode(t, c)), h, c, s, h + "." + c}
}

func stage(t *testing.T, attack, alg string) staged {
	t.Helper()
	iss := &scenario.Issuer{URL: "https://idp.example.com", Signing: []scenario.Signing{{Kid: "demo", Alg: alg}}}
	ring := Assign([]scenario.Issuer{*iss})
	mint := func(name string) parts {
		m := described(t, "", `{"sub":"user-123"}`, "")
		m.Attack = name
		compact, findings := ring.MintToken(m, iss, moment)
		if len(findings) > 0 {
			t.Errorf("%s: got findings %v, want none", name, findings)
		}
		return taken(t, compact)
	}
	a, _ := algorithmOf(alg)
	return staged{t, mint(""), mint(attack), ring.PublicKeySet(iss), a}
}

// genuine says whether the issuer's key made the broken token's signature.
func (s staged) genuine() bool {
	s.t.Helper()
	return verifies(s.t, s.broken.compact, s.keySet, "demo", s.alg)
}

func (s staged) want(ok bool, what string) {
	s.t.Helper()
	if !ok {
		s.t.Errorf("%s\nhonest %s\nbroken %s", what, s.honest.compact, s.broken.compact)
	}
}

// forgerSigned checks that somebody else signed, with the same algorithm.
func (s staged) forgerSigned() {
	s.t.Helper()
	s.want(!s.genuine(), "the issuer's own key signed")
	s.want(len(s.broken.signatureSegment) == len(s.honest.signatureSegment), "the signature isn't one of the algorithm")
	s.want(s.broken.claims == s.honest.claims, "the claims differ")
}

// attackChecks hold, for each attack, the way in which it differs from the
// honest token.
var attackChecks = map[string]func(s staged){
	"none": func(s staged) { s.want(s.broken == s.honest, "the tokens differ") },
	"alg-none": func(s staged) {
		s.want(s.broken.header == `{"alg":"none","kid":"demo","typ":"JWT"}` && s.broken.signatureSegment == "", "want alg none and no signature")
		s.want(s.broken.claims == s.honest.claims, "the claims differ")
	},
	"alg-none-mixed-case": func(s staged) {
		s.want(s.broken.header == `{"alg":"nOnE","kid":"demo","typ":"JWT"}` && s.broken.signatureSegment == "", "want alg nOnE and no signature")
	},
	"alg-none-with-signature": func(s staged) {
		s.want(s.broken.header == `{"alg":"none","kid":"demo","typ":"JWT"}`, "want alg none")
		s.want(s.broken.signatureSegment == s.honest.signatureSegment, "the signature isn't the honest token's")
	},
	"hs256-public-key": func(s staged) {
		s.want(s.broken.header == `{"alg":"HS256","kid":"demo","typ":"JWT"}`, "want alg HS256")
		der, err := x509.MarshalPKIXPublicKey(publishedKey(s.t, s.keySet, "demo"))
		if err != nil {
			s.t.Fatal(err)
		}
		mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		mac.Write([]byte(s.broken.signingInput))
		s.want(s.broken.signatureSegment == encode(mac.Sum(nil)), "the signature isn't the HMAC with the public key")
	},
	"ps256": func(s staged) {
		s.want(s.broken.header == `{"alg":"PS256","kid":"demo","typ":"JWT"}`, "want alg PS256")
		key := publishedKey(s.t, s.keySet, "demo").(*rsa.PublicKey)
		err := jwt.SigningMethodPS256.Verify(s.broken.signingInput, decode(s.t, s.broken.signatureSegment), key)
		s.want(err == nil, "the signature isn't a good PS256 signature")
	},
	"tampered-payload": func(s staged) {
		s.want(s.broken.signingInput == s.honest.signingInput, "the token doesn't say what is described")
		issued := strings.Replace(s.honest.claims, `"sub":"user-123"`, `"sub":"somebody-else"`, 1)
		s.want(verifies(s.t, s.honest.headerSegment+"."+encode(issued)+"."+s.broken.signatureSegment, s.keySet, "demo", s.alg), "the signature isn't that of a token for somebody-else")
		s.want(!s.genuine(), "the signature is good")
	},
	"tampered-signature": func(s staged) {
		s.want(s.broken.signingInput == s.honest.signingInput, "more than the signature differs")
		a, b := decode(s.t, s.honest.signatureSegment), decode(s.t, s.broken.signatureSegment)
		bits := 0
		for i := range a {
			for x := a[i] ^ b[i]; x != 0; x &= x - 1 {
				bits++
			}
		}
		s.want(bits == 1, "want one bit flipped")
		s.want(!s.genuine(), "the signature is good")
	},
	"empty-signature": func(s staged) {
		s.want(s.broken.signingInput == s.honest.signingInput && s.broken.signatureSegment == "", "want the same without the signature")
	},
	"wrong-key": func(s staged) {
		s.want(s.broken.signingInput == s.honest.signingInput, "header or claims differ")
		s.forgerSigned()
	},
	"embedded-jwk": func(s staged) {
		s.forgerSigned()
		var header struct{ JWK json.RawMessage }
		if err := json.Unmarshal([]byte(s.broken.header), &header); err != nil {
			s.t.Fatal(err)
		}
		keySet := `{"keys":[` + string(header.JWK) + `]}`
		s.want(verifies(s.t, s.broken.compact, keySet, "demo", s.alg), "the key in the header isn't the one that signed")
	},
	"jku": func(s staged) {
		s.forgerSigned()
		s.want(strings.Contains(s.broken.header, `"jku":"https://attacker.example/jwks.json"`), "want the attacker's jku")
	},
	"x5u": func(s staged) {
		s.forgerSigned()
		s.want(strings.Contains(s.broken.header, `"x5u":"https://attacker.example/chain.pem"`), "want the attacker's x5u")
	},
	"kid-injection": func(s staged) {
		s.forgerSigned()
		s.want(strings.Contains(s.broken.header, `"kid":"../../../../dev/null"`), "want a path as kid")
	},
	"crit-unknown": func(s staged) {
		s.want(strings.HasSuffix(s.broken.header, `,"crit":["exp2"],"exp2":1777375800}`), "want exp2 to be critical")
		s.want(s.genuine(), "the signature isn't good")
	},
	"duplicate-alg": func(s staged) {
		s.want(strings.HasPrefix(s.broken.header, `{"alg":"none","alg":"`+s.alg.name+`"`), "want alg twice")
		s.want(s.genuine(), "the signature isn't good")
	},
	"duplicate-sub": func(s staged) {
		s.want(strings.HasPrefix(s.broken.claims, `{"sub":"somebody-else",`) && strings.Contains(s.broken.claims, `"sub":"user-123"`), "want sub twice")
		s.want(s.genuine(), "the signature isn't good")
	},
	"padded-base64": func(s staged) {
		s.want(strings.TrimRight(s.broken.compact, "=") == s.honest.compact && s.broken.compact != s.honest.compact, "want padding and nothing else")
	},
	"newline-in-signature": func(s staged) {
		s.want(strings.Replace(s.broken.compact, "\n", "", 1) == s.honest.compact && s.broken.compact != s.honest.compact, "want a line break and nothing else")
	},
	"ec-der-signature": func(s staged) {
		s.want(s.broken.signingInput == s.honest.signingInput, "header or claims differ")
		key := Assign(nil).key(keyName{"https://idp.example.com", "demo", s.alg.name}, s.alg)
		side := key.sideBySide(decode(s.t, s.broken.signatureSegment))
		s.want(encode(side) == s.honest.signatureSegment, "the DER signature isn't the honest one")
	},
	"bearer-prefix": func(s staged) { s.want(s.broken.compact == "Bearer "+s.honest.compact, "want Bearer in front") },
	"expired": func(s staged) {
		s.want(strings.Contains(s.broken.claims, `"iat":1777365000,"exp":1777368600`), "want two hours ago, and one")
		s.want(s.genuine(), "the signature isn't good")
	},
	"not-yet-valid": func(s staged) {
		s.want(strings.HasSuffix(s.broken.claims, `,"nbf":1777375800}`), "want an nbf in an hour")
		s.want(s.genuine(), "the signature isn't good")
	},
	"other-audience": func(s staged) {
		s.want(strings.Contains(s.broken.claims, `"aud":"api://AzureADTokenExchange"`), "want another audience")
		s.want(s.genuine(), "the signature isn't good")
	},
}

func TestEachAttackDiffersAsItSays(t *testing.T) {
	for _, a := range attacks {
		t.Run(a.Name, func(t *testing.T) {
			check := attackChecks[a.Name]
			if check == nil {
				t.Fatal("nothing says how it differs from the honest token")
			}
			for _, alg := range algorithms {
				key := Assign(nil).key(keyName{alg: alg.name}, alg)
				if a.fits == nil || a.fits(key) {
					t.Run(alg.name, func(t *testing.T) {
						s := stage(t, a.Name, alg.name)
						check(s)
					})
				}
			}
			if !strings.HasSuffix(a.About, ".") || strings.HasSuffix(a.Title, ".") {
				t.Errorf("got %q, %q, want a title without and a sentence with a full stop", a.Title, a.About)
			}
		})
	}
	if len(attackChecks) != len(attacks) {
		t.Errorf("got %d checks, want %d", len(attackChecks), len(attacks))
	}
}

func TestAnExpiredTokenWasOnceValid(t *testing.T) {
	m := described(t, "github-actions", "", "")
	m.Attack = "expired"
	_, claims, _ := mintedText(t, m)
	nbf, iat, exp := claim(t, claims, "nbf").(float64), claim(t, claims, "iat").(float64), claim(t, claims, "exp").(float64)
	if nbf > iat || iat >= exp || exp >= float64(moment.Unix()) {
		t.Errorf("got nbf %v, iat %v, exp %v, want them in this order and before %d", nbf, iat, exp, moment.Unix())
	}
}
