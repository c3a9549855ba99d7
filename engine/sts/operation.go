package sts

import (
	"fmt"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// operation is an operation of AWS STS that assumes a role for someone whom
// an identity provider vouches for.
type operation struct {
	action string // as policies name it
	proof  string // what the identity provider issued, in a word
}

var (
	assumeRoleWithWebIdentity = &operation{action: "sts:AssumeRoleWithWebIdentity", proof: "token"}
	assumeRoleWithSAML        = &operation{action: "sts:AssumeRoleWithSAML", proof: "response"}
)

// says begins a sentence's half about what the proof has.
func (o *operation) says() string { return "the " + o.proof + " says" }

// NotModelled is the result of an action that the playground doesn't play.
// What isn't modelled never allows. The code is the playground's own, and no
// answer of AWS.
func NotModelled(action string) Result {
	why := fmt.Sprintf("%s is not modelled here, so nothing is said about what AWS would answer.", action)
	if near, certain := source.Nearest(action, []string{assumeRoleWithWebIdentity.action, assumeRoleWithSAML.action}); certain {
		why += " Did you mean " + near + "?"
	}
	w := &walk{}
	w.fail(ruleOperation, &trace.Error{Code: "NotModelled", Message: "The playground doesn't model " + action + ".", Type: "Playground"},
		"an operation that is modelled", action, why)
	return Result{Error: w.err, Failed: w.failed, Steps: w.steps, Verdict: "Not modelled. " + why}
}
