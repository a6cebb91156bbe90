package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/consent"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

const (
	ashasConsent = "/companies/acme/employees/asha/consent"
	ashasFaces   = "/companies/acme/employees/asha/faces"
)

func (w *world) decide(token, state string) reply {
	w.t.Helper()
	return w.call("PUT", ashasConsent, token, map[string]any{"state": state, "text_version": hajir.ConsentVersion})
}

// wait lets time pass, and signs the admin and asha in again.
func (w *world) wait(d time.Duration) (admin, asha string) {
	w.t.Helper()
	w.clock.Advance(d)
	return w.token("acme"), w.token("asha")
}

// run runs the job as the hourly sweep does.
func (w *world) run() {
	w.t.Helper()
	if err := w.consent.Run(w.t.Context(), "the hourly job", false, func(consent.Outcome) {}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) erasures() []hajir.Erasure {
	w.t.Helper()
	all, err := w.db.Erasures(w.t.Context(), "asha")
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// ashasTemplates counts what is kept of her face.
func (w *world) ashasTemplates() int {
	w.t.Helper()
	kept, err := w.faces.List(w.t.Context(), "acme", "asha")
	if err != nil {
		w.t.Fatal(err)
	}
	return len(kept)
}

// From no to yes to no: what may be stored, who is recognised, and what is left.
func TestConsentFromEndToEnd(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "asha", "name": "Asha", "password": password}), http.StatusCreated, "")
	asha := w.token("asha")

	// Nobody decided yet, then she declines: no face is stored, whoever sends it.
	w.want(w.send(ashasFaces, admin, facestest.Picture("face:asha")), http.StatusConflict, "face_consent")
	w.want(w.decide(admin, "given"), http.StatusForbidden, "forbidden")
	w.want(w.decide(asha, "withdrawn"), http.StatusConflict, "conflict")
	w.want(w.call("PUT", ashasConsent, asha, map[string]any{"state": "given", "text_version": "1"}), http.StatusConflict, "conflict")
	w.want(w.decide(asha, "declined"), http.StatusOK, "")
	w.want(w.send(ashasFaces, admin, facestest.Picture("face:asha")), http.StatusConflict, "face_declined")
	if n := w.countObjects(); n != 0 || len(w.erasures()) != 0 {
		t.Fatalf("%d pictures of somebody who declined, %d erasures", n, len(w.erasures()))
	}

	w.want(w.decide(asha, "given"), http.StatusOK, "")
	w.want(w.decide(asha, "given"), http.StatusOK, "") // again, as after a lost answer
	w.want(w.send(ashasFaces, admin, facestest.Picture("face:asha")), http.StatusCreated, "")
	w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")

	gone := w.want(w.decide(asha, "withdrawn"), http.StatusOK, "")
	if gone.json["state"] != "withdrawn" || gone.json["faces"] != 0.0 || w.ashasTemplates() != 0 {
		t.Fatalf("after the withdrawal: %s", gone.Body)
	}
	admin, asha = w.wait(time.Hour)
	w.settings(map[string]any{"refusal_days": 0}) // faces that are refused are another test's, and go by themselves
	w.want(w.checkIn(admin, "face:asha"), http.StatusUnprocessableEntity, "face_unknown")
	w.want(w.send(ashasFaces, admin, facestest.Picture("face:asha")), http.StatusConflict, "face_consent")
	x := w.erasures()[0]
	if x.State() != hajir.ErasurePending || x.Templates != 1 || x.Models[0] != "fake-1" || !x.DueAt.Equal(x.AskedAt.AddDate(0, 0, 30)) || x.AskedBy != "asha" {
		t.Fatalf("the erasure is %+v", x)
	}
	var states []string
	for _, d := range gone.json["history"].([]any) {
		one := d.(map[string]any)
		states = append(states, fmt.Sprint(one["state"], " by ", one["by"], " ", one["means"]))
	}
	if got := strings.Join(states, ", "); got != "declined by asha self, given by asha self, withdrawn by asha self" {
		t.Errorf("the history is %s", got)
	}
	w.want(w.call("GET", "/companies/acme/employees/asha/erasures/1", asha, nil), http.StatusConflict, "conflict") // no receipt yet

	w.clock.Advance(29 * 24 * time.Hour)
	if w.run(); w.countObjects() != 4 {
		t.Fatalf("%d pictures before their time, want three sizes and a day's", w.countObjects())
	}
	admin, asha = w.wait(24 * time.Hour)
	for range 2 { // it may run twice
		w.run()
	}
	if n := w.countObjects(); n != 0 {
		t.Fatalf("%d pictures are left", n)
	}
	x = w.erasures()[0]
	if x.State() != hajir.ErasureDone || x.EnrolmentObjects != 3 || x.DailyPictures != 1 || x.RanBy != "the hourly job" || len(w.erasures()) != 1 {
		t.Fatalf("the erasure is %+v", x)
	}
	days := w.want(w.call("GET", "/companies/acme/employees/asha/days?month=2026-03", admin, nil), http.StatusOK, "")
	if s := days.Body.String(); !strings.Contains(s, `"picture_erased":true`) || strings.Contains(s, "picture_url") || !strings.Contains(s, `"direction":"entry"`) {
		t.Errorf("the punch stays, without its picture: %s", s)
	}

	// The receipt proves itself: its hash is of the very text that is sent.
	receipt := w.want(w.call("GET", "/companies/acme/employees/asha/erasures/1", asha, nil), http.StatusOK, "")
	text := receipt.Body.String()
	text = text[strings.Index(text, `"receipt":`)+len(`"receipt":`) : strings.LastIndex(text, `,"sha256"`)]
	sum := sha256.Sum256([]byte(text))
	if hex.EncodeToString(sum[:]) != receipt.json["sha256"] || x.SHA256 != receipt.json["sha256"] {
		t.Errorf("the receipt's hash is not of its text: %s", receipt.Body)
	}
	list := w.want(w.call("GET", "/companies/acme/erasures", admin, nil), http.StatusOK, "")
	if !strings.Contains(list.Body.String(), `"username":"asha","number":1,"state":"done"`) {
		t.Errorf("the admin's list: %s", list.Body)
	}
	w.want(w.call("GET", "/companies/acme/erasures?cursor=asha/7", admin, nil), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("GET", "/companies/acme/erasures?cursor=x", admin, nil), http.StatusUnprocessableEntity, "invalid")
}

