package report

// anywhereStages are those of CreateSession of IAM Roles Anywhere: what the
// service checks itself, then the AssumeRole that it calls.
var anywhereStages = append(plan{
	{"anchor", "Trust anchor", []string{"anywhere/parameters", "anywhere/trust-anchor", "anywhere/profile"}},
	{"certificate", "Certificate", []string{"anywhere/certificate", "anywhere/request-signature", "anywhere/chain", "anywhere/validity", "anywhere/revocation"}},
	{"mapping", "Attributes", []string{"anywhere/attribute-mapping", "anywhere/session-name", "anywhere/duration"}},
}, assumedByService...)
