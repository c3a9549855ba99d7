package trace

// Walk collects the steps of one call. The first failed step gives the call's
// error; later steps still run where they can. The zero Walk is ready.
type Walk struct {
	Steps   []Step
	Err     *Error
	Failed  string   // rule of the step that gave Err
	Assumed []string // rules of the steps that were taken on trust
	Reword  func(*Step)
}

// Step adds a step. The pointer is good until the next one is added. Reword,
// where there is one, has the last word about the step's title and cite.
func (w *Walk) Step(rule *Rule, status Status, expected, found, why string) *Step {
	w.Steps = append(w.Steps, Step{})
	s := rule.Fill(&w.Steps[len(w.Steps)-1], status, expected, found, why)
	if w.Reword != nil {
		w.Reword(s)
	}
	return s
}

// Pass adds a step that passed.
func (w *Walk) Pass(rule *Rule, expected, found, why string) *Step {
	return w.Step(rule, Passed, expected, found, why)
}

// Warn adds a step that passed with a warning.
func (w *Walk) Warn(rule *Rule, expected, found, why string) *Step {
	return w.Step(rule, Warned, expected, found, why)
}

// Fail adds a failed step, and remembers err if it is the first.
func (w *Walk) Fail(rule *Rule, err *Error, expected, found, why string) *Step {
	if w.Err == nil {
		w.Err, w.Failed = err, rule.Code
	}
	return w.Step(rule, Failed, expected, found, why)
}

// Assume adds a step that is taken on trust.
func (w *Walk) Assume(rule *Rule, why string) {
	w.Step(rule, Assumed, "", "", why)
	w.Assumed = append(w.Assumed, rule.Code)
}

// Skip adds steps that can't run, all for the same reason.
func (w *Walk) Skip(why string, rules ...*Rule) {
	for _, rule := range rules {
		w.Step(rule, Skipped, "", "", why)
	}
}

// WhyFailed is what the first failed step says; "" where none failed.
func WhyFailed(steps []Step) string {
	for i := range steps {
		if steps[i].Status == Failed {
			return steps[i].Why
		}
	}
	return ""
}

// Append adds the steps of a walk inside this one: of a call that the service
// makes in turn.
func (w *Walk) Append(steps []Step, err *Error, failed string, assumed []string) {
	if w.Err == nil {
		w.Err, w.Failed = err, failed
	}
	w.Steps = append(w.Steps, steps...)
	w.Assumed = append(w.Assumed, assumed...)
}
