// Package manifest describes the files that face recognition runs on: what a
// model takes and gives, where it comes from, under which licence, and the
// SHA-256 that it must have. catalogue.json lists what Hajir ships; an operator
// who brings another embedding model writes a manifest.json of the same form
// beside it. Read Manifest first.
package manifest

import (
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// FileName is what a manifest is called, beside the file that it describes.
const FileName = "manifest.json"

// Job is what a file is for. It is also the name of its folder in dist/.
type Job string

// The jobs of the files in dist/.
const (
	Detection Job = "detection" // finds faces
	Landmarks Job = "landmarks" // 68 points of one face
	Embedding Job = "embedding" // a face as numbers
	// Earlier is an embedding model of an earlier release: faces that are kept in
	// it are compared by it until they have been computed anew.
	Earlier  Job = "earlier"
	Eyes     Job = "eyes"     // whether an eye is open
	Liveness Job = "liveness" // whether a face is a living person's, not a picture of one
	Runtime  Job = "runtime"  // the library that runs the models
	Samples  Job = "samples"  // pictures for the demo and the tests
)

// Manifest describes one file.
type Manifest struct {
	// Name, with its version. Templates are kept under the embedding model's
	// name and compared only with those of the same name: whoever changes the
	// weights, the input or the alignment changes the name.
	Name    string `json:"name"`
	Job     Job    `json:"job"`
	File    string `json:"file"`   // beside the manifest; ".gz" is unpacked on reading
	SHA256  string `json:"sha256"` // of the file, unpacked
	Bytes   int64  `json:"bytes"`  // of the file, unpacked
	Licence string `json:"licence"`
	Source  string `json:"source"`
	Comment string `json:"comment,omitempty"`

	// Upstream is what models/prepare makes the file from.
	Upstream *Upstream `json:"upstream,omitempty"`
	// Platform, GOOS/GOARCH, of a runtime library.
	Platform string `json:"platform,omitempty"`

	Input   *Input   `json:"input,omitempty"`
	Outputs []string `json:"outputs,omitempty"`
	// Alignment has the places in the input's pixels at which an embedding
	// model expects the eyes (the picture's left first), the nose, and the
	// mouth's corners (the picture's left first).
	Alignment [][2]float64 `json:"alignment,omitempty"`
	// Mirror says that an embedding is the mean of the model's answers to the
	// face and to its mirror image, which takes twice the time.
	Mirror bool `json:"mirror,omitempty"`
	// Dimension is how many numbers an embedding has.
	Dimension int `json:"dimension,omitempty"`
	// Threshold is the cosine from which two faces count as one person, or the
	// score from which a detector's answer counts as a face.
	Threshold float64 `json:"threshold,omitempty"`
}

// Upstream is a file inside models/node_modules.
type Upstream struct {
	Path    string   `json:"path"`
	SHA256  string   `json:"sha256"`
	Changes []Change `json:"changes,omitempty"`
	// Beside is a second model that looks at the same input. Its answer follows
	// the first one's, each of length 1, so that a score is the mean of both.
	Beside *Upstream `json:"beside,omitempty"`
}

// Change is something that models/prepare does to a model.
type Change string

// The changes that models/prepare knows.
const (
	// ZeroTiny writes weights below 1e-20 as zero: subnormal numbers make a
	// processor several times slower, and carry nothing.
	ZeroTiny Change = "zero-tiny"
	// SplitPReLU writes PReLU(x) as Relu(x) − s·Relu(−x), which ONNX Runtime
	// computes without reordering its blocked layout.
	SplitPReLU Change = "split-prelu"
	// FromTFLite writes a TensorFlow Lite model as ONNX, with PReLU as
	// SplitPReLU writes it.
	FromTFLite Change = "from-tflite"
)

// Input is the one tensor that a model takes: 1 × channels × height × width,
// each number (value − Mean) / Scale of a channel's value 0..255.
type Input struct {
	Name     string    `json:"name"`
	Width    int       `json:"width"`
	Height   int       `json:"height"`
	Channels Channels  `json:"channels"`
	Mean     []float64 `json:"mean"`  // one, or one a channel in the order of Channels
	Scale    []float64 `json:"scale"` // likewise
}

// Channels is the order of an input's channels.
type Channels string

// The channel orders known.
const (
	RGB  Channels = "RGB"
	BGR  Channels = "BGR"
	Grey Channels = "GREY"
)

//go:embed catalogue.json
var catalogue []byte

// Catalogue returns what Hajir ships for platform (GOOS/GOARCH).
func Catalogue(platform string) ([]Manifest, error) {
	var all []Manifest
	if err := json.Unmarshal(catalogue, &all); err != nil {
		return nil, fmt.Errorf("manifest: catalogue.json: %w", err)
	}
	kept := all[:0]
	for _, m := range all {
		if m.Platform != "" && m.Platform != platform {
			continue
		}
		if err := m.check(); err != nil {
			return nil, fmt.Errorf("manifest: catalogue.json: %w", err)
		}
		kept = append(kept, m)
	}
	return kept, nil
}

// ErrMissing means that dist/ has not been prepared, or only in part.
var ErrMissing = errors.New("the face models are missing: run `make models` and build again")

// Load reads and checks the manifest in dir.
func Load(fsys fs.FS, dir string) (Manifest, error) {
	var m Manifest
	b, err := fs.ReadFile(fsys, path.Join(dir, FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("manifest: %s: %w", path.Join(dir, FileName), errors.Join(ErrMissing, err))
	} else if err != nil {
		return m, fmt.Errorf("manifest: %w", err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("manifest: %s: %w", path.Join(dir, FileName), err)
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("manifest: %s: %w", path.Join(dir, FileName), err)
	}
	return m, nil
}

// Open opens m's file in dir, unpacked. What is read from it is not verified;
// see Read and SHA256.
func (m Manifest) Open(fsys fs.FS, dir string) (io.ReadCloser, error) {
	f, err := fsys.Open(path.Join(dir, m.File))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("manifest: %s: %w", m.Name, errors.Join(ErrMissing, err))
	} else if err != nil {
		return nil, fmt.Errorf("manifest: %s: %w", m.Name, err)
	}
	if !strings.HasSuffix(m.File, ".gz") {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("manifest: %s: %w", m.Name, err), f.Close())
	}
	return &unpacked{z, f}, nil
}

// Read returns m's file in dir, unpacked, if it is the file that m describes.
func (m Manifest) Read(fsys fs.FS, dir string) (_ []byte, err error) {
	f, err := m.Open(fsys, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("manifest: reading %s: %w", path.Join(dir, m.File), err)
	}
	if got := Sum(b); got != m.SHA256 {
		return nil, fmt.Errorf("manifest: %s has SHA-256 %s, and its manifest says %s", path.Join(dir, m.File), got, m.SHA256)
	}
	return b, nil
}

// Sum returns b's SHA-256 in hexadecimal.
func Sum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// unpacked closes the file under a gzip.Reader with it.
type unpacked struct {
	*gzip.Reader
	file io.Closer
}

func (u *unpacked) Close() error { return errors.Join(u.Reader.Close(), u.file.Close()) }
