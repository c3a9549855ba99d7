package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// connections is how many an instance has to PostgreSQL: one writes.
const connections = 8

// migrationLock is the number of the lock that migrations hold, arbitrary and
// the same in all versions.
const migrationLock = 7_206_539_112

// postgresql connects to the PostgreSQL database of an address
// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING).
func postgresql(address string) (func(context.Context) (*database, error), error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = patience
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "stsplayground"
	}
	return func(context.Context) (*database, error) {
		pool := stdlib.OpenDB(*config)
		pool.SetMaxOpenConns(connections)
		pool.SetMaxIdleConns(connections)
		pool.SetConnMaxIdleTime(5 * time.Minute)
		pool.SetConnMaxLifetime(time.Hour) // a proxy before it may have moved on
		return &database{
			name: "postgresql", read: pool, write: pool, migrations: migrations("postgresql"),
			// Two instances that swept the same scenarios in different orders
			// would wait for each other.
			sweep:   "DELETE FROM scenario WHERE id = ANY (ARRAY(" + expired + " FOR UPDATE SKIP LOCKED))",
			lock:    fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", migrationLock),
			room:    func() error { return nil },
			present: func() error { return nil },
		}, nil
	}, nil
}
