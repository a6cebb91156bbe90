package onnx

import (
	"math"
	"testing"
)

// TestAlign recovers a known similarity, and is the best of those near it when
// the points do not fit exactly.
func TestAlign(t *testing.T) {
	expected := [][2]float64{{38.29, 51.70}, {73.53, 51.50}, {56.03, 71.74}, {41.55, 92.37}, {70.73, 92.20}}
	sin, cos := math.Sincos(0.3)
	const scale = 2.5
	var points [5][2]float64
	for i, q := range expected {
		points[i] = [2]float64{scale*(cos*q[0]-sin*q[1]) + 200, scale*(sin*q[0]+cos*q[1]) + 100}
	}
	m, err := align(points, expected)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range expected {
		x, y := m.XX*q[0]+m.XY*q[1]+m.X0, m.YX*q[0]+m.YY*q[1]+m.Y0
		if math.Hypot(x-points[i][0], y-points[i][1]) > 1e-9 {
			t.Errorf("point %d goes to (%v, %v), not %v", i, x, y, points[i])
		}
	}
	if _, err := align([5][2]float64{{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, expected); err == nil {
		t.Error("five times the same point passes")
	}
	nan := points
	nan[2][0] = math.NaN()
	if _, err := align(nan, expected); err == nil {
		t.Error("a point that is not a number passes")
	}
}

func TestUnit(t *testing.T) {
	v, err := unit([]float32{3, 4})
	if err != nil || v[0] != 0.6 || v[1] != 0.8 {
		t.Errorf("%v, %v", v, err)
	}
	for _, bad := range [][]float32{{0, 0}, {float32(math.NaN()), 1}, {float32(math.Inf(1)), 1}} {
		if _, err := unit(bad); err == nil {
			t.Errorf("%v has a direction", bad)
		}
	}
}

func TestBest(t *testing.T) {
	got := best([]box{
		{0, 0, 10, 10, 0.8},
		{1, 1, 11, 11, 0.9}, // the same face, better
		{100, 100, 140, 140, 0.7},
		{8, 8, 18, 18, 0.75}, // overlaps by little
	})
	want := []box{{100, 100, 140, 140, 0.7}, {1, 1, 11, 11, 0.9}, {8, 8, 18, 18, 0.75}}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
		}
	}
	many := make([]box, 0, 200)
	for i := range 200 {
		many = append(many, box{float64(20 * i), 0, float64(20*i + 10), 10, 0.9})
	}
	if n := len(best(many)); n != maxFaces {
		t.Errorf("%d faces are kept, want %d", n, maxFaces)
	}
}
