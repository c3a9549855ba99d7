package engine

import (
	"strings"
	"time"

	"stsplayground/engine/sts"
)

// Credential is one holder of credentials in the chain from long-term keys,
// subjects of identity providers and services to sessions, and from sessions
// to further ones.
type Credential struct {
	Call        int      `json:"call"`                  // the index of the call that made them; -1 where none did
	Parent      int      `json:"parent"`                // the index of the Credential that they were made with; -1 for a root
	AccessKeyID string   `json:"accessKeyId,omitempty"` // AKIA… or ASIA…; "" where nothing is signed with a key
	ARN         string   `json:"arn"`                   // of a service its principal, of a token or a response its subject
	Kind        string   `json:"kind"`                  // in words
	Until       string   `json:"until,omitempty"`       // RFC 3339, UTC; "" where they don't expire
	Assumed     bool     `json:"assumed,omitempty"`     // something about them is taken on trust
	NotAWS      []string `json:"notAWS,omitempty"`      // locks that are off, and without which they would not be
}

// mostCredentials bounds the chain. A page shows no more.
const mostCredentials = 200

// credentials is the chain of all who sign calls, in the order of the calls.
func (p *play) credentials(calls []CallReport) []Credential {
	chain := chain{play: p, at: map[string]int{}}
	for i := range calls {
		c := &calls[i]
		if len(chain.all) > mostCredentials {
			break
		}
		by := chain.caller(c)
		if c.Session != nil {
			chain.session(c, i, by)
		}
	}
	return chain.all
}

// chain is the credentials so far, and where each stands by what calls name
// it as: an ARN, a service, an earlier call, or a subject.
type chain struct {
	play *play
	all  []Credential
	at   map[string]int
}

func (ch *chain) add(name string, c Credential) int {
	ch.at[name] = len(ch.all)
	ch.all = append(ch.all, c)
	return len(ch.all) - 1
}

// caller is who signs a call, or whom its token or response is about; -1 for
// nobody.
func (ch *chain) caller(c *CallReport) int {
	name := c.Call.Caller
	if name == "" {
		return ch.subject(c)
	}
	if at, ok := ch.at[name]; ok {
		return at
	}
	h, ok := ch.play.world.Holder(name)
	if !ok || !strings.HasPrefix(name, "arn:") && !strings.HasPrefix(name, "service/") {
		return -1
	}
	return ch.add(name, held(h, -1, -1))
}

// subject is whom a token or a response is about, once STS has taken it.
func (ch *chain) subject(c *CallReport) int {
	if c.Session == nil {
		return -1
	}
	root := Credential{Call: -1, Parent: -1, ARN: c.Action, Kind: "unsigned request"}
	switch r := c.Response.(type) {
	case *sts.WebIdentityResponse:
		root.ARN, root.Kind = r.SubjectFromWebIdentityToken, "subject of a token of "+r.Provider
	case *sts.SAMLResponse:
		root.ARN, root.Kind = r.Subject, "subject of a response of "+r.Issuer
	default:
		if c.Token != nil {
			root.ARN, root.Kind = claim(c.Token, "sub"), "subject of a token of "+claim(c.Token, "iss")
		}
	}
	name := "\x00" + root.Kind + "\x00" + root.ARN
	if at, ok := ch.at[name]; ok {
		return at
	}
	return ch.add(name, root)
}

// session is what a call has made.
func (ch *chain) session(c *CallReport, call, parent int) {
	h, ok := ch.play.world.Holder(c.Name)
	if !ok {
		h = sts.Holder{Kind: "session"}
	}
	made := held(h, call, parent)
	made.ARN, made.Until = c.Session.ARN, c.Session.Expires
	if len(c.NotAWS) > 0 {
		made.NotAWS = c.NotAWS
	}
	ch.add(c.Name, made)
}

func held(h sts.Holder, call, parent int) Credential {
	c := Credential{Call: call, Parent: parent, AccessKeyID: h.AccessKeyID, ARN: h.ARN, Kind: h.Kind, Assumed: h.Assumed}
	if !h.Expires.IsZero() {
		c.Until = h.Expires.UTC().Format(time.RFC3339)
	}
	return c
}

func claim(t *sts.TokenView, name string) string {
	for i := range t.Claims {
		if t.Claims[i].Name == name {
			return t.Claims[i].Value
		}
	}
	return ""
}
