package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hajir/internal/config"
	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/oidc"
)

// elsewhere makes w take the tokens of an issuer that speaks for acme, as an
// operator would name it.
func (w *world) elsewhere(company string) *identitytest.Issuer {
	w.t.Helper()
	issuer := identitytest.NewIssuer(w.t)
	foreign, err := oidc.Parse([]byte(`{"issuers": [{
		"issuer": "` + issuer.URL + `", "client_ids": ["door"], ` + company + `
		"claims": {"username": "username", "role": "cognito:groups", "company": "custom:company"},
		"roles": {"staff": "employee", "office": "admin"}
	}]}`))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.trust(foreign); err != nil {
		w.t.Fatal(err)
	}
	w.handler = serverOf(w.app)
	return issuer
}

// foreign returns a token of issuer in Cognito's form.
func (w *world) foreign(issuer *identitytest.Issuer, username, company string, groups ...string) string {
	now := w.clock.Now()
	return issuer.Sign(map[string]any{
		"iss": issuer.URL, "client_id": "door", "token_use": "access", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"sub": "5f0c1b7e-8d4e-4c55-9d3a-1d8f2d3c4b5a", "username": username, "custom:company": company, "cognito:groups": groups,
	})
}

func TestForeignTokens(t *testing.T) {
	w := newWorld(t)
	own := w.company("acme")
	w.company("other")
	w.person("acme", "asha")
	w.person("other", "olga")
	issuer := w.elsewhere("")
	asha, jane := w.foreign(issuer, "asha", "acme", "staff"), w.foreign(issuer, "jane", "acme", "office")
	const path = "/companies/acme/employees/asha"
	for name, tt := range map[string]struct {
		method, path, token string
		status              int
		code                string
	}{
		"an employee's own record":       {"GET", path, asha, http.StatusOK, ""},
		"an employee's own days":         {"GET", path + "/days", asha, http.StatusOK, ""},
		"an employee in the admin's":     {"GET", "/companies/acme/board", asha, http.StatusForbidden, "forbidden"},
		"an admin":                       {"GET", "/companies/acme/board", jane, http.StatusOK, ""},
		"an admin in another company":    {"GET", "/companies/other/board", jane, http.StatusForbidden, "forbidden"},
		"another company's employee":     {"GET", path, w.foreign(issuer, "olga", "acme", "staff"), http.StatusForbidden, "forbidden"},
		"a company that is not here":     {"GET", "/me", w.foreign(issuer, "jane", "nowhere", "office"), http.StatusForbidden, "forbidden"},
		"a role that is not mapped":      {"GET", "/me", w.foreign(issuer, "jane", "acme", "admin"), http.StatusForbidden, "forbidden"},
		"a kiosk's role":                 {"GET", "/me", w.foreign(issuer, "jane", "acme", "kiosk"), http.StatusForbidden, "forbidden"},
		"a stranger":                     {"GET", "/me", w.foreign(issuer, "mallory", "acme", "staff"), http.StatusForbidden, "forbidden"},
		"the root account as a person":   {"GET", "/me", w.foreign(issuer, "acme", "acme", "staff"), http.StatusForbidden, "forbidden"},
		"an issuer that is not known":    {"GET", "/me", w.foreign(identitytest.NewIssuer(t), "jane", "acme", "office"), http.StatusUnauthorized, "unauthorized"},
		"a token of the built-in pool":   {"GET", "/companies/acme/board", own, http.StatusOK, ""},
		"own sessions":                   {"GET", "/me/sessions", asha, http.StatusForbidden, "forbidden"},
		"own two-factor":                 {"GET", "/me/two-factor", asha, http.StatusForbidden, "forbidden"},
		"ending a session by its id":     {"DELETE", "/me/sessions/x", asha, http.StatusForbidden, "forbidden"},
		"ending others":                  {"DELETE", "/me/sessions", asha, http.StatusForbidden, "forbidden"},
		"the admin's tools for a person": {"DELETE", path + "/sessions", jane, http.StatusNoContent, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			r := w.want(w.call(tt.method, tt.path, tt.token, nil), tt.status, tt.code)
			if challenge := r.Header().Get("WWW-Authenticate"); (challenge != "") != (tt.status == http.StatusUnauthorized) {
				t.Errorf("WWW-Authenticate: %q", challenge)
			}
		})
	}
	w.t = t
	for path, body := range map[string]map[string]any{
		"/me/two-factor":         {"password": password},
		"/me/two-factor/confirm": {"code": "123456"},
		"/me/two-factor/disable": {"password": password, "code": "123456"},
	} {
		w.want(w.call("POST", path, asha, body), http.StatusForbidden, "forbidden")
	}
	r := w.want(w.call("PUT", "/me/password", asha, map[string]any{"old_password": password, "new_password": "another horse battery"}), http.StatusForbidden, "forbidden")
	if !strings.Contains(r.Body.String(), "Your account lives elsewhere") || !strings.Contains(r.Body.String(), issuer.URL) {
		t.Errorf("changing the password: %s", r.Body)
	}
}

