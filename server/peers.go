package main

import (
	"net"
	"net/netip"
	"sync"
)

// peerListener accepts so many connections of one peer at a time, so that
// nobody takes those of all others. A network of IPv6 is one peer; proxies
// stand for many, and aren't counted.
type peerListener struct {
	net.Listener
	most    int
	isProxy func(netip.Addr) bool

	mutex sync.Mutex
	held  map[netip.Addr]int // of peers that have any
}

func newPeerListener(listener net.Listener, most int, isProxy func(netip.Addr) bool) *peerListener {
	return &peerListener{Listener: listener, most: most, isProxy: isProxy, held: map[netip.Addr]int{}}
}

// Accept waits for the next connection of a peer that may have one more. It
// closes the others: who has many can do without an answer.
func (l *peerListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, err := netip.ParseAddrPort(c.RemoteAddr().String())
		if err != nil {
			return c, nil // of no network
		}
		address := from.Addr().Unmap().WithZone("")
		if l.isProxy(address) {
			return c, nil
		}
		peer := networkOf(address, 64)
		if l.take(peer) {
			return &peerConn{Conn: c, ended: sync.OnceFunc(func() { l.release(peer) })}, nil
		}
		c.Close()
	}
}

func (l *peerListener) take(peer netip.Addr) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.held[peer] >= l.most {
		return false
	}
	l.held[peer]++
	return true
}

func (l *peerListener) release(peer netip.Addr) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.held[peer]--; l.held[peer] == 0 {
		delete(l.held, peer)
	}
}

// peerConn is a connection that is counted until it is closed.
type peerConn struct {
	net.Conn
	ended func() // may be called again
}

func (c *peerConn) Close() error {
	defer c.ended()
	return c.Conn.Close()
}
