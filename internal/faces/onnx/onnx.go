// Package onnx finds and matches faces in the process: ONNX Runtime runs a
// detector, a landmark model and an embedding model, and templates are compared
// in memory. Read Open and pipeline.go first: a picture goes through detect.go,
// landmarks.go and align.go (and through measure.go when somebody asks), and people.go and gallery.go hold who is enrolled.
package onnx

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"hajir/internal/faces"
	"hajir/internal/imaging"
	"hajir/models/manifest"
)

// Config is what a Recognizer needs.
type Config struct {
	// Models has a folder for each job, as models.FS returns it.
	Models fs.FS
	// EmbeddingDir, if set, has a manifest.json and the model that it
	// describes, used instead of the embedding model in Models.
	EmbeddingDir string
	// Earlier are embedding models that companies' faces are kept in beside that
	// one. What has its name is left out.
	Earlier []Source
	// CacheDir is where the runtime library is unpacked; empty means hajir in
	// the user's cache directory. Its file system must allow execution.
	CacheDir string
	// Store keeps the templates.
	Store faces.TemplateStore
	// Now is the clock.
	Now func() time.Time
	// Workers is how many pictures are worked on at once; 0 means one a core.
	Workers int
	// Refresh is how old a company's templates in memory may grow before they
	// are read anew from Store. 0 means never, which is right unless other
	// processes write to the same store.
	Refresh time.Duration
	// Observe, if set, is told how long each stage of a picture took. It is
	// called by several goroutines.
	Observe func(Stage, time.Duration)
}

// Source is a folder with a manifest.json and the model that it describes.
type Source struct {
	FS  fs.FS
	Dir string
}

// Recognizer implements faces.Recognizer.
type Recognizer struct {
	config    Config
	decoder   *imaging.Decoder
	detector  *network
	landmarks *network
	embedder  *network            // what the program was started with
	versions  map[string]*network // every embedding model, by name
	eyes      *network
	liveness  *network
	workers   *pool
	registers registers
	closing   sync.Once
}

var _ faces.Recognizer = (*Recognizer)(nil)

// Open loads the models, each verified against its manifest, and runs each of
// them once. It returns an error with manifest.ErrMissing when the program was
// built without models.
func Open(ctx context.Context, c Config) (_ *Recognizer, err error) {
	switch {
	case c.Models == nil || c.Store == nil || c.Now == nil:
		return nil, errors.New("onnx: Config needs Models, Store and Now")
	case c.Workers < 0:
		return nil, fmt.Errorf("onnx: %d workers", c.Workers)
	case c.Workers == 0:
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Observe == nil {
		c.Observe = func(Stage, time.Duration) {}
	}
	if c.CacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("onnx: no place to unpack the runtime library, configure a cache directory: %w", err)
		}
		c.CacheDir = filepath.Join(dir, "hajir")
	}
	if err := startRuntime(ctx, c.Models, c.CacheDir); err != nil {
		return nil, err
	}
	r := &Recognizer{config: c, decoder: imaging.NewDecoder()}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.destroy())
		}
	}()
	if r.detector, err = loadNetwork(c.Models, string(manifest.Detection), manifest.Detection); err != nil {
		return nil, err
	}
	if err := r.detector.expect(2, 4); err != nil {
		return nil, err
	}
	if r.landmarks, err = loadNetwork(c.Models, string(manifest.Landmarks), manifest.Landmarks); err != nil {
		return nil, err
	}
	if err := r.landmarks.expect(2 * landmarkCount); err != nil {
		return nil, err
	}
	from, dir := c.Models, string(manifest.Embedding)
	if c.EmbeddingDir != "" {
		from, dir = os.DirFS(c.EmbeddingDir), "."
	}
	if r.embedder, err = loadNetwork(from, dir, manifest.Embedding); err != nil {
		return nil, err
	}
	r.versions = map[string]*network{r.embedder.manifest.Name: r.embedder}
	if err := r.embedder.expect(r.embedder.manifest.Dimension); err != nil {
		return nil, err
	}
	for _, s := range c.Earlier {
		if err := r.addEarlier(s); err != nil {
			return nil, err
		}
	}
	if r.eyes, err = loadNetwork(c.Models, string(manifest.Eyes), manifest.Eyes); err != nil {
		return nil, err
	}
	if err := r.eyes.expect(2); err != nil {
		return nil, err
	}
	if r.liveness, err = loadNetwork(c.Models, string(manifest.Liveness), manifest.Liveness); err != nil {
		return nil, err
	}
	if err := r.liveness.expect(3); err != nil {
		return nil, err
	}
	r.workers = newPool(c.Workers, r.newWorker)
	return r, nil
}

// Observe has how long each stage of a picture took told to f, in place of
// Config.Observe. It is called before the first picture.
func (r *Recognizer) Observe(f func(Stage, time.Duration)) { r.config.Observe = f }

// Close waits for the pictures that are being worked on and frees the models.
// What comes after it fails with Unavailable; closing again does nothing.
func (r *Recognizer) Close() error {
	var err error
	r.closing.Do(func() { err = errors.Join(r.workers.close(), r.destroy()) })
	return err
}

func (r *Recognizer) destroy() error {
	var errs []error
	for _, n := range []*network{r.detector, r.landmarks, r.eyes, r.liveness} {
		if n != nil {
			errs = append(errs, n.destroy())
		}
	}
	for _, n := range r.versions {
		errs = append(errs, n.destroy())
	}
	return errors.Join(errs...)
}

func (r *Recognizer) addEarlier(s Source) error {
	n, err := loadNetwork(s.FS, s.Dir, manifest.Embedding)
	if err != nil {
		return err
	}
	if r.versions[n.manifest.Name] != nil {
		return n.destroy()
	}
	r.versions[n.manifest.Name] = n
	return n.expect(n.manifest.Dimension)
}

// Model returns the embedding model that the program was started with.
func (r *Recognizer) Model() faces.Model {
	m := r.embedder.manifest
	return faces.Model{Name: m.Name, Threshold: m.Threshold, Liveness: r.liveness.manifest.Name, Eyes: r.eyes.manifest.Name}
}

// Stage is a part of the work on a picture, for Config.Observe.
type Stage string

// The stages. The three that end in Run are the models' part of the stage
// before them, without preparing their input and reading their output.
const (
	StageQueue        Stage = "queue" // the wait for a worker
	StageDecode       Stage = "decode"
	StageDetect       Stage = "detect"
	StageDetectRun    Stage = "detect_run"
	StageLandmarks    Stage = "landmarks"
	StageLandmarksRun Stage = "landmarks_run"
	StageAlign        Stage = "align"
	StageEmbed        Stage = "embed"
	StageEmbedRun     Stage = "embed_run"
	StageSearch       Stage = "search"
	StageQuality      Stage = "quality"  // only when it is asked for
	StageLiveness     Stage = "liveness" // likewise
)

// Stages returns all stages.
func Stages() []Stage {
	return []Stage{
		StageQueue, StageDecode, StageDetect, StageDetectRun, StageLandmarks, StageLandmarksRun, StageAlign, StageEmbed, StageEmbedRun,
		StageSearch, StageQuality, StageLiveness,
	}
}

// timed reports how long f takes.
func (r *Recognizer) timed(s Stage, f func() error) error {
	from := r.config.Now()
	err := f()
	r.config.Observe(s, r.config.Now().Sub(from))
	return err
}
