package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/roster"
)

// Several programs that begin at once on an empty directory make its keys and
// tables once, and all of them can read it.
func TestParallelFirstRuns(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			a, err := openWith(t.Context(), config.Config{Data: dir, LogLevel: "error"}, siteForTest, time.Now,
				func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(time.Now), nil })
			if err != nil {
				t.Error(err)
				return
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	left, _ := filepath.Glob(filepath.Join(dir, "keys", ".new-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A data directory without its keys is not given new ones.
func TestMissingKeysStopTheProgram(t *testing.T) {
	fake := func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(time.Now), nil }
	for _, lost := range []string{"master.key", "keys"} {
		dir := t.TempDir()
		if err := openTest(t, dir, time.Now, fake).db.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(dir, "data", lost)); err != nil {
			t.Fatal(err)
		}
		_, err := openWith(t.Context(), config.Config{Data: filepath.Join(dir, "data"), LogLevel: "error"}, siteForTest, time.Now, fake)
		if err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("without %s: %v", lost, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "data", lost)); lost == "master.key" && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s was made anew", lost)
		}
	}
}

// hangsUp is a store whose client has gone once the day is saved.
type hangsUp struct {
	roster.Store
	cancel context.CancelFunc
}

func (h hangsUp) SaveDay(ctx context.Context, d hajir.Day) error {
	h.cancel()
	return errors.Join(h.Store.SaveDay(ctx, d), ctx.Err())
}

// A client that hangs up while its punch is saved leaves a whole punch: with
// its picture, and told to the board.
func TestClientHangsUpDuringThePunch(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	told, cancel := w.hub.Subscribe("acme")
	defer cancel()
	ctx, hangUp := context.WithCancel(t.Context())
	w.attendance.Book.Store = hangsUp{w.db, hangUp}
	r, err := w.attendance.CheckIn(ctx, attendanceAttempt("face:asha"))
	if err != nil || !r.Results[0].Recorded {
		t.Fatalf("CheckIn = %+v, %v", r, err)
	}
	day, err := w.db.Day(t.Context(), "asha", "2026-03-02")
	if err != nil || len(day.Punches) != 1 {
		t.Fatalf("%d punches, %v", len(day.Punches), err)
	}
	if _, err := w.bucket.Get(t.Context(), day.Punches[0].Picture); err != nil {
		t.Errorf("its picture: %v", err)
	}
	select {
	case who := <-told:
		if who != "asha" {
			t.Errorf("the board was told of %s", who)
		}
	default:
		t.Error("the board was not told")
	}
}

// A stale change changes nothing: neither the record nor the account.
func TestStaleChangeDoesNothing(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	const path = "/companies/acme/employees"
	w.want(w.call("POST", path, token, map[string]any{"username": "asha", "name": "Asha", "password": password}), http.StatusCreated, "")
	w.want(w.call("PATCH", path+"/asha", token, map[string]any{"department": "Sales"}), http.StatusOK, "")
	w.want(w.call("PATCH", path+"/asha", token, map[string]any{"active": false, "password": "another long one", "version": 1}), http.StatusConflict, "conflict")
	w.want(w.call("POST", "/sessions", "", map[string]any{"username": "asha", "password": password}), http.StatusCreated, "")
	w.want(w.call("PATCH", path+"/asha", token, map[string]any{"name": "Asha Rai", "password": "short"}), http.StatusUnprocessableEntity, "weak_password")
	if e := w.call("GET", path+"/asha", token, nil); e.json["name"] != "Asha" {
		t.Errorf("half of a refused change was saved: %s", e.Body)
	}
}

// Changes that do not name a version all get through.
func TestConcurrentChanges(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if r := w.call("PATCH", "/companies/acme/employees/asha", token, map[string]any{"department": "Sales"}); r.Code != http.StatusOK {
				t.Errorf("%d: %s", r.Code, r.Body)
			}
		})
	}
	wg.Wait()
}

// A new name shows where people are greeted and where they are signed in.
func TestRenaming(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", token, map[string]any{"name": "Asha Rai"}), http.StatusOK, "")
	if me := w.call("GET", "/me", w.token("asha"), nil); me.json["name"] != "Asha Rai" {
		t.Errorf("me: %s", me.Body)
	}
	w.want(w.call("PATCH", "/companies/acme", token, map[string]any{"name": "Acme Two"}), http.StatusOK, "")
	if me := w.call("GET", "/me", token, nil); me.json["name"] != "Acme Two" || me.json["company_name"] != "Acme Two" {
		t.Errorf("me: %s", me.Body)
	}
}

// An account whose employee was never saved does not block its username; a
// stranger's does.
func TestOrphanAccounts(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.company("other")
	for username, company := range map[string]string{"asha": "acme", "olga": "other"} {
		u := identity.User{Username: username, Name: "X", Company: company, Role: hajir.RoleEmployee}
		if err := w.pool.Create(t.Context(), u, ""); err != nil {
			t.Fatal(err)
		}
	}
	const path = "/companies/acme/employees"
	w.want(w.call("POST", path, token, map[string]any{"username": "asha", "name": "Asha"}), http.StatusCreated, "")
	w.want(w.call("POST", path, token, map[string]any{"username": "olga", "name": "Olga"}), http.StatusConflict, "conflict")
}

// People who were hired later are not absent on earlier days.
func TestBoardOfAnEarlierDay(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	board := w.call("GET", "/companies/acme/board?date=2026-03-01", token, nil)
	if !strings.Contains(board.Body.String(), `"counts":{"total":0,`) {
		t.Errorf("the board of the day before: %s", board.Body)
	}
}

// After an example company was removed by another process, whoever asks makes
// the program print a new link.
func TestSetupLinkIsAnnouncedWhenItIsNeeded(t *testing.T) {
	w := newWorld(t)
	var announced []string
	w.app.company.Announce = func(_ context.Context, link string) { announced = append(announced, link) }
	w.company("acme")
	w.call("GET", "/setup", "", nil)
	if len(announced) != 0 {
		t.Errorf("announced while a company exists: %v", announced)
	}
	if err := w.db.DeleteCompany(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r := w.call("GET", "/setup", "", nil); r.json["needed"] != true || strings.Contains(r.Body.String(), "token") {
			t.Errorf("set-up: %s", r.Body)
		}
	}
	if len(announced) != 1 || !strings.Contains(announced[0], "/setup#token=") {
		t.Errorf("announced: %v", announced)
	}
}
