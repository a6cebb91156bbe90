package imaging

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
)

// quality keeps a face recognisable to people and models alike, at about a
// tenth of a byte a pixel.
const quality = 85

// JPEG returns p upright, without any metadata, its longer side at most longer
// pixels. It is never enlarged.
func (p *Picture) JPEG(longer int) ([]byte, error) {
	if longer < 1 {
		return nil, fmt.Errorf("imaging: a picture cannot be made %d pixels long", longer)
	}
	width, height := p.Width, p.Height
	if side := max(width, height); side > longer {
		k := float64(longer) / float64(side)
		width = max(int(math.Round(float64(width)*k)), 1)
		height = max(int(math.Round(float64(height)*k)), 1)
	}
	l := p.layout(width, height, width)
	var img image.Image
	if p.grey() {
		grey := image.NewGray(image.Rect(0, 0, width, height))
		p.scaled(width, height, false, func(y int, r rows) {
			l.place(grey.Pix, y, r.y)
		})
		img = grey
	} else {
		colour := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio444)
		p.scaled(width, height, true, func(y int, r rows) {
			l.place(colour.Y, y, r.y)
			l.place(colour.Cb, y, r.cb)
			l.place(colour.Cr, y, r.cr)
		})
		img = colour
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("imaging: %w", err)
	}
	return out.Bytes(), nil
}

// place writes a stored row, in 256ths, to where it belongs in dst.
func (l layout) place(dst []uint8, y int, row []uint32) {
	i := l.first + y*l.down
	for _, v := range row {
		dst[i] = uint8(min((v+128)>>8, 255))
		i += l.right
	}
}
