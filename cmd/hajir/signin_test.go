package main

import (
	"database/sql"
	"errors"
	"net/http"
	"path/filepath"
	"strconv"
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
