package onnx

import (
	"context"
	"fmt"
	"slices"

	"github.com/viterin/vek/vek32"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Identify finds the faces in picture and searches company's people for each.
func (r *Recognizer) Identify(ctx context.Context, company string, picture []byte, what ...faces.Measure) (faces.Frame, error) {
	frame, vectors, err := r.analyse(ctx, picture, everybody, what...)
	if err != nil || len(vectors) == 0 {
		return frame, err
	}
	g, err := r.gallery(ctx, company)
	if err != nil {
		return faces.Frame{}, err
	}
	r.search(g, &frame, vectors)
	return frame, nil
}

// Follow is Identify for each of pictures, and compares every face in them with
// the largest one in first.
func (r *Recognizer) Follow(ctx context.Context, company string, first []byte, pictures [][]byte, what ...faces.Measure) ([]faces.Frame, error) {
	_, wanted, err := r.Vector(ctx, first, func(faces.Frame) int { return 0 })
	if err != nil {
		return nil, err
	}
	if wanted == nil {
		return nil, hajir.Errorf(hajir.FaceNone, "No face was found in the first picture. Look at the camera, in good light, and begin again.")
	}
	g, err := r.gallery(ctx, company)
	if err != nil {
		return nil, err
	}
	frames := make([]faces.Frame, len(pictures))
	for i, picture := range pictures {
		var vectors [][]float32
		if frames[i], vectors, err = r.analyse(ctx, picture, everybody, what...); err != nil {
			return nil, err
		}
		r.search(g, &frames[i], vectors)
		for j, v := range vectors {
			frames[i].Faces[j].Likeness = new(min(max(float64(vek32.Dot(wanted, v)), -1), 1))
		}
	}
	return frames, nil
}

// search fills in the candidates of frame's faces.
func (r *Recognizer) search(g *gallery, frame *faces.Frame, vectors [][]float32) {
	_ = r.timed(StageSearch, func() error {
		for i, c := range g.search(vectors) {
			frame.Faces[i].Candidates = c
		}
		return nil // so timed does, too
	})
}

// Index keeps the largest face in picture as username's, if accept agrees.
// Searching, accept and saving are one step for a company, so that two people
// cannot be enrolled with one face at the same time; accept must therefore not
// call Index or Remove.
func (r *Recognizer) Index(ctx context.Context, company, username, faceID string, picture []byte, accept func(faces.Frame) error, what ...faces.Measure) (faces.Indexed, error) {
	frame, vectors, err := r.analyse(ctx, picture, everybody, what...)
	if err != nil {
		return faces.Indexed{}, err
	}
	g, err := r.lockGallery(ctx, company)
	if err != nil {
		return faces.Indexed{}, err
	}
	defer g.unlock()
	r.search(g, &frame, vectors)
	if err := accept(frame); err != nil {
		return faces.Indexed{}, err
	}
	if len(vectors) == 0 {
		return faces.Indexed{}, hajir.Errorf(hajir.FaceNone, "No face was found in the picture. Look at the camera, in good light, and take it again.")
	}
	t := faces.Template{
		Company: company, Username: username, FaceID: faceID,
		Model: r.embedder.manifest.Name, Vector: vectors[0], IndexedAt: r.config.Now(),
	}
	if err := r.config.Store.SaveTemplate(context.WithoutCancel(ctx), t); err != nil {
		g.forget() // it may have been saved all the same
		return faces.Indexed{}, fmt.Errorf("onnx: saving a template: %w", err)
	}
	g.put(t)
	return indexed(t), nil
}

// Compare compares every kept face of company with every other.
func (r *Recognizer) Compare(ctx context.Context, company string, each func(username, faceID string, people []faces.Candidate) error) error {
	g, err := r.gallery(ctx, company)
	if err != nil {
		return err
	}
	return g.compare(ctx, each)
}

// List returns what is kept for username, oldest first.
func (r *Recognizer) List(ctx context.Context, company, username string) ([]faces.Indexed, error) {
	g, err := r.gallery(ctx, company)
	if err != nil {
		return nil, err
	}
	list := g.list(username)
	slices.SortStableFunc(list, func(a, b faces.Indexed) int { return a.IndexedAt.Compare(b.IndexedAt) })
	return list, nil
}

// Remove forgets the faces named, or all of username's when none is named.
func (r *Recognizer) Remove(ctx context.Context, company, username string, faceIDs ...string) error {
	g, err := r.lockGallery(ctx, company)
	if err != nil {
		return err
	}
	defer g.unlock()
	if err := r.config.Store.DeleteTemplates(ctx, company, username, faceIDs...); err != nil {
		g.forget() // they may be gone all the same
		return fmt.Errorf("onnx: deleting templates: %w", err)
	}
	g.remove(username, faceIDs)
	return nil
}

// gallery returns company's templates, read from the store if need be.
func (r *Recognizer) gallery(ctx context.Context, company string) (*gallery, error) {
	g := r.galleries.of(company, r.embedder.manifest)
	if g.fresh(r.config.Now(), r.config.Refresh) {
		return g, nil
	}
	g, err := r.lockGallery(ctx, company)
	if err != nil {
		return nil, err
	}
	g.unlock()
	return g, nil
}

// lockGallery is gallery that keeps everybody else from changing it. The caller
// unlocks it.
func (r *Recognizer) lockGallery(ctx context.Context, company string) (*gallery, error) {
	g := r.galleries.of(company, r.embedder.manifest)
	if err := g.lock(ctx); err != nil {
		return nil, err
	}
	now := r.config.Now()
	if g.fresh(now, r.config.Refresh) {
		return g, nil
	}
	list, err := r.config.Store.Templates(ctx, company)
	if err != nil {
		g.unlock()
		return nil, fmt.Errorf("onnx: reading templates: %w", err)
	}
	g.load(list, now)
	return g, nil
}

func indexed(t faces.Template) faces.Indexed {
	return faces.Indexed{FaceID: t.FaceID, Username: t.Username, Model: t.Model, IndexedAt: t.IndexedAt}
}
