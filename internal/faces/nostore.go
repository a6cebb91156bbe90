package faces

import (
	"context"

	"hajir/internal/hajir"
)

// NoStore is a TemplateStore that keeps nothing: for a recognizer that enrols
// nobody, or somebody only while it is open.
type NoStore struct{}

// FaceModels returns that nothing was stored.
func (NoStore) FaceModels(_ context.Context, company string) (hajir.Models, error) {
	return hajir.Models{Company: company}, nil
}

// Templates returns none.
func (NoStore) Templates(context.Context, string) ([]Template, error) { return nil, nil }

// SaveTemplate keeps nothing.
func (NoStore) SaveTemplate(context.Context, Template) error { return nil }

// AddTemplate keeps nothing.
func (NoStore) AddTemplate(context.Context, Template) error { return nil }

// DeleteTemplates has nothing to remove.
func (NoStore) DeleteTemplates(context.Context, string, string, ...string) error { return nil }
