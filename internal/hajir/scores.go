package hajir

import "math"

// scoreBins is how finely scores are counted: bins of 0.001.
const scoreBins = 2000

// Scores counts similarities of −1..1. The zero Scores is empty. A score is
// known to a thousandth, which is finer than any threshold that somebody sets.
type Scores struct {
	bins  [scoreBins]int
	count int
}

func binOf(score float64) int {
	return min(scoreBins-1, max(0, int(math.Floor((score+1)*scoreBins/2))))
}

func binFrom(bin int) float64 { return float64(bin)*2/scoreBins - 1 }

// Add counts a score; what is not a number counts for nothing.
func (s *Scores) Add(score float64) {
	if math.IsNaN(score) {
		return
	}
	s.bins[binOf(score)]++
	s.count++
}

// Count returns how many scores were added.
func (s *Scores) Count() int { return s.count }

// AtLeast returns how many scores reach t, to a thousandth: the bin in which t
// lies counts whole.
func (s *Scores) AtLeast(t float64) int {
	n := 0
	for i := binOf(t); i < scoreBins; i++ {
		n += s.bins[i]
	}
	return n
}

// Share returns the share of scores that reach t; 0 of none.
func (s *Scores) Share(t float64) float64 {
	if s.count == 0 {
		return 0
	}
	return float64(s.AtLeast(t)) / float64(s.count)
}

// upper returns the lowest bin's edge that at most n scores reach.
func (s *Scores) upper(n int) float64 {
	reached := 0
	for i := scoreBins - 1; i >= 0; i-- {
		if reached += s.bins[i]; reached > n {
			return binFrom(i + 1)
		}
	}
	return -1
}

// Bar is how many scores lie from From up to the next bar.
type Bar struct {
	From  float64
	Count int
}

// Bars sums the scores in bars of width, which is a multiple of 0.001, from the
// first to the last that has any.
func (s *Scores) Bars(width float64) []Bar {
	step := max(1, int(math.Round(width*scoreBins/2)))
	var bars []Bar
	for i := 0; i < scoreBins; i += step {
		n := 0
		for _, c := range s.bins[i:min(i+step, scoreBins)] {
			n += c
		}
		if n > 0 || len(bars) > 0 {
			bars = append(bars, Bar{binFrom(i), n})
		}
	}
	for len(bars) > 0 && bars[len(bars)-1].Count == 0 {
		bars = bars[:len(bars)-1]
	}
	return bars
}
