package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Files is where a backup lies: a directory or a bucket. Names are made of
// lower-case letters, digits, hyphens, dots and slashes. A file is there whole
// or not at all, and stays when Put has returned.
type Files interface {
	Put(ctx context.Context, name string, content io.Reader) error
	// Get returns a file, or an error that is fs.ErrNotExist.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Delete removes a file; nothing there is no error.
	Delete(ctx context.Context, name string) error
	// Each visits the files whose names begin with prefix.
	Each(ctx context.Context, prefix string, visit func(File) error) error
	// String names the place in messages, without secrets.
	String() string
}

// File is one file of a backup.
type File struct {
	Name string
	Size int64 // bytes, sealed
}

// OpenFiles opens the place that an operator names: s3://BUCKET/PREFIX?region=…
// or a directory, which is made when something is put there.
func OpenFiles(ctx context.Context, address string) (Files, error) {
	if strings.HasPrefix(address, s3Scheme) {
		return openBucket(ctx, address)
	}
	if strings.Contains(address, "://") {
		return nil, fmt.Errorf("%q is no place for a backup: give a directory, or %sBUCKET/PREFIX?region=REGION", address, s3Scheme)
	}
	if address == "" {
		return nil, errors.New("no place for the backup was named")
	}
	return directory(address), nil
}

// placeError is a failure of the place where the backup lies, which the program
// waits for to end.
type placeError struct {
	place Files
	doing string
	err   error
}

func (e *placeError) Error() string {
	return fmt.Sprintf("%s the backup in %s: %s", e.doing, e.place, e.err)
}

func (e *placeError) Unwrap() error { return e.err }

func atPlace(place Files, doing string, err error) error {
	if err == nil {
		return nil
	}
	return &placeError{place: place, doing: doing, err: err}
}
