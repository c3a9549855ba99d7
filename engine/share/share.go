// Package share hands a scenario to somebody else: as a link that holds the
// whole of it (Encode, Decode), or as a file (YAML); and takes out of it
// beforehand what is nobody else's business (Redact).
//
// A link is an address whose fragment, the part that browsers keep to
// themselves (RFC 9110 §4.2.3), is
//
//	#s=1.<base64url(deflate-raw(JSON))>&call=2&tab=result&step=oidc/audience
//
// The number is the version of the encoding: what was once made is readable
// for ever, so that a change of any of its three layers is another version.
// The rest is the view, what the reader of the link sees first.
package share

import (
	"strings"
	"time"

	"stsplayground/engine/source"
)

// Limits of a link: of the scenario in it, and of its text. Deflate makes
// nothing larger by more than a few bytes in a block (RFC 1951 §3.2.4), and
// base64url has four characters for three bytes.
const (
	LimitScenario = 256 << 10 // bytes
	LimitLink     = 384 << 10 // characters, an address before it included
)

// View is what the reader of a link sees first. The zero value is the
// scenario's beginning.
type View struct {
	Call int    `json:"call,omitempty"` // from 1, as in a list; 0 for none said
	Tab  string `json:"tab,omitempty"`  // the part that a narrow window shows: token, role or result
	Step string `json:"step,omitempty"` // the rule of the step to open, such as oidc/audience
}

// Trim is a scenario as short as it can be said: without what says nothing,
// null or empty where the scenario has a list, with the documents that stand
// as text in it as objects where the text is how the page writes an object,
// and with the moment at which it is played where it names none.
func Trim(scenario *source.Node, now time.Time) source.Node {
	trimmed := visit{change: compact}.node(scenario, "", nil)
	if at := trimmed.Get("now"); (at == nil || at.Kind == source.Null) && trimmed.Kind == source.Object && !now.IsZero() {
		set(&trimmed, "now", text(now.UTC().Format(time.RFC3339)))
	}
	return trimmed
}

// droppable are lists and texts of a scenario that say the same empty as left
// out. ServiceControlPolicies aren't among them: an empty list of levels and
// none are two things.
var droppable = words(`title summary covers issuers accounts calls ClientIDList ThumbprintList Tags Policies AttachedPolicies
	OpenIDConnectProviders SAMLProviders Roles Users Groups Resources MFADevices VpcEndpoints disabledRegions privateKeys signing`)

// compact is one value as Trim has it. Parameters and the request context are
// as they were sent: there, empty is something else than absent.
func compact(n source.Node, p place) source.Node {
	switch {
	case n.Kind == source.Object && !p.judged():
		n.Members = keep(n.Members, func(m *source.Member) bool {
			return m.Value.Kind != source.Null && !(droppable[m.Name] && saysNothing(&m.Value) && !p.sent())
		})
	case n.Kind == source.String && p.document() && !p.asWritten():
		if inner, err := source.ParseJSON(n.Text); err == nil && inner.Kind == source.Object && inner.Repeated() == nil && inner.JSON("  ") == n.Text {
			return inner
		}
	}
	return n
}

func saysNothing(n *source.Node) bool {
	return n.Kind == source.String && n.Text == "" ||
		n.Kind == source.Array && len(n.Items) == 0 ||
		n.Kind == source.Object && len(n.Members) == 0
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}
