package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// databases are the kinds of database that a store can be in: each test of
// what a store does runs with all of them.
var databases = []struct {
	name  string
	empty func(t testing.TB) Options // of a new and empty database
}{
	{"SQLite", func(t testing.TB) Options { return Options{Data: filepath.Join(t.TempDir(), "data")} }},
	{"PostgreSQL", func(t testing.TB) Options { return Options{Database: postgresqlServer(t).newDatabase(t)} }},
}

// everywhere runs a test with each kind of database.
func everywhere(t *testing.T, test func(t *testing.T, o Options)) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) { test(t, d.empty(t)) })
	}
}

// open opens a store, and closes it after the test.
func open(t testing.TB, o Options) *Store {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// clock is one that tests set.
type clock struct {
	sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.Lock(); defer c.Unlock(); return c.now }

func (c *clock) set(now time.Time) { c.Lock(); defer c.Unlock(); c.now = now }

// scenario is one that was stored at noon for a day.
func scenario(json string) Scenario {
	return Scenario{ID: NewID(), JSON: json, Created: noon, Expires: noon.Add(24 * time.Hour)}
}

func TestWhatIsPutIsGotUntilItExpires(t *testing.T) {
	texts := map[string]string{
		"a scenario":                 `{"title":"GitHub Actions deploys from main"}`,
		"of every alphabet":          `{"title":"Ünïcode 東京 🏗 \u0000 \ud83d"}`,
		"a NUL, which JSON has not":  "a\x00b",
		"bytes that are no UTF-8":    "\xff\xfe",
		"nothing":                    "",
		"quotes and dollars":         `'; DROP TABLE scenario; -- $1 ?`,
		"the largest that is stored": strings.Repeat("x", 64<<10),
	}
	everywhere(t, func(t *testing.T, o Options) {
		now := &clock{now: noon}
		o.Clock = now.Now
		s := open(t, o)
		ctx := t.Context()
		for name, text := range texts {
			now.set(noon)
			c := scenario(text)
			_, hash := NewKey()
			if err := s.Put(ctx, c, hash); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			now.set(c.Expires.Add(-time.Second))
			if got, err := s.Get(ctx, c.ID); err != nil || got != c {
				t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c)
			}
			now.set(c.Expires)
			if _, err := s.Get(ctx, c.ID); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: when it has expired: %v", name, err)
			}
		}
	})
}

func TestAnIDThatNobodyHasIsNotFound(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		s := open(t, o)
		for _, id := range []string{NewID(), "", "a", "a\x00b", "\xff", strings.Repeat("A", 20), strings.Repeat("a", 1<<20), "%", "' OR 1=1 --"} {
			if _, err := s.Get(t.Context(), id); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnavailable) {
				t.Errorf("Get(%.30q): %v", id, err)
			}
			if err := s.Delete(t.Context(), id, "key"); !errors.Is(err, ErrNotFound) {
				t.Errorf("Delete(%.30q): %v", id, err)
			}
			if err := s.Put(t.Context(), Scenario{ID: id + "!"}, KeyHash{}); err == nil || errors.Is(err, ErrUnavailable) {
				t.Errorf("Put(%.30q): %v", id+"!", err)
			}
		}
	})
}

func TestAnIDIsTakenOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		o.Clock = (&clock{now: noon}).Now
		s := open(t, o)
		first := scenario("1")
		if err := s.Put(t.Context(), first, KeyHash{}); err != nil {
			t.Fatal(err)
		}
		second := first
		second.JSON = "2"
		if err := s.Put(t.Context(), second, KeyHash{}); err == nil || errors.Is(err, ErrUnavailable) {
			t.Errorf("the same id again: %v", err)
		}
		if got, err := s.Get(t.Context(), first.ID); got != first {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestOnlyItsKeyDeletesAScenario(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		now := &clock{now: noon}
		o.Clock = now.Now
		s := open(t, o)
		ctx := t.Context()
		key, hash := NewKey()
		other, _ := NewKey()
		c := scenario("{}")
		if err := s.Put(ctx, c, hash); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []string{"", other, key + " ", strings.ToUpper(key), key[1:], string(hash[:])} {
			if err := s.Delete(ctx, c.ID, wrong); !errors.Is(err, ErrWrongKey) {
				t.Errorf("with the key %q: %v", wrong, err)
			}
		}
		now.set(c.Expires)
		if err := s.Delete(ctx, c.ID, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("when it has expired: %v", err)
		}
		now.set(noon)
		if err := s.Delete(ctx, c.ID, key); err != nil {
			t.Errorf("with its key: %v", err)
		}
		if err := s.Delete(ctx, c.ID, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("with its key again: %v", err)
		}
		if _, err := s.Get(ctx, c.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("when it is deleted: %v", err)
		}
	})
}

