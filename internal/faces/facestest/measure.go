package facestest

import (
	"image"
	"image/color"
	"testing"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// testMeasure has quality measured, and only when it is asked for.
func testMeasure(t *testing.T, r faces.Recognizer, s *samples) {
	for name, portrait := range s.portraits {
		if f := look(t, r, portrait); f.Quality.Measured || f.Liveness != nil {
			t.Errorf("%s: %+v, and nobody asked", name, f)
		}
		f := look(t, r, portrait, faces.MeasureQuality, faces.MeasureLiveness)
		t.Logf("%s: %+v", name, f.Quality)
		if (f.Liveness != nil) != (r.Model().Liveness != "") {
			t.Errorf("%s: liveness %v of the model %q", name, f.Liveness, r.Model().Liveness)
		}
		if f.Liveness != nil && !(*f.Liveness >= 0 && *f.Liveness <= 1) {
			t.Errorf("%s: liveness %v", name, *f.Liveness)
		}
	}
	// Each picture is the same but for one thing.
	anna := decode(t, s.portraits["anna"])
	plain := look(t, r, s.portraits["anna"], faces.MeasureQuality).Quality
	if !plain.Measured {
		t.Skip("this adapter measures no quality")
	}
	dark := look(t, r, encode(t, mapped(anna, func(v float64) float64 { return v / 3 })), faces.MeasureQuality).Quality
	bright := look(t, r, encode(t, mapped(anna, func(v float64) float64 { return min(1.4*v+60, 255) })), faces.MeasureQuality).Quality
	blurred := look(t, r, encode(t, blur(anna, 6)), faces.MeasureQuality).Quality
	if !(dark.Brightness < 0.5*plain.Brightness && bright.Brightness > plain.Brightness && dark.Dark > plain.Dark && bright.Bright >= plain.Bright) {
		t.Errorf("light: dark %+v, plain %+v, bright %+v", dark, plain, bright)
	}
	if narrow := look(t, r, encode(t, narrowed(anna)), faces.MeasureQuality).Quality; !(narrow.Aspect < 0.9*plain.Aspect) || plain.Aspect < 0.5 || plain.Aspect > 2 {
		t.Errorf("aspect %.2f, of a narrowed picture %.2f", plain.Aspect, narrow.Aspect)
	}
	if blurred.Sharpness > plain.Sharpness/4 {
		t.Errorf("sharpness %.0f, and blurred %.0f", plain.Sharpness, blurred.Sharpness)
	}
	for name, portrait := range s.portraits {
		q := look(t, r, portrait, faces.MeasureQuality).Quality
		m := look(t, r, encode(t, mirror(decode(t, portrait))), faces.MeasureQuality).Quality
		if d := q.Yaw + m.Yaw; d > 8 || d < -8 {
			t.Errorf("%s: yaw %.1f, in the mirror %.1f", name, q.Yaw, m.Yaw)
		}
		if d := q.Pitch - m.Pitch; d > 8 || d < -8 {
			t.Errorf("%s: pitch %.1f, in the mirror %.1f", name, q.Pitch, m.Pitch)
		}
	}
}

// testFollow compares with the first picture, and searches as Identify does.
func testFollow(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna again"])
	anna := decode(t, s.portraits["anna"])
	frames, err := r.Follow(t.Context(), company, s.portraits["anna"], [][]byte{
		s.portraits["anna"], encode(t, mirror(anna)), s.portraits["bina"], s.pictures["sample3.jpg"], blank(),
	}, faces.MeasureQuality)
	if err != nil || len(frames) != 5 {
		t.Fatalf("%d frames, %v", len(frames), err)
	}
	near := func(i, face int) float64 {
		t.Helper()
		if len(frames[i].Faces) <= face || frames[i].Faces[face].Likeness == nil {
			t.Fatalf("picture %d: %+v", i, frames[i])
		}
		return *frames[i].Faces[face].Likeness
	}
	least := r.Model().Threshold
	if near(0, 0) < 0.99 || near(1, 0) < least || near(2, 0) >= least {
		t.Errorf("itself %.2f, in the mirror %.2f, somebody else %.2f; one person is from %.2f on", near(0, 0), near(1, 0), near(2, 0), least)
	}
	first(t, r, frames[1], "anna")
	found := 0
	for i := range frames[3].Faces {
		if near(3, i) >= least {
			found++
		}
	}
	if len(frames[3].Faces) != sampleFaces["sample3.jpg"] || found != 1 {
		t.Errorf("%d of %d faces are the first one's", found, len(frames[3].Faces))
	}
	if len(frames[4].Faces) != 0 {
		t.Errorf("a blank picture: %+v", frames[4])
	}
	if r.Model().Eyes != "" && !frames[0].Faces[0].Quality.Measured {
		t.Error("how the head is turned was not measured")
	}
	if got := look(t, r, s.portraits["anna"]); got.Likeness != nil {
		t.Errorf("compared with %v, and nobody asked", *got.Likeness)
	}
	if _, err := r.Follow(t.Context(), company, blank(), [][]byte{s.portraits["anna"]}); hajir.CodeOf(err) != hajir.FaceNone {
		t.Errorf("a first picture without a face: %v", err)
	}
	if _, err := r.Follow(t.Context(), company, s.portraits["anna"], [][]byte{[]byte("damaged")}); hajir.CodeOf(err) != hajir.PictureInvalid && hajir.CodeOf(err) != hajir.Unsupported {
		t.Errorf("a damaged picture: %v", err)
	}
}

// look returns the only face of a picture.
func look(t *testing.T, r faces.Recognizer, picture []byte, what ...faces.Measure) faces.Face {
	t.Helper()
	frame, err := r.Detect(t.Context(), picture, what...)
	if err != nil || len(frame.Faces) != 1 {
		t.Fatalf("%d faces, %v", len(frame.Faces), err)
	}
	return frame.Faces[0]
}

// mapped changes every value of a picture's channels.
func mapped(img image.Image, change func(float64) float64) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := out.Rect.Min.Y; y < out.Rect.Max.Y; y++ {
		for x := out.Rect.Min.X; x < out.Rect.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			v := func(c uint32) uint8 { return uint8(change(float64(c >> 8))) }
			out.SetRGBA(x, y, color.RGBA{v(r), v(g), v(b), 255})
		}
	}
	return out
}

