package store

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A way to copy a database while it is used, and to put the copy into an empty
// place.
type backup struct {
	name    string
	empty   func(t testing.TB) Options
	copy    func(t *testing.T, o Options, file string) error
	restore func(t *testing.T, file string) Options
}

var backups = []backup{
	{
		"SQLite", databases[0].empty,
		func(t *testing.T, o Options, file string) error { return Backup(t.Context(), o.Data, file) },
		func(t *testing.T, file string) Options {
			folder := t.TempDir()
			text, err := os.ReadFile(file)
			if err == nil {
				err = os.WriteFile(filepath.Join(folder, fileName), text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			return Options{Data: folder}
		},
	},
	{
		"PostgreSQL", databases[1].empty,
		func(t *testing.T, o Options, file string) error {
			dump, err := os.Create(file)
			if err != nil {
				return err
			}
			defer dump.Close()
			cmd := running.command("pg_dump", "--format", "custom", "--dbname", o.Database)
			cmd.Stdout = dump
			cmd.Stderr = t.Output()
			return cmd.Run()
		},
		func(t *testing.T, file string) Options {
			o := databases[1].empty(t)
			dump, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer dump.Close()
			cmd := running.command("pg_restore", "--no-owner", "--exit-on-error", "--dbname", o.Database)
			cmd.Stdin = dump
			cmd.Stderr = t.Output()
			if err := cmd.Run(); err != nil {
				t.Fatal(err)
			}
			return o
		},
	},
}

func TestABackupUnderLoadHasAllThatWasAcknowledgedBefore(t *testing.T) {
	for _, b := range backups {
		t.Run(b.name, func(t *testing.T) {
			o := b.empty(t)
			o.Clock = (&clock{now: noon}).Now
			s := open(t, o)
			var lock sync.Mutex
			var acknowledged []Scenario
			ctx, stop := context.WithCancel(context.Background())
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for ctx.Err() == nil {
						c := scenario("")
						c.JSON = childText(c.ID)
						if err := s.Put(context.Background(), c, Hash(c.ID)); err != nil {
							t.Error(err)
							return
						}
						lock.Lock()
						acknowledged = append(acknowledged, c)
						lock.Unlock()
					}
				})
			}
			so := func() []Scenario {
				lock.Lock()
				defer lock.Unlock()
				return acknowledged[:len(acknowledged):len(acknowledged)]
			}
			eventually(t, func() error {
				if len(so()) < 200 {
					return errors.New("too few are stored")
				}
				return nil
			})
			before := so()
			file := filepath.Join(t.TempDir(), "copy")
			err := b.copy(t, o, file)
			stop()
			wg.Wait()
			if err != nil {
				t.Fatal(err)
			}

			restored := b.restore(t, file)
			restored.Clock = o.Clock
			again := open(t, restored)
			for _, c := range before {
				if got, err := again.Get(t.Context(), c.ID); err != nil || got != c {
					t.Fatalf("after restoring: %.100v, %v", got, err)
				}
			}
			wantWhole(t, again, restored)
			wantMigratedOnce(t, again)
			if err := again.Delete(t.Context(), before[0].ID, before[0].ID); err != nil {
				t.Errorf("the key deletes no more: %v", err)
			}
			wantStores(t, again, before[1])
			t.Logf("%d were stored before the copy, %d by its end", len(before), len(so()))
		})
	}
}

func TestABackupIsThereWholeOrNotAtAll(t *testing.T) {
	data := filepath.Join(t.TempDir(), "100% ?#ü")
	s := open(t, Options{Data: data, Clock: (&clock{now: noon}).Now})
	wantStores(t, s)
	to := t.TempDir()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name       string
		ctx        context.Context
		data, file string
		want       string
	}{
		{"over a file", t.Context(), data, filepath.Join(data, fileName), "is there already"},
		{"of no database", t.Context(), to, filepath.Join(to, "a"), "there is no database"},
		{"into no folder", t.Context(), data, filepath.Join(to, "none", "a"), "no such file"},
		{"that nobody waits for", canceled, data, filepath.Join(to, "a"), "canceled"},
	} {
		if err := Backup(test.ctx, test.data, test.file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if left, err := os.ReadDir(to); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	file := filepath.Join(to, url.PathEscape("ü ?")+" 'quoted'")
	if err := Backup(t.Context(), data, file); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy's mode: %v, %v", info.Mode(), err)
	}
	wantStores(t, s)
}
