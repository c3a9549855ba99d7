package report

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

// plan is how a walk is told, stage by stage, in the page's order: each
// top-level step belongs to the stage that lists its rule. A rule that ends in
// a slash stands for every rule that begins so; what nobody lists goes to the
// last stage.
type plan []struct {
	id, name string
	rules    []string
}

// callerRules are about who signs a call.
var callerRules = []string{"access/caller", "access/session-token", "access/credentials", "access/token-version", "access/temporary-credentials"}

// stages is the plan of a call that presents a token.
var stages = plan{
	{"request", "Request", []string{"sts/operation", "sts/parameters", "sts/role-arn", "sts/region"}},
	{"token", "Token", []string{"oidc/token", "oidc/algorithm", "oidc/claims"}},
	{"time", "Time", []string{"oidc/expiry"}},
	{"provider", "Provider", []string{"oidc/issuer", "oidc/audience", "oidc/other-partition"}},
	{"signature", "Signature", []string{"oidc/keys", "oidc/signature", "oauth/access-token"}},
	{"session", "Session", []string{"sts/session-tags", "sts/source-identity", "sts/roles-claim", "sts/duration"}},
	{"trust", "Trust policy", []string{"sts/role", "trust/", "organization/", "access/endpoint-policy"}},
	{"result", "Result", []string{"sts/session-policy", "sts/credentials"}},
	{"other", "Other checks", nil},
}

// responseStages is the same for a call that presents a SAML response.
var responseStages = plan{
	{"request", "Request", []string{"sts/operation", "sts/parameters", "sts/role-arn", "sts/region"}},
	{"provider", "Provider", []string{"saml/provider", "saml/metadata"}},
	{"response", "Response", []string{"saml/response", "saml/status", "saml/encryption"}},
	{"signature", "Signature", []string{"saml/signature"}},
	{"assertion", "Assertion", []string{"saml/assertion", "saml/issuer", "saml/name-id", "saml/confirmation", "saml/recipient", "saml/audience"}},
	{"time", "Time", []string{"saml/expiry"}},
	{"session", "Session", []string{"saml/role", "saml/role-session-name", "saml/session-duration", "sts/session-tags", "sts/source-identity", "sts/duration"}},
	{"trust", "Trust policy", []string{"sts/role", "trust/", "organization/", "access/endpoint-policy"}},
	{"result", "Result", []string{"sts/session-policy", "sts/credentials"}},
	{"other", "Other checks", nil},
}

// signedStages is the same for an operation of STS that somebody signs.
var signedStages = plan{
	{"request", "Request", []string{"sts/operation", "sts/parameters", "sts/role-arn", "sts/region", "sts/regional-endpoint"}},
	{"caller", "Caller", slices.Concat(callerRules, []string{"sts/long-term-credentials", "sts/mfa"})},
	{"target", "Target", []string{"sts/root-target", "sts/task-policy"}},
	{"session", "Session", []string{"sts/session-tags", "sts/source-identity", "sts/provided-contexts", "sts/duration"}},
	{"organization", "Organization", []string{"sts/root-access", "sts/outbound-federation", "organization/", "access/endpoint-policy"}},
	{"trust", "Trust policy", []string{"sts/role", "trust/"}},
	{"permissions", "Caller's policies", []string{"access/resource-policy", "access/identity-policy", "access/permissions-boundary", "access/session-policy"}},
	{"result", "Result", []string{"sts/session-policy", "sts/token-size", "sts/access-key", "sts/authorization-message", "sts/credentials"}},
	{"other", "Other checks", nil},
}

// verifierStages is the same for an outside service that verifies a token.
var verifierStages = plan{
	{"token", "Token", []string{"verifier/token"}},
	{"issuer", "Issuer", []string{"verifier/issuer"}},
	{"signature", "Signature", []string{"verifier/keys", "verifier/signature"}},
	{"time", "Time", []string{"verifier/expiry"}},
	{"claims", "Audience and subject", []string{"verifier/audience", "verifier/subject"}},
	{"other", "Other checks", nil},
}

// actionStages is the same for an action: who asks, whether anything denies,
// then the types of policy in the order in which AWS asks them, which is that
// of iam.Decision.Types.
var actionStages = plan{
	{"caller", "Caller", slices.Concat(callerRules, []string{"access/action"})},
	{"deny", "Explicit deny", []string{"access/explicit-deny"}},
	{"rcp", "RCPs", []string{"organization/resource-control-policy"}},
	{"scp", "SCPs", []string{"organization/service-control-policy"}},
	{"endpoint", "VPC endpoint", []string{"access/endpoint-policy"}},
	{"resource", "Resource policy", []string{"access/resource-policy"}},
	{"identity", "Identity policy", []string{"access/identity-policy"}},
	{"boundary", "Boundary", []string{"access/permissions-boundary"}},
	{"limit", "Session policy", []string{"access/session-policy"}},
	{"other", "Other checks", nil},
}

