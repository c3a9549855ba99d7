package store

import (
	"fmt"
	"syscall"
	"testing"
)

// smallDisk puts a disk of its own, of so many bytes, onto a folder. Only root
// may, and not in every container.
func smallDisk(t *testing.T, folder string, bytes int) {
	t.Helper()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", bytes)); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}
