package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

func (w *world) pages() fstest.MapFS {
	return fstest.MapFS{"index.html": {Data: []byte("<title>Hajir</title>")}}
}

func (w *world) pin(username, pin string) {
	w.t.Helper()
	w.want(w.call("PUT", "/companies/acme/employees/"+username+"/pin", w.token("acme"), map[string]any{"pin": pin}), http.StatusOK, "")
}

func (w *world) byPIN(token, who, pin string, headers ...string) reply {
	w.t.Helper()
	return w.call("POST", "/companies/acme/punches/pin", token, map[string]any{"who": who, "pin": pin}, headers...)
}

func TestPunchByPIN(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", w.token("acme"), map[string]any{"code": " E-7 "}), http.StatusOK, "")
	w.pin("asha", "2580")
	device, _ := w.kiosk("acme")
	kiosk := func() string { return w.token(device.Username) } // access tokens last 15 minutes

	in := w.want(w.byPIN(kiosk(), "asha", "2580"), http.StatusCreated, "")
	if in.json["direction"] != "entry" || in.json["name"] != "Asha" || in.json["recorded"] != true || in.json["score"] != nil {
		t.Errorf("the entry: %s", in.Body)
	}
	// The repeat window is one for faces and PINs.
	w.clock.Advance(time.Minute)
	if again := w.want(w.byPIN(kiosk(), " ASHA ", "2580"), http.StatusOK, ""); again.json["repeated"] != true || again.json["at"] != in.json["at"] {
		t.Errorf("again: %s", again.Body)
	}
	if again := w.want(w.checkIn(kiosk(), "face:asha"), http.StatusOK, ""); again.json["repeated"] != true {
		t.Errorf("again, by face: %s", again.Body)
	}
	w.clock.Advance(8 * time.Hour)
	dry := w.want(w.call("POST", "/companies/acme/punches/pin?dry_run=true", kiosk(), map[string]any{"who": "e-7", "pin": "2580"}), http.StatusOK, "")
	if dry.json["recorded"] != false || dry.json["direction"] != "exit" {
		t.Errorf("dry run: %s", dry.Body)
	}
	out := w.want(w.byPIN(kiosk(), "e-7", "2580", "Idempotency-Key", "k1"), http.StatusCreated, "")
	w.clock.Advance(time.Hour)
	if again := w.want(w.byPIN(kiosk(), "E-7", "2580", "Idempotency-Key", "k1"), http.StatusOK, ""); again.json["at"] != out.json["at"] {
		t.Errorf("the same key: %s", again.Body)
	}

	month := w.want(w.call("GET", "/companies/acme/employees/asha/days?month=2026-03", w.token("acme"), nil), http.StatusOK, "")
	if s := month.Body.String(); strings.Count(s, `"source":"pin"`) != 2 || !strings.Contains(s, `"place":"Front door"`) || strings.Contains(s, "picture_url") {
		t.Errorf("the month: %s", s)
	}
	day, err := w.db.Day(t.Context(), "asha", "2026-03-02")
	if err != nil || len(day.Punches) != 2 {
		t.Fatalf("%+v, %v", day, err)
	}
	for _, p := range day.Punches {
		if p.Decision.Username != "" || p.Decision.Model != "" || p.Picture != "" {
			t.Errorf("a punch by PIN has a face decision: %+v", p)
		}
	}
}

func TestPINsAreSetByTheAdmin(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.company("other")
	w.person("acme", "asha")
	w.person("other", "olga")
	const path = "/companies/acme/employees/asha/pin"
	if r := w.want(w.call("GET", path, admin, nil), http.StatusOK, ""); r.json["set"] != false {
		t.Errorf("before: %s", r.Body)
	}
	for _, weak := range []string{"", "123", "1234", "0000", "4321", "1212", "123456789", "12a4"} {
		r := w.want(w.call("PUT", path, admin, map[string]any{"pin": weak}), http.StatusUnprocessableEntity, "pin_weak")
		if weak != "" && strings.Contains(r.Body.String(), weak) {
			t.Errorf("the refusal repeats the PIN: %s", r.Body)
		}
	}
	w.pin("asha", "2580")
	r := w.want(w.call("GET", path, admin, nil), http.StatusOK, "")
	if r.json["set"] != true || r.json["set_at"] != "2026-03-02T03:15:00Z" || strings.Contains(r.Body.String(), "2580") || strings.Contains(r.Body.String(), "argon2") {
		t.Errorf("after: %s", r.Body)
	}
	w.want(w.byPIN(admin, "asha", "2580"), http.StatusCreated, "")
	w.pin("asha", "1357")
	w.want(w.byPIN(admin, "asha", "2580"), http.StatusUnprocessableEntity, "pin_wrong")
	w.want(w.byPIN(admin, "asha", "1357"), http.StatusOK, "")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"active": false}), http.StatusOK, "")
	w.want(w.byPIN(admin, "asha", "1357"), http.StatusUnprocessableEntity, "pin_wrong")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"active": true}), http.StatusOK, "")
	w.want(w.byPIN(admin, "asha", "1357"), http.StatusOK, "")
	w.want(w.call("DELETE", path, admin, nil), http.StatusNoContent, "")
	w.want(w.byPIN(admin, "asha", "1357"), http.StatusUnprocessableEntity, "pin_wrong")
	w.want(w.call("PUT", "/companies/acme/employees/olga/pin", admin, map[string]any{"pin": "2580"}), http.StatusNotFound, "not_found")

	// Nor does another company's PIN open anything here.
	w.want(w.call("PUT", "/companies/other/employees/olga/pin", w.token("other"), map[string]any{"pin": "2580"}), http.StatusOK, "")
	w.want(w.byPIN(admin, "olga", "2580"), http.StatusUnprocessableEntity, "pin_wrong")
	w.want(w.byPIN(admin, "asha", "12"), http.StatusUnprocessableEntity, "invalid")
}

