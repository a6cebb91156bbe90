package facestest

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// sampleFaces tells how many faces each sample picture shows.
var sampleFaces = map[string]int{
	"sample1.jpg": 3, "sample2.jpg": 3, "sample3.jpg": 3,
	"sample4.jpg": 4, "sample5.jpg": 5, "sample6.jpg": 4,
}

// portrait is a part of a sample picture that shows one face.
type portrait struct {
	file                     string
	left, top, right, bottom float64 // shares of the picture
}

// annaAgain is the one person, of those in the samples, who is surely in two of
// them.
var annaAgain = portrait{"sample1.jpg", 0.70, 0.10, 0.93, 0.45}

// The people are given names; nothing is known of them.
var portraits = map[string]portrait{
	"anna":       {"sample3.jpg", 0.52, 0.08, 0.72, 0.46},
	"anna again": annaAgain,
	"bina":       {"sample3.jpg", 0.24, 0.15, 0.49, 0.50},
	"chitra":     {"sample5.jpg", 0.70, 0.18, 0.88, 0.54},
	"dipa":       {"sample5.jpg", 0.13, 0.56, 0.34, 0.90},
	"esha":       {"sample6.jpg", 0.74, 0.08, 0.94, 0.42},
	"gita":       {"sample4.jpg", 0.10, 0.07, 0.25, 0.38},
	"stranger 1": {"sample3.jpg", 0.73, 0.12, 0.92, 0.50},
	"stranger 2": {"sample6.jpg", 0.30, 0.12, 0.50, 0.48},
}

// samples are the pictures, as files.
type samples struct {
	pictures  map[string][]byte
	portraits map[string][]byte
}

// loadSamples reads models/dist/samples, or skips the test. It does not go
// through package models so that those who only use Fake do not carry models.
func loadSamples(t *testing.T) *samples {
	t.Helper()
	s := &samples{pictures: map[string][]byte{}, portraits: map[string][]byte{}}
	for name := range sampleFaces {
		b, err := os.ReadFile(filepath.Join(root(t), "models", "dist", "samples", name))
		if err != nil {
			t.Skipf("SKIPPED: the sample pictures are missing, run `make models`: %v", err)
		}
		s.pictures[name] = b
	}
	images := map[string]image.Image{}
	for name, p := range portraits {
		if images[p.file] == nil {
			images[p.file] = decode(t, s.pictures[p.file])
		}
		s.portraits[name] = cut(t, images[p.file], p)
	}
	return s
}

// root returns the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("there is no go.mod above the test")
		}
		dir = parent
	}
}

// cut returns a part of a picture.
func cut(t *testing.T, img image.Image, p portrait) []byte {
	t.Helper()
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	from := image.Pt(int(p.left*w), int(p.top*h))
	part := image.NewRGBA(image.Rect(0, 0, int((p.right-p.left)*w), int((p.bottom-p.top)*h)))
	draw.Draw(part, part.Rect, img, from, draw.Src)
	return encode(t, part)
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// turned stores a picture as a camera does that is held otherwise, with EXIF's
// orientation to make up for it.
func turned(t *testing.T, picture []byte, orientation uint8) []byte {
	t.Helper()
	img := decode(t, picture)
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	stored := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		stored = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			left, top, right, bottom := x, y, w-1-x, h-1-y // distances to the sides
			to := [8][2]int{
				{left, top},
				{right, top},
				{right, bottom},
				{left, bottom},
				{top, left},
				{top, right},
				{bottom, right},
				{bottom, left},
			}[orientation-1]
			stored.Set(to[0], to[1], img.At(x, y))
		}
	}
	plain := encode(t, stored)
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00")
	exif = append(exif, orientation, 0, 0, 0, 0, 0, 0)
	return append(append(bytes.Clone(plain[:2]), exif...), plain[2:]...)
}

// blank is a picture of nothing.
func blank() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{120, 140, 160, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // a buffer does not fail
	}
	return b.Bytes()
}

// hugePNG claims 100 megapixels.
func hugePNG() []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x27\x10\x00\x00\x27\x10\x08\x02\x00\x00\x00")
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
	return append(b, make([]byte, 64)...)
}
