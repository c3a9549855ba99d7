package sts

import "stsplayground/engine/trace"

func (f *actionFacts) advise(world *World, w *walk) []trace.Advice { return nil }
