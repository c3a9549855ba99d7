package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// wantUnavailable tries all that a store does and wants ErrUnavailable.
func wantUnavailable(t *testing.T, s *Store, c Scenario) {
	t.Helper()
	_, get := s.Get(t.Context(), c.ID)
	_, sweep := s.Sweep(t.Context())
	for what, err := range map[string]error{
		"Put": s.Put(t.Context(), scenario("{}"), KeyHash{}), "Get": get, "Sweep": sweep,
		"Delete": s.Delete(t.Context(), c.ID, "key"), "Ready": s.Ready(t.Context()),
	} {
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// wantStores stores a scenario, when the database is back, and gets it and the
// one from before.
func wantStores(t *testing.T, s *Store, before ...Scenario) {
	t.Helper()
	c := scenario("{}")
	eventually(t, func() error {
		c.ID = NewID()
		return s.Put(t.Context(), c, KeyHash{})
	})
	for _, c := range append(before, c) {
		if got, err := s.Get(t.Context(), c.ID); err != nil || got != c {
			t.Errorf("got %.100v, %v; want %.100v", got, err, c)
		}
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAServerThatStopsAndStartsIsFoundAgain(t *testing.T) {
	server := postgresqlServer(t)
	o := Options{Database: server.newDatabase(t), Clock: (&clock{now: noon}).Now}
	s := open(t, o)
	c := scenario(`{"title":"from before"}`)
	if err := s.Put(t.Context(), c, KeyHash{}); err != nil {
		t.Fatal(err)
	}
	if err := server.stop(); err != nil {
		t.Fatal(err)
	}
	wantUnavailable(t, s, c)
	late := open(t, o) // starts while there is no database
	wantUnavailable(t, late, c)
	if err := server.start(); err != nil {
		t.Fatal(err)
	}
	wantStores(t, s, c)
	wantStores(t, late, c)
}

func TestADatabaseThatIsMadeAgainIsMigratedAgain(t *testing.T) {
	server := postgresqlServer(t)
	o := Options{Database: server.newDatabase(t), Clock: (&clock{now: noon}).Now}
	s := open(t, o)
	wantStores(t, s)
	name := fmt.Sprintf("test%d", server.names)
	for _, statement := range []string{"DROP DATABASE " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if err := server.do("postgres", statement); err != nil {
			t.Fatal(err)
		}
	}
	wantStores(t, s)
}

// The folder can't be made while a file is in its place.
func TestAFolderThatIsntThereYetIsTriedAgain(t *testing.T) {
	inTheWay := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Data: filepath.Join(inTheWay, "data"), Clock: (&clock{now: noon}).Now})
	wantUnavailable(t, s, scenario("{}"))
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	wantStores(t, s)
}

func TestAFolderThatMayNotBeWrittenIsTriedAgain(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Data: folder, Clock: (&clock{now: noon}).Now})
	wantUnavailable(t, s, scenario("{}"))
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	wantStores(t, s)
}

// A file that was moved or removed takes writes as before; they mustn't be
// acknowledged. No new one comes in its place, where those would be lost that
// are stored until it is back.
func TestAFileThatIsTakenAwayIsWaitedFor(t *testing.T) {
	o := Options{Data: filepath.Join(t.TempDir(), "data"), Clock: (&clock{now: noon}).Now}
	s := open(t, o)
	c := scenario(`{"title":"from before"}`)
	if err := s.Put(t.Context(), c, KeyHash{}); err != nil {
		t.Fatal(err)
	}
	away := o.Data + ".away"
	if err := os.Rename(o.Data, away); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := s.Put(t.Context(), scenario("{}"), KeyHash{}); !errors.Is(err, ErrUnavailable) {
			t.Errorf("Put into a file that isn't there: %v", err)
		}
	}
	eventually(t, func() error {
		if err := s.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "put it back") {
			return fmt.Errorf("the store doesn't say that its file is gone: %w", err)
		}
		return nil
	})
	if _, err := os.Stat(o.Data); err == nil {
		t.Error("a new folder was made")
	}
	if err := os.Rename(away, o.Data); err != nil {
		t.Fatal(err)
	}
	wantStores(t, s, c)

	// Another database in its place is used, such as one that is restored.
	restored := filepath.Join(t.TempDir(), "restored")
	if err := Backup(t.Context(), o.Data, restored); err != nil {
		t.Fatal(err)
	}
	late := scenario(`{"title":"after the copy"}`)
	if err := s.Put(t.Context(), late, KeyHash{}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(o.Data, away), os.Mkdir(o.Data, 0o700), os.Rename(restored, filepath.Join(o.Data, fileName))); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), scenario("{}"), KeyHash{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Put into a file that isn't there: %v", err)
	}
	wantStores(t, s, c)
	if _, err := s.Get(t.Context(), late.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("from the file that isn't there: %v", err)
	}
}

