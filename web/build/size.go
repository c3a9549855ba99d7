package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Budgets, in bytes: the engine and the tools, which load after the first
// answer, as brotli sends them, the page's own code as gzip does. The engine's was 2 MiB until the systems in front of STS came in,
// which are 0.24 MiB of it.
const (
	wasmBudget  = 2200 << 10
	toolsBudget = 1400 << 10
	codeBudget  = 190 << 10
)

func printSizes() error {
	m, err := readManifest()
	if err != nil {
		return err
	}
	if exists(filepath.Join(built, m.Wasm+quickMark)) || exists(filepath.Join(built, m.Tools+quickMark)) {
		return errors.New("the built files are lightly compressed; run: make generate")
	}
	wasm, err := sizeOf(m.Wasm + ".br")
	if err != nil {
		return err
	}
	tools, err := sizeOf(m.Tools + ".br")
	if err != nil {
		return err
	}
	var code int64
	for _, name := range []string{m.Script, m.Style, m.Worker} {
		size, err := sizeOf(name + ".gz")
		if err != nil {
			return err
		}
		fmt.Printf("  %-24s %8.1f KiB gzip\n", name, float64(size)/(1<<10))
		code += size
	}
	embed, err := sizeOf(m.Embed + ".gz")
	if err != nil {
		return err
	}
	rest, err := sizeOf(m.Widget + ".gz")
	if err != nil {
		return err
	}
	fmt.Printf("engine    %6.2f MiB brotli, budget %6.2f MiB\n", float64(wasm)/(1<<20), float64(wasmBudget)/(1<<20))
	fmt.Printf("tools     %6.2f MiB brotli, budget %6.2f MiB\n", float64(tools)/(1<<20), float64(toolsBudget)/(1<<20))
	fmt.Printf("page code %6.1f KiB gzip,   budget %6.1f KiB\n", float64(code)/(1<<10), float64(codeBudget)/(1<<10))
	fmt.Printf("embed.js  %6d B gzip,     budget %6d B\n", embed, embedBudget)
	fmt.Printf("  its rest%6.1f KiB gzip,   budget %6.1f KiB\n", float64(rest)/(1<<10), float64(widgetBudget)/(1<<10))
	if wasm > wasmBudget || tools > toolsBudget || code > codeBudget || embed > embedBudget || rest > widgetBudget {
		return errors.New("above the budget")
	}
	return nil
}

func sizeOf(name string) (int64, error) {
	info, err := os.Stat(filepath.Join(built, name))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
