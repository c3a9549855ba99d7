//go:build !linux

package store

import "testing"

// smallDisk would put a disk of its own onto a folder.
func smallDisk(t *testing.T, folder string, bytes int) {
	t.Helper()
	t.Skip("a disk is mounted on Linux only")
}