func TestAFileThatIsNoDatabaseIsLeftAsItIs(t *testing.T) {
	o := Options{Data: t.TempDir(), Clock: (&clock{now: noon}).Now}
	file := filepath.Join(o.Data, fileName)
	text := strings.Repeat("my letters\n", 1000)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, o)
	wantUnavailable(t, s, scenario("{}"))
	if err := s.Ready(t.Context()); !strings.Contains(err.Error(), "not a database") {
		t.Errorf("the error doesn't say why: %v", err)
	}
	if left, err := os.ReadFile(file); err != nil || string(left) != text {
		t.Errorf("the file isn't what it was: %v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantStores(t, s)
}

// fill stores scenarios until there is no room for more.
func fill(t *testing.T, s *Store) (stored []Scenario) {
	t.Helper()
	large := strings.Repeat("x", 64<<10)
	for range 10_000 {
		c := scenario(large)
		err := s.Put(t.Context(), c, Hash("key"))
		if errors.Is(err, ErrUnavailable) && strings.Contains(err.Error(), "full") {
			return stored
		}
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, c)
	}
	t.Fatal("the disk doesn't get full")
	return nil
}

// wantReadsOnly wants that nothing is stored, and that what is can be read.
func wantReadsOnly(t *testing.T, s *Store, stored []Scenario) {
	t.Helper()
	for range 3 {
		if err := s.Put(t.Context(), scenario(strings.Repeat("x", 64<<10)), KeyHash{}); !errors.Is(err, ErrUnavailable) {
			t.Errorf("with a full disk: %v", err)
		}
	}
	for _, c := range stored {
		if got, err := s.Get(t.Context(), c.ID); err != nil || got != c {
			t.Fatalf("with a full disk: %.100v, %v", got, err)
		}
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("with a full disk: %v", err)
	}
}

func TestAFileThatMayNotGrowIsUnavailableUntilItMay(t *testing.T) {
	now := &clock{now: noon}
	s := open(t, Options{Data: t.TempDir(), Clock: now.Now})
	mayHave := func(pages int) {
		t.Helper()
		db, err := s.database()
		if err == nil {
			_, err = db.write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)) // of the one connection that writes
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	mayHave(500)
	stored := fill(t, s)
	wantReadsOnly(t, s, stored)
	mayHave(1000)
	wantStores(t, s, stored...)
	fill(t, s)
	now.set(noon.Add(48 * time.Hour))
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	now.set(noon)
	wantStores(t, s)
	wantWhole(t, s, Options{})
}

