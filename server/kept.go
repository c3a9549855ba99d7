package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"

	"stsplayground/server/store"
)

// keeper is what the server wants of a store.
type keeper interface {
	Put(ctx context.Context, s store.Scenario, key store.KeyHash) error
	Get(ctx context.Context, id string) (store.Scenario, error)
	Delete(ctx context.Context, id, key string) error
	Sweep(ctx context.Context) (int, error)
	Ready(ctx context.Context) error
	Close() error
}

// What is kept in memory of stored scenarios.
const (
	keptBytes   = 64 << 20        // of scenarios and of what was drawn of them
	keptUnknown = 10_000          // ids that aren't there
	freshFor    = 2 * time.Second // after which the store is asked again: another instance may have deleted it
	storeTakes  = 5 * time.Second // at most, for an answer of the store
	anEntry     = 512             // bytes of an entry besides its content, about
	mostHeld    = keptBytes / 16  // of one answer: what is larger is drawn anew, and doesn't push all others out
	patience    = 2 * time.Second // of who waits for a turn
)

// errBusy: too many wait for what takes the server long.
var errBusy = fmt.Errorf("too much is asked for at the moment: %w", store.ErrUnavailable)

// turns are how many may do at once what takes long.
type turns chan struct{}

// take waits for a turn, which done ends. Who has gone away waits no longer.
func (t turns) take(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errBusy)
	defer cancel()
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// kept are stored scenarios as they are read: many times within a minute
// where a link is shown in a room or stands in a chat. Each is read from the
// store once in freshFor however many ask, and what is drawn of it is drawn
// once.
type kept struct {
	store keeper
	clock func() time.Time

	asks    singleflight.Group // of the store, by id
	draws   singleflight.Group
	drawing turns // of drawing what is read
	looking turns // of looking into what is to be stored: whoever reads doesn't wait behind those who store

	mu      sync.Mutex
	bytes   int
	held    *simplelru.LRU[heldKey, *held]
	unknown *simplelru.LRU[string, time.Time] // when the store said so
	deleted int                               // how many were, so far
}

// heldKey is a scenario's id, and which answer of it; "" for the scenario
// itself.
type heldKey struct{ id, answer string }

// held is either a scenario or what was drawn of one.
type held struct {
	scenario *store.Scenario
	asked    time.Time // when the store last said that the scenario is there

	drawn *drawn
}

// drawn is an answer to a request: its bytes, and what stands for them in an
// ETag.
type drawn struct {
	body []byte
	tag  string
	to   time.Time // until when it holds; the zero time for as long as the scenario does
}

func newDrawn(body []byte, to time.Time) *drawn {
	sum := sha256.Sum256(body)
	return &drawn{body: body, tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, to: to}
}

func newKept(k keeper, clock func() time.Time, atOnce int) *kept {
	c := &kept{store: k, clock: clock, drawing: make(turns, atOnce), looking: make(turns, max(1, atOnce/2))}
	// Neither size is below 1, for which alone an LRU can't be made.
	c.held, _ = simplelru.NewLRU(keptBytes/anEntry, func(_ heldKey, h *held) { c.bytes -= h.size() })
	c.unknown, _ = simplelru.NewLRU[string, time.Time](keptUnknown, nil)
	return c
}

func (h *held) size() int {
	if h.scenario != nil {
		return anEntry + len(h.scenario.JSON)
	}
	return anEntry + len(h.drawn.body)
}

// hold keeps h, and forgets what was longest unused where that is too much.
// The lock is held.
func (c *kept) hold(key heldKey, h *held) {
	c.held.Remove(key)
	c.bytes += h.size()
	c.held.Add(key, h)
	for c.bytes > keptBytes {
		c.held.RemoveOldest()
	}
}

// get is the scenario of an id. The error is store.ErrNotFound, or wraps
// store.ErrUnavailable.
func (c *kept) get(ctx context.Context, id string) (*store.Scenario, error) {
	now := c.clock()
	c.mu.Lock()
	h, ok := c.held.Get(heldKey{id: id})
	missed, isUnknown := c.unknown.Get(id)
	deleted := c.deleted
	c.mu.Unlock()
	switch {
	case ok && !now.Before(h.scenario.Expires), isUnknown && now.Sub(missed) < freshFor:
		return nil, store.ErrNotFound
	case ok && now.Sub(h.asked) < freshFor:
		return h.scenario, nil
	}

	// Whoever comes while the store is asked waits for the same answer, and
	// isn't let down where the first to ask goes away.
	found, err, _ := c.asks.Do(id, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTakes)
		defer cancel()
		return c.ask(ctx, id, deleted)
	})
	if err != nil {
		return nil, err
	}
	return found.(*store.Scenario), nil
}

// ask asks the store. deleted is how many scenarios had been deleted when its
// reader came.
func (c *kept) ask(ctx context.Context, id string, deleted int) (*store.Scenario, error) {
	s, err := c.store.Get(ctx, id)
	now := c.clock()
	if err == nil && !now.Before(s.Expires) {
		err = store.ErrNotFound
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.Is(err, store.ErrNotFound):
		c.held.Remove(heldKey{id: id})
		c.unknown.Add(id, now)
		return nil, store.ErrNotFound
	case err != nil:
		return nil, err
	case c.deleted == deleted: // else it may be this one that was deleted, after it was read
		c.unknown.Remove(id)
		c.hold(heldKey{id: id}, &held{scenario: &s, asked: now})
	}
	return &s, nil
}

// put stores a scenario.
func (c *kept) put(ctx context.Context, s store.Scenario, key store.KeyHash) error {
	if err := c.store.Put(ctx, s, key); err != nil {
		return err
	}
	c.mu.Lock()
	c.unknown.Remove(s.ID)
	c.mu.Unlock()
	return nil
}

// delete deletes a scenario, and everything that is kept of it.
func (c *kept) delete(ctx context.Context, id, key string) error {
	if err := c.store.Delete(ctx, id, key); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deleted++
	c.asks.Forget(id)
	for _, key := range c.held.Keys() {
		if key.id == id {
			c.held.Remove(key)
		}
	}
	c.unknown.Add(id, c.clock())
	return nil
}

// drawnBefore is what was drawn of a scenario under a name, where that still
// holds, else nil.
func (c *kept) drawnBefore(s *store.Scenario, name string) *drawn {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.held.Get(heldKey{s.ID, name})
	if !ok || !h.drawn.to.IsZero() && !c.clock().Before(h.drawn.to) {
		return nil
	}
	return h.drawn
}

// answer is what draw makes of a scenario, made once and kept under the name.
// The error is draw's, or errBusy.
func (c *kept) answer(s *store.Scenario, name string, draw func() (*drawn, error)) (*drawn, error) {
	if d := c.drawnBefore(s, name); d != nil {
		return d, nil
	}
	c.mu.Lock()
	deleted := c.deleted
	c.mu.Unlock()
	key := heldKey{s.ID, name}
	made, err, _ := c.draws.Do(s.ID+" "+name, func() (any, error) {
		done, err := c.drawing.take(context.Background()) // several may wait for what is drawn
		if err != nil {
			return nil, err
		}
		defer done()
		d, err := draw()
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.deleted == deleted && len(d.body) <= mostHeld {
			c.hold(key, &held{drawn: d})
		}
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*drawn), nil
}
