package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

// countObjects counts the pictures that are kept.
func (w *world) countObjects() int {
	w.t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(w.dir, "data", "objects"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) setupToken() string {
	w.t.Helper()
	link, err := w.app.company.SetupURL(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "#token=")
	return token
}

func setupBody(token string) map[string]any {
	return map[string]any{
		"setup_token": token, "username": "acme", "name": "Acme", "email": "admin@example.com",
		"time_zone": "Asia/Kathmandu", "password": password,
	}
}

func TestFirstRun(t *testing.T) {
	w := newWorld(t)
	if r := w.call("GET", "/setup", "", nil); r.json["needed"] != true {
		t.Errorf("set-up is not needed: %s", r.Body)
	}
	token := w.setupToken()
	if again := w.setupToken(); again != token || len(token) < 26 {
		t.Errorf("the token changed, or is short: %q, %q", token, again)
	}
	w.want(w.call("POST", "/companies", "", setupBody("")), http.StatusForbidden, "forbidden")
	w.want(w.call("POST", "/companies", "", setupBody(token+"x")), http.StatusForbidden, "forbidden")
	for field, bad := range map[string]string{"username": "A b", "name": " ", "email": "x", "time_zone": "Nowhere"} {
		body := setupBody(token)
		body[field] = bad
		w.want(w.call("POST", "/companies", "", body), http.StatusUnprocessableEntity, "invalid")
	}
	weak := setupBody(token)
	weak["password"] = "short"
	w.want(w.call("POST", "/companies", "", weak), http.StatusUnprocessableEntity, "weak_password")

	made := w.want(w.call("POST", "/companies", "", setupBody(token)), http.StatusCreated, "")
	cookie := made.Result().Cookies()[0]
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/api/v1/sessions" {
		t.Errorf("the cookie is not protected: %s", cookie)
	}
	if strings.Contains(made.Body.String(), cookie.Value) {
		t.Error("the refresh token is in the body too")
	}
	w.want(w.call("POST", "/companies", "", setupBody(token)), http.StatusForbidden, "setup_closed")
	if link, err := w.app.company.SetupURL(t.Context()); link != "" || err != nil {
		t.Errorf("a set-up link after set-up: %q, %v", link, err)
	}

	// A reload of the page renews the session by the cookie alone.
	renewed := w.want(w.call("POST", "/sessions/refresh", "", nil, "Cookie", cookie.Name+"="+cookie.Value), http.StatusOK, "")
	if renewed.json["refresh_token"] != nil || len(renewed.Result().Cookies()) != 1 {
		t.Errorf("renewed: %s", renewed.Body)
	}
	access := fmt.Sprint(renewed.json["access_token"])
	if me := w.want(w.call("GET", "/me", access, nil), http.StatusOK, ""); me.json["role"] != "admin" || me.json["company_name"] != "Acme" {
		t.Errorf("me: %s", me.Body)
	}
	fresh := renewed.Result().Cookies()[0]
	out := w.want(w.call("DELETE", "/sessions", "", nil, "Cookie", fresh.Name+"="+fresh.Value), http.StatusNoContent, "")
	if c := out.Result().Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("signing out leaves the cookie: %v", c)
	}
	w.want(w.call("GET", "/me", access, nil), http.StatusUnauthorized, "unauthorized")
}

