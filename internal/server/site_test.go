package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func TestSiteSendsTheSmallestFormThatIsTaken(t *testing.T) {
	file := func(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }
	handler := site(fstest.MapFS{
		"index.html":        file("page"),
		"assets/a1.js":      file("plain"),
		"assets/a1.js.br":   file("brotli"),
		"assets/a1.js.gz":   file("gzip"),
		"assets/b2.css":     file("only plain"),
		"assets/c3.woff2":   file("font"),
		"assets/d4.wasm":    file("wasm"),
		"assets/d4.wasm.gz": file("wasm, gzip"),
	})
	for _, c := range []struct{ path, accepted, body, coding, kind string }{
		{"/assets/a1.js", "gzip, deflate, br, zstd", "brotli", "br", "text/javascript; charset=utf-8"},
		{"/assets/a1.js", "GZIP", "gzip", "gzip", "text/javascript; charset=utf-8"},
		{"/assets/a1.js", "br;q=0, gzip;q=0.5", "gzip", "gzip", "text/javascript; charset=utf-8"},
		{"/assets/a1.js", "br; q=0.001", "brotli", "br", "text/javascript; charset=utf-8"},
		{"/assets/a1.js", "br;q=0.000,gzip; q=0", "plain", "", "text/javascript; charset=utf-8"},
		{"/assets/a1.js", "*", "plain", "", "text/javascript; charset=utf-8"},
		{"/assets/a1.js", "", "plain", "", "text/javascript; charset=utf-8"},
		{"/assets/b2.css", "br, gzip", "only plain", "", "text/css; charset=utf-8"},
		{"/assets/d4.wasm", "br, gzip", "wasm, gzip", "gzip", "application/wasm"},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Encoding", c.accepted)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		res := w.Result()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || string(body) != c.body {
			t.Errorf("%s for %q: %d, %q, %v", c.path, c.accepted, res.StatusCode, body, err)
		}
		if h := res.Header; h.Get("Content-Encoding") != c.coding || h.Get("Content-Type") != c.kind || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s for %q: %v", c.path, c.accepted, h)
		}
	}
}