// Neither the PIN nor its hash lies in the database in clear.
func TestPINsAreSealed(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.pin("asha", "86420975")
	stored, err := w.db.PIN(t.Context(), "asha")
	if err != nil || !strings.HasPrefix(stored.Hash, "$argon2id$") {
		t.Fatalf("%+v, %v", stored, err)
	}
	files, _ := filepath.Glob(filepath.Join(w.dir, "data", "hajir.db*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("86420975")) || bytes.Contains(b, []byte(stored.Hash)) {
			t.Errorf("%s holds the PIN or its hash", f)
		}
	}
}

func TestGuessedPINsAreSlowed(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	w.pin("asha", "2580")
	w.pin("bina", "1357")
	device1, _ := w.kiosk("acme")
	device2, _ := w.kiosk("acme")
	first, second := func() string { return w.token(device1.Username) }, func() string { return w.token(device2.Username) }

	for range hajir.SlowPerson.Free + 1 {
		w.want(w.byPIN(first(), "asha", "9753"), http.StatusUnprocessableEntity, "pin_wrong")
	}
	wait := hajir.SlowPerson.First
	for range 12 {
		// The right PIN waits too, at every kiosk, and nobody else does.
		r := w.want(w.byPIN(second(), "asha", "2580"), http.StatusTooManyRequests, "rate_limited")
		if got := r.Header().Get("Retry-After"); got != strconv.Itoa(int(wait.Seconds())) {
			t.Fatalf("Retry-After %s, want %s", got, wait)
		}
		w.clock.Advance(wait - time.Second)
		w.want(w.byPIN(second(), "asha", "2580"), http.StatusTooManyRequests, "rate_limited")
		w.clock.Advance(time.Second)
		w.want(w.byPIN(first(), "asha", "9753"), http.StatusUnprocessableEntity, "pin_wrong")
		if wait *= 2; wait >= hajir.SlowPerson.Max {
			break
		}
	}
	w.want(w.byPIN(second(), "bina", "1357"), http.StatusCreated, "")
	w.clock.Advance(hajir.SlowPerson.Max) // never for good
	w.want(w.byPIN(second(), "asha", "2580"), http.StatusCreated, "")
	w.want(w.byPIN(second(), "asha", "9753"), http.StatusUnprocessableEntity, "pin_wrong")
	w.want(w.byPIN(second(), "asha", "2580"), http.StatusOK, "") // success has forgotten the failures

	// A new PIN is a new start.
	for range hajir.SlowPerson.Free + 1 {
		w.want(w.byPIN(first(), "asha", "9753"), http.StatusUnprocessableEntity, "pin_wrong")
	}
	w.want(w.byPIN(first(), "asha", "2580"), http.StatusTooManyRequests, "rate_limited")
	w.pin("asha", "8642")
	w.want(w.byPIN(second(), "asha", "8642"), http.StatusOK, "")
}

// One PIN tried with every name slows the kiosk, and knowing one's own PIN does
// not help.
func TestSprayingSlowsTheKiosk(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.pin("asha", "2580")
	_, tokens := w.kiosk("acme")
	_, second := w.kiosk("acme")
	for i := range hajir.SlowKiosk.Free + 1 {
		w.want(w.byPIN(tokens.Access, fmt.Sprintf("name%d", i), "1357"), http.StatusUnprocessableEntity, "pin_wrong")
		if i < hajir.SlowKiosk.Free {
			w.want(w.byPIN(tokens.Access, "asha", "2580"), map[bool]int{true: http.StatusCreated, false: http.StatusOK}[i == 0], "")
		}
	}
	r := w.want(w.byPIN(tokens.Access, "asha", "2580"), http.StatusTooManyRequests, "rate_limited")
	if r.Header().Get("Retry-After") != "5" {
		t.Errorf("Retry-After: %q", r.Header().Get("Retry-After"))
	}
	w.want(w.byPIN(second.Access, "asha", "2580"), http.StatusOK, "")
	w.clock.Advance(5 * time.Second)
	w.want(w.byPIN(tokens.Access, "asha", "2580"), http.StatusOK, "")
	w.want(w.byPIN(tokens.Access, "asha", "2580"), http.StatusOK, "") // and that did not slow it again
}

