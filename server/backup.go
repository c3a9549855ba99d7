package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"stsplayground/server/store"
)

// backup copies the embedded database into a file, while serve uses it.
func (p program) backup(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", cmp.Or(os.Getenv(environment+"DATA"), dataFolder(os.Getenv)), "")
	files, err := parseAnywhere(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.out, usage)
		return exitOK
	case err != nil:
		return p.misused(err.Error())
	case len(files) != 1:
		return p.misused("backup needs the name of one file to write")
	case os.Getenv(environment+"DATABASE") != "":
		return p.misused("scenarios are kept in PostgreSQL here (" + environment + "DATABASE), which pg_dump copies")
	case *data == "":
		return p.misused("backup needs the folder of the embedded database: -data DIR")
	}
	if err := store.Backup(ctx, *data, files[0]); err != nil {
		fmt.Fprintf(p.err, "stsplayground: backup: %v\n", err)
		return exitUnmet
	}
	fmt.Fprintf(p.out, "%s: the scenarios that were in %s\n", files[0], *data)
	return exitOK
}
