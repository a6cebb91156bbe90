package facestest

import (
	"slices"
	"testing"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// OpenVersions returns a recognizer on store that has the versions named, of
// "one" and "two": the first is what it was started with. What two asks for is
// another threshold than what one does.
type OpenVersions func(t *testing.T, store faces.TemplateStore, names ...string) faces.Recognizer

// RunVersions checks that what open returns keeps the port's promises while
// faces are changed from one version to another.
func RunVersions(t *testing.T, open OpenVersions) {
	t.Helper()
	s := loadSamples(t)
	anna, again, bina := s.portraits["anna"], s.portraits["anna again"], s.portraits["bina"]
	RunVersionsOf(t, open, anna, again, bina, blank())
}

// RunVersionsOf is RunVersions with two pictures of anna, one of bina and one of nobody.
func RunVersionsOf(t *testing.T, open OpenVersions, anna, again, bina, nothing []byte) {
	t.Helper()
	store := &Store{}
	set := func(r faces.Recognizer, m hajir.Models) {
		m.Company = company
		store.SetModels(m)
		r.Forget(company)
	}
	// found checks who is found in a picture of anna's, and in which version.
	found := func(r faces.Recognizer, want ...string) {
		t.Helper()
		var got []string
		for _, c := range identify(t, r, company, again).Faces[0].Candidates {
			got = append(got, c.Username+" in "+c.Model.Name)
			if c.Username == "anna" && c.Score < c.Model.Threshold {
				t.Errorf("anna has %v, and %s asks for %v", c.Score, c.Model.Name, c.Model.Threshold)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
	}
	versions := func(r faces.Recognizer, username string, want ...[]string) {
		t.Helper()
		list, err := r.List(t.Context(), company, username)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, k := range list {
			slices.Sort(k.Versions)
			got = append(got, k.Versions)
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%s has faces in %v, want %v", username, got, want)
		}
	}
	renew := func(r faces.Recognizer, username, faceID string, picture []byte) {
		t.Helper()
		if err := r.Renew(t.Context(), company, username, faceID, picture); err != nil {
			t.Fatalf("renewing %s of %s: %v", faceID, username, err)
		}
	}
	decides := func(r faces.Recognizer, want string) {
		t.Helper()
		v, err := r.Version(t.Context(), company)
		if err != nil || v.Name != want {
			t.Errorf("%+v decides, %v; want %s", v, err, want)
		}
	}
	one, both := []string{"one"}, []string{"one", "two"}

	before := open(t, store, "one")
	index(t, before, company, "anna", "1", anna)
	index(t, before, company, "anna", "2", again)
	index(t, before, company, "bina", "1", bina)
	found(before, "anna in one", "bina in one")

	// Started with another one, before anything was decided: all goes on.
	r := open(t, store, "two", "one")
	found(r, "anna in one", "bina in one")
	decides(r, "one")

	set(r, hajir.Models{Current: "one", Next: "two"})
	found(r, "anna in one", "bina in one")
	renew(r, "anna", "1", anna)
	versions(r, "anna", both, one)
	found(r, "anna in one", "bina in one") // she has another face in the old one
	renew(r, "anna", "2", again)
	found(r, "anna in two", "bina in one")
	decides(r, "one")
	index(t, r, company, "chitra", "1", bina) // new faces are kept in both
	versions(r, "chitra", both)
	if err := r.Remove(t.Context(), company, "chitra"); err != nil {
		t.Fatal(err)
	}
	versions(r, "chitra")

	for username, want := range map[string]hajir.Code{"chitra": hajir.NotFound, "nobody": hajir.NotFound} {
		if err := r.Renew(t.Context(), company, username, "1", bina); hajir.CodeOf(err) != want {
			t.Errorf("renewing a face of %s that is not kept: %v", username, err)
		}
	}
	r.Forget(company)
	versions(r, "chitra")
	if err := r.Renew(t.Context(), company, "bina", "1", nothing); hajir.CodeOf(err) != hajir.FaceNone {
		t.Errorf("renewing with a picture of nothing: %v", err)
	}

	// One who was started with the old one alone sees no difference.
	before.Forget(company)
	found(before, "anna in one", "bina in one")
	if err := before.Renew(t.Context(), company, "bina", "1", bina); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("renewing in a version that is not at hand: %v", err)
	}

	renew(r, "bina", "1", bina)
	found(r, "anna in two", "bina in two")
	set(r, hajir.Models{Current: "two", Before: "one"})
	found(r, "anna in two", "bina in two")
	decides(r, "two")
	compared := 0
	if err := r.Compare(t.Context(), company, func(_, _ string, people []faces.Candidate) error {
		compared++
		for _, c := range people {
			if c.Model.Name != "two" {
				t.Errorf("compared in %s", c.Model.Name)
			}
		}
		return nil
	}); err != nil || compared != 3 {
		t.Errorf("%d faces compared, %v", compared, err)
	}
	before.Forget(company) // still serving, with the old one: which stands in
	found(before, "anna in one", "bina in one")

	set(r, hajir.Models{Current: "one", Declined: "two"}) // gone back
	found(r, "anna in one", "bina in one")
	index(t, r, company, "dipa", "1", bina)
	versions(r, "dipa", one)

	if err := r.Remove(t.Context(), company, "anna", "2"); err != nil {
		t.Fatal(err)
	}
	versions(r, "anna", both)
	if err := r.Remove(t.Context(), company, "anna"); err != nil {
		t.Fatal(err)
	}
	for _, left := range mustTemplates(t, store) {
		if left.Username == "anna" {
			t.Errorf("a face of somebody who is gone is left in %s", left.Model)
		}
	}
	// Only the new one at hand, which some faces are in.
	alone := open(t, store, "two")
	set(alone, hajir.Models{Current: "one", Next: "two"})
	versions(alone, "bina", both)
	if c := identify(t, alone, company, bina).Faces[0].Candidates; len(c) != 1 || c[0].Username != "bina" || c[0].Model.Name != "two" {
		t.Errorf("with the new version alone: %+v", c)
	}
}

func mustTemplates(t *testing.T, store *Store) []faces.Template {
	t.Helper()
	list, err := store.Templates(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
