package sts

import (
	"fmt"

	"stsplayground/engine/trace"
)

// NotModelled is the result of an action that the playground doesn't play.
// What isn't modelled never allows. The code is the playground's own, and no
// answer of AWS.
func NotModelled(action string) Result {
	why := fmt.Sprintf("%s is not modelled here, so nothing is said about what AWS would answer.", action)
	w := &walk{}
	w.fail(ruleOperation, &trace.Error{Code: "NotModelled", Message: "The playground doesn't model " + action + ".", Type: "Playground"},
		"an operation that is modelled", action, why)
	return Result{Error: w.err, Failed: w.failed, Steps: w.steps, Verdict: "Not modelled. " + why}
}
