package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/identity/identitytest"
	"hajir/internal/server"
)

const (
	password     = "correct horse battery"
	metricsToken = "a token for the metrics"
	friend       = "https://friend.example.com" // another site that may call the API
)

// world is the whole program on real SQLite and a real directory, with a clock
// that the test moves and faces that are scripts (see facestest.Fake).
type world struct {
	*app
	t       *testing.T
	clock   *identitytest.Clock
	handler http.Handler
	dir     string
	seen    map[string]bool // tokens of sign-ups that a test has read

	admin      string // acme's admin's token, for adminToken
	adminUntil time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldIn(t, t.TempDir())
}

// newWorldIn is newWorld with its data in dir/data.
func newWorldIn(t *testing.T, dir string) *world {
	t.Helper()
	w := &world{t: t, dir: dir, clock: identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))} // 09:00 in Kathmandu
	if err := os.CopyFS(filepath.Join(w.dir, "data"), emptyData(t)); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	return w
}

// reopen opens the program on the world's data.
func (w *world) reopen() {
	w.t.Helper()
	fake := facestest.NewFake(w.clock.Now)
	w.app = openTest(w.t, w.dir, w.clock.Now, func(faces.TemplateStore) (faces.Recognizer, error) { return fake, nil })
	w.handler = serverOf(w.app)
	if os.Getenv("HAJIR_TEST_THROUGH") == "lambda" {
		w.handler = throughLambda(w.handler)
	}
}

var empty struct {
	sync.Once
	fs.FS
}

// emptyData is the data directory of a program that was opened once. A world
// that begins as a copy of it need not make tables and keys anew.
func emptyData(t *testing.T) fs.FS {
	t.Helper()
	empty.Do(func() {
		dir := t.TempDir()
		fake := func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(time.Now), nil }
		a, err := openWith(t.Context(), config.Config{Data: dir, LogLevel: "error"}, &url.URL{}, time.Now, fake)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{} // in memory, since dir goes with the first test
		err = fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(filepath.Join(dir, name))
			files[name] = &fstest.MapFile{Data: b, Mode: 0o600}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		empty.FS = files
	})
	if empty.FS == nil {
		t.Fatal("the empty data directory was not made: see the first test that failed")
	}
	return empty.FS
}

func openTest(t *testing.T, dir string, now func() time.Time, recognizer func(faces.TemplateStore) (faces.Recognizer, error)) *app {
	t.Helper()
	a, err := openWith(t.Context(), config.Config{Data: filepath.Join(dir, "data"), LogLevel: "error"},
		&url.URL{Scheme: "https", Host: "hajir.example.com"}, now, recognizer)
	if err != nil {
		t.Fatal(err)
	}
	a.pool.HashMemory = 64 // KiB: the race detector makes earnest hashing take seconds
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func serverOf(a *app) http.Handler { return serverWith(a, slog.New(slog.DiscardHandler)) }

func serverWith(a *app, log *slog.Logger) http.Handler {
	s := &server.Server{
		API: a.api(), Pages: fstest.MapFS{"index.html": {Data: []byte("<title>Hajir</title>")}},
		Issuer: a.pool.Issuer(), Keys: a.pool.PublicKeys(), Ready: a.db.Ready, EndStreams: a.hub.Close,
		Now: a.now, Log: log, Watch: a.watch(nil), Metrics: a.metrics.Handler(metricsToken), CORSOrigins: []string{friend},
	}
	return s.Handler()
}

// company makes a company and returns its admin's access token.
func (w *world) company(username string) string {
	w.t.Helper()
	c := hajir.NewCompany(username, strings.ToUpper(username), "admin@example.com", "Asia/Kathmandu", w.clock.Now())
	if _, err := w.app.company.Create(w.t.Context(), c, password); err != nil {
		w.t.Fatal(err)
	}
	return w.token(username)
}

func (w *world) token(username string) string {
	w.t.Helper()
	tokens, err := w.pool.Issue(w.t.Context(), username)
	if err != nil {
		w.t.Fatal(err)
	}
	return tokens.Access
}

// person adds an employee with the face that facestest calls by their name.
func (w *world) person(company, username string) {
	w.t.Helper()
	w.add(hajir.Employee{Username: username, Company: company})
	w.agree(company, username)
	if _, err := w.picture.Enrol(w.t.Context(), company, username, facestest.Picture("face:"+username)); err != nil {
		w.t.Fatal(err)
	}
}

// add adds a person as given, with a name made of the username and no face.
func (w *world) add(e hajir.Employee) {
	w.t.Helper()
	e.Name = strings.ToUpper(e.Username[:1]) + e.Username[1:]
	if _, err := w.app.company.Add(w.t.Context(), e, ""); err != nil {
		w.t.Fatal(err)
	}
}

// agree records that a person agreed to the recognition of their face.
func (w *world) agree(company, username string) {
	w.t.Helper()
	_, err := w.consent.Decide(w.t.Context(), company, username, hajir.Consent{
		State: hajir.ConsentGiven, TextVersion: hajir.ConsentVersion, Means: hajir.ConsentPaper, By: company,
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) kiosk(company string) (identity.User, identity.Tokens) {
	w.t.Helper()
	u, tokens, err := w.app.company.AddKiosk(w.t.Context(), company, "Front door")
	if err != nil {
		w.t.Fatal(err)
	}
	return u, tokens
}

// reply is an answer with its body decoded.
type reply struct {
	*httptest.ResponseRecorder
	json map[string]any
}

// code is a failure's; an answer may have a field of that name too.
func (r reply) code() string {
	s, _ := r.json["code"].(string)
	if r.Code < http.StatusBadRequest {
		return ""
	}
	return s
}

func (w *world) do(method, path, token, contentType string, body io.Reader, headers ...string) reply {
	w.t.Helper()
	req := httptest.NewRequestWithContext(w.t.Context(), method, path, body)
	req.Header.Set("Content-Type", contentType)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	r := reply{ResponseRecorder: rec}
	if strings.HasSuffix(rec.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(rec.Body.Bytes(), &r.json); err != nil {
			w.t.Fatalf("%s %s: %v in %s", method, path, err, rec.Body)
		}
	}
	return r
}

func (w *world) call(method, path, token string, body any, headers ...string) reply {
	w.t.Helper()
	var r io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	return w.do(method, "/api/v1"+path, token, "application/json", r, headers...)
}

func (w *world) send(path, token string, picture []byte, headers ...string) reply {
	w.t.Helper()
	return w.do(http.MethodPost, "/api/v1"+path, token, "image/jpeg", bytes.NewReader(picture), headers...)
}

func (w *world) checkIn(token, script string, headers ...string) reply {
	w.t.Helper()
	return w.send("/companies/acme/punches", token, facestest.Picture(script), headers...)
}

// insist is checkIn, again and again while too many pictures are looked at.
func (w *world) insist(token, script string, headers ...string) reply {
	for {
		if r := w.checkIn(token, script, headers...); r.Code != http.StatusServiceUnavailable {
			return r
		}
		runtime.Gosched()
	}
}

// want checks the status and, for a failure, the code.
func (w *world) want(r reply, status int, code string) reply {
	w.t.Helper()
	if r.Code != status || r.code() != code {
		w.t.Fatalf("%d %q, want %d %q: %s", r.Code, r.code(), status, code, r.Body)
	}
	return r
}

func form(t *testing.T, field string, content []byte) (contentType string, body []byte) {
	t.Helper()
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	part, err := m.CreateFormFile(field, "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), buf.Bytes()
}
