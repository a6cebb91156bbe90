package imaging_test

import (
	"bytes"
	"image/jpeg"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// A part is upright, as large as it is in the picture, and from the right place.
func TestCrop(t *testing.T) {
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, gradient(400, 200), nil); err != nil {
		t.Fatal(err)
	}
	d := imaging.NewDecoder()
	for name, tt := range map[string]struct {
		left, top, width, height float64
		longer                   int
		wide, high               int
		red, green               int // in the middle
	}{
		"the right half":       {0.5, 0, 0.5, 1, 1000, 200, 200, 191, 127},
		"the lower left":       {0, 0.5, 0.25, 0.5, 1000, 100, 100, 32, 191},
		"past the edges":       {-0.5, -1, 1, 2, 1000, 200, 200, 64, 127},
		"smaller than it is":   {0.5, 0, 0.5, 1, 50, 50, 50, 191, 127},
		"nothing of it at all": {2, 2, 1, 1, 1000, 400, 200, 127, 127},
	} {
		b, err := d.Crop(t.Context(), picture.Bytes(), tt.left, tt.top, tt.width, tt.height, tt.longer)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if s := img.Bounds().Size(); s.X != tt.wide || s.Y != tt.high {
			t.Errorf("%s: %v, want %d × %d", name, s, tt.wide, tt.high)
		}
		r, g, _, _ := img.At(tt.wide/2, tt.high/2).RGBA()
		if red, green := int(r>>8), int(g>>8); max(red-tt.red, tt.red-red, green-tt.green, tt.green-green) > 8 {
			t.Errorf("%s: red %d and green %d in the middle, want %d and %d", name, red, green, tt.red, tt.green)
		}
	}
	if _, err := d.Crop(t.Context(), []byte("no picture"), 0, 0, 1, 1, 100); hajir.CodeOf(err) != hajir.PictureInvalid && hajir.CodeOf(err) != hajir.Unsupported {
		t.Errorf("no picture: %v", err)
	}
}
