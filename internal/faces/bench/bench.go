// Package bench measures face recognition on a folder of pictures in the form
// of Labeled Faces in the Wild: images/NAME/NAME_0001.jpg and pairs.txt. It
// runs the pipeline that Hajir runs, from a file's bytes to a template, one
// picture at a time on one core. Read Run first; accuracy.go and identify.go
// hold the protocols, pictures.go reads the folder.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"time"

	"hajir/internal/faces"
	"hajir/internal/faces/onnx"
)

// Config says what to measure.
type Config struct {
	Dir          string // the folder with images/ and pairs.txt
	Models       fs.FS  // as models.FS returns it
	EmbeddingDir string // as in onnx.Config
	CacheDir     string // as in onnx.Config
	Now          func() time.Time
	Progress     io.Writer // gets a line that is rewritten; nil for none
}

// Report is what was measured. Shares are 0..1, durations milliseconds.
type Report struct {
	Model          string                  `json:"model"`
	Pictures       int                     `json:"pictures"`
	People         int                     `json:"people"`
	WithoutFace    int                     `json:"without_face"`
	Pairs          Pairs                   `json:"pairs"`
	AllPairs       []Rate                  `json:"all_pairs"`
	Identification Identification          `json:"identification"`
	Thresholds     []Point                 `json:"thresholds"`
	Stages         map[onnx.Stage]Duration `json:"stages"`
	Whole          Duration                `json:"whole"`
	ModelRuns      Duration                `json:"model_runs"` // the three runs of a picture, added up
	Overhead       float64                 `json:"overhead"`   // median of Whole / median of ModelRuns
}

// Duration is how long something took over all pictures, in milliseconds.
type Duration struct {
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
}

// Run measures and writes the report as text to out.
func Run(ctx context.Context, c Config, out io.Writer) (_ Report, err error) {
	set, err := open(c.Dir)
	if err != nil {
		return Report{}, err
	}
	m := &meter{now: c.Now, stages: map[onnx.Stage][]time.Duration{}}
	r, err := onnx.Open(ctx, onnx.Config{
		Models: c.Models, EmbeddingDir: c.EmbeddingDir, CacheDir: c.CacheDir,
		Store: faces.NoStore{}, Now: c.Now, Workers: 1, Observe: m.observe,
	})
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := embed(ctx, r, set, m, c.Progress); err != nil {
		return Report{}, err
	}
	report := m.report()
	report.Model, report.Pictures, report.People = r.Model().Name, len(set.pictures), len(set.people)
	for _, p := range set.pictures {
		if p.vector == nil {
			report.WithoutFace++
		}
	}
	if report.Pairs, err = set.verify(); err != nil {
		return Report{}, err
	}
	same, different := set.allPairs()
	report.AllPairs = rates(same, different, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
	id := set.identify()
	report.Identification = id.summary()
	report.Thresholds = curve(same, different, id)
	return report, report.write(out)
}

// embed computes the vector of each picture's central face: the person whom an
// LFW picture is of is in its middle.
func embed(ctx context.Context, r *onnx.Recognizer, set *set, m *meter, progress io.Writer) error {
	b := bar{out: progress, now: m.now, total: len(set.pictures), from: m.now()}
	for i := range set.pictures {
		p := &set.pictures[i]
		picture, err := os.ReadFile(p.path)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		m.begin()
		_, p.vector, err = r.Vector(ctx, picture, central)
		m.end(p.vector != nil)
		if err != nil {
			return fmt.Errorf("bench: %s: %w", p.path, err)
		}
		b.step()
	}
	return b.done()
}

// central returns the face nearest to the picture's middle, -1 if there is none.
func central(f faces.Frame) int {
	nearest, distance := -1, math.Inf(1)
	for i, face := range f.Faces {
		x := (face.Box.Left + face.Box.Width/2 - 0.5) * float64(f.Width)
		y := (face.Box.Top + face.Box.Height/2 - 0.5) * float64(f.Height)
		if d := math.Hypot(x, y); d < distance {
			nearest, distance = i, d
		}
	}
	return nearest
}

// meter collects how long stages take. Its recognizer works on one picture at
// a time, so that it needs no lock.
type meter struct {
	now    func() time.Time
	stages map[onnx.Stage][]time.Duration
	whole  []time.Duration
	runs   []time.Duration

	from    time.Time
	current map[onnx.Stage]time.Duration
}

func (m *meter) begin() {
	m.current = map[onnx.Stage]time.Duration{}
	m.from = m.now()
}

func (m *meter) observe(s onnx.Stage, d time.Duration) {
	if m.current != nil { // not while opening
		m.current[s] += d
	}
}

// end counts the picture, if it went through all stages.
func (m *meter) end(complete bool) {
	whole := m.now().Sub(m.from)
	if !complete {
		return
	}
	m.whole = append(m.whole, whole)
	for s, d := range m.current {
		m.stages[s] = append(m.stages[s], d)
	}
	m.runs = append(m.runs, m.current[onnx.StageDetectRun]+m.current[onnx.StageLandmarksRun]+m.current[onnx.StageEmbedRun])
}

func (m *meter) report() Report {
	r := Report{Stages: map[onnx.Stage]Duration{}, Whole: summary(m.whole), ModelRuns: summary(m.runs)}
	for s, d := range m.stages {
		r.Stages[s] = summary(d)
	}
	if r.ModelRuns.Median > 0 {
		r.Overhead = r.Whole.Median / r.ModelRuns.Median
	}
	return r
}

func summary(d []time.Duration) Duration {
	if len(d) == 0 {
		return Duration{}
	}
	slices.Sort(d)
	ms := func(i int) float64 { return float64(d[i]) / float64(time.Millisecond) }
	return Duration{Median: ms(len(d) / 2), P95: ms(len(d) * 95 / 100)}
}
