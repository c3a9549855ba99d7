package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestNobodyElseReadsTheFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), "state", "data")
	s := open(t, Options{Data: data, Clock: (&clock{now: noon}).Now})
	wantStores(t, s)
	for name, want := range map[string]os.FileMode{
		filepath.Dir(data): 0o700, data: 0o700,
		filepath.Join(data, fileName): 0o600, filepath.Join(data, fileName+"-wal"): 0o600, filepath.Join(data, fileName+"-shm"): 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o; want %o", name, got, want)
		}
	}
}

func TestAFolderMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"100%", "a?b#c&d", "ü 東京", "file:x", "'quoted\"", "mode=memory"} {
		data := filepath.Join(t.TempDir(), name)
		s := open(t, Options{Data: data, Clock: (&clock{now: noon}).Now})
		wantStores(t, s)
		if _, err := os.Stat(filepath.Join(data, fileName)); err != nil {
			t.Error(err)
		}
	}
}

func TestACommitIsOnDiskWhenItReturns(t *testing.T) {
	s := open(t, Options{Data: t.TempDir()})
	db, err := s.database()
	if err != nil {
		t.Fatal(err)
	}
	for setting, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "auto_vacuum": "2", "secure_delete": "2"} {
		var got string
		if err := db.write.QueryRowContext(t.Context(), "PRAGMA "+setting).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", setting, got, err, want)
		}
	}
	if _, err := db.read.ExecContext(t.Context(), `DELETE FROM scenario`); err == nil {
		t.Error("a reader may write")
	}
}

// What is swept leaves neither its room nor its text behind.
func TestAFileDoesNotGrowForEver(t *testing.T) {
	now := &clock{now: noon}
	o := Options{Data: t.TempDir(), Clock: now.Now}
	file := filepath.Join(o.Data, fileName)
	for round := range 3 {
		s := open(t, o)
		var all []Scenario
		for i := range sweepBatch + 100 {
			all = append(all, scenario(strings.Repeat(fmt.Sprintf("a secret, %d ", i), 4<<10)))
		}
		keep := scenario(`{"title":"kept"}`)
		keep.Expires = noon.Add(1000 * time.Hour)
		now.set(noon)
		put(t, s, append(all, keep))
		now.set(noon.Add(24 * time.Hour))
		if n, err := s.Sweep(t.Context()); n < len(all) || err != nil {
			t.Fatalf("swept %d, %v", n, err)
		}
		if got, err := s.Get(t.Context(), keep.ID); err != nil || got != keep {
			t.Errorf("got %+v, %v", got, err)
		}
		wantWhole(t, s, o)
		s.Close()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 256<<10 {
			t.Errorf("round %d: the file has %d KiB and next to nothing in it", round, len(text)>>10)
		}
		if bytes.Contains(text, []byte("a secret")) {
			t.Errorf("round %d: what was swept is still in the file", round)
		}
		if left := fileSize(file + "-wal"); left > 0 {
			t.Errorf("round %d: the log of writes has %d KiB after closing", round, left>>10)
		}
	}
}
