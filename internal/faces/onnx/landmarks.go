package onnx

import "hajir/internal/imaging"

// landmarkCount is how many points the landmark model finds (the order of the
// 300-W data set).
const landmarkCount = 68

// groups are the points whose middle is each of the five that count: the eyes,
// the nose's tip, the mouth's corners.
var groups = [5][]int{{37, 38, 40, 41}, {43, 44, 46, 47}, {30}, {48, 60}, {54, 64}}

// opposite is which of the five points each is in a mirror.
var opposite = [5]int{1, 0, 2, 4, 3}

// crop returns the map from the landmark model's input to the picture: the box
// made square on its height.
func (w *worker) crop(b box) imaging.Affine {
	t := &w.landmark.target
	side := b.height()
	left := (b.x1+b.x2)/2 - side/2
	return imaging.Affine{
		XX: side / float64(t.Width), X0: left,
		YY: side / float64(t.Height), Y0: b.y1,
	}
}

// mirrored returns the map that shows the same from right to left.
func (w *worker) mirrored(crop imaging.Affine) imaging.Affine {
	crop.X0 += crop.XX * float64(w.landmark.target.Width)
	crop.XX = -crop.XX
	return crop
}

// points reads the landmark model's output, in pixels of the picture.
func (w *worker) points(crop imaging.Affine) [5][2]float64 {
	out, t := w.landmark.results[0], &w.landmark.target
	var five [5][2]float64
	for i, group := range groups {
		var x, y float64
		for _, n := range group {
			x += float64(out[2*n])
			y += float64(out[2*n+1])
		}
		x *= float64(t.Width) / float64(len(group))
		y *= float64(t.Height) / float64(len(group))
		five[i] = [2]float64{crop.XX*x + crop.X0, crop.YY*y + crop.Y0}
	}
	return five
}

// meet returns the middles between points and those found in the mirror.
func meet(points, mirror [5][2]float64) [5][2]float64 {
	for i, o := range opposite {
		for axis := range 2 {
			points[i][axis] = (points[i][axis] + mirror[o][axis]) / 2
		}
	}
	return points
}
