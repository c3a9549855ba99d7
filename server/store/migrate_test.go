package store

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestManyMayOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		o.Clock = (&clock{now: noon}).Now
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				s, err := Open(t.Context(), o)
				if err != nil {
					t.Error(err)
					return
				}
				defer s.Close()
				c := scenario("{}")
				eventually(t, func() error { return s.Put(t.Context(), c, KeyHash{}) })
				if got, err := s.Get(t.Context(), c.ID); err != nil || got != c {
					t.Errorf("got %+v, %v", got, err)
				}
			})
		}
		wg.Wait()
		wantMigratedOnce(t, open(t, o))
	})
}

func TestManyProgramsMayOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if said, err := child("store one", o).CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, said)
				}
			})
		}
		wg.Wait()
		s := open(t, o)
		wantMigratedOnce(t, s)
		if n := count(t, s, `SELECT count(*) FROM scenario`); n != 8 {
			t.Errorf("%d of 8 scenarios are there", n)
		}
	})
}

func wantMigratedOnce(t *testing.T, s *Store) {
	t.Helper()
	db, err := s.database()
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, `SELECT count(*) FROM migration`); n != len(db.migrations) {
		t.Errorf("%d migrations are recorded, and there are %d", n, len(db.migrations))
	}
}

// count is the number that a query gives.
func count(t *testing.T, s *Store, query string) (n int) {
	t.Helper()
	db, err := s.database()
	if err == nil {
		err = db.read.QueryRowContext(t.Context(), query).Scan(&n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestADatabaseIsMigratedForward(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		o.Clock = (&clock{now: noon}).Now
		old := open(t, o)
		c := scenario(`{"title":"from before"}`)
		if err := old.Put(t.Context(), c, KeyHash{}); err != nil {
			t.Fatal(err)
		}
		db, err := old.database()
		if err != nil {
			t.Fatal(err)
		}
		newer := *db
		newer.migrations = append(newer.migrations[:len(newer.migrations):len(newer.migrations)],
			`ALTER TABLE scenario ADD COLUMN colour TEXT; UPDATE scenario SET colour = 'red';`,
			`CREATE INDEX scenario_colour ON scenario (colour)`)
		for range 2 {
			if err := newer.migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, old, `SELECT count(*) FROM scenario WHERE colour = 'red'`); n != 1 {
			t.Errorf("%d scenarios are red", n)
		}

		broken := newer
		broken.migrations = append(broken.migrations[:len(broken.migrations):len(broken.migrations)], `CREATE TABLE half (n INTEGER)`, `nonsense`)
		if err := broken.migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "migration 5") {
			t.Errorf("a migration that fails: %v", err)
		}
		if err := newer.migrate(t.Context()); err != nil {
			t.Errorf("after a migration that failed: %v", err)
		}
		if got, err := old.Get(t.Context(), c.ID); err != nil || got != c {
			t.Errorf("got %+v, %v", got, err)
		}
		// The instance that began as the older version goes on until it ends;
		// started again, it refuses.
		again := open(t, o)
		err = again.Ready(t.Context())
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("a database of a newer version: %v", err)
		}
		if err := again.Put(t.Context(), scenario("{}"), KeyHash{}); !errors.Is(err, ErrUnavailable) {
			t.Errorf("Put into a database of a newer version: %v", err)
		}
		if err := db.write.QueryRowContext(t.Context(), `DELETE FROM migration WHERE number > 1 RETURNING number`).Scan(new(int)); err != nil {
			t.Fatal(err)
		}
		eventually(t, func() error { return again.Ready(t.Context()) })
	})
}

func TestEachKindHasTheSameMigrations(t *testing.T) {
	var names []string
	for _, kind := range []string{"sqlite", "postgresql"} {
		found, err := filepath.Glob("migrations/" + kind + "/*.sql")
		if err != nil || len(found) == 0 {
			t.Fatal(kind, found, err)
		}
		for i := range found {
			found[i] = filepath.Base(found[i])
		}
		if names != nil && strings.Join(names, " ") != strings.Join(found, " ") {
			t.Errorf("%v and %v", names, found)
		}
		names = found
	}
}
