//go:build linux || darwin

package store

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// room says whether a folder's disk has room for more scenarios beside the
// reserve. Where the disk doesn't tell, it has.
func room(folder string) error {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return nil
	}
	if free := uint64(disk.Bavail) * uint64(disk.Bsize); free < reserve {
		return fmt.Errorf("the disk of %s is full: it has %d MiB left, and the last %d are for deleting", folder, free>>20, reserve>>20)
	}
	return nil
}
