package report

import (
	"strconv"
	"strings"
	"time"

	"stsplayground/engine"
)

// What AWS allows beyond what a token or a response says, and how old they
// may be. The steps decide; these only place the marks.
const (
	expiryWindow = 5 * time.Minute // after exp (IAM guide, "OIDC federation")
	redeemWithin = 5 * time.Minute // of a response's issue (IAM guide, "Configure SAML assertions")
	oldest       = 24 * time.Hour  // of a token; inferred from refusals
)

// farthest is the longest delay that a scenario can say.
const farthest = 10 * 365 * 24 * time.Hour

// timeline is when a call is made and arrives, among the moments that bear on
// it.
type timeline struct {
	Begin, End time.Time // of the line
	Made, Now  time.Time
	Bars       []bar
	Facts      []string
	Jumps      []tick // moments worth looking at
}

// bar is a time in which something holds; Grace is the end of what AWS allows
// beyond. One that is far isn't held against the call's moment, and doesn't
// stretch the line.
type bar struct {
	Name            string
	From, To, Grace time.Time
	Marks           []tick
	Session, Far    bool
}

// tick is a moment that has a name.
type tick struct {
	Name string
	At   time.Time
}

// timelineOf is a call's; nil where its moment can't be read.
func timelineOf(r engine.Report, call int) *timeline {
	c := r.Calls[call]
	now, ok := instant(c.At)
	if !ok {
		return nil
	}
	t := &timeline{Made: now, Now: now}
	if made, ok := instant(c.Made); ok {
		t.Made = made
		t.say("Made at " + t.clock(made) + ", and arrives at " + t.clock(now) + ": " + lasting(now.Sub(made).Abs()) + laterOrBefore(now.Sub(made)) + ".")
	}
	t.jump("when the call is made", t.Made)
	t.ofToken(c)
	t.ofResponse(c)
	t.ofCaller(r, call)
	t.ofSession(c)
	t.stretch()
	return t
}

func instant(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil
}

// ofToken places a token's claims.
func (t *timeline) ofToken(c engine.CallReport) {
	if c.Token == nil {
		return
	}
	claims := map[string]time.Time{}
	for _, claim := range c.Token.Claims {
		if seconds, err := strconv.ParseInt(claim.Value, 10, 64); err == nil && seconds > 0 && seconds < 1<<38 {
			claims[claim.Name] = time.Unix(seconds, 0).UTC()
		}
	}
	b := bar{Name: "The token"}
	for _, name := range []string{"iat", "nbf"} {
		if at, ok := claims[name]; ok {
			b.mark(name, at)
			if at.After(b.From) {
				b.From = at
			}
		}
	}
	iat, issued := claims["iat"]
	exp, ends := claims["exp"]
	switch {
	case ends && issued && exp.Sub(iat) > oldest:
		b.To = iat.Add(oldest)
		b.mark("a day after iat", b.To)
		t.endOf("The token", "gets too old for AWS", "got too old for AWS", b.To)
		t.jumps("a day after iat", b.To)
	case ends:
		b.To, b.Grace = exp, exp.Add(expiryWindow)
		b.mark("exp", exp)
		b.mark("AWS takes it until", b.Grace)
		t.expiry(exp)
		t.jumps("exp", exp)
		t.jump("when the five minutes are over", b.Grace)
	}
	if t.Now.Before(b.From) {
		t.say("The token becomes valid in " + lasting(b.From.Sub(t.Now)) + ".")
	}
	if !b.From.IsZero() {
		t.jump("a second before it is valid", b.From.Add(-time.Second))
	}
	t.add(b)
}

// expiry says how far exp is.
func (t *timeline) expiry(exp time.Time) {
	over := exp.Add(expiryWindow)
	switch {
	case t.Now.Before(exp):
		t.say("The token expires in " + lasting(exp.Sub(t.Now)) + ".")
	case t.Now.Before(over):
		t.say("The token expired " + ago(t.Now.Sub(exp)) + "; AWS takes it for " + lasting(over.Sub(t.Now)) + " more, to allow for clocks that differ.")
	default:
		t.say("The token expired " + ago(t.Now.Sub(exp)) + ", and the five minutes that AWS allows ended " + ago(t.Now.Sub(over)) + ".")
	}
}

