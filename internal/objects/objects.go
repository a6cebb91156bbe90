// Package objects keeps pictures and exports in a bucket: a directory, or any
// store that gocloud.dev/blob opens. What lies in it is encrypted, and a link
// to it is signed and expires.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"hajir/internal/hajir"
)

// LinkLife is for how long a signed link works.
const LinkLife = 5 * time.Minute

// Sealer encrypts objects; associated is the object's key, so that an object
// moved elsewhere does not decrypt.
type Sealer interface {
	Seal(plaintext []byte, associated string) ([]byte, error)
	Open(sealed []byte, associated string) ([]byte, error)
}

// Bucket keeps encrypted objects. It is safe for concurrent use.
type Bucket struct {
	blobs  *blob.Bucket
	signer fileblob.URLSigner
	dir    string
	seal   Sealer
	now    func() time.Time
}

// OpenDir opens the bucket in dir and makes dir if needed. Links begin with
// linkPath, the path at which the API serves objects, and are signed with
// secret.
func OpenDir(dir string, seal Sealer, linkPath string, secret []byte, now func() time.Time) (*Bucket, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make object directory: %w", err)
	}
	signer := fileblob.NewURLSignerHMAC(&url.URL{Path: linkPath}, secret)
	blobs, err := fileblob.OpenBucket(dir, &fileblob.Options{
		URLSigner: signer,
		// The temporary file lies beside its object, so that the rename is
		// atomic; content types follow from the keys.
		NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		DirFileMode: 0o700,
	})
	if err != nil {
		return nil, fmt.Errorf("open object directory: %w", err)
	}
	return &Bucket{blobs: blobs, signer: signer, dir: filepath.Clean(dir), seal: seal, now: now}, nil
}

// Close releases the bucket.
func (b *Bucket) Close() error { return b.blobs.Close() }

// Put stores content under key.
func (b *Bucket) Put(ctx context.Context, key string, content []byte) error {
	sealed, err := b.seal.Seal(content, "object/"+key)
	if err != nil {
		return err
	}
	if err := b.blobs.WriteAll(ctx, key, sealed, nil); err != nil {
		return fmt.Errorf("write object: %w", err)
	}
	return b.sync(key)
}

// sync makes an object the owner's alone and has it, with the directories that
// name it, on the disk.
func (b *Bucket) sync(key string) error {
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
		return nil, fmt.Errorf("read object: %w", err)
	}
	return b.seal.Open(sealed, "object/"+key)
}

// Delete removes what is stored under key; nothing there is no error.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.blobs.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete object: %w", err)
	}
	return nil
}

// DeleteAll removes everything whose key begins with prefix, a folder that ends
// in a slash, and the folder too: its name may be somebody's.
func (b *Bucket) DeleteAll(ctx context.Context, prefix string) error {
	err := b.Each(ctx, prefix, func(key string) error { return b.Delete(ctx, key) })
	if err != nil {
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

// Link returns a signed link to key, and when it stops working.
func (b *Bucket) Link(ctx context.Context, key string) (string, time.Time, error) {
	expires := b.now().Add(LinkLife)
	link, err := b.blobs.SignedURL(ctx, key, &blob.SignedURLOptions{Expiry: LinkLife})
	if err != nil {
		return "", expires, fmt.Errorf("sign link: %w", err)
	}
	return link, expires, nil
}

// Verify returns the key that a signed link's query opens, or a *hajir.Error
// with Forbidden when the link is forged or has expired.
func (b *Bucket) Verify(ctx context.Context, query url.Values) (string, error) {
	key, err := b.signer.KeyFromURL(ctx, &url.URL{RawQuery: query.Encode()})
	if err != nil {
		return "", &hajir.Error{Code: hajir.Forbidden, Message: "this link has expired or is not genuine; load the page again", Cause: err}
	}
	return key, nil
}

// FacesPrefix is where a company's enrolment pictures are.
func FacesPrefix(company string) string { return "faces/" + company + "/" }

// Size is one of the sizes in which a picture is kept.
type Size string

// The sizes of a picture that people look at, and the most pixels that their
// longer side has. Original is enough to compute a template anew with another
// model.
const (
	Original Size = "original" // 2048
	Medium   Size = "medium"   // 640
	Small    Size = "small"    // 160
)

// Sizes lists the sizes.
func Sizes() []Size { return []Size{Original, Medium, Small} }

// Pixels returns the most pixels that each of Sizes has on its longer side.
func Pixels() []int { return []int{2048, 640, 160} }

// FaceKey returns the key of one enrolment picture.
func FaceKey(company, username, faceID string, size Size) string {
	return FacesPrefix(company) + path.Join(username, faceID, string(size)) + ".jpg"
}

// FacePrefix is where all sizes of one enrolment picture are.
func FacePrefix(company, username, faceID string) string {
	return FacesPrefix(company) + path.Join(username, faceID) + "/"
}

// PersonFaces is where all enrolment pictures of a person are.
func PersonFaces(company, username string) string { return FacesPrefix(company) + username + "/" }

// PunchPrefix is where the daily images of a company lay before they lay below
// each person; punches still name those.
func PunchPrefix(company string) string { return "punches/" + company + "/" }

// DailyPrefix is where the daily images of a company lie.
func DailyPrefix(company string) string { return "daily/" + company + "/" }

// PersonDaily is where the daily images of a person lie, so that all of them
// are found when they are to go, those too that no punch names because the
// program was cut off.
func PersonDaily(company, username string) string { return DailyPrefix(company) + username + "/" }

// PunchKey returns the key of the picture of a punch.
func PunchKey(company, username, date, punchID string) string {
	return PersonDaily(company, username) + strings.ReplaceAll(date, "-", "/") + "/" + punchID + ".jpg"
}

// PersonProfile is where a person's profile picture lies.
func PersonProfile(company, username string) string {
	return "profiles/" + company + "/" + username + "/"
}
