package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"hajir/internal/company"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

// Who looks like whom is told; a rate is not, of so few.
func TestCalibration(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	const path = "/companies/acme/calibration"
	r := w.want(w.call(http.MethodGet, path, admin, nil), http.StatusOK, "")
	if r.json["faces"] != 0.0 || len(r.json["look_alikes"].([]any)) != 0 {
		t.Errorf("of nobody: %v", r.json)
	}
	for _, name := range []string{"asha", "bina", "chitra"} {
		w.person("acme", name)
	}
	accept := func(faces.Frame) error { return nil }
	for script, who := range map[string]string{"lookalike:asha~bina:0.3": "asha", "face:stranger": "chitra"} {
		if _, err := w.faces.Index(t.Context(), "acme", who, "more", facestest.Picture(script), accept); err != nil {
			t.Fatal(err)
		}
	}
	r = w.want(w.call(http.MethodGet, path, admin, nil), http.StatusOK, "")
	if r.json["people"] != 3.0 || r.json["faces"] != 5.0 || r.json["head_count"] != 3.0 || r.json["found"] != nil {
		t.Errorf("%v", r.json)
	}
	near, _ := r.json["look_alikes"].([]any)
	if len(near) != 1 || !strings.Contains(fmt.Sprint(near[0]), "name:Asha username:asha] b:map[name:Bina username:bina] score:0.6") {
		t.Errorf("look-alikes: %v", near)
	}
	weak, _ := r.json["weak"].([]any)
	if len(weak) != 1 || !strings.Contains(fmt.Sprint(weak[0]), "username:chitra") {
		t.Errorf("weak: %v", weak)
	}
	now, _ := r.json["in_force"].(map[string]any)
	if now["threshold"] != facestest.FakeThreshold || now["basis"] != "none" || now["rate"] != nil {
		t.Errorf("in force: %v", now)
	}
	for _, query := range []string{"?rate=0", "?rate=1", "?rate=x", "?head_count=-1"} {
		w.want(w.call(http.MethodGet, path+query, admin, nil), http.StatusUnprocessableEntity, "invalid")
	}
	w.faces.(*facestest.Fake).Fail(hajir.Errorf(hajir.Unavailable, "the models are closed"))
	w.want(w.call(http.MethodGet, path, admin, nil), http.StatusServiceUnavailable, "unavailable")
}

// The command prints what the API tells, also of many.
func TestCalibrateCommand(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	c := company.Calibration{Calibration: &hajir.Calibration{}, Model: "fake-1", InForce: 0.46, Margin: 0.05, HeadCount: 60}
	for i := range 60 {
		people := []hajir.Candidate{{Username: fmt.Sprint("p", i), FaceID: "2", Score: 0.7 + 0.05*random.NormFloat64()}}
		for j := range 60 {
			if j != i {
				people = append(people, hajir.Candidate{Username: fmt.Sprint("p", j), Score: 0.1 * random.NormFloat64()})
			}
		}
		c.Add(fmt.Sprint("p", i), "1", people)
	}
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		if err := (&calibrateCmd{Rate: 0.01, JSON: asJSON}).print(&out, c); err != nil {
			t.Fatal(err)
		}
		for _, want := range map[bool][]string{
			false: {"60 faces of 60 people, by fake-1; 3540 comparisons", "Of 60 enrolled people:", "for 1 %", "extrapolated", "100.0 %", "█"},
			true:  {`"comparisons": 3540`, `"basis": "extrapolated"`, `"look_alikes": []`},
		}[asJSON] {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
	}
}
