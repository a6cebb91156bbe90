package onnx

// #cgo CFLAGS: -O3
// #include "dots.h"
import "C"

import (
	"math"
	"slices"
)

// sketches are vectors of length 1 in a quarter of the memory, of which a
// search among many of them spends its time reading half: each number as one of
// 16 steps, and what that loses in the same way again. Either tells the exact
// score within a bound, so that most vectors need not be read to know that they
// are not among the nearest.
type sketches struct {
	dim          int
	coarse, fine layer // fine is of what coarse lost
}

// layer is one such rounding of all vectors.
type layer struct {
	rows []uint8   // n × width bytes; dots.h says what a byte holds
	step []float32 // of each vector, how much a step is
	lost []float64 // and the length of what is still missing
}

const (
	block = 64 // numbers that lie together, in half as many bytes
	zero  = 8  // the step that means 0
)

func blocks(dim int) int { return (dim + block - 1) / block }

// newSketches has room for n.
func newSketches(dim, n int) sketches {
	return sketches{dim: dim, coarse: newLayer(dim, n), fine: newLayer(dim, n)}
}

func newLayer(dim, n int) layer {
	return layer{rows: make([]uint8, 0, n*blocks(dim)*block/2), step: make([]float32, 0, n), lost: make([]float64, 0, n)}
}

// width is how many bytes of a layer a vector takes.
func (s *sketches) width() int { return blocks(s.dim) * block / 2 }

// add appends v.
func (s *sketches) add(v []float32) {
	rest := make([]float64, len(v))
	for i, x := range v {
		rest[i] = float64(x)
	}
	s.coarse.add(rest, s.width())
	s.fine.add(rest, s.width())
}

// add appends v and takes from it what is kept.
func (l *layer) add(v []float64, width int) {
	n := len(l.step)
	l.rows = slices.Grow(l.rows, width)[:(n+1)*width]
	step, lost := sketch(v, l.rows[n*width:])
	l.step, l.lost = append(l.step, step), append(l.lost, lost)
}

// move copies the vector at from to the place to.
func (s *sketches) move(to, from int) {
	width := s.width()
	for _, l := range []*layer{&s.coarse, &s.fine} {
		copy(l.rows[to*width:(to+1)*width], l.rows[from*width:(from+1)*width])
		l.step[to], l.lost[to] = l.step[from], l.lost[from]
	}
}

// truncate drops all but the first n, and leaves nothing of the others.
func (s *sketches) truncate(n int) {
	for _, l := range []*layer{&s.coarse, &s.fine} {
		clear(l.rows[n*s.width():])
		l.rows, l.step, l.lost = l.rows[:n*s.width()], l.step[:n], l.lost[:n]
	}
}

// shares are the steps that are tried for a vector, in parts of what its
// greatest number asks for: a smaller one cuts off the few greatest numbers and
// is closer to all others.
var shares = []float64{1, 0.85, 0.7}

// sketch fills row with v in steps of the size returned, that of shares which
// loses least, and leaves in v the difference, whose length is lost.
func sketch(v []float64, row []uint8) (step float32, lost float64) {
	var most float64
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	least := math.Inf(1)
	for _, share := range shares {
		size := float32(most * share / (zero - 1))
		var square float64
		for _, x := range v {
			off := x - float64(steps(x, size))*float64(size)
			square += off * off
		}
		if square < least {
			step, least = size, square
		}
	}
	for i := range row {
		row[i] = zero | zero<<4
	}
	for i, x := range v {
		n := steps(x, step)
		at, shift := i/block*(block/2)+i%(block/2), i%block/(block/2)*4
		row[at] = row[at]&^(0xf<<shift) | uint8(zero+n)<<shift
		v[i] = x - float64(n)*float64(step)
	}
	return step, math.Sqrt(least)
}

// steps is how many steps of size come closest to x.
func steps(x float64, size float32) int {
	if size == 0 {
		return 0
	}
	return int(min(max(math.RoundToEven(x/float64(size)), -zero), zero-1))
}

// probe is what is searched for, each number as one of 255 steps.
type probe struct {
	steps      []int8 // of whole blocks
	zero       int32  // what a row of zeroes comes to
	step, lost float64
	slack      float64
	one        [1]int32 // where nearer puts a product
}

func newProbe(v []float32) *probe {
	p := &probe{steps: make([]int8, blocks(len(v))*block), slack: slack(len(v))}
	for _, x := range v {
		p.step = max(p.step, math.Abs(float64(x))/math.MaxInt8)
	}
	if p.step == 0 {
		return p
	}
	var square float64
	for i, x := range v {
		n := math.Round(float64(x) / p.step)
		p.steps[i] = int8(n)
		p.zero += zero * int32(n)
		off := float64(x) - n*p.step
		square += off * off
	}
	p.lost = math.Sqrt(square)
	return p
}

// dots returns the products of the vectors from–to and p, in steps.
func (l *layer) dots(p *probe, from, to int, out []int32) []int32 {
	out = out[:to-from]
	if len(out) > 0 {
		C.hajir_dots((*C.uint8_t)(&l.rows[from*len(p.steps)/2]), C.int64_t(len(out)), C.int64_t(len(p.steps)/block),
			(*C.int8_t)(&p.steps[0]), (*C.int32_t)(&out[0]))
	}
	return out
}

// score is the product of the vector at i and p, given that in steps.
func (l *layer) score(p *probe, i int, dot int32) float64 {
	return p.step * float64(l.step[i]) * float64(dot-p.zero)
}

// slack is what the exact score of dim numbers may be off by itself: each is
// multiplied and summed in 32 bits, and the lengths bound the sums by 1.
func slack(dim int) float64 { return float64(dim)*0x1p-23 + 1e-6 }

// loss is what the score of a vector that lost so much cannot exceed its
// sketch's by. For v = v̂ + d and t = t̂ + e, where d and e are what rounding took
// and v and t are of length 1:
//
//	v·t = v̂·t̂ + v̂·e + d·t ≤ v̂·t̂ + (1+|d|)·|e| + |d|
func (p *probe) loss(lost float64) float64 { return (1+lost)*p.lost + lost + p.slack }

// near says whether the score of the vector at i may exceed least, given the
// coarse layer's product with p in steps. The fine layer is read for those few
// of which the coarse one does not know.
func (s *sketches) near(p *probe, i int, dot int32, least float64) bool {
	score := s.coarse.score(p, i, dot)
	return score+p.loss(s.coarse.lost[i]) > least && s.nearer(p, i, score, least)
}

func (s *sketches) nearer(p *probe, i int, score, least float64) bool {
	score += s.fine.score(p, i, s.fine.dots(p, i, i+1, p.one[:])[0])
	return score+p.loss(s.fine.lost[i]) > least
}
