package imaging

import "errors"

// maxFrames is how many frames a still picture of several layers may have.
const maxFrames = 4

var (
	errOBU      = errors.New("the coded picture is cut off or malformed")
	errTooMuch  = errors.New("the coded pictures have more pixels than the file declares")
	errAnimated = errors.New("the coded picture has many frames")
)

// codedPixels returns how many pixels decoding a coded picture takes, at most
// most: those of each frame, which has at most the size that the sequence header
// before it says (AV1 bitstream specification, 5.3 and 5.5).
func codedPixels(b []byte, most int) (int, error) {
	total, frame, frames := 0, 0, 0
	for len(b) > 0 {
		kind, hasExtension, hasSize := b[0]>>3&15, b[0]&4 != 0, b[0]&2 != 0
		b = b[1:]
		if hasExtension {
			if len(b) == 0 {
				return 0, errOBU
			}
			b = b[1:]
		}
		size := len(b)
		if hasSize {
			n, length := leb128(b)
			if length == 0 || n > len(b)-length {
				return 0, errOBU
			}
			b, size = b[length:], n
		}
		switch kind {
		case 1: // a sequence header
			width, height, ok := sequenceSize(b[:size])
			if !ok {
				return 0, errOBU
			}
			frame = width * height
		case 3, 6: // a frame's header, alone or with the frame
			frames++
			total += frame
			switch {
			case frame == 0:
				return 0, errOBU
			case frames > maxFrames:
				return 0, errAnimated
			case total > most:
				return 0, errTooMuch
			}
		}
		b = b[size:]
	}
	if frames == 0 {
		return 0, errOBU
	}
	return total, nil
}

// leb128 reads a number of up to 8 bytes; length is 0 when there is none.
func leb128(b []byte) (v, length int) {
	for i := 0; i < len(b) && i < 8; i++ {
		v |= int(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}

// sequenceSize returns the most pixels that a side of a frame may have.
func sequenceSize(b []byte) (width, height int, ok bool) {
	r := bits{b: b}
	r.take(3) // profile
	r.take(1) // still picture
	if r.flag() {
		r.take(5) // level; all else follows from it
	} else {
		r.operatingPoints()
	}
	widthBits, heightBits := r.take(4)+1, r.take(4)+1
	width, height = int(r.take(int(widthBits)))+1, int(r.take(int(heightBits)))+1
	return width, height, !r.short
}

// operatingPoints passes over the timing and the operating points.
func (r *bits) operatingPoints() {
	delayBits := 0
	if r.flag() { // timing
		r.take(32)
		r.take(32)
		if r.flag() {
			zeros := 0 // before a number of as many bits
			for !r.short && !r.flag() {
				zeros++
			}
			if zeros < 32 {
				r.take(zeros)
			}
		}
		if r.flag() { // a decoder model
			delayBits = int(r.take(5)) + 1
			r.take(32)
			r.take(10)
		}
	}
	displayDelays := r.flag()
	for n := r.take(5) + 1; n > 0; n-- {
		r.take(12)
		if r.take(5) > 7 { // the level; high ones have a tier
			r.take(1)
		}
		if delayBits > 0 && r.flag() {
			r.take(delayBits)
			r.take(delayBits)
			r.take(1)
		}
		if displayDelays && r.flag() {
			r.take(4)
		}
	}
}

// bits reads bit after bit. Once there are too few, it returns zeros, and short
// is set.
type bits struct {
	b     []byte
	at    int
	short bool
}

func (r *bits) flag() bool { return r.take(1) == 1 }

// take takes a number of n bits, at most 32.
func (r *bits) take(n int) uint32 {
	var v uint32
	for range n {
		if r.at/8 >= len(r.b) {
			r.short = true
			return 0
		}
		v = v<<1 | uint32(r.b[r.at/8]>>(7-r.at%8)&1)
		r.at++
	}
	return v
}
