package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"hajir/internal/server"
)

// Whatever a client asks for, it is led to the site and nowhere else.
func TestRedirect(t *testing.T) {
	handler := server.Redirect(&url.URL{Scheme: "https", Host: "hajir.example.com"})
	for name, tt := range map[string]struct {
		method, target, host string
		status               int
		to                   string
	}{
		"page":        {"GET", "/kiosk?a=1&b=%2F", "hajir.example.com", http.StatusPermanentRedirect, "https://hajir.example.com/kiosk?a=1&b=%2F"},
		"head":        {"HEAD", "/", "hajir.example.com", http.StatusPermanentRedirect, "https://hajir.example.com/"},
		"other host":  {"GET", "/", "evil.example", http.StatusPermanentRedirect, "https://hajir.example.com/"},
		"two slashes": {"GET", "//evil.example/x", "hajir.example.com", http.StatusPermanentRedirect, "https://hajir.example.com//evil.example/x"},
		"encoded":     {"GET", "/a%2Fb", "hajir.example.com", http.StatusPermanentRedirect, "https://hajir.example.com/a%2Fb"},
		"proxied":     {"GET", "http://evil.example/x", "evil.example", http.StatusPermanentRedirect, "https://hajir.example.com/x"},
		"post":        {"POST", "/api/v1/sessions", "hajir.example.com", http.StatusForbidden, ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, http.NoBody)
		r.Host = tt.host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != tt.status || w.Header().Get("Location") != tt.to {
			t.Errorf("%s: %d to %q", name, w.Code, w.Header().Get("Location"))
		}
	}
}