// firstType is the stage of the first type of policy.
const firstType = 2

// registrationStages is the same for an operation of IAM that sets federation up.
var registrationStages = plan{
	{"caller", "Caller", callerRules},
	{"permissions", "Policies", []string{"access/explicit-deny", "organization/", "access/endpoint-policy", "access/resource-policy", "access/identity-policy", "access/permissions-boundary", "access/session-policy", "iam/tag-permission"}},
	{"request", "Request", []string{"iam/parameters", "iam/tags"}},
	{"account", "Account", []string{"iam/entity", "iam/modifiable", "iam/name-free", "iam/quota"}},
	{"content", "Content", []string{"iam/"}},
	{"other", "Other checks", nil},
}

// plans are the stages of the operations, by their action.
var plans = map[string]plan{
	"cognito-identity:GetCredentialsForIdentity":          credentialsStages,
	"cognito-identity:GetId":                              identityStages,
	"cognito-identity:GetOpenIdToken":                     identityStages,
	"cognito-identity:GetOpenIdTokenForDeveloperIdentity": developerStages,

	"eks-auth:AssumeRoleForPodIdentity": podStages,
	"imds:GetSecurityCredentials":       instanceStages,
	"rolesanywhere:CreateSession":       anywhereStages,
	"workload:GetCredentials":           searchStages,

	"iam:AddClientIDToOpenIDConnectProvider":    registrationStages,
	"iam:AttachRolePolicy":                      registrationStages,
	"iam:CreateOpenIDConnectProvider":           registrationStages,
	"iam:CreateRole":                            registrationStages,
	"iam:CreateSAMLProvider":                    registrationStages,
	"iam:PutRolePolicy":                         registrationStages,
	"iam:SetSecurityTokenServicePreferences":    registrationStages,
	"iam:UpdateAssumeRolePolicy":                registrationStages,
	"iam:UpdateOpenIDConnectProviderThumbprint": registrationStages,
	"iam:UpdateRole":                            registrationStages,
	"iam:UpdateSAMLProvider":                    registrationStages,

	"signin:ConsoleLogin":   consoleStages,
	"signin:GetSigninToken": consoleStages,

	"sso-oidc:CreateToken":   portalStages,
	"sso:GetRoleCredentials": portalStages,
	"sso:ListAccountRoles":   portalStages,
	"sso:ListAccounts":       portalStages,
	"sso:Logout":             portalStages,

	"sts:AssumeRole":                 signedStages,
	"sts:AssumeRoleWithSAML":         responseStages,
	"sts:AssumeRoleWithWebIdentity":  stages,
	"sts:AssumeRoot":                 signedStages,
	"sts:DecodeAuthorizationMessage": signedStages,
	"sts:GetAccessKeyInfo":           signedStages,
	"sts:GetCallerIdentity":          signedStages,
	"sts:GetFederationToken":         signedStages,
	"sts:GetSessionToken":            signedStages,
	"sts:GetWebIdentityToken":        signedStages,

	"relying-party:Verify": verifierStages,
}

// planOf is the stages of a call.
func planOf(c engine.CallReport) plan {
	if isAction(c) {
		return actionStages
	}
	if p := plans[c.Action]; p != nil {
		return p
	}
	return stages
}

// drawnAbove are the steps whose substance the decision shows.
var drawnAbove = []string{"trust/principal", "trust/action", "trust/condition", "trust/deny"}

// stage is one part of the walk, ready to draw. Of an action's it has besides
// what it shows of the decision.
type stage struct {
	ID, Name string
	Status   trace.Status
	Word     string // in place of the status's own
	Types    []iam.TypeDecision
	Policies []policy
	After    bool // the walk ended before it: what it says is what would have been
	Before   bool // stands in one line with others before the stage that failed, where room is short
	Open     bool
	Steps    []step
}

// fold marks the stages that a walk left behind before it failed, and says in
// words how many they are. What was taken on trust or warns isn't one of them;
// a stage alone is no line longer than the words would be, and stays: "".
func fold(stages []stage) string {
	end := slices.IndexFunc(stages, func(s stage) bool { return s.Status == trace.Failed })
	var order []string
	many := map[string]int{}
	for i := range max(end, 0) {
		s := &stages[i]
		if s.Before = s.Status == trace.Passed || s.Status == trace.Skipped; !s.Before {
			continue
		}
		if many[s.word()]++; many[s.word()] == 1 {
			order = append(order, s.word())
		}
	}
	var parts []string
	total := 0
	for _, word := range order {
		parts = append(parts, strconv.Itoa(many[word])+" "+word)
		total += many[word]
	}
	if total < 2 {
		for i := range stages {
			stages[i].Before = false
		}
		return ""
	}
	return strings.Join(parts, ", ")
}

