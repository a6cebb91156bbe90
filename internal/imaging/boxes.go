package imaging

import (
	"errors"
	"fmt"
)

// HEIC and AVIF share a container (ISO/IEC 14496-12 and 23008-12): boxes in
// boxes, each with its length and a kind of four letters.

// box returns the content of the first box of the kind in b.
func box(b []byte, kind string) ([]byte, bool) {
	content, _, ok := nextBox(b, kind)
	return content, ok
}

// nextBox is box that also returns what follows.
func nextBox(b []byte, kind string) (content, rest []byte, ok bool) {
	for {
		found, content, rest, ok := anyBox(b)
		if !ok || found == kind {
			return content, rest, ok
		}
		b = rest
	}
}

// anyBox returns the box that b begins with, and what follows.
func anyBox(b []byte) (kind string, content, rest []byte, ok bool) {
	if len(b) < 8 {
		return "", nil, nil, false
	}
	size := int64(be32(b))
	head := int64(8)
	switch size {
	case 0:
		size = int64(len(b))
	case 1:
		if len(b) < 16 {
			return "", nil, nil, false
		}
		size, head = int64(be32(b[8:]))<<32|int64(be32(b[12:])), 16
	}
	if size < head || size > int64(len(b)) {
		return "", nil, nil, false
	}
	return string(b[4:8]), b[head:size], b[size:], true
}

// metaBox returns the boxes that describe the file's pictures.
func metaBox(b []byte) ([]byte, error) {
	meta, ok := box(b, "meta")
	if !ok || len(meta) < 4 {
		return nil, errors.New("there is no meta box")
	}
	return meta[4:], nil // after version and flags
}

// propertyBoxes returns the boxes iprp and ipco, of which the second is in the
// first and lists the properties that pictures have.
func propertyBoxes(meta []byte) (iprp, ipco []byte, err error) {
	iprp, ok := box(meta, "iprp")
	if !ok {
		return nil, nil, errors.New("there is no iprp box")
	}
	ipco, ok = box(iprp, "ipco")
	if !ok {
		return nil, nil, errors.New("there is no ipco box")
	}
	return iprp, ipco, nil
}

// declaredSize returns the largest of the sizes that the file's items declare
// (boxes ispe), read here because the decoders would load all of the file to
// tell. Of a picture made of tiles that is the whole, and both sides of the
// largest are at least as long as the picture's.
func declaredSize(ipco []byte) (width, height int, err error) {
	for {
		ispe, rest, ok := nextBox(ipco, "ispe")
		if !ok {
			break
		}
		if len(ispe) < 12 {
			return 0, 0, fmt.Errorf("an ispe box has %d bytes", len(ispe))
		}
		w, h := side(be32(ispe[4:])), side(be32(ispe[8:]))
		if w*h > width*height {
			width, height = w, h
		}
		ipco = rest
	}
	if width == 0 {
		return 0, 0, errors.New("there is no ispe box")
	}
	return width, height, nil
}

// side bounds the length of a side so that a product of two does not overflow.
func side(v uint32) int { return int(min(v, 1<<16)) }

// cursor reads numbers one after the other. Once there are too few bytes it
// returns zeros, and short is set.
type cursor struct {
	b     []byte
	short bool
}

// bytes takes the next n bytes.
func (c *cursor) bytes(n int) []byte {
	if n < 0 || n > len(c.b) {
		c.b, c.short = nil, true
		return nil
	}
	taken := c.b[:n]
	c.b = c.b[n:]
	return taken
}

// uint takes a number of n bytes, of which the first counts most.
func (c *cursor) uint(n int) uint64 {
	var v uint64
	for _, b := range c.bytes(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// number is uint for at most 4 bytes.
func (c *cursor) number(n int) uint32 {
	var v uint32
	for _, b := range c.bytes(n) {
		v = v<<8 | uint32(b)
	}
	return v
}

// version takes the version and the flags that many boxes begin with.
func (c *cursor) version() (version int, flags uint32) {
	v := c.number(4)
	return int(v >> 24), v & 0xffffff
}
