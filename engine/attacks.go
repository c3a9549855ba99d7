package engine

import (
	"cmp"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"stsplayground/engine/idp"
	"stsplayground/engine/oidc"
	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// Attack is an attack on a call of the scenario: what somebody does who wants
// in, or wants in as another. Patch stages it in the scenario and Back takes it
// back; where Cannot says why it can't be staged, both are empty.
type Attack struct {
	Name   string        `json:"name"`
	Title  string        `json:"title"`
	About  string        `json:"about"` // what the attacker does, a sentence
	Kind   AttackKind    `json:"kind"`
	Cannot string        `json:"cannot,omitempty"`
	Staged bool          `json:"staged,omitempty"` // the call is this attack already
	Patch  []trace.Patch `json:"patch"`
	Back   []trace.Patch `json:"back"`
}

// AttackKind sorts attacks by what the attacker has.
type AttackKind string

const (
	Replay  AttackKind = "replay"  // a genuine token or response, stolen
	Misuse  AttackKind = "misuse"  // a genuine one, made for something or somebody else
	Forgery AttackKind = "forgery" // no key of the provider's
)

// Attacks are the attacks on the call with that number, or on the sign-in that
// its session comes from. There are none on calls that present neither a token
// nor a response.
func Attacks(s Scenario, call int) []Attack {
	a := newAttacker(&s, call)
	if a == nil {
		return []Attack{}
	}
	return a.attacks()
}

// attacker knows the call that is attacked.
type attacker struct {
	scenario *Scenario
	written  source.Node   // the scenario as it stands
	clean    []trace.Patch // takes an attack back that the scenario itself stages
	index    int
	call     *scenario.Call
	path     string // of the token or the response
	isSAML   bool
	token    *scenario.Token
	play     *play
	all      []Attack
}

// newAttacker is nil where the call presents nothing.
func newAttacker(s *Scenario, call int) *attacker {
	call = frontDoor(s, call)
	if call < 0 {
		return nil
	}
	a := &attacker{scenario: s, written: s.Root, index: call, call: &s.Calls[call]}
	a.path = "/calls/" + strconv.Itoa(call) + "/params/WebIdentityToken"
	a.token = &a.call.Params.WebIdentityToken
	if a.isSAML = a.call.Action == actionSAML; a.isSAML {
		a.path = "/calls/" + strconv.Itoa(call) + "/params/SAMLAssertion"
		a.token = &a.call.Params.SAMLAssertion
	}
	if !a.token.Given {
		return nil
	}
	if m := a.token.Mint; m != nil && m.Attack != "" && m.Attack != "none" {
		a.clean = []trace.Patch{{Op: "remove", Path: a.path + "/mint/attack"}}
		if m.ForgedRole != "" {
			a.clean = append(a.clean, trace.Patch{Op: "remove", Path: a.path + "/mint/forgedRole"})
		}
	}
	a.play = newPlay(a.honest())
	return a
}

const (
	actionToken = "sts:AssumeRoleWithWebIdentity"
	actionSAML  = "sts:AssumeRoleWithSAML"
)

// frontDoor is the number of the call by which the session of a call came in;
// -1 where it came in by none that an attacker of tokens cares about.
func frontDoor(s *Scenario, call int) int {
	for hops := 0; hops < len(s.Calls) && 0 <= call && call < len(s.Calls); hops++ {
		c := &s.Calls[call]
		if c.Action == actionToken && c.Params.ProviderID == "" || c.Action == actionSAML {
			return call
		}
		call = slices.IndexFunc(s.Calls, func(other scenario.Call) bool { return other.Name == c.Caller && c.Caller != "" })
	}
	return -1
}

// honest is the scenario without an attack of its own.
func (a *attacker) honest() *Scenario {
	s := alone(a.scenario, a.index)
	if len(a.clean) > 0 {
		s.Calls = slices.Clone(s.Calls)
		token := &s.Calls[0].Params.WebIdentityToken
		if a.isSAML {
			token = &s.Calls[0].Params.SAMLAssertion
		}
		mint := *token.Mint
		mint.Attack, mint.ForgedRole = "", ""
		token.Mint = &mint
	}
	return s
}

// alone is the scenario with every lock on and nothing but one call and what it
// needs: with many roles it would cost as much as all of them.
func alone(s *Scenario, call int) *Scenario {
	w := *s
	w.LocksOff, w.Reference, w.IdentityCenter = nil, nil, nil
	w.Calls = s.Calls[call : call+1]
	arn := w.Calls[0].Params.RoleArn
	w.Accounts = nil
	for i := range s.Accounts {
		account := s.Accounts[i]
		account.Roles = nil
		for j := range s.Accounts[i].Roles {
			if r := &s.Accounts[i].Roles[j]; partitionless(arnOf(&account, r)) == partitionless(arn) {
				account.Roles = []scenario.Role{*r}
			}
		}
		account.Users, account.Groups, account.Policies, account.Resources = nil, nil, nil, nil
		w.Accounts = append(w.Accounts, account)
	}
	return &w
}

func (a *attacker) attacks() []Attack {
	a.replays()
	if a.isSAML {
		a.onResponse()
	} else {
		a.others()
		a.onToken()
	}
	return a.all
}

func value(text string) jsontext.Value { return jsontext.Value(text) }

func setAt(path, json string) trace.Patch {
	return trace.Patch{Op: "add", Path: path, Value: value(json)}
}

func (a *attacker) add(kind AttackKind, name, title, about string, patch ...trace.Patch) {
	attack := Attack{Name: name, Title: title, About: about, Kind: kind}
	if m := a.token.Mint; m != nil && m.Attack == name {
		attack.Staged, attack.Patch, attack.Back = true, []trace.Patch{}, a.clean
	} else {
		attack.Patch = append(slices.Clone(a.clean), patch...)
		attack.Back = inverse(&a.written, attack.Patch)
	}
	a.all = append(a.all, attack)
}

func (a *attacker) cannot(kind AttackKind, name, title, about, why string) {
	a.all = append(a.all, Attack{Name: name, Title: title, About: about, Kind: kind, Cannot: why, Patch: []trace.Patch{}, Back: []trace.Patch{}})
}

// attackerAddress is of a block that is kept for documentation (RFC 5737).
const attackerAddress = "198.51.100.66"

// replays are a stolen token or response, used again soon, from elsewhere, and
// when its time is over.
func (a *attacker) replays() {
	at, what := "/calls/"+strconv.Itoa(a.index), a.proof()
	soon, late := time.Minute, a.lasts()+10*time.Minute
	until := "exp"
	if a.isSAML {
		until = "five minutes after its issue"
		late = 10 * time.Minute
	}
	delay := func(d time.Duration) trace.Patch {
		return setAt(at+"/delay", quoted((time.Duration(a.call.Delay) + d).String()))
	}
	from := setAt(at+"/context/aws:SourceIp", quoted(attackerAddress))
	if a.written.At(at+"/context") == nil {
		from = setAt(at+"/context", `{"aws:SourceIp":`+quoted(attackerAddress)+`}`)
	}
	a.add(Replay, "replayed", "A stolen "+what+", used at once",
		"Somebody who read the "+what+" in a log sends it from "+attackerAddress+", a minute later, and again: neither STS nor the "+what+" knows who holds it. What narrows it is "+until+", the subject, and a condition on aws:SourceIp.", delay(soon), from)
	a.add(Replay, "replayed-late", "A stolen "+what+", used when its time is over",
		"The same "+what+" is sent when its time has run out.", delay(late), from)
}

// lasts is how long the token is taken from the moment of the call on, AWS's
// five minutes included.
func (a *attacker) lasts() time.Duration {
	if a.isSAML {
		return 5 * time.Minute
	}
	presented := a.play.present(&a.play.scenario.Calls[0])
	if presented.Token == nil {
		return time.Hour
	}
	claims, _ := presented.Token.Claims()
	left := time.Unix(claims.Expires, 0).Sub(a.play.made(a.call).Add(time.Duration(a.call.Delay)))
	return min(max(left, 0), 48*time.Hour) + 5*time.Minute
}

// mostOthers is how many neighbours of one provider are played.
const mostOthers = 12

// others are those whom the same provider vouches for as well: another
// repository, branch, fork or person. Whoever wants to be one needs the
// provider to sign, so only what is minted can stage it.
func (a *attacker) others() {
	if a.token.Mint == nil {
		a.cannot(Misuse, "other-subject", "A token of somebody else", "Another repository, branch or person asks the same provider for a token of their own, which is genuine.", needsIssuer)
		return
	}
	door := openDoor(a.honest(), a.call.Params.RoleArn)
	people, _ := door.population()
	seen := map[idp.Width]bool{}
	for i := range people {
		p := &people[i]
		if p.Mint == nil || p.Mint.Attack != "" || p.Opens == "" || strings.HasPrefix(p.Who, "a token") || seen[p.Width] || len(seen) == mostOthers || p.Mint.Issuer != a.token.Mint.Issuer {
			continue
		}
		seen[p.Width] = true
		a.add(Misuse, "other-subject-"+strconv.Itoa(len(seen)), "A token of "+lowerFirst(p.Who), p.What+" The same provider vouches for "+p.Subject+", with a good signature.", setAt(a.path, mintText(p.Mint)))
	}
}

// proof is what the call presents, in a word.
func (a *attacker) proof() string {
	if a.isSAML {
		return "response"
	}
	return "token"
}

func lowerFirst(s string) string {
	if len(s) > 1 && 'A' <= s[0] && s[0] <= 'Z' && !('A' <= s[1] && s[1] <= 'Z') {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// misuses are the attacks that only the provider's own key can stage.
var misuses = []string{"other-audience", "ps256", "crit-unknown", "duplicate-alg", "duplicate-sub", "ec-der-signature", "expired", "not-yet-valid"}

const needsIssuer = "Only the provider's key can sign one; have a token minted to play it."

func (a *attacker) onToken() {
	loot := a.loot()
	for _, attack := range idp.Attacks()[1:] {
		kind := Forgery
		if slices.Contains(misuses, attack.Name) {
			kind = Misuse
		}
		if m := a.token.Mint; m != nil {
			if needs, suits := idp.SuitsKey(attack.Name, a.signs()); !suits {
				a.cannot(kind, attack.Name, attack.Title, attack.About, "It takes "+needs+" key, and the issuer signs with "+a.signs()+".")
				continue
			}
			a.add(kind, attack.Name, attack.Title, attack.About, setAt(a.path+"/mint/attack", quoted(attack.Name)))
			continue
		}
		attack = idp.PastedAttack(attack)
		switch {
		case attack.Name == "expired", attack.Name == "not-yet-valid" && loot == nil: // replayed-late plays it
		case loot == nil:
			a.cannot(kind, attack.Name, attack.Title, attack.About, "The token's signature was left out; paste the whole token, or have one minted.")
		default:
			if forged, ok := a.play.keys.Forge(loot, attack.Name); ok {
				a.add(kind, attack.Name, attack.Title, attack.About, setAt(a.path, quoted(forged)))
			} else {
				a.cannot(kind, attack.Name, attack.Title, attack.About, needsIssuer)
			}
		}
	}
	a.forgedKeySet()
}

// signs is the algorithm of the key that mints the token.
func (a *attacker) signs() string {
	for i := range a.scenario.Issuers {
		iss := &a.scenario.Issuers[i]
		if iss.URL != a.token.Mint.Issuer || len(iss.Signing) == 0 {
			continue
		}
		chosen := &iss.Signing[0]
		kid := a.token.Mint.Header.Tree().Get("kid")
		for j := range iss.Signing {
			if kid != nil && iss.Signing[j].Kid == kid.Text {
				chosen = &iss.Signing[j]
			}
		}
		return cmp.Or(chosen.Alg, "RS256")
	}
	return "RS256"
}

// loot is the token that was pasted, nil where it isn't whole.
func (a *attacker) loot() *idp.Loot {
	if a.token.Text == "" {
		return nil
	}
	presented := a.play.present(a.call)
	parts := strings.Split(a.token.Text, ".")
	if presented.Refusal != nil || len(parts) != 3 {
		return nil
	}
	t := presented.Token
	loot := &idp.Loot{Segments: [3]string(parts), Header: &t.Header, Claims: &t.Payload}
	if iss := a.play.issuers[issuerOf(t)]; iss != nil {
		if node := a.play.keySet(iss); node != nil {
			set, _ := oidc.ReadKeySet(node)
			if key, refusal := set.Find(t); refusal == nil {
				der, err := x509.MarshalPKIXPublicKey(key.Public)
				if err == nil {
					loot.PublicPEM = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
				}
			}
		}
	}
	return loot
}

func issuerOf(t *oidc.Token) string {
	if iss := t.Payload.Get("iss"); iss != nil {
		return iss.Text
	}
	return ""
}

// forgedKeySet: somebody stands between STS and the provider, and serves a key
// set of their own.
func (a *attacker) forgedKeySet() {
	const name, title = "forged-key-set", "A forged key set over untrusted TLS"
	const about = "Somebody between STS and the provider answers in its name, under a certificate of their own, with a key set of their own, and signs with that key."
	m := a.token.Mint
	if m == nil {
		a.cannot(Forgery, name, title, about, "The playground signs what it mints with the forged set's key; have a token minted to play it.")
		return
	}
	at := slices.IndexFunc(a.scenario.Issuers, func(i scenario.Issuer) bool { return i.URL == m.Issuer })
	if at < 0 {
		a.cannot(Forgery, name, title, about, "The scenario has no entry for the issuer; list it under issuers.")
		return
	}
	issuer := "/issuers/" + strconv.Itoa(at)
	patch := []trace.Patch{
		setAt(issuer+"/tls", `"untrusted"`),
		setAt(issuer+"/thumbprint", quoted(strings.Repeat("66", 20))),
		setAt(issuer+"/signing", `[{"kid":"attacker","alg":`+quoted(a.signs())+`}]`),
	}
	if m.Header.Given() {
		patch = append(patch, trace.Patch{Op: "remove", Path: a.path + "/mint/header"})
	}
	if a.scenario.Issuers[at].JWKS.Given() {
		patch = append(patch, trace.Patch{Op: "remove", Path: issuer + "/jwks"})
	}
	a.add(Forgery, name, title, about, patch...)
}

// responseMisuses are genuine responses, signed by the provider.
var responseMisuses = []string{
	"wrong-recipient", "wrong-audience", "missing-recipient", "missing-audience", "wrong-issuer", "no-name-id", "no-confirmation", "two-confirmations", "holder-of-key",
	"status-failure", "expired", "not-yet-valid", "redeemed-late", "session-expired", "sha1", "md5", "encrypted-for-someone-else", "comment-in-name-id", "pi-in-name-id",
}

func (a *attacker) onResponse() {
	role := a.call.Params.RoleArn
	if _, name, ok := strings.Cut(role, ":role/"); ok {
		role = name
	}
	var document *saml.Document
	if a.token.Text != "" {
		if presented := a.play.presentResponse(a.call); presented.Refusal == nil {
			document = presented.Document
		}
	}
	for _, attack := range idp.ResponseAttacks()[1:] {
		kind := Forgery
		if slices.Contains(responseMisuses, attack.Name) {
			kind = Misuse
		}
		if m := a.token.Mint; m != nil {
			patch := []trace.Patch{setAt(a.path+"/mint/attack", quoted(attack.Name))}
			if kind == Forgery && attack.Name != "tampered-role" { // whose role has to be another
				patch = append(patch, setAt(a.path+"/mint/forgedRole", quoted(role)))
			}
			a.add(kind, attack.Name, attack.Title, attack.About, patch...)
			continue
		}
		if document == nil {
			a.cannot(kind, attack.Name, attack.Title, attack.About, "The response isn't there whole; paste it, or have one minted.")
			continue
		}
		xml, ok := a.play.keys.ForgeResponse(document.Tree().Root(), role, attack.Name)
		if !ok {
			a.cannot(kind, attack.Name, attack.Title, attack.About, "It takes the identity provider's key, or another response than this; have a response minted to play it.")
			continue
		}
		a.add(kind, attack.Name, attack.Title, attack.About, setAt(a.path, quoted(base64.StdEncoding.EncodeToString([]byte(xml)))))
	}
}
