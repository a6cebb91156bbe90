package imaging

import (
	"image"
	"slices"
)

// heicSize reads a HEIC's size from its boxes.
func heicSize(b []byte) (width, height int, err error) {
	meta, err := metaBox(b)
	if err != nil {
		return 0, 0, err
	}
	_, ipco, err := propertyBoxes(meta)
	if err != nil {
		return 0, 0, err
	}
	return declaredSize(ipco)
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
