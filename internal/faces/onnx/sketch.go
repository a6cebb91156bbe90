package onnx

// #cgo CFLAGS: -O3
// #include "dots.h"
import "C"

import (
	"math"
	"slices"
)

// sketches are vectors of length 1 in a quarter of the memory, which is what a
// search among many of them spends its time reading: each number as one of 255
// steps. They tell the exact score within a bound, so that most vectors need
// not be read to know that they are not among the nearest.
type sketches struct {
	dim   int
	steps []int8    // n × dim
	step  []float32 // of each vector, how much a step is
	lost  []float32 // and the length of what rounding took
}

// add appends v.
func (s *sketches) add(v []float32) {
	n := len(s.step)
	s.steps = slices.Grow(s.steps, s.dim)[:(n+1)*s.dim]
	step, lost := round(v, s.steps[n*s.dim:])
	s.step, s.lost = append(s.step, step), append(s.lost, lost)
}

// move copies the vector at from to the place to.
func (s *sketches) move(to, from int) {
	copy(s.steps[to*s.dim:(to+1)*s.dim], s.steps[from*s.dim:(from+1)*s.dim])
	s.step[to], s.lost[to] = s.step[from], s.lost[from]
}

// truncate drops all but the first n, and leaves nothing of the others.
func (s *sketches) truncate(n int) {
	clear(s.steps[n*s.dim:])
	s.steps, s.step, s.lost = s.steps[:n*s.dim], s.step[:n], s.lost[:n]
}

// round fills steps with v in steps of the size returned; lost is the length of
// the difference.
func round(v []float32, steps []int8) (step, lost float32) {
	var most float64
	for _, x := range v {
		most = max(most, math.Abs(float64(x)))
	}
	if most == 0 {
		clear(steps)
		return 0, 0
	}
	size := most / math.MaxInt8
	var square float64
	for i, x := range v {
		n := math.Round(float64(x) / size)
		steps[i] = int8(n)
		off := float64(x) - n*float64(float32(size))
		square += off * off
	}
	return float32(size), float32(math.Sqrt(square))
}

// probe is what is searched for.
type probe struct {
	steps      []int8
	step, lost float64
	slack      float64
}

func newProbe(v []float32) probe {
	p := probe{steps: make([]int8, len(v)), slack: slack(len(v))}
	step, lost := round(v, p.steps)
	p.step, p.lost = float64(step), float64(lost)
	return p
}

// dots returns the products of the vectors from–to and p, in steps.
func (s *sketches) dots(p probe, from, to int, out []int32) []int32 {
	out = out[:to-from]
	if len(out) > 0 {
		C.hajir_dots((*C.int8_t)(&s.steps[from*s.dim]), C.int64_t(len(out)), C.int64_t(s.dim),
			(*C.int8_t)(&p.steps[0]), (*C.int32_t)(&out[0]))
	}
	return out
}

// slack is what the exact score of dim numbers may be off by itself: each is
// multiplied and summed in 32 bits, and the lengths bound the sums by 1.
func slack(dim int) float64 { return float64(dim)*0x1p-23 + 1e-6 }

// atMost returns what the score of the vector at i cannot exceed, given its
// product with p in steps. For v = v̂ + d and t = t̂ + e, where d and e are what
// rounding took and v and t are of length 1:
//
//	v·t = v̂·t̂ + v̂·e + d·t ≤ v̂·t̂ + (1+|d|)·|e| + |d|
func (s *sketches) atMost(p probe, i int, dot int32) float64 {
	lost := float64(s.lost[i])
	return p.step*float64(s.step[i])*float64(dot) + (1+p.lost)*lost + p.lost + p.slack
}
