package imaging

// Fit writes all of p, upright, to the top left width × height of t. The rest
// of t is left as it is.
func (p *Picture) Fit(t *Tensor, width, height int) {
	l := p.layout(width, height, t.Width)
	p.scaled(width, height, !t.luma(), func(y int, r rows) {
		t.put(r, l.first+y*l.down, l.right)
	})
}

// scaled calls use with the rows of p as stored, scaled to the size that is
// width × height when upright. What use is given is overwritten afterwards.
func (p *Picture) scaled(width, height int, colour bool, use func(y int, r rows)) {
	if p.turned() {
		width, height = height, width
	}
	colour = colour && !p.grey()
	var buffer rows
	r := buffer.of(width, colour)
	luma := newScaler(&p.y, width, height)
	var cb, cr *scaler
	if colour {
		cb, cr = newScaler(&p.cb, width, height), newScaler(&p.cr, width, height)
	}
	for y := range height {
		luma.read(r.y, y)
		if colour {
			cb.read(r.cb, y)
			cr.read(r.cr, y)
		}
		use(y, r)
	}
}

// layout tells where stored pixels go in an upright picture: the first one, and
// how much further the next one to the right and the next one below.
type layout struct{ first, right, down int }

// layout is for p scaled to width × height, upright, in rows of stride.
func (p *Picture) layout(width, height, stride int) layout {
	lastColumn, lastRow := width-1, (height-1)*stride
	switch p.orientation {
	case 2:
		return layout{lastColumn, -1, stride}
	case 3:
		return layout{lastColumn + lastRow, -1, -stride}
	case 4:
		return layout{lastRow, 1, -stride}
	case 5:
		return layout{0, stride, 1}
	case 6:
		return layout{lastColumn, stride, -1}
	case 7:
		return layout{lastColumn + lastRow, -stride, -1}
	case 8:
		return layout{lastRow, -stride, 1}
	}
	return layout{0, 1, stride}
}
