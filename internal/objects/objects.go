// Package objects keeps pictures and exports in a bucket: a directory, or S3 and
// what speaks its protocol. What lies in it is encrypted, and a link to it is
// signed, expires, and is one viewer's. Read objects.go first; link.go signs
// links, key.go names what is kept; s3.go opens S3 and takes uploads to it, and
// cdn.go signs links to CloudFront. objectstest is the suite of both.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"hajir/internal/hajir"
)

// Sealer encrypts objects; associated is the object's key, so that an object
// moved elsewhere does not decrypt.
type Sealer interface {
	Seal(plaintext []byte, associated string) ([]byte, error)
	Open(sealed []byte, associated string) ([]byte, error)
}

// Bucket keeps encrypted objects. It is safe for concurrent use.
type Bucket struct {
	// Changed is told of every key whose object was written or removed; it may be
	// nil. It is set before the bucket is used.
	Changed func(key string)

	blobs *blob.Bucket
	dir   string // "" when it is none
	seal  Sealer
	links linkSigner
	cdn   *CDN
	s3    *remote // nil in a directory
}

// OpenDir opens the bucket in dir and makes dir if needed. Links begin with
// linkPath, the path at which the API serves objects, and are signed with
// secret.
func OpenDir(dir string, seal Sealer, linkPath string, secret []byte, now func() time.Time) (*Bucket, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make object directory: %w", err)
	}
	blobs, err := fileblob.OpenBucket(dir, &fileblob.Options{
		// The temporary file lies beside its object, so that the rename is
		// atomic; content types follow from the keys.
		NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		DirFileMode: 0o700,
	})
	if err != nil {
		return nil, fmt.Errorf("open object directory: %w", err)
	}
	return &Bucket{
		blobs: blobs, dir: filepath.Clean(dir), seal: seal,
		links: linkSigner{path: linkPath, secret: secret, now: now},
	}, nil
}

// Close releases the bucket.
func (b *Bucket) Close() error { return b.blobs.Close() }

// Put stores content under key.
func (b *Bucket) Put(ctx context.Context, key string, content []byte) error {
	sealed, err := b.seal.Seal(content, "object/"+key)
	if err != nil {
		return err
	}
	if err := b.blobs.WriteAll(ctx, key, sealed, b.options(key)); err != nil {
		return storage(fmt.Errorf("write object: %w", err))
	}
	if err := b.sync(key); err != nil {
		return storage(err)
	}
	b.changed(key)
	return nil
}

// storage turns a failure of the disk into one that says so to whoever asked.
func storage(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return hajir.StorageFullError(err)
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EFBIG), errors.Is(err, fs.ErrPermission):
		return hajir.StorageFailedError(err)
	}
	return err
}

// Exists says whether something is stored under key.
func (b *Bucket) Exists(ctx context.Context, key string) (bool, error) {
	there, err := b.blobs.Exists(ctx, key)
	if err != nil {
		return false, fmt.Errorf("look for object: %w", err)
	}
	return there, nil
}

func (b *Bucket) changed(key string) {
	if b.Changed != nil {
		b.Changed(key)
	}
}

// sync makes an object the owner's alone and has it, with the directories that
// name it, on the disk. S3 answers when that is so.
func (b *Bucket) sync(key string) error {
	if b.dir == "" {
		return nil
	}
	file := filepath.Join(b.dir, filepath.FromSlash(key)) // our keys need no escaping
	f, err := os.Open(file)                               //nolint:gosec // a key of ours, below our directory
	if err != nil {
		return fmt.Errorf("open object: %w", err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync object: %w", err)
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		d, err := os.Open(dir) //nolint:gosec // as above
		if err != nil {
			return fmt.Errorf("open directory: %w", err)
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return fmt.Errorf("sync directory: %w", err)
		}
		if dir == b.dir || len(dir) <= len(b.dir) {
			return nil
		}
	}
}

// Get returns what is stored under key, or a *hajir.Error with NotFound.
func (b *Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	sealed, err := b.blobs.ReadAll(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, &hajir.Error{Code: hajir.NotFound, Message: "this picture is no longer kept", Cause: err}
	}
	if err != nil {
		return nil, storage(fmt.Errorf("read object: %w", err))
	}
	return b.seal.Open(sealed, "object/"+key)
}

// Delete removes what is stored under key; nothing there is no error.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.blobs.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return storage(fmt.Errorf("delete object: %w", err))
	}
	b.changed(key)
	return nil
}

// DeleteAll removes everything whose key begins with prefix, a folder that ends
// in a slash, and the folder too: its name may be somebody's.
func (b *Bucket) DeleteAll(ctx context.Context, prefix string) error {
	err := b.Each(ctx, prefix, func(key string) error { return b.Delete(ctx, key) })
	if err != nil || b.dir == "" {
		return err
	}
	if err := os.RemoveAll(filepath.Join(b.dir, filepath.FromSlash(prefix))); err != nil {
		return fmt.Errorf("remove folder: %w", err)
	}
	return nil
}

// Each calls visit with every key that begins with prefix, in their order.
func (b *Bucket) Each(ctx context.Context, prefix string, visit func(key string) error) error {
	last := ""
	for try := 1; ; try++ {
		err := b.eachBehind(ctx, prefix, &last, visit)
		// Listing a directory fails on a file that is removed meanwhile. Those who
		// remove do not go on for ever.
		if gcerrors.Code(err) != gcerrors.NotFound || try == maxListings {
			return err
		}
	}
}

const maxListings = 100

// eachBehind visits the keys behind last, which it moves on.
func (b *Bucket) eachBehind(ctx context.Context, prefix string, last *string, visit func(key string) error) error {
	objects := b.blobs.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := objects.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list objects: %w", err)
		}
		if o.Key <= *last {
			continue
		}
		*last = o.Key
		if err := visit(o.Key); err != nil {
			return err
		}
	}
}

// Reseal encrypts every object anew, with the newest key.
func (b *Bucket) Reseal(ctx context.Context) error {
	return b.Each(ctx, "", func(key string) error {
		content, err := b.Get(ctx, key)
		if err != nil {
			return err
		}
		return b.Put(ctx, key, content)
	})
}
