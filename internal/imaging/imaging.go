// Package imaging reads pictures that strangers send: JPEG, PNG, WebP, HEIC
// and AVIF of any orientation, within bounds of bytes and pixels that are checked before
// anything is decoded. Read Decoder first; Picture is what comes out, and
// warp.go, scale.go and jpeg.go are what can be done with it.
package imaging

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/gen2brain/avif"
	"github.com/gen2brain/heic"
	"golang.org/x/image/webp"

	"hajir/internal/hajir"
)

// The bounds of a picture.
const (
	// MaxBytes is what a file may have. Phones' largest JPEG have about 15 MB.
	MaxBytes = 20 << 20
	// MaxPixels is what a picture may have. Decoded, that is 60 to 120 MB as
	// it is kept, and at most 320 MB while a 16-bit PNG or a progressive JPEG
	// is read.
	MaxPixels = 40_000_000
	// largePixels is from where pictures are decoded one after the other, so
	// that several at once do not add up to all of the memory.
	largePixels = 9_000_000
)

// Decoder reads pictures. It is safe for concurrent use.
type Decoder struct {
	large chan struct{} // holds a token while a large picture is decoded
}

// NewDecoder returns a Decoder.
func NewDecoder() *Decoder {
	return &Decoder{large: make(chan struct{}, 1)}
}

// Decode reads a picture of any of the formats. Its failures are *hajir.Error
// with PictureInvalid, Unsupported or TooLarge, or ctx's.
func (d *Decoder) Decode(ctx context.Context, b []byte) (*Picture, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(b) > MaxBytes {
		return nil, hajir.Errorf(hajir.TooLarge, "The picture has %.0f MB, and at most %d MB are read. Send a smaller one.", float64(len(b))/(1<<20), MaxBytes>>20)
	}
	kind, err := sniff(b)
	if err != nil {
		return nil, err
	}
	width, height, err := kind.size(b)
	if err != nil {
		return nil, damaged(kind, err)
	}
	if err := checkSize(width, height); err != nil {
		return nil, err
	}
	if width*height >= largePixels || kind.sandboxed() {
		select {
		case d.large <- struct{}{}:
			defer func() { <-d.large }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	img, err := kind.decode(b)
	if err != nil {
		return nil, damaged(kind, err)
	}
	p, err := newPicture(img)
	if err != nil {
		return nil, damaged(kind, err)
	}
	if err := checkSize(p.stored.Dx(), p.stored.Dy()); err != nil {
		return nil, err
	}
	p.turn(kind.orientation(b))
	return p, nil
}

func checkSize(width, height int) error {
	if width < 1 || height < 1 {
		return hajir.Errorf(hajir.PictureInvalid, "The picture has no pixels. Take or choose another one.")
	}
	if width > MaxPixels/height {
		return tooManyPixels(width, height, MaxPixels)
	}
	return nil
}

func tooManyPixels(width, height, most int) error {
	return hajir.Errorf(hajir.TooLarge, "The picture has %d × %d pixels, and at most %.3g megapixels of its kind are read. Send a smaller one.", width, height, float64(most)/1e6)
}

// damaged is what is told of a file that a decoder refused, unless it said what
// is wrong with it.
func damaged(kind format, cause error) error {
	if e, ok := errors.AsType[*hajir.Error](cause); ok {
		return e
	}
	_, oddJPEG := errors.AsType[jpeg.UnsupportedError](cause)
	_, oddPNG := errors.AsType[png.UnsupportedError](cause)
	if oddJPEG || oddPNG {
		return &hajir.Error{
			Code:    hajir.Unsupported,
			Message: fmt.Sprintf("This kind of %s is not read. Save it anew as an ordinary JPEG or PNG picture.", kind),
			Cause:   cause,
		}
	}
	return &hajir.Error{
		Code:    hajir.PictureInvalid,
		Message: fmt.Sprintf("The %s picture is damaged or was cut off on its way. Take or choose it again.", kind),
		Cause:   cause,
	}
}

// size reads the header alone.
func (f format) size(b []byte) (width, height int, err error) {
	defer recoverTo(&err)
	var c image.Config
	switch f {
	case formatHEIC:
		return heicSize(b)
	case formatAVIF:
		f, err := readAVIF(b)
		return f.width, f.height, err
	case formatJPEG:
		c, err = jpeg.DecodeConfig(bytes.NewReader(b))
	case formatPNG:
		c, err = png.DecodeConfig(bytes.NewReader(b))
	case formatWebP:
		c, err = webp.DecodeConfig(bytes.NewReader(b))
	}
	return c.Width, c.Height, err
}

func (f format) decode(b []byte) (img image.Image, err error) {
	defer recoverTo(&err)
	switch f {
	case formatJPEG:
		return jpeg.Decode(bytes.NewReader(b))
	case formatPNG:
		return png.Decode(bytes.NewReader(b))
	case formatWebP:
		img, err = webp.Decode(bytes.NewReader(b))
		return fullRange(img), err
	case formatHEIC:
		img, err = heic.Decode(bytes.NewReader(b))
		return detached(img), err
	case formatAVIF:
		return avif.Decode(bytes.NewReader(b))
	}
	return nil, errors.New("no such format")
}

// recoverTo turns a decoder's panic into an error: its input is a stranger's.
func recoverTo(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("the decoder panicked: %v", v)
	}
}
