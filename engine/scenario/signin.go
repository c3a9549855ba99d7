package scenario

// SignInParams are what a browser posts to AWS's sign-in. The endpoint is no
// API: SAMLResponse and RelayState are the form that an identity provider fills
// in, RoleArn is what the person picks in the role chooser; a broker's link has
// SigninToken, Issuer and Destination.
type SignInParams struct {
	SAMLResponse    Token
	RelayState      string
	RoleArn         string // "" where nothing is picked
	SigninToken     Token
	Issuer          string
	Destination     string
	SessionDuration *int64 // of getSigninToken, in seconds
}

func ofSignIn(c *Call) any { return &c.SignIn }
