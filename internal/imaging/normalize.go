package imaging

import "context"

// Normalize reads a picture of any of the formats once and returns it as upright
// JPEGs without metadata, one for each of longer: the most pixels that its
// longer side may have. It is never enlarged. Normalize fails as Decode does.
func (d *Decoder) Normalize(ctx context.Context, picture []byte, longer ...int) ([][]byte, error) {
	p, err := d.Decode(ctx, picture)
	if err != nil {
		return nil, err
	}
	return p.jpegs(longer)
}

// Square is Normalize for the square in the middle of the picture.
func (d *Decoder) Square(ctx context.Context, picture []byte, sides ...int) ([][]byte, error) {
	p, err := d.Decode(ctx, picture)
	if err != nil {
		return nil, err
	}
	return p.Square().jpegs(sides)
}

func (p *Picture) jpegs(longer []int) (_ [][]byte, err error) {
	out := make([][]byte, len(longer))
	for i, side := range longer {
		if out[i], err = p.JPEG(side); err != nil {
			return nil, err
		}
	}
	return out, nil
}
