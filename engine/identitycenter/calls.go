package identitycenter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// TokenResponse is the response of CreateToken.
type TokenResponse struct {
	AccessToken string `json:"accessToken"`
	TokenType   string `json:"tokenType"`
	ExpiresIn   int64  `json:"expiresIn"` // seconds
}

// The grant types of CreateToken (its API reference).
const (
	grantCode    = "authorization_code"
	grantDevice  = "urn:ietf:params:oauth:grant-type:device_code"
	grantRefresh = "refresh_token"
)

// defaultSession: "The default session duration for user interactive sessions
// is 8 hours" (IAM Identity Center guide).
const defaultSession = 8 * time.Hour

// CreateToken plays the end of a sign-in: the browser has shown the portal, and
// somebody has signed in there and allowed the client. Registering the client
// and starting the authorization aren't played.
func (c *Center) CreateToken(call *scenario.Call, at time.Time) sts.Result {
	w, p := &trace.Walk{}, &call.Portal
	c.checkInstance(w, call, errRequest)
	c.checkGrant(w, p)
	user := c.checkSignIn(w, p)
	if w.Err != nil {
		return c.refused(call, w, nil)
	}
	length := c.config.PortalSession
	if length <= 0 {
		length = defaultSession
	}
	token := "SIMULATED.portal.token.that.opens.nothing." + sts.Digits(40, "access token", call.Name, user.UserName, at.String())
	s := &session{user: user, expires: at.Add(length), id: sts.Digits(32, "credential", token)}
	c.sessions[token] = s
	r := sts.Result{
		Steps: w.Steps, Issued: token, OnBehalfOf: c.behalf(s),
		Response: &TokenResponse{AccessToken: token, TokenType: "Bearer", ExpiresIn: int64(length / time.Second)},
		Verdict:  user.UserName + " is signed in to the AWS access portal until " + clock(s.expires) + ".",
	}
	return r
}

// checkInstance: the portal answers in the Region of the instance. A call
// without a Region is made there.
func (c *Center) checkInstance(w *trace.Walk, call *scenario.Call, err *trace.Error) {
	switch {
	case c.config == nil:
		w.Fail(ruleInstance, err, "identityCenter in the scenario", "none", "The scenario has no instance of IAM Identity Center, so there is no portal to sign in to; write one as identityCenter.").AsModelled()
	case call.Region != "" && call.Region != c.region:
		w.Fail(ruleInstance, err, c.region, call.Region, "The instance is in "+c.region+", and the call goes to "+call.Region+"; sso_region of the CLI's profile is the Region of the instance, whatever Region one works in.").AsModelled()
	default:
		w.Pass(ruleInstance, c.region, cmp.Or(call.Region, c.region), "")
	}
}

func (c *Center) checkGrant(w *trace.Walk, p *scenario.PortalParams) {
	expected := grantCode + "\n" + grantDevice
	switch p.GrantType {
	case grantCode, grantDevice:
		w.Pass(ruleGrant, expected, p.GrantType, "")
	case "":
		w.Pass(ruleGrant, expected, "not given", "AWS requires clientId, clientSecret and grantType, which the CLI sends by itself; here they may be left out.").AsModelled()
	case grantRefresh:
		w.Fail(ruleGrant, trace.Playground("NotModelled", "The playground doesn't model refresh tokens."), expected, p.GrantType, "AWS takes a refresh token here as well; the playground has none, and nothing is said about what AWS would answer.")
	default:
		w.Fail(ruleGrant, errGrant, expected+"\n"+grantRefresh, p.GrantType, fmt.Sprintf("CreateToken knows no grant type %q.", p.GrantType)).AsModelled()
	}
}

