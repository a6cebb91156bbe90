package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hajir/internal/hajir"
)

// MaxPicture bounds a picture that is sent, in bytes; envelope is what a form
// adds.
const (
	MaxPicture = 20 << 20
	envelope   = 64 << 10
)

// PictureBody is the request body of an operation that takes a picture: the
// picture's bytes, or multipart/form-data with the field picture.
type PictureBody struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"image/*"`
}

// RegisterPicture adds an operation whose input embeds PictureBody.
func RegisterPicture[I, O any](a *API, op huma.Operation, access Access, handler func(context.Context, *I) (*O, error)) {
	RegisterPictures(a, op, access, 1, handler)
}

// RegisterPictures is RegisterPicture for an operation that takes several
// pictures, at most most.
func RegisterPictures[I, O any](a *API, op huma.Operation, access Access, most int, handler func(context.Context, *I) (*O, error)) {
	op.MaxBodyBytes = MaxPicture + envelope
	op.SkipValidateBody = true // it is no JSON
	binary := &huma.Schema{Type: "string", Format: "binary"}
	field, description := binary, "A JPEG, PNG, WebP, HEIC or AVIF picture of at most 20 MB and 40 megapixels."
	if most > 1 {
		field = &huma.Schema{Type: "array", Items: binary, MinItems: new(1), MaxItems: &most}
		description += fmt.Sprintf(" A form may have up to %d, of at most 20 MB together: several fields named picture.", most)
	}
	op.RequestBody = &huma.RequestBody{
		Required:    true,
		Description: description,
		Content: map[string]*huma.MediaType{
			"image/*": {Schema: binary},
			"multipart/form-data": {Schema: &huma.Schema{
				Type: "object", Required: []string{"picture"},
				Properties: map[string]*huma.Schema{"picture": field},
			}},
		},
	}
	op.BodyReadTimeout = uploadTime
	op.Middlewares = huma.Middlewares{a.refuseEmpty, a.reserve}
	queued(&op, string(Pictures))
	Register(a, op, access, func(ctx context.Context, in *I) (*O, error) {
		done, err := a.lines[Pictures].enter(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		return handler(ctx, in)
	})
}

// uploadTime is how long a picture may take to arrive: 20 MB at 2.7 Mbit/s.
const uploadTime = time.Minute

// uploadBytes bounds what pictures being received take of memory, all
// together. An ordinary check-in has some 60 kB.
const uploadBytes = 512 << 20

// refuseEmpty refuses a request without a body, which huma would refuse with
// fewer words.
func (a *API) refuseEmpty(ctx huma.Context, next func(huma.Context)) {
	if r, _ := humago.Unwrap(ctx); r.ContentLength == 0 {
		a.write(ctx, emptyPicture())
		return
	}
	next(ctx)
}

// reserve takes the body's size from what all uploads may take of memory, before
// it is read. A slow upload holds that, and no turn: others pass it.
func (a *API) reserve(ctx huma.Context, next func(huma.Context)) {
	if a.lines[Pictures].full() { // do not have it sent in vain
		a.write(ctx, a.lines[Pictures].refuse())
		return
	}
	r, _ := humago.Unwrap(ctx)
	size := r.ContentLength
	if size < 0 || size > ctx.Operation().MaxBodyBytes { // unknown, or refused while it is read
		size = ctx.Operation().MaxBodyBytes
	}
	if !a.uploads.TryAcquire(size) {
		a.lines[Pictures].refused()
		a.write(ctx, busy("too many pictures are arriving at once; try again in a few seconds", 5*time.Second))
		return
	}
	defer a.uploads.Release(size)
	next(ctx)
}

func emptyPicture() error {
	return hajir.Errorf(hajir.PictureInvalid, "the picture is empty (0 bytes); send a JPEG, PNG, WebP, HEIC or AVIF file")
}

// Picture returns the picture's bytes, which are valid until the operation
// returns.
func (b *PictureBody) Picture() ([]byte, error) {
	all, err := b.Pictures(1)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Pictures does so for an operation that takes several, at most most.
func (b *PictureBody) Pictures(most int) ([][]byte, error) {
	all := [][]byte{b.RawBody}
	mediaType, params, err := mime.ParseMediaType(b.ContentType)
	if err == nil && strings.HasPrefix(mediaType, "multipart/") {
		if all, err = pictureParts(b.RawBody, params["boundary"], most); err != nil {
			return nil, err
		}
	}
	size := 0
	for _, picture := range all {
		if len(picture) == 0 {
			return nil, emptyPicture()
		}
		size += len(picture)
	}
	if size > MaxPicture {
		return nil, hajir.Errorf(hajir.TooLarge, "the picture has more than %d MB; send a smaller one", MaxPicture>>20)
	}
	return all, nil
}

// pictureParts returns the fields named picture of a form. An operation that
// takes one takes the first.
func pictureParts(body []byte, boundary string, most int) ([][]byte, error) {
	var all [][]byte
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for most > 1 || len(all) == 0 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, malformed(err)
		}
		if part.FormName() != "picture" {
			continue
		}
		picture, err := io.ReadAll(part)
		if err != nil {
			return nil, malformed(err)
		}
		if all = append(all, picture); len(all) > most {
			return nil, hajir.Errorf(hajir.Invalid, "the form has more than %d pictures; send fewer of one moment", most)
		}
	}
	if len(all) == 0 {
		return nil, hajir.Errorf(hajir.Invalid, "the form has no field named picture")
	}
	return all, nil
}

func malformed(err error) error {
	return &hajir.Error{Code: hajir.Invalid, Message: "the form is cut off or malformed; send multipart/form-data with the field picture", Cause: err}
}
