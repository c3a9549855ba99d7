package main

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestWhoAClientIs(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:f::/48")}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"the peer", "203.0.113.7:5000", nil, "203.0.113.7"},
		{"a peer that isn't a proxy says nothing of others", "203.0.113.7:5000", []string{"198.51.100.1"}, "203.0.113.7"},
		{"whom a proxy forwards for", "10.0.0.1:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"what stands left of it may be made up", "10.0.0.1:5000", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1"},
		{"a chain of proxies", "10.0.0.1:5000", []string{"1.1.1.1, 198.51.100.1, 10.2.3.4"}, "198.51.100.1"},
		{"a chain in several headers", "10.0.0.1:5000", []string{"1.1.1.1, 198.51.100.1", "10.2.3.4"}, "198.51.100.1"},
		{"a proxy of IPv6", "[2001:db8:f::1]:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy as IPv4 in IPv6", "[::ffff:10.0.0.1]:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"an address with its port", "10.0.0.1:5000", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"an address of IPv6 with its port", "10.0.0.1:5000", []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"an address of IPv6 in brackets", "10.0.0.1:5000", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"IPv4 in IPv6", "10.0.0.1:5000", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"a zone is the machine's own", "[fe80::1%eth0]:5000", nil, "fe80::1"},
		{"no address is the proxy's client", "10.0.0.1:5000", []string{"unknown"}, "10.0.0.1"},
		{"nor is what stands left of it", "10.0.0.1:5000", []string{"198.51.100.1, _hidden"}, "10.0.0.1"},
		{"proxies alone: the farthest", "10.0.0.1:5000", []string{"10.9.9.9"}, "10.9.9.9"},
		{"a proxy that says nothing", "10.0.0.1:5000", nil, "10.0.0.1"},
	}
	l := newLimits(config{proxies: proxies, perHour: 1, perDay: 1}, testClock)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.peer
			r.Header["X-Forwarded-For"] = tt.forwarded
			if got := l.address(r).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestANetworkOfIPv6IsOneClient(t *testing.T) {
	l := newLimits(config{perHour: 1, perDay: 1}, testClock)
	of := func(peer string) client {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = peer
		return l.client(r)
	}
	if of("[2001:db8:0:1::1]:1") != of("[2001:db8:0:1:ffff::2]:2") {
		t.Error("got two clients of one /64")
	}
	if of("[2001:db8:0:1::1]:1") == of("[2001:db8:0:2::1]:1") || of("192.0.2.1:1") == of("192.0.2.2:1") {
		t.Error("got one client of two networks")
	}
	if other := newLimits(config{perHour: 1, perDay: 1}, testClock); other.secret == l.secret {
		t.Error("got the same secret in two processes: what is remembered could be compared")
	}
}

func TestHowMuchMayBeStored(t *testing.T) {
	now := testNow
	l := newLimits(config{perHour: 2, perDay: 3}, func() time.Time { return now })
	store := func(peer string, wantRetry time.Duration) {
		t.Helper()
		r := httptest.NewRequest("POST", "/api/scenarios", nil)
		r.RemoteAddr = peer
		ok, retry := l.allowStore(r)
		if ok != (wantRetry == 0) || retry.Round(time.Second) != wantRetry {
			t.Errorf("got %v, again in %v; want again in %v", ok, retry, wantRetry)
		}
	}
	store("192.0.2.1:1", 0)
	store("192.0.2.1:2", 0)
	store("192.0.2.1:3", 30*time.Minute) // two in an hour
	store("192.0.2.1:3", 30*time.Minute) // asking costs nothing
	store("192.0.2.2:1", 0)
	store("192.0.2.2:1", 8*time.Hour) // three in a day, of all together
	now = now.Add(8 * time.Hour)
	store("192.0.2.1:1", 0)
	store("192.0.2.2:1", 8*time.Hour)
}

func TestARefusalSaysWhenToComeBack(t *testing.T) {
	s, r := testSite(t), httptest.NewRequest("POST", "/api/scenarios", nil)
	w := httptest.NewRecorder()
	s.refuseForNow(w, r, 1500*time.Millisecond, "An hour has 60.")
	if w.Code != 429 || w.Header().Get("Retry-After") != "2" || !strings.Contains(w.Body.String(), "An hour has 60.") {
		t.Errorf("got %d, %v, %s", w.Code, w.Header(), w.Body)
	}
}

func TestWhoeverReadsTooMuchIsAskedToWait(t *testing.T) {
	s := testSite(t)
	calls := 0
	h := s.costly(func(w http.ResponseWriter, r *http.Request) { calls++ })
	statuses := map[int]int{}
	for range readsAtOnce + 1 {
		w := httptest.NewRecorder()
		h(w, httptest.NewRequest("GET", "/", nil))
		statuses[w.Code]++
	}
	if calls != readsAtOnce || statuses[429] != 1 {
		t.Errorf("got %d answers and the statuses %v, want %d and one 429", calls, statuses, readsAtOnce)
	}
	w, other := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	other.RemoteAddr = "198.51.100.9:1"
	if h(w, other); w.Code != 200 {
		t.Errorf("got %d for somebody else, want 200", w.Code)
	}
}

func TestTheLimitsRememberSoMany(t *testing.T) {
	l := newLimits(config{perHour: 1, perDay: 1 << 30}, testClock)
	r := httptest.NewRequest("POST", "/api/scenarios", nil)
	for i := range clientsKept + 10 {
		r.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 1).String()
		if ok, _ := l.allowStore(r); !ok {
			t.Fatalf("client %d: got refused at once", i)
		}
	}
	if got := l.stores.Len(); got != clientsKept {
		t.Errorf("got %d clients remembered, want %d", got, clientsKept)
	}
}