func TestConsentOnPaper(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	for _, name := range []string{"asha", "bina"} {
		w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": name, "name": name}), http.StatusCreated, "")
	}
	record := func(body map[string]any) reply { return w.call("POST", ashasConsent+"/paper", admin, body) }
	w.want(record(map[string]any{"state": "given", "text_version": "7"}), http.StatusUnprocessableEntity, "invalid")
	w.want(record(map[string]any{"state": "perhaps"}), http.StatusUnprocessableEntity, "invalid")
	if r := w.want(record(map[string]any{"state": "given", "text_version": "1"}), http.StatusOK, ""); r.json["consent"] != "given" {
		t.Errorf("recorded: %s", r.Body)
	}
	e, _ := w.db.Employee(t.Context(), "asha")
	if want := (hajir.Consent{State: "given", TextVersion: "1", At: w.clock.Now(), Means: "paper", By: "acme", RetentionDays: 30}); e.Consent != want {
		t.Errorf("recorded %+v, want %+v", e.Consent, want)
	}
	for filter, want := range map[string]string{"none": "bina", "given": "asha", "declined": "", "withdrawn": ""} {
		r := w.want(w.call("GET", "/companies/acme/employees?consent="+filter, admin, nil), http.StatusOK, "")
		var names []string
		for _, p := range r.json["employees"].([]any) {
			names = append(names, fmt.Sprint(p.(map[string]any)["username"]))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("who is %s: %q, want %q", filter, got, want)
		}
	}
	w.want(record(map[string]any{"state": "withdrawn"}), http.StatusOK, "")
	if x := w.erasures()[0]; x.AskedBy != "acme" || x.Reason != hajir.ErasedWithdrawn {
		t.Errorf("the erasure is %+v", x)
	}
}