// A hundred guesses at once are no more than a few in a row.
func TestConcurrentGuesses(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.pin("asha", "2580")
	var wrong, slowed atomic.Int32
	var wg sync.WaitGroup
	token := w.token("acme")
	for i := range 100 {
		wg.Go(func() {
			switch r := w.byPIN(token, "asha", fmt.Sprintf("%04d", 7000+i*7)); r.code() {
			case "pin_wrong":
				wrong.Add(1)
			case "rate_limited", "unavailable":
				slowed.Add(1)
			default:
				t.Errorf("%d: %s", r.Code, r.Body)
			}
		})
	}
	wg.Wait()
	if n := wrong.Load(); n == 0 || int(n) > hajir.SlowPerson.Free+1 {
		t.Errorf("%d of 100 concurrent guesses were looked at (%d were slowed)", n, slowed.Load())
	}
}

// counting counts how often a secret is compared, which is where the time goes.
type counting struct {
	identity.Hasher
	compared int
}

func (c *counting) Matches(ctx context.Context, hash, secret string) (bool, error) {
	c.compared++
	return c.Hasher.Matches(ctx, hash, secret)
}

// Whether there is a person, and whether they have a PIN, shows neither in the
// answer, nor in the work, nor in the slowing.
func TestPINsTellNobodyWhoIsThere(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	w.pin("asha", "2580")
	count := &counting{Hasher: w.pool}
	w.attendance.Secrets = count
	answers := map[string]string{}
	for _, who := range []string{"asha", "bina", "nobody", "acme"} {
		_, device := w.kiosk("acme") // each with a count of its own
		var told strings.Builder
		count.compared = 0
		for range hajir.SlowPerson.Free + 2 {
			r := w.byPIN(device.Access, who, "1357")
			fmt.Fprintln(&told, r.Code, r.Body, r.Header().Get("Retry-After"))
		}
		fmt.Fprintln(&told, count.compared, "compared")
		answers[who] = told.String()
	}
	for who, told := range answers {
		if told != answers["asha"] {
			t.Errorf("%s: %s\nasha: %s", who, told, answers["asha"])
		}
	}
	hash, err := w.pool.Hash(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	for secret, hash := range map[string]string{"x": hash, "an account that does not exist": ""} {
		if got, err := w.pool.Matches(t.Context(), hash, secret); got != (hash != "") || err != nil {
			t.Errorf("Matches(%q, %q) = %t, %v", hash, secret, got, err)
		}
	}
}

func TestEmployeeCodesAreOnePersons(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.company("other")
	const path = "/companies/acme/employees"
	add := func(username, code string) reply {
		return w.call("POST", path, admin, map[string]any{"username": username, "name": username, "code": code})
	}
	w.want(add("asha", "E-7"), http.StatusCreated, "")
	r := w.want(add("bina", " e-7 "), http.StatusConflict, "conflict")
	if !strings.Contains(r.Body.String(), "asha") {
		t.Errorf("the refusal does not say whose code it is: %s", r.Body)
	}
	w.want(add("bina", ""), http.StatusCreated, "") // and the refused one left no account
	w.want(add("chet", ""), http.StatusCreated, "")
	w.want(w.call("PATCH", path+"/bina", admin, map[string]any{"code": "E-7"}), http.StatusConflict, "conflict")
	w.want(w.call("PATCH", path+"/asha", admin, map[string]any{"code": "e-7", "name": "Asha"}), http.StatusOK, "")
	w.want(w.call("PATCH", path+"/bina", admin, map[string]any{"code": "E-8"}), http.StatusOK, "")
	w.want(w.call("POST", "/companies/other/employees", w.token("other"), map[string]any{"username": "olga", "name": "Olga", "code": "E-7"}), http.StatusCreated, "")

	// A code that is somebody else's username stands for the username.
	w.pin("asha", "2580")
	w.pin("bina", "1357")
	w.want(w.call("PATCH", path+"/bina", admin, map[string]any{"code": "asha"}), http.StatusOK, "")
	if in := w.want(w.byPIN(admin, "asha", "2580"), http.StatusCreated, ""); in.json["username"] != "asha" {
		t.Errorf("asha is %s", in.Body)
	}
}
