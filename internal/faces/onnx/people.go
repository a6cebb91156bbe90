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
	reg, err := r.register(ctx, company)
	if err != nil {
		return faces.Frame{}, err
	}
	frame, vectors, err := r.analyse(ctx, picture, reg.needed(), everybody, what...)
	if err == nil {
		r.search(reg, &frame, vectors)
	}
	return frame, err
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
	reg, err := r.register(ctx, company)
	if err != nil {
		return nil, err
	}
	own, needed := r.embedder.manifest.Name, reg.needed()
	if !slices.Contains(needed, own) {
		needed = append(slices.Clip(needed), own)
	}
	frames := make([]faces.Frame, len(pictures))
	for i, picture := range pictures {
		var vectors map[string][][]float32
		if frames[i], vectors, err = r.analyse(ctx, picture, needed, everybody, what...); err != nil {
			return nil, err
		}
		r.search(reg, &frames[i], vectors)
		for j, v := range vectors[own] {
			frames[i].Faces[j].Likeness = new(min(max(float64(vek32.Dot(wanted, v)), -1), 1))
		}
	}
	return frames, nil
}

// search fills in the candidates of frame's faces.
func (r *Recognizer) search(reg *register, frame *faces.Frame, vectors map[string][][]float32) {
	_ = r.timed(StageSearch, func() error {
		for i, c := range reg.search(vectors, len(frame.Faces)) {
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
	reg, err := r.register(ctx, company)
	if err != nil {
		return faces.Indexed{}, err
	}
	frame, vectors, err := r.analyse(ctx, picture, r.kept(reg), everybody, what...)
	if err != nil {
		return faces.Indexed{}, err
	}
	if reg, err = r.lockRegister(ctx, company); err != nil {
		return faces.Indexed{}, err
	}
	defer reg.unlock()
	r.search(reg, &frame, vectors)
	if err := accept(frame); err != nil {
		return faces.Indexed{}, err
	}
	if len(frame.Faces) == 0 {
		return faces.Indexed{}, hajir.Errorf(hajir.FaceNone, "No face was found in the picture. Look at the camera, in good light, and take it again.")
	}
	return r.save(context.WithoutCancel(ctx), reg, faces.Template{Company: company, Username: username, FaceID: faceID, IndexedAt: r.config.Now()}, vectors)
}

// save keeps the first face of vectors, in all their versions, in place of what
// had its ID.
func (r *Recognizer) save(ctx context.Context, reg *register, t faces.Template, vectors map[string][][]float32) (faces.Indexed, error) {
	isFace := func(k faces.Indexed) bool { return k.FaceID == t.FaceID }
	if slices.ContainsFunc(reg.list(t.Username), isFace) {
		if err := r.remove(ctx, reg, t.Company, t.Username, t.FaceID); err != nil {
			return faces.Indexed{}, err
		}
	}
	for name, in := range vectors {
		t.Model, t.Vector = name, in[0]
		if err := r.config.Store.SaveTemplate(ctx, t); err != nil {
			reg.forget() // it may have been saved all the same
			return faces.Indexed{}, fmt.Errorf("onnx: saving a template: %w", err)
		}
		reg.put(t)
	}
	list := reg.list(t.Username)
	return list[slices.IndexFunc(list, isFace)], nil
}

// kept lists the versions in which a new face is kept.
func (r *Recognizer) kept(reg *register) []string {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	names := slices.DeleteFunc(reg.models.Kept(), func(name string) bool { return !r.Has(name) })
	if len(names) == 0 {
		return []string{r.embedder.manifest.Name}
	}
	return names
}

// Renew computes a face that is kept anew, in the version that company's faces
// should have.
func (r *Recognizer) Renew(ctx context.Context, company, username, faceID string, picture []byte) error {
	reg, err := r.register(ctx, company)
	if err != nil {
		return err
	}
	target := reg.target()
	if !r.Has(target) {
		return hajir.Errorf(hajir.Unavailable, "the face model %s is not at hand; start the program with it", target)
	}
	_, vectors, err := r.analyse(ctx, picture, []string{target}, func(f faces.Frame) (from, to int) { return 0, min(1, len(f.Faces)) })
	if err != nil {
		return err
	}
	if len(vectors[target]) == 0 {
		return hajir.Errorf(hajir.FaceNone, "no face is found in the picture any more")
	}
	if reg, err = r.lockRegister(ctx, company); err != nil {
		return err
	}
	defer reg.unlock()
	t := faces.Template{Company: company, Username: username, FaceID: faceID, Model: target, Vector: vectors[target][0], IndexedAt: r.config.Now()}
	for _, k := range reg.list(username) {
		if k.FaceID == faceID {
			t.IndexedAt = k.IndexedAt // it is no newer for that
		}
	}
	if err := r.config.Store.AddTemplate(context.WithoutCancel(ctx), t); err != nil {
		reg.forget() // it may have been saved all the same
		return fmt.Errorf("onnx: saving a template: %w", err)
	}
	reg.put(t)
	return nil
}

// Compare compares every kept face of company with every other.
func (r *Recognizer) Compare(ctx context.Context, company string, each func(username, faceID string, people []faces.Candidate) error) error {
	reg, err := r.register(ctx, company)
	if err != nil {
		return err
	}
	return reg.deciding().compare(ctx, each)
}

// Version returns the version by which company decides.
func (r *Recognizer) Version(ctx context.Context, company string) (faces.Version, error) {
	reg, err := r.register(ctx, company)
	if err != nil {
		return faces.Version{}, err
	}
	return reg.deciding().version, nil
}

// Has says whether the program has a version.
func (r *Recognizer) Has(version string) bool { return r.versions[version] != nil }

// Forget has company's templates be read anew.
func (r *Recognizer) Forget(company string) { r.registers.of(company).forget() }

// List returns what is kept for username, oldest first.
func (r *Recognizer) List(ctx context.Context, company, username string) ([]faces.Indexed, error) {
	reg, err := r.register(ctx, company)
	if err != nil {
		return nil, err
	}
	return reg.list(username), nil
}

// Remove forgets the faces named, or all of username's when none is named.
func (r *Recognizer) Remove(ctx context.Context, company, username string, faceIDs ...string) error {
	reg, err := r.lockRegister(ctx, company)
	if err != nil {
		return err
	}
	defer reg.unlock()
	return r.remove(ctx, reg, company, username, faceIDs...)
}

func (r *Recognizer) remove(ctx context.Context, reg *register, company, username string, faceIDs ...string) error {
	if err := r.config.Store.DeleteTemplates(ctx, company, username, faceIDs...); err != nil {
		reg.forget() // they may be gone all the same
		return fmt.Errorf("onnx: deleting templates: %w", err)
	}
	reg.remove(username, faceIDs)
	return nil
}

// register returns company's templates, read from the store if need be.
func (r *Recognizer) register(ctx context.Context, company string) (*register, error) {
	reg := r.registers.of(company)
	if reg.fresh(r.config.Now(), r.config.Refresh) {
		return reg, nil
	}
	reg, err := r.lockRegister(ctx, company)
	if err != nil {
		return nil, err
	}
	reg.unlock()
	return reg, nil
}

// lockRegister is register that keeps everybody else from changing it. The caller
// unlocks it.
func (r *Recognizer) lockRegister(ctx context.Context, company string) (*register, error) {
	reg := r.registers.of(company)
	if err := reg.lock(ctx); err != nil {
		return nil, err
	}
	now := r.config.Now()
	if reg.fresh(now, r.config.Refresh) {
		return reg, nil
	}
	// The versions are read first: what is kept since in others is not missed.
	models, err := r.config.Store.FaceModels(ctx, company)
	if err != nil {
		reg.unlock()
		return nil, fmt.Errorf("onnx: reading the versions of templates: %w", err)
	}
	list, err := r.config.Store.Templates(ctx, company)
	if err != nil {
		reg.unlock()
		return nil, fmt.Errorf("onnx: reading templates: %w", err)
	}
	counts := map[string]int{}
	for _, t := range list {
		counts[t.Model]++
	}
	models = models.Settled(counts, r.embedder.manifest.Name)
	var versions []*network
	for _, name := range models.Order(r.Has) {
		versions = append(versions, r.versions[name])
	}
	if len(versions) == 0 {
		versions = []*network{r.embedder}
	}
	reg.load(models, versions, list, now)
	return reg, nil
}

func (reg *register) target() string {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	return reg.models.Target()
}

func indexed(t faces.Template) faces.Indexed {
	return faces.Indexed{FaceID: t.FaceID, Username: t.Username, Model: t.Model, IndexedAt: t.IndexedAt}
}
