package imaging

import "context"

// Normalize reads a picture of any of the formats and returns it as an upright
// JPEG without metadata, its longer side at most longer pixels. It fails as
// Decode does.
func (d *Decoder) Normalize(ctx context.Context, picture []byte, longer int) ([]byte, error) {
	p, err := d.Decode(ctx, picture)
	if err != nil {
		return nil, err
	}
	return p.JPEG(longer)
}
