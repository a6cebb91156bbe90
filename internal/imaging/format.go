package imaging

import (
	"bytes"
	"cmp"
	"unicode/utf8"

	"hajir/internal/hajir"
)

// format is a kind of file, told by its first bytes: names and content types
// are often wrong.
type format string

const (
	formatJPEG format = "JPEG"
	formatPNG  format = "PNG"
	formatWebP format = "WebP"
	formatHEIC format = "HEIC"
	formatAVIF format = "AVIF"
)

// sandboxed says whether the format's decoder runs in a sandbox of its own, whose
// memory is several times the picture's. The first of each kind takes a third of
// a second to be compiled, which is put off until then.
func (f format) sandboxed() bool { return f == formatHEIC || f == formatAVIF }

// readable lists the formats for people.
const readable = "JPEG, PNG, WebP, HEIC or AVIF"

// others are formats that people send and that are not read, by their start.
var others = []struct{ start, name string }{
	{"GIF8", "GIF"},
	{"BM", "BMP"},
	{"II*\x00", "TIFF"},
	{"MM\x00*", "TIFF"},
	{"%PDF", "PDF"},
	{"\x00\x00\x01\x00", "icon"},
	{"8BPS", "Photoshop"},
	{"\xff\x0a", "JPEG XL"},
	{"\x00\x00\x00\x0cJXL ", "JPEG XL"},
	{"<svg", "SVG"},
	{"\x1a\x45\xdf\xa3", "video"},
}

// sniff returns b's format, or an error that tells what b is instead.
func sniff(b []byte) (format, error) {
	switch {
	case len(b) == 0:
		return "", hajir.Errorf(hajir.PictureInvalid, "The picture is empty. Take or choose it again.")
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return formatJPEG, nil
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return formatPNG, nil
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		if string(b[12:min(len(b), 16)]) == "VP8X" && len(b) > 20 && b[20]&2 != 0 {
			return "", unsupported("animated WebP")
		}
		return formatWebP, nil
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return sniffBrand(b)
	}
	for _, o := range others {
		if bytes.HasPrefix(b, []byte(o.start)) {
			return "", unsupported(o.name)
		}
	}
	if utf8.Valid(b[:min(len(b), 256)]) {
		return "", hajir.Errorf(hajir.PictureInvalid, "The file is text, not a picture. Send a %s picture.", readable)
	}
	return "", hajir.Errorf(hajir.PictureInvalid, "The file is not a picture that can be read. Send a %s picture.", readable)
}

// sniffBrand tells the formats apart that share ISO's container by their major
// and compatible brands.
func sniffBrand(b []byte) (format, error) {
	end := min(len(b), int(be32(b)), 256)
	var kind format
	for i := 8; i+4 <= end; i += 4 {
		switch string(b[i : i+4]) {
		case "heic", "heix", "heim", "heis":
			kind = cmp.Or(kind, formatHEIC)
		case "avif":
			kind = cmp.Or(kind, formatAVIF)
		case "avis": // whatever comes before: the decoder may take the film
			return "", unsupported("animated AVIF")
		case "isom", "mp41", "mp42", "qt  ", "avc1", "M4V ":
			kind = cmp.Or(kind, "video")
		}
	}
	if kind == "video" {
		return "", unsupported("video")
	}
	if kind != "" {
		return kind, nil
	}
	return "", unsupported(`"` + printable(b[8:12]) + `"`)
}

func unsupported(name string) error {
	return hajir.Errorf(hajir.Unsupported, "A file of type %s is not read. Send a %s picture.", name, readable)
}

func printable(b []byte) string {
	out := bytes.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, b)
	return string(out)
}

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
