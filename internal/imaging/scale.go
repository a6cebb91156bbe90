package imaging

import "math"

// weightBits is the precision of a filter's weights: a pixel's sum to 1<<12.
const weightBits = 12

// taps are the source pixels, first and on, that one target pixel is made of.
type taps struct {
	first   int
	weights []uint32
}

// filter returns the taps of n target pixels over size source pixels: the mean
// of what each covers when shrinking, linear interpolation when enlarging.
func filter(size, n int) []taps {
	out := make([]taps, n)
	all := make([]uint32, 0, 2*n+size) // the weights, mostly in one piece
	var w []float64
	ratio := float64(size) / float64(n)
	half := max(ratio, 1) / 2
	for i := range out {
		middle := (float64(i) + 0.5) * ratio
		from, to := middle-half, middle+half
		first, last := int(math.Floor(from)), int(math.Ceil(to))-1
		at := min(max(first, 0), size-1)
		w = append(w[:0], make([]float64, min(last, size-1)-at+1)...)
		for j := first; j <= last; j++ {
			// What lies beyond the border counts for the border, which repeats.
			k := min(max(j, 0), size-1) - at
			w[k] += min(to, float64(j+1)) - max(from, float64(j))
		}
		start := len(all)
		all = appendFixed(all, w, to-from)
		out[i] = taps{at, all[start:len(all):len(all)]}
	}
	return out
}

// appendFixed appends w/sum in fixed point, summing to exactly 1.
func appendFixed(all []uint32, w []float64, sum float64) []uint32 {
	acc, given := 0.0, uint32(0)
	for _, v := range w {
		acc += v
		upTo := uint32(math.Round(acc / sum * (1 << weightBits)))
		all = append(all, upTo-given)
		given = upTo
	}
	return all
}

// scaler shrinks or enlarges a plane row by row, from the top.
type scaler struct {
	pl           *plane
	across, down []taps
	// The last two of pl's rows that were scaled across, in 256ths, and which
	// they are: neighbouring target rows share one.
	scaled [2][]uint32
	which  [2]int
}

func newScaler(pl *plane, width, height int) *scaler {
	s := &scaler{pl: pl, across: filter(pl.width, width), which: [2]int{-1, -1}}
	s.down = filter(pl.height, height)
	for i := range s.scaled {
		s.scaled[i] = make([]uint32, width)
	}
	return s
}

// read writes the target's row y to row, in 256ths.
func (s *scaler) read(row []uint32, y int) {
	t := s.down[y]
	if len(t.weights) == 2 {
		a, b := s.source(t.first), s.source(t.first+1)
		w0, w1 := t.weights[0], t.weights[1]
		for x := range row {
			row[x] = (a[x]*w0 + b[x]*w1) >> weightBits
		}
		return
	}
	clear(row)
	for i, w := range t.weights {
		for x, v := range s.source(t.first + i)[:len(row)] {
			row[x] += v * w
		}
	}
	for x := range row {
		row[x] >>= weightBits
	}
}

// source returns pl's row y scaled across.
func (s *scaler) source(y int) []uint32 {
	slot := y % 2
	out := s.scaled[slot]
	if s.which[slot] == y {
		return out
	}
	s.which[slot] = y
	row := s.pl.pix[y*s.pl.stride : y*s.pl.stride+s.pl.width]
	for x := range out {
		t := &s.across[x]
		if w := t.weights; len(w) == 2 {
			pair := row[t.first : t.first+2 : t.first+2]
			out[x] = (uint32(pair[0])*w[0] + uint32(pair[1])*w[1]) >> (weightBits - 8)
			continue
		}
		var sum uint32
		w := t.weights
		for i, v := range row[t.first : t.first+len(w)] {
			sum += uint32(v) * w[i]
		}
		out[x] = sum >> (weightBits - 8)
	}
	return out
}