// leads says whether a step of the stage is open, and so stands before the
// policy's evaluation, which doesn't show what failed.
func (s stage) leads() bool {
	return slices.ContainsFunc(s.Steps, func(s step) bool { return s.Open })
}

// step is a trace.Step with what drawing needs: an id that stays the same from
// run to run as long as the walk keeps its shape, and whether the walk ended
// before it.
type step struct {
	trace.Step
	ID    string
	After bool
	Open  bool
	Apart bool   // it is about the signature that is taken apart below
	Steps []step // shadows Step.Steps
}

// differs is where a failed step's two sides part; nil where showing it
// wouldn't help, as with sides that have no beginning in common.
func (s step) differs() *difference {
	if s.Status != trace.Failed || octetsOf(s.Found) != "" {
		return nil
	}
	d := compare(s.Expected, s.Found, false)
	if d != nil && d.Before == "" {
		return nil
	}
	return d
}

// walk groups the steps into stages, opens the failing one (the trust policy
// where none fails), and leaves out stages without steps.
//
// Where the policy's evaluation is drawn above the trust policy's steps, it
// says what those four would say, and they stay closed.
func walk(c engine.CallReport, apart bool) []stage {
	stages, decided := planOf(c), c.Decision != nil
	grouped := make([]stage, len(stages))
	ended := false
	for i, s := range name("s", c.Steps) {
		s.reach(!ended)
		s.lead(apart)
		failing := s.Open
		s.Open = s.Open && !(decided && slices.Contains(drawnAbove, s.Rule))
		ended = ended || s.Status == trace.Failed
		at := stages.of(c.Steps[i].Rule)
		grouped[at].Steps = append(grouped[at].Steps, s)
		grouped[at].Open = grouped[at].Open || failing
	}
	drawn := grouped[:0]
	for i, g := range grouped {
		if len(g.Steps) == 0 {
			continue
		}
		g.ID, g.Name = "stage-"+stages[i].id, stages[i].name
		g.Status, g.After = summary(g.Steps)
		if !ended && stages[i].id == "trust" {
			g.Open = true
		}
		drawn = append(drawn, g)
	}
	if isAction(c) && decided {
		return together(drawn, c, ended)
	}
	return drawn
}

// lead marks the step about the token's signature, where that is taken apart.
func (s *step) lead(apart bool) {
	s.Apart = apart && s.Rule == "oidc/signature"
	for i := range s.Steps {
		s.Steps[i].lead(apart)
	}
}

// reach marks the step and all below it as part of the walk or as after its
// end. What failed on the walk is open.
func (s *step) reach(reached bool) {
	s.After = !reached
	s.Open = reached && s.Status == trace.Failed
	for i := range s.Steps {
		s.Steps[i].reach(reached)
	}
}

func (stages plan) of(rule string) int {
	for i, s := range stages {
		for _, r := range s.rules {
			if r == rule || strings.HasSuffix(r, "/") && strings.HasPrefix(rule, r) {
				return i
			}
		}
	}
	return len(stages) - 1
}

// summary is the status that stands for all of the steps, and whether the
// walk ended before the first of them. On the walk a check that had nothing
// to do (an OAuth token's, for an OIDC token) doesn't count; after it one that
// can't run leaves the stage open.
func summary(steps []step) (status trace.Status, after bool) {
	after = steps[0].After
	order := []trace.Status{trace.Failed, trace.Assumed, trace.Warned, trace.Passed}
	if after {
		order = []trace.Status{trace.Failed, trace.Skipped, trace.Assumed, trace.Warned, trace.Passed}
	}
	for _, status := range order {
		if slices.ContainsFunc(steps, func(s step) bool { return s.Status == status }) {
			return status, after
		}
	}
	return trace.Skipped, after
}

// name gives every step an id below parent: the rule's code, and a number
// where siblings share one. Underscores part the levels; slug writes none.
func name(parent string, steps []trace.Step) []step {
	used := make(map[string]int, len(steps))
	named := make([]step, len(steps))
	for i, s := range steps {
		id := parent + "_" + slug(s.Rule)
		used[id]++
		if n := used[id]; n > 1 {
			id += "__" + strconv.Itoa(n)
		}
		named[i] = step{Step: s, ID: id, Steps: name(id, s.Steps)}
		for j := range named[i].Steps {
			if part := &named[i].Steps[j]; part.Why == s.Why {
				part.Why = "" // the step above it has just said it
			}
		}
	}
	return named
}

// slug is s with everything but ASCII letters and digits turned into hyphens,
// so that it can stand in an id.
func slug(s string) string {
	if s == "" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, s)
}