func TestInstancesShareADatabase(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		o.Clock = (&clock{now: noon}).Now
		one, other := open(t, o), open(t, o)
		key, hash := NewKey()
		c := scenario("{}")
		if err := one.Put(t.Context(), c, hash); err != nil {
			t.Fatal(err)
		}
		if got, err := other.Get(t.Context(), c.ID); err != nil || got != c {
			t.Errorf("the other got %+v, %v", got, err)
		}
		results := make(chan error)
		for i := range 10 {
			go func() { results <- []*Store{one, other}[i%2].Delete(t.Context(), c.ID, key) }()
		}
		deleted := 0
		for range 10 {
			switch err := <-results; {
			case err == nil:
				deleted++
			case !errors.Is(err, ErrNotFound):
				t.Error(err)
			}
		}
		if deleted != 1 {
			t.Errorf("%d say that they deleted it", deleted)
		}
	})
}

func TestSweepDeletesWhatHasExpired(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		now := &clock{now: noon}
		o.Clock = now.Now
		s := open(t, o)
		var stored []Scenario
		for i := range 2*sweepBatch + 10 {
			c := scenario(fmt.Sprint(i))
			c.Expires = noon.Add(time.Duration(i+1) * time.Second)
			stored = append(stored, c)
		}
		put(t, s, stored)
		for _, step := range []struct{ after, want int }{{0, 0}, {10, 10}, {0, 0}, {2 * sweepBatch, 2 * sweepBatch}} {
			now.set(now.Now().Add(time.Duration(step.after) * time.Second))
			if n, err := s.Sweep(t.Context()); n != step.want || err != nil {
				t.Errorf("%v after noon: swept %d, %v; want %d", now.Now().Sub(noon), n, err, step.want)
			}
		}
		now.set(noon)
		for _, c := range stored {
			if _, err := s.Get(t.Context(), c.ID); !errors.Is(err, ErrNotFound) {
				t.Fatalf("%s is still there: %v", c.JSON, err)
			}
		}
	})
}

func TestInstancesSweepTogether(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		o.Clock = (&clock{now: noon}).Now
		stores := []*Store{open(t, o), open(t, o), open(t, o)}
		var all []Scenario
		for range 5 * sweepBatch {
			c := scenario("{}")
			c.Expires = noon
			all = append(all, c)
		}
		put(t, stores[0], all)
		swept := make(chan int)
		for _, s := range stores {
			go func() {
				n, err := s.Sweep(t.Context())
				if err != nil {
					t.Error(err)
				}
				swept <- n
			}()
		}
		if n := <-swept + <-swept + <-swept; n != len(all) {
			t.Errorf("%d were swept; %d had expired", n, len(all))
		}
		if n := count(t, stores[0], `SELECT count(*) FROM scenario`); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// eventually waits until try succeeds.
func eventually(t testing.TB, try func() error) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Error(err)
			return
		}
	}
}

// put stores scenarios, some at the same time.
func put(t testing.TB, s *Store, all []Scenario) {
	t.Helper()
	work := make(chan Scenario)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for c := range work {
				if err := s.Put(context.Background(), c, KeyHash{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, c := range all {
		work <- c
	}
	close(work)
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

func TestOptionsThatMakeNoSenseAreErrors(t *testing.T) {
	for _, o := range []Options{{}, {Database: "postgres://host:port/name"}, {Database: "mysql://user:secret@host/name"}} {
		s, err := Open(t.Context(), o)
		if err == nil {
			s.Close()
			t.Errorf("%+v opens", o)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error has the password in it: %v", err)
		}
	}
}
