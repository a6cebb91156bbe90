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

// narrow are taps of at most three pixels, padded to three, all of them there.
type narrow struct {
	first   int
	weights [3]uint32
}

// narrowed returns taps over size pixels in the form that is quick to apply, nil
// if one of them has more than three pixels, or there are fewer.
func narrowed(all []taps, size int) []narrow {
	out := make([]narrow, len(all))
	for i, t := range all {
		if len(t.weights) > 3 || size < 3 {
			return nil
		}
		first := min(t.first, size-3)
		out[i].first = first
		copy(out[i].weights[t.first-first:], t.weights)
	}
	return out
}

// scaler shrinks or enlarges a plane row by row, from the top.
type scaler struct {
	pl           *plane
	across, down []taps
	narrow       []narrow // across, if it can be
	// The last two of pl's rows that were scaled across, in 256ths, and which
	// they are: neighbouring target rows share one.
	scaled [2][]uint32
	which  [2]int
}

func newScaler(pl *plane, width, height int) *scaler {
	s := &scaler{pl: pl, which: [2]int{-1, -1}}
	if pl.width != width && pl.width != 2*width {
		s.across = filter(pl.width, width)
		s.narrow = narrowed(s.across, pl.width)
	}
	s.down = filter(pl.height, height)
	pix := make([]uint32, 2*width)
	s.scaled = [2][]uint32{pix[:width:width], pix[width:]}
	return s
}

// read writes the target's row y to row, in 256ths.
func (s *scaler) read(row []uint32, y int) {
	t := s.down[y]
	switch len(t.weights) {
	case 1:
		copy(row, s.source(t.first))
		return
	case 2:
		a, b := s.source(t.first)[:len(row)], s.source(t.first + 1)[:len(row)]
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
	switch {
	case len(row) == len(out):
		for x, v := range row {
			out[x] = uint32(v) << 8
		}
	case len(row) == 2*len(out): // 640 × 480 pixels for a detector of 320 × 240
		for x := range out {
			pair := row[2*x : 2*x+2 : 2*x+2]
			out[x] = (uint32(pair[0]) + uint32(pair[1])) << 7
		}
	case s.narrow != nil:
		for x := range s.narrow {
			t := &s.narrow[x]
			three := row[t.first : t.first+3 : t.first+3]
			out[x] = (uint32(three[0])*t.weights[0] + uint32(three[1])*t.weights[1] + uint32(three[2])*t.weights[2]) >> (weightBits - 8)
		}
	default:
		for x := range out {
			t := &s.across[x]
			var sum uint32
			for i, v := range row[t.first : t.first+len(t.weights)] {
				sum += uint32(v) * t.weights[i]
			}
			out[x] = sum >> (weightBits - 8)
		}
	}
	return out
}
