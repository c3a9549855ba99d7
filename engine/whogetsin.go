package engine

import (
	"cmp"
	"encoding/json"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Entrants are the identities that a role's trust policy was asked about: a
// population that fits the providers it names, each played for real. Cut is
// how many more there are than were played.
type Entrants struct {
	Role   string    `json:"role"`   // ARN
	Widest string    `json:"widest"` // the widest opening, or that there is none, in a sentence or two
	Rows   []Entrant `json:"rows"`
	Cut    int       `json:"cut"`
}

// Entrant is one identity and how it fared.
type Entrant struct {
	Who       string             `json:"who"`  // in a few words
	What      string             `json:"what"` // one sentence
	Provider  string             `json:"provider"`
	Subject   string             `json:"subject"`           // sub, NameID or the caller; "" where it has none
	Differs   []idp.Claim        `json:"differs"`           // from the provider's first identity
	Outcome   EntrantOutcome     `json:"outcome"`           //
	Assumed   []string           `json:"assumed,omitempty"` // rules taken on trust
	NotAWS    []string           `json:"notAWS,omitempty"`  // locks that are off, and without which it would be another outcome
	Code      string             `json:"code,omitempty"`    // of the AWS error
	Rule      string             `json:"rule,omitempty"`    // of the first failed step
	Why       string             `json:"why,omitempty"`     // the nearest miss, or why it wasn't played
	Statement *EntrantsStatement `json:"statement,omitempty"`
	Call      json.RawMessage    `json:"call,omitempty"` // that plays it in the scenario; none where the scenario can't

	key    string // what tells identities apart
	opens  string
	width  idp.Width
	shares []idp.Claim
	varies string
	holds  string // which condition let it in, in words
}

// EntrantOutcome is whether an identity gets in.
type EntrantOutcome string

const (
	GetsIn    EntrantOutcome = "success"
	Refused   EntrantOutcome = "failure"
	NotPlayed EntrantOutcome = "not played" // the playground doesn't model its call
)

// EntrantsStatement is the statement of the trust policy that let an identity
// in. Index counts from 0.
type EntrantsStatement struct {
	Index int       `json:"index"`
	Sid   string    `json:"sid,omitempty"`
	At    *trace.At `json:"at,omitempty"`
}

// mostEntrants is how many identities are played at once.
const mostEntrants = 40

// WhoGetsIn plays a population against the trust policy of the role with that
// ARN. Like Run it asks no clock; the scenario itself stays as it is. Where
// the world has no keys that could sign for an identity, playground keys of
// its issuer stand in, so that no signature is taken on trust.
func WhoGetsIn(s Scenario, roleArn string) Entrants {
	d := openDoor(&s, roleArn)
	people, cut := d.population()
	return d.entrants(people, cut)
}

// RoleAsked is the ARN of the role that a call of the scenario asks for, else
// of the first role there is; "" where there is none.
func RoleAsked(s Scenario, call int) string {
	roles := RoleArns(s)
	if 0 <= call && call < len(s.Calls) {
		asked := s.Calls[call].Params.RoleArn
		for _, arn := range roles {
			if arn == asked {
				return arn
			}
		}
	}
	if len(roles) == 0 {
		return ""
	}
	return roles[0]
}

// RoleArns are the ARNs of the scenario's roles, in its order, in the
// partition in which a call asks for them.
func RoleArns(s Scenario) []string {
	asked := make(map[string]string)
	for i := range s.Calls {
		arn := s.Calls[i].Params.RoleArn
		if key := partitionless(arn); asked[key] == "" {
			asked[key] = arn
		}
	}
	var all []string
	for i := range s.Accounts {
		for j := range s.Accounts[i].Roles {
			arn := arnOf(&s.Accounts[i], &s.Accounts[i].Roles[j])
			all = append(all, cmp.Or(asked[partitionless(arn)], arn))
		}
	}
	return all
}

func arnOf(a *scenario.Account, r *scenario.Role) string {
	path := r.RolePath
	if path == "" {
		path = "/"
	}
	return "arn:aws:iam::" + a.ID + ":role" + path + r.RoleName
}

// door is a role's trust policy, with what is needed to knock.
type door struct {
	scenario *Scenario
	arn      string
	account  *scenario.Account // nil where the scenario has no such role
	role     *scenario.Role
	policy   *iam.Policy
	unread   string            // why the policy can't be read, "" where it can
	names    map[string]bool   // of the scenario's calls
	tags     *strings.Replacer // the role's own tags in the place of their variables
}

func openDoor(s *Scenario, roleArn string) *door {
	d := &door{scenario: s, arn: roleArn, policy: &iam.Policy{Kind: iam.TrustPolicy}}
	if len(roleArn) > longest {
		return d
	}
	for i := range s.Accounts {
		for j := range s.Accounts[i].Roles {
			a, r := &s.Accounts[i], &s.Accounts[i].Roles[j]
			if d.role == nil && partitionless(arnOf(a, r)) == partitionless(roleArn) {
				d.account, d.role = a, r
			}
		}
	}
	if d.role == nil {
		return d
	}
	d.tags = d.ownTags()
	document := d.role.AssumeRolePolicyDocument
	var findings []trace.Finding
	switch tree := document.Tree(); {
	case !document.Given():
	case tree != nil:
		d.policy, _ = iam.Parse(tree, iam.TrustPolicy)
	default:
		d.policy, findings = iam.ParseText(document.Node.Text, iam.TrustPolicy)
		if len(findings) > 0 {
			d.unread, _, _ = strings.Cut(findings[0].Detail, " AWS's message")
		}
	}
	return d
}

// partitionless is an ARN without its partition: a scenario's roles are in
// whichever one a call names.
func partitionless(arn string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(arn, "arn:"), ":")
	return rest
}

