package engine

import (
	"stsplayground/engine/eks"
	"stsplayground/engine/identitycenter"
	"stsplayground/engine/scenario"
)

// awsIssuers are the identity providers that AWS itself runs for what the
// scenario configures. They have playground keys, as AWS's own are AWS's.
func awsIssuers(s *Scenario) (issuers []scenario.Issuer) {
	issuers = append(issuers, eks.Issuers(s)...)
	issuers = append(issuers, cognitoIssuers(s)...)
	issuers = append(issuers, identitycenter.Issuer(s)...)
	issuers = append(issuers, outboundIssuers(s)...)
	return issuers
}
