package imaging

import (
	"errors"
	"fmt"

	"hajir/internal/hajir"
)

// The bounds of an AVIF, whose decoder takes more memory than any other: about
// 65 bytes a pixel, and 110 when there are more than 8 bits a colour. That is
// at most 900 MB while one picture is read, and one is read at a time.
const (
	maxAVIFPixels     = 13_000_000
	maxDeepAVIFPixels = 6_500_000
	// maxAVIFItems is far above the tiles of any camera, and maxAVIFMeta above
	// any colour profile: the decoder looks them up one by one.
	maxAVIFItems = 1024
	maxAVIFMeta  = 1 << 20
)

// avifFile is what an AVIF's boxes tell. The decoder is asked only when all of it
// makes sense, since it can be held to neither time nor memory, believes the
// coded pictures more than the boxes, and leaves turning to its caller.
type avifFile struct {
	width, height int
	orientation   int // EXIF's word for what irot and imir say
}

// readAVIF reads the boxes and the headers of the coded pictures. Its failures
// are *hajir.Error when they say something else than that the file is damaged.
func readAVIF(b []byte) (avifFile, error) {
	none := avifFile{}
	meta, err := metaBox(b)
	if err != nil {
		return none, err
	}
	if len(meta) > maxAVIFMeta {
		return none, fmt.Errorf("the meta box has %d bytes", len(meta))
	}
	iprp, ipco, err := propertyBoxes(meta)
	if err != nil {
		return none, err
	}
	width, height, err := declaredSize(ipco)
	if err != nil {
		return none, err
	}
	most := maxAVIFPixels
	if deepAVIF(ipco) {
		most = maxDeepAVIFPixels
	}
	if width*height > most {
		return none, tooManyPixels(width, height, most)
	}
	items, err := avifItems(meta, b)
	if err != nil {
		return none, err
	}
	primary, err := primaryItem(meta)
	if err != nil {
		return none, err
	}
	if kind := items[primary].kind; kind != "av01" && kind != "grid" {
		return none, fmt.Errorf("the picture is an item of kind %q", kind)
	}
	if err := items.check(most); err != nil {
		return none, err
	}
	f := avifFile{width: width, height: height}
	f.orientation, err = avifOrientation(iprp, ipco, primary)
	return f, err
}

// deepAVIF says whether any picture has more than 8 bits a colour (box av1C).
func deepAVIF(ipco []byte) bool {
	for {
		av1C, rest, ok := nextBox(ipco, "av1C")
		if !ok {
			return false
		}
		if len(av1C) < 3 || av1C[2]&0x40 != 0 {
			return true
		}
		ipco = rest
	}
}

// items are a file's parts by their number. A picture has one, or a grid with
// one for each tile; others are its transparency and previews.
type items map[uint32]item

type item struct {
	kind string // av01: a coded picture
	data []byte
}

// check adds up the pixels that a decoder could be made to work on.
func (all items) check(most int) error {
	left := 3 * most // the picture, its transparency, and previews
	for id, it := range all {
		switch it.kind {
		case "av01":
			n, err := codedPixels(it.data, min(left, most))
			if err != nil {
				return fmt.Errorf("item %d: %w", id, err)
			}
			left -= n
		case "grid":
			width, height, err := gridSize(it.data)
			if err != nil {
				return fmt.Errorf("item %d: %w", id, err)
			}
			if width*height > most {
				return tooManyPixels(width, height, most)
			}
		}
	}
	return nil
}

// gridSize returns the size of a picture of tiles.
func gridSize(b []byte) (width, height int, err error) {
	c := cursor{b: b}
	n := 2
	if c.number(1); c.number(1)&1 != 0 { // the version, and the flag for long sides
		n = 4
	}
	c.bytes(2) // rows and columns
	width, height = side(c.number(n)), side(c.number(n))
	if c.short || width*height == 0 {
		return 0, 0, errors.New("the grid has no size")
	}
	return width, height, nil
}

func primaryItem(meta []byte) (uint32, error) {
	pitm, _ := box(meta, "pitm")
	c := cursor{b: pitm}
	version, _ := c.version()
	id := c.number(idBytes(version > 0))
	if c.short {
		return 0, errors.New("there is no pitm box")
	}
	return id, nil
}

// idBytes is how many bytes an item's number has.
func idBytes(long bool) int {
	if long {
		return 4
	}
	return 2
}

