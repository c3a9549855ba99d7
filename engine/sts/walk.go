package sts

import (
	"slices"

	"stsplayground/engine/trace"
)

// walk collects the steps of one call. The first failed step gives the
// call's error; later steps still run where they can.
type walk struct {
	steps   []trace.Step
	err     *trace.Error
	failed  string // rule of the step that gave err
	assumed []string
}

func (w *walk) add(step trace.Step) { w.steps = append(w.steps, step) }

// refuse adds a failed step and remembers err if it is the first.
func (w *walk) refuse(step trace.Step, err *trace.Error) {
	w.add(step)
	if w.err == nil {
		w.err, w.failed = err, step.Rule
	}
}

// settle adds a step that failed exactly when err is not nil.
func (w *walk) settle(step trace.Step, err *trace.Error) {
	if err != nil {
		w.refuse(step, err)
		return
	}
	w.add(step)
}

func (w *walk) assume(rule trace.Rule, why string) {
	w.add(rule.Assume(why))
	w.assumed = append(w.assumed, rule.Code)
}

// skip adds steps that can't run, all for the same reason.
func (w *walk) skip(why string, rules ...trace.Rule) {
	w.steps = slices.Grow(w.steps, len(rules))
	for _, rule := range rules {
		w.add(rule.Skip(why))
	}
}