// checkSignIn: until somebody has signed in, the authorization is pending.
func (c *Center) checkSignIn(w *trace.Walk, p *scenario.PortalParams) *scenario.PortalUser {
	const expected = "a user of the identity store, signed in to the portal"
	if c.config == nil {
		w.Skip("There is no portal to sign in to.", ruleSignIn)
		return nil
	}
	user := c.users[strings.ToLower(p.SignedInAs)]
	switch {
	case p.SignedInAs == "":
		w.Fail(ruleSignIn, errPending, expected, "nobody", "Nobody has signed in in the browser yet; signedInAs says who does.").AsModelled()
		return nil
	case user == nil:
		names := make([]string, len(c.config.Users))
		for i := range c.config.Users {
			names[i] = c.config.Users[i].UserName
		}
		w.Fail(ruleSignIn, errPending, expected, p.SignedInAs, fmt.Sprintf("The sign-in in the browser fails, and the client waits in vain: the identity store has no user %q%s", p.SignedInAs, meant(p.SignedInAs, names))).AsModelled()
		return nil
	case user.UserStatus == "DISABLED":
		w.Fail(ruleSignIn, errDenied, expected, user.UserName+", DISABLED", "The user's access is disabled, which takes effect at once for new sign-ins; sessions of roles that were begun before last until they expire.").AsModelled()
		return nil
	}
	w.Pass(ruleSignIn, expected, user.UserName, "How the person proved who they are (password, MFA, an external identity provider) isn't played.").AsModelled()
	return user
}

// require adds the step about parameters that may not be missing.
func require(w *trace.Walk, given ...[2]string) {
	var missing []string
	names := make([]string, len(given))
	for i, g := range given {
		names[i] = g[0]
		if g[1] == "" {
			missing = append(missing, g[0])
		}
	}
	expected := strings.Join(names, "\n")
	if len(missing) > 0 {
		w.Fail(ruleParameters, errRequest, expected, "without "+strings.Join(missing, ", "), "The request lacks "+strings.Join(missing, " and ")+".").AsModelled()
		return
	}
	w.Pass(ruleParameters, expected, "all there", "")
}

// checkToken finds the sign-in behind an access token.
func (c *Center) checkToken(w *trace.Walk, token string, at time.Time) *session {
	const expected = "the access token of a sign-in that still holds"
	s := c.sessions[token]
	switch {
	case token == "":
		w.Skip("The request has no accessToken.", ruleAccessToken)
	case w.Err != nil:
		w.Skip("Nothing is asked where the portal isn't.", ruleAccessToken)
	case s == nil:
		w.Fail(ruleAccessToken, errToken, expected, "an unknown token", "No sign-in of the scenario has given this token; take it from a call of sso-oidc:CreateToken, as in accessToken: {from: …}. AWS answers the same to a token that was never good and to one that has ended.")
	case s.ended:
		w.Fail(ruleAccessToken, errToken, expected, "a sign-in that "+s.user.UserName+" has ended", s.user.UserName+" has signed out, and the token went with that. Sessions of roles that were begun before last until they expire.")
	case !at.Before(s.expires):
		w.Fail(ruleAccessToken, errToken, "a moment before "+clock(s.expires), clock(at), "The sign-in to the portal ended "+clock(s.expires)+"; sign in anew (aws sso login). Sessions of roles that were begun before are not ended by that.")
	default:
		w.Pass(ruleAccessToken, expected, s.user.UserName+", until "+clock(s.expires), "")
		return s
	}
	return nil
}

// assigned are the permission sets that the user has in the account, in the
// scenario's order, each with how.
func (c *Center) assigned(u *scenario.PortalUser, account string) (names, how []string) {
	for i := range c.config.Assignments {
		a := &c.config.Assignments[i]
		via := "assigned to " + u.UserName
		switch {
		case a.TargetID != account || c.roles[grant{a.PermissionSet, account}] == nil || slices.Contains(names, a.PermissionSet):
			continue
		case a.PrincipalType == "USER" && strings.EqualFold(a.Principal, u.UserName):
		case a.PrincipalType == "GROUP" && slices.Contains(u.Groups, a.Principal):
			via = "assigned to the group " + a.Principal
		default:
			continue
		}
		names, how = append(names, a.PermissionSet), append(how, a.PermissionSet+", "+via)
	}
	return names, how
}

// refused closes the walk of a call that failed; the session is nil where
// nobody is signed in.
func (c *Center) refused(call *scenario.Call, w *trace.Walk, s *session) sts.Result {
	does := "IAM Identity Center refuses."
	if w.Err.Type == "Playground" {
		does = "Not modelled."
	}
	r := sts.Refused(w, does)
	r.Advice = c.advise(call, w, s)
	return r
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
