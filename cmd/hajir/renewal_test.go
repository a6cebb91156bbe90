package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

// comes records two punches a day of a person whom the camera knew with a score.
func (w *world) comes(username string, from time.Time, days int, score float64) {
	w.t.Helper()
	for i := range days {
		day := from.AddDate(0, 0, i)
		d := hajir.Day{Name: username, Company: "acme", Date: day.Format(time.DateOnly)}
		for n, hour := range []int{4, 11} {
			d.Punches = append(d.Punches, hajir.Punch{
				ID: fmt.Sprint(d.Date, n), At: day.Add(time.Duration(hour) * time.Hour), Direction: []hajir.Direction{hajir.Entry, hajir.Exit}[n],
				Source: hajir.SourceKiosk, Decision: hajir.Decision{Username: username, Model: "m", Score: score + 0.01*float64(n), Threshold: 0.5},
			})
		}
		if err := w.db.SaveDay(w.t.Context(), d); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestNewPicturesAreRecommended: from the days to what pages show, and until new
// pictures are taken.
func TestNewPicturesAreRecommended(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for _, name := range []string{"asha", "bina"} {
		w.person("acme", name)
		// The fake keeps faces to itself; the store names them, too, with the others.
		if err := w.db.SaveTemplate(t.Context(), faces.Template{
			Company: "acme", Username: name, FaceID: name, Model: "m", Vector: []float32{1}, IndexedAt: w.clock.Now(),
		}); err != nil {
			t.Fatal(err)
		}
	}
	w.add(hajir.Employee{Username: "maya", Company: "acme", Role: hajir.RoleManager})
	w.want(w.call("PATCH", "/companies/acme/employees/asha", w.adminToken(), map[string]any{"manager": "maya"}), http.StatusOK, "")
	begin := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	w.comes("asha", begin, 10, 0.8)
	w.comes("asha", begin.AddDate(0, 1, 0), 5, 0.6)
	w.comes("bina", begin, 15, 0.7)
	entries := len(w.auditOf(""))

	look := func() {
		t.Helper()
		if err := w.renewals.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	listed := func(token string) string {
		t.Helper()
		r := w.want(w.call("GET", "/companies/acme/employees?new_pictures=true", token, nil), http.StatusOK, "")
		var names []string
		for _, e := range r.json["employees"].([]any) {
			names = append(names, e.(map[string]any)["username"].(string))
		}
		return strings.Join(names, " ")
	}
	look()
	if got := listed(w.adminToken()); got != "" {
		t.Errorf("recommended before the days were: %s", got)
	}
	w.clock.Advance(begin.AddDate(0, 1, 5).Sub(w.clock.Now()))
	look()
	if got := listed(w.adminToken()); got != "asha" {
		t.Errorf("recommended: %q", got)
	}
	one := w.want(w.call("GET", "/companies/acme/employees/asha", w.adminToken(), nil), http.StatusOK, "")
	if s := fmt.Sprint(one.json["new_pictures"]); !strings.Contains(s, "reason:scores") || !strings.Contains(s, "lately:0.605") {
		t.Errorf("asha: %s", s)
	}
	for _, e := range w.auditOf("")[:max(0, len(w.auditOf(""))-entries)] {
		if s := told(e); strings.Contains(s, "Employee_details") {
			t.Errorf("an entry tells of it: %s", s)
		}
	}
	// Neither their manager nor they themselves read what the camera thinks.
	for _, who := range []string{"maya", "asha"} {
		r := w.want(w.call("GET", "/companies/acme/employees/asha", w.token(who), nil), http.StatusOK, "")
		if strings.Contains(r.Body.String(), "new_pictures") {
			t.Errorf("%s reads %s", who, r.Body)
		}
	}
	version := one.json["version"]
	w.clock.Advance(25 * time.Hour)
	look()
	again := w.want(w.call("GET", "/companies/acme/employees/asha", w.adminToken(), nil), http.StatusOK, "")
	if again.json["version"] != version {
		t.Errorf("the same was saved again: version %v, then %v", version, again.json["version"])
	}
	if _, err := w.picture.Enrol(t.Context(), "acme", "asha", facestest.Picture("face:asha")); err != nil {
		t.Fatal(err)
	}
	if got := listed(w.adminToken()); got != "" {
		t.Errorf("recommended after new pictures: %s", got)
	}
}
