package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// children are what this program does when a test starts it again: instances
// of their own, which may be killed.
var children = map[string]func(Options) error{"store one": storeOne, "store on": storeOn}

// child is this program, started to do one of children.
func child(what string, o Options) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_CHILD="+what, "STORE_DATA="+o.Data, "STORE_DATABASE="+o.Database)
	return cmd
}

// storeOne stores a scenario.
func storeOne(o Options) error {
	s, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		err := s.Put(context.Background(), scenario("{}"), KeyHash{})
		if !errors.Is(err, ErrUnavailable) {
			return err
		}
	}
}

// storeOn stores, deletes and sweeps for as long as it lives, and writes a
// line for what was acknowledged: "stored ID", "deleted ID". A line "deleting
// ID" says that it may be deleted from then on.
func storeOn(o Options) error {
	s, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	defer s.Close()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := childStep(ctx, s, n); err != nil && !errors.Is(err, ErrUnavailable) {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// childStep stores the nth scenario of a client, and deletes it, leaves it to
// Sweep or sweeps: some of each.
func childStep(ctx context.Context, s *Store, n int) error {
	now := time.Now()
	c := Scenario{ID: NewID(), Created: now, Expires: now.Add(time.Hour)}
	c.JSON = childText(c.ID)
	key, hash := NewKey()
	if n%8 == 7 {
		c.Expires = now
	}
	if err := s.Put(ctx, c, hash); err != nil {
		return err
	}
	if n%8 != 7 {
		fmt.Printf("stored %s\n", c.ID)
	}
	if n%8 == 3 {
		fmt.Printf("deleting %s\n", c.ID)
		if err := s.Delete(ctx, c.ID, key); err != nil {
			return err
		}
		fmt.Printf("deleted %s\n", c.ID)
	}
	if n%16 == 15 {
		_, err := s.Sweep(ctx)
		return err
	}
	return nil
}

// childText is the scenario that a child stores under an id: between 1 and 24
// KiB, so that it takes one page or many.
func childText(id string) string {
	return strings.Repeat(id, 50+int(id[0]-'2')*int(id[1]-'2')%1200)
}
