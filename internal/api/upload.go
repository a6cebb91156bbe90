package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hajir/internal/hajir"
)

// MaxPicture bounds a picture that is sent, in bytes.
const MaxPicture = 20 << 20

// PictureBody is the request body of an operation that takes a picture: the
// picture's bytes, or multipart/form-data with the field picture.
type PictureBody struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"image/*"`
}

// RegisterPicture adds an operation whose input embeds PictureBody.
func RegisterPicture[I, O any](a *API, op huma.Operation, access Access, handler func(context.Context, *I) (*O, error)) {
	op.MaxBodyBytes = MaxPicture + 64<<10 // and the multipart envelope
	op.SkipValidateBody = true            // it is no JSON
	binary := &huma.Schema{Type: "string", Format: "binary"}
	op.RequestBody = &huma.RequestBody{
		Required:    true,
		Description: "A JPEG, PNG, WebP or HEIC picture of at most 20 MB and 40 megapixels.",
		Content: map[string]*huma.MediaType{
			"image/*": {Schema: binary},
			"multipart/form-data": {Schema: &huma.Schema{
				Type: "object", Required: []string{"picture"},
				Properties: map[string]*huma.Schema{"picture": binary},
			}},
		},
	}
	op.Middlewares = huma.Middlewares{a.refuseEmpty, a.takeTurn}
	Register(a, op, access, handler)
}

// refuseEmpty refuses a request without a body, which huma would refuse with
// fewer words.
func (a *API) refuseEmpty(ctx huma.Context, next func(huma.Context)) {
	if r, _ := humago.Unwrap(ctx); r.ContentLength == 0 {
		a.write(ctx, emptyPicture())
		return
	}
	next(ctx)
}

// takeTurn bounds how many pictures are in memory at once. It waits before the
// body is read.
func (a *API) takeTurn(ctx huma.Context, next func(huma.Context)) {
	select {
	case a.pictures <- struct{}{}:
		defer func() { <-a.pictures }()
		next(ctx)
	case <-ctx.Context().Done():
		a.write(ctx, ctx.Context().Err())
	}
}

func emptyPicture() error {
	return hajir.Errorf(hajir.PictureInvalid, "the picture is empty (0 bytes); send a JPEG, PNG, WebP or HEIC file")
}

// Picture returns the picture's bytes, which are valid until the operation
// returns.
func (b *PictureBody) Picture() ([]byte, error) {
	picture := b.RawBody
	mediaType, params, err := mime.ParseMediaType(b.ContentType)
	if err == nil && strings.HasPrefix(mediaType, "multipart/") {
		if picture, err = picturePart(b.RawBody, params["boundary"]); err != nil {
			return nil, err
		}
	}
	switch {
	case len(picture) == 0:
		return nil, emptyPicture()
	case len(picture) > MaxPicture:
		return nil, hajir.Errorf(hajir.TooLarge, "the picture has more than %d MB; send a smaller one", MaxPicture>>20)
	}
	return picture, nil
}

func picturePart(body []byte, boundary string) ([]byte, error) {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, hajir.Errorf(hajir.Invalid, "the form has no field named picture")
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
		return picture, nil
	}
}

func malformed(err error) error {
	return &hajir.Error{Code: hajir.Invalid, Message: "the form is cut off or malformed; send multipart/form-data with the field picture", Cause: err}
}
