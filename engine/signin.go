package engine

import (
	"time"

	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/engine/signin"
	"stsplayground/engine/sts"
)

// consoleLogin plays a sign-in to the console: the form that an identity
// provider has the browser post, or the link of a broker.
func consoleLogin(p *play, c *scenario.Call, at time.Time) sts.Result {
	if c.SignIn.SigninToken.Given {
		return p.links.Follow(p.world, c, p.bearer(&c.SignIn.SigninToken), at)
	}
	presented := p.presentForm(c)
	result := signin.Post(p.world, c, presented, func(inner *scenario.Call) sts.Result {
		return p.world.AssumeRoleWithSAML(inner, presented, at)
	})
	if result.SAML == nil {
		result.SAML = p.world.ViewResponse(c.SignIn.SAMLResponse, presented)
	}
	return result
}

func getSigninToken(p *play, c *scenario.Call, at time.Time) sts.Result {
	return p.links.GetSigninToken(p.world, c, at)
}

// presentForm reads the response that is posted. One that is minted without a
// list of roles offers the one that is chosen, by the provider of its account
// that knows the issuer.
func (p *play) presentForm(c *scenario.Call) sts.PresentedResponse {
	choice := sts.Offer{RoleArn: c.SignIn.RoleArn}
	if m := c.SignIn.SAMLResponse.Mint; m != nil {
		choice.PrincipalArn = p.world.ProviderOf(choice.RoleArn, idp.ResponseIssuer(m))
	}
	return p.presentResponse(signin.Inner(c, choice, nil))
}

// consoleLadder is the debugging ladder of a sign-in to the console.
var consoleLadder = []question{
	{"Does the browser bring something to sign in with?", []string{"signin/form", "signin/credentials", "signin/token"}},
	{"Is a role offered, and chosen?", []string{"signin/roles", "signin/role-choice", "signin/session-duration"}},
	{"Is the response good?", allOf(responseLadder[:3])},
	{"Do recipient, audience and role match?", responseLadder[3].rules},
	{"Do the permissions suffice?", sessionRules},
}