// People who were enrolled before anybody was asked are neither recognised nor
// anybody's look-alike, until somebody records their consent; nothing of theirs
// is removed unasked.
func TestFacesFromBeforeConsent(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	e, err := w.db.Employee(t.Context(), "asha")
	if err != nil {
		t.Fatal(err)
	}
	e.Consent, e.ConsentHistory = hajir.Consent{}, nil
	if err := w.db.SaveEmployee(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.run()
	w.want(w.checkIn(admin, "face:asha"), http.StatusUnprocessableEntity, "face_unknown")
	w.want(w.checkIn(admin, "lookalike:bina~asha:0.01"), http.StatusCreated, "")
	w.want(w.send("/companies/acme/employees/bina/faces", admin, facestest.Picture("lookalike:bina~asha:0.01")), http.StatusCreated, "")
	if w.ashasTemplates() != 1 {
		t.Error("an upgrade has removed a face")
	}
	w.agree("acme", "asha")
	w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")

	// And who declines instead has it removed.
	e, _ = w.db.Employee(t.Context(), "asha")
	e.Consent, e.ConsentHistory = hajir.Consent{}, nil
	if err := w.db.SaveEmployee(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.want(w.decide(w.token("asha"), "declined"), http.StatusOK, "")
	if x := w.erasures(); w.ashasTemplates() != 0 || len(x) != 1 || x[0].Reason != hajir.ErasedDeclined || x[0].Templates != 1 {
		t.Errorf("%d faces after declining, %+v", w.ashasTemplates(), x)
	}
}

// Deactivation removes the templates at once; being back in time keeps the
// pictures, and consent given again does, too.
func TestDeactivationErases(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")
	const path = "/companies/acme/employees/asha"
	change := func(active bool) {
		t.Helper()
		w.want(w.call("PATCH", path, admin, map[string]any{"active": active}), http.StatusOK, "")
	}
	change(false)
	if x := w.erasures(); w.ashasTemplates() != 0 || len(x) != 1 || x[0].Reason != hajir.ErasedDeactivated || x[0].Templates != 1 || x[0].AskedBy != "acme" {
		t.Fatalf("%d faces, %+v", w.ashasTemplates(), x)
	}
	change(false) // again, as after a lost answer
	w.want(w.call("PATCH", path, admin, map[string]any{"department": "Sales"}), http.StatusOK, "")
	if n := len(w.erasures()); n != 1 {
		t.Fatalf("%d erasures of one deactivation", n)
	}
	change(true)
	x := w.erasures()[0]
	if x.State() != hajir.ErasureCancelled || x.RanBy != "acme" || x.SHA256 == "" {
		t.Fatalf("back again: %+v", x)
	}
	w.want(w.call("GET", path+"/erasures/1", admin, nil), http.StatusOK, "")

	// Withdrawn and deactivated: neither alone brings the pictures back.
	asha := w.token("asha")
	w.want(w.decide(asha, "withdrawn"), http.StatusOK, "")
	change(false)
	change(true)
	if x := w.erasures(); len(x) != 2 || x[0].State() != hajir.ErasurePending || x[0].Number != 2 {
		t.Fatalf("consent is still withdrawn: %+v", x)
	}
	w.want(w.decide(w.token("asha"), "given"), http.StatusOK, "")
	if x := w.erasures()[0]; x.State() != hajir.ErasureCancelled {
		t.Fatalf("consent is given again: %+v", x)
	}
	admin, _ = w.wait(40 * 24 * time.Hour)
	w.run()
	if n := w.countObjects(); n != 4 {
		t.Errorf("%d pictures after all was called off, want 4", n)
	}
	change(false)
	w.clock.Advance(40 * 24 * time.Hour)
	w.run()
	if x := w.erasures()[0]; w.countObjects() != 0 || x.State() != hajir.ErasureDone || x.Number != 3 {
		t.Errorf("%d pictures are left, %+v", w.countObjects(), x)
	}
}

// A setting that was changed moves no date that people were told.
func TestRetentionSetting(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	set := func(days, status int, code string) {
		t.Helper()
		w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"retention_days": days}), status, code)
	}
	set(-1, http.StatusUnprocessableEntity, "invalid")
	set(1096, http.StatusUnprocessableEntity, "invalid")
	set(1095, http.StatusOK, "")
	w.want(w.decide(w.token("asha"), "withdrawn"), http.StatusOK, "") // who agreed to 30 days
	due := w.erasures()[0].DueAt
	if want := w.clock.Now().AddDate(0, 0, 30); !due.Equal(want) {
		t.Errorf("pictures go at %s, want %s, as was promised", due, want)
	}
	set(0, http.StatusOK, "")
	admin, _ = w.wait(time.Hour)
	w.run()
	if x := w.erasures()[0]; x.State() != hajir.ErasurePending || !x.DueAt.Equal(due) {
		t.Errorf("after the setting was made shorter: %+v", x)
	}
	w.person("acme", "bina")
	w.want(w.call("PATCH", "/companies/acme/employees/bina", admin, map[string]any{"active": false}), http.StatusOK, "")
	if w.run(); w.countObjects() != 6 {
		t.Error("pictures went while requests may still have been under way")
	}
	w.clock.Advance(hajir.ErasureGrace)
	if w.run(); w.countObjects() != 3 {
		t.Errorf("%d pictures, want asha's alone", w.countObjects())
	}
}

