package engine

import "stsplayground/engine/scenario"

// awsIssuers are the identity providers that AWS itself runs for what the
// scenario configures. They have playground keys, as AWS's own are AWS's.
func awsIssuers(s *Scenario) (issuers []scenario.Issuer) {
	issuers = append(issuers, outboundIssuers(s)...)
	return issuers
}
