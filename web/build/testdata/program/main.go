// Program does what depends on the tables that Go's runtime has about a
// program's functions, and prints what came of it: it grows its stack, lets
// the collector find what only the stack holds, panics through deferred
// calls, and names the functions that called it.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) count() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

// deep holds a value on each of many frames, across collections.
func deep(n int) int {
	held := []int{n, n}
	if n == 0 {
		runtime.GC()
		return 0
	}
	if n%2000 == 0 {
		runtime.GC()
	}
	return deep(n-1) + held[1]
}

func panics(n int) (how string) {
	defer func() {
		if broken := recover(); broken != nil {
			how = fmt.Sprint(how, "recovered ", broken)
		}
	}()
	for i := range 3 {
		defer func() { how += fmt.Sprint("deferred ", i, ", ") }()
	}
	var list []int
	return fmt.Sprint(list[n])
}

// callers is which of the program's own functions are on the stack.
//
//go:noinline
func callers() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	var names []string
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "main.") {
			names = append(names, frame.Function)
		}
		if !more {
			return strings.Join(names, " ")
		}
	}
}

//go:noinline
func caller() string { return callers() }

func main() {
	kept := grow(14)
	for range 20 {
		grow(12)
	}
	results := make(chan int)
	for range 4 {
		go func() { results <- deep(20_000) }()
	}
	sum := 0
	for range 4 {
		sum += <-results
	}
	fmt.Println(kept.count(), sum, panics(7), caller())
}