// A set-up that was cut off after its account can be done again.
func TestSetUpAfterACrash(t *testing.T) {
	w := newWorld(t)
	token := w.setupToken()
	w.want(w.call("POST", "/companies", "", setupBody(token)), http.StatusCreated, "")
	c, err := w.db.Company(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	account, err := w.db.User(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.DeleteCompany(t.Context(), c.Username); err != nil {
		t.Fatal(err)
	}
	account.Version = 0
	if err := w.db.SaveUser(t.Context(), account); err != nil { // as if only this had happened
		t.Fatal(err)
	}
	// Whoever made it may be about to make its company.
	w.want(w.call("POST", "/companies", "", setupBody(w.setupToken())), http.StatusConflict, "conflict")
	w.clock.Advance(hajir.JoinWindow)
	w.want(w.call("POST", "/companies", "", setupBody(w.setupToken())), http.StatusCreated, "")
}

func TestPeople(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	const path = "/companies/acme/employees"
	for i := range 5 {
		body := map[string]any{"username": fmt.Sprintf("p%d", i), "name": fmt.Sprintf("Person %d", i), "department": "Sales"}
		w.want(w.call("POST", path, token, body), http.StatusCreated, "")
	}
	w.want(w.call("POST", path, token, map[string]any{"username": "p1", "name": "Again"}), http.StatusConflict, "conflict")
	w.want(w.call("POST", path, token, map[string]any{"username": "acme", "name": "The root"}), http.StatusConflict, "conflict")
	w.want(w.call("POST", path, token, map[string]any{"username": "x y", "name": "Bad"}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("POST", path, token, map[string]any{"username": "p9", "name": "Bad", "role": "admin"}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("POST", path, token, map[string]any{"username": "p9", "name": "Weak", "password": "short"}), http.StatusUnprocessableEntity, "weak_password")

	var seen []string
	for cursor := ""; ; {
		page := w.want(w.call("GET", path+"?limit=2&cursor="+cursor, token, nil), http.StatusOK, "")
		for _, e := range page.json["employees"].([]any) {
			seen = append(seen, e.(map[string]any)["username"].(string))
		}
		next, more := page.json["next_cursor"].(string)
		if !more {
			break
		}
		cursor = next
	}
	if got := strings.Join(seen, " "); got != "p0 p1 p2 p3 p4" {
		t.Errorf("page by page: %s", got)
	}
	if found := w.call("GET", path+"?q=PERSON+3", token, nil); strings.Count(found.Body.String(), `"username"`) != 1 {
		t.Errorf("search: %s", found.Body)
	}

	changed := w.want(w.call("PATCH", path+"/p1", token, map[string]any{"name": "New Name", "version": 1}), http.StatusOK, "")
	if changed.json["name"] != "New Name" || changed.json["department"] != "Sales" || changed.json["version"] != 2.0 {
		t.Errorf("changed: %s", changed.Body)
	}
	w.want(w.call("PATCH", path+"/p1", token, map[string]any{"name": "Stale", "version": 1}), http.StatusConflict, "conflict")
	w.want(w.call("PATCH", path+"/p1", token, map[string]any{"name": ""}), http.StatusUnprocessableEntity, "invalid")

	w.want(w.call("PATCH", path+"/p1", token, map[string]any{"password": "a good long one"}), http.StatusOK, "")
	session := w.want(w.call("POST", "/sessions", "", map[string]any{"username": "p1", "password": "a good long one"}), http.StatusCreated, "")
	own := fmt.Sprint(session.json["access_token"])
	w.want(w.call("GET", path+"/p1", own, nil), http.StatusOK, "")
	w.want(w.call("PATCH", path+"/p1", token, map[string]any{"active": false}), http.StatusOK, "")
	w.want(w.call("GET", path+"/p1", own, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.call("POST", "/sessions", "", map[string]any{"username": "p1", "password": "a good long one"}), http.StatusUnauthorized, "unauthorized")
	if inactive := w.call("GET", path+"?active=false", token, nil); strings.Count(inactive.Body.String(), `"username"`) != 1 {
		t.Errorf("inactive people: %s", inactive.Body)
	}
	w.want(w.call("PATCH", path+"/p1", token, map[string]any{"active": true}), http.StatusOK, "")
	w.want(w.call("POST", "/sessions", "", map[string]any{"username": "p1", "password": "a good long one"}), http.StatusCreated, "")
}

func TestFaces(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "bina", "name": "Bina"}), http.StatusCreated, "")
	w.agree("acme", "bina")
	const path = "/companies/acme/employees/bina/faces"
	for script, want := range map[string]struct {
		status int
		code   string
	}{
		"none":                {http.StatusUnprocessableEntity, "face_none"},
		"face:bina,face:chet": {http.StatusUnprocessableEntity, "face_several"},
		"small:bina":          {http.StatusUnprocessableEntity, "face_small"},
		"face:asha":           {http.StatusConflict, "face_duplicate"},
	} {
		w.want(w.send(path, token, facestest.Picture(script)), want.status, want.code)
	}
	if n := w.countObjects(); n != 3 {
		t.Errorf("%d pictures are kept after refusals, want asha's three sizes alone", n)
	}
	contentType, body := form(t, "picture", facestest.Picture("face:bina"))
	kept := w.want(w.do("POST", "/api/v1"+path, token, contentType, strings.NewReader(string(body))), http.StatusCreated, "")
	nearest, _ := kept.json["nearest"].(map[string]any)
	if nearest["username"] != "asha" || nearest["name"] != "Asha" || nearest["score"] != facestest.FakeOther {
		t.Errorf("nearest look-alike: %s", kept.Body)
	}
	for _, size := range []string{"picture_url", "medium_url", "small_url"} {
		if p := w.do("GET", fmt.Sprint(kept.json[size]), "", "", http.NoBody); p.Code != http.StatusOK {
			t.Errorf("%s: %d", size, p.Code)
		}
	}
	contentType, body = form(t, "file", facestest.Picture("face:bina"))
	w.want(w.do("POST", "/api/v1"+path, token, contentType, strings.NewReader(string(body))), http.StatusUnprocessableEntity, "invalid")
	w.want(w.do("POST", "/api/v1"+path, token, contentType, strings.NewReader("--cut")), http.StatusUnprocessableEntity, "invalid")

	person := w.call("GET", "/companies/acme/employees/bina", token, nil)
	if person.json["faces"] != 1.0 {
		t.Errorf("faces: %s", person.Body)
	}
	w.want(w.checkIn(token, "face:bina"), http.StatusCreated, "")
	w.want(w.call("DELETE", fmt.Sprintf("%s/%s", path, kept.json["face_id"]), token, nil), http.StatusNoContent, "")
	w.want(w.checkIn(token, "face:bina"), http.StatusUnprocessableEntity, "face_unknown")
	if list := w.want(w.call("GET", path, token, nil), http.StatusOK, ""); len(list.json["faces"].([]any)) != 0 {
		t.Errorf("faces after deletion: %s", list.Body)
	}
	if n := w.countObjects(); n != 5 { // asha's enrolment in three sizes, bina's punch, and her face that was refused then
		t.Errorf("%d pictures are kept, want 5", n)
	}
}

func TestKiosks(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	made := w.want(w.call("POST", "/companies/acme/kiosks", token, map[string]any{"place": " Front door ", "cookie": true}), http.StatusCreated, "")
	session := made.json["session"].(map[string]any)
	device := fmt.Sprint(session["access_token"])
	if session["refresh_token"] != nil || len(made.Result().Cookies()) != 1 || session["user"].(map[string]any)["role"] != "kiosk" {
		t.Errorf("the kiosk's session: %s", made.Body)
	}
	w.want(w.checkIn(device, "face:asha"), http.StatusCreated, "")
	list := w.want(w.call("GET", "/companies/acme/kiosks", token, nil), http.StatusOK, "")
	kiosks := list.json["kiosks"].([]any)
	if len(kiosks) != 1 || kiosks[0].(map[string]any)["place"] != "Front door" {
		t.Fatalf("kiosks: %s", list.Body)
	}
	w.want(w.call("DELETE", fmt.Sprintf("/companies/acme/kiosks/%s", kiosks[0].(map[string]any)["username"]), token, nil), http.StatusNoContent, "")
	w.want(w.checkIn(device, "face:asha"), http.StatusUnauthorized, "unauthorized")
	w.want(w.call("POST", "/companies/acme/kiosks", token, map[string]any{"place": "  "}), http.StatusUnprocessableEntity, "invalid")
}

func TestSettings(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	changed := w.want(w.call("PATCH", "/companies/acme", token, map[string]any{
		"repeat_window_seconds": 0, "match_threshold": 0.95, "version": 1,
	}), http.StatusOK, "")
	if changed.json["match_threshold"] != 0.95 || changed.json["name"] != "ACME" || changed.json["version"] != 2.0 {
		t.Errorf("changed: %s", changed.Body)
	}
	w.want(w.checkIn(token, "face:asha"), http.StatusUnprocessableEntity, "face_unknown")
	for _, bad := range []map[string]any{
		{"match_threshold": 1.5}, {"min_face_pixels": 1}, {"time_zone": "Nowhere"}, {"repeat_window_seconds": -1}, {"unknown": 1}, {"name": ""},
	} {
		w.want(w.call("PATCH", "/companies/acme", token, bad), http.StatusUnprocessableEntity, "invalid")
	}
	w.want(w.call("PATCH", "/companies/acme", token, map[string]any{"version": 1}), http.StatusConflict, "conflict")
	w.want(w.call("PATCH", "/companies/acme", token, map[string]any{"match_threshold": 0}), http.StatusOK, "")
	w.want(w.checkIn(token, "face:asha"), http.StatusCreated, "")
	w.want(w.checkIn(token, "face:asha"), http.StatusCreated, "") // no repeat window
}

func TestWhatEveryAnswerCarries(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]int{
		"/": 200, "/employees/asha": 200, "/healthz": 200, "/readyz": 200, "/openapi.json": 200, "/.well-known/jwks.json": 200,
		"/.well-known/openid-configuration": 200, "/missing.js": 404, "/api/v1/nothing": 404, "/api/v1/me": 401,
		"/../../etc/passwd": 200, // the site: the path is cleaned
	} {
		r := w.do("GET", path, "", "", http.NoBody, "Accept", "*/*")
		if r.Code != want && r.Code != http.StatusTemporaryRedirect {
			t.Errorf("%s: %d, want %d", path, r.Code, want)
		}
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"} {
			if r.Code == want && r.Header().Get(h) == "" {
				t.Errorf("%s: no header %s", path, h)
			}
		}
	}
	if r := w.do("GET", "/employees/asha.rai", "", "", http.NoBody, "Accept", "text/html,*/*;q=0.8"); r.Code != http.StatusOK {
		t.Errorf("the page of a person whose username has a dot: %d", r.Code)
	}
	w.want(w.do("POST", "/api/v1/sessions", "", "text/plain", strings.NewReader("x")), http.StatusUnsupportedMediaType, "unsupported")
	w.want(w.do("POST", "/api/v1/sessions", "", "application/json", strings.NewReader("{")), http.StatusBadRequest, "invalid")
	w.want(w.do("POST", "/api/v1/sessions", "", "application/json", strings.NewReader(strings.Repeat(" ", 2<<20))), http.StatusRequestEntityTooLarge, "too_large")
	secret := w.call("POST", "/sessions", "", map[string]any{"username": "acme", "password": strings.Repeat("secret", 100)})
	if secret.Code != http.StatusUnprocessableEntity || strings.Contains(secret.Body.String(), "secret") {
		t.Errorf("a refusal repeats the password: %s", secret.Body)
	}
}
