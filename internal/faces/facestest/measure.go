package facestest

import (
	"image"
	"image/color"
	"testing"

	"hajir/internal/faces"
)

// testMeasure has quality measured, and only when it is asked for.
func testMeasure(t *testing.T, r faces.Recognizer, s *samples) {
	look := func(picture []byte, what ...faces.Measure) faces.Face {
		t.Helper()
		frame, err := r.Detect(t.Context(), picture, what...)
		if err != nil || len(frame.Faces) != 1 {
			t.Fatalf("%d faces, %v", len(frame.Faces), err)
		}
		return frame.Faces[0]
	}
	for name, portrait := range s.portraits {
		if f := look(portrait); f.Quality.Measured || f.Liveness != nil {
			t.Errorf("%s: %+v, and nobody asked", name, f)
		}
		f := look(portrait, faces.MeasureQuality, faces.MeasureLiveness)
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
	plain := look(s.portraits["anna"], faces.MeasureQuality).Quality
	if !plain.Measured {
		t.Skip("this adapter measures no quality")
	}
	dark := look(encode(t, mapped(anna, func(v float64) float64 { return v / 3 })), faces.MeasureQuality).Quality
	bright := look(encode(t, mapped(anna, func(v float64) float64 { return min(1.4*v+60, 255) })), faces.MeasureQuality).Quality
	blurred := look(encode(t, blur(anna, 6)), faces.MeasureQuality).Quality
	if !(dark.Brightness < 0.5*plain.Brightness && bright.Brightness > plain.Brightness && dark.Dark > plain.Dark && bright.Bright >= plain.Bright) {
		t.Errorf("light: dark %+v, plain %+v, bright %+v", dark, plain, bright)
	}
	if blurred.Sharpness > plain.Sharpness/4 {
		t.Errorf("sharpness %.0f, and blurred %.0f", plain.Sharpness, blurred.Sharpness)
	}
	for name, portrait := range s.portraits {
		q := look(portrait, faces.MeasureQuality).Quality
		m := look(encode(t, mirror(decode(t, portrait))), faces.MeasureQuality).Quality
		if d := q.Yaw + m.Yaw; d > 8 || d < -8 {
			t.Errorf("%s: yaw %.1f, in the mirror %.1f", name, q.Yaw, m.Yaw)
		}
		if d := q.Pitch - m.Pitch; d > 8 || d < -8 {
			t.Errorf("%s: pitch %.1f, in the mirror %.1f", name, q.Pitch, m.Pitch)
		}
	}
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

func mirror(img image.Image) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := out.Rect.Min.Y; y < out.Rect.Max.Y; y++ {
		for x := out.Rect.Min.X; x < out.Rect.Max.X; x++ {
			out.Set(out.Rect.Max.X-1-(x-out.Rect.Min.X), y, img.At(x, y))
		}
	}
	return out
}