// avifItems returns the file's items with their data.
func avifItems(meta, file []byte) (items, error) {
	iinf, _ := box(meta, "iinf")
	c := cursor{b: iinf}
	version, _ := c.version()
	n := c.number(idBytes(version > 0))
	if c.short || n > maxAVIFItems {
		return nil, errors.New("the iinf box is missing, cut off or long")
	}
	all := items{}
	for rest := c.b; ; {
		infe, next, ok := nextBox(rest, "infe")
		if !ok {
			break
		}
		c := cursor{b: infe}
		version, _ := c.version()
		if version < 2 {
			return nil, errors.New("an infe box is of an old version")
		}
		id := c.number(idBytes(version > 2))
		c.bytes(2) // protection
		all[id] = item{kind: string(c.bytes(4))}
		if c.short || len(all) > maxAVIFItems {
			return nil, errors.New("an infe box is cut off, or there are many")
		}
		rest = next
	}
	return all, all.locate(meta, file)
}

// locate reads where each item's data lies (box iloc).
func (all items) locate(meta, file []byte) error {
	iloc, _ := box(meta, "iloc")
	idat, _ := box(meta, "idat")
	c := cursor{b: iloc}
	version, _ := c.version()
	sizes := c.number(2)
	offsetBytes, lengthBytes, baseBytes := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15)
	indexBytes := 0
	if version > 0 {
		indexBytes = int(sizes & 15)
	}
	n := c.number(idBytes(version > 1))
	if c.short || n > maxAVIFItems {
		return errors.New("the iloc box is missing, cut off or long")
	}
	total := 0
	for range n {
		id := c.number(idBytes(version > 1))
		from := file
		if version > 0 {
			switch c.number(2) & 15 {
			case 0:
			case 1:
				from = idat
			default:
				return fmt.Errorf("item %d lies in another one", id)
			}
		}
		c.bytes(2) // which file: this one
		base := c.uint(baseBytes)
		it := all[id]
		for range c.number(2) {
			c.bytes(indexBytes)
			at, length := base+c.uint(offsetBytes), c.uint(lengthBytes)
			if at > uint64(len(from)) || length > uint64(len(from))-at {
				return fmt.Errorf("item %d lies outside of the file", id)
			}
			if length == 0 {
				length = uint64(len(from)) - at
			}
			if total += int(length); total > 2*len(file) { //nolint:gosec // length is at most that of the file
				return errors.New("items overlap")
			}
			it.data = append(it.data, from[at:at+length]...)
			if c.short {
				break
			}
		}
		all[id] = it
	}
	if c.short {
		return errors.New("the iloc box is cut off")
	}
	return nil
}

// avifOrientation returns how the primary item is to be turned. What EXIF says of
// it is not for decoders, as in HEIC.
func avifOrientation(iprp, ipco []byte, primary uint32) (int, error) {
	var properties []struct {
		kind    string
		content []byte
	}
	for {
		kind, content, rest, ok := anyBox(ipco)
		if !ok {
			break
		}
		properties = append(properties, struct {
			kind    string
			content []byte
		}{kind, content})
		ipco = rest
	}
	quarters, mirror := 0, 0 // turns to the left; 1 for top and bottom, 2 for left and right
	numbers, err := associated(iprp, primary)
	if err != nil {
		return 0, err
	}
	for _, n := range numbers {
		if n < 1 || n > len(properties) {
			continue
		}
		switch p := properties[n-1]; {
		case p.kind == "irot" && len(p.content) > 0:
			quarters = int(p.content[0] & 3)
		case p.kind == "imir" && len(p.content) > 0:
			mirror = 1 + int(p.content[0]&1)
		case p.kind == "clap":
			return 0, hajir.Errorf(hajir.Unsupported, "The AVIF picture is cropped without its pixels having been removed, which is not read. Save it as JPEG or PNG.")
		}
	}
	// Turned first, mirrored then (ISO/IEC 23000-22, 7.3.6.7).
	return [4][3]int{{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}}[quarters][mirror], nil
}

// associated returns the numbers of an item's properties, from 1 (boxes ipma).
func associated(iprp []byte, id uint32) ([]int, error) {
	var found []int
	for {
		ipma, rest, ok := nextBox(iprp, "ipma")
		if !ok {
			return found, nil
		}
		iprp = rest
		c := cursor{b: ipma}
		version, flags := c.version()
		for n := c.number(4); n > 0 && !c.short; n-- {
			item := c.number(idBytes(version > 0))
			for m := c.number(1); m > 0; m-- {
				number := int(c.number(1) & 0x7f) // beside it, whether it is essential
				if flags&1 != 0 {
					number = number<<8 | int(c.number(1))
				}
				if item == id {
					found = append(found, number)
				}
			}
		}
		if c.short {
			return nil, errors.New("the ipma box is cut off")
		}
	}
}
