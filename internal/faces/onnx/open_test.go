package onnx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/faces/onnx"
	"hajir/internal/hajir"
	"hajir/internal/imaging"
	"hajir/models"
	"hajir/models/manifest"
)

func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := models.Sample(name)
	if err != nil {
		tb.Skip("SKIPPED: ", err)
	}
	return b
}

func TestOpenWithoutModels(t *testing.T) {
	_, err := onnx.Open(t.Context(), onnx.Config{Models: fstest.MapFS{}, Store: &facestest.Store{}, Now: clock()})
	if !errors.Is(err, manifest.ErrMissing) || !strings.Contains(err.Error(), "make models") {
		t.Errorf("%v, want what to run", err)
	}
	if _, err := onnx.Open(t.Context(), onnx.Config{}); err == nil {
		t.Error("an empty Config passes")
	}
}

// vectors returns the embeddings of every face in a picture.
func vectors(t *testing.T, r *onnx.Recognizer, picture []byte) [][]float32 {
	t.Helper()
	frame, err := r.Detect(t.Context(), picture)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]float32
	for i := range frame.Faces {
		_, v, err := r.Vector(t.Context(), picture, func(faces.Frame) int { return i })
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// embedding returns the embedding model that is shipped; it skips without models.
func embedding(t *testing.T) (manifest.Manifest, []byte) {
	t.Helper()
	open(t, nil)
	m, err := manifest.Load(models.FS(), string(manifest.Embedding))
	if err != nil {
		t.Fatal(err)
	}
	weights, err := m.Read(models.FS(), string(manifest.Embedding))
	if err != nil {
		t.Fatal(err)
	}
	return m, weights
}

// TestPreparedModelAnswersAsItsSource compares the first of the two models that
// the prepared embedding model consists of with what the package ships, on real
// faces. TestSecondModelAnswersAsItsSource has the other one.
func TestPreparedModelAnswersAsItsSource(t *testing.T) {
	m, both := embedding(t)
	m.Mirror = false
	prepared := open(t, func(c *onnx.Config) { c.EmbeddingDir = modelDir(t, m, both) })
	weights, err := os.ReadFile(filepath.Join("..", "..", "..", "models", "node_modules", filepath.FromSlash(m.Upstream.Path)))
	if err != nil {
		t.Skipf("SKIPPED: run `make models`: %v", err)
	}
	m.SHA256, m.Dimension = m.Upstream.SHA256, 512
	source := open(t, func(c *onnx.Config) { c.EmbeddingDir = modelDir(t, m, weights) })
	compared := 0
	for _, name := range []string{"sample3.jpg", "sample5.jpg"} {
		want := vectors(t, source, sample(t, name))
		for i, v := range vectors(t, prepared, sample(t, name)) {
			for j, w := range want[i] {
				if d := math.Abs(math.Sqrt2*float64(v[j]) - float64(w)); d > 1e-4 {
					t.Fatalf("%s, face %d: number %d differs by %v", name, i, j, d)
				}
			}
			compared++
		}
	}
	if compared != 8 {
		t.Errorf("%d faces compared, want 8", compared)
	}
}

// TestMirrorLooksTwice: a face and its mirror image have the same numbers where
// the manifest asks for both, and others where it does not.
func TestMirrorLooksTwice(t *testing.T) {
	m, weights := embedding(t)
	picture := sample(t, "sample3.jpg")
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds()
	turned := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			turned.Set(size.Dx()-1-x, y, img.At(x, y))
		}
	}
	var mirrored bytes.Buffer
	if err := jpeg.Encode(&mirrored, turned, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	alike := func(mirror bool) (score float64) {
		m.Mirror = mirror
		r := open(t, func(c *onnx.Config) { c.EmbeddingDir = modelDir(t, m, weights) })
		left := func(f faces.Frame) int { return outermost(f, -1) }
		_, a, err := r.Vector(t.Context(), picture, left)
		if err != nil {
			t.Fatal(err)
		}
		_, b, err := r.Vector(t.Context(), mirrored.Bytes(), func(f faces.Frame) int { return outermost(f, 1) })
		if err != nil {
			t.Fatal(err)
		}
		for i := range a {
			score += float64(a[i]) * float64(b[i])
		}
		return score
	}
	if once, twice := alike(false), alike(true); twice < 0.98 || twice <= once {
		t.Errorf("a face and its mirror image score %.3f, and %.3f where the model looks once", twice, once)
	}
}

// outermost is the face furthest to the right, or to the left with a side of -1.
func outermost(f faces.Frame, side float64) int {
	best := 0
	for i := range f.Faces {
		if side*f.Faces[i].Box.Left > side*f.Faces[best].Box.Left {
			best = i
		}
	}
	return best
}