// entrants plays the people and says how they fared.
func (d *door) entrants(people []applicant, cut int) Entrants {
	e := Entrants{Role: d.arn, Rows: make([]Entrant, len(people)), Cut: cut}
	world := d.world(people)
	p := newPlay(&world)
	for i := range people {
		e.Rows[i] = d.entrant(&people[i], p.call(&world.Calls[i]))
	}
	e.Widest = notAWS(world.LocksOff) + d.widest(e.Rows)
	return e
}

// entrant is how one identity's call went.
func (d *door) entrant(a *applicant, c CallReport) Entrant {
	e := Entrant{
		Who: a.Who, What: a.What, Provider: a.principal, Subject: a.Subject, Differs: a.Differs, Outcome: Refused,
		key: a.key(), opens: a.Opens, width: a.Width, shares: a.Shares, varies: a.Varies,
	}
	if e.Differs == nil {
		e.Differs = []idp.Claim{}
	}
	if len(c.Assumed) > 0 {
		e.Assumed = c.Assumed
	}
	if len(c.NotAWS) > 0 {
		e.NotAWS = c.NotAWS
	}
	if c.Outcome == "success" {
		e.Outcome = GetsIn
		e.admit(&c, a)
	} else {
		e.Code = c.Error.Code
		for i := range c.Steps {
			if s := &c.Steps[i]; s.Status == trace.Failed {
				e.Rule, e.Why = s.Rule, s.Why
				break
			}
		}
		if e.Rule == "sts/operation" || e.Rule == "access/caller" { // a session that no call made, say
			e.Outcome, e.Code, e.Rule = NotPlayed, "", ""
		}
	}
	if e.Outcome != NotPlayed {
		e.Call = d.callFor(a, &c)
	}
	return e
}

// admit notes the statement that let the identity in, and which of its
// conditions was the one to stop it.
func (e *Entrant) admit(c *CallReport, a *applicant) {
	if c.Decision == nil {
		return
	}
	for i := range c.Decision.Policies {
		policy := &c.Decision.Policies[i]
		if policy.Type != string(iam.TrustPolicy) {
			continue
		}
		for j := range policy.Statements {
			if s := &policy.Statements[j]; s.Applies && s.Effect == "Allow" {
				e.Statement = &EntrantsStatement{Index: s.Index, Sid: s.Sid, At: s.At}
				e.holds = holds(s, a, c.Token)
				return
			}
		}
	}
}
