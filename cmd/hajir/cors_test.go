package main

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"hajir/internal/server"
)

func (w *world) from(origin, method, path string, headers ...string) reply {
	w.t.Helper()
	return w.do(method, path, "", "application/json", http.NoBody, append([]string{"Origin", origin}, headers...)...)
}

func TestCORS(t *testing.T) {
	w := newWorld(t)
	preflight := []string{"Access-Control-Request-Method", "PATCH", "Access-Control-Request-Headers", "authorization,content-type"}
	for _, tt := range []struct {
		name, origin, path string
		allowed            bool
	}{
		{"a friend", friend, "/api/v1/me", true},
		{"another", "https://evil.example.com", "/api/v1/me", false},
		{"one that contains it", friend + ".evil.example.com", "/api/v1/me", false},
		{"its other scheme", strings.Replace(friend, "https", "http", 1), "/api/v1/me", false},
		{"its other port", friend + ":8443", "/api/v1/me", false},
		{"a file, or a sandbox", "null", "/api/v1/me", false},
		{"the site", friend, "/", false},
		{"the metrics", friend, "/metrics", false},
		{"the document", friend, "/openapi.json", false},
	} {
		simple, pre := w.from(tt.origin, "GET", tt.path), w.from(tt.origin, "OPTIONS", tt.path, preflight...)
		for what, r := range map[string]reply{"a request": simple, "a preflight": pre} {
			allow := r.Header().Get("Access-Control-Allow-Origin")
			if want := map[bool]string{true: tt.origin}[tt.allowed]; allow != want {
				t.Errorf("%s, %s: allowed is %q, want %q", tt.name, what, allow, want)
			}
			if c := r.Header().Get("Access-Control-Allow-Credentials"); c != "" {
				t.Errorf("%s, %s: credentials are allowed: %q", tt.name, what, c)
			}
			if isAPI := strings.HasPrefix(tt.path, "/api/"); isAPI && !strings.Contains(strings.Join(r.Header().Values("Vary"), ","), "Origin") {
				t.Errorf("%s, %s: caches are not told that it varies: %v", tt.name, what, r.Header())
			}
		}
		if tt.allowed && (pre.Code != http.StatusNoContent || pre.Header().Get("Access-Control-Allow-Methods") != "PATCH" ||
			pre.Header().Get("Access-Control-Allow-Headers") != "authorization,content-type") {
			t.Errorf("%s: the preflight: %d %v", tt.name, pre.Code, pre.Header())
		}
		if simple.Code == http.StatusNoContent {
			t.Errorf("%s: the request was not answered", tt.name)
		}
	}
	// A header or method that the API does not take is not let through.
	for _, headers := range [][]string{
		{"Access-Control-Request-Method", "TRACE"},
		{"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "cookie"},
	} {
		if r := w.from(friend, "OPTIONS", "/api/v1/me", headers...); r.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v was allowed: %v", headers, r.Header())
		}
	}
}

func TestCORSIsOffByDefault(t *testing.T) {
	w := newWorld(t)
	w.handler = (&server.Server{
		API: w.api(), Pages: fstest.MapFS{}, Issuer: w.pool.Issuer(), Keys: w.pool.PublicKeys(),
		Ready: w.db.Ready, EndStreams: w.hub.Close, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler), Metrics: w.metrics.Handler(""),
	}).Handler()
	for _, method := range []string{"GET", "OPTIONS"} {
		r := w.from(friend, method, "/api/v1/me", "Access-Control-Request-Method", "GET")
		for name := range r.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s: %s", method, name, r.Header().Get(name))
			}
		}
	}
}

// A page's style elements carry a nonce that is another one each time, and no
// inline style or script is let through besides.
func TestContentSecurityPolicy(t *testing.T) {
	w := newWorld(t)
	w.handler = (&server.Server{
		API: w.api(), Pages: fstest.MapFS{"index.html": {Data: []byte(`<meta name="style-nonce" content="STYLE_NONCE" />`)}},
		Issuer: w.pool.Issuer(), Keys: w.pool.PublicKeys(),
		Ready: w.db.Ready, EndStreams: w.hub.Close, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
	}).Handler()
	seen := map[string]bool{}
	for _, path := range []string{"/", "/employees", "/"} {
		r := w.do("GET", path, "", "", http.NoBody, "Accept", "text/html")
		_, rest, _ := strings.Cut(r.Header().Get("Content-Security-Policy"), "style-src 'self' 'nonce-")
		nonce, _, _ := strings.Cut(rest, "'")
		if len(nonce) < 22 || seen[nonce] || !strings.Contains(r.Body.String(), `content="`+nonce+`"`) {
			t.Errorf("%s: nonce %q: %v %s", path, nonce, r.Header(), r.Body)
		}
		seen[nonce] = true
	}
	for _, path := range []string{"/", "/api/v1/me", "/openapi.json"} {
		csp := w.do("GET", path, "", "", http.NoBody).Header().Get("Content-Security-Policy")
		if path == "/" { // WebAssembly runs no script's text
			csp = strings.Replace(csp, "script-src 'self' 'wasm-unsafe-eval';", "script-src 'self';", 1)
		}
		if !strings.Contains(csp, "default-src 'self'; script-src 'self';") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %q", path, csp)
		}
	}
}
