package facestest

import (
	"context"
	"slices"
	"sync"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Store is a faces.TemplateStore in memory, for tests.
type Store struct {
	mu     sync.Mutex
	list   []faces.Template
	models map[string]hajir.Models
}

var _ faces.TemplateStore = (*Store)(nil)

// Templates returns company's templates in the order in which they were saved.
func (s *Store) Templates(_ context.Context, company string) ([]faces.Template, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []faces.Template
	for _, t := range s.list {
		if t.Company == company {
			t.Vector = slices.Clone(t.Vector)
			found = append(found, t)
		}
	}
	return found, nil
}

// FaceModels returns what SetModels said of company.
func (s *Store) FaceModels(_ context.Context, company string) (hajir.Models, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.models[company], nil
}

// SetModels says in which versions a company's faces are kept.
func (s *Store) SetModels(m hajir.Models) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.models == nil {
		s.models = map[string]hajir.Models{}
	}
	s.models[m.Company] = m
}

// AddTemplate stores t beside the same face in other versions, if it is there.
func (s *Store) AddTemplate(ctx context.Context, t faces.Template) error {
	s.mu.Lock()
	kept := slices.ContainsFunc(s.list, func(o faces.Template) bool {
		return o.Company == t.Company && o.Username == t.Username && o.FaceID == t.FaceID
	})
	s.mu.Unlock()
	if !kept {
		return hajir.Errorf(hajir.NotFound, "no such face")
	}
	return s.SaveTemplate(ctx, t)
}

// SaveTemplate stores t, replacing what has its company, username, face id and model.
func (s *Store) SaveTemplate(_ context.Context, t faces.Template) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Vector = slices.Clone(t.Vector)
	s.list = slices.DeleteFunc(s.list, func(o faces.Template) bool { return key(o) == key(t) })
	s.list = append(s.list, t)
	return nil
}

// DeleteTemplates removes those named, or all of username's when none is.
func (s *Store) DeleteTemplates(_ context.Context, company, username string, faceIDs ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.DeleteFunc(s.list, func(t faces.Template) bool {
		return t.Company == company && t.Username == username && (len(faceIDs) == 0 || slices.Contains(faceIDs, t.FaceID))
	})
	return nil
}

func key(t faces.Template) [4]string { return [4]string{t.Company, t.Username, t.FaceID, t.Model} }
