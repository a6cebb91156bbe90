package storetest

import (
	"context"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

type modelStore interface {
	SaveFaceModels(ctx context.Context, m hajir.Models) error
	KeptFaces(ctx context.Context, company string) ([]faces.Indexed, error)
	PruneTemplates(ctx context.Context, company, current string, keep []string) error
	LeftFaces(ctx context.Context, company string) ([]hajir.LeftFace, error)
	SaveLeftFace(ctx context.Context, f hajir.LeftFace) error
}

func testFaceModels(t *testing.T, s Store) {
	ctx := t.Context()
	same(t, hajir.Models{Company: "acme"}, call(t, func() (hajir.Models, error) { return s.FaceModels(ctx, "acme") }))
	m := hajir.Models{
		Company: "acme", Current: "m1", Next: "m2", StartedAt: at, Before: "m0", BeforeUntil: at.Add(time.Hour), FinishedAt: at.Add(-time.Hour),
		Declined: "m9", Worker: "w", WorkUntil: at.Add(time.Minute),
	}
	must(t, s.SaveFaceModels(ctx, m), s.SaveFaceModels(ctx, hajir.Models{Company: "other", Current: "m1"}))
	if err := s.SaveFaceModels(ctx, m); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("made twice: %v", err)
	}
	m.Version = 1
	same(t, m, call(t, func() (hajir.Models, error) { return s.FaceModels(ctx, "acme") }))
	m.Worker, m.WorkUntil = "", time.Time{}
	must(t, s.SaveFaceModels(ctx, m))
	if err := s.SaveFaceModels(ctx, m); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	entries := call(t, func() ([]hajir.AuditEntry, error) {
		return s.Audit(ctx, "acme", hajir.AuditQuery{Table: "Face_models", Oldest: true, Limit: 10})
	})
	if len(entries) != 1 { // who works at it is no entry
		t.Errorf("%d entries, want 1", len(entries))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	same(t, hajir.Models{Company: "acme"}, call(t, func() (hajir.Models, error) { return s.FaceModels(ctx, "acme") }))
	if m := call(t, func() (hajir.Models, error) { return s.FaceModels(ctx, "other") }); m.Version != 1 {
		t.Errorf("another company's are gone: %+v", m)
	}
}

func inSecond(t faces.Template) faces.Template {
	t.Model = "m2"
	return t
}

func testTemplateVersions(t *testing.T, s Store) {
	ctx := t.Context()
	f1, f2, bina := newTemplate("acme", "asha", "f1"), newTemplate("acme", "asha", "f2"), newTemplate("acme", "bina", "f1")
	if err := s.AddTemplate(ctx, inSecond(f1)); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("a face that is not kept: %v", err)
	}
	must(t, s.SaveTemplate(ctx, f1), s.SaveTemplate(ctx, f2), s.SaveTemplate(ctx, bina), s.SaveTemplate(ctx, newTemplate("other", "asha", "f1")),
		s.AddTemplate(ctx, inSecond(f1)), s.AddTemplate(ctx, inSecond(f1)), s.AddTemplate(ctx, inSecond(bina)))
	same(t, []faces.Template{f1, inSecond(f1), f2, bina, inSecond(bina)}, get(t, s.Templates, "acme"))
	kept := func(t faces.Template) faces.Indexed {
		return faces.Indexed{Username: t.Username, FaceID: t.FaceID, Model: t.Model, IndexedAt: t.IndexedAt}
	}
	same(t, []faces.Indexed{kept(f1), kept(inSecond(f1)), kept(f2), kept(bina), kept(inSecond(bina))}, get(t, s.KeptFaces, "acme"))

	left := hajir.LeftFace{Company: "acme", Username: "asha", FaceID: "f2", Model: "m2", Code: hajir.FaceNone, At: at}
	gone := left
	gone.FaceID = "f9"
	must(t, s.SaveLeftFace(ctx, left), s.SaveLeftFace(ctx, gone))
	same(t, []hajir.LeftFace{left}, get(t, s.LeftFaces, "acme"))
	left.Code = hajir.NotFound
	must(t, s.SaveLeftFace(ctx, left))
	same(t, []hajir.LeftFace{left}, get(t, s.LeftFaces, "acme"))

	// What has nothing but an old version keeps it.
	must(t, s.PruneTemplates(ctx, "acme", "m2", []string{"m2", "m1"}))
	if n := len(get(t, s.Templates, "acme")); n != 5 {
		t.Errorf("%d templates, want all 5: both versions are kept", n)
	}
	must(t, s.PruneTemplates(ctx, "acme", "m2", []string{"m2"}))
	same(t, []faces.Template{inSecond(f1), f2, inSecond(bina)}, get(t, s.Templates, "acme"))
	same(t, []faces.Template{newTemplate("other", "asha", "f1")}, get(t, s.Templates, "other"))

	must(t, s.AddTemplate(ctx, inSecond(f2)))
	if n := len(get(t, s.LeftFaces, "acme")); n != 0 {
		t.Errorf("%d faces are left, though they could be changed", n)
	}
	must(t, s.SaveLeftFace(ctx, left), s.DeleteTemplates(ctx, "acme", "asha", "f2"))
	if n := len(get(t, s.LeftFaces, "acme")); n != 0 {
		t.Errorf("%d faces are left, though they are gone", n)
	}
	left.FaceID = "f1"
	must(t, s.SaveLeftFace(ctx, left), s.DeleteTemplates(ctx, "acme", "asha"))
	same(t, []faces.Template{inSecond(bina)}, get(t, s.Templates, "acme"))
	if n := len(get(t, s.LeftFaces, "acme")); n != 0 {
		t.Errorf("%d faces are left of somebody who is gone", n)
	}
	entries := call(t, func() ([]hajir.AuditEntry, error) {
		return s.Audit(ctx, "acme", hajir.AuditQuery{Table: "Face_templates", Oldest: true, Limit: 50})
	})
	did := map[hajir.Action]int{}
	for _, e := range entries {
		did[e.Action]++
	}
	// A version more or less is a change of the face.
	same(t, map[hajir.Action]int{hajir.ActionCreate: 3, hajir.ActionChange: 5, hajir.ActionDelete: 2}, did)
	if head, err := s.Audit(ctx, "acme", hajir.AuditQuery{Table: "Face_templates", Person: "bina", Oldest: true, Limit: 9}); err != nil || len(head) != 3 {
		t.Errorf("%d entries about bina, %v", len(head), err)
	}
}
