package update

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	public, secret := newKey(t)
	document := seal(t, feed(now, release("v1.2.0", false)), secret)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(document) }))
	t.Cleanup(other.Close)
	var asked *http.Request
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed.json", func(w http.ResponseWriter, r *http.Request) {
		asked = r
		_, _ = w.Write(document)
	})
	mux.Handle("GET /moved", http.RedirectHandler("/feed.json", http.StatusFound))
	mux.Handle("GET /circle", http.RedirectHandler("/circle", http.StatusFound))
	mux.Handle("GET /away", http.RedirectHandler(other.URL+"/feed.json", http.StatusFound))
	mux.HandleFunc("GET /endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(strings.Repeat(" ", 1<<16))); err != nil {
				return
			}
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	for name, tt := range map[string]struct{ url, says string }{
		"there":         {s.URL + "/feed.json", ""},
		"moved":         {s.URL + "/moved", ""},
		"another host":  {s.URL + "/away", "another place"},
		"circle":        {s.URL + "/circle", "circles"},
		"endless":       {s.URL + "/endless", "bytes"},
		"none":          {s.URL + "/none?token=secret", "404"},
		"no https":      {"http://example.com/feed.json", "https://"},
		"no address":    {"example.com/feed.json", "https://"},
		"with password": {"https://me:secret@example.com/feed.json", "https://"},
		"nobody":        {"http://127.0.0.1:1/?token=secret", "cannot be fetched"},
	} {
		f, err := Check{URL: tt.url, Key: public}.Run(t.Context(), now)
		switch {
		case tt.says == "" && (err != nil || f.Releases[0].Version != "v1.2.0"):
			t.Errorf("%s: %v", name, err)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: %v", name, err)
		case err != nil && strings.Contains(err.Error(), "token=secret"):
			t.Errorf("%s: the query is told: %v", name, err)
		}
	}
	if len(asked.Cookies()) > 0 || asked.UserAgent() != "hajir" || asked.URL.RawQuery != "" {
		t.Errorf("it tells more than it must: %v", asked.Header)
	}
}

// An old feed, though signed and not expired, is not believed after a newer one.
func TestRollback(t *testing.T) {
	public, secret := newKey(t)
	others, theirs := newKey(t)
	document := seal(t, feed(now, release("v1.2.0", true)), secret)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(document) }))
	t.Cleanup(s.Close)
	file := filepath.Join(t.TempDir(), "seen.json")
	c := Check{URL: s.URL, Key: public, Seen: Seen(file)}
	ask := func(want error, when string) {
		t.Helper()
		if _, err := c.Run(t.Context(), now); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", when, err, want)
		}
	}
	ask(nil, "the first")
	ask(nil, "the same again")
	document = seal(t, feed(now.Add(-time.Hour), release("v1.1.0", false)), secret)
	ask(ErrOlder, "an older one")
	document = seal(t, feed(now.Add(time.Minute), release("v1.2.1", false)), secret)
	ask(nil, "a newer one")
	document = seal(t, feed(now, release("v1.2.0", true)), secret)
	ask(ErrOlder, "the first, again")
	// Keys have times of their own: a publisher who changes theirs is heard.
	document = seal(t, feed(now.Add(-time.Hour), release("v1.3.0", false)), theirs)
	c.Key = others
	ask(nil, "another key")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Run(t.Context(), now); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a damaged memory: %v", err)
	}
}
