package hajir

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// best tries every assignment.
func best(weights [][]float64, row int, taken map[int]bool) float64 {
	if row == len(weights) {
		return 0
	}
	most := best(weights, row+1, taken) // none for this row
	for j, w := range weights[row] {
		if w > 0 && !taken[j] {
			taken[j] = true
			most = max(most, w+best(weights, row+1, taken))
			delete(taken, j)
		}
	}
	return most
}

// The sum is what trying every assignment finds, and nobody is given twice.
func TestAssign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weight := rapid.OneOf(rapid.SampledFrom([]float64{0, -1, 0.5, 1, math.NaN()}), rapid.Float64Range(0, 2))
		weights := make([][]float64, rapid.IntRange(0, 6).Draw(t, "rows"))
		for i := range weights {
			weights[i] = rapid.SliceOfN(weight, 0, 6).Draw(t, "weights")
		}
		sum, taken := 0.0, map[int]bool{}
		for i, j := range assign(weights) {
			if j < 0 {
				continue
			}
			if j >= len(weights[i]) || taken[j] || !(weights[i][j] > 0) {
				t.Fatalf("row %d is given %d: %v", i, j, weights)
			}
			taken[j] = true
			sum += weights[i][j]
		}
		if most := best(weights, 0, map[int]bool{}); math.Abs(sum-most) > 1e-9 {
			t.Fatalf("the sum is %v, and could be %v", sum, most)
		}
	})
}
