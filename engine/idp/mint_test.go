package idp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

const mintPath = "/calls/0/params/WebIdentityToken/mint"

// described is a mint with claims and header from JSON text.
func described(t testing.TB, profile, claims, header string) *scenario.Mint {
	t.Helper()
	return &scenario.Mint{
		Profile: profile, Path: mintPath,
		Claims: document(t, claims, mintPath+"/claims"),
		Header: document(t, header, mintPath+"/header"),
	}
}

// mintedText mints without a scenario and gives header and claims as JSON.
func mintedText(t testing.TB, m *scenario.Mint) (header, claims string, findings []trace.Finding) {
	t.Helper()
	compact, findings := Assign(nil).MintToken(m, nil, moment)
	h, c, _ := segments(t, compact)
	return string(decode(t, h)), string(decode(t, c)), findings
}

func TestClaims(t *testing.T) {
	const jti = `"jti":"x"`
	tests := map[string]struct{ claims, want string }{
		"without a description there are the claims that STS requires": {
			`{"jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777375800,` + jti + `}`,
		},
		"a described claim wins, in the profile's place": {
			`{"aud":["a","b"],"sub":"app:backend:ci-runner","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"app:backend:ci-runner","aud":["a","b"],"iat":1777372200,"exp":1777375800,` + jti + `}`,
		},
		"other claims follow in their own order, byte for byte": {
			`{"z":1.50,"a":{"n":1e400,"l":[true,null,"\u00e9"]},"jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777375800,` + jti + `,"z":1.50,"a":{"n":1e400,"l":[true,null,"é"]}}`,
		},
		"null removes a claim": {
			`{"sub":null,"exp":null,"jti":null,"other":null}`,
			`{"iss":"https://idp.example.com","aud":"sts.amazonaws.com","iat":1777372200}`,
		},
		"relative times count from the call": {
			`{"iat":"-30s","nbf":"+1h30m","exp":"+2d","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777372170,"exp":1777545000,` + jti + `,"nbf":1777377600}`,
		},
		"an RFC 3339 time becomes a NumericDate": {
			`{"exp":"2026-04-28T12:00:00+01:00","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777374000,` + jti + `}`,
		},
		"numbers are taken as they are, odd ones too": {
			`{"iat":1e3,"exp":1777375800.5,"jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1e3,"exp":1777375800.5,` + jti + `}`,
		},
		"the default expiry follows a described iat": {
			`{"iat":"-2h","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777365000,"exp":1777368600,` + jti + `}`,
		},
		"only the three times of RFC 7519 are relative": {
			`{"level":"+10m","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777375800,` + jti + `,"level":"+10m"}`,
		},
		"a claim that is written twice stays twice": {
			`{"sub":"a","sub":"b","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"a","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777375800,` + jti + `,"sub":"b"}`,
		},
		"a claim that differs only in case is another claim": {
			`{"SUB":"admin","jti":"x"}`,
			`{"iss":"https://idp.example.com","sub":"user-123","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777375800,` + jti + `,"SUB":"admin"}`,
		},
		"claims may be written as text": {
			`"{\"sub\":\"x\",\"jti\":\"x\"}"`,
			`{"iss":"https://idp.example.com","sub":"x","aud":"sts.amazonaws.com","iat":1777372200,"exp":1777375800,` + jti + `}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, got, findings := mintedText(t, described(t, "", tt.claims, ""))
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(findings) > 0 {
				t.Errorf("got findings %v, want none", findings)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	iss := &scenario.Issuer{URL: "https://idp.example.com", Signing: []scenario.Signing{{Kid: "one", Alg: "RS256"}, {Kid: "two", Alg: "ES256"}}}
	ring := Assign([]scenario.Issuer{*iss})
	tests := map[string]struct{ header, want, signer string }{
		"the first key signs":                                {``, `{"alg":"RS256","kid":"one","typ":"JWT"}`, "one RS256"},
		"a described kid picks the key":                      {`{"kid":"two"}`, `{"alg":"ES256","kid":"two","typ":"JWT"}`, "two ES256"},
		"null removes the kid, and the first key signs":      {`{"kid":null,"typ":null}`, `{"alg":"RS256"}`, "one RS256"},
		"other members follow":                               {`{"x5t":"abc","typ":"at+jwt"}`, `{"alg":"RS256","kid":"one","typ":"at+jwt","x5t":"abc"}`, "one RS256"},
		"an alg that the key can do is signed with":          {`{"alg":"RS512"}`, `{"alg":"RS512","kid":"one","typ":"JWT"}`, "one RS512"},
		"an alg of another kind of key is only claimed":      {`{"alg":"ES256"}`, `{"alg":"ES256","kid":"one","typ":"JWT"}`, "one RS256"},
		"an alg that nobody knows is only claimed":           {`{"alg":256}`, `{"alg":256,"kid":"one","typ":"JWT"}`, "one RS256"},
		"an EC key signs by its own curve whatever alg says": {`{"kid":"two","alg":"ES384"}`, `{"alg":"ES384","kid":"two","typ":"JWT"}`, "two ES256"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			compact, findings := ring.MintToken(described(t, "", "", tt.header), iss, moment)
			header, _, _ := segments(t, compact)
			if got := string(decode(t, header)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			kid, algName, _ := strings.Cut(tt.signer, " ")
			alg, _ := algorithmOf(algName)
			if !verifies(t, compact, ring.PublicKeySet(iss), kid, alg) {
				t.Errorf("%s didn't sign with %s", kid, algName)
			}
			if len(findings) > 0 {
				t.Errorf("got findings %v, want none", findings)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	tests := map[string]struct {
		mint   *scenario.Mint
		rule   trace.Rule
		path   string
		detail string // part of it
		fix    []trace.Patch
	}{
		"an unknown profile names the nearest": {
			&scenario.Mint{Profile: "github-action", Path: mintPath}, profileKnown, mintPath + "/profile",
			`the nearest is "github-actions"`, []trace.Patch{{Op: "replace", Path: mintPath + "/profile", Value: "github-actions"}},
		},
		"a profile that is near nothing lists them all": {
			&scenario.Mint{Profile: "zzzzzzzzzzzz", Path: mintPath}, profileKnown, mintPath + "/profile",
			"write one of custom, oidc, github-actions, github-actions-immutable, gitlab", []trace.Patch{},
		},
		"an unknown attack names the nearest": {
			&scenario.Mint{Attack: "alg_none", Path: mintPath}, attackKnown, mintPath + "/attack",
			`the nearest is "alg-none"`, []trace.Patch{{Op: "replace", Path: mintPath + "/attack", Value: "alg-none"}},
		},
		"an attack that needs another kind of key says so": {
			&scenario.Mint{Attack: "ec-der-signature", Path: mintPath}, attackFits, mintPath + "/attack",
			`needs an EC key, and "playground" is a key for RS256`, []trace.Patch{},
		},
		"a kid that no key has": {
			described(t, "", "", `{"kid":"other"}`), kidKnown, mintPath + "/header/kid",
			`kid is "other", and the issuer's playground keys are playground`, []trace.Patch{},
		},
		"a kid that is no text": {
			described(t, "", "", `{"kid":[1]}`), kidKnown, mintPath + "/header/kid", `kid is [1]`, []trace.Patch{},
		},
		"claims that are a list": {
			described(t, "", `[1]`, ""), objectGiven, mintPath + "/claims", "of the type array", []trace.Patch{},
		},
		"claims whose text is no JSON": {
			described(t, "", `"{\"sub\":\n}"`, ""), objectGiven, mintPath + "/claims", "can't be read as JSON", []trace.Patch{},
		},
		"a header that is a number": {
			described(t, "", "", `7`), objectGiven, mintPath + "/header", "of the type number", []trace.Patch{},
		},
		"a time that is neither relative nor absolute": {
			described(t, "", `{"exp":"tomorrow"}`, ""), timeReadable, mintPath + "/claims/exp", `exp is the text "tomorrow"`, []trace.Patch{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			compact, findings := Assign(nil).MintToken(tt.mint, nil, moment)
			segments(t, compact) // the token is minted nevertheless
			if len(findings) != 1 {
				t.Fatalf("got %d findings, want 1: %v", len(findings), findings)
			}
			f := findings[0]
			if f.Rule != tt.rule.Code || !strings.HasPrefix(f.At.Path, tt.path) || !strings.Contains(f.Detail, tt.detail) {
				t.Errorf("got %s at %s: %s\nwant %s at %s: …%s…", f.Rule, f.At.Path, f.Detail, tt.rule.Code, tt.path, tt.detail)
			}
			if diff := cmp.Diff(tt.fix, f.Fix); diff != "" {
				t.Errorf("fix (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFindingInsideTextSaysWhereInTheText(t *testing.T) {
	_, _, findings := mintedText(t, described(t, "", `"{\n  \"exp\": \"soon\"}"`, ""))
	want := &trace.Within{Path: mintPath + "/claims", Line: 2, Column: 10}
	if len(findings) != 1 || !cmp.Equal(findings[0].At.Within, want) || findings[0].At.Path != mintPath+"/claims/exp" {
		t.Errorf("got %+v, want %+v", findings, want)
	}
}

func TestRelative(t *testing.T) {
	good := map[string]time.Duration{
		"+10m": 10 * time.Minute, "-30s": -30 * time.Second, "+1h30m": 90 * time.Minute, "-2d": -48 * time.Hour,
		"+1d12h": 36 * time.Hour, "+0s": 0, "+1.5h": 90 * time.Minute, "-36500d": -36500 * 24 * time.Hour,
	}
	for text, want := range good {
		if got, ok := relative(text); !ok || got != want {
			t.Errorf("%s: got %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "+", "-", "10m", "+-1m", "++1m", "+1", "+1d-1h", "+d", "+1.5d", "+36501d", "-99999999999d", "+9999999h", "+1 h", "+1w"} {
		if got, ok := relative(text); ok {
			t.Errorf("%q: got %v, want it refused", text, got)
		}
	}
}

func TestTheSameDescriptionGivesTheSameToken(t *testing.T) {
	iss := &scenario.Issuer{URL: "https://idp.example.com", Signing: []scenario.Signing{{Kid: "r"}, {Kid: "e", Alg: "ES384"}}}
	check := func(profile, attack, header string) {
		t.Helper()
		mint := func() string {
			signatures = newMemo[[]byte](256) // so that nothing is remembered
			m := described(t, profile, `{"sub":"repo:a/b:environment:prod"}`, header)
			m.Attack = attack
			compact, _ := Assign([]scenario.Issuer{*iss}).MintToken(m, iss, moment)
			return compact
		}
		if first, second := mint(), mint(); first != second {
			t.Errorf("%s, %s, %s: got %s, then %s", profile, attack, header, first, second)
		}
	}
	for _, header := range []string{`{"kid":"r"}`, `{"kid":"e"}`} {
		for _, p := range Profiles() {
			check(p.Name, "", header)
		}
		for _, a := range Attacks() {
			check("github-actions", a.Name, header)
		}
	}
}

// The digests are what these descriptions have given since the keys were
// shipped. They differ if anything in a token depends on the machine, and if
// a scenario that somebody saved no longer gives the token it did.
func TestATokenIsTheSameOnEveryMachineAndInEveryYear(t *testing.T) {
	for alg, want := range map[string]string{
		"RS256": "aa0fc6fb75e16a3f94be2a172a15d20974504963ca212bbb7243c3fab272d345",
		"ES256": "828652619e5c5b2ed5d733ba2fcd20eab999f0d724fc5e41d892eb84001e48bd",
		"ES512": "eddeac1c0f5e8057d6cec15827e214774b8978992ad2d3b1ba704600c92678b2",
	} {
		iss := &scenario.Issuer{URL: githubIssuer, Signing: []scenario.Signing{{Kid: "demo", Alg: alg}}}
		compact, _ := Assign([]scenario.Issuer{*iss}).MintToken(described(t, "github-actions", "", ""), iss, moment)
		sum := sha256.Sum256([]byte(compact))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: got %s, want %s, of %s", alg, got, want, compact)
		}
	}
}

func TestAnotherMomentGivesOtherIds(t *testing.T) {
	_, now, _ := mintedText(t, described(t, "github-actions", "", ""))
	compact, _ := Assign(nil).MintToken(described(t, "github-actions", "", ""), nil, moment.Add(time.Second))
	_, later, _ := segments(t, compact)
	for _, name := range []string{"jti", "run_id"} {
		if a, b := claim(t, now, name), claim(t, string(decode(t, later)), name); a == b {
			t.Errorf("%s: got %v both times, want two", name, a)
		}
	}
}

func claim(t testing.TB, claims, name string) any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(claims), &all); err != nil {
		t.Fatalf("%s: %v", claims, err)
	}
	return all[name]
}

func TestEveryProfileMintsTheClaimsThatItLists(t *testing.T) {
	for i := range profiles {
		p := &profiles[i]
		t.Run(p.Name, func(t *testing.T) {
			_, claims, findings := mintedText(t, described(t, p.Name, "", ""))
			if len(findings) > 0 {
				t.Errorf("got findings %v, want none", findings)
			}
			listed := make(map[string]bool)
			for _, c := range p.Claims {
				if c.About == "" || strings.HasSuffix(c.About, ".") {
					t.Errorf("%s: its description is %q, want a phrase without a full stop", c.Name, c.About)
				}
				listed[c.Name] = true
			}
			values := p.values(&description{issuer: p.Issuer, given: &source.Node{}})
			for name := range values {
				if !listed[name] {
					t.Errorf("%s has a value and isn't listed", name)
				}
			}
			for _, name := range []string{"iss", "sub", "aud", "iat", "exp"} {
				// Cognito's access tokens have no audience (Amazon Cognito
				// guide, "Understanding the access token").
				if claim(t, claims, name) == nil && (p.Name != "cognito-user-pool-access-token" || name != "aud") {
					t.Errorf("%s is missing in %s", name, claims)
				}
			}
			if got := claim(t, claims, "iss"); got != p.Issuer {
				t.Errorf("iss: got %v, want %s", got, p.Issuer)
			}
		})
	}
}

func TestRules(t *testing.T) {
	seen := make(map[string]bool)
	for _, r := range Rules() {
		if seen[r.Code] || !strings.HasPrefix(r.Code, "idp/") || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%q, %q: want a code of its own and a title without a full stop", r.Code, r.Title)
		}
		seen[r.Code] = true
	}
}

// FuzzMint looks for a description that makes minting panic, that gives no
// token, or whose claims aren't the JSON that was asked for.
func FuzzMint(f *testing.F) {
	f.Add("github-actions", `{"sub":"repo:a@1/b@2:environment:x%3Ay","iat":"-1d"}`, `{"kid":"e"}`, "none", "https://ghe.example/_services/token", int64(1777372200))
	f.Add("oidc", `{"exp":"+9999999999h","groups":[{}]}`, `{"alg":null}`, "hs256-public-key", "", int64(0))
	f.Add("", `"not json"`, `[]`, "ec-der-signature", "::", int64(-1<<62))
	f.Add("keycloak", `{"sub":"\ud83d\ude00","sub":2}`, `{"kid":9}`, "padded-base64", "https://token.actions.x.ghe.com", int64(1<<40))
	f.Fuzz(func(t *testing.T, profile, claims, header, attack, issuer string, unix int64) {
		m := &scenario.Mint{Profile: profile, Attack: attack, Issuer: issuer, Path: mintPath}
		if node, err := source.ParseJSON(claims); err == nil {
			m.Claims = scenario.Document{Node: node, Path: mintPath + "/claims"}
		}
		if node, err := source.ParseJSON(header); err == nil {
			m.Header = scenario.Document{Node: node, Path: mintPath + "/header"}
		}
		iss := &scenario.Issuer{URL: issuer, Signing: []scenario.Signing{{Kid: "e", Alg: "ES256"}}}
		compact, findings := Assign([]scenario.Issuer{*iss}).MintToken(m, iss, time.Unix(unix, 0))
		parts := strings.Split(strings.TrimPrefix(compact, "Bearer "), ".")
		if len(parts) != 3 {
			t.Fatalf("got %d segments: %s", len(parts), compact)
		}
		for _, part := range parts[:2] {
			text := string(decode(t, part))
			if n, err := source.ParseJSON(text); err != nil || n.Kind != source.Object {
				t.Errorf("%s is no JSON object: %v", text, err)
			}
		}
		for _, finding := range findings {
			if !utf8.ValidString(finding.Detail) || len(finding.Detail) > 2000 {
				t.Errorf("detail: %q", finding.Detail)
			}
		}
	})
}
