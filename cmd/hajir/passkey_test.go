package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hajir/internal/identity"
	"hajir/internal/identity/identitytest"
)

// asked reads the options and the state of an answer.
func (w *world) asked(r reply) identity.Ceremony {
	w.t.Helper()
	options, err := json.Marshal(r.json["options"])
	if err != nil {
		w.t.Fatal(err)
	}
	return identity.Ceremony{Options: options, State: fmt.Sprint(r.json["state"])}
}

// addPasskey gives the owner of a token a passkey on a new device.
func (w *world) addPasskey(token, name string) *identitytest.Device {
	w.t.Helper()
	asked := w.asked(w.want(w.call("POST", "/me/passkeys/challenge", token, map[string]any{"password": password}), http.StatusOK, ""))
	d := identitytest.NewDevice("https://hajir.example.com")
	answer := d.Create(w.t, asked)
	w.want(w.call("POST", "/me/passkeys", token, map[string]any{"name": name, "state": answer.State, "credential": answer.Credential}), http.StatusCreated, "")
	return d
}

func (w *world) signInWithPasskey(d *identitytest.Device, more map[string]any) reply {
	w.t.Helper()
	answer := d.Sign(w.t, w.asked(w.want(w.call("POST", "/sessions/passkey/challenge", "", nil), http.StatusOK, "")))
	body := map[string]any{"state": answer.State, "credential": answer.Credential}
	for k, v := range more {
		body[k] = v
	}
	return w.call("POST", "/sessions/passkey", "", body)
}

// The whole way of a passkey, through the API.
func TestPasskeys(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "asha", "name": "Asha", "password": password}), http.StatusCreated, "")
	token := w.browser("asha", "a")
	if r := w.want(w.call("GET", "/me/passkeys", token, nil), http.StatusOK, ""); fmt.Sprint(r.json) != "map[origin:https://hajir.example.com passkeys:[]]" {
		t.Errorf("before: %s", r.Body)
	}
	w.want(w.call("POST", "/me/passkeys/challenge", token, map[string]any{"password": "wrong horse battery"}), http.StatusUnprocessableEntity, "password_wrong")
	d := w.addPasskey(token, "Phone")
	r := w.want(w.signInWithPasskey(d, map[string]any{"cookie": true}), http.StatusCreated, "")
	me, _ := r.json["user"].(map[string]any)
	if me["username"] != "asha" || r.json["refresh_token"] != nil || !strings.Contains(r.Header().Get("Set-Cookie"), "HttpOnly; Secure; SameSite=Strict") {
		t.Errorf("signed in: %s, %s", r.Body, r.Header().Get("Set-Cookie"))
	}
	list := w.want(w.call("GET", "/me/passkeys", token, nil), http.StatusOK, "")
	all, _ := list.json["passkeys"].([]any)
	first, _ := all[0].(map[string]any)
	if len(all) != 1 || first["name"] != "Phone" || first["used_at"] != "2026-03-02T03:15:00Z" || strings.Contains(list.Body.String(), "key\"") {
		t.Errorf("passkeys: %s", list.Body)
	}
	path := "/me/passkeys/" + fmt.Sprint(first["id"])
	w.want(w.call("PATCH", path, admin, map[string]any{"name": "Mine"}), http.StatusNotFound, "not_found")
	w.want(w.call("DELETE", path, admin, nil), http.StatusNotFound, "not_found")
	w.want(w.call("PATCH", path, token, map[string]any{"name": "a\nb"}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("PATCH", path, token, map[string]any{"name": "Work phone"}), http.StatusNoContent, "")

	// A new password leaves it; a closed account does not.
	w.want(w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"password": "another horse battery"}), http.StatusOK, "")
	w.want(w.signInWithPasskey(d, nil), http.StatusCreated, "")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"active": false}), http.StatusOK, "")
	w.want(w.signInWithPasskey(d, nil), http.StatusUnprocessableEntity, "passkey_refused")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"active": true}), http.StatusOK, "")

	// An admin helps who has lost it, and only one's own people.
	other := w.company("other")
	w.want(w.call("DELETE", "/companies/other/employees/asha/passkeys", other, nil), http.StatusNotFound, "not_found")
	w.want(w.call("DELETE", "/companies/acme/employees/acme/passkeys", admin, nil), http.StatusNotFound, "not_found")
	w.want(w.signInWithPasskey(d, nil), http.StatusCreated, "")
	w.want(w.call("DELETE", "/companies/acme/employees/asha/passkeys", admin, nil), http.StatusNoContent, "")
	w.want(w.signInWithPasskey(d, nil), http.StatusUnprocessableEntity, "passkey_refused")
}

// What is sent in place of a passkey is refused and nothing worse.
func TestPasskeyNonsense(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	for what, credential := range map[string]any{
		"nothing": nil, "a text": "x", "a number": 7, "a list": []any{}, "an empty one": map[string]any{},
		"a deep one": map[string]any{"response": map[string]any{"clientDataJSON": "AA", "authenticatorData": "AA", "attestationObject": "oA", "signature": ""}, "id": "AA", "rawId": "AA", "type": "public-key"},
	} {
		asked := w.asked(w.want(w.call("POST", "/sessions/passkey/challenge", "", nil), http.StatusOK, ""))
		r := w.call("POST", "/sessions/passkey", "", map[string]any{"state": asked.State, "credential": credential})
		if r.Code != http.StatusUnprocessableEntity {
			t.Errorf("signing in with %s: %d %s", what, r.Code, r.Body)
		}
		asked = w.asked(w.want(w.call("POST", "/me/passkeys/challenge", token, map[string]any{"password": password}), http.StatusOK, ""))
		r = w.call("POST", "/me/passkeys", token, map[string]any{"name": "x", "state": asked.State, "credential": credential})
		if r.Code != http.StatusUnprocessableEntity {
			t.Errorf("adding %s: %d %s", what, r.Code, r.Body)
		}
	}
	w.want(w.call("POST", "/sessions/passkey", "", map[string]any{"state": "x", "credential": strings.Repeat("x", 70<<10)}), http.StatusRequestEntityTooLarge, "too_large")
}

// Answers are cleared away when they can no longer come again.
func TestChallengesAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	d := w.addPasskey(w.browser("acme", "a"), "Phone")
	w.want(w.signInWithPasskey(d, nil), http.StatusCreated, "")
	count := func() (n int) {
		if err := w.rows("SELECT count(*) FROM Used_challenges", &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 2 {
		t.Errorf("%d challenges, want 2", n)
	}
	w.clock.Advance(time.Hour)
	if err := w.sweep(t.Context(), w.clock.Now()); err != nil || count() != 0 {
		t.Errorf("%d challenges stay: %v", count(), err)
	}
	w.want(w.signInWithPasskey(d, nil), http.StatusCreated, "")
}
