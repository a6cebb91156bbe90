package imaging_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// gradient returns a picture whose pixels tell where they are: red grows to the
// right, green downwards, blue is constant. The pictures in testdata are the
// same, 96 × 64, but for the HEIC, which have 192 × 128.
func gradient(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{R: uint8(255 * x / width), G: uint8(255 * y / height), B: 90, A: 255})
		}
	}
	return img
}

func encode(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func decoded(tb testing.TB, b []byte) *imaging.Picture {
	tb.Helper()
	p, err := imaging.NewDecoder().Decode(tb.Context(), b)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// rgb returns a tensor that holds red, green and blue, 0..255.
func rgb(width, height int) *imaging.Tensor {
	t := &imaging.Tensor{Width: width, Height: height, Data: make([]float32, 3*width*height)}
	for _, c := range []imaging.Channel{imaging.Red, imaging.Green, imaging.Blue} {
		t.Planes = append(t.Planes, imaging.Plane{Channel: c, Factor: 1})
	}
	return t
}

// at returns the colour in the middle of t's pixel (x, y).
func at(t *imaging.Tensor, x, y int) [3]float32 {
	n, i := t.Width*t.Height, y*t.Width+x
	return [3]float32{t.Data[i], t.Data[n+i], t.Data[2*n+i]}
}

// near fails unless every component differs by at most tolerance.
func near(tb testing.TB, what string, got, want [3]float32, tolerance float32) {
	tb.Helper()
	for i := range got {
		if d := got[i] - want[i]; d > tolerance || d < -tolerance {
			tb.Errorf("%s: %v, want %v ± %v", what, got, want, tolerance)
			return
		}
	}
}

// checkGradient fails unless p shows the gradient, upright.
func checkGradient(tb testing.TB, p *imaging.Picture, tolerance float32) {
	tb.Helper()
	t := rgb(p.Width, p.Height)
	p.Fit(t, p.Width, p.Height)
	for _, s := range [][2]float64{{0.1, 0.1}, {0.9, 0.1}, {0.1, 0.9}, {0.9, 0.9}, {0.5, 0.5}} {
		x, y := int(s[0]*float64(p.Width)), int(s[1]*float64(p.Height))
		near(tb, fmt.Sprintf("(%d,%d)", x, y), at(t, x, y), [3]float32{float32(255 * x / p.Width), float32(255 * y / p.Height), 90}, tolerance)
	}
}

func TestDecodeFormats(t *testing.T) {
	img := gradient(96, 64)
	deep := image.NewNRGBA64(img.Rect)
	paletted := image.NewPaletted(img.Rect, nil)
	for r := range 16 {
		for g := range 16 {
			paletted.Palette = append(paletted.Palette, color.RGBA{uint8(r * 16), uint8(g * 16), 90, 255})
		}
	}
	for y := range 64 {
		for x := range 96 {
			deep.Set(x, y, img.At(x, y))
			paletted.Set(x, y, img.At(x, y))
		}
	}
	for name, tt := range map[string]struct {
		b         []byte
		tolerance float32
	}{
		"jpeg":             {encode(t, img), 6},
		"progressive jpeg": {testdata(t, "progressive.jpg"), 8},
		"cmyk jpeg":        {testdata(t, "cmyk.jpg"), 12},
		"png":              {encodePNG(t, img), 2},
		"16-bit png":       {encodePNG(t, deep), 2},
		"paletted png":     {encodePNG(t, paletted), 16},
		"png within":       {encodePNG(t, gradientWithin()), 2},
		"webp":             {testdata(t, "gradient.webp"), 8},
		"lossless webp":    {testdata(t, "gradient-lossless.webp"), 2},
		"heic":             {testdata(t, "gradient.heic"), 8},
		"avif":             {testdata(t, "gradient.avif"), 8},
		"10-bit avif":      {testdata(t, "deep.avif"), 8},
	} {
		t.Run(name, func(t *testing.T) {
			p := decoded(t, tt.b)
			if p.Width*64 != p.Height*96 {
				t.Fatalf("%d × %d pixels", p.Width, p.Height)
			}
			checkGradient(t, p, tt.tolerance)
		})
	}
}

// gradientWithin is a part of a larger picture, whose corner is not at 0,0.
func gradientWithin() image.Image {
	larger := image.NewRGBA(image.Rect(-7, -5, 130, 90))
	img := gradient(96, 64)
	for y := range 64 {
		for x := range 96 {
			larger.Set(x+10, y+10, img.At(x, y))
		}
	}
	return larger.SubImage(image.Rect(10, 10, 106, 74))
}

func TestDecodeGrey(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = 77
	}
	deep := image.NewGray16(img.Rect)
	for i := range img.Pix {
		deep.Pix[2*i], deep.Pix[2*i+1] = 77, 77
	}
	for name, b := range map[string][]byte{"jpeg": encode(t, img), "png": encodePNG(t, img), "16-bit png": encodePNG(t, deep)} {
		p := decoded(t, b)
		tensor := rgb(40, 30)
		p.Fit(tensor, 40, 30)
		near(t, name, at(tensor, 20, 15), [3]float32{77, 77, 77}, 1)
		p.Warp(tensor, imaging.Affine{XX: 1, YY: 1})
		near(t, name+" warped", at(tensor, 20, 15), [3]float32{77, 77, 77}, 1)
	}
}

func TestTransparentIsWhite(t *testing.T) {
	p := decoded(t, encodePNG(t, image.NewNRGBA(image.Rect(0, 0, 8, 8))))
	tensor := rgb(8, 8)
	p.Fit(tensor, 8, 8)
	near(t, "transparent", at(tensor, 4, 4), [3]float32{255, 255, 255}, 1)
}

// exif returns a TIFF header with nothing but an orientation.
func exif(order binary.AppendByteOrder, orientation int) []byte {
	b := []byte("II")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(orientation))
	return order.AppendUint16(b, 0)
}

