package main

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

// callers is a listener whose connections are told it.
type callers struct {
	net.Listener
	from chan net.Conn
}

func (c callers) Accept() (net.Conn, error) {
	next, ok := <-c.from
	if !ok {
		return nil, net.ErrClosed
	}
	return next, nil
}

// caller is a connection from an address.
type caller struct {
	net.Conn
	from   string
	closed *int
}

func (c caller) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.from))
}

func (c caller) Close() error {
	*c.closed++
	return nil
}

func TestConnectionsOfOnePeerAreCounted(t *testing.T) {
	from := make(chan net.Conn, 10)
	isProxy := newLimits(config{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, testClock).isProxy
	l := newPeerListener(callers{from: from}, 2, isProxy)
	var taken net.Conn
	call := func(address string, want bool) {
		t.Helper()
		closed := 0
		from <- caller{from: address, closed: &closed}
		from <- caller{from: "10.9.9.9:1", closed: new(int)} // which is taken in any case
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if got := c.RemoteAddr().String() != "10.9.9.9:1"; got != want || (closed == 0) != want {
			t.Errorf("%s: got it taken: %v, closed %d times; want it taken: %v", address, got, closed, want)
		} else if got {
			taken = c
			l.Accept()
		}
	}
	call("192.0.2.1:1", true)
	call("[::ffff:192.0.2.1]:2", true)
	call("192.0.2.1:3", false)
	call("192.0.2.2:1", true)
	call("127.0.0.1:1", true)
	call("127.0.0.1:2", true)
	call("127.0.0.1:3", false)
	call("[2001:db8:0:1::1]:1", true)
	call("[2001:db8:0:1:ffff::2]:1", true)
	call("[2001:db8:0:1::3]:1", false)
	call("[2001:db8:0:2::1]:1", true)
	for range 5 {
		call("10.1.2.3:1", true)
	}
	call("198.51.100.1:1", true)
	call("198.51.100.1:1", true)
	taken.Close()
	taken.Close() // counts once
	call("198.51.100.1:1", true)
	call("198.51.100.1:1", false)
	close(from)
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want what the listener said", err)
	}
}

// A browser that is turned away finds that out at once, and whoever has left
// has room again.
func TestAConnectionTooManyIsClosedAtOnce(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(testSite(t).handler(), testSite(t).log)
	l := newPeerListener(inner, 1, func(netip.Addr) bool { return false })
	go server.Serve(l)
	defer server.Close()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(30 * time.Second))
		t.Cleanup(func() { c.Close() })
		return c
	}
	answers := func(c net.Conn) bool {
		c.Write([]byte("GET /privacy HTTP/1.1\r\nHost: a.example\r\n\r\n"))
		n, err := c.Read(make([]byte, 1))
		if err, ok := err.(net.Error); ok && err.Timeout() {
			t.Error("got a connection that waits")
		}
		return n == 1
	}
	first := dial()
	if !answers(first) {
		t.Fatal("got no answer")
	}
	if answers(dial()) {
		t.Error("got an answer over one connection too many")
	}
	first.Close()
	for range 1000 {
		if answers(dial()) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("got no answer after the first had left")
}
