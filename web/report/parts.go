package report

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"stsplayground/engine"
)

// Part is a part of the fragment that is drawn by itself, so that whoever
// shows one report after another needs to exchange only what differs. Its
// component is one element with the part's id.
type Part struct {
	ID string
	templ.Component
	Holder string // the id of the element that holds Parts; empty where there are none
	Parts  []Part
}

// Verdict is the id of the part that says how the call ends.
const Verdict = "verdict"

// Parts is what Fragment draws, in its order.
func Parts(r engine.Report, call int) []Part {
	var parts []Part
	switch {
	case slices.ContainsFunc(r.Calls, isAction):
		parts = append(parts, gates(r, call))
	case len(r.Calls) > 1:
		parts = append(parts, Part{ID: "calls", Component: callList(r, call)})
	}
	switch {
	case len(r.Calls) == 0:
		parts = append(parts, notice("Nothing is called yet.", "Paste a token or a SAML response, begin with one of the examples, or add a call to the scenario.")...)
	case call < 0 || call >= len(r.Calls):
		parts = append(parts, notice("There is no such call.", "The scenario has "+count(len(r.Calls), "call")+"; choose one above.")...)
	default:
		parts = append(parts, callParts(r, call)...)
	}
	if len(r.Findings) > 0 {
		parts = append(parts, Part{ID: "findings", Component: findings(r.Findings)})
	}
	isWalk := func(p Part) bool { return p.ID == "walk" }
	if at := slices.IndexFunc(parts, isWalk); at >= 0 {
		parts = slices.Insert(parts, at, Part{ID: "contents", Component: contents(contentsOf(parts[at+1:]))})
	}
	return parts
}

// content is a part that the strip above the walk leads to.
type content struct{ ID, Name string }

// contentsOf are the report's parts that are worth a link, in their order.
func contentsOf(parts []Part) (list []content) {
	names := map[string]string{
		"session": "Session", "token-view": "Token", "dissection": "Signature", "saml-view": "SAML response", "credentials": "Credentials",
		"picture": "Picture", "time": "Time", "response": "Response", "event": "CloudTrail", "findings": "Findings",
	}
	for _, p := range parts {
		if name := names[p.ID]; name != "" {
			list = append(list, content{p.ID, name})
		}
	}
	return list
}

func callParts(r engine.Report, call int) []Part {
	c := r.Calls[call]
	title := "What STS checks, in order"
	switch {
	case isAction(c):
		title = "Whom AWS asks, in order"
	case strings.HasPrefix(c.Action, "iam:"):
		title = "What IAM checks, in order"
	case !strings.HasPrefix(strings.ToLower(c.Action), "sts:"): // a system in front of STS, or none of AWS's at all
		title = "What is checked, in order"
	}
	walked := Part{ID: "walk", Component: walkFrame(title, len(c.Steps)), Holder: "stages"}
	dissect := takenApart(c)
	stages := walk(c, dissect != nil)
	if slices.ContainsFunc(r.Calls, isAction) { // the gates above leave little room
		if before := fold(stages); before != "" {
			walked.Parts = append(walked.Parts, Part{ID: "before", Component: beforeStage(before)})
		}
	}
	for _, s := range stages {
		walked.Parts = append(walked.Parts, Part{ID: s.ID, Component: drawStage(s, c)})
	}
	parts := []Part{{ID: Verdict, Component: verdict(c, r.LocksOff)}, {ID: "answer", Component: answer(c, r.Findings)}}
	if len(c.Advice) > 0 {
		parts = append(parts, Part{ID: "advice", Component: advice(c.Advice, c.Verdict)})
	}
	if c.Session != nil && !slices.ContainsFunc(r.Calls, isAction) {
		parts = append(parts, Part{ID: "hallway", Component: hallway()})
	}
	parts = append(parts, walked)
	if lowest(c.Ladder) >= 0 { // where nothing failed there is nothing to look for
		parts = append(parts, Part{ID: "rungs", Component: rungs(c.Ladder)})
	}
	if c.Session != nil {
		parts = append(parts, Part{ID: "session", Component: sessionView(c)})
	}
	if c.Token != nil {
		parts = append(parts, Part{ID: "token-view", Component: tokenView(*c.Token)})
	}
	if dissect != nil {
		parts = append(parts, Part{ID: "dissection", Component: dissection(*dissect)})
	}
	if c.SAML != nil {
		parts = append(parts, Part{ID: "saml-view", Component: responseView(c.SAML, call)})
	}
	parts = append(parts, drawings(r, call)...)
	if c.Response != nil {
		parts = append(parts, Part{ID: "response", Component: response(c)})
	}
	if c.Event != nil || c.EventWhy != "" {
		parts = append(parts, Part{ID: "event", Component: event(c)})
	}
	return parts
}

// drawings are what a call looks like: the credentials that it hangs on, who
// says what to whom, and when.
func drawings(r engine.Report, call int) (parts []Part) {
	if len(r.Credentials) > 0 {
		parts = append(parts, Part{ID: "credentials", Component: credentialsView(r, call)})
	}
	if len(r.Calls[call].Steps) > 0 {
		parts = append(parts, Part{ID: "picture", Component: pictureView(r, call)})
	}
	if t := timelineOf(r, call); t != nil {
		parts = append(parts, Part{ID: "time", Component: timeView(r, call, t)})
	}
	return parts
}

// TooLarge stands in for the parts of a report that would keep the page busy
// for too long.
func TooLarge(mebibytes int) []Part {
	return notice("The report is too large to be drawn.", "It has more than "+count(mebibytes, "mebibyte")+". The scenario was played: stsplayground check shows the result, and a scenario with less in it is drawn here.")
}

// notice is a verdict where there is none, and what to do about that.
func notice(title, detail string) []Part {
	return []Part{{ID: Verdict, Component: noVerdict(title)}, {ID: "nothing", Component: nothing(detail)}}
}
