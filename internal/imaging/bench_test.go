package imaging_test

import (
	"testing"

	"hajir/internal/imaging"
)

func BenchmarkDecode(b *testing.B) {
	small, middle, large := encode(b, gradient(250, 250)), encode(b, gradient(640, 480)), encode(b, gradient(1920, 1280))
	for name, jpeg := range map[string][]byte{"250x250": small, "640x480": middle, "1920x1280": large} {
		b.Run(name, func(b *testing.B) {
			d := imaging.NewDecoder()
			for b.Loop() {
				if _, err := d.Decode(b.Context(), jpeg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFit(b *testing.B) {
	for name, size := range map[string][2]int{"250x250": {250, 250}, "640x480": {640, 480}, "1920x1280": {1920, 1280}} {
		p := decoded(b, encode(b, gradient(size[0], size[1])))
		b.Run(name, func(b *testing.B) {
			t := rgb(320, 240)
			for b.Loop() {
				p.Fit(t, 320*size[0]/max(size[0], size[1]*4/3), 240*size[1]/max(size[1], size[0]*3/4))
			}
		})
	}
}

func BenchmarkWarp(b *testing.B) {
	p := decoded(b, encode(b, gradient(1920, 1280)))
	for name, m := range map[string]imaging.Affine{
		"1:1": {XX: 1, XY: 0.1, X0: 80, YX: -0.1, YY: 1, Y0: 70},
		"1:3": {XX: 3, XY: 0.1, X0: 80, YX: -0.1, YY: 3, Y0: 70},
	} {
		b.Run(name, func(b *testing.B) {
			t := rgb(112, 112)
			for b.Loop() {
				p.Warp(t, m)
			}
		})
	}
}
