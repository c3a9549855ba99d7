package report

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"stsplayground/engine"
)

// credentialsWords sums the chain up.
func credentialsWords(list []engine.Credential) string {
	sessions := 0
	for i := range list {
		if list[i].Call >= 0 {
			sessions++
		}
	}
	if sessions == 0 {
		return "long-term keys only"
	}
	return count(sessions, "session")
}

// made says whether a call of the report made the credentials.
func made(r engine.Report, c engine.Credential) bool { return c.Call >= 0 && c.Call < len(r.Calls) }

// over says whether the credentials have ended when a call is made; both
// moments are written alike, in UTC.
func over(c engine.Credential, at engine.CallReport) bool { return c.Until != "" && c.Until <= at.At }

// holders is the tree: below each holder of credentials are the sessions that
// were made with them.
func holders(r engine.Report, call int) templ.Component {
	m := &markup{}
	m.holders(r, call, -1, "holder")
	return m.component()
}

// holders writes those whose credentials the parent made, if any; a parent
// stands before them. Their ids say below whom they stand, so that whoever
// changes one tree into another moves none to another depth.
func (m *markup) holders(r engine.Report, call, parent int, above string) {
	first := true
	for i, c := range r.Credentials {
		if c.Parent != parent || i <= parent {
			continue
		}
		if first {
			m.open("ul", "class", "holders")
			first = false
		}
		id := above + "-" + strconv.Itoa(i)
		m.open("li", "id", id)
		m.holder(r, c, call)
		m.holders(r, call, i, id)
		m.close("li")
	}
	if !first {
		m.close("ul")
	}
}

func (m *markup) holder(r engine.Report, c engine.Credential, call int) {
	at, class := strconv.Itoa(c.Call), "holder"
	ended := over(c, r.Calls[call])
	if ended {
		class += " is-ended"
	}
	m.open("div", "class", class)
	m.open("p")
	if len(c.NotAWS) > 0 {
		m.text("span", "~ not AWS: "+openWords(c.NotAWS), "class", "state is-assumed")
	}
	if made(r, c) {
		attributes := []string{"type", "button", "class", "chooser", "id", "holder-call-" + at, "data-call", at}
		if c.Call == call {
			attributes = append(attributes, "aria-current", "true")
		}
		m.text("button", callName(r.Calls[c.Call], c.Call), attributes...)
	}
	m.text("code", first(shortARN(c.ARN), shortText), "class", "holder-who")
	m.close("p")
	m.open("p", "class", "holder-about")
	m.text("span", first(c.Kind, shortText))
	if c.AccessKeyID != "" {
		m.text("code", c.AccessKeyID)
	}
	switch until := untilMoment(c.Until, r.Calls[call].At); {
	case ended:
		m.text("span", "✕ ended "+until, "class", "is-over")
	case c.Until != "":
		m.text("span", "until "+until)
	case c.AccessKeyID != "":
		m.text("span", "no end")
	}
	if c.Assumed {
		m.text("span", "~ on trust", "class", "state is-assumed")
	}
	if made(r, c) {
		m.text("button", "Ask as this session", "type", "button", "class", "quiet", "id", "holder-ask-"+at, "data-ask", "add", "data-ask-call", at,
			"aria-label", "Ask as this session: "+callName(r.Calls[c.Call], c.Call))
	}
	m.close("p")
	m.close("div")
}

// shortARN is an ARN without what every ARN of IAM and STS begins with.
func shortARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return arn
	}
	return parts[4] + ":" + parts[5]
}
