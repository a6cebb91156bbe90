package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// signIn signs in from a browser; more is what the body holds beside the
// password.
func (w *world) signIn(username, secret string, more map[string]any, headers ...string) reply {
	w.t.Helper()
	body := map[string]any{"username": username, "password": secret}
	for k, v := range more {
		body[k] = v
	}
	return w.call("POST", "/sessions", "", body, headers...)
}

func TestSignInSlowsDown(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	for _, username := range []string{"acme", "nobody"} {
		for range 6 {
			w.want(w.signIn(username, "wrong horse battery", nil), http.StatusUnauthorized, "unauthorized")
		}
		r := w.want(w.signIn(username, password, nil), http.StatusTooManyRequests, "rate_limited")
		if r.Header().Get("Retry-After") != "2" || r.json["retry_after"] != 2.0 {
			t.Errorf("%s: Retry-After %q, body %s", username, r.Header().Get("Retry-After"), r.Body)
		}
	}
	w.want(w.call("GET", "/me", token, nil), http.StatusOK, "") // who is signed in notices nothing
	w.clock.Advance(time.Second)
	r := w.want(w.signIn("acme", password, nil), http.StatusTooManyRequests, "rate_limited")
	if seconds, err := strconv.Atoi(r.Header().Get("Retry-After")); err != nil || seconds != 1 {
		t.Errorf("Retry-After %d, %v", seconds, err)
	}
	w.clock.Advance(time.Second)
	w.want(w.signIn("acme", password, nil), http.StatusCreated, "")
}

// The accounts that strangers try are counted by a hash, and not for ever.
func TestTriesAreForgotten(t *testing.T) {
	w := newWorld(t)
	for _, typed := range []string{"my password by mistake", "a", "b"} {
		w.want(w.signIn(typed, "x", nil), http.StatusUnauthorized, "unauthorized")
	}
	count := func() (n int) {
		if err := w.rows("SELECT count(*) FROM Tries", &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 4 { // three accounts and one client
		t.Errorf("%d rows, want 4", n)
	}
	var plain int
	if err := w.rows("SELECT count(*) FROM Tries WHERE key LIKE '%mistake%' OR key LIKE '%192.0.2%'", &plain); err != nil || plain != 0 {
		t.Errorf("%d rows name what was typed: %v", plain, err)
	}
	w.clock.Advance(2 * time.Hour)
	w.want(w.signIn("c", "x", nil), http.StatusUnauthorized, "unauthorized")
	if n := count(); n != 2 {
		t.Errorf("%d rows after two hours, want 2", n)
	}
}

// rows reads one value that no operation shows from the records themselves.
func (w *world) rows(query string, into any) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.dir, "data", "hajir.db")+"?mode=ro")
	if err != nil {
		return err
	}
	return errors.Join(db.QueryRowContext(w.t.Context(), query).Scan(into), db.Close())
}

// browser signs in and returns the access token.
func (w *world) browser(username, agent string) string {
	w.t.Helper()
	r := w.want(w.signIn(username, password, nil, "User-Agent", agent), http.StatusCreated, "")
	return fmt.Sprint(r.json["access_token"])
}

func (w *world) sessions(token string) []map[string]any {
	w.t.Helper()
	var all []map[string]any
	for _, s := range w.want(w.call("GET", "/me/sessions", token, nil), http.StatusOK, "").json["sessions"].([]any) {
		all = append(all, s.(map[string]any))
	}
	return all
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "asha", "name": "Asha", "password": password}), http.StatusCreated, "")
	phone := w.browser("asha", "Mozilla/5.0 (iPhone; like Mac OS X) Safari/604.1")
	w.clock.Advance(time.Minute)
	office := w.browser("asha", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
	all := w.sessions(office)
	if len(all) != 2 || all[0]["current"] != true || all[0]["device"] != "Firefox on Windows" || all[0]["address"] != "192.0.2.1" ||
		all[1]["current"] != false || all[1]["device"] != "Safari on iPhone" || all[1]["used_at"] != "2026-03-02T03:15:00Z" {
		t.Fatalf("sessions: %v", all)
	}
	for _, secret := range []string{"current\":\"", "previous", "refresh"} {
		if strings.Contains(fmt.Sprint(all), secret) {
			t.Errorf("sessions show %q", secret)
		}
	}
	path := "/me/sessions/" + fmt.Sprint(all[1]["id"])
	w.want(w.call("DELETE", path, admin, nil), http.StatusNotFound, "not_found") // another's
	w.want(w.call("DELETE", path, office, nil), http.StatusNoContent, "")
	w.want(w.call("GET", "/me", phone, nil), http.StatusUnauthorized, "unauthorized")

	phone = w.browser("asha", "curl/8")
	w.want(w.call("DELETE", "/me/sessions", office, nil), http.StatusNoContent, "")
	w.want(w.call("GET", "/me", phone, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.call("DELETE", "/companies/acme/employees/asha/sessions", admin, nil), http.StatusNoContent, "")
	w.want(w.call("GET", "/me", office, nil), http.StatusUnauthorized, "unauthorized")

	// Neither a kiosk nor the admin is one of the employees.
	kiosk, _ := w.kiosk("acme")
	other := w.company("other")
	for _, tt := range [][2]string{{admin, kiosk.Username}, {admin, "acme"}, {admin, "nobody"}} {
		w.want(w.call("DELETE", "/companies/acme/employees/"+tt[1]+"/sessions", tt[0], nil), http.StatusNotFound, "not_found")
	}
	w.want(w.call("DELETE", "/companies/other/employees/asha/sessions", other, nil), http.StatusNotFound, "not_found")
}

func TestChangeOwnPassword(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	here, there := w.browser("acme", "a"), w.browser("acme", "b")
	change := func(old, fresh string) reply {
		return w.call("PUT", "/me/password", here, map[string]any{"old_password": old, "new_password": fresh})
	}
	w.want(change("wrong horse battery", "another horse battery"), http.StatusUnprocessableEntity, "password_wrong")
	w.want(change(password, "short"), http.StatusUnprocessableEntity, "weak_password")
	w.want(change(password, "another horse battery"), http.StatusNoContent, "")
	w.want(w.call("GET", "/me", here, nil), http.StatusOK, "")
	w.want(w.call("GET", "/me", there, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("acme", password, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("acme", "another horse battery", nil), http.StatusCreated, "")
}
