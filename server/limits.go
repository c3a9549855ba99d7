package main

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// clientsKept is how many clients the limits remember. Whoever was forgotten
// starts anew: many addresses are the only way around the limit of one, and
// then the limit of all holds.
const clientsKept = 100_000

// Of what costs the server work, such as a drawn page, one client may have
// this much in a second, and that much at once. A class of thirty comes from
// one address.
const (
	readsPerSecond = 50
	readsAtOnce    = 500
)

// limits are how much a client may ask for, and all together. A limit is a
// bucket that is full at first and fills again in its time.
type limits struct {
	proxies []netip.Prefix
	secret  [32]byte // of this process: what is remembered of a client is no address
	clock   func() time.Time
	perHour int
	stores  *lru.Cache[client, *rate.Limiter]
	reads   *lru.Cache[client, *rate.Limiter]
	all     *rate.Limiter // of stores
}

// client stands for whoever a request is from, as long as the process lives.
type client [16]byte

func newLimits(c config, clock func() time.Time) *limits {
	l := &limits{
		proxies: c.proxies, clock: clock, perHour: c.perHour,
		all: rate.NewLimiter(per(24*time.Hour, c.perDay), c.perDay),
	}
	rand.Read(l.secret[:])
	l.stores, _ = lru.New[client, *rate.Limiter](clientsKept) // fails for a size below 1 only
	l.reads, _ = lru.New[client, *rate.Limiter](clientsKept)
	return l
}

// per is the rate at which n of something may happen in a time.
func per(in time.Duration, n int) rate.Limit { return rate.Limit(float64(n) / in.Seconds()) }

// allowStore says whether the client may store one more scenario, and if not,
// after what time it may.
func (l *limits) allowStore(r *http.Request) (ok bool, retry time.Duration) {
	own := l.of(l.stores, r, per(time.Hour, l.perHour), l.perHour)
	return l.take(own, l.all)
}

// allowRead says the same of what costs the server work to answer.
func (l *limits) allowRead(r *http.Request) (ok bool, retry time.Duration) {
	return l.take(l.of(l.reads, r, readsPerSecond, readsAtOnce))
}

// of is the client's bucket.
func (l *limits) of(kept *lru.Cache[client, *rate.Limiter], r *http.Request, fills rate.Limit, size int) *rate.Limiter {
	who := l.client(r)
	fresh := rate.NewLimiter(fills, size)
	if known, ok, _ := kept.PeekOrAdd(who, fresh); ok {
		kept.Get(who) // now it is the last to be forgotten
		return known
	}
	return fresh
}

// take takes one from each bucket, or from none.
func (l *limits) take(buckets ...*rate.Limiter) (ok bool, retry time.Duration) {
	now := l.clock()
	var taken []*rate.Reservation
	for _, b := range buckets {
		one := b.ReserveN(now, 1)
		taken = append(taken, one)
		retry = max(retry, one.DelayFrom(now))
	}
	if retry == 0 {
		return true, 0
	}
	for _, one := range taken {
		one.CancelAt(now)
	}
	return false, retry
}

// costly limits how often one client has h answer, which plays a scenario or
// draws a long page.
func (s *site) costly(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if ok, retry := s.limits.allowRead(r); !ok {
			s.refuseForNow(w, r, retry, "Wait a moment and try again.")
			return
		}
		h(w, r)
	}
}

// refuseForNow answers 429 (RFC 6585 §4), with the whole seconds to wait.
func (s *site) refuseForNow(w http.ResponseWriter, r *http.Request, retry time.Duration, detail string) {
	w.Header().Set("Retry-After", strconv.FormatInt(int64((retry+time.Second-1)/time.Second), 10))
	s.problem(w, r, http.StatusTooManyRequests, "That was a lot in a short time", detail)
}

// client is whom the request is from: the peer, or whoever it says that it
// forwards for, where it is a proxy of ours. A network of IPv6 is one client:
// each of its machines has 2^64 addresses to choose from (RFC 4291 §2.5.4).
func (l *limits) client(r *http.Request) client {
	address := l.address(r)
	if address.Is6() {
		network, _ := address.Prefix(64) // of an address there always is one
		address = network.Addr()
	}
	sum := sha256.Sum256(append(l.secret[:], address.AsSlice()...))
	return client(sum[:])
}

// address is the rightmost address of X-Forwarded-For that isn't a proxy's:
// what stands left of it, anybody may have written.
func (l *limits) address(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := at.Addr().Unmap().WithZone("")
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(forwarded) {
		if !l.isProxy(address) {
			break
		}
		next, ok := parseForwarded(strings.TrimSpace(text))
		if !ok {
			break
		}
		address = next
	}
	return address
}

func (l *limits) isProxy(address netip.Addr) bool {
	return slices.ContainsFunc(l.proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// parseForwarded reads an address, which some proxies write with the port.
func parseForwarded(text string) (netip.Addr, bool) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}