// withEXIF inserts an APP1 segment.
func withEXIF(jpeg, tiff []byte) []byte {
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, jpeg[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	out = append(out, body...)
	return append(out, jpeg[2:]...)
}

// turnedAway returns img stored so that orientation makes it upright, after
// EXIF's definition: which side of the picture its first row and column are.
func turnedAway(img image.Image, orientation int) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	stored := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		stored = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := map[int]image.Point{
				1: {x, y}, 2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {y, w - 1 - x}, 7: {h - 1 - y, w - 1 - x}, 8: {h - 1 - y, x},
			}[orientation]
			stored.Set(to.X, to.Y, img.At(x, y))
		}
	}
	return stored
}

func TestOrientation(t *testing.T) {
	img := gradient(96, 64)
	for orientation := 1; orientation <= 8; orientation++ {
		stored := encode(t, turnedAway(img, orientation))
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p := decoded(t, withEXIF(stored, exif(order, orientation)))
			if p.Width != 96 || p.Height != 64 {
				t.Fatalf("orientation %d: %d × %d pixels", orientation, p.Width, p.Height)
			}
			checkGradient(t, p, 8)
			// Warp sees the same picture as Fit, here its right lower part.
			tensor := rgb(20, 10)
			p.Warp(tensor, imaging.Affine{XX: 1, X0: 70, YY: 1, Y0: 50})
			near(t, fmt.Sprintf("orientation %d, warped", orientation), at(tensor, 5, 5), [3]float32{255 * 75 / 96., 255 * 55 / 64., 90}, 8)
			kept, err := p.JPEG(1000)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(kept, []byte("Exif")) {
				t.Errorf("orientation %d: metadata is kept", orientation)
			}
			checkGradient(t, decoded(t, kept), 10)
		}
	}
}

func TestOrientationOfPNGAndWebP(t *testing.T) {
	// The chunk goes between IHDR, which ends at byte 33, and the rest.
	b := encodePNG(t, turnedAway(gradient(96, 64), 6))
	tiff := exif(binary.BigEndian, 6)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(tiff)))
	chunk = append(append(chunk, "eXIf"...), tiff...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc(chunk[4:]))
	p := decoded(t, append(append(append([]byte{}, b[:33]...), chunk...), b[33:]...))
	checkGradient(t, p, 2)

	if p := decoded(t, testdata(t, "turned.webp")); p.Width != 64 || p.Height != 96 {
		t.Errorf("webp: %d × %d pixels", p.Width, p.Height)
	}
}

func TestJPEGLimitsTheLongerSide(t *testing.T) {
	for _, tt := range []struct{ width, height, longer, wantWidth, wantHeight int }{
		{400, 300, 200, 200, 150},
		{300, 400, 200, 150, 200},
		{400, 300, 400, 400, 300},
		{40, 30, 400, 40, 30}, // never enlarged
		{1000, 2, 100, 100, 1},
	} {
		b, err := decoded(t, encode(t, gradient(tt.width, tt.height))).JPEG(tt.longer)
		if err != nil {
			t.Fatal(err)
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width != tt.wantWidth || c.Height != tt.wantHeight {
			t.Errorf("%+v: %d × %d, %v", tt, c.Width, c.Height, err)
		}
	}
	if _, err := decoded(t, encode(t, gradient(8, 8))).JPEG(0); err == nil {
		t.Error("a longer side of 0 passes")
	}
}

func wantCode(tb testing.TB, what string, err error, want hajir.Code) {
	tb.Helper()
	e, ok := errors.AsType[*hajir.Error](err)
	if !ok || e.Code != want || e.Message == "" {
		tb.Errorf("%s: %v, want %s", what, err, want)
	}
}

// TestMirror compares a mirrored tensor with one that was warped from right to
// left.
func TestMirror(t *testing.T) {
	p := decoded(t, encode(t, gradient(320, 200)))
	straight, mirrored := rgb(48, 32), rgb(48, 32)
	p.Warp(straight, imaging.Affine{XX: 2, X0: 40, YY: 2, Y0: 30})
	p.Warp(mirrored, imaging.Affine{XX: -2, X0: 40 + 2*48, YY: 2, Y0: 30})
	straight.Mirror()
	for i, v := range straight.Data {
		if d := v - mirrored.Data[i]; d < -0.1 || d > 0.1 {
			t.Fatalf("number %d is %v instead of %v", i, v, mirrored.Data[i])
		}
	}
}
