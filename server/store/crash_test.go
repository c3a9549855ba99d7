package store

import (
	"bufio"
	"errors"
	"flag"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// make crash asks for more.
var rounds = flag.Int("rounds", 5, "how often programs that store are killed, for each kind of database")

// Two programs store into one database and are killed at any moment; every
// third time PostgreSQL's server is killed before them, and they go on when it
// is back. What they said to be stored is there, what they said to be deleted
// isn't, and the database is whole.
func TestNothingAcknowledgedIsLostInACrash(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		known := map[string]string{}
		for round := range *rounds {
			var all []*storing
			said := record{}
			for range 2 {
				all = append(all, startStoring(t, o, &said))
			}
			if round%5 != 0 { // else they may be killed while they open the database
				for _, c := range all {
					c.acknowledged(t)
				}
			}
			time.Sleep(rand.N(300 * time.Millisecond)) // the moment is what the test is about
			if o.Database != "" && round%3 == 1 {
				if err := running.kill(); err != nil {
					t.Fatal(err)
				}
				for _, c := range all {
					c.acknowledged(t)
				}
			}
			for _, c := range all {
				c.kill(t)
			}

			s := open(t, o)
			eventually(t, func() error { return s.Ready(t.Context()) })
			wantWhole(t, s, o)
			wantAcknowledged(t, s, said.of)
			maps.Copy(known, said.of)
			if round == *rounds-1 {
				wantAcknowledged(t, s, known)
			}
			if t.Failed() {
				t.Fatalf("in round %d", round+1)
			}
			s.Close()
		}
		deleted := 0
		for _, what := range known {
			if what == "deleted" {
				deleted++
			}
		}
		t.Logf("%d rounds: %d scenarios were stored and %d of them deleted", *rounds, len(known), deleted)
		if deleted == 0 {
			t.Error("nothing was stored and deleted")
		}
	})
}

// record is what was acknowledged: of an id the last thing that was said.
type record struct {
	sync.Mutex
	of map[string]string
}

func (r *record) note(line string) {
	what, id, _ := strings.Cut(line, " ")
	r.Lock()
	defer r.Unlock()
	if r.of == nil {
		r.of = map[string]string{}
	}
	r.of[id] = what
}

// wantAcknowledged compares the store with what was acknowledged.
func wantAcknowledged(t *testing.T, s *Store, said map[string]string) {
	t.Helper()
	for id, what := range said {
		got, err := s.Get(t.Context(), id)
		switch {
		case errors.Is(err, ErrNotFound) && what != "stored":
		case err != nil:
			t.Errorf("%s was %s: %v", id, what, err)
		case what == "deleted":
			t.Errorf("%s was deleted and is there", id)
		case got.JSON != childText(id):
			t.Errorf("%s isn't what was stored: %d bytes, %.40q", id, len(got.JSON), got.JSON)
		}
	}
}

// storing is a program that stores.
type storing struct {
	cmd   *exec.Cmd
	acks  chan struct{} // has one when something was acknowledged since it was last taken
	ended chan struct{} // all that it said is noted
}

// startStoring starts a program that stores, and notes in said what it says.
func startStoring(t *testing.T, o Options, said *record) *storing {
	t.Helper()
	cmd := child("store on", o)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &storing{cmd: cmd, acks: make(chan struct{}, 1), ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				if err != io.EOF && !errors.Is(err, os.ErrClosed) {
					t.Error(err)
				}
				return
			}
			said.note(strings.TrimSuffix(line, "\n"))
			select {
			case c.acks <- struct{}{}:
			default:
			}
		}
	}()
	t.Cleanup(func() { cmd.Process.Kill() })
	return c
}

// acknowledged waits until something more is acknowledged.
func (c *storing) acknowledged(t *testing.T) {
	t.Helper()
	for range 2 { // the first may have waited in the channel
		select {
		case <-c.acks:
		case <-c.ended:
			t.Fatal("the program that stores has ended")
		case <-time.After(time.Minute):
			t.Fatal("nothing is acknowledged any more")
		}
	}
}

// kill ends the program as kill -9 does.
func (c *storing) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-c.ended
	if err := c.cmd.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the program that stores ended by itself: %v", err)
	}
}

// wantWhole asks the database whether it is whole.
func wantWhole(t *testing.T, s *Store, o Options) {
	t.Helper()
	db, err := s.database()
	if err != nil {
		t.Fatal(err)
	}
	if o.Database != "" {
		for _, check := range []string{`CREATE EXTENSION IF NOT EXISTS amcheck`, `SELECT bt_index_check(c.oid, true) FROM pg_class c WHERE c.relname IN ('scenario_pkey', 'scenario_expires', 'migration_pkey')`} {
			if _, err := db.write.ExecContext(t.Context(), check); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	var said string
	if err := db.read.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&said); err != nil || said != "ok" {
		t.Fatalf("the database isn't whole: %s, %v", said, err)
	}
}
