package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// vault seals what goes into Files. A file that was changed, cut off or put in
// another's place is refused.
type vault struct {
	files Files
	key   *Key
}

// Errors about what lies in a backup.
var (
	// ErrDamaged means that a file is not as it was written.
	ErrDamaged = errors.New("this file of the backup was changed or cut off, or belongs to another key")
	// ErrKey means that the backup belongs to another key.
	ErrKey = errors.New("the backup was made with another key: give the key that it was made with by --backup-key-file, or name another place with --backup")
	// ErrNoBackup means that nothing was ever backed up to a place.
	ErrNoBackup = errors.New("there is no backup here")
)

// checkName is the file that tells whether a key is the right one.
const (
	checkName = "check"
	checkText = "hajir backup 1\n"
)

// check says whether the key opens the backup: nil, ErrKey or ErrNoBackup.
func (v vault) check(ctx context.Context) error {
	b, err := v.read(ctx, checkName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %s", ErrNoBackup, v.files)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("%s: %w", v.files, ErrKey)
	case err != nil:
		return err
	case string(b) != checkText:
		return fmt.Errorf("%s was written by another version of Hajir, which this one does not know", v.files)
	}
	return nil
}

// begin makes an empty place a backup of this key.
func (v vault) begin(ctx context.Context) error {
	err := v.check(ctx)
	if errors.Is(err, ErrNoBackup) {
		return v.put(ctx, checkName, strings.NewReader(checkText))
	}
	return err
}

func (v vault) put(ctx context.Context, name string, content io.Reader) error {
	r, w := io.Pipe()
	go func() {
		s, err := v.key.seal.NewEncryptingWriter(w, []byte(name))
		if err == nil {
			_, err = io.Copy(s, content)
		}
		if err == nil { // or half a file would look whole
			err = s.Close()
		}
		_ = w.CloseWithError(err) // nil is the end of the file
	}()
	err := v.files.Put(ctx, name, r)
	_ = r.CloseWithError(io.ErrClosedPipe) // so that the writer ends in any case
	return atPlace(v.files, "write to", err)
}

// open returns a reader of what was put.
func (v vault) open(ctx context.Context, name string) (io.ReadCloser, error) {
	f, err := v.files.Get(ctx, name)
	if err != nil {
		return nil, atPlace(v.files, "read", err)
	}
	o := &opened{vault: v, name: name, f: f}
	if o.r, err = v.key.seal.NewDecryptingReader(reading{o}, []byte(name)); err != nil {
		return nil, errors.Join(o.explain(err), f.Close())
	}
	return o, nil
}

// read returns the whole of what was put.
func (v vault) read(ctx context.Context, name string) ([]byte, error) {
	r, err := v.open(ctx, name)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close())
}

// opened is a file that is being read.
type opened struct {
	vault
	name string
	r    io.Reader
	f    io.ReadCloser
	err  error // of the place, rather than of what lies there
}

// reading reads what is sealed, and remembers why it could not.
type reading struct{ *opened }

func (r reading) Read(p []byte) (int, error) {
	n, err := r.f.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = o.explain(err)
	}
	return n, err
}

func (o *opened) Close() error { return o.f.Close() }

func (o *opened) explain(err error) error {
	if o.err != nil {
		return atPlace(o.files, "read", o.err)
	}
	return fmt.Errorf("%s: %w (%w)", o.name, ErrDamaged, err)
}
