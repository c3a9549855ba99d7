package sts

import "stsplayground/engine/trace"

// walk collects the steps of one call. The first failed step gives the
// call's error; later steps still run where they can.
type walk struct {
	operation *operation // nil for actions that are no operation of STS

	steps   []trace.Step
	err     *trace.Error
	failed  string  // rule of the step that gave err
	refusal refusal // what err words, nil where no package that reads proofs refused
	assumed []string
}

// newWalk has room for as many steps as the operation has.
func newWalk(o *operation, steps int) *walk {
	return &walk{operation: o, steps: make([]trace.Step, 0, steps)}
}

// step adds a step. The pointer is good until the next one is added. The
// operations share rules; each has a page of its own, and some words.
func (w *walk) step(rule *trace.Rule, status trace.Status, expected, found, why string) *trace.Step {
	w.steps = append(w.steps, trace.Step{})
	s := rule.Fill(&w.steps[len(w.steps)-1], status, expected, found, why)
	if o := w.operation; o != nil {
		if s.Cite == citeAPI {
			s.Cite = o.cite
		}
		if title := o.titles[rule.Code]; title != "" {
			s.Title = title
		}
	}
	return s
}

func (w *walk) pass(rule *trace.Rule, expected, found, why string) *trace.Step {
	return w.step(rule, trace.Passed, expected, found, why)
}

func (w *walk) warn(rule *trace.Rule, expected, found, why string) *trace.Step {
	return w.step(rule, trace.Warned, expected, found, why)
}

// fail adds a failed step, and remembers err if it is the first.
func (w *walk) fail(rule *trace.Rule, err *trace.Error, expected, found, why string) *trace.Step {
	if w.err == nil {
		w.err, w.failed = err, rule.Code
	}
	return w.step(rule, trace.Failed, expected, found, why)
}

// refusal is why a package that reads proofs refuses one.
type refusal interface {
	Words() (expected, found, why string, modelled bool)
}

// refuse adds a failed step in the words of a refusal.
func (w *walk) refuse(rule *trace.Rule, err *trace.Error, r refusal) *trace.Step {
	if w.err == nil {
		w.refusal = r
	}
	expected, found, why, modelled := r.Words()
	step := w.fail(rule, err, expected, found, why)
	step.Modelled = modelled
	return step
}

func (w *walk) assume(rule *trace.Rule, why string) {
	w.step(rule, trace.Assumed, "", "", why)
	w.assumed = append(w.assumed, rule.Code)
}

// skip adds steps that can't run, all for the same reason.
func (w *walk) skip(why string, rules ...*trace.Rule) {
	for _, rule := range rules {
		w.step(rule, trace.Skipped, "", "", why)
	}
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
