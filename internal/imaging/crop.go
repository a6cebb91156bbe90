package imaging

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math"
)

// cropFrom is the longer side, in pixels, of the picture that a part is cut out of.
const cropFrom = 2048

// Crop is Normalize for the part of a picture that left, top, width and height
// name, as shares of the upright picture. What reaches past its edges is not
// there; a part without any pixel is the whole picture.
func (d *Decoder) Crop(ctx context.Context, picture []byte, left, top, width, height float64, longer int) ([]byte, error) {
	p, err := d.Decode(ctx, picture)
	if err != nil {
		return nil, err
	}
	whole, err := p.JPEG(cropFrom)
	if err != nil {
		return nil, err
	}
	img, err := jpeg.Decode(bytes.NewReader(whole))
	if err != nil {
		return nil, fmt.Errorf("imaging: %w", err)
	}
	b := img.Bounds()
	pixel := func(share float64, side int) int { return int(math.Round(min(max(share, 0), 1) * float64(side))) }
	part := image.Rect(pixel(left, b.Dx()), pixel(top, b.Dy()), pixel(left+width, b.Dx()), pixel(top+height, b.Dy()))
	if cut, ok := img.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok && !part.Empty() {
		img = cut.SubImage(part)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("imaging: %w", err)
	}
	// Read again, so that it is not larger than was asked for.
	small, err := d.Normalize(ctx, out.Bytes(), longer)
	if err != nil {
		return nil, err
	}
	return small[0], nil
}
