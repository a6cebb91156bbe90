package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hajir/internal/faces"
	"hajir/internal/faces/onnx"
	"hajir/internal/hajir"
)

// Calibrate compares the pictures in c.Dir with each other: a folder for each
// person, named by them. Of each picture the largest face counts; those without
// any are returned.
func Calibrate(ctx context.Context, c Config) (_ *hajir.Calibration, _ faces.Model, faceless []string, err error) {
	var paths []string
	for _, ext := range []string{"jpg", "jpeg", "png", "webp"} {
		found, err := filepath.Glob(filepath.Join(c.Dir, "*", "*."+ext))
		if err != nil {
			return nil, faces.Model{}, nil, fmt.Errorf("bench: %w", err)
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return nil, faces.Model{}, nil, fmt.Errorf("bench: no pictures named PERSON/ANYTHING.jpg in %s", c.Dir)
	}
	slices.Sort(paths)
	r, err := onnx.Open(ctx, onnx.Config{
		Models: c.Models, EmbeddingDir: c.EmbeddingDir, CacheDir: c.CacheDir, Store: faces.NoStore{}, Now: c.Now, Workers: 1,
	})
	if err != nil {
		return nil, faces.Model{}, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	const company = "directory"
	b := bar{out: c.Progress, now: c.Now, total: len(paths), from: c.Now()}
	for _, path := range paths {
		picture, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
		if err != nil {
			return nil, faces.Model{}, nil, fmt.Errorf("bench: %w", err)
		}
		person := strings.ToLower(filepath.Base(filepath.Dir(path)))
		_, err = r.Index(ctx, company, person, filepath.Base(path), picture, func(faces.Frame) error { return nil })
		if hajir.CodeOf(err) == hajir.FaceNone {
			faceless = append(faceless, path)
		} else if err != nil {
			return nil, faces.Model{}, nil, fmt.Errorf("bench: %s: %w", path, err)
		}
		b.step()
	}
	if err := b.done(); err != nil {
		return nil, faces.Model{}, nil, err
	}
	found := &hajir.Calibration{}
	err = r.Compare(ctx, company, func(username, faceID string, people []faces.Candidate) error {
		found.Add(username, faceID, people)
		return nil
	})
	return found, r.Model(), faceless, err
}
