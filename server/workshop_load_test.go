//go:build load

package main

import (
	"io"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestARoomOfThirtyLoads has thirty participants open a workshop in the same
// moment. Over Wi-Fi the network is slower than the server by far: what counts
// there are the bytes.
func TestARoomOfThirtyLoads(t *testing.T) {
	s, err := newSite(config{workshops: []string{"../examples/workshop"}}, time.Now, newLog(io.Discard, "text"))
	if err != nil || !s.built {
		t.Skip("the page isn't built")
	}
	address := started(t, "serve", "serve", "-addr", "127.0.0.1:0", "-share=false", "-workshop", "../examples/workshop")
	join := "http://" + address + "/w/" + s.workshops.find("workshop").code
	before := holds(t, address)
	var mutex sync.Mutex
	var took, whole []time.Duration
	each := 0
	var room sync.WaitGroup
	for range 30 {
		room.Go(func() {
			p := newParticipant()
			defer p.client.CloseIdleConnections()
			begun := time.Now()
			bytes, _, err := p.loads(join)
			lasted := time.Since(begun)
			again, _, problem := p.loads("http://" + address + "/?workshop=workshop&lesson=a-token-for-aws")
			if err != nil || problem != nil {
				t.Errorf("got %v and %v", err, problem)
			}
			mutex.Lock()
			defer mutex.Unlock()
			took, whole, each = append(took, p.took...), append(whole, lasted), bytes
			if again != 0 {
				t.Errorf("got %d bytes for a reload, want none", again)
			}
		})
	}
	room.Wait()
	after := holds(t, address)
	slices.Sort(took)
	slices.Sort(whole)
	t.Logf("30 participants, %.2f MB each: the last had all after %v; an answer p50 %v, p99 %v; memory %.0f MB, before %.0f",
		float64(each)/1e6, whole[len(whole)-1].Round(time.Millisecond), percentile(took, .5).Round(100*time.Microsecond), percentile(took, .99).Round(100*time.Microsecond),
		after["process_resident_memory_bytes"]/1e6, before["process_resident_memory_bytes"]/1e6)
}
