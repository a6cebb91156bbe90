package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
)

var errShort = errors.New("there are fewer pixels than the size says")

// orientation returns EXIF's orientation, 1 (upright) to 8, and 1 when there is
// none or it makes no sense. A HEIC is turned by its decoder already, as the
// format demands, and for an AVIF it is what the boxes say.
func (f format) orientation(b []byte) int {
	var tiff []byte
	switch f {
	case formatJPEG:
		tiff = exifOfJPEG(b)
	case formatPNG:
		tiff = exifOfPNG(b)
	case formatWebP:
		tiff = exifOfWebP(b)
	case formatAVIF:
		if f, err := readAVIF(b); err == nil {
			return f.orientation
		}
	case formatHEIC:
	}
	return orientationOf(tiff)
}

var exifHeader = []byte("Exif\x00\x00")

// exifOfJPEG walks the segments up to the picture's data.
func exifOfJPEG(b []byte) []byte {
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		if marker == 0xff { // padding
			i++
			continue
		}
		if marker == 0xda || marker == 0xd9 {
			return nil
		}
		size := int(binary.BigEndian.Uint16(b[i+2:]))
		if size < 2 || i+2+size > len(b) {
			return nil
		}
		if data := b[i+4 : i+2+size]; marker == 0xe1 && bytes.HasPrefix(data, exifHeader) {
			return data[len(exifHeader):]
		}
		i += 2 + size
	}
	return nil
}

func exifOfPNG(b []byte) []byte {
	for i := 8; i+12 <= len(b); {
		size := int(binary.BigEndian.Uint32(b[i:]))
		if size > len(b)-i-12 {
			return nil
		}
		if string(b[i+4:i+8]) == "eXIf" {
			return b[i+8 : i+8+size]
		}
		i += 12 + size
	}
	return nil
}

func exifOfWebP(b []byte) []byte {
	for i := 12; i+8 <= len(b); {
		size := int(binary.LittleEndian.Uint32(b[i+4:]))
		if size > len(b)-i-8 {
			return nil
		}
		if string(b[i:i+4]) == "EXIF" {
			return bytes.TrimPrefix(b[i+8:i+8+size], exifHeader)
		}
		i += 8 + size + size%2
	}
	return nil
}

// orientationOf reads tag 0x0112 of the first directory of a TIFF header.
func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for n := order.Uint16(tiff[at:]); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == 0x0112 {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
