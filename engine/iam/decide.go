package iam

// Decide is the policy's answer alone. Explain gives the same answer and how
// it came about.
func (p *Policy) Decide(r *Request) Effect { return ImplicitDeny }
