package engine

import (
	"time"

	"stsplayground/engine/cloudtrail"
	"stsplayground/engine/identitycenter"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// portalCall is an operation of the AWS access portal, whose access token is
// taken from a call, or as written.
func portalCall(operate func(*identitycenter.Center, *scenario.Call, string, time.Time) sts.Result) operation {
	play := func(p *play, c *scenario.Call, at time.Time) sts.Result {
		return operate(p.center, c, p.bearer(&c.Portal.AccessToken), at)
	}
	return operation{play, cloudtrail.Portal, portalLadder}
}

// bearer is a token that is no JSON Web Token, as it is sent.
func (p *play) bearer(t *scenario.Token) string {
	if t.From != "" {
		return p.tokens[t.From]
	}
	return t.Text
}

func createToken(p *play, c *scenario.Call, at time.Time) sts.Result {
	return p.center.CreateToken(c, at)
}

func getRoleCredentials(p *play, c *scenario.Call, at time.Time) sts.Result {
	return p.center.GetRoleCredentials(c, p.bearer(&c.Portal.AccessToken), at, func(inner *scenario.Call, user *sts.OnBehalfOf) sts.Result {
		return p.world.AssumeReservedRole(inner, p.presentResponse(inner), user, at)
	})
}

// portalLadder is the debugging ladder of `aws sso login` and of what comes
// after it.
var portalLadder = []question{
	{"Is the portal called as it wants to be?", []string{"identitycenter/parameters", "identitycenter/instance", "identitycenter/grant-type"}},
	{"Is somebody signed in to it?", []string{"identitycenter/sign-in", "identitycenter/access-token"}},
	{"Is the permission set assigned in the account?", []string{"identitycenter/assignment"}},
	{"Does the role in the account let the portal in?", allOf(responseLadder[:4])},
	{"Do the permissions suffice?", sessionRules},
}
