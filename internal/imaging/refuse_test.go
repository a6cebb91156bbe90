package imaging_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"runtime"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

func TestRefuses(t *testing.T) {
	jpg, png := encode(t, gradient(96, 64)), encodePNG(t, gradient(96, 64))
	webp, heic := testdata(t, "gradient.webp"), testdata(t, "gradient.heic")
	avif := testdata(t, "gradient.avif")
	for name, tt := range map[string]struct {
		b    []byte
		code hajir.Code
	}{
		"nothing":              {nil, hajir.PictureInvalid},
		"text":                 {[]byte("hello, this is a photo.jpg"), hajir.PictureInvalid},
		"text after a start":   {append([]byte("\xff\xd8\xff"), "hello"...), hajir.PictureInvalid},
		"random bytes":         {[]byte{0x93, 0x81, 0xfe, 0x80, 1, 2, 3}, hajir.PictureInvalid},
		"three bytes of jpeg":  {jpg[:3], hajir.PictureInvalid},
		"half a jpeg":          {jpg[:len(jpg)/2], hajir.PictureInvalid},
		"half a png":           {png[:len(png)/2], hajir.PictureInvalid},
		"half a webp":          {webp[:len(webp)/2], hajir.PictureInvalid},
		"half a heic":          {heic[:len(heic)/2], hajir.PictureInvalid},
		"a heic's head":        {heic[:40], hajir.PictureInvalid},
		"gif":                  {[]byte("GIF89a......"), hajir.Unsupported},
		"bmp":                  {[]byte("BM.........."), hajir.Unsupported},
		"tiff":                 {[]byte("II*\x00........"), hajir.Unsupported},
		"pdf":                  {[]byte("%PDF-1.7...."), hajir.Unsupported},
		"svg":                  {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), hajir.Unsupported},
		"an avif's head":       {[]byte("\x00\x00\x00\x14ftypavif\x00\x00\x00\x00mif1"), hajir.PictureInvalid},
		"half an avif":         {avif[:len(avif)/2], hajir.PictureInvalid},
		"an avif of 50 MP":     {resized(avif, 10_000, 5_000), hajir.TooLarge},
		"an avif of 2^64":      {resized(avif, 1<<32-1, 1<<32-1), hajir.TooLarge},
		"animated webp":        {[]byte("RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x07\x00\x00\x07\x00\x00ANIM"), hajir.Unsupported},
		"a 12-bit jpeg":        {bytes.Replace(jpegHeader(64, 48), []byte{0, 17, 8}, []byte{0, 17, 12}, 1), hajir.Unsupported},
		"video":                {[]byte("\x00\x00\x00\x14ftypmp42\x00\x00\x00\x00mp42"), hajir.Unsupported},
		"unknown brand":        {[]byte("\x00\x00\x00\x10ftyp\x01\x02\x03\x04\x00\x00\x00\x00"), hajir.Unsupported},
		"too many bytes":       {make([]byte, imaging.MaxBytes+1), hajir.TooLarge},
		"a png of 50 MP":       {pngHeader(10_000, 5_000), hajir.TooLarge},
		"a png of 2^62 pixels": {pngHeader(1<<31-1, 1<<31-1), hajir.Unsupported}, // its decoder refuses first
		"a jpeg of 50 MP":      {jpegHeader(10_000, 5_000), hajir.TooLarge},
		"a webp of 50 MP":      {webpHeader(10_000, 5_000), hajir.TooLarge},
		"a heic of 50 MP":      {resized(heic, 10_000, 5_000), hajir.TooLarge},
		"a heic of 2^64":       {resized(heic, 1<<32-1, 1<<32-1), hajir.TooLarge},
		"a heic without size":  {bytes.Replace(heic, []byte("ispe"), []byte("free"), 1), hajir.PictureInvalid},
		"a png without pixels": {pngHeader(0, 5), hajir.PictureInvalid},
		"a header alone, 9 MP": {pngHeader(3000, 3000), hajir.PictureInvalid},
	} {
		_, err := imaging.NewDecoder().Decode(t.Context(), tt.b)
		wantCode(t, name, err, tt.code)
	}
}

// TestBombsAreCheap makes sure that what a header asks for is not allocated
// before it is judged.
func TestBombsAreCheap(t *testing.T) {
	d := imaging.NewDecoder()
	for name, b := range map[string][]byte{
		"png": pngHeader(10_000, 5_000), "jpeg": jpegHeader(10_000, 5_000), "webp": webpHeader(10_000, 5_000),
		"heic": resized(testdata(t, "gradient.heic"), 10_000, 5_000), "avif": resized(testdata(t, "gradient.avif"), 10_000, 5_000),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := d.Decode(t.Context(), b)
		runtime.ReadMemStats(&after)
		wantCode(t, name, err, hajir.TooLarge)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: %d bytes allocated to refuse it", name, n)
		}
	}
}