// gate holds whoever indexes a face at the moment before it is kept, or after.
type gate struct {
	faces.Recognizer
	before, after func()
}

func (g gate) Index(ctx context.Context, company, username, faceID string, picture []byte, accept func(faces.Frame) error, what ...faces.Measure) (faces.Indexed, error) {
	kept, err := g.Recognizer.Index(ctx, company, username, faceID, picture, func(f faces.Frame) error {
		err := accept(f)
		g.before()
		return err
	}, what...)
	g.after()
	return kept, err
}

// A withdrawal while an enrolment is under way leaves no face, whichever of
// them is first at each step.
func TestWithdrawalDuringAnEnrolment(t *testing.T) {
	for name, build := range map[string]func(withdraw func()) gate{
		"before the face is kept": func(withdraw func()) gate { return gate{before: withdraw, after: func() {}} },
		"after the face is kept":  func(withdraw func()) gate { return gate{before: func() {}, after: withdraw} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			admin := w.company("acme")
			w.person("acme", "asha")
			g := build(func() { w.want(w.decide(w.token("asha"), "withdrawn"), http.StatusOK, "") })
			g.Recognizer = w.faces
			w.picture.Faces = g
			w.want(w.send(ashasFaces, admin, facestest.Picture("face:asha#2")), http.StatusConflict, "face_consent")
			if n := w.ashasTemplates(); n != 0 {
				t.Errorf("%d faces are left", n)
			}
			if n := w.countObjects(); n != 3 { // those of before, until they have had their time
				t.Errorf("%d pictures, want the three of the first enrolment", n)
			}
		})
	}
}

func TestWithdrawalsAndEnrolmentsAtOnce(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	asha := w.token("asha")
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() { w.send(ashasFaces, admin, facestest.Picture(fmt.Sprintf("face:asha#%d", i))) })
	}
	for range 4 {
		wg.Go(func() { w.want(w.decide(asha, "withdrawn"), http.StatusOK, "") })
	}
	wg.Wait()
	if x := w.erasures(); w.ashasTemplates() != 0 || len(x) != 1 || x[0].TemplatesAt.IsZero() {
		t.Errorf("%d faces, %+v", w.ashasTemplates(), x)
	}
}

// crash is a store or bucket that fails from some call on, as if the program
// had ended there.
type crash struct {
	consent.Store
	consent.Objects
	left int
}

var errCrash = errors.New("the program ended")

func (c *crash) step() error {
	if c.left--; c.left < 0 {
		return errCrash
	}
	return nil
}

func (c *crash) SaveEmployee(ctx context.Context, e hajir.Employee) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Store.SaveEmployee(ctx, e)
}

func (c *crash) SaveErasure(ctx context.Context, x hajir.Erasure) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Store.SaveErasure(ctx, x)
}

func (c *crash) SaveDay(ctx context.Context, d hajir.Day) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Store.SaveDay(ctx, d)
}

func (c *crash) Delete(ctx context.Context, key string) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Objects.Delete(ctx, key)
}

func (c *crash) DeleteAll(ctx context.Context, prefix string) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Objects.DeleteAll(ctx, prefix)
}

