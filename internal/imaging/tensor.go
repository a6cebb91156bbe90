package imaging

import "slices"

// Tensor is what pixels are written to: float32 planes of Width × Height, one
// after the other, holding value·Factor + Addend of the values 0..255. It is
// for one goroutine at a time.
type Tensor struct {
	Width, Height int
	Data          []float32 // len(Planes) × Height × Width
	Planes        []Plane

	rows rows // Warp's
}

// Plane is one plane of a Tensor.
type Plane struct {
	Channel        Channel
	Factor, Addend float32
}

// Channel is a component of a colour.
type Channel int

// The components that a plane can hold.
const (
	Red Channel = iota
	Green
	Blue
	Luma // brightness, 0.299 red + 0.587 green + 0.114 blue
)

// luma reports whether t wants brightness alone.
func (t *Tensor) luma() bool { return len(t.Planes) == 1 && t.Planes[0].Channel == Luma }

// Mirror swaps left and right in place.
func (t *Tensor) Mirror() {
	for at := 0; at < len(t.Data); at += t.Width {
		slices.Reverse(t.Data[at : at+t.Width])
	}
}

// rows are a row of pixels on its way into a tensor: brightness and the two
// colour differences, in 256ths of the values 0..255. cb and cr are nil when
// there is no colour.
type rows struct{ y, cb, cr []uint32 }

// of returns n pixels of r, making them if need be.
func (r *rows) of(n int, colour bool) rows {
	if cap(r.y) < n {
		*r = rows{make([]uint32, n), make([]uint32, n), make([]uint32, n)}
	}
	if !colour {
		return rows{y: r.y[:n]}
	}
	return rows{r.y[:n], r.cb[:n], r.cr[:n]}
}

// JFIF's shares of the colour differences in red, green and blue, in 65536ths.
const (
	redCr   = 91881
	greenCb = -22554
	greenCr = -46802
	blueCb  = 116130
)

// put writes r to every plane, its first pixel at index at and each next one
// step further.
func (t *Tensor) put(r rows, at, step int) {
	size := t.Width * t.Height
	for n, p := range t.Planes {
		data := t.Data[n*size : (n+1)*size]
		factor, i := p.Factor/256, at
		if r.cb == nil || p.Channel == Luma {
			for _, v := range r.y {
				data[i] = float32(int(v))*factor + p.Addend
				i += step
			}
			continue
		}
		var kb, kr int
		switch p.Channel {
		case Red:
			kr = redCr
		case Green:
			kb, kr = greenCb, greenCr
		case Blue:
			kb = blueCb
		case Luma:
		}
		cb, cr := r.cb[:len(r.y)], r.cr[:len(r.y)]
		grey := 128 * 256 * (kb + kr)
		if step == 1 {
			dst := data[at : at+len(r.y)]
			for x, v := range r.y {
				c := int(v) + (kb*int(cb[x])+kr*int(cr[x])-grey)>>16
				dst[x] = float32(int32(min(max(c, 0), 255*256)))*factor + p.Addend
			}
			continue
		}
		for x, v := range r.y {
			// Whole numbers, because min and max of floats are slow.
			c := int(v) + (kb*int(cb[x])+kr*int(cr[x])-grey)>>16
			data[i] = float32(min(max(c, 0), 255*256))*factor + p.Addend
			i += step
		}
	}
}
