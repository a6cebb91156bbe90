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

	"github.com/pquerna/otp/totp"
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
	if n := count(); n != 5 { // three accounts, one client, and that they were no accounts
		t.Errorf("%d rows, want 5", n)
	}
	var plain int
	if err := w.rows("SELECT count(*) FROM Tries WHERE key LIKE '%mistake%' OR key LIKE '%192.0.2%'", &plain); err != nil || plain != 0 {
		t.Errorf("%d rows name what was typed: %v", plain, err)
	}
	w.clock.Advance(2 * time.Hour)
	w.want(w.signIn("c", "x", nil), http.StatusUnauthorized, "unauthorized")
	if n := count(); n != 3 {
		t.Errorf("%d rows after two hours, want 3", n)
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

// The whole way of a second factor, through the API.
func TestTwoFactor(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "asha", "name": "Asha", "password": password}), http.StatusCreated, "")
	token := w.browser("asha", "a")
	if r := w.want(w.call("GET", "/me/two-factor", token, nil), http.StatusOK, ""); r.json["enabled"] != false || r.json["since"] != nil {
		t.Errorf("before: %s", r.Body)
	}
	w.want(w.call("POST", "/me/two-factor", token, map[string]any{"password": "wrong horse battery"}), http.StatusUnprocessableEntity, "password_wrong")
	made := w.want(w.call("POST", "/me/two-factor", token, map[string]any{"password": password}), http.StatusCreated, "")
	secret := fmt.Sprint(made.json["secret"])
	code := func() string {
		c, err := totp.GenerateCode(secret, w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	confirm := func(code string) reply {
		return w.call("POST", "/me/two-factor/confirm", token, map[string]any{"code": code})
	}
	w.want(confirm("12345"), http.StatusUnprocessableEntity, "totp_wrong")
	done := w.want(confirm(code()), http.StatusOK, "")
	recovery, _ := done.json["recovery_codes"].([]any)
	if len(recovery) != 10 || made.Header().Get("Cache-Control") != "no-store" || done.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d recovery codes, headers %v", len(recovery), done.Header())
	}
	w.want(confirm(code()), http.StatusConflict, "conflict")

	with := func(code string) reply { return w.signIn("asha", password, map[string]any{"code": code}) }
	w.want(w.signIn("asha", password, nil), http.StatusUnauthorized, "totp_required")
	w.want(w.signIn("asha", "wrong horse battery", nil), http.StatusUnauthorized, "unauthorized")
	w.want(with(code()), http.StatusUnprocessableEntity, "totp_wrong") // it confirmed
	w.clock.Advance(30 * time.Second)
	w.want(with(code()), http.StatusCreated, "")
	w.want(with(code()), http.StatusUnprocessableEntity, "totp_wrong")
	w.want(with(fmt.Sprint(recovery[3])), http.StatusCreated, "")
	w.want(with(fmt.Sprint(recovery[3])), http.StatusUnprocessableEntity, "totp_wrong")
	if r := w.call("GET", "/me/two-factor", token, nil); r.json["enabled"] != true || r.json["recovery_codes"] != 9.0 {
		t.Errorf("after: %s", r.Body)
	}

	// Neither secret nor codes lie in the file to be read.
	for _, plain := range []string{secret, strings.ReplaceAll(fmt.Sprint(recovery[0]), "-", "")} {
		var n int
		query := "SELECT count(*) FROM Two_factor WHERE instr(lower(doc), lower('" + plain + "')) OR instr(lower(sealed), lower('" + plain + "'))"
		if err := w.rows(query, &n); err != nil || n != 0 {
			t.Errorf("%d rows show a secret: %v", n, err)
		}
	}

	w.clock.Advance(30 * time.Second)
	off := func(password, code string) reply {
		return w.call("POST", "/me/two-factor/disable", token, map[string]any{"password": password, "code": code})
	}
	w.want(off("wrong horse battery", code()), http.StatusUnprocessableEntity, "password_wrong")
	w.want(off(password, ""), http.StatusUnprocessableEntity, "totp_wrong")
	w.want(off(password, code()), http.StatusNoContent, "")
	w.want(w.signIn("asha", password, nil), http.StatusCreated, "")
}

// turnTwoFactorOn makes an account ask for a code.
func (w *world) turnTwoFactorOn(username string) {
	w.t.Helper()
	e, err := w.pool.EnrolTwoFactor(w.t.Context(), username, password)
	if err != nil {
		w.t.Fatal(err)
	}
	code, err := totp.GenerateCode(e.Secret, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.pool.ConfirmTwoFactor(w.t.Context(), username, code); err != nil {
		w.t.Fatal(err)
	}
}

// Who has lost everything is let in again by the admin, or by the operator.
func TestResetTwoFactor(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "asha", "name": "Asha", "password": password}), http.StatusCreated, "")
	w.turnTwoFactorOn("asha")
	w.want(w.signIn("asha", password, nil), http.StatusUnauthorized, "totp_required")
	w.want(w.call("DELETE", "/companies/other/employees/asha/two-factor", w.company("other"), nil), http.StatusNotFound, "not_found")
	w.want(w.signIn("asha", password, nil), http.StatusUnauthorized, "totp_required")
	w.want(w.call("DELETE", "/companies/acme/employees/asha/two-factor", admin, nil), http.StatusNoContent, "")
	w.want(w.signIn("asha", password, nil), http.StatusCreated, "")
}

