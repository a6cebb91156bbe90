package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // opens s3:// with the machine's AWS credentials
	"gocloud.dev/gcerrors"
)

const s3Scheme = "s3://"

// bucket keeps a backup in S3, or in a store that speaks its protocol.
type bucket struct {
	blobs *blob.Bucket
	name  string
}

// openBucket opens s3://BUCKET/PREFIX with what gocloud.dev/blob/s3blob takes
// behind the question mark: region, endpoint, use_path_style, profile and more.
func openBucket(ctx context.Context, address string) (Files, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%q is not the address of a bucket: give s3://BUCKET/PREFIX?region=REGION, and credentials by the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)", address)
	}
	name := s3Scheme + u.Host + u.Path
	prefix := strings.Trim(u.Path, "/")
	u.Path = ""
	b, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	if prefix != "" {
		b = blob.PrefixedBucket(b, prefix+"/")
	}
	return &bucket{blobs: b, name: name}, nil
}

func (b *bucket) String() string { return b.name }

// Put uploads a file, which appears when all of it is there.
func (b *bucket) Put(ctx context.Context, name string, content io.Reader) (err error) {
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	w, err := b.blobs.NewWriter(ctx, name, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, content); err != nil {
		giveUp() // so that Close does not make a file of half of it
		return errors.Join(err, ignore(w.Close()))
	}
	return w.Close()
}

// ignore drops the error of closing what was given up.
func ignore(error) error { return nil }

// Get opens a file.
func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := b.blobs.NewReader(ctx, name, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Delete removes a file.
func (b *bucket) Delete(ctx context.Context, name string) error {
	if err := b.blobs.Delete(ctx, name); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return nil
}

// Each visits files in the order of their names.
func (b *bucket) Each(ctx context.Context, prefix string, visit func(File) error) error {
	all := b.blobs.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := all.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(File{Name: o.Key, Size: o.Size}); err != nil {
			return err
		}
	}
}