// blur averages squares of 2·n+1 pixels.
func blur(img image.Image, n int) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := out.Rect.Min.Y; y < out.Rect.Max.Y; y++ {
		for x := out.Rect.Min.X; x < out.Rect.Max.X; x++ {
			var sum [3]uint32
			var count uint32
			for v := max(y-n, out.Rect.Min.Y); v <= min(y+n, out.Rect.Max.Y-1); v++ {
				for u := max(x-n, out.Rect.Min.X); u <= min(x+n, out.Rect.Max.X-1); u++ {
					r, g, b, _ := img.At(u, v).RGBA()
					sum[0], sum[1], sum[2] = sum[0]+r>>8, sum[1]+g>>8, sum[2]+b>>8
					count++
				}
			}
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / count), uint8(sum[1] / count), uint8(sum[2] / count), 255})
		}
	}
	return out
}

// narrowed is a picture of seven tenths of the width.
func narrowed(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()*7/10, b.Dy()))
	for y := range out.Rect.Max.Y {
		for x := range out.Rect.Max.X {
			out.Set(x, y, img.At(b.Min.X+x*10/7, b.Min.Y+y))
		}
	}
	return out
}

func mirror(img image.Image) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := out.Rect.Min.Y; y < out.Rect.Max.Y; y++ {
		for x := out.Rect.Min.X; x < out.Rect.Max.X; x++ {
			out.Set(out.Rect.Max.X-1-(x-out.Rect.Min.X), y, img.At(x, y))
		}
	}
	return out
}
