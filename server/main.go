// Command stsplayground serves the STS Playground and plays its scenarios
// from the command line.
//
//	stsplayground [serve] [-addr 127.0.0.1:8080] [FLAG…]
//	stsplayground check [-format table|json|junit] [-who-gets-in] FILE…
//	stsplayground share [-signatures] [-stand-ins] [-origin https://host] FILE…
//	stsplayground export DIR
//	stsplayground backup [-data DIR] FILE
//	stsplayground schema
//	stsplayground version
//	stsplayground help
//
// The program holds no credentials. What check reads stays on the machine; what
// the page's visitors type stays in their browsers, unless they ask for a short
// link: then serve keeps that scenario until it expires.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"stsplayground/examples"
)

func main() {
	p := program{in: os.Stdin, out: os.Stdout, err: os.Stderr, clock: time.Now, colour: isTerminal(os.Stdout)}
	os.Exit(p.run(context.Background(), os.Args[1:]))
}

// Exit codes. The ones of check are a contract with people's CI jobs.
const (
	exitOK    = 0 // every expectation met, or none stated
	exitUnmet = 1 // an expectation was not met; a server that could not serve
	exitUsage = 2 // a scenario could not be read; the command line makes no sense
)

// program is what the commands need from the machine they run on.
type program struct {
	in       io.Reader
	out, err io.Writer
	clock    func() time.Time
	colour   bool // out is a terminal that shows colours
}

const usage = `Usage:
  stsplayground [serve] [-addr 127.0.0.1:8080] [FLAG…]
      serve the playground; serve -help lists the flags
  stsplayground check [-format table|json|junit] [-who-gets-in] FILE…
      play scenarios; - reads standard input; exits with 0 when every
      expectation is met, 1 when one is not, 2 when a file can't be read;
      a lesson is played as it starts and after its solution, and is met
      when it starts unmet and the solution meets every expectation;
      -who-gets-in plays a population against each role's trust policy too;
      in place of a file also a link of the playground, https://host/#s=1.…
      or what stands in it from #s= on
  stsplayground export DIR
      write the whole playground as static files, for any web host under any
      path; DIR/offline.html is all of it in one file, which needs no host
  stsplayground share [-signatures] [-stand-ins] [-origin https://host] FILE…
      print a link that holds the scenario, which nothing is uploaded for;
      check -link FILE… prints the same. Of tokens and SAML responses it has
      the claims only, and no private keys or secrets; -signatures keeps the
      signatures, -stand-ins exchanges account ids and e-mail addresses. What
      was taken out is said on standard error. -origin is the address of a
      playground to put before it; without, it begins with #, and any
      playground's address may stand before it
  stsplayground backup [-data DIR] FILE
      copy the embedded database of short links into a new file, while serve
      uses it; DIR is serve's -data. To restore: stop serve, move what is in
      DIR away, put FILE there as scenarios.db, and start serve
  stsplayground schema
      print the JSON Schema of a scenario, for editors
  stsplayground version
  stsplayground help
`

// run does what args ask for and gives the exit code.
func (p program) run(ctx context.Context, args []string) int {
	command, rest := "serve", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, rest = args[0], args[1:]
	}
	switch command {
	case "serve":
		// The other commands end at the first signal, as programs do.
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // a second signal ends the program at once
		return p.serve(ctx, rest)
	case "check":
		return p.check(rest)
	case "share":
		return p.share(rest)
	case "export":
		return p.export(rest)
	case "backup":
		return p.backup(ctx, rest)
	case "schema":
		if _, err := io.WriteString(p.out, examples.Schema); err != nil {
			fmt.Fprintf(p.err, "stsplayground: the schema can't be written: %v\n", err)
			return exitUsage
		}
		return exitOK
	case "version":
		fmt.Fprintln(p.out, version())
		return exitOK
	case "help":
		fmt.Fprint(p.out, usage)
		return exitOK
	}
	return p.misused(fmt.Sprintf("there is no command %q; to play a scenario: stsplayground check FILE", command))
}

// misused says what is wrong with the command line, and how it is used.
func (p program) misused(why string) int {
	fmt.Fprintf(p.err, "stsplayground: %s\n%s", why, usage)
	return exitUsage
}

// version names the build. A module version and a revision are there only
// where the Go command knew them.
func version() string {
	name := "devel"
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			name = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	return fmt.Sprintf("stsplayground %s%s %s", name, revision, runtime.Version())
}

// isTerminal says whether f is a terminal that shows colours. The variable is
// the convention of https://no-color.org.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
