package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stsplayground/server/store"
)

// What the usage says about restoring is what this does.
func TestABackupIsRestoredAsTheUsageSays(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	options := store.Options{Data: data, Clock: testClock}
	s, err := store.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	now := testClock().UTC().Truncate(time.Second)
	kept := store.Scenario{ID: store.NewID(), JSON: `{"title":"kept"}`, Created: now, Expires: now.Add(time.Hour)}
	if err := s.Put(t.Context(), kept, store.KeyHash{}); err != nil {
		t.Fatal(err)
	}

	file := filepath.Join(t.TempDir(), "scenarios.backup")
	code, out, stderr := backupWith(t, "-data", data, file)
	if code != exitOK || !strings.Contains(out, file) || stderr != "" {
		t.Fatalf("exit code %d\n%s%s", code, out, stderr)
	}
	if code, _, stderr := backupWith(t, file, "-data", data); code != exitUnmet || !strings.Contains(stderr, "is there already") {
		t.Errorf("over the first: exit code %d: %s", code, stderr)
	}

	later := kept
	later.ID = store.NewID()
	if err := s.Put(t.Context(), later, store.KeyHash{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(data, data+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file, filepath.Join(data, "scenarios.db")); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Get(t.Context(), kept.ID); err != nil || got != kept {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := s.Get(t.Context(), later.ID); err != store.ErrNotFound {
		t.Errorf("what was stored after the backup: %v", err)
	}
}

func TestABackupThatMakesNoSenseSaysWhy(t *testing.T) {
	empty := t.TempDir()
	for _, tt := range []struct {
		name, database string
		args           []string
		code           int
		want           string
	}{
		{"no file", "", []string{"-data", empty}, exitUsage, "the name of one file"},
		{"two files", "", []string{"a", "b"}, exitUsage, "the name of one file"},
		{"an unknown flag", "", []string{"-force", "a"}, exitUsage, "-force"},
		{"no folder is known", "", []string{"-data", "", "a"}, exitUsage, "-data DIR"},
		{"a folder without a database", "", []string{"-data", empty, filepath.Join(empty, "a")}, exitUnmet, "there is no database"},
		{"the scenarios are in PostgreSQL", "postgres://host/name", []string{"-data", empty, "a"}, exitUsage, "pg_dump"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("STSPLAYGROUND_DATABASE", tt.database)
			if code, _, stderr := backupWith(t, tt.args...); code != tt.code || !strings.Contains(stderr, tt.want) {
				t.Errorf("exit code %d: %s", code, stderr)
			}
		})
	}
}

// backupWith runs the command.
func backupWith(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := program{out: &stdout, err: &stderr, clock: testClock}
	code = p.run(t.Context(), append([]string{"backup"}, args...))
	return code, stdout.String(), stderr.String()
}
