package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/lesson"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/engine/trace"
	"stsplayground/web/glossary"
)

// formats are the ways to print what was played.
var formats = map[string]func(p program, all []played) error{
	"table": func(p program, all []played) error { return printTable(p.out, all, 80, p.colour) },
	"json":  func(p program, all []played) error { return printJSON(p.out, all) },
	"junit": func(p program, all []played) error { return printJUnit(p.out, all) },
}

// played is one file of check and what came of it.
type played struct {
	file       string
	now        time.Time // the moment of the first call
	clock      bool      // now is the clock's, because the scenario has none
	report     engine.Report
	lesson     *lesson.Played    // nil where the scenario is no lesson; report is then its Report
	entrants   []engine.Entrants // of each role, where they were asked for
	unreadable []string          // why the scenario can't be played, FILE:LINE:COLUMN first; empty where it was played
}

// check plays the scenarios that args name and prints their reports.
func (p program) check(args []string) int {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	format := flags.String("format", "table", "")
	whoGetsIn := flags.Bool("who-gets-in", false, "")
	link := flags.Bool("link", false, "")
	files, err := parseAnywhere(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.out, usage)
		return exitOK
	case err != nil:
		return p.misused(err.Error())
	case *link:
		return p.links(files, "", share.Options{})
	case len(files) == 0:
		return p.misused("check needs the name of a scenario file, or - for standard input")
	case times(files, "-") > 1:
		return p.misused("standard input can be read once, and - is there twice")
	}
	print, ok := formats[*format]
	if !ok {
		return p.misused(fmt.Sprintf("-format is table, json or junit, and got %q", *format))
	}
	if *whoGetsIn && *format == "junit" {
		return p.misused("-who-gets-in is for the formats table and json; JUnit's has no place for it")
	}

	now := p.clock().UTC().Truncate(time.Second)
	var all []played
	for _, file := range files {
		result := p.play(file, now, *whoGetsIn)
		for _, line := range result.unreadable {
			fmt.Fprintln(p.err, line)
		}
		all = append(all, result)
	}
	if err := print(p, all); err != nil {
		fmt.Fprintf(p.err, "stsplayground: the report can't be written: %v\n", err)
		return exitUsage
	}
	return exitCode(all)
}

// parseAnywhere parses flags that may stand before, between and after the
// file names. What follows -- is a file name.
func parseAnywhere(flags *flag.FlagSet, args []string) (files []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		rest := flags.Args()
		if parsed := len(args) - len(rest); parsed > 0 && args[parsed-1] == "--" {
			return append(files, rest...), nil
		}
		if len(rest) == 0 {
			break
		}
		files = append(files, rest[0])
		args = rest[1:]
	}
	return files, nil
}

func times(files []string, name string) (n int) {
	for _, f := range files {
		if f == name {
			n++
		}
	}
	return n
}

// play reads a scenario and plays it; with whoGetsIn also a population against
// each of its roles.
func (p program) play(file string, now time.Time, whoGetsIn bool) played {
	result := played{file: shown(file), now: now, clock: true}
	text, _, err := p.read(file)
	if err != nil {
		result.unreadable = []string{printable(result.file + ": " + err.Error())}
		return result
	}
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		for _, f := range findings {
			result.unreadable = append(result.unreadable, located(result.file, f))
		}
		return result
	}
	if s.Now.IsZero() {
		s.Now = now
	} else {
		result.now, result.clock = s.Now, false
	}
	s.Reference = reference.Embedded()
	if s.Lesson != nil {
		played := lesson.Play(s, terms())
		result.lesson, result.report, s = &played, played.Report(), played.Last().Scenario
	} else {
		result.report = engine.Run(s)
	}
	if whoGetsIn {
		for _, role := range engine.RoleArns(s) {
			result.entrants = append(result.entrants, engine.WhoGetsIn(s, role))
		}
	}
	if len(findings) > 0 { // an empty list stays a list
		result.report.Findings = append(findings, result.report.Findings...)
	}
	return result
}

// terms are the slugs that a lesson's text may link to.
func terms() []string {
	var slugs []string
	for _, term := range glossary.All() {
		slugs = append(slugs, term.Slug)
	}
	return slugs
}

// read gives a file's text, or the scenario of a link, which stands in place of
// a file's name or is all that the file has. The view is the link's.
func (p program) read(file string) (string, share.View, error) {
	if _, err := os.Stat(file); err != nil && share.IsLink(file) {
		return opened(file)
	}
	text, err := p.readFile(file)
	if err == nil && share.IsLink(text) {
		return opened(text)
	}
	return text, share.View{}, err
}

func opened(link string) (string, share.View, error) {
	text, view, problem := share.Decode(link)
	if problem != "" {
		return "", view, errors.New(problem)
	}
	return text, view, nil
}

// readFile reads one byte more than the limit, so that the decoder can say that
// the text is too long.
func (p program) readFile(file string) (string, error) {
	source := p.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", bare(err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return "", fmt.Errorf("is a directory; name its files, for example %s/*.yaml", strings.TrimRight(file, "/"))
		}
		source = f
	}
	text, err := io.ReadAll(io.LimitReader(source, scenario.LimitCheck+1))
	if err != nil {
		return "", bare(err)
	}
	return string(text), nil
}

// bare is err without the operation and the path, which the line begins with.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// located words a finding for a terminal or an editor's list of errors:
// FILE:LINE:COLUMN: field: message. What isn't an error says so.
func located(file string, f trace.Finding) string {
	var b strings.Builder
	b.WriteString(printable(file))
	if f.At.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.At.Line, f.At.Column)
	}
	b.WriteString(": ")
	if f.Severity != trace.SeverityError {
		b.WriteString(string(f.Severity) + ": ")
	}
	if f.At.Path != "" {
		b.WriteString(printable(f.At.Path) + ": ")
	}
	b.WriteString(printable(f.Detail))
	return b.String()
}

// exitCode sums up: a file that can't be read outranks an unmet expectation.
func exitCode(all []played) int {
	code := exitOK
	for _, one := range all {
		if len(one.unreadable) > 0 {
			return exitUsage
		}
		if met := one.report.Met; met != nil && !*met {
			code = exitUnmet
		}
	}
	return code
}