// A secret that is moved to another account's row does not open there.
func TestSecondFactorsAreBoundToTheirAccount(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	if _, err := w.pool.EnrolTwoFactor(t.Context(), "acme", password); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.dir, "data", "hajir.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "UPDATE Two_factor SET Username = 'mallory' WHERE Username = 'acme'"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.db.SecondFactor(t.Context(), "mallory"); err == nil {
		t.Error("a moved secret was opened")
	}
}

// Mail addresses sign in, and follow what the admin says.
func TestSignInByMailAddress(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.signIn("Admin@Example.com", password, nil), http.StatusCreated, "")
	w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"email": "root@example.com"}), http.StatusOK, "")
	w.want(w.signIn("admin@example.com", password, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("root@example.com", password, nil), http.StatusCreated, "")

	const people = "/companies/acme/employees"
	w.want(w.call("POST", people, admin, map[string]any{"username": "asha", "name": "Asha", "email": "asha@example.com", "password": password}), http.StatusCreated, "")
	w.want(w.signIn("asha@example.com", password, nil), http.StatusCreated, "")
	w.want(w.call("PATCH", people+"/asha", admin, map[string]any{"department": "Sales"}), http.StatusOK, "")
	w.want(w.signIn("asha@example.com", password, nil), http.StatusCreated, "")
	w.want(w.call("PATCH", people+"/asha", admin, map[string]any{"email": "rai@example.com"}), http.StatusOK, "")
	w.want(w.signIn("asha@example.com", password, nil), http.StatusUnauthorized, "unauthorized")
	r := w.want(w.signIn("rai@example.com", password, nil), http.StatusCreated, "")
	w.want(w.call("GET", "/me", fmt.Sprint(r.json["access_token"]), nil), http.StatusOK, "")

	// Another company's admin who claims an address takes it from its owner, and
	// gets nothing for it.
	w.want(w.call("POST", "/companies/other/employees", w.company("other"), map[string]any{"username": "thief", "name": "Thief", "email": "rai@example.com", "password": "another horse battery"}), http.StatusCreated, "")
	w.want(w.signIn("rai@example.com", password, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("rai@example.com", "another horse battery", nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("asha", password, nil), http.StatusCreated, "")

	// Who was invited signs in by the address of the invitation.
	token := w.invite(admin, "bina")
	w.want(w.accept(token, chosen, "declined"), http.StatusCreated, "")
	w.want(w.signIn("BINA@example.com", chosen, nil), http.StatusCreated, "")
	w.want(w.call("PATCH", people+"/bina", admin, map[string]any{"active": false}), http.StatusOK, "")
	w.want(w.signIn("bina@example.com", chosen, nil), http.StatusUnauthorized, "unauthorized")
}

// Whichever way a password is set, the commonest are refused.
func TestCommonPasswordsAreRefusedEverywhere(t *testing.T) {
	w := newWorld(t)
	link, err := w.app.company.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, setup, _ := strings.Cut(link, "#token=")
	setUp := func(secret string) reply {
		return w.call("POST", "/companies", "", map[string]any{
			"setup_token": setup, "username": "acme", "name": "Acme", "email": "a@example.com", "time_zone": "UTC", "password": secret,
		})
	}
	commons := []string{"basketball", "Password123", "qwertyuiop", "1234567890", "PASSWORD1234"}
	for _, common := range commons {
		w.want(setUp(common), http.StatusUnprocessableEntity, "weak_password")
	}
	w.want(setUp(password), http.StatusCreated, "")
	admin := w.token("acme")
	const people = "/companies/acme/employees"
	w.addAsha(admin)
	invited, forgotten := w.invite(admin, "bina"), w.newLink()
	own := w.token("asha")
	for _, common := range append(commons, "short", "\u0928\u092e\u0938\u094d\u0924\u0947", strings.Repeat("\u0928", 12)) {
		for way, r := range map[string]reply{
			"add":    w.call("POST", people, admin, map[string]any{"username": "chet", "name": "Chet", "password": common}),
			"admin":  w.call("PATCH", people+"/asha", admin, map[string]any{"password": common}),
			"change": w.call("PUT", "/me/password", own, map[string]any{"old_password": password, "new_password": common}),
			"join":   w.accept(invited, common, "given"),
			"reset":  w.complete(forgotten, common),
		} {
			if r.code() != "weak_password" {
				t.Errorf("%s: %q: %d %s", way, common, r.Code, r.Body)
			}
		}
	}
	w.want(w.signIn("asha", password, nil), http.StatusCreated, "")
}
