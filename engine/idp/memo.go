package idp

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// memo remembers the results of a pure function, the most recently used size
// of them. It changes how long an answer takes, never the answer, and is safe
// for concurrent use.
type memo[V any] struct {
	size   int
	mu     sync.Mutex
	recent *list.List // of remembered[V], the latest first
	places map[[sha256.Size]byte]*list.Element
}

type remembered[V any] struct {
	key   [sha256.Size]byte
	value V
}

func newMemo[V any](size int) *memo[V] {
	return &memo[V]{size: size, recent: list.New(), places: make(map[[sha256.Size]byte]*list.Element)}
}

// get is the value for key, from compute where it isn't remembered. compute
// runs outside the lock, so that two callers may both compute the same value.
func (m *memo[V]) get(key [sha256.Size]byte, compute func() V) V {
	if value, ok := m.recall(key); ok {
		return value
	}
	value := compute()
	m.remember(key, value)
	return value
}

func (m *memo[V]) recall(key [sha256.Size]byte) (value V, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	place, ok := m.places[key]
	if !ok {
		return value, false
	}
	m.recent.MoveToFront(place)
	return place.Value.(remembered[V]).value, true
}

func (m *memo[V]) remember(key [sha256.Size]byte, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.places[key]; ok {
		return
	}
	m.places[key] = m.recent.PushFront(remembered[V]{key, value})
	if m.recent.Len() > m.size {
		oldest := m.recent.Back()
		m.recent.Remove(oldest)
		delete(m.places, oldest.Value.(remembered[V]).key)
	}
}
