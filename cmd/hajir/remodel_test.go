package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/internal/remodel"
)

// counted counts how often faces are computed anew.
type counted struct {
	faces.Recognizer
	renewed int
	then    func()
}

func (c *counted) Renew(ctx context.Context, company, username, faceID string, picture []byte) error {
	c.renewed++
	err := c.Recognizer.Renew(ctx, company, username, faceID, picture)
	if c.then != nil {
		c.then()
	}
	return err
}

// releases are two releases of the program on one data directory, of which the
// later has another face model.
type releases struct {
	*world
	token string
	later *world
	count *counted
}

var v1, v2 = faces.Version{Name: "v1", Threshold: 0.5}, faces.Version{Name: "v2", Threshold: 0.7}

// newReleases enrols asha (two faces), bina and chet with the earlier one.
func newReleases(t *testing.T) *releases {
	t.Helper()
	w := newWorld(t)
	r := &releases{world: w}
	w.app = openTest(t, w.dir, w.clock.Now, func(store faces.TemplateStore) (faces.Recognizer, error) {
		return facestest.NewFakeOn(store, w.clock.Now, v1), nil
	})
	w.handler = serverOf(w.app)
	r.token = w.company("acme")
	for _, who := range []string{"asha", "bina", "chet"} {
		w.add(hajir.Employee{Username: who, Company: "acme"})
		w.agree("acme", who)
		r.enrol(who)
	}
	r.enrol("asha")
	w.want(w.call("PATCH", "/companies/acme", r.token, map[string]any{"match_threshold": 0.55}), http.StatusOK, "")
	r.later = &world{t: t, dir: w.dir, clock: w.clock}
	r.later.app = openTest(t, w.dir, w.clock.Now, func(store faces.TemplateStore) (faces.Recognizer, error) {
		r.count = &counted{Recognizer: facestest.NewFakeOn(store, w.clock.Now, v2, v1)}
		return r.count, nil
	})
	r.later.handler = serverOf(r.later.app)
	return r
}

