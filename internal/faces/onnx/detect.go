package onnx

import (
	"cmp"
	"math"
	"slices"

	"hajir/internal/imaging"
)

// The detector's answer is thinned out: of boxes that overlap by more than
// maxOverlap (intersection over union) the best stays, and of what is left the
// largest maxFaces.
const (
	maxOverlap = 0.3
	maxFaces   = 64
)

// box is a face in pixels of the upright picture.
type box struct {
	x1, y1, x2, y2 float64
	score          float64
}

func (b box) width() float64  { return b.x2 - b.x1 }
func (b box) height() float64 { return b.y2 - b.y1 }
func (b box) area() float64   { return b.width() * b.height() }

// fit writes p to the detector's input, as large as it goes without changing
// its proportions. What is beside it stays at zero, which is mid-grey.
func (w *worker) fit(p *imaging.Picture) {
	t := &w.detect.target
	k := min(float64(t.Width)/float64(p.Width), float64(t.Height)/float64(p.Height))
	width := min(max(int(math.Round(k*float64(p.Width))), 1), t.Width)
	height := min(max(int(math.Round(k*float64(p.Height))), 1), t.Height)
	if size := [2]int{width, height}; w.fitted != size {
		clear(t.Data)
		w.fitted = size
	}
	p.Fit(t, width, height)
}

// found reads the detector's output: for each anchor its scores for "nothing"
// and "face", and the corners of its box, decoded, as shares of the input.
func (w *worker) found(p *imaging.Picture, threshold float64) []box {
	scores, corners := w.detect.results[0], w.detect.results[1]
	toX := float64(w.detect.target.Width) / float64(w.fitted[0]) * float64(p.Width)
	toY := float64(w.detect.target.Height) / float64(w.fitted[1]) * float64(p.Height)
	w.boxes = w.boxes[:0]
	for i := 0; 2*i+1 < len(scores) && 4*i+3 < len(corners); i++ {
		score := float64(scores[2*i+1])
		if !(score >= threshold) { // not a number is not a face either
			continue
		}
		c := corners[4*i : 4*i+4]
		b := box{float64(c[0]) * toX, float64(c[1]) * toY, float64(c[2]) * toX, float64(c[3]) * toY, score}
		if b.width() >= 1 && b.height() >= 1 {
			w.boxes = append(w.boxes, b)
		}
	}
	return best(w.boxes)
}

// best removes the boxes that are the same face as a better one, and returns
// the rest by area, largest first. It reorders boxes.
func best(boxes []box) []box {
	slices.SortStableFunc(boxes, func(a, b box) int { return cmp.Compare(b.score, a.score) })
	var kept []box
	for _, b := range boxes {
		if !slices.ContainsFunc(kept, func(k box) bool { return overlap(k, b) > maxOverlap }) {
			kept = append(kept, b)
		}
	}
	slices.SortStableFunc(kept, func(a, b box) int { return cmp.Compare(b.area(), a.area()) })
	return kept[:min(len(kept), maxFaces)]
}

// overlap is the intersection's share of the union.
func overlap(a, b box) float64 {
	w := min(a.x2, b.x2) - max(a.x1, b.x1)
	h := min(a.y2, b.y2) - max(a.y1, b.y1)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (a.area() + b.area() - w*h)
}
