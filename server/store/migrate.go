package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"
)

//go:embed migrations
var migrationFiles embed.FS

// migrationTime is longer than patience: a migration may have much to do.
const migrationTime = time.Minute

// migrations are the steps that make an empty database into one of this
// version, in the order of their file names, for a kind of database. A step is
// never changed once it is released: what is to be otherwise, a new one says.
func migrations(kind string) []string {
	names, err := fs.Glob(migrationFiles, "migrations/"+kind+"/*.sql")
	if err != nil {
		panic(err)
	}
	var steps []string
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		steps = append(steps, string(text))
	}
	return steps
}

// migrate brings the database forward to this version, all steps in one
// transaction. Of several instances that start at once, one does it and the
// others wait. A database of a newer version is refused: what it holds may
// mean something that this program doesn't know.
func (db *database) migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migrationTime)
	defer cancel()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	statements := []string{`CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)`}
	if db.lock != "" {
		statements = append([]string{db.lock}, statements...)
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	done, err := version(ctx, tx)
	if err != nil {
		return err
	}
	if done > len(db.migrations) {
		return fmt.Errorf("the database is of a newer version of this program: its schema has the number %d, and this program knows up to %d", done, len(db.migrations))
	}
	for i, step := range db.migrations[done:] {
		number := done + i + 1
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("migration %d: %w", number, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO migration (number) VALUES ($1)`, number); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// version is the number of the last migration that was made, 0 before the
// first.
func version(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM migration`).Scan(&n)
	return n, err
}
