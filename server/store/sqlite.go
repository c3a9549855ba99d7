package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// fileName is the embedded database's in its folder. SQLite keeps two more
// beside it, scenarios.db-wal and scenarios.db-shm, while it is open.
const fileName = "scenarios.db"

// reserve is what scenarios leave free of their disk, in bytes. SQLite needs
// room to delete, too: for its log of writes, which can't be emptied while
// the database can't grow.
const reserve = 64 << 20

// readers is how many read at the same time.
const readers = 8

// Settings of each connection (https://sqlite.org/pragma.html). The driver
// runs them in the order of their names, busy_timeout first; auto_vacuum has
// to come before the file is made.
var (
	// A commit is on disk when it returns (synchronous). What is deleted is
	// overwritten where its page is written anyway (secure_delete); the pages
	// that it leaves empty are cut off when shrink has run. After a burst the
	// log of writes is made small again (journal_size_limit, in bytes).
	writerSettings = []string{"auto_vacuum(incremental)", "busy_timeout(4000)", "journal_mode(wal)", "journal_size_limit(16777216)", "secure_delete(fast)", "synchronous(full)"}
	readerSettings = []string{"busy_timeout(4000)", "query_only(on)"}
)

// sqlite connects to the embedded database in a folder, which it makes the
// first time. A file that is gone later isn't made again: its disk may have
// been taken away, and what was stored in its place would be lost when it is
// back.
func sqlite(folder string) func(context.Context) (*database, error) {
	made := false
	return func(context.Context) (*database, error) {
		folder, err := filepath.Abs(folder)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(folder, fileName)
		if !made {
			if err := makeFile(file); err != nil {
				return nil, err
			}
			made = true
		}
		opened, err := os.Stat(file)
		if err != nil {
			return nil, fmt.Errorf("the database is gone; put it back, or start again for a new one: %w", err)
		}
		db := &database{
			name: "sqlite", migrations: migrations("sqlite"),
			sweep:   "DELETE FROM scenario WHERE id IN (" + expired + ")",
			shrink:  "PRAGMA incremental_vacuum(8192)", // twice the pages of a sweepBatch of the largest scenarios
			room:    func() error { return room(folder) },
			present: func() error { return sameFile(opened, file) },
		}
		if db.write, err = openFile(file, writerSettings, "immediate", 1); err != nil {
			return nil, err
		}
		if db.read, err = openFile(file, readerSettings, "deferred", readers); err != nil {
			return nil, errors.Join(err, db.write.Close())
		}
		return db, nil
	}
}

// makeFile makes the file, and its folder, where they are missing, for nobody
// else to read. SQLite gives its other files the same mode.
func makeFile(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	for _, folder := range []string{filepath.Dir(file), filepath.Dir(filepath.Dir(file))} {
		if d, err := os.Open(folder); err == nil {
			d.Sync() // so that a power cut doesn't take the file's name; not every system can
			d.Close()
		}
	}
	return f.Close()
}

// sameFile says whether the file is still the one that was opened. One that
// was moved or removed takes writes as before, which nobody would find again.
func sameFile(opened fs.FileInfo, file string) error {
	now, err := os.Stat(file)
	if err == nil && !os.SameFile(opened, now) {
		err = fmt.Errorf("another file has come in the place of %s", file)
	}
	return err
}

// openFile is a pool of connections to a database file that is there.
func openFile(file string, settings []string, lock string, connections int) (*sql.DB, error) {
	address := url.URL{Scheme: "file", Path: file, RawQuery: url.Values{"mode": {"rw"}, "_pragma": settings, "_txlock": {lock}}.Encode()}
	pool, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}
