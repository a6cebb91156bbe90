package hajir

import "math"

// assign gives each row at most one column and each column at most one row, so
// that the sum of their weights is the greatest; -1 stands for none. A weight of
// zero or less is never given. It is the Hungarian algorithm in the form with
// potentials, which takes one shortest augmenting path a row (R. Jonker and
// A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
// assignment problems", Computing 38, 1987).
func assign(weights [][]float64) []int {
	rows := len(weights)
	columns := 0
	for _, row := range weights {
		columns = max(columns, len(row))
	}
	// A column of its own for each row, of no weight, is for having none.
	width := columns + rows
	cost := func(i, j int) float64 {
		if i >= rows || j >= len(weights[i]) || !(weights[i][j] > 0) {
			return 0
		}
		return -weights[i][j]
	}
	// Rows and columns count from 1; column 0 holds the row that is being given one.
	ofRow, ofColumn := make([]float64, rows+1), make([]float64, width+1)
	rowOf, from := make([]int, width+1), make([]int, width+1)
	for i := 1; i <= rows; i++ {
		rowOf[0] = i
		least, done := make([]float64, width+1), make([]bool, width+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		at := 0
		for rowOf[at] != 0 {
			done[at] = true
			row, step, next := rowOf[at], math.Inf(1), 0
			for j := 1; j <= width; j++ {
				if done[j] {
					continue
				}
				if c := cost(row-1, j-1) - ofRow[row] - ofColumn[j]; c < least[j] {
					least[j], from[j] = c, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := 0; j <= width; j++ {
				if done[j] {
					ofRow[rowOf[j]] += step
					ofColumn[j] -= step
				} else {
					least[j] -= step
				}
			}
			at = next
		}
		for at != 0 { // along the path, each column passes to the row before
			rowOf[at] = rowOf[from[at]]
			at = from[at]
		}
	}
	given := make([]int, rows)
	for i := range given {
		given[i] = -1
	}
	for j := 1; j <= columns; j++ {
		if i := rowOf[j]; i > 0 && cost(i-1, j-1) < 0 {
			given[i-1] = j - 1
		}
	}
	return given
}
