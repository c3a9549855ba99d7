package sts

import "stsplayground/engine/trace"

// walk is the steps of one call to STS.
type walk struct {
	trace.Walk
	operation *operation // nil for actions that are no operation of STS
	refusal   refusal    // what Err words, nil where no package that reads proofs refused
	opened
}

// newWalk has room for as many steps as the operation has. The operations
// share rules; each has a page of its own, and some words.
func newWalk(o *operation, steps int) *walk {
	w := &walk{operation: o}
	w.Steps = make([]trace.Step, 0, steps)
	if o != nil {
		w.Reword = o.reword
	}
	return w
}

func (o *operation) reword(s *trace.Step) {
	if s.Cite == citeAPI {
		s.Cite = o.cite
	}
	if title := o.titles[s.Rule]; title != "" {
		s.Title = title
	}
}

// refusal is why a package that reads proofs refuses one.
type refusal interface {
	Words() (expected, found, why string, modelled bool)
}

// refuse adds a failed step in the words of a refusal.
func (w *walk) refuse(rule *trace.Rule, err *trace.Error, r refusal) *trace.Step {
	return w.refuseLock(ruleLocks[rule.Code], rule, err, r)
}

// refuseLock does so for a refusal of that lock.
func (w *walk) refuseLock(lock string, rule *trace.Rule, err *trace.Error, r refusal) *trace.Step {
	if w.Err == nil && !w.isOff(lock) {
		w.refusal = r
	}
	expected, found, why, modelled := r.Words()
	step := w.failLock(lock, rule, err, expected, found, why)
	step.Modelled = modelled
	return step
}

// children are the parts of a step.
type children []trace.Step

// add adds a part; the pointer is good until the next one is added.
func (c *children) add(rule *trace.Rule, status trace.Status, expected, found, why string) *trace.Step {
	*c = append(*c, trace.Step{})
	return rule.Fill(&(*c)[len(*c)-1], status, expected, found, why)
}

// refuse adds a failed part in the words of a refusal.
func (c *children) refuse(rule *trace.Rule, r refusal) {
	expected, found, why, modelled := r.Words()
	c.add(rule, trace.Failed, expected, found, why).Modelled = modelled
}
