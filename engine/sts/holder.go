package sts

import "time"

// Holder is who holds credentials, and until when.
type Holder struct {
	AccessKeyID string // AKIA… of a user or root, ASIA… of a session; "" for a service
	ARN         string // of a service its principal
	Kind        string // in words, such as "role session"
	Expires     time.Time
	Assumed     bool // something about them is taken on trust
}

// Holder is who signs a call whose caller is written so; false where nobody
// does, or nobody who is known.
func (world *World) Holder(caller string) (Holder, bool) {
	c, _ := world.caller(caller)
	if c == nil || c.Principal.Anonymous {
		return Holder{}, false
	}
	h := Holder{AccessKeyID: c.accessKeyID(), ARN: c.ARN, Expires: c.expires, Assumed: len(c.Assumed) > 0, Kind: "role session"}
	switch {
	case len(c.Principal.Service) > 0:
		h.Kind = "service of AWS"
	case c.kind == ofFederationToken:
		h.Kind = "federated user session"
	case c.kind == ofSessionToken || !c.expires.IsZero() && (c.user != nil || c.root):
		h.Kind = "session of " + rootOrUser(c)
	case c.user != nil || c.root:
		h.Kind = rootOrUser(c) + ", long-term key"
	}
	return h, true
}

func rootOrUser(c *Caller) string {
	if c.root {
		return "root user"
	}
	return "IAM user"
}
