package imaging

import (
	"image"
	"image/color"
	"image/draw"
)

// Picture is a decoded picture. Its pixels stay as they were stored, in one
// plane of brightness and two of colour (usually of half the size); what turns
// it upright is applied when pixels are taken out. A Picture is not changed
// after Decode, and so safe for concurrent use.
type Picture struct {
	// Width and Height are those of the upright picture, in pixels.
	Width, Height int

	stored      image.Rectangle // as stored, from 0,0
	orientation int             // EXIF's, 1 to 8
	y, cb, cr   plane           // cb and cr have no pixels in a grey picture
}

// plane is one component of a picture. Its pixel (x, y) covers the picture's
// (x<<shiftX, y<<shiftY) and on.
type plane struct {
	pix            []uint8
	stride         int
	width, height  int
	shiftX, shiftY uint
}

func (p *Picture) grey() bool { return len(p.cb.pix) == 0 }

// turn sets the orientation.
func (p *Picture) turn(orientation int) {
	p.orientation = orientation
	p.Width, p.Height = p.stored.Dx(), p.stored.Dy()
	if p.turned() {
		p.Width, p.Height = p.Height, p.Width
	}
}

// turned tells whether upright rows are stored as columns.
func (p *Picture) turned() bool { return p.orientation >= 5 }

// source returns the map from places in the upright picture, in pixels, to
// places in the stored one.
func (p *Picture) source() Affine {
	w, h := float64(p.stored.Dx()), float64(p.stored.Dy())
	switch p.orientation {
	case 2:
		return Affine{-1, 0, w, 0, 1, 0}
	case 3:
		return Affine{-1, 0, w, 0, -1, h}
	case 4:
		return Affine{1, 0, 0, 0, -1, h}
	case 5:
		return Affine{0, 1, 0, 1, 0, 0}
	case 6:
		return Affine{0, 1, 0, -1, 0, h}
	case 7:
		return Affine{0, -1, w, -1, 0, h}
	case 8:
		return Affine{0, -1, w, 1, 0, 0}
	}
	return Affine{1, 0, 0, 0, 1, 0}
}

// Square returns the square in the middle of p, which it shares the pixels with.
// The middle is the same however p is turned. To keep brightness and colour
// together, it begins at a multiple of 4 pixels.
func (p *Picture) Square() *Picture {
	side := min(p.stored.Dx(), p.stored.Dy())
	x, y := (p.stored.Dx()-side)/2&^3, (p.stored.Dy()-side)/2&^3
	q := &Picture{stored: image.Rect(0, 0, side, side)}
	q.y, q.cb, q.cr = p.y.square(x, y, side), p.cb.square(x, y, side), p.cr.square(x, y, side)
	q.turn(p.orientation)
	return q
}

// square returns the part of pl that belongs to a square of the picture.
func (pl plane) square(x, y, side int) plane {
	if len(pl.pix) == 0 {
		return pl
	}
	pl.width, pl.height = (side+1<<pl.shiftX-1)>>pl.shiftX, (side+1<<pl.shiftY-1)>>pl.shiftY
	pl.pix = pl.pix[y>>pl.shiftY*pl.stride+x>>pl.shiftX:]
	return pl
}

// newPicture takes img's planes, or converts img if it has none.
func newPicture(img image.Image) (*Picture, error) {
	switch img := img.(type) {
	case *image.YCbCr:
		if p, ok := fromYCbCr(img); ok {
			return p, nil
		}
	case *image.Gray:
		b := img.Bounds()
		p := &Picture{stored: image.Rect(0, 0, b.Dx(), b.Dy())}
		p.y = plane{pix: img.Pix, stride: img.Stride, width: b.Dx(), height: b.Dy()}
		p.turn(1)
		return p, p.check()
	}
	p := fromAny(img)
	return p, p.check()
}

// fromYCbCr reports false for pictures that do not start at 0,0 or whose
// planes are shorter than their size asks for.
func fromYCbCr(img *image.YCbCr) (*Picture, bool) {
	var sx, sy uint
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio444:
	case image.YCbCrSubsampleRatio422:
		sx = 1
	case image.YCbCrSubsampleRatio420:
		sx, sy = 1, 1
	case image.YCbCrSubsampleRatio440:
		sy = 1
	case image.YCbCrSubsampleRatio411:
		sx = 2
	case image.YCbCrSubsampleRatio410:
		sx, sy = 2, 1
	}
	if img.Rect.Min != (image.Point{}) {
		return nil, false
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	cw, ch := (w+1<<sx-1)>>sx, (h+1<<sy-1)>>sy
	p := &Picture{
		stored: img.Rect,
		y:      plane{pix: img.Y, stride: img.YStride, width: w, height: h},
		cb:     plane{pix: img.Cb, stride: img.CStride, width: cw, height: ch, shiftX: sx, shiftY: sy},
		cr:     plane{pix: img.Cr, stride: img.CStride, width: cw, height: ch, shiftX: sx, shiftY: sy},
	}
	p.turn(1)
	return p, p.check() == nil
}

// check makes sure that every pixel is there, so that nothing after it needs to
// doubt it.
func (p *Picture) check() error {
	for _, pl := range []plane{p.y, p.cb, p.cr} {
		if pl.height > 0 && (pl.stride < pl.width || len(pl.pix) < (pl.height-1)*pl.stride+pl.width) {
			return errShort
		}
	}
	return nil
}

// fromAny converts a picture of any other kind, on white where it is
// transparent, a band at a time to need little memory beside the result.
func fromAny(img image.Image) *Picture {
	const rows = 32
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	p := &Picture{stored: image.Rect(0, 0, w, h)}
	pix := make([]uint8, 3*w*h)
	for i, pl := range []*plane{&p.y, &p.cb, &p.cr} {
		*pl = plane{pix: pix[i*w*h : (i+1)*w*h : (i+1)*w*h], stride: w, width: w, height: h}
	}
	p.turn(1)
	band := image.NewRGBA(image.Rect(0, 0, w, min(rows, h)))
	for top := 0; top < h; top += rows {
		n := min(rows, h-top)
		draw.Draw(band, band.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(band, image.Rect(0, 0, w, n), img, image.Pt(b.Min.X, b.Min.Y+top), draw.Over)
		for i := range w * n {
			px := band.Pix[i*4 : i*4+3 : i*4+3]
			j := top*w + i
			p.y.pix[j], p.cb.pix[j], p.cr.pix[j] = color.RGBToYCbCr(px[0], px[1], px[2])
		}
	}
	return p
}

// fullRange stretches the values of a lossy WebP: the format stores brightness
// as 16 to 235 and colour as 16 to 240, its decoder returns them as they are,
// and image.YCbCr means 0 to 255.
func fullRange(img image.Image) image.Image {
	switch img := img.(type) {
	case *image.YCbCr:
		stretchAll(img)
	case *image.NYCbCrA:
		stretchAll(&img.YCbCr)
	}
	return img
}

func stretchAll(img *image.YCbCr) {
	stretch(img.Y, 16, 219, 0)
	stretch(img.Cb, 128, 224, 128)
	stretch(img.Cr, 128, 224, 128)
}

// stretch maps zero to to, and span to 255.
func stretch(pix []uint8, zero, span, to int) {
	var table [256]uint8
	for i := range table {
		v := ((i-zero)*255*2+span)/(span*2) + to
		table[i] = uint8(min(max(v, 0), 255))
	}
	for i, v := range pix {
		pix[i] = table[v]
	}
}
