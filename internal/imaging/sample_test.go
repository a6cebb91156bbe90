package imaging_test

import (
	"fmt"
	"math"
	"testing"

	"hajir/internal/imaging"
)

// TestFitIsTheMean compares shrinking by a whole number with the mean of the
// pixels that each target pixel covers.
func TestFitIsTheMean(t *testing.T) {
	p := decoded(t, encodePNG(t, gradient(240, 180)))
	full, small := rgb(240, 180), rgb(100, 100)
	p.Fit(full, 240, 180)
	p.Fit(small, 80, 60)
	for _, s := range [][2]int{{0, 0}, {79, 59}, {40, 30}} {
		var mean [3]float32
		for y := range 3 {
			for x := range 3 {
				for i, v := range at(full, 3*s[0]+x, 3*s[1]+y) {
					mean[i] += v / 9
				}
			}
		}
		near(t, fmt.Sprint(s), at(small, s[0], s[1]), mean, 1)
	}
	if v := at(small, 90, 90); v != [3]float32{} {
		t.Errorf("what is beside the picture was written to: %v", v)
	}
}

func TestFitEnlarges(t *testing.T) {
	p := decoded(t, encodePNG(t, gradient(50, 40)))
	tensor := rgb(200, 160)
	p.Fit(tensor, 200, 160)
	near(t, "middle", at(tensor, 100, 80), [3]float32{255 * 24.6 / 50, 255 * 19.6 / 40, 90}, 3)
	near(t, "corner", at(tensor, 0, 0), [3]float32{0, 0, 90}, 2)
}

// TestWarp turns and enlarges, and compares with where the gradient's pixels
// come from.
func TestWarp(t *testing.T) {
	p := decoded(t, encodePNG(t, gradient(300, 200)))
	for _, scale := range []float64{0.4, 1, 1.7, 3.2} {
		sin, cos := math.Sincos(0.4)
		m := imaging.Affine{
			XX: scale * cos, XY: -scale * sin, X0: 140 - 16*scale,
			YX: scale * sin, YY: scale * cos, Y0: 95 - 16*scale,
		}
		tensor := rgb(32, 32)
		p.Warp(tensor, m)
		for _, s := range [][2]int{{3, 4}, {16, 16}, {29, 20}} {
			u, v := float64(s[0])+0.5, float64(s[1])+0.5
			x, y := m.XX*u+m.XY*v+m.X0, m.YX*u+m.YY*v+m.Y0
			want := [3]float32{float32(255 * (x - 0.5) / 300), float32(255 * (y - 0.5) / 200), 90}
			near(t, fmt.Sprintf("scale %v at %v", scale, s), at(tensor, s[0], s[1]), want, 2.5)
		}
	}
}

// TestWarpOutside repeats the border, and survives maps that make no sense.
func TestWarpOutside(t *testing.T) {
	p := decoded(t, encodePNG(t, gradient(60, 40)))
	tensor := rgb(8, 8)
	p.Warp(tensor, imaging.Affine{XX: 1, X0: -500, YY: 1, Y0: -500})
	near(t, "left above", at(tensor, 4, 4), [3]float32{0, 0, 90}, 2)
	p.Warp(tensor, imaging.Affine{XX: 1, X0: 500, YY: 1, Y0: 500})
	near(t, "right below", at(tensor, 4, 4), [3]float32{250, 248, 90}, 3)
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		p.Warp(tensor, imaging.Affine{XX: v, XY: 1, X0: v, YX: 1, YY: v, Y0: v})
		p.Warp(tensor, imaging.Affine{XX: 1, X0: v, YY: 1, Y0: v})
	}
}

func TestWarpLuma(t *testing.T) {
	p := decoded(t, encodePNG(t, gradient(100, 100)))
	tensor := &imaging.Tensor{Width: 4, Height: 4, Data: make([]float32, 16), Planes: []imaging.Plane{{Channel: imaging.Luma, Factor: 1. / 256, Addend: 1}}}
	p.Warp(tensor, imaging.Affine{XX: 1, X0: 50, YY: 1, Y0: 50})
	want := float32(0.299*255*0.5+0.587*255*0.5+0.114*90)/256 + 1
	if d := tensor.Data[0] - want; d > 0.02 || d < -0.02 {
		t.Errorf("%v, want %v", tensor.Data[0], want)
	}
}
