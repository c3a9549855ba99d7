package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// TestManyVisitorsAtOnceLeaveNothing is a little of what make load does: two
// hundred connections, some of which go away early.
func TestManyVisitorsAtOnceLeaveNothing(t *testing.T) {
	url := serving(t, testSite(t))
	want := readAll(t, url+"/robots.txt")
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	const visitors = 200
	failed := make(chan error, visitors)
	var all sync.WaitGroup
	for i := range visitors {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			if i%4 == 0 { // before its request is whole
				if c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
					io.WriteString(c, "GET / HTTP/1.1\r\nHost: a")
					c.Close()
				}
			}
			for range 3 {
				r, err := client.Get(url + "/robots.txt")
				if err != nil {
					failed <- err
					return
				}
				got, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || r.StatusCode != 200 || string(got) != want {
					failed <- fmt.Errorf("got %d, %q, %v", r.StatusCode, got, err)
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	for runtime.NumGoroutine() > goroutines || openFiles(t) > files { // until the last connection's end was seen; else the test times out
		runtime.Gosched()
	}
}

func readAll(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	return body(t, r)
}

// openFiles is how many files and connections this process has open.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this machine doesn't say which files are open")
	}
	return len(entries)
}