// Somebody elsewhere may go by the name of an account here, and is not it.
func TestForeignNamesakes(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.company("other")
	w.person("acme", "asha")
	issuer := w.elsewhere(`"company": "acme",`)
	me := w.want(w.call("GET", "/me", w.foreign(issuer, "other", "acme", "office"), nil), http.StatusOK, "")
	if me.json["username"] != "other" || me.json["company"] != "acme" || me.json["role"] != "admin" || me.json["company_name"] != "ACME" {
		t.Errorf("me: %s", me.Body)
	}
	w.want(w.call("GET", "/companies/other/board", w.foreign(issuer, "other", "acme", "office"), nil), http.StatusForbidden, "forbidden")
	w.want(w.call("GET", "/me", w.foreign(issuer, "other", "other", "office"), nil), http.StatusForbidden, "forbidden")
	me = w.want(w.call("GET", "/me", w.foreign(issuer, "asha", "acme", "staff"), nil), http.StatusOK, "")
	if me.json["name"] != "Asha" || me.json["role"] != "employee" {
		t.Errorf("me: %s", me.Body)
	}
}

// A good token is of no use to who was deactivated, from that moment on.
func TestForeignEmployeeIsDeactivated(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	issuer := w.elsewhere("")
	token := w.foreign(issuer, "asha", "acme", "staff")
	const path = "/companies/acme/employees/asha"
	active := func(yes bool) {
		w.want(w.call("PATCH", path, admin, map[string]any{"active": yes}), http.StatusOK, "")
	}
	w.want(w.call("GET", path, token, nil), http.StatusOK, "")
	active(false)
	w.want(w.call("GET", path, token, nil), http.StatusForbidden, "forbidden")
	active(true)
	w.want(w.call("GET", path, token, nil), http.StatusOK, "")
	w.clock.Advance(time.Hour + 31*time.Second)
	w.want(w.call("GET", path, token, nil), http.StatusUnauthorized, "unauthorized")
}

// An issuer that is down is down for its own people alone.
func TestIssuerIsDown(t *testing.T) {
	w := newWorld(t)
	own := w.company("acme")
	issuer := w.elsewhere("")
	issuer.Block(func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "no", http.StatusBadGateway) })
	token := w.foreign(issuer, "jane", "acme", "office")
	r := w.want(w.call("GET", "/me", token, nil), http.StatusServiceUnavailable, "unavailable")
	if r.Header().Get("Retry-After") != "30" || r.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("headers: %v", r.Header())
	}
	w.want(w.call("GET", "/me", own, nil), http.StatusOK, "")
	issuer.Block(nil)
	w.clock.Advance(30 * time.Second)
	w.want(w.call("GET", "/me", token, nil), http.StatusOK, "")
}

// What an operator may write, and what the program says to it.
func TestIssuersFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "issuers.json")
	for content, want := range map[string]string{
		"":                  "not a list of issuers",
		`{"issuers": [{}]}`: "no address",
		`{"issuers": [{"issuer": "https://hajir.example.com", "audience": "hajir", "company": "acme", "roles": {"a": "admin"}}]}`: "",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := serveCmd{config.Serve{Issuers: file}}
		all, err := issuers(cmd.Issuers)
		if want == "" && (err != nil || len(all) != 1) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", content, err, want)
		}
		if want != "" {
			continue
		}
		// The program's own issuer is not another one.
		if err := newWorld(t).trust(all); err == nil || !strings.Contains(err.Error(), "this Hajir itself") {
			t.Errorf("own issuer: %v", err)
		}
	}
	cmd := serveCmd{config.Serve{Issuers: filepath.Join(dir, "none")}}
	if _, err := issuers(cmd.Issuers); err == nil || !strings.Contains(err.Error(), "--issuers") {
		t.Errorf("a file that is not there: %v", err)
	}
}
