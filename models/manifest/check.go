package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// check returns what a program that trusts m would stumble over.
func (m Manifest) check() error {
	switch {
	case m.Name == "":
		return errors.New("a manifest needs a name")
	case m.File == "" || m.File != path.Base(m.File):
		return fmt.Errorf("%s: file must name a file beside the manifest, not %q", m.Name, m.File)
	case len(m.SHA256) != 2*sha256.Size:
		return fmt.Errorf("%s: sha256 must have %d hexadecimal digits", m.Name, 2*sha256.Size)
	}
	switch m.Job {
	case Runtime, Samples:
		return nil
	case Detection, Landmarks, Embedding, Earlier, Eyes, Liveness:
	default:
		return fmt.Errorf("%s: unknown job %q", m.Name, m.Job)
	}
	if err := m.Input.check(); err != nil {
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	if len(m.Outputs) == 0 {
		return fmt.Errorf("%s: outputs must name the model's outputs", m.Name)
	}
	if m.Job != Embedding && m.Job != Earlier {
		return nil
	}
	switch {
	case len(m.Alignment) != 5:
		return fmt.Errorf("%s: alignment needs 5 points, has %d", m.Name, len(m.Alignment))
	case m.Dimension < 1 || m.Dimension > 1<<14:
		return fmt.Errorf("%s: dimension must be 1 to 16384, not %d", m.Name, m.Dimension)
	case m.Threshold <= -1 || m.Threshold >= 1 || m.Threshold == 0:
		return fmt.Errorf("%s: threshold must be a cosine between -1 and 1 other than 0, not %v", m.Name, m.Threshold)
	}
	return nil
}

func (in *Input) check() error {
	if in == nil {
		return errors.New("input is missing")
	}
	if in.Name == "" {
		return errors.New("input needs the tensor's name")
	}
	if in.Width < 1 || in.Height < 1 || in.Width > 4096 || in.Height > 4096 {
		return fmt.Errorf("input must be 1 to 4096 pixels a side, not %d by %d", in.Width, in.Height)
	}
	n := in.Channels.Count()
	if n == 0 {
		return fmt.Errorf("input channels must be %s, %s or %s, not %q", RGB, BGR, Grey, in.Channels)
	}
	for name, values := range map[string][]float64{"mean": in.Mean, "scale": in.Scale} {
		if len(values) != 1 && len(values) != n {
			return fmt.Errorf("input %s needs 1 or %d numbers, has %d", name, n, len(values))
		}
	}
	for _, s := range in.Scale {
		if s == 0 {
			return errors.New("input scale must not be 0")
		}
	}
	return nil
}

// Count returns how many channels there are, or 0 for an order not known.
func (c Channels) Count() int {
	switch c {
	case RGB, BGR:
		return 3
	case Grey:
		return 1
	}
	return 0
}

// Affine returns channel i's factor and addend: the tensor holds
// value·factor + addend.
func (in *Input) Affine(i int) (factor, addend float32) {
	mean, scale := in.Mean[min(i, len(in.Mean)-1)], in.Scale[min(i, len(in.Scale)-1)]
	return float32(1 / scale), float32(-mean / scale)
}

// Status is whether a file is what its manifest says.
type Status string

// What a listing says of a file.
const (
	OK        Status = "ok"
	Missing   Status = "missing"
	WrongHash Status = "wrong hash"
	Damaged   Status = "damaged" // it cannot be read or unpacked
)

// Row is a line of a listing.
type Row struct {
	Manifest
	Status Status
}

// List verifies in dist what Hajir ships for platform (GOOS/GOARCH), reading
// every byte.
func List(dist fs.FS, platform string) ([]Row, error) {
	all, err := Catalogue(platform)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(all))
	for i, m := range all {
		rows[i] = Row{m, m.Verify(dist, string(m.Job))}
	}
	return rows, nil
}

// Verify compares m's file in dir with m.
func (m Manifest) Verify(fsys fs.FS, dir string) Status {
	f, err := m.Open(fsys, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Missing
	case err != nil:
		return Damaged
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return Damaged
	}
	if hex.EncodeToString(h.Sum(nil)) != m.SHA256 {
		return WrongHash
	}
	return OK
}
