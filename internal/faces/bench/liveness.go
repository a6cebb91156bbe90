package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hajir/internal/faces"
	"hajir/internal/faces/onnx"
	"hajir/internal/hajir"
)

// Liveness is what was counted of pictures of living people and of attacks.
// They are counts: a few pictures do not make a rate.
type Liveness struct {
	Model    string  `json:"model"`
	Least    float64 `json:"least"` // from which liveness on a face counts as alive
	People   Count   `json:"people"`
	Attacks  Count   `json:"attacks"`
	Unsorted int     `json:"unsorted"` // pictures whose names tell neither
}

// Count is of pictures of one kind.
type Count struct {
	Pictures    int `json:"pictures"`
	WithoutFace int `json:"without_face"` // or unreadable: they are not judged
	Errors      int `json:"errors"`       // people refused, or attacks accepted
}

// The folders and the beginnings of file names that tell what a picture shows.
var (
	liveNames   = []string{"real", "live", "true", "original", "image_t"}
	attackNames = []string{"fake", "attack", "spoof", "paper", "print", "screen", "replay", "image_f"}
)

// kind tells what the picture at path, below the folder measured, shows: its own
// name goes before its folders'.
func kind(path string) (live, known bool) {
	parts := strings.Split(strings.ToLower(filepath.ToSlash(path)), "/")
	slices.Reverse(parts)
	for _, part := range parts {
		begins := func(name string) bool { return strings.HasPrefix(part, name) }
		switch {
		case slices.ContainsFunc(liveNames, begins):
			return true, true
		case slices.ContainsFunc(attackNames, begins):
			return false, true
		}
	}
	return false, false
}

// RunLiveness judges every picture below c.Dir by its largest face, and writes
// what it counted to out. least is from which liveness on a face is alive.
func RunLiveness(ctx context.Context, c Config, least float64, out io.Writer) (_ Liveness, err error) {
	var paths []string
	err = filepath.WalkDir(c.Dir, func(path string, d fs.DirEntry, err error) error {
		ext := strings.ToLower(filepath.Ext(path))
		if err == nil && !d.IsDir() && slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, ext) {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return Liveness{}, fmt.Errorf("bench: %w", err)
	}
	r, err := onnx.Open(ctx, onnx.Config{Models: c.Models, CacheDir: c.CacheDir, Store: faces.NoStore{}, Now: c.Now, Workers: 1})
	if err != nil {
		return Liveness{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	report := Liveness{Model: r.Model().Liveness, Least: least}
	b := bar{out: c.Progress, now: c.Now, total: len(paths), from: c.Now()}
	for _, path := range paths {
		if err := report.judge(ctx, r, c.Dir, path); err != nil {
			return report, err
		}
		b.step()
	}
	if err := b.done(); err != nil {
		return report, err
	}
	if report.People.Pictures+report.Attacks.Pictures == 0 {
		return report, fmt.Errorf("bench: no pictures in %s whose name or folder begins with %s, or with %s", c.Dir, strings.Join(liveNames, ", "), strings.Join(attackNames, ", "))
	}
	return report, report.write(out)
}

func (l *Liveness) judge(ctx context.Context, r *onnx.Recognizer, dir, path string) error {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	live, known := kind(rel)
	if !known {
		l.Unsorted++
		return nil
	}
	picture, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	count := &l.Attacks
	if live {
		count = &l.People
	}
	count.Pictures++
	frame, err := r.Detect(ctx, picture, faces.MeasureLiveness)
	if err != nil && hajir.CodeOf(err) == hajir.Internal { // not that it cannot be read
		return fmt.Errorf("bench: %s: %w", path, err)
	}
	if len(frame.Faces) == 0 {
		count.WithoutFace++
		return nil
	}
	if (*frame.Faces[0].Liveness >= l.Least) != live {
		count.Errors++
	}
	return nil
}

// write prints l.
func (l Liveness) write(out io.Writer) error {
	_, err := fmt.Fprintf(out, `model %s, a face is alive from %.2f on
living people: %d refused of %d (and %d pictures without a face)
attacks:       %d accepted of %d (and %d pictures without a face)
%d pictures tell neither by their name nor by their folder's
These are counts. A rate needs hundreds of people and attacks before cameras like yours.
`, l.Model, l.Least,
		l.People.Errors, l.People.Pictures-l.People.WithoutFace, l.People.WithoutFace,
		l.Attacks.Errors, l.Attacks.Pictures-l.Attacks.WithoutFace, l.Attacks.WithoutFace, l.Unsorted)
	return err
}
