// Package remodel changes companies from one version of the embedding model to
// another: it computes every face anew from the picture that enrolled it, while
// both versions are searched. Read remodel.go first: hajir.Models says what may
// be done, work.go does it.
package remodel

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Store keeps faces and in which versions they are. Loading what is not there
// returns a *hajir.Error with NotFound, saving at a stale version a Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	SaveCompany(ctx context.Context, c hajir.Company) error
	// FaceModels returns nothing but the company's name where none are stored.
	FaceModels(ctx context.Context, company string) (hajir.Models, error)
	SaveFaceModels(ctx context.Context, m hajir.Models) error
	// KeptFaces returns every face once for each version that it is kept in.
	KeptFaces(ctx context.Context, company string) ([]faces.Indexed, error)
	// PruneTemplates removes versions other than keep of faces that are kept as
	// current.
	PruneTemplates(ctx context.Context, company, current string, keep []string) error
	LeftFaces(ctx context.Context, company string) ([]hajir.LeftFace, error)
	SaveLeftFace(ctx context.Context, f hajir.LeftFace) error
}

// Faces is what is needed of face recognition.
type Faces interface {
	Model() faces.Model
	Has(version string) bool
	Renew(ctx context.Context, company, username, faceID string, picture []byte) error
	Forget(company string)
}

// Objects has the pictures that enrolled faces.
type Objects interface {
	Get(ctx context.Context, key string) ([]byte, error)
}

// Service changes faces.
type Service struct {
	Store   Store
	Faces   Faces
	Objects Objects
	Now     func() time.Time
	Log     *slog.Logger
	// Worker names this process among those that have the store.
	Worker string
}

// maxTries bounds how often a change is tried anew when others change the same.
const maxTries = 32

// Status is how far a company's change is.
type Status struct {
	hajir.Models
	Faces    int            // kept, each once
	Done     int            // of them, in the version that all should have
	Versions map[string]int // how many are kept in each
	Left     []Left
	// Back is the version that one can go back to at once; empty when there is none.
	Back string
}

// Left is a face that could not be computed anew, and how many of the person's
// others could.
type Left struct {
	hajir.LeftFace
	Others int
}

// Running says whether a change is under way.
func (s Status) Running() bool { return s.Next != "" }

// Status returns how far a company's change is.
func (s *Service) Status(ctx context.Context, company string) (Status, error) {
	m, kept, err := s.load(ctx, company)
	if err != nil {
		return Status{}, err
	}
	out := Status{Models: m, Versions: map[string]int{}}
	all, done := map[[2]string]bool{}, map[string]int{}
	for _, k := range kept {
		out.Versions[k.Model]++
		all[[2]string{k.Username, k.FaceID}] = true
		if k.Model == m.Target() {
			done[k.Username]++
		}
	}
	out.Faces, out.Done = len(all), out.Versions[m.Target()]
	left, err := s.Store.LeftFaces(ctx, company)
	if err != nil {
		return out, fmt.Errorf("list faces that were left: %w", err)
	}
	for _, f := range left {
		if f.Model == m.Target() {
			out.Left = append(out.Left, Left{f, done[f.Username]})
		}
	}
	if back, err := m.Rollback(s.Now()); err == nil && s.Faces.Has(back.Current) {
		out.Back = back.Current
	}
	return out, nil
}

// load returns in which versions company's faces are kept, settled.
func (s *Service) load(ctx context.Context, company string) (hajir.Models, []faces.Indexed, error) {
	m, err := s.models(ctx, company)
	if err != nil {
		return m, nil, err
	}
	kept, err := s.Store.KeptFaces(ctx, company)
	if err != nil {
		return m, nil, fmt.Errorf("list faces: %w", err)
	}
	return m, kept, nil
}

// models is load without the faces.
func (s *Service) models(ctx context.Context, company string) (hajir.Models, error) {
	m, err := s.Store.FaceModels(ctx, company)
	if err != nil {
		return m, fmt.Errorf("load face models: %w", err)
	}
	if m.Current != "" {
		return m, nil
	}
	kept, err := s.Store.KeptFaces(ctx, company)
	if err != nil {
		return m, fmt.Errorf("list faces: %w", err)
	}
	counts := map[string]int{}
	for _, k := range kept {
		counts[k.Model]++
	}
	return m.Settled(counts, s.Faces.Model().Name), nil
}

