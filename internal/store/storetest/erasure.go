package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// erasureStore is the part of a store that keeps what is erased of people, and
// finds what belongs to one.
type erasureStore interface {
	Erasure(ctx context.Context, username string, number int) (hajir.Erasure, error)
	Erasures(ctx context.Context, username string) ([]hajir.Erasure, error)
	CompanyErasures(ctx context.Context, company string, before hajir.Erasure, limit int) ([]hajir.Erasure, error)
	OpenErasures(ctx context.Context, after hajir.Erasure, limit int) ([]hajir.Erasure, error)
	SaveErasure(ctx context.Context, x hajir.Erasure) error
	PersonDays(ctx context.Context, name, after string, limit int) ([]hajir.Day, error)
	PersonTemplates(ctx context.Context, company, username string) ([]faces.Template, error)
}

func newErasure(company, username string, number, day int) hajir.Erasure {
	return hajir.Erasure{
		Username: username, Number: number, Company: company, Reason: hajir.ErasedWithdrawn,
		AskedAt: at.AddDate(0, 0, day), AskedBy: "acme", DueAt: at.AddDate(0, 1, -day), For: 3,
		Templates: 2, Models: []string{"m1", "m2"}, EnrolmentObjects: 6, DailyPictures: 9, ProfileObjects: 1,
		TemplatesAt: at.AddDate(0, 0, day),
	}
}

func testErasures(t *testing.T, s Store) {
	ctx := t.Context()
	names := func(all []hajir.Erasure) string {
		var out strings.Builder
		for _, x := range all {
			fmt.Fprintf(&out, "%s%d ", x.Username, x.Number)
		}
		return out.String()
	}
	done := newErasure("acme", "asha", 1, 0)
	done.BegunAt, done.ImagesAt, done.RanBy, done.SHA256 = at, at.Add(time.Hour), "the hourly job", "07ff"
	cancelled := newErasure("acme", "bina", 1, 2)
	cancelled.CancelledAt = at
	begun := newErasure("other", "olga", 1, 3)
	begun.BegunAt = at
	for _, x := range []hajir.Erasure{done, newErasure("acme", "asha", 2, 1), newErasure("acme", "asha", 10, 4), cancelled, begun} {
		must(t, s.SaveErasure(ctx, x))
	}
	done.Version = 1
	same(t, done, call(t, func() (hajir.Erasure, error) { return s.Erasure(ctx, "asha", 1) }))
	if _, err := s.Erasure(ctx, "asha", 3); codeOf(err) != hajir.NotFound {
		t.Errorf("%v, want not found", err)
	}
	same(t, "asha10 asha2 asha1 ", names(get(t, s.Erasures, "asha")))
	same(t, "", names(get(t, s.Erasures, "nobody")))

	page := call(t, func() ([]hajir.Erasure, error) { return s.CompanyErasures(ctx, "acme", hajir.Erasure{}, 3) })
	same(t, "asha10 bina1 asha2 ", names(page))
	page = call(t, func() ([]hajir.Erasure, error) { return s.CompanyErasures(ctx, "acme", page[2], 3) })
	same(t, "asha1 ", names(page))

	open := call(t, func() ([]hajir.Erasure, error) { return s.OpenErasures(ctx, hajir.Erasure{}, 2) })
	same(t, "asha10 olga1 ", names(open))
	open = call(t, func() ([]hajir.Erasure, error) { return s.OpenErasures(ctx, open[1], 2) })
	same(t, "asha2 ", names(open))
	open[0].ImagesAt = at
	must(t, s.SaveErasure(ctx, open[0]))
	same(t, "asha10 olga1 ", names(call(t, func() ([]hajir.Erasure, error) { return s.OpenErasures(ctx, hajir.Erasure{}, 9) })))
}

func testErasureVersions(t *testing.T, s Store) {
	ctx := t.Context()
	x := newErasure("acme", "asha", 1, 0)
	for _, step := range []struct {
		version int
		want    hajir.Code
	}{
		{3, hajir.Conflict}, // nothing is there to be changed
		{0, ""}, {0, hajir.Conflict}, {1, ""}, {1, hajir.Conflict}, {3, hajir.Conflict}, {2, ""},
	} {
		x.Version = step.version
		if err := s.SaveErasure(ctx, x); codeOf(err) != step.want {
			t.Errorf("save at version %d: %v, want code %q", step.version, err, step.want)
		}
	}
	x.Company, x.Version = "other", 3
	if err := s.SaveErasure(ctx, x); codeOf(err) != hajir.Conflict {
		t.Errorf("an erasure moved to another company: %v", err)
	}
}

func testErasuresOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.SaveErasure(ctx, newErasure("acme", "asha", 1, 0)), s.SaveErasure(ctx, newErasure("other", "olga", 1, 0)), s.DeleteCompany(ctx, "acme"))
	for username, want := range map[string]int{"asha": 0, "olga": 1} {
		if all := get(t, s.Erasures, username); len(all) != want {
			t.Errorf("%s: %d erasures, want %d", username, len(all), want)
		}
	}
}

func testPersonDays(t *testing.T, s Store) {
	ctx := t.Context()
	want := newDay("acme", "asha", "2025-12-31")
	want.Punches[0].Picture, want.Punches[0].PictureErased = "", true
	must(t, s.SaveDay(ctx, want))
	want.Version = 1
	for _, key := range [][2]string{{"asha", "2026-03-02"}, {"asha", "2026-03-01"}, {"bina", "2026-03-02"}} {
		must(t, s.SaveDay(ctx, newDay("acme", key[0], key[1])))
	}
	same(t, []hajir.Day{want}, call(t, func() ([]hajir.Day, error) { return s.PersonDays(ctx, "asha", "", 1) }))
	page := call(t, func() ([]hajir.Day, error) { return s.PersonDays(ctx, "asha", "2025-12-31", 5) })
	if len(page) != 2 || page[0].Date != "2026-03-01" || page[1].Date != "2026-03-02" || page[1].Name != "asha" {
		t.Errorf("PersonDays = %+v", page)
	}
}

func testPersonTemplates(t *testing.T, s Store) {
	ctx := t.Context()
	for _, key := range [][3]string{{"acme", "asha", "f1"}, {"acme", "bina", "f1"}, {"other", "asha", "f1"}} {
		must(t, s.SaveTemplate(ctx, newTemplate(key[0], key[1], key[2])))
	}
	same(t, []faces.Template{newTemplate("acme", "asha", "f1")},
		call(t, func() ([]faces.Template, error) { return s.PersonTemplates(ctx, "acme", "asha") }))
}
