package facestest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// A script is drawn as squares of blockSide pixels, black for 0 and white for 1,
// blockRow of them in a row: drawMark, its length, and its bytes.
const (
	blockSide = 8
	blockRow  = 32
	drawMark  = 0xa7
)

// Picture returns a small JPEG that Fake takes for script, of at most 255 bytes.
// The script stands behind it, and is drawn in it, so that Fake also knows what is
// made of the picture without scaling it.
func Picture(script string) []byte {
	text := append([]byte{drawMark, byte(len(script))}, script...)
	rows := (len(text)*8 + blockRow - 1) / blockRow
	img := image.NewGray(image.Rect(0, 0, blockRow*blockSide, rows*blockSide))
	for y := range img.Rect.Max.Y {
		for x := range img.Rect.Max.X {
			bit := y/blockSide*blockRow + x/blockSide
			if bit/8 < len(text) && text[bit/8]>>(bit%8)&1 == 1 {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil // a buffer does not fail
	}
	return append(b.Bytes(), script...)
}

// drawn returns the script that a picture shows; none when it shows something else.
func drawn(picture []byte) []byte {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil || img.Bounds().Dx() != blockRow*blockSide {
		return nil
	}
	at := func(n int) (b byte) {
		for bit := n * 8; bit < n*8+8; bit++ {
			p := image.Pt(bit%blockRow*blockSide+blockSide/2, bit/blockRow*blockSide+blockSide/2)
			if light, _, _, _ := img.At(p.X, p.Y).RGBA(); light > 0x7fff {
				b |= 1 << (bit % 8)
			}
		}
		return b
	}
	if at(0) != drawMark {
		return nil
	}
	text := make([]byte, at(1))
	for i := range text {
		text[i] = at(i + 2)
	}
	return text
}
