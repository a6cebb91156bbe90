package config_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hajir/internal/config"
)

func TestCORSOrigins(t *testing.T) {
	for origin, ok := range map[string]bool{
		"https://a.example":        true,
		"https://a.example:8443":   true,
		"http://localhost:5173":    true,
		"http://[::1]:5173":        true,
		"*":                        false,
		"null":                     false,
		"":                         false,
		"https://*.example":        false,
		"https://a.example/":       false,
		"https://a.example/path":   false,
		"https://a.example?x":      false,
		"https://me@a.example":     false,
		"https://A.example":        false,
		"https://a.example:443":    false,
		"http://a.example:80":      false,
		"https://a.example:":       false,
		"a.example":                false,
		"ftp://a.example":          false,
		"https://":                 false,
		"https://:8443":            false,
		"https://a.example b":      false,
		"https://a.example,https:": false,
	} {
		err := config.Serve{CORSOrigins: []string{"https://first.example", origin}}.Validate()
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "--cors-origins") {
			t.Errorf("%q: %v", origin, err)
		}
	}
}

// Whatever is let through is what a browser may send, letter by letter.
func FuzzCORSOrigin(f *testing.F) {
	for _, s := range []string{"https://a.example", "http://[::1]:80", "https://a.example:", "https://*", "https://a%2fb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, origin string) {
		if (config.Serve{CORSOrigins: []string{origin}}).Validate() != nil {
			return
		}
		u, err := url.Parse(origin)
		if err != nil || u.Hostname() == "" || u.Scheme+"://"+u.Host != origin || strings.ContainsAny(origin, "*?#@% ") {
			t.Errorf("%q was taken: %v", origin, err)
		}
	})
}

func TestMetricsBearer(t *testing.T) {
	dir := t.TempDir()
	file := func(content string) string {
		t.Helper()
		name := filepath.Join(dir, "token")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const good = "0123456789abcdef"
	for name, tt := range map[string]struct {
		serve config.Serve
		want  string
		fails bool
	}{
		"none":    {},
		"given":   {serve: config.Serve{MetricsToken: good}, want: good},
		"short":   {serve: config.Serve{MetricsToken: good[1:]}, fails: true},
		"both":    {serve: config.Serve{MetricsToken: good, MetricsTokenFile: "x"}, fails: true},
		"no file": {serve: config.Serve{MetricsTokenFile: filepath.Join(dir, "none")}, fails: true},
	} {
		got, err := tt.serve.MetricsBearer()
		if got != tt.want || (err != nil) != tt.fails {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := (config.Serve{MetricsTokenFile: file(good + "\n")}).MetricsBearer(); err != nil || got != good {
		t.Errorf("of a file: %q, %v", got, err)
	}
	if got, err := (config.Serve{MetricsTokenFile: file("\n")}).MetricsBearer(); err == nil {
		t.Errorf("of an empty file: %q", got)
	}
}
