// Package tools draws what the page asks for besides a run: what an error line
// means, and the other things that the second WebAssembly module (wasm/tools)
// answers. It plays nothing.
package tools
