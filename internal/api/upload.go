package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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

// TakesPicture completes an operation whose input embeds PictureBody.
func TakesPicture(op huma.Operation) huma.Operation {
	op.MaxBodyBytes = MaxPicture + 64<<10 // and the multipart envelope
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
	return op
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
		return nil, hajir.Errorf(hajir.PictureInvalid, "the picture is empty (0 bytes); send a JPEG, PNG, WebP or HEIC file")
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
