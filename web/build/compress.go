package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// quickMark is appended to an asset's name for a file that says that its
// brotli form is lightly compressed, and that a full build has to make it
// again. Best compression takes half a minute for the engine.
const quickMark = ".quick"

// writing puts files into the built directory, each beside its compressed
// forms. What is there already under the hash of its content is kept. The
// engine is compressed while what comes after it is still being compiled.
type writing struct {
	quick bool
	keep  []string
	wait  sync.WaitGroup
	mu    sync.Mutex
	errs  []error
}

func (w *writing) add(f file) {
	w.keep = append(w.keep, f.name())
	w.wait.Go(func() {
		if err := writeOne(f, w.quick); err != nil {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.errs = append(w.errs, err)
		}
	})
}

// finish waits for all files, and removes what an earlier build left.
func (w *writing) finish() error {
	w.wait.Wait()
	if err := errors.Join(w.errs...); err != nil {
		return err
	}
	return removeOthers(w.keep)
}

func writeOne(f file, quick bool) error {
	path := filepath.Join(built, f.name())
	mark := path + quickMark
	if exists(path+".br") && exists(path+".gz") && exists(path) && (quick || !exists(mark)) {
		return nil
	}
	level := brotli.BestCompression
	if quick {
		level = 9
		if err := os.WriteFile(mark, nil, 0o666); err != nil {
			return err
		}
	}
	if err := os.WriteFile(path, f.content, 0o666); err != nil {
		return err
	}
	if err := compress(path+".gz", f.content, func(w io.Writer) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	}); err != nil {
		return err
	}
	if err := compress(path+".br", f.content, func(w io.Writer) (io.WriteCloser, error) {
		// The largest window that RFC 7932 §9.1 has: the engine is larger than the default one.
		return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: level, LGWin: 24}), nil
	}); err != nil {
		return err
	}
	if quick {
		return nil
	}
	if err := os.Remove(mark); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// compress writes the file whole or not at all, so that an interrupted build
// leaves nothing that the next one would trust.
func compress(path string, content []byte, coder func(io.Writer) (io.WriteCloser, error)) error {
	var out bytes.Buffer
	w, err := coder(&out)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", out.Bytes(), 0o666); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func removeOthers(keep []string) error {
	entries, err := os.ReadDir(built)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !kept(entry.Name(), keep) {
			if err := os.Remove(filepath.Join(built, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func kept(name string, keep []string) bool {
	for _, k := range keep {
		if name == k || strings.HasPrefix(name, k+".") {
			return true
		}
	}
	return name == placeholder
}