// modelDir makes a folder such as an operator has, with a model and its manifest.
func modelDir(t *testing.T, m manifest.Manifest, weights []byte) string {
	t.Helper()
	dir := t.TempDir()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{manifest.FileName: b, m.File: weights} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// another is a model that Hajir does not ship: another input name, ImageNet's
// mean and deviation a channel, 128 numbers.
func another(t *testing.T) (manifest.Manifest, []byte) {
	t.Helper()
	dir := os.Getenv("HAJIR_TEST_FACES")
	if dir == "" {
		t.Skip("SKIPPED: set HAJIR_TEST_FACES to the folder with models/mobilefacenet_foamliu.onnx")
	}
	weights, err := os.ReadFile(filepath.Join(dir, "models", "mobilefacenet_foamliu.onnx"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	return manifest.Manifest{
		Name: "foamliu-1", Job: manifest.Embedding, File: "mobilefacenet.onnx",
		SHA256: manifest.Sum(weights), Licence: "Apache-2.0",
		Input: &manifest.Input{
			Name: "input0", Width: 112, Height: 112, Channels: manifest.RGB,
			Mean: []float64{123.675, 116.28, 103.53}, Scale: []float64{58.395, 57.12, 57.375},
		},
		Outputs:   []string{"output0"},
		Alignment: [][2]float64{{38.29, 51.70}, {73.53, 51.50}, {56.03, 71.74}, {41.55, 92.37}, {70.73, 92.20}},
		Dimension: 128, Threshold: 0.5,
	}, weights
}

// TestAnotherModel runs the suite on a model that came with nothing but a
// manifest.
func TestAnotherModel(t *testing.T) {
	m, weights := another(t)
	dir := modelDir(t, m, weights)
	facestest.Run(t, func(t *testing.T) faces.Recognizer {
		return open(t, func(c *onnx.Config) { c.EmbeddingDir = dir })
	})
}

// TestWrongManifest: what a manifest gets wrong is told when opening.
func TestWrongManifest(t *testing.T) {
	m, weights := embedding(t)
	for name, change := range map[string]func(*manifest.Manifest){
		"hash":      func(m *manifest.Manifest) { m.SHA256 = manifest.Sum(nil) },
		"job":       func(m *manifest.Manifest) { m.Job = manifest.Detection },
		"dimension": func(m *manifest.Manifest) { m.Dimension = 128 },
		"input":     func(m *manifest.Manifest) { m.Input.Name = "data" },
		"output":    func(m *manifest.Manifest) { m.Outputs = []string{"fc1"} },
		"size":      func(m *manifest.Manifest) { m.Input.Width = 96 },
	} {
		wrong := m
		input := *m.Input
		wrong.Input = &input
		change(&wrong)
		r, err := onnx.Open(t.Context(), onnx.Config{
			Models: models.FS(), EmbeddingDir: modelDir(t, wrong, weights), Store: &facestest.Store{}, Now: clock(),
		})
		if err == nil {
			t.Errorf("%s: passes", name)
			_ = r.Close()
		}
	}
}

// TestTemplatesOutliveTheRecognizer reads templates back from the store, and
// again when they are older than Refresh.
func TestTemplatesOutliveTheRecognizer(t *testing.T) {
	store := &facestest.Store{}
	picture := sample(t, "sample3.jpg")
	accept := func(faces.Frame) error { return nil }
	now := time.Unix(0, 0)
	with := func(c *onnx.Config) {
		c.Store, c.Refresh = store, time.Minute
		c.Now = func() time.Time { return now }
	}
	writer, reader := open(t, with), open(t, with)
	find := func() int {
		t.Helper()
		frame, err := reader.Identify(t.Context(), "c", picture)
		if err != nil {
			t.Fatal(err)
		}
		return len(frame.Faces[0].Candidates)
	}
	if n := find(); n != 0 {
		t.Errorf("%d candidates before enrolment", n)
	}
	if _, err := writer.Index(t.Context(), "c", "asha", "1", picture, accept); err != nil {
		t.Fatal(err)
	}
	if n := find(); n != 0 {
		t.Errorf("%d candidates, read again before it was time", n)
	}
	now = now.Add(time.Minute)
	if n := find(); n != 1 {
		t.Errorf("%d candidates after Refresh, want 1", n)
	}
}

// brokenStore fails after doing what it was told.
type brokenStore struct{ facestest.Store }

var errBroken = errors.New("broken")

func (s *brokenStore) SaveTemplate(ctx context.Context, t faces.Template) error {
	return errors.Join(s.Store.SaveTemplate(ctx, t), errBroken)
}

// TestStoreFailure: a save that failed may have happened all the same, and the
// store's word counts.
func TestStoreFailure(t *testing.T) {
	r := open(t, func(c *onnx.Config) { c.Store = &brokenStore{} })
	picture := sample(t, "sample3.jpg")
	if _, err := r.Identify(t.Context(), "c", picture); err != nil {
		t.Fatal(err)
	}
	_, err := r.Index(t.Context(), "c", "asha", "1", picture, func(faces.Frame) error { return nil })
	if !errors.Is(err, errBroken) {
		t.Fatalf("%v", err)
	}
	if list, err := r.List(t.Context(), "c", "asha"); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

// TestIndexIsOneStep enrols one face for many people at once, each only if
// nobody is known by it: one may win.
func TestIndexIsOneStep(t *testing.T) {
	r := open(t, nil)
	picture := sample(t, "sample3.jpg")
	known := errors.New("known")
	var all sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for _, username := range []string{"a", "b", "c", "d", "e"} {
		all.Go(func() {
			_, err := r.Index(t.Context(), "c", username, "1", picture, func(f faces.Frame) error {
				if len(f.Faces[0].Candidates) > 0 {
					return known
				}
				// Long enough for the others to come this far, if they may.
				_, err := r.Detect(t.Context(), picture)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, known) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d people were enrolled with one face", won)
	}
}

// TestWaitingStopsWithItsContext has the only worker busy and gives up.
func TestWaitingStopsWithItsContext(t *testing.T) {
	busy, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r := open(t, func(c *onnx.Config) {
		c.Workers = 1
		c.Observe = func(s onnx.Stage, _ time.Duration) {
			if s != onnx.StageQueue { // who waits is observed, too
				once.Do(func() { close(busy); <-release })
			}
		}
	})
	picture := sample(t, "sample3.jpg")
	done := make(chan error)
	go func() {
		_, err := r.Detect(context.Background(), picture)
		done <- err
	}()
	<-busy
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Detect(ctx, picture); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	r, err := onnx.Open(t.Context(), onnx.Config{Models: models.FS(), Store: &facestest.Store{}, Now: clock()})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := r.Detect(t.Context(), sample(t, "sample3.jpg")); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("%v, want %s", err, hajir.Unavailable)
	}
}

// BenchmarkVector takes one face from a picture's bytes to its numbers, as large
// as a passport photo and as a kiosk sends it, and tells how much longer that
// takes than the models alone.
func BenchmarkVector(b *testing.B) {
	var runs time.Duration
	r := open(b, func(c *onnx.Config) {
		c.Now = time.Now
		c.Observe = func(s onnx.Stage, d time.Duration) {
			if s == onnx.StageDetectRun || s == onnx.StageLandmarksRun || s == onnx.StageEmbedRun {
				runs += d
			}
		}
	})
	const width, height, faceX, faceY = 1920, 1280, 1190, 345 // a face in the middle of the sample
	for _, size := range []image.Point{{X: 250, Y: 250}, {X: 640, Y: 480}} {
		part, err := imaging.NewDecoder().Crop(b.Context(), sample(b, "sample3.jpg"),
			float64(faceX-size.X/2)/width, float64(max(faceY-size.Y/2, 0))/height,
			float64(size.X)/width, float64(size.Y)/height, 640)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			b.ReportAllocs()
			runs = 0
			for b.Loop() {
				if _, v, err := r.Vector(b.Context(), part, func(faces.Frame) int { return 0 }); err != nil || v == nil {
					b.Fatal(err, v == nil)
				}
			}
			b.ReportMetric(float64(runs.Nanoseconds())/float64(b.N), "models-ns/op")
			b.ReportMetric(float64(b.Elapsed())/float64(runs), "whole/models")
		})
	}
}

// BenchmarkMeasure shows what measuring costs who asks for it: nobody else.
func BenchmarkMeasure(b *testing.B) {
	r := open(b, nil)
	picture := sample(b, "sample6.jpg")
	for name, what := range map[string][]faces.Measure{
		"nothing": nil, "quality": {faces.MeasureQuality}, "liveness": {faces.MeasureLiveness},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.Detect(b.Context(), picture, what...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestVersions runs two models under two names: that which Hajir ships, and the
// same with other points of alignment, so that its numbers differ.
func TestVersions(t *testing.T) {
	m, weights := embedding(t)
	dirs := map[string]string{}
	for name, shift := range map[string]float64{"one": 0, "two": 0.4} {
		own := m
		own.Name, own.Threshold, own.Alignment = name, m.Threshold-shift/10, nil
		for _, p := range m.Alignment {
			own.Alignment = append(own.Alignment, [2]float64{p[0] + shift, p[1]})
		}
		dirs[name] = modelDir(t, own, weights)
	}
	facestest.RunVersions(t, func(t *testing.T, store faces.TemplateStore, names ...string) faces.Recognizer {
		return open(t, func(c *onnx.Config) {
			c.Store, c.EmbeddingDir = store, dirs[names[0]]
			for _, name := range names[1:] {
				c.Earlier = append(c.Earlier, onnx.Source{FS: os.DirFS(dirs[name]), Dir: "."})
			}
		})
	})
}
