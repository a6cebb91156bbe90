package imaging_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// TestAVIFIsTurnedByItsBoxes has the gradient, stored upright, turned to the left
// and then mirrored in every way that the boxes irot and imir can say.
func TestAVIFIsTurnedByItsBoxes(t *testing.T) {
	original := testdata(t, "turned.avif")
	irot, imir := bytes.Index(original, []byte("irot"))+4, bytes.Index(original, []byte("imir"))+4
	for quarters := range 4 {
		for mirror := range 2 {
			name := fmt.Sprintf("%d quarters, mirror %d", quarters, mirror)
			b := bytes.Clone(original)
			b[irot], b[imir] = byte(quarters), byte(mirror)
			p := decoded(t, b)
			width, height := 96, 64
			if quarters%2 == 1 {
				width, height = 64, 96
			}
			if p.Width != width || p.Height != height {
				t.Fatalf("%s: %d × %d pixels", name, p.Width, p.Height)
			}
			tensor := rgb(width, height)
			p.Fit(tensor, width, height)
			for _, s := range [][2]int{{7, 9}, {50, 5}, {20, 50}} {
				// Backwards: from the shown pixel to the stored one.
				x, y := s[0], s[1]
				if mirror == 0 {
					y = height - 1 - y
				} else {
					x = width - 1 - x
				}
				w, h := width, height
				for range quarters { // undo a turn to the left
					x, y = h-1-y, x
					w, h = h, w
				}
				near(t, fmt.Sprint(name, s), at(tensor, s[0], s[1]), [3]float32{float32(255 * x / 96), float32(255 * y / 64), 90}, 8)
			}
		}
	}
}

func TestAVIFOfTiles(t *testing.T) {
	p := decoded(t, testdata(t, "tiles.avif"))
	if p.Width != 192 || p.Height != 64 {
		t.Fatalf("%d × %d pixels", p.Width, p.Height)
	}
	checkGradient(t, p, 8)
}

func TestAVIFInGrey(t *testing.T) {
	tensor := rgb(96, 64)
	decoded(t, testdata(t, "grey.avif")).Fit(tensor, 96, 64)
	near(t, "grey", at(tensor, 40, 30), [3]float32{77, 77, 77}, 2)
}

// TestAVIFThatLies: its decoder believes the coded picture, so what the boxes
// say is compared with that before.
func TestAVIFThatLies(t *testing.T) {
	large, small := testdata(t, "large.avif"), testdata(t, "gradient.avif")
	for name, tt := range map[string]struct {
		b    []byte
		code hajir.Code
	}{
		"20 megapixels":                    {large, hajir.TooLarge},
		"20 megapixels that claim 0.006":   {resized(large, 96, 64), hajir.PictureInvalid},
		"10 bits a colour, 9 megapixels":   {resized(testdata(t, "deep.avif"), 3000, 3000), hajir.TooLarge},
		"a grid of more than it claims":    {grown(testdata(t, "tiles.avif")), hajir.TooLarge},
		"six frames in one picture":        {sixfold(small), hajir.PictureInvalid},
		"no picture is the primary one":    {changed(small, "pitm", 5, 9), hajir.PictureInvalid},
		"a picture that is something else": {bytes.Replace(small, []byte("av01"), []byte("hvc1"), 1), hajir.PictureInvalid},
		"cropped by a box":                 {testdata(t, "cropped.avif"), hajir.Unsupported},
		"a film":                           {testdata(t, "animated.avif"), hajir.Unsupported},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := imaging.NewDecoder().Decode(t.Context(), tt.b)
		runtime.ReadMemStats(&after)
		wantCode(t, name, err, tt.code)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: %d bytes allocated to refuse it", name, n)
		}
	}
}

// changed sets the byte at a place behind a box's kind.
func changed(b []byte, kind string, at int, to byte) []byte {
	out := bytes.Clone(b)
	out[bytes.Index(out, []byte(kind))+4+at] = to
	return out
}

// grown has a grid claim more pixels than its property: its last four bytes are
// the sides, in 16 bits each.
func grown(avif []byte) []byte {
	grid := []byte{0, 0, 0, 1, 0, 192, 0, 64}
	return bytes.Replace(avif, grid, []byte{0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}, 1)
}

// sixfold has an AVIF's picture followed by itself five times.
func sixfold(avif []byte) []byte {
	data := avif[bytes.Index(avif, []byte("mdat"))+4:]
	was := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	is := binary.BigEndian.AppendUint32(nil, uint32(6*len(data)))
	out := bytes.Replace(avif, was, is, 1)
	binary.BigEndian.PutUint32(out[len(out)-len(data)-8:], 0) // mdat is as long as the file
	return append(out, bytes.Repeat(data, 5)...)
}