// Wherever a withdrawal or an erasure is cut off, the job does the rest, with
// the right counts.
func TestErasureIsCutOffAnywhere(t *testing.T) {
	for left := 0; ; left++ {
		w := newWorld(t)
		admin := w.company("acme")
		w.person("acme", "asha")
		w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")
		admin, _ = w.wait(24 * time.Hour)
		w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")
		cut := *w.consent
		c := &crash{Store: w.db, Objects: w.bucket, left: left}
		cut.Store, cut.Objects = c, c
		_, first := cut.Decide(t.Context(), "acme", "asha", hajir.Consent{State: hajir.ConsentWithdrawn, Means: hajir.ConsentSelf, By: "asha"})
		e, err := w.db.Employee(t.Context(), "asha")
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		w.run() // the program has started anew
		if e.Consent.State == hajir.ConsentGiven {
			if x := w.erasures(); first == nil || w.ashasTemplates() != 1 || len(x) > 0 && x[0].State() != hajir.ErasureCancelled {
				t.Fatalf("cut off after %d: not withdrawn, and yet %d faces, %+v, %v", left, w.ashasTemplates(), x, first)
			}
			continue
		}
		if w.ashasTemplates() != 0 {
			t.Fatalf("cut off after %d: templates are left after the job ran", left)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		second := cut.Run(t.Context(), "cut off", false, func(consent.Outcome) {})
		w.run()
		x := w.erasures()
		if len(x) != 1 || x[0].State() != hajir.ErasureDone || x[0].Templates != 1 || x[0].EnrolmentObjects != 3 || x[0].DailyPictures != 2 || w.countObjects() != 0 {
			t.Fatalf("cut off after %d: %d pictures, %+v", left, w.countObjects(), x)
		}
		if first == nil && second == nil {
			if left < 8 {
				t.Fatalf("only %d steps were tried", left)
			}
			return
		}
	}
}

// A person whose erasure fails keeps nobody else's from being done.
func TestOneFailureStopsNoOther(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	for _, name := range []string{"asha", "bina", "chet"} {
		w.person("acme", name)
		w.want(w.call("PATCH", "/companies/acme/employees/"+name, admin, map[string]any{"active": false}), http.StatusOK, "")
	}
	w.clock.Advance(31 * 24 * time.Hour)
	picky := *w.consent
	picky.Objects = stuck{w.bucket}
	var done []string
	err := picky.Run(t.Context(), "test", false, func(o consent.Outcome) {
		if o.Err == nil {
			done = append(done, o.Username)
		}
	})
	if err == nil || fmt.Sprint(done) != "[bina chet]" {
		t.Errorf("done: %v, %v", done, err)
	}
	w.run()
	if w.countObjects() != 0 || w.erasures()[0].RanBy != "the hourly job" {
		t.Errorf("%d pictures are left, %+v", w.countObjects(), w.erasures())
	}
}

type stuck struct{ consent.Objects }

func (r stuck) DeleteAll(ctx context.Context, prefix string) error {
	if strings.Contains(prefix, "/asha/") {
		return os.ErrPermission
	}
	return r.Objects.DeleteAll(ctx, prefix)
}

// Several processes may run the job at once: the work is done once, and every
// receipt holds.
func TestSeveralJobsAtOnce(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	for range 5 {
		w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")
		admin, _ = w.wait(24 * time.Hour)
	}
	w.want(w.decide(w.token("asha"), "withdrawn"), http.StatusOK, "")
	w.clock.Advance(31 * 24 * time.Hour)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := w.consent.Run(t.Context(), "a job", false, func(consent.Outcome) {}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	x := w.erasures()
	_, sum, err := x[0].Receipt()
	if err != nil || sum != x[0].SHA256 || x[0].DailyPictures != 5 || w.countObjects() != 0 {
		t.Errorf("%d pictures are left, %+v, %v", w.countObjects(), x[0], err)
	}
}

// Once pictures have begun to go nobody can be promised that they stay.
func TestNothingStopsWhatHasBegun(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.want(w.decide(w.token("asha"), "withdrawn"), http.StatusOK, "")
	x := w.erasures()[0]
	x.BegunAt = w.clock.Now()
	if err := w.db.SaveErasure(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	w.want(w.decide(w.token("asha"), "given"), http.StatusServiceUnavailable, "unavailable")
	w.clock.Advance(31 * 24 * time.Hour)
	w.run()
	w.want(w.decide(w.token("asha"), "given"), http.StatusOK, "")
}

// The API says what people are asked, in the words that they answered to.
func TestConsentTextIsShownAgain(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	asha := w.token("asha")
	r := w.want(w.call("GET", ashasConsent, asha, nil), http.StatusOK, "")
	if r.json["agreed_text"] != nil || !strings.Contains(r.Body.String(), "after 30 days") {
		t.Errorf("the text: %s", r.Body)
	}
	w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"retention_days": 90}), http.StatusOK, "")
	r = w.want(w.call("GET", ashasConsent, asha, nil), http.StatusOK, "")
	agreed, err := json.Marshal(r.json["agreed_text"])
	if err != nil || !strings.Contains(string(agreed), "after 30 days") || !strings.Contains(fmt.Sprint(r.json["text"]), "after 90 days") {
		t.Errorf("what she agreed to: %s", r.Body)
	}
}
