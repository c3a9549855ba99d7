package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
)

// share prints a link for each scenario that args name, without what is nobody
// else's business; what that was goes to standard error. Nothing is uploaded:
// the link holds the scenario.
func (p program) share(args []string) int {
	flags := flag.NewFlagSet("share", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	origin := flags.String("origin", "", "")
	signatures := flags.Bool("signatures", false, "")
	standIns := flags.Bool("stand-ins", false, "")
	files, err := parseAnywhere(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.out, usage)
		return exitOK
	case err != nil:
		return p.misused(err.Error())
	}
	if *origin != "" {
		if at, err := url.Parse(*origin); err != nil || at.Scheme == "" || at.Fragment != "" || at.RawQuery != "" {
			return p.misused(fmt.Sprintf("-origin is the address of a playground, such as https://sts.example.com, and got %q", *origin))
		}
	}
	return p.links(files, *origin, share.Options{Signatures: *signatures, Accounts: *standIns, People: *standIns})
}

// links prints the links of scenarios, one a line.
func (p program) links(files []string, origin string, options share.Options) int {
	switch {
	case len(files) == 0:
		return p.misused("share needs the name of a scenario file, or - for standard input")
	case times(files, "-") > 1:
		return p.misused("standard input can be read once, and - is there twice")
	}
	if origin != "" && !strings.HasSuffix(origin, "/") && !strings.HasSuffix(origin, ".html") {
		origin += "/"
	}
	code := exitOK
	now := p.clock().UTC().Truncate(time.Second)
	for _, file := range files {
		link, said, unreadable := p.link(file, now, options)
		for _, line := range unreadable {
			fmt.Fprintln(p.err, line)
			code = exitUsage
		}
		if link != "" {
			fmt.Fprintln(p.out, origin+link)
		}
		for _, sentence := range said {
			fmt.Fprintf(p.err, "%s: %s\n", printable(shown(file)), sentence)
		}
	}
	return code
}

// link makes the link of one scenario; said is what was changed in it, and how
// long the link is where that matters.
func (p program) link(file string, now time.Time, options share.Options) (link string, said, unreadable []string) {
	text, view, err := p.read(file)
	if err != nil {
		return "", nil, []string{printable(shown(file) + ": " + err.Error())}
	}
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		for _, f := range findings {
			unreadable = append(unreadable, located(shown(file), f))
		}
		return "", nil, unreadable
	}
	redacted, changes := share.Redact(&s.Root, options)
	trimmed := share.Trim(&redacted, now)
	link, problem := share.Encode(&trimmed, view)
	if problem != "" {
		return "", nil, []string{printable(shown(file) + ": " + problem)}
	}
	return link, share.Sentences(changes), nil
}

// shown is a file's name as reports have it; of a link its beginning.
func shown(file string) string {
	if !share.IsLink(file) {
		return file
	}
	const enough = 60
	if len(file) <= enough {
		return file
	}
	return file[:enough] + "…"
}
