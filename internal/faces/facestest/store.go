package facestest

import (
	"context"
	"slices"
	"sync"

	"hajir/internal/faces"
)

// Store is a faces.TemplateStore in memory, for tests.
type Store struct {
	mu   sync.Mutex
	list []faces.Template
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

// SaveTemplate stores t, replacing what has its company, username and face id.
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

func key(t faces.Template) [3]string { return [3]string{t.Company, t.Username, t.FaceID} }
