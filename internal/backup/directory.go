package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// directory keeps a backup in a directory.
type directory string

// newPrefix begins the names of files that are being written.
const newPrefix = ".new-"

// minFree is how many bytes of a disk a backup leaves free: the data may lie on
// the same one, and check-ins must go on.
const minFree = 512 << 20

func (d directory) String() string { return string(d) }

func (d directory) file(name string) string {
	return filepath.Join(string(d), filepath.FromSlash(name))
}

// Put writes a file beside its place, has it on the disk, and moves it there.
func (d directory) Put(_ context.Context, name string, content io.Reader) error {
	file := d.file(name)
	if err := d.makeDirs(filepath.Dir(file)); err != nil {
		return err
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(string(d), &s); err == nil {
		if free := s.Bavail * uint64(s.Bsize); free < minFree { //nolint:gosec // a block has a size
			return fmt.Errorf("the disk is nearly full: %d MB are free, and the backup leaves %d MB to others", free>>20, minFree>>20)
		}
	}
	return writeFile(file, content)
}

// makeDirs makes a directory of the backup, and has on the disk those that name it.
func (d directory) makeDirs(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for {
		dir = filepath.Dir(dir)
		if err := syncDir(dir); err != nil {
			return err
		}
		if len(dir) <= len(d) {
			return nil
		}
	}
}

// Get opens a file.
func (d directory) Get(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(d.file(name))
}

// Delete removes a file.
func (d directory) Delete(_ context.Context, name string) error {
	if err := os.Remove(d.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each visits files in the order of their names within each directory.
func (d directory) Each(ctx context.Context, prefix string, visit func(File) error) error {
	below := path.Dir(prefix + "x") // the directory in which the prefix ends
	return walk(ctx, d.file(below), func(file string, e fs.DirEntry) error {
		name, err := filepath.Rel(string(d), file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if strings.HasPrefix(path.Base(name), ".") || !strings.HasPrefix(name, prefix) {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) { // it has just gone
			return nil
		}
		if err != nil {
			return err
		}
		return visit(File{Name: name, Size: info.Size()})
	})
}

// walk visits the files below root; none are there before the first.
func walk(ctx context.Context, root string, visit func(file string, e fs.DirEntry) error) error {
	return filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, fs.ErrNotExist): // it has just gone
			return nil
		case err != nil:
			return err
		case e.IsDir():
			return nil
		}
		return visit(file, e)
	})
}

// leftoverAge is how old a file is that nobody writes any more, though it was
// not finished.
const leftoverAge = 24 * time.Hour

// Clean removes what a killed program had begun to write.
func (d directory) Clean(ctx context.Context, now time.Time) error {
	return walk(ctx, string(d), func(file string, e fs.DirEntry) error {
		if !strings.HasPrefix(filepath.Base(file), newPrefix) {
			return nil
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > leftoverAge {
			return os.Remove(file)
		}
		return nil
	})
}

// writeFile writes a private file that is whole after a crash, or as it was.
func writeFile(file string, content io.Reader) error {
	f, err := os.CreateTemp(filepath.Dir(file), newPrefix+"*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // nothing is left to remove after the rename
	_, err = io.Copy(f, content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // a directory that we write to
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
