package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies the embedded database of a folder into a new file, as it
// stands at one moment, while others store into it. The file is a database
// that can be put in the place of the first. It is there whole or not at all;
// one that is there already is left alone, and an error.
func Backup(ctx context.Context, folder, file string) (err error) {
	if _, err := os.Stat(filepath.Join(folder, fileName)); err != nil {
		return fmt.Errorf("there is no database to copy: %w", err)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s is there already", file), err)
	}
	source, err := filepath.Abs(filepath.Join(folder, fileName))
	if err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part*") // for nobody else to read
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, part.Close()); err != nil {
			os.Remove(part.Name())
		}
	}()
	pool, err := openFile(source, []string{"busy_timeout(4000)"}, "deferred", 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, `VACUUM INTO $1`, part.Name()); err != nil {
		return err
	}
	if err := part.Sync(); err != nil {
		return err
	}
	return os.Rename(part.Name(), file)
}