func (r *releases) kept(username string) []faces.Indexed {
	r.t.Helper()
	list, err := r.faces.List(r.t.Context(), "acme", username)
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

// enrol keeps a face, with a picture that goes on showing it to a Fake.
func (r *releases) enrol(username string) {
	r.t.Helper()
	e, err := r.picture.Enrol(r.t.Context(), "acme", username, facestest.Picture("face:"+username))
	if err != nil {
		r.t.Fatal(err)
	}
	key := objects.FaceKey("acme", username, e.FaceID, objects.Original)
	if err := r.bucket.Put(r.t.Context(), key, facestest.Picture("face:"+username)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *releases) status() remodel.Status {
	r.t.Helper()
	s, err := r.later.remodel.Status(r.t.Context(), "acme")
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *releases) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// recognised says who is recognised by the later release, and in which version.
func (r *releases) recognised() string {
	r.t.Helper()
	var all []string
	for _, who := range []string{"asha", "bina", "chet"} {
		a := attendanceAttempt("face:" + who)
		a.DryRun = true
		m, err := r.later.attendance.CheckIn(r.t.Context(), a)
		if err != nil {
			all = append(all, who+" "+string(hajir.CodeOf(err)))
			continue
		}
		d := m.Results[0].Punch.Decision
		all = append(all, fmt.Sprintf("%s %s %v", d.Username, d.Model, d.Threshold))
	}
	return strings.Join(all, ", ")
}

func (r *releases) expect(want string) {
	r.t.Helper()
	if got := r.recognised(); got != want {
		r.t.Errorf("recognised: %s\nwant:       %s", got, want)
	}
}

const (
	allOld = "asha v1 0.55, bina v1 0.55, chet v1 0.55"
	allNew = "asha v2 0.7, bina v2 0.7, chet v2 0.7"
)

// TestModelChange starts a release with another model: nobody is locked out at
// any moment, one who is cut off goes on, and one can go back.
func TestModelChange(t *testing.T) {
	r := newReleases(t)
	ctx := t.Context()
	r.expect(allOld) // before anything was decided
	r.must(r.later.remodel.BeginAll(ctx))
	r.expect(allOld)
	if s := r.status(); s.Current != "v1" || s.Next != "v2" || s.Faces != 4 || s.Done != 0 || s.Back != "v1" {
		t.Fatalf("%+v", s)
	}

	// Cut off after one face: asha has another, and is looked for in the old version.
	cut, cancel := context.WithCancel(ctx)
	r.count.then = cancel
	if _, err := r.later.remodel.Run(cut, "acme", false, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut off: %v", err)
	}
	r.count.then = nil
	if s := r.status(); s.Done != 1 || r.count.renewed != 1 {
		t.Errorf("%d of %d faces are done, %d computed", s.Done, s.Faces, r.count.renewed)
	}
	r.expect(allOld)

	// Killed, so that its claim stands: nobody else begins until that has had its time.
	m, err := r.db.FaceModels(ctx, "acme")
	r.must(err)
	m, _ = m.Claim("killed", r.clock.Now())
	r.must(r.db.SaveFaceModels(ctx, m))
	if mine, err := r.later.remodel.Run(ctx, "acme", false, func(int, int) {}); mine || err != nil || r.count.renewed != 1 {
		t.Errorf("two do it at once: %v, %v, %d computed", mine, err, r.count.renewed)
	}
	r.clock.Advance(hajir.WorkClaim)
	var steps []string
	mine, err := r.later.remodel.Run(ctx, "acme", false, func(done, all int) { steps = append(steps, fmt.Sprint(done, "/", all)) })
	if !mine || err != nil || r.count.renewed != 4 || !slices.Equal(steps, []string{"2/4", "3/4", "4/4"}) {
		t.Errorf("%v, %v, %d computed, %v", mine, err, r.count.renewed, steps)
	}
	if s := r.status(); s.Current != "v2" || s.Running() || s.Before != "v1" || s.Back != "v1" || s.Worker != "" {
		t.Errorf("%+v", s)
	}
	r.expect(allNew)

	// The own threshold was found for the old version.
	settings := r.later.want(r.later.call("GET", "/companies/acme", r.token, nil), http.StatusOK, "")
	if settings.json["match_threshold"] != 0.0 {
		t.Errorf("the threshold of the version before holds: %v", settings.json["match_threshold"])
	}

	// Who is enrolled now is found after going back, too, and nothing is computed for that.
	r.later.person("acme", "dipa")
	_, err = r.later.picture.Enrol(ctx, "acme", "dipa", facestest.Picture("face:dipa"))
	r.must(err)
	back := r.later.want(r.later.call("POST", "/companies/acme/face-models/rollback", r.token, nil), http.StatusOK, "")
	if back.json["current"] != "v1" || back.json["done"] != 6.0 {
		t.Errorf("%v", back.json)
	}
	r.expect(allOld)
	r.must(r.later.remodel.BeginAll(ctx)) // not again by itself
	r.must(r.later.remodel.RunAll(ctx, true))
	r.expect(allOld)
	if r.count.renewed != 4 {
		t.Errorf("%d faces computed, want 4 still", r.count.renewed)
	}
	r.later.want(r.later.call("POST", "/companies/acme/face-models/rollback", r.token, nil), http.StatusConflict, "conflict")
}

// TestModelChangeLeavesFaces: of whom a picture is missing, they stay in the old
// version until the admin has the new one decide.
func TestModelChangeLeavesFaces(t *testing.T) {
	r := newReleases(t)
	ctx := t.Context()
	chet := r.kept("chet")[0].FaceID
	bina := r.kept("bina")[0].FaceID
	r.must(r.bucket.DeleteAll(ctx, objects.FacePrefix("acme", "chet", chet)))
	r.must(r.bucket.Put(ctx, objects.FaceKey("acme", "bina", bina, objects.Original), facestest.Picture("none")))
	r.must(r.later.remodel.BeginAll(ctx))
	r.later.want(r.later.call("POST", "/companies/acme/face-models/finish", r.token, nil), http.StatusConflict, "conflict") // none was tried
	r.must(r.later.remodel.RunAll(ctx, false))
	r.expect("asha v2 0.7, bina v1 0.55, chet v1 0.55")
	shown := r.later.want(r.later.call("GET", "/companies/acme/face-models", r.token, nil), http.StatusOK, "").json
	var left []string
	for _, f := range shown["left"].([]any) {
		f := f.(map[string]any)
		left = append(left, fmt.Sprint(f["username"], " ", f["reason"], " ", f["others"]))
	}
	if want := []string{"bina face_none 0", "chet not_found 0"}; !slices.Equal(left, want) || shown["can_finish"] != true || shown["done"] != 2.0 {
		t.Errorf("left %v, want %v; %v", left, want, shown)
	}
	computed := r.count.renewed
	r.must(r.later.remodel.RunAll(ctx, false)) // does not try them again and again
	if r.count.renewed != computed {
		t.Errorf("%d faces computed, want %d", r.count.renewed, computed)
	}

	// Her picture is back: the next look finds it.
	r.must(r.bucket.Put(ctx, objects.FaceKey("acme", "bina", bina, objects.Original), facestest.Picture("face:bina")))
	r.must(r.later.remodel.RunAll(ctx, true))
	r.expect("asha v2 0.7, bina v2 0.7, chet v1 0.55")
	r.later.want(r.later.call("POST", "/companies/acme/face-models/finish", r.token, nil), http.StatusOK, "")
	r.expect("asha v2 0.7, bina v2 0.7, chet face_unknown")

	// Enrolled anew, he is recognised; his old face is still to be deleted.
	_, err := r.later.picture.Enrol(ctx, "acme", "chet", facestest.Picture("face:chet"))
	r.must(err)
	r.expect(allNew)
	if s := r.status(); len(s.Left) != 1 || s.Left[0].Others != 1 {
		t.Errorf("%+v", s.Left)
	}
	r.must(r.later.picture.Delete(ctx, "acme", "chet", chet))
	if s := r.status(); len(s.Left) != 0 {
		t.Errorf("%+v", s.Left)
	}

	// After its time the old version goes, and one cannot go back.
	r.must(r.later.remodel.RunAll(ctx, true))
	if s := r.status(); s.Versions["v1"] != 4 || s.Versions["v2"] != 4 {
		t.Errorf("%v", s.Versions)
	}
	r.clock.Advance(hajir.KeepBefore)
	r.must(r.later.remodel.RunAll(ctx, true))
	if s := r.status(); s.Versions["v1"] != 0 || s.Versions["v2"] != 4 || s.Back != "" {
		t.Errorf("%+v", s)
	}
	r.expect(allNew)
}

// TestErasureInEveryVersion: who withdraws has nothing left in any version, and a
// change that is under way brings nothing back.
func TestErasureInEveryVersion(t *testing.T) {
	r := newReleases(t)
	ctx := t.Context()
	r.must(r.later.remodel.BeginAll(ctx))
	asha := r.kept("asha")
	r.must(r.later.faces.Renew(ctx, "acme", "asha", asha[0].FaceID, facestest.Picture("face:asha")))
	_, err := r.later.consent.Decide(ctx, "acme", "asha", hajir.Consent{State: hajir.ConsentWithdrawn, Means: hajir.ConsentTerminal, By: "test"})
	r.must(err)
	receipts, err := r.db.Erasures(ctx, "asha")
	if err != nil || len(receipts) != 1 || receipts[0].Templates != 3 || !slices.Equal(receipts[0].Models, []string{"v1", "v2"}) {
		t.Errorf("%+v, %v", receipts, err)
	}
	if err := r.later.faces.Renew(ctx, "acme", "asha", asha[1].FaceID, facestest.Picture("face:asha")); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("a face that is erased is computed anew: %v", err)
	}
	r.must(r.later.remodel.RunAll(ctx, true))
	r.query(`SELECT count(*) FROM Face_templates WHERE username = 'asha'`, func(columns []any) {
		if n := fmt.Sprint(columns[0]); n != "0" {
			t.Errorf("%s templates are left", n)
		}
	})
	if s := r.status(); s.Current != "v2" || s.Faces != 2 {
		t.Errorf("%+v", s)
	}
}

// TestModelIsNotAtHand: a release that does not have the model before recognises
// people as they are changed, and nobody goes back to what is not there.
func TestModelIsNotAtHand(t *testing.T) {
	r := newReleases(t)
	ctx := t.Context()
	alone := facestest.NewFakeOn(r.db, r.clock.Now, v2)
	s := *r.later.remodel
	s.Faces, r.later.attendance.Faces = alone, alone
	r.must(s.BeginAll(ctx))
	r.expect("asha face_unknown, bina face_unknown, chet face_unknown")
	r.must(s.RunAll(ctx, false))
	r.expect(allNew)
	if err := s.Rollback(ctx, "acme"); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("gone back to a model that is not there: %v", err)
	}
	r.expect(allNew)
}
