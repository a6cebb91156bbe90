package sqlite_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/sqlite"
)

// What a restore asks of a database: how much there is, which pictures it names,
// and which sessions ended later.
func TestRestored(t *testing.T) {
	db, later := open(t, t.TempDir()), open(t, t.TempDir())
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	must(db.SaveCompany(ctx, hajir.NewCompany("acme", "Acme", "a@example.com", "Asia/Kathmandu", now)))
	must(db.SaveEmployee(ctx, hajir.Employee{Username: "asha", Company: "acme", Name: "Asha", Picture: "p1"}))
	must(db.SaveEmployee(ctx, hajir.Employee{Username: "bina", Company: "acme", Name: "Bina"}))
	must(db.SaveTemplate(ctx, faces.Template{Company: "acme", Username: "asha", FaceID: "f1", Model: "m", Vector: make([]float32, 4), IndexedAt: now}))
	must(db.SaveDay(ctx, hajir.Day{Name: "asha", Date: "2026-11-24", Company: "acme", Punches: []hajir.Punch{
		{ID: "1", At: now, Picture: "daily/acme/asha/2026/11/24/1.jpg"}, {ID: "2", At: now.Add(time.Hour)},
	}, Struck: []hajir.Struck{
		{Punch: hajir.Punch{ID: "3", Picture: "daily/acme/asha/2026/11/24/3.jpg"}},
	}, Rejected: []hajir.Punch{
		{ID: "4", Picture: "daily/acme/asha/2026/11/24/4.jpg"},
	}}))
	must(db.SaveReview(ctx, hajir.Review{Company: "acme", ID: "r1", At: now, State: hajir.ReviewOpen, Picture: "refusals/acme/r1.jpg"}))
	counts, err := db.Counts(ctx)
	if want := (sqlite.Counts{Companies: 1, People: 2, Days: 1, Templates: 1}); err != nil || counts != want {
		t.Errorf("Counts = %+v, %v", counts, err)
	}
	var named []sqlite.Named
	must(db.EachPicture(ctx, func(n sqlite.Named) error { named = append(named, n); return nil }))
	want := []sqlite.Named{
		{Key: "daily/acme/asha/2026/11/24/1.jpg"},
		{Key: "daily/acme/asha/2026/11/24/3.jpg"},
		{Key: "daily/acme/asha/2026/11/24/4.jpg"},
		{Key: "refusals/acme/r1.jpg"},
		{Company: "acme", Username: "asha", FaceID: "f1"},
		{Company: "acme", Username: "asha", PictureID: "p1"},
	}
	if !slices.Equal(named, want) {
		t.Errorf("EachPicture visits %+v", named)
	}
	must(db.SaveUser(ctx, identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}))
	for _, id := range []string{"on", "ended"} {
		must(db.SaveSession(ctx, identity.Session{ID: id, Username: "asha", ExpiresAt: now.Add(time.Hour)}))
	}
	must(later.SaveSession(ctx, identity.Session{ID: "on", Username: "asha", ExpiresAt: now.Add(time.Hour)}))
	n, err := db.EndSessionsNotIn(ctx, later)
	left, loadErr := db.Sessions(ctx, "asha")
	if err != nil || loadErr != nil || n != 1 || len(left) != 1 || left[0].ID != "on" {
		t.Errorf("%d ended, %+v left, %v, %v", n, left, err, loadErr)
	}
	must(db.Check(ctx))
}

// A database of which a page was overwritten is found out.
func TestCheckFindsDamage(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	for _, c := range "abcdefghij" {
		for n := range 20 {
			name := strings.Repeat(string(c), 20) + string(rune('a'+n))
			if err := db.SaveCompany(t.Context(), hajir.NewCompany(name, "Acme", "a@example.com", "Asia/Kathmandu", time.Unix(0, 0))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := db.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "hajir.db"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "a folder?", "hajir.db")
	for i := len(b) - 3*4096; i < len(b)-2*4096; i++ {
		b[i] = 0xff
	}
	if err := os.MkdirAll(filepath.Dir(copied), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, filepath.Dir(filepath.Dir(copied))).Check(t.Context()); err == nil {
		t.Error("the damage was not found")
	}
}
