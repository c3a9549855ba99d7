package store

import (
	"context"
	"database/sql"
	"errors"
)

// database is a connected database. What SQLite and PostgreSQL differ in is
// all here.
type database struct {
	name        string
	read, write *sql.DB // pools of connections; one and the same for PostgreSQL
	migrations  []string
	lock        string       // makes migrations wait for each other, where beginning a transaction doesn't
	sweep       string       // deletes so many of expired
	shrink      string       // gives free pages back to the disk; "" where the database does
	room        func() error // says whether there is room for more scenarios
	present     func() error // says whether the database is still where it was opened
}

// expired are the ids of scenarios that have expired by a time, so many of them.
const expired = `SELECT id FROM scenario WHERE expires <= $1 ORDER BY expires LIMIT $2`

// connector is what connects to the database that the options name.
func connector(o Options) (func(context.Context) (*database, error), error) {
	switch {
	case o.Database != "":
		return postgresql(o.Database)
	case o.Data != "":
		return sqlite(o.Data), nil
	}
	return nil, errors.New("there is neither a folder nor a database to keep scenarios in")
}

// check says whether the database can be used, and migrates it where it is of
// an older version. One of this version is only read: it may be locked, its
// disk may be full.
func (db *database) check(ctx context.Context) error {
	if err := db.present(); err != nil {
		return err
	}
	if n, err := version(ctx, db.read); err == nil && n == len(db.migrations) {
		return nil
	}
	return db.migrate(ctx)
}

func (db *database) close() {
	db.read.Close()
	db.write.Close()
}
