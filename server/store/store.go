// Package store keeps the scenarios behind short links: in SQLite, or in
// PostgreSQL where several instances serve the same links.
//
// What is acknowledged is on disk. What has expired is never given out, and
// is removed by Sweep. The store knows neither visitors nor their addresses.
package store

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// Scenario is one that was stored.
type Scenario struct {
	ID      string    // 96 random bits in base32, 20 characters of a-z and 2-7
	JSON    string    // as the engine normalised it, at most 64 KiB
	Created time.Time // UTC, whole seconds, as is Expires
	Expires time.Time
}

// KeyHash is the SHA-256 of the key that deletes a scenario. The key itself is
// told once, to whom the scenario is from, and isn't kept.
type KeyHash [sha256.Size]byte

var (
	// ErrNotFound: there is no such scenario, or no longer.
	ErrNotFound = errors.New("there is no such scenario, or it has expired or was deleted")
	// ErrWrongKey: the scenario is there, and the key isn't its own.
	ErrWrongKey = errors.New("this key doesn't delete this scenario")
	// ErrUnavailable is wrapped by every error that is the database's: it can't
	// be reached, its disk is full, it is busy. Trying again later may help.
	ErrUnavailable = errors.New("scenarios can't be stored or read at the moment")
)

// patience is how long a method, a transaction or an attempt to connect may
// take. A visitor who waited longer has gone.
const patience = 5 * time.Second

// sweepBatch is how many expired scenarios one statement deletes: at most
// 16 MiB of them, so that whoever stores one doesn't wait long.
const sweepBatch = 256

// Options say where scenarios are kept.
type Options struct {
	Data     string           // the folder of the embedded database; made if it is missing
	Database string           // a PostgreSQL URL, in place of Data; "" for the embedded database
	Log      *slog.Logger     // when the database is lost and when it is back; nil: nowhere
	Clock    func() time.Time // what has expired; nil: time.Now
}

// Store is an open store. Its methods may be called at the same time. Each
// answers within some seconds, and sooner where its context ends sooner.
type Store struct {
	clock    func() time.Time
	log      *slog.Logger
	connect  func(context.Context) (*database, error)
	standing atomic.Pointer[standing]
	full     atomic.Bool // there was no room when it was last looked
	queue    chan *write
	stop     context.CancelFunc
	stopped  chan struct{}
}

// standing is how the store stands: it has a database, or says why it has none.
type standing struct {
	db  *database // connected and migrated; nil where there is none
	err error
}

// Open opens the store. It fails only where the options make no sense. A
// database that can't be reached is tried again and again in the background;
// until it is there, the store's methods give ErrUnavailable. Open waits for
// the first attempt, some seconds at most and no longer than ctx; the store
// then lives until Close.
func Open(ctx context.Context, o Options) (*Store, error) {
	connect, err := connector(o)
	if err != nil {
		return nil, err
	}
	s := &Store{
		clock: o.Clock, log: o.Log, connect: connect,
		queue: make(chan *write, queueLength), stopped: make(chan struct{}),
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.standing.Store(&standing{err: errors.New("the database isn't open yet")})

	running, stop := context.WithCancel(context.Background())
	s.stop = stop
	ctx, tried := context.WithTimeout(ctx, patience)
	go s.run(running, tried)
	<-ctx.Done()
	return s, nil
}

// Close lets go of the database, after the transaction under way.
func (s *Store) Close() error {
	s.stop()
	<-s.stopped
	return nil
}

// Put stores a scenario, whose ID comes from NewID. When it gives nil, the
// scenario is on disk. After an error it may be stored or not.
func (s *Store) Put(ctx context.Context, c Scenario, key KeyHash) error {
	if !validID(c.ID) {
		return fmt.Errorf("%q is no scenario's id", c.ID)
	}
	if err := s.room(); err != nil {
		return err
	}
	n, err := s.write(ctx, `INSERT INTO scenario (id, body, key_hash, created, expires) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		c.ID, []byte(c.JSON), key[:], c.Created.Unix(), c.Expires.Unix())
	if err == nil && n == 0 {
		err = fmt.Errorf("the id %s is taken", c.ID)
	}
	return err
}

// Get gives a scenario that hasn't expired, or ErrNotFound.
func (s *Store) Get(ctx context.Context, id string) (Scenario, error) {
	var body []byte
	var created, expires int64
	err := s.read(ctx, id, `SELECT body, created, expires FROM scenario WHERE id = $1 AND expires > $2`, &body, &created, &expires)
	if err != nil {
		return Scenario{}, err
	}
	return Scenario{ID: id, JSON: string(body), Created: time.Unix(created, 0).UTC(), Expires: time.Unix(expires, 0).UTC()}, nil
}

// Delete deletes the scenario whose key it is: ErrWrongKey where it is
// another's, ErrNotFound where there is no scenario.
func (s *Store) Delete(ctx context.Context, id, key string) error {
	var kept []byte
	err := s.read(ctx, id, `SELECT key_hash FROM scenario WHERE id = $1 AND expires > $2`, &kept)
	if err != nil {
		return err
	}
	given := Hash(key)
	if subtle.ConstantTimeCompare(kept, given[:]) != 1 {
		return ErrWrongKey
	}
	n, err := s.write(ctx, `DELETE FROM scenario WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = ErrNotFound // somebody else was faster
	}
	return err
}

// Sweep deletes what has expired, and says how many scenarios that were. It
// works in small steps, between which others store theirs. Instances that
// sweep at the same time share the work.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	swept := 0
	for {
		db, err := s.database()
		if err != nil {
			return swept, err
		}
		n, err := s.write(ctx, db.sweep, s.clock().Unix(), int64(sweepBatch))
		swept += int(n)
		if err == nil && db.shrink != "" {
			_, err = s.write(ctx, db.shrink)
		}
		if err != nil || n < sweepBatch {
			return swept, err
		}
	}
}

// room gives nil where there is room for more scenarios.
func (s *Store) room() error {
	db, err := s.database()
	if err != nil {
		return err
	}
	err = db.room()
	if before := s.full.Swap(err != nil); before != (err != nil) {
		if before {
			s.log.Info("there is room for scenarios again")
		} else {
			s.log.Error("there is no room for more scenarios", "err", err)
		}
	}
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// Ready gives nil where scenarios can be read. A full disk alone doesn't make
// a store unready: what is stored can still be read.
func (s *Store) Ready(ctx context.Context) error {
	err := s.read(ctx, NewID(), `SELECT id FROM scenario WHERE id = $1 AND expires > $2`, new(string))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// read runs a query for one row, which is given id and the time.
func (s *Store) read(ctx context.Context, id, query string, into ...any) error {
	if !validID(id) {
		return ErrNotFound
	}
	db, err := s.database()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = db.read.QueryRowContext(ctx, query, id, s.clock().Unix()).Scan(into...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return unavailable(err)
	}
	return nil
}

// database is the one that is connected, or an error that says why there is
// none.
func (s *Store) database() (*database, error) {
	now := s.standing.Load()
	if now.db == nil {
		return nil, unavailable(now.err)
	}
	return now.db, nil
}

// unavailable is ErrUnavailable and its cause.
func unavailable(cause error) error { return fmt.Errorf("%w: %w", ErrUnavailable, cause) }
