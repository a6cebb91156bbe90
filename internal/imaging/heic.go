package imaging

import (
	"errors"
	"fmt"
	"image"
	"slices"
)

// heicSize returns the largest of the sizes that the file's items declare
// (ISO/IEC 23008-12, boxes meta/iprp/ipco/ispe), read here because the decoder
// would load all of the file to tell. Of a picture made of tiles that is the
// whole, and both sides of the largest are at least as long as the picture's.
func heicSize(b []byte) (width, height int, err error) {
	meta, ok := box(b, "meta")
	if !ok || len(meta) < 4 {
		return 0, 0, errors.New("there is no meta box")
	}
	iprp, ok := box(meta[4:], "iprp") // after version and flags
	if !ok {
		return 0, 0, errors.New("there is no iprp box")
	}
	ipco, ok := box(iprp, "ipco")
	if !ok {
		return 0, 0, errors.New("there is no ipco box")
	}
	for {
		ispe, rest, ok := nextBox(ipco, "ispe")
		if !ok {
			break
		}
		if len(ispe) < 12 {
			return 0, 0, fmt.Errorf("an ispe box has %d bytes", len(ispe))
		}
		w, h := be32(ispe[4:]), be32(ispe[8:])
		if w > 1<<16 || h > 1<<16 {
			w, h = min(w, 1<<16), min(h, 1<<16)
		}
		if int(w)*int(h) > width*height {
			width, height = int(w), int(h)
		}
		ipco = rest
	}
	if width == 0 {
		return 0, 0, errors.New("there is no ispe box")
	}
	return width, height, nil
}

// box returns the content of the first box of the kind in b.
func box(b []byte, kind string) ([]byte, bool) {
	content, _, ok := nextBox(b, kind)
	return content, ok
}

// nextBox is box that also returns what follows.
func nextBox(b []byte, kind string) (content, rest []byte, ok bool) {
	for len(b) >= 8 {
		size := int64(be32(b))
		head := int64(8)
		switch size {
		case 0:
			size = int64(len(b))
		case 1:
			if len(b) < 16 {
				return nil, nil, false
			}
			size, head = int64(be32(b[8:]))<<32|int64(be32(b[12:])), 16
		}
		if size < head || size > int64(len(b)) {
			return nil, nil, false
		}
		if string(b[4:8]) == kind {
			return b[head:size], b[size:], true
		}
		b = b[size:]
	}
	return nil, nil, false
}

// detached copies img's pixels, which the decoder returns as a view into all of
// its memory.
func detached(img image.Image) image.Image {
	switch img := img.(type) {
	case *image.YCbCr:
		img.Y, img.Cb, img.Cr = slices.Clone(img.Y), slices.Clone(img.Cb), slices.Clone(img.Cr)
	case *image.Gray:
		img.Pix = slices.Clone(img.Pix)
	}
	return img
}