// ofResponse places the times of a SAML response.
func (t *timeline) ofResponse(c engine.CallReport) {
	if c.SAML == nil {
		return
	}
	conditions := bar{Name: "The assertion, by its own conditions"}
	redeemed := bar{Name: "Five minutes in which AWS takes it"}
	idp := bar{Name: "The session at the identity provider", Session: true, Far: true}
	for _, named := range c.SAML.Times {
		at, ok := instant(named.Value)
		if !ok {
			continue
		}
		name, _, of := strings.Cut(named.Name, " of the confirmation")
		switch name {
		case "IssueInstant":
			redeemed.From, redeemed.To, idp.From = at, at.Add(redeemWithin), at
			redeemed.mark("IssueInstant", at)
			redeemed.mark("AWS takes it until", redeemed.To)
		case "NotBefore":
			if at.After(conditions.From) {
				conditions.From = at
			}
		case "NotOnOrAfter":
			if conditions.To.IsZero() || at.Before(conditions.To) {
				conditions.To = at
			}
		case "SessionNotOnOrAfter":
			idp.To = at
		}
		if name == "NotBefore" || name == "NotOnOrAfter" {
			if of {
				name = "the confirmation's " + name
			}
			conditions.mark(name, at)
		}
	}
	t.endOf("The assertion", "expires by its own conditions", "expired by its own conditions", conditions.To)
	t.redeemed(redeemed.To)
	t.endOf("The session at the identity provider", "ends", "ended", idp.To)
	t.jump("a second before NotBefore", conditions.From.Add(-time.Second))
	t.jump("a second before its issue", redeemed.From.Add(-time.Second))
	t.jump("the last second of the five minutes", redeemed.To)
	t.jump("a second later", redeemed.To.Add(time.Second))
	t.jumps("NotOnOrAfter", conditions.To)
	t.add(conditions)
	t.add(redeemed)
	t.add(idp)
}

// redeemed says how long AWS takes an assertion, its last second included.
func (t *timeline) redeemed(last time.Time) {
	switch left := last.Sub(t.Now); {
	case last.IsZero():
	case left > 0:
		t.say("AWS takes the assertion for " + lasting(left) + " more: five minutes from its issue.")
	case left == 0:
		t.say("This is the last second in which AWS takes the assertion, five minutes after its issue.")
	default:
		t.say("The five minutes from its issue in which AWS takes the assertion ended " + ago(-left) + ".")
	}
}

// ofCaller places the session that signs the call.
func (t *timeline) ofCaller(r engine.Report, call int) {
	c := r.Calls[call]
	if c.Call == nil || c.Call.Caller == "" {
		return
	}
	for _, other := range r.Calls[:call] {
		if other.Name != c.Call.Caller || other.Session == nil {
			continue
		}
		b := bar{Name: "The caller's session", Session: true}
		b.From, _ = instant(other.Session.Issued)
		b.To, _ = instant(other.Session.Expires)
		b.mark("issued", b.From)
		b.mark("ends", b.To)
		t.endOf("The caller's session", "ends", "ended", b.To)
		t.jumps("the session's end", b.To)
		t.add(b)
	}
}

// ofSession places the session that the call gives.
func (t *timeline) ofSession(c engine.CallReport) {
	if c.Session == nil {
		return
	}
	b := bar{Name: "The session that it gives", Session: true, Far: true}
	b.From, _ = instant(c.Session.Issued)
	b.To, _ = instant(c.Session.Expires)
	b.mark("ends", b.To)
	if b.From.Before(b.To) {
		t.say("The session that it gives lasts " + lasting(b.To.Sub(b.From)) + ", until " + t.clock(b.To) + ".")
	}
	t.add(b)
}

// endOf says how far an end is.
func (t *timeline) endOf(what, ends, ended string, at time.Time) {
	switch {
	case at.IsZero():
	case t.Now.Before(at):
		t.say(what + " " + ends + " in " + lasting(at.Sub(t.Now)) + ".")
	default:
		t.say(what + " " + ended + " " + ago(t.Now.Sub(at)) + ".")
	}
}

func (t *timeline) say(fact string) { t.Facts = append(t.Facts, fact) }

