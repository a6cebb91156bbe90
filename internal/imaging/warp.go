package imaging

import (
	"encoding/binary"
	"math"
)

// Affine maps (x, y) to (XX·x + XY·y + X0, YX·x + YY·y + Y0). Places are in
// pixels from the top left corner of the top left pixel, so that the middle of
// the first pixel is (0.5, 0.5).
type Affine struct{ XX, XY, X0, YX, YY, Y0 float64 }

// Then returns the map that applies a and then b.
func (a Affine) Then(b Affine) Affine {
	return Affine{
		XX: b.XX*a.XX + b.XY*a.YX, XY: b.XX*a.XY + b.XY*a.YY, X0: b.XX*a.X0 + b.XY*a.Y0 + b.X0,
		YX: b.YX*a.XX + b.YY*a.YX, YY: b.YX*a.XY + b.YY*a.YY, Y0: b.YX*a.X0 + b.YY*a.Y0 + b.Y0,
	}
}

// maxTaps bounds how many samples a side of one target pixel is averaged from.
const maxTaps = 4

// Warp fills t with the upright picture seen through m, which maps places in t
// to places in the picture. Pixels are interpolated linearly, and averaged
// where the picture is finer than t; outside of the picture its border repeats.
func (p *Picture) Warp(t *Tensor, m Affine) {
	m = m.Then(p.source())
	colour := !p.grey() && !t.luma()
	row := t.rows.of(t.Width, colour)
	luma := newSampler(&p.y, m, t)
	var cb, cr sampler
	if colour {
		cb, cr = newSampler(&p.cb, m, t), newSampler(&p.cr, m, t)
	}
	for y := range t.Height {
		luma.read(row.y, y)
		if colour {
			cb.read(row.cb, y)
			cr.read(row.cr, y)
		}
		t.put(row, y*t.Width, 1)
	}
}

// sampler takes values out of one plane along a tensor's rows.
type sampler struct {
	pl     *plane
	m      Affine // from target pixels to the plane's, whose middles are whole numbers
	taps   int    // samples a side of a target pixel
	inside bool   // no sample needs a pixel outside of the plane
}

func newSampler(pl *plane, m Affine, t *Tensor) sampler {
	m = m.Then(Affine{XX: 1 / float64(int(1)<<pl.shiftX), X0: -0.5, YY: 1 / float64(int(1)<<pl.shiftY), Y0: -0.5})
	step := math.Sqrt(math.Abs(m.XX*m.YY - m.XY*m.YX)) // pixels a target pixel
	s := sampler{pl: pl, m: m, taps: min(max(int(math.Round(step)), 1), maxTaps), inside: true}
	for _, c := range [4][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		x, y := c[0]*float64(t.Width), c[1]*float64(t.Height)
		x, y = m.XX*x+m.XY*y+m.X0, m.YX*x+m.YY*y+m.Y0
		// A pixel's room for the rounding of fixed point.
		s.inside = s.inside && x >= 1 && y >= 1 && x < float64(pl.width-2) && y < float64(pl.height-2)
	}
	return s
}

// fixedPoint is the resolution of places while a row is read.
const fixedPoint = 1 << 16

// read fills row with the values of the target's row y, in 256ths.
func (s *sampler) read(row []uint32, y int) {
	clear(row)
	dx, dy := int(s.m.XX*fixedPoint), int(s.m.YX*fixedPoint)
	for i := range s.taps {
		v := float64(y) + (float64(i)+0.5)/float64(s.taps)
		for j := range s.taps {
			u := (float64(j) + 0.5) / float64(s.taps)
			px := int((s.m.XX*u + s.m.XY*v + s.m.X0) * fixedPoint)
			py := int((s.m.YX*u + s.m.YY*v + s.m.Y0) * fixedPoint)
			if s.inside {
				s.pl.addInside(row, px, py, dx, dy)
			} else {
				s.pl.addClamped(row, px, py, dx, dy)
			}
		}
	}
	if n := uint32(s.taps * s.taps); n > 1 { //nolint:gosec // at most maxTaps squared
		for i, v := range row {
			row[i] = v / n
		}
	}
}

// addInside adds to row the values at (x, y), (x+dx, y+dy) and so on, each
// interpolated between four pixels that are all there.
func (pl *plane) addInside(row []uint32, x, y, dx, dy int) {
	pix, stride := pl.pix, pl.stride
	for i := range row {
		at := (y>>16)*stride + x>>16
		// Two neighbours at once.
		top, bottom := binary.LittleEndian.Uint16(pix[at:]), binary.LittleEndian.Uint16(pix[at+stride:])
		row[i] += mix(uint32(top&255), uint32(top>>8), uint32(bottom&255), uint32(bottom>>8), x, y)
		x += dx
		y += dy
	}
}

// addClamped is addInside for places anywhere.
func (pl *plane) addClamped(row []uint32, x, y, dx, dy int) {
	for i := range row {
		cx := min(max(x, 0), (pl.width-1)<<16)
		cy := min(max(y, 0), (pl.height-1)<<16)
		x0, y0 := cx>>16, cy>>16
		x1, y1 := min(x0+1, pl.width-1), min(y0+1, pl.height-1)
		a, b := pl.pix[y0*pl.stride:], pl.pix[y1*pl.stride:]
		row[i] += mix(uint32(a[x0]), uint32(a[x1]), uint32(b[x0]), uint32(b[x1]), cx, cy)
		x += dx
		y += dy
	}
}

// mix interpolates by the fractions of x and y; the result is in 256ths.
func mix(a, b, c, d uint32, x, y int) uint32 {
	fx, fy := uint32(x>>8)&255, uint32(y>>8)&255 //nolint:gosec // the lowest bits are what is wanted
	// a + (b−a)·f, which may be below zero on the way: the sum is right all the same.
	top, bottom := a<<8+(b-a)*fx, c<<8+(d-c)*fx
	return (top<<8 + (bottom-top)*fy) >> 8
}
