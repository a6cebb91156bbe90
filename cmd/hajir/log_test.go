package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
	"hajir/internal/server"
)

// logBuffer is a log that is read while it is written.
type logBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(b)
}

// The log of a day's work, at its most talkative, names each request, and has
// nothing that a thief or a neighbour would like to read.
func TestLogTellsNoSecrets(t *testing.T) {
	log := &logBuffer{}
	w := &world{t: t, dir: t.TempDir(), clock: identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))}
	if err := os.CopyFS(filepath.Join(w.dir, "data"), emptyData(t)); err != nil {
		t.Fatal(err)
	}
	fake := facestest.NewFake(w.clock.Now)
	a, err := openWith(t.Context(), config.Config{Data: filepath.Join(w.dir, "data"), LogLevel: "debug", LogFormat: "json", LogTo: log},
		siteForTest, w.clock.Now, func(faces.TemplateStore) (faces.Recognizer, error) { return fake, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	w.app, a.pool.HashMemory = a, 64
	s := server.Server{
		API: a.api(), Issuer: a.pool.Issuer(), Keys: a.pool.PublicKeys(), Ready: a.db.Ready, EndStreams: a.hub.Close, Now: a.now, Log: a.log,
		Watch: a.watch(nil), Metrics: a.metrics.Handler(metricsToken), Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	}
	w.handler = s.Handler()

	secrets := map[string]string{"password": password, "wrong password": "a wrong password", "metrics token": metricsToken, "name": "Asha", "address": "asha.private@", "phone": "9841234567"}
	admin := w.company("acme")
	w.person("acme", "asha")
	asha := w.token("asha")
	secrets["token"], secrets["another token"] = admin, asha
	w.call("POST", "/sessions", "", map[string]any{"username": "acme", "password": "a wrong password"})
	in := w.want(w.call("POST", "/sessions", "", map[string]any{"username": "acme", "password": password}), http.StatusCreated, "")
	secrets["signed in"] = in.json["access_token"].(string)
	for _, c := range in.Result().Cookies() {
		secrets["cookie "+c.Name] = c.Value
	}
	w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")
	w.checkIn(admin, "none")
	w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"email": "asha.private@example.com", "phone": "9841234567"})
	invited := w.call("POST", "/companies/acme/invitations", admin, map[string]any{"username": "bina", "name": "Bina", "email": "bina.private@example.com"})
	secrets["invited"], secrets["invited's address"] = "Bina", "bina.private@"
	if link, ok := invited.json["link"].(string); ok {
		_, secrets["invitation"], _ = strings.Cut(link, "#token=")
	}
	w.call("POST", "/password-resets", "", map[string]any{"name": "acme"})
	w.call("PUT", "/companies/acme/employees/asha/pin", admin, map[string]any{"pin": "582914"})
	w.call("POST", "/companies/acme/punches/pin", admin, map[string]any{"who": "asha", "pin": "582914"})
	secrets["PIN"] = "582914"
	link := w.want(w.call("POST", "/me/feeds/own", asha, nil), http.StatusCreated, "").json["link"].(string)
	secrets["feed"] = strings.TrimSuffix(link[strings.LastIndex(link, "/")+1:], ".ics")
	_, path, _ := strings.Cut(link, "/api/")
	w.do("GET", "/api/"+path, "", "", http.NoBody)
	w.call("GET", "/companies/acme/employees/asha/export", asha, nil)
	w.call("GET", "/companies/acme/employees?secret=query-of-mine", admin, nil)
	secrets["query"] = "query-of-mine"
	mails, _ := filepath.Glob(filepath.Join(w.dir, "data/outbox/*.eml"))
	for _, file := range mails {
		b, _ := os.ReadFile(file)
		for _, token := range regexp.MustCompile(`token=3D([A-Za-z0-9._-]{20,})`).FindAllSubmatch(b, -1) {
			secrets["mailed in "+filepath.Base(file)] = string(token[1])[:20]
		}
	}
	fake.Fail(hajir.Errorf(hajir.Internal, "the models are broken"))
	w.want(w.checkIn(admin, "face:asha"), http.StatusInternalServerError, "internal")
	if err := a.db.Close(); err != nil {
		t.Fatal(err)
	}
	broken := w.want(w.call("GET", "/companies/acme/employees/asha", admin, nil), http.StatusInternalServerError, "internal")

	log.mu.Lock()
	defer log.mu.Unlock()
	text := log.String()
	for what, secret := range secrets {
		if len(secret) < 4 {
			t.Errorf("no %s to look for: %q", what, secret)
		} else if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("the log has the %s: %s", what, text[max(0, at-200):min(len(text), at+80)])
		}
	}
	if len(secrets) < 14 {
		t.Errorf("only %d secrets were looked for", len(secrets))
	}
	if regexp.MustCompile(`[A-Za-z0-9+/_-]{200,}`).MatchString(text) {
		t.Error("the log has something long in base64, such as a picture or a token")
	}
	requests, explained := 0, false
	id := broken.Header().Get("X-Request-Id")
	for line := range strings.Lines(text) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if entry["msg"] == "request" || entry["msg"] == "request failed" {
			requests++
			if entry["request_id"] == nil || entry["request_id"] == "" {
				t.Errorf("a line does not name its request: %s", line)
			}
		}
		explained = explained || entry["request_id"] == id && entry["level"] == "ERROR" && entry["error"] != nil
	}
	if requests < 15 || !explained {
		t.Errorf("%d lines of requests; the failure %q is explained: %v", requests, id, explained)
	}
}

// An ID of a request is a proxy's, if it is trusted, and else of our own.
func TestRequestIDs(t *testing.T) {
	w := newWorld(t)
	ask := func(id string, headers ...string) string {
		r := w.do("GET", "/healthz", "", "", http.NoBody, append([]string{"X-Request-Id", id}, headers...)...)
		return r.Header().Get("X-Request-Id")
	}
	first, second := ask(""), ask("chosen-by-a-stranger")
	if first == "" || second == "" || first == second || second == "chosen-by-a-stranger" {
		t.Errorf("%q, %q", first, second)
	}
	s := server.Server{API: w.api(), Pages: os.DirFS(t.TempDir()), Ready: w.db.Ready, EndStreams: func() {}, Now: w.now, Log: w.log, Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}
	w.handler = s.Handler()
	if got := ask("proxy-17"); got != "proxy-17" {
		t.Errorf("a trusted proxy's ID became %q", got)
	}
	for _, bad := range []string{"a b", strings.Repeat("x", 65), "x\"y", ""} {
		if got := ask(bad); got == bad {
			t.Errorf("%q was taken", bad)
		}
	}
}