// change saves what alter makes of a company's models, if that is news.
func (s *Service) change(ctx context.Context, company string, alter func(hajir.Models) (hajir.Models, bool, error)) (hajir.Models, error) {
	for try := 1; ; try++ {
		was, err := s.models(ctx, company)
		if err != nil {
			return was, err
		}
		m, news, err := alter(was)
		if err != nil || !news {
			return m, err
		}
		if err := s.bind(ctx, m); err != nil {
			return m, err
		}
		err = s.Store.SaveFaceModels(ctx, m)
		if hajir.CodeOf(err) == hajir.Conflict && try < maxTries {
			continue
		}
		if err != nil {
			return m, fmt.Errorf("save face models: %w", err)
		}
		m.Version++
		if was.Current != m.Current || was.Target() != m.Target() || was.Before != m.Before {
			s.Faces.Forget(company)
		}
		return m, nil
	}
}

// bind has the company's own threshold belong to the version for which it was
// set, when another version begins.
func (s *Service) bind(ctx context.Context, m hajir.Models) error {
	for try := 1; m.Next != ""; try++ {
		c, err := s.Store.Company(ctx, m.Company)
		if err != nil {
			return fmt.Errorf("load company: %w", err)
		}
		if c.Match.Threshold == 0 || c.Match.ThresholdModel != "" {
			return nil
		}
		c.Match.ThresholdModel = m.Current
		if err = s.Store.SaveCompany(ctx, c); hajir.CodeOf(err) != hajir.Conflict || try == maxTries {
			return err
		}
	}
	return nil
}

// Begin has a company's faces be changed to the model that the program was
// started with, unless somebody went back from that.
func (s *Service) Begin(ctx context.Context, company string) error {
	to := s.Faces.Model().Name
	m, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		if m.Declined == to {
			return m, m.Version == 0, nil
		}
		next, news := m.Begin(to, s.Now().UTC())
		return next, news || m.Version == 0, nil
	})
	if err == nil && m.Next != "" && !s.Faces.Has(m.Current) {
		s.Log.WarnContext(ctx, "the face model of a company is not at hand, so that people are recognised only as their faces are computed anew; put its folder below models/ in the data directory, and start again",
			"company", company, "model", m.Current)
	}
	return err
}

// Switch is Begin, also after somebody went back.
func (s *Service) Switch(ctx context.Context, company string) error {
	_, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		next, news := m.Begin(s.Faces.Model().Name, s.Now().UTC())
		return next, news || m.Version == 0, nil
	})
	return err
}

// Finish has the new version decide, although faces are left: who has none in it
// is no longer recognised.
func (s *Service) Finish(ctx context.Context, company string) error {
	status, err := s.Status(ctx, company)
	if err != nil {
		return err
	}
	if open := status.Faces - status.Done - len(status.Left); status.Running() && open > 0 {
		return hajir.Errorf(hajir.Conflict, "%d faces have not been tried yet; wait until only those are left that cannot be changed", open)
	}
	m, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		m, err := m.Finish(s.Now().UTC())
		return m, true, err
	})
	if err == nil {
		s.Log.InfoContext(ctx, "a company's face model was changed", "company", company, "model", m.Current, "left", len(status.Left))
	}
	return err
}

// Rollback goes back to what was before the change, at once.
func (s *Service) Rollback(ctx context.Context, company string) error {
	m, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		m, err := m.Rollback(s.Now().UTC())
		if err == nil && !s.Faces.Has(m.Current) {
			err = hajir.Errorf(hajir.Unavailable, "the face model %s is not at hand, so that nobody would be recognised; put its folder below models/ in the data directory, and start the program again", m.Current)
		}
		return m, true, err
	})
	if err == nil {
		s.Log.InfoContext(ctx, "a company went back to its earlier face model", "company", company, "model", m.Current)
	}
	return err
}