// jumps offers an end and the second before it.
func (t *timeline) jumps(name string, at time.Time) {
	if !at.IsZero() {
		t.jump("a second before "+name, at.Add(-time.Second))
		t.jump("at "+name, at)
	}
}

// jump offers a moment that a delay can lead to, unless it is offered already.
func (t *timeline) jump(label string, at time.Time) {
	if at.Year() <= 1 || at.Sub(t.Made).Abs() > farthest {
		return
	}
	i := len(t.Jumps)
	for i > 0 && !t.Jumps[i-1].At.Before(at) {
		i--
	}
	if i < len(t.Jumps) && t.Jumps[i].At.Equal(at) {
		return
	}
	t.Jumps = append(t.Jumps, tick{})
	copy(t.Jumps[i+1:], t.Jumps[i:])
	t.Jumps[i] = tick{label, at}
}

// add keeps a bar that has an end, or at least a moment.
func (t *timeline) add(b bar) {
	if b.To.IsZero() && (len(b.Marks) == 0 || b.Far) {
		return
	}
	t.Bars = append(t.Bars, b)
}

// mark gives a moment its name, in the order of time.
func (b *bar) mark(name string, at time.Time) {
	for i := range b.Marks {
		if b.Marks[i].At.Equal(at) {
			if !strings.HasSuffix(name, b.Marks[i].Name) {
				b.Marks[i].Name += ", " + name
			}
			return
		}
	}
	i := len(b.Marks)
	for i > 0 && b.Marks[i-1].At.After(at) {
		i--
	}
	b.Marks = append(b.Marks, tick{})
	copy(b.Marks[i+1:], b.Marks[i:])
	b.Marks[i] = tick{name, at}
}

// stretch is the line's two ends: all that the call's moment is held against,
// and some room. They don't depend on that moment, which may be dragged.
func (t *timeline) stretch() {
	for _, b := range t.Bars {
		if b.Far {
			continue
		}
		t.reach(b.To)
		t.reach(b.Grace)
		for _, m := range b.Marks {
			t.reach(m.At)
		}
	}
	if t.Begin.IsZero() { // nothing here has an end
		t.Begin, t.End = t.Made.Add(-15*time.Minute), t.Made.Add(75*time.Minute)
		return
	}
	length := max(t.End.Sub(t.Begin), time.Minute)
	if t.Made.After(t.Begin.Add(-2*length)) && t.Made.Before(t.End.Add(2*length)) {
		t.reach(t.Made)
		length = t.End.Sub(t.Begin)
	}
	room := max(length/6, time.Minute).Truncate(time.Second)
	t.Begin, t.End = t.Begin.Add(-room), t.End.Add(room)
}

func (t *timeline) reach(at time.Time) {
	if at.IsZero() {
		return
	}
	if t.Begin.IsZero() || at.Before(t.Begin) {
		t.Begin = at
	}
	if at.After(t.End) {
		t.End = at
	}
}

// clock is a moment as short as the day on which the call is made allows; UTC.
func (t *timeline) clock(at time.Time) string {
	if at.Format(time.DateOnly) == t.Made.Format(time.DateOnly) {
		return at.UTC().Format("15:04:05")
	}
	return at.UTC().Format("2006-01-02 15:04:05")
}

func laterOrBefore(d time.Duration) string {
	if d < 0 {
		return " before"
	}
	return " later"
}

func ago(d time.Duration) string {
	if d < time.Second {
		return "this very second"
	}
	return lasting(d) + " ago"
}

// lasting is a length of time in its two largest units: 4 min 10 s, 1 h,
// 3 days 2 h.
func lasting(d time.Duration) string {
	seconds := int64(d / time.Second)
	units := []struct {
		name   string
		length int64
	}{{"day", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}}
	var parts []string
	for _, u := range units {
		n := seconds / u.length
		seconds %= u.length
		if n == 0 && (len(parts) > 0 || u.length > 1) {
			if len(parts) > 0 {
				break
			}
			continue
		}
		name := u.name
		if name == "day" && n > 1 {
			name = "days"
		}
		if parts = append(parts, strconv.FormatInt(n, 10)+" "+name); len(parts) == 2 {
			break
		}
	}
	return strings.Join(parts, " ")
}
