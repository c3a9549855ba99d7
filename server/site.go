package main

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

// site is what serve serves: pages, assets and examples. It holds no
// credentials and no state.
type site struct {
	origin string // scheme and host that visitors see; "" where requests say it
	clock  func() time.Time
	log    *log.Logger
}

func newSite(origin string, clock func() time.Time, logger *log.Logger) (*site, error) {
	return &site{origin: origin, clock: clock, log: logger}, nil
}

func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}
