package store

import (
	"context"
	"errors"
	"time"
)

const (
	// queueLength is how many writes may wait: of the largest scenarios 16 MiB.
	queueLength = 256
	// groupLength is how many writes one transaction holds.
	groupLength = 128
	// While there is no database, it is tried again after these times.
	firstPause, longestPause = 50 * time.Millisecond, 2 * time.Second
)

var (
	errBusy   = errors.New("too many are being stored")
	errClosed = errors.New("the store is closed")
)

// write is a statement that waits for its turn.
type write struct {
	ctx   context.Context
	query string
	args  []any
	done  chan written // has room for one
}

// written is what came of a write: how many rows it concerned, after the
// transaction's commit, or why it failed.
type written struct {
	rows int64
	err  error
}

// write queues a statement and waits until it is committed. Where too many
// wait already, it fails at once.
func (s *Store) write(ctx context.Context, query string, args ...any) (rows int64, err error) {
	if _, err := s.database(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	w := &write{ctx: ctx, query: query, args: args, done: make(chan written, 1)}
	select {
	case s.queue <- w:
	default:
		return 0, unavailable(errBusy)
	}
	select {
	case result := <-w.done:
		return result.rows, result.err
	case <-ctx.Done():
		return 0, unavailable(context.Cause(ctx))
	case <-s.stopped:
		return 0, unavailable(errClosed)
	}
}

// run connects to the database and commits what is queued, until ctx ends. It
// calls tried after each attempt to connect.
func (s *Store) run(ctx context.Context, tried func()) {
	defer close(s.stopped)
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longestPause) {
		db, err := s.connect(ctx)
		if err == nil {
			if err = db.check(ctx); err == nil {
				s.standing.Store(&standing{db: db})
				s.log.Info("the database is open", "kind", db.name)
				tried()
				pause = firstPause
				err = s.serve(ctx, db)
			}
			db.close()
		}
		before := s.standing.Swap(&standing{err: err})
		if ctx.Err() == nil && (before.db != nil || before.err.Error() != err.Error()) {
			s.log.Error("the database can't be used; trying again", "err", err)
		}
		tried()
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// serve commits what is queued until the database is lost, that is when it
// can't be checked after a failure, or until ctx ends; the error says why. A
// full disk loses no database: reads go on.
func (s *Store) serve(ctx context.Context, db *database) error {
	failing := false
	for {
		group := s.next(ctx)
		if group == nil {
			return errClosed
		}
		err := db.commit(group)
		switch {
		case err != nil && !failing:
			s.log.Error("scenarios can't be stored", "err", err)
		case err == nil && failing:
			s.log.Info("scenarios can be stored again")
		}
		failing = err != nil
		if failing {
			if err := db.check(ctx); err != nil {
				return err
			}
		}
	}
}

// next waits for writes and takes all that are queued, in their order, up to
// a group; nil when ctx ends.
func (s *Store) next(ctx context.Context) []*write {
	var group []*write
	select {
	case <-ctx.Done():
		return nil
	case w := <-s.queue:
		group = append(group, w)
	}
	for len(group) < groupLength {
		select {
		case w := <-s.queue:
			group = append(group, w)
		default:
			return group
		}
	}
	return group
}

// commit runs the writes in one transaction, and answers each when it is on
// disk. A write that nobody waits for any more is left out. An error is every
// write's: each is a single statement that only the database can fail.
func (db *database) commit(group []*write) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	results := make([]written, len(group))
	err := func() error {
		tx, err := db.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for i, w := range group {
			if w.ctx.Err() != nil {
				continue
			}
			result, err := tx.ExecContext(ctx, w.query, w.args...)
			if err != nil {
				return err
			}
			if results[i].rows, err = result.RowsAffected(); err != nil {
				return err
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		return db.present()
	}()
	for i, w := range group {
		switch {
		case err != nil:
			w.done <- written{err: unavailable(err)}
		case w.ctx.Err() != nil:
			w.done <- written{err: unavailable(context.Cause(w.ctx))}
		default:
			w.done <- results[i]
		}
	}
	return err
}
