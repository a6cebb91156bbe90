package onnx

import (
	"errors"
	"math"

	"hajir/internal/imaging"
)

var errDegenerate = errors.New("onnx: the landmarks fall into one point")

// align returns the map from an embedding model's input to the picture: the
// inverse of the similarity (scale, rotation, shift) that takes the points of a
// face nearest to where the model expects them, in the sense of least squares.
func align(points [5][2]float64, expected [][2]float64) (imaging.Affine, error) {
	var px, py, qx, qy float64
	for i, p := range points {
		px, py = px+p[0]/5, py+p[1]/5
		qx, qy = qx+expected[i][0]/5, qy+expected[i][1]/5
	}
	// With centred points as complex numbers, q ≈ (a+bi)·p.
	var a, b, norm float64
	for i, p := range points {
		x, y := p[0]-px, p[1]-py
		u, v := expected[i][0]-qx, expected[i][1]-qy
		a += x*u + y*v
		b += x*v - y*u
		norm += x*x + y*y
	}
	size := a*a + b*b
	if !(size > 0) || math.IsInf(size, 0) || !(norm > 0) {
		return imaging.Affine{}, errDegenerate
	}
	// p = (q − q̄)·norm / (a+bi) + p̄
	c, s := a*norm/size, b*norm/size
	return imaging.Affine{
		XX: c, XY: s, X0: px - c*qx - s*qy,
		YX: -s, YY: c, Y0: py + s*qx - c*qy,
	}, nil
}

// unit scales v to length 1.
func unit(v []float32) ([]float32, error) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return nil, errors.New("onnx: the embedding has no direction")
	}
	k := 1 / math.Sqrt(sum)
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(float64(x) * k)
	}
	return out, nil
}
