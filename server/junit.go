package main

import "io"

func printJUnit(w io.Writer, all []played) error { return nil }
