package sts

// isForeignPool says whether the token is of a Cognito identity pool that is in
// another account than the role. "The token that an identity pool issues for an
// identity contains information about the originating AWS account", in a way
// that isn't published: here the scenario's own pools tell.
func (world *World) isForeignPool(f *facts) bool {
	if f.provider.name != cognitoIdentity {
		return false
	}
	for id, account := range world.accounts {
		for i := range account.IdentityPools {
			if account.IdentityPools[i].IdentityPoolID == f.audience() {
				return id != f.arn.Account
			}
		}
	}
	return false
}

const cognitoIdentity = "cognito-identity.amazonaws.com"

// whyUnchecked says why STS itself wants a key in the trust policy. For Cognito
// the guide has it: "it checks to see if the role trust policy has an aud
// condition. The assume-role call fails if no such condition is present"
// (Amazon Cognito developer guide, "IAM roles").
func (f *facts) whyUnchecked(key string) string {
	if f.foreignPool {
		return "The identity pool is in another account than the role, and then STS wants a condition on " + key + " in the role's trust policy. The token holds the pool's account; here the scenario's pools tell it."
	}
	return "STS refuses the tokens of " + f.provider.name + " unless the trust policy checks " + key + ", which says whose they are; many customers share this provider."
}