// TestLargest reads a picture at the limit.
func TestLargest(t *testing.T) {
	p := decoded(t, encode(t, image.NewGray(image.Rect(0, 0, 8_000, 5_000))))
	if p.Width*p.Height != imaging.MaxPixels {
		t.Errorf("%d × %d pixels", p.Width, p.Height)
	}
}

// TestTruncatedAnywhere cuts pictures off at every place: they may be read or
// refused, and nothing else.
func TestTruncatedAnywhere(t *testing.T) {
	d := imaging.NewDecoder()
	for name, b := range map[string][]byte{
		"jpeg": withEXIF(encode(t, gradient(32, 16)), exif(binary.BigEndian, 6)), "png": encodePNG(t, gradient(32, 16)),
		"webp": testdata(t, "turned.webp"), "alpha": testdata(t, "alpha.webp"),
	} {
		for n := range len(b) {
			if _, err := d.Decode(t.Context(), b[:n]); err != nil {
				wantCode(t, name, err, hajir.PictureInvalid)
			}
		}
	}
	avif := testdata(t, "turned.avif")
	for n := range len(avif) {
		if _, err := d.Decode(t.Context(), avif[:n]); err != nil && hajir.CodeOf(err) != hajir.Unsupported {
			wantCode(t, "avif", err, hajir.PictureInvalid)
		}
	}
	heic := testdata(t, "turned.heic")
	for n := 0; n < len(heic); n += 41 {
		if _, err := d.Decode(t.Context(), heic[:n]); err != nil && hajir.CodeOf(err) != hajir.Unsupported {
			wantCode(t, "heic", err, hajir.PictureInvalid)
		}
	}
}

// TestHEICIsTurnedByItsDecoder: the format has its own way to turn a picture,
// and EXIF's is not to be applied to it again.
func TestHEICIsTurnedByItsDecoder(t *testing.T) {
	if p := decoded(t, testdata(t, "turned.heic")); p.Width != 192 || p.Height != 128 {
		t.Errorf("%d × %d pixels", p.Width, p.Height)
	}
}

func TestDecodeStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := imaging.NewDecoder().Decode(ctx, encode(t, gradient(8, 8))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, gradient(16, 8)))
	f.Add(encodePNG(f, gradient(16, 8)))
	f.Add(withEXIF(encode(f, gradient(16, 8)), exif(binary.LittleEndian, 6)))
	f.Add(pngHeader(10_000, 5_000))
	for _, name := range []string{"gradient.webp", "gradient-lossless.webp", "turned.webp", "alpha.webp", "progressive.jpg", "cmyk.jpg", "turned.heic", "turned.avif", "deep.avif", "tiles.avif", "cropped.avif"} {
		f.Add(testdata(f, name))
	}
	d := imaging.NewDecoder()
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := d.Decode(t.Context(), b)
		if err != nil {
			if e, ok := errors.AsType[*hajir.Error](err); !ok || e.Message == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		p.Fit(rgb(32, 24), 32, 24)
		p.Warp(rgb(16, 16), imaging.Affine{XX: 3, XY: 1, X0: -9, YX: -1, YY: 3, Y0: -9})
		if _, err := p.JPEG(64); err != nil {
			t.Fatal(err)
		}
	})
}

// pngHeader is a PNG that claims a size and has no pixels.
func pngHeader(width, height uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, 8, 6, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, crc(b[12:]))
	return append(b, make([]byte, 64)...)
}

// jpegHeader is a JPEG that claims a size and has no pixels.
func jpegHeader(width, height uint16) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(b, height)
	b = binary.BigEndian.AppendUint16(b, width)
	b = append(b, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
	return append(b, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0)
}

// webpHeader is a WebP that claims a size and has no pixels.
func webpHeader(width, height uint32) []byte {
	body := []byte("WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00")
	for _, v := range []uint32{width - 1, height - 1} {
		body = append(body, byte(v), byte(v>>8), byte(v>>16))
	}
	body = append(body, make([]byte, 32)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// resized has a HEIC claim another size.
func resized(heic []byte, width, height uint32) []byte {
	out := bytes.Clone(heic)
	at := bytes.Index(out, []byte("ispe")) + 8
	binary.BigEndian.PutUint32(out[at:], width)
	binary.BigEndian.PutUint32(out[at+4:], height)
	return out
}
