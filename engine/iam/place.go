package iam

import "stsplayground/engine/trace"

// Place moves every position of the policy, for a document that is part of
// a larger one. It is called once, before the policy is asked anything.
func (p *Policy) Place(move func(*trace.At)) {
	move(&p.At)
	for i := range p.Statements {
		s := &p.Statements[i]
		move(&s.At)
		for _, e := range []*Element{&s.Principal, &s.Action, &s.Resource} {
			move(&e.At)
			placeAll(e.Values, move)
		}
		for j := range s.Conditions {
			move(&s.Conditions[j].At)
			move(&s.Conditions[j].OperatorAt)
			placeAll(s.Conditions[j].Values, move)
		}
	}
}

func placeAll(values []Written, move func(*trace.At)) {
	for i := range values {
		move(&values[i].At)
	}
}

// Nowhere takes the policy's places away, for a document that the reader
// can't edit: one of AWS's.
func (p *Policy) Nowhere() { p.Place(func(at *trace.At) { *at = trace.At{} }) }