func TestAFullDiskIsUnavailableUntilThereIsRoom(t *testing.T) {
	disk := t.TempDir()
	smallDisk(t, disk, reserve+16<<20)
	now := &clock{now: noon}
	s := open(t, Options{Data: filepath.Join(disk, "data"), Clock: now.Now})

	// Of scenarios: deleting some, or that some expire, makes room.
	stored := fill(t, s)
	wantReadsOnly(t, s, stored)
	for len(stored) > 10 {
		if err := s.Delete(t.Context(), stored[0].ID, "key"); err != nil {
			t.Fatal(err)
		}
		stored = stored[1:]
	}
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStores(t, s, stored...)
	fill(t, s)
	now.set(noon.Add(48 * time.Hour))
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	now.set(noon)
	wantStores(t, s)

	// Of what others have on it, to the last byte.
	stored = fill(t, s)
	other := filepath.Join(disk, "of-somebody-else")
	if err := os.WriteFile(other, make([]byte, 2*reserve), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	wantReadsOnly(t, s, stored)
	again := open(t, Options{Data: filepath.Join(disk, "data"), Clock: now.Now}) // starts with a full disk
	if err := again.Put(t.Context(), scenario("{}"), KeyHash{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a store that starts with a full disk: %v", err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	for _, c := range stored[:10] {
		eventually(t, func() error { return s.Delete(t.Context(), c.ID, "key") })
	}
	now.set(noon.Add(48 * time.Hour))
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	now.set(noon)
	wantStores(t, s)
	wantStores(t, again)
	wantWhole(t, s, Options{})
}

// Where the database takes nothing, so many may wait, and others hear it at
// once; those who waited are served in the end.
func TestAQueueThatIsFullIsUnavailableAtOnce(t *testing.T) {
	o := Options{Data: t.TempDir(), Clock: (&clock{now: noon}).Now}
	s := open(t, o)
	release := lockFile(t, o)

	results := make(chan error)
	const many = queueLength + groupLength + 1
	for range many {
		go func() { results <- s.Put(context.Background(), scenario("{}"), KeyHash{}) }()
	}
	// Only those that found no room have an answer while the file is locked.
	if err := <-results; !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "too many") {
		t.Errorf("one too many: %v", err)
	}
	release()
	stored := 0
	for range many - 1 {
		if err := <-results; err == nil {
			stored++
		} else if !strings.Contains(err.Error(), "too many") {
			t.Error(err)
		}
	}
	if stored < queueLength {
		t.Errorf("%d were stored; at least the queue's %d should have been", stored, queueLength)
	}
	if n := count(t, s, `SELECT count(*) FROM scenario`); n != stored {
		t.Errorf("%d are there; %d were acknowledged", n, stored)
	}
}

// Another program may lock the file for longer than a write waits.
func TestAFileThatIsLockedCanBeRead(t *testing.T) {
	o := Options{Data: t.TempDir(), Clock: (&clock{now: noon}).Now}
	s := open(t, o)
	c := scenario("{}")
	if err := s.Put(t.Context(), c, KeyHash{}); err != nil {
		t.Fatal(err)
	}
	release := lockFile(t, o)
	if err := s.Put(t.Context(), scenario("{}"), KeyHash{}); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	for _, s := range []*Store{s, open(t, o)} {
		if got, err := s.Get(t.Context(), c.ID); err != nil || got != c {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	release()
	wantStores(t, s, c)
}

func TestAWriteWaitsNoLongerThanItsContext(t *testing.T) {
	o := Options{Data: t.TempDir(), Clock: (&clock{now: noon}).Now}
	s := open(t, o)
	release := lockFile(t, o)
	var wg sync.WaitGroup
	c := scenario("{}")
	wg.Go(func() {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := s.Put(ctx, c, KeyHash{}); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, c, KeyHash{}); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.Get(ctx, c.ID); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	release()
	wantStores(t, s)
}

// lockFile locks the database file as another program might that writes, until
// release is called.
func lockFile(t *testing.T, o Options) (release func()) {
	t.Helper()
	other, err := openFile(filepath.Join(o.Data, fileName), nil, "immediate", 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	var tx *sql.Tx
	eventually(t, func() error {
		tx, err = other.BeginTx(context.Background(), nil)
		return err
	})
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

func TestAStoreThatIsClosedIsUnavailable(t *testing.T) {
	everywhere(t, func(t *testing.T, o Options) {
		s := open(t, o)
		wantStores(t, open(t, Options{Data: o.Data, Database: o.Database, Clock: (&clock{now: noon}).Now}))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantUnavailable(t, s, scenario("{}"))
	})
}
