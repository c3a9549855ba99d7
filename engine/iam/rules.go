package iam

import "stsplayground/engine/trace"

// Rules are all the rules that a Finding of this package can name.
func Rules() []trace.Rule { return []trace.Rule{} }
