package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // opens s3:// with the machine's AWS credentials
	"gocloud.dev/gcerrors"

	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// Scheme begins the address of a bucket in S3.
const Scheme = "s3://"

// remote is how a bucket in S3 is reached beside gocloud.
type remote struct {
	client *s3.Client
	bucket string
	prefix string
}

// OpenS3 opens s3://BUCKET/PREFIX with what gocloud.dev/blob/s3blob takes behind
// the question mark: region, endpoint, use_path_style, ssetype, kmskeyid and
// more. Links are those of OpenDir or, if there is a cdn, its own: then what lies
// in the bucket must be readable by it, so that S3 encrypts it and seal does not.
func OpenS3(ctx context.Context, address string, seal Sealer, linkPath string, secret []byte, cdn *CDN, now func() time.Time) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" || u.User != nil {
		return nil, errors.New("this is not the address of a bucket: give s3://BUCKET/PREFIX?region=REGION, and credentials by the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)")
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	u.Path = ""
	if q := u.Query(); cdn != nil && q.Get("ssetype") == "" {
		q.Set("ssetype", "AES256")
		u.RawQuery = q.Encode()
	}
	blobs, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open %s%s: %w", Scheme, u.Host, err)
	}
	r := &remote{bucket: u.Host, prefix: prefix}
	if !blobs.As(&r.client) {
		return nil, errors.Join(errors.New("open S3: the bucket has no client"), blobs.Close())
	}
	if prefix != "" {
		blobs = blob.PrefixedBucket(blobs, prefix)
	}
	b := &Bucket{blobs: blobs, seal: seal, s3: r, cdn: cdn, links: linkSigner{path: linkPath, secret: secret, now: now}}
	if cdn != nil {
		b.seal = plain{}
	}
	return b, nil
}

// plain leaves objects as they are.
type plain struct{}

func (plain) Seal(b []byte, _ string) ([]byte, error) { return b, nil }
func (plain) Open(b []byte, _ string) ([]byte, error) { return b, nil }

// options are what S3 tells of an object that CloudFront serves. Browsers keep it
// for as long as its link works, and nobody between does.
func (b *Bucket) options(key string) *blob.WriterOptions {
	if b.s3 == nil {
		return nil
	}
	o := &blob.WriterOptions{ContentType: "application/octet-stream"}
	if b.cdn != nil {
		o.CacheControl = "private, max-age=" + strconv.Itoa(int(LinkLife.Seconds()))
		if path.Ext(key) == ".jpg" {
			o.ContentType = "image/jpeg"
		}
	}
	return o
}

// UploadLife is for how long an upload may begin.
const UploadLife = 5 * time.Minute

// uploadsPrefix begins the keys of what clients have uploaded and nobody has
// taken in yet. A rule of the bucket deletes what is left there.
const uploadsPrefix = "uploads/"

// Upload is leave to store one object from outside, once and exactly so.
type Upload struct {
	Key     string // to take it in by
	URL     string
	Method  string
	Header  http.Header // to be sent as it is
	Expires time.Time
}

// uploadTypes are the types of pictures that are read.
var uploadTypes = []string{"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/avif"}

// Invite lets a client store a picture of a company's by itself, under id: of
// exactly size bytes and this type, which the signature binds. It is for pictures
// larger than what a function takes, or a line that is slow. A bucket in a
// directory takes none: there the API takes pictures of every size.
func (b *Bucket) Invite(ctx context.Context, company, id, contentType string, size int64) (Upload, error) {
	if b.s3 == nil {
		return Upload{}, hajir.Errorf(hajir.Unsupported, "This installation takes pictures by its API alone; send it there.")
	}
	allowed := false
	for _, t := range uploadTypes {
		allowed = allowed || t == contentType
	}
	switch {
	case !allowed:
		return Upload{}, hajir.Errorf(hajir.Unsupported, "A picture of the type %.40q is not read; send one of %s.", contentType, strings.Join(uploadTypes, ", "))
	case size < 1:
		return Upload{}, hajir.Errorf(hajir.Invalid, "the size is that of the picture in bytes")
	case size > imaging.MaxBytes:
		return Upload{}, hajir.Errorf(hajir.TooLarge, "The picture has %.0f MB, and at most %d MB are read. Send a smaller one.", float64(size)/(1<<20), imaging.MaxBytes>>20)
	}
	u := Upload{Key: uploadsPrefix + company + "/" + id, Expires: b.links.now().Add(UploadLife)}
	signed, err := s3.NewPresignClient(b.s3.client).PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(b.s3.bucket), Key: aws.String(b.s3.prefix + u.Key),
		ContentType: aws.String(contentType), ContentLength: aws.Int64(size),
	}, s3.WithPresignExpires(UploadLife))
	if err != nil {
		return Upload{}, fmt.Errorf("sign upload: %w", err)
	}
	u.URL, u.Method, u.Header = signed.URL, signed.Method, signed.SignedHeader.Clone()
	u.Header.Del("Host")
	return u, nil
}

// TakeIn returns what a client has uploaded, and removes it. What is not there
// (any more) is a *hajir.Error with NotFound. Uploads are not sealed: they are
// strangers' bytes until they were read.
func (b *Bucket) TakeIn(ctx context.Context, key string) ([]byte, error) {
	if b.s3 == nil || !strings.HasPrefix(key, uploadsPrefix) || strings.Contains(key, "..") {
		return nil, hajir.Errorf(hajir.NotFound, "there is no such upload")
	}
	r, err := b.blobs.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, &hajir.Error{Code: hajir.NotFound, Message: "there is no such upload; begin again", Cause: err}
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	content, err := io.ReadAll(io.LimitReader(r, imaging.MaxBytes+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	if err := b.blobs.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return nil, fmt.Errorf("delete upload: %w", err)
	}
	if len(content) > imaging.MaxBytes {
		return nil, hajir.Errorf(hajir.TooLarge, "At most %d MB of a picture are read. Send a smaller one.", imaging.MaxBytes>>20)
	}
	return content, nil
}
