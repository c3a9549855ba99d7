package engine

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/idp"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
)

// widest is the widest opening among the rows, with the statement and the
// condition that leave it open.
func (d *door) widest(rows []Entrant) string {
	switch {
	case d.role == nil && d.arn == "":
		return "The scenario has no role."
	case d.role == nil:
		return "The scenario has no role " + source.Clip(d.arn) + ", so nobody gets in."
	case !d.role.AssumeRolePolicyDocument.Given():
		return "The role has no trust policy, so nobody gets in."
	case d.unread != "":
		return "The trust policy is no JSON, so nobody gets in: " + d.unread
	case len(rows) == 0:
		return "The trust policy names nobody whom it allows, so nobody gets in."
	}
	in := admitted(rows)
	if len(in) == 0 {
		return nobody(rows)
	}
	w := in[0]
	for _, r := range in {
		if r.opens != "" && (w.opens == "" || r.width > w.width) {
			w = r
		}
	}
	if w.opens == "" {
		return "Only " + names(in) + of(in) + notAsked(rows)
	}
	return fmt.Sprintf("%s gets in%s. %s%s", provided(w, rows), onTrust(w), w.holds, notAsked(rows))
}

// provided is whom the door stands open to, with what they have to say: what
// the identity shares with the first one, and nobody gets in without.
func provided(w *Entrant, rows []Entrant) string {
	var parts []string
	for _, c := range w.shares {
		if slices.ContainsFunc(rows, func(r Entrant) bool {
			return r.varies == c.Name && r.Provider == w.Provider && r.Outcome == Refused
		}) {
			verb := " is "
			if strings.ContainsAny(c.Value, "*?") {
				verb = " matches "
			}
			parts = append(parts, c.Name+verb+source.Clip(c.Value))
		}
	}
	if len(parts) == 0 {
		return w.opens
	}
	return strings.TrimSuffix(w.opens, ",") + ", if " + strings.Join(parts, " and ") + ","
}

func admitted(rows []Entrant) (in []*Entrant) {
	for i := range rows {
		if rows[i].Outcome == GetsIn {
			in = append(in, &rows[i])
		}
	}
	return in
}

// nobody says why the identity that the policy is for doesn't get in either.
func nobody(rows []Entrant) string {
	for i := range rows {
		if r := &rows[i]; r.Outcome == Refused {
			return "Nobody gets in, not even " + r.Who + ": " + r.Why + notAsked(rows)
		}
	}
	return "Who gets in isn't known: " + rows[0].Why
}

// notAsked says that some identities weren't played; it begins with a space.
func notAsked(rows []Entrant) string {
	for i := range rows {
		if rows[i].Outcome == NotPlayed {
			return " Principals of AWS that the policy names aren't played."
		}
	}
	return ""
}

// mostNames is how many identities a sentence names.
const mostNames = 3

func names(in []*Entrant) string {
	var all []string
	for _, r := range in {
		all = append(all, r.Who)
	}
	if len(all) > mostNames {
		rest := len(all) - mostNames + 1
		all = append(all[:mostNames-1], fmt.Sprintf("%d others", rest))
	}
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

func of(in []*Entrant) string {
	if len(in) == 1 {
		return " gets in" + onTrust(in[0]) + "."
	}
	return " get in" + onTrust(in[0]) + "."
}

// onTrust says what an admission rests on; it begins with a comma.
func onTrust(r *Entrant) string {
	if slices.Contains(r.Assumed, "oauth/access-token") {
		return ", if " + r.Provider + " vouches for the access token"
	}
	return ""
}

// holds says which condition of the statement was the one to stop the
// identity, and lets it through; or that there is none.
func holds(s *iam.StatementDecision, a *applicant, token *sts.TokenView) string {
	label := fmt.Sprintf("Statement %d", s.Index+1)
	if s.Sid != "" {
		label += " (" + source.Clip(s.Sid) + ")"
	}
	for _, claim := range a.Differs {
		for i := range s.Conditions {
			c := &s.Conditions[i]
			g := gateway{prefix: a.prefix, isSAML: a.prefix == "saml"}
			if g.claim(c.Key) != claim.Name {
				continue
			}
			return fmt.Sprintf("%s lets them in: its %s on %s %s.", label, c.Operator, c.Key, takes(c))
		}
	}
	if claim := asks(a); claim != "" {
		key := keyOf(claim, a, token)
		if key == "" {
			return label + " lets them in: " + claim + " is no condition key in AWS."
		}
		return label + " lets them in: it has no condition on " + key + "."
	}
	return label + " lets them in."
}

// takes is how a condition that holds came to hold.
func takes(c *iam.ConditionDecision) string {
	if c.Missing {
		return "holds where the key is missing"
	}
	for i := range c.Values {
		if c.Values[i].Matched {
			return "takes " + source.Clip(c.Values[i].Wanted)
		}
	}
	return "holds"
}

// asks is the claim that tells the identity from the one that is meant.
func asks(a *applicant) string {
	switch {
	case len(a.Differs) == 0:
		return ""
	case slices.ContainsFunc(a.Differs, func(c idp.Claim) bool { return c.Name == "sub" }):
		return "sub"
	}
	return a.Differs[0].Name
}

// keyOf is the condition key that the claim becomes, "" for none.
func keyOf(claim string, a *applicant, token *sts.TokenView) string {
	if token == nil {
		return a.prefix + ":" + claim
	}
	for i := range token.Claims {
		if token.Claims[i].Name == claim {
			return token.Claims[i].Key
		}
	}
	return ""
}
