package store

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// make load gives a longer time, and with it a rate to hold.
var loadTime = flag.Duration("load", time.Second, "how long each load test stores scenarios; from 10s on, SQLite has to take 1,000 of 4 KiB a second")

// Clients that store one scenario after another, as fast as the store takes
// them: none fails, what they stored is there, and neither the memory nor the
// log of writes grows with the number of scenarios.
func TestLoad(t *testing.T) {
	const clients = 64
	for _, size := range []int{4 << 10, 64 << 10} {
		t.Run(fmt.Sprintf("%d KiB", size>>10), func(t *testing.T) {
			everywhere(t, func(t *testing.T, o Options) {
				s := open(t, o)
				before := memory(t)
				began := time.Now()
				end := began.Add(*loadTime)
				var wg sync.WaitGroup
				ids := make([][]string, clients)
				times := make([][]time.Duration, clients)
				for i := range clients {
					wg.Go(func() {
						random := rand.New(rand.NewPCG(uint64(i), 0))
						for time.Now().Before(end) {
							c := Scenario{ID: NewID(), JSON: text(random, size), Created: began, Expires: began.Add(time.Hour)}
							start := time.Now()
							if err := s.Put(context.Background(), c, KeyHash{}); err != nil {
								t.Error(err)
								return
							}
							times[i] = append(times[i], time.Since(start))
							ids[i] = append(ids[i], c.ID)
						}
					})
				}
				var most, log int64
				watched := make(chan struct{})
				stop := make(chan struct{})
				go func() {
					defer close(watched)
					for {
						most = max(most, memory(t))
						log = max(log, fileSize(filepath.Join(o.Data, fileName+"-wal")))
						select {
						case <-stop:
							return
						case <-time.After(50 * time.Millisecond):
						}
					}
				}()
				wg.Wait()
				took := time.Since(began)
				close(stop)
				<-watched

				stored := slices.Concat(ids...)
				all := slices.Sorted(slices.Values(slices.Concat(times...)))
				rate := float64(len(stored)) / took.Seconds()
				t.Logf("%d scenarios in %.1f s: %.0f a second; half within %v, 99 of 100 within %v, all within %v", len(stored), took.Seconds(), rate, all[len(all)/2], all[len(all)*99/100], all[len(all)-1])
				t.Logf("memory of the process: %d MiB before, %d MiB at most; database %d MiB, its log %d MiB at most", before>>20, most>>20, fileSize(filepath.Join(o.Data, fileName))>>20, log>>20)
				if log > 64<<20 {
					t.Errorf("the log of writes grew to %d MiB", log>>20)
				}
				if *loadTime >= 10*time.Second && o.Data != "" && size == 4<<10 && rate < 1000 {
					t.Errorf("%.0f a second are fewer than 1,000", rate)
				}
				for _, id := range stored[:min(len(stored), 1000)] {
					if got, err := s.Get(t.Context(), id); err != nil || len(got.JSON) != size {
						t.Fatalf("%s: %d bytes, %v", id, len(got.JSON), err)
					}
				}
			})
		})
	}
}

// text is one that compresses about as well as a scenario.
func text(random *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, `{"name":"%x","value":%d},`, random.Uint64(), random.IntN(1000))
	}
	return b.String()[:size]
}

// memory is how much of the process is in memory, in bytes; 0 where Linux
// doesn't say it.
func memory(t *testing.T) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kib int64
	_, rest, _ := strings.Cut(string(status), "\nVmRSS:")
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Error(err)
	}
	return kib << 10
}

func fileSize(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}
