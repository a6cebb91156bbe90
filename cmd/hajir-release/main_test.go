package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"

	"hajir/internal/update"
	"hajir/models/manifest"
)

const password = "correct horse battery"

// newKey writes a key without a password: opening an encrypted one takes a
// gigabyte and seconds, as it should.
func newKey(t *testing.T, dir string) (file string, public minisign.PublicKey) {
	t.Helper()
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := secret.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "release.key")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file, public
}

// sums writes what is to be signed.
func sums(t *testing.T, dir string) (file string, content []byte) {
	t.Helper()
	file, content = filepath.Join(dir, "checksums.txt"), []byte("abc  hajir.tar.gz\n")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file, content
}

// reported writes how a hole is reported, and returns the flag that names it.
func reported(t *testing.T, dir, lines string) string {
	t.Helper()
	file := filepath.Join(dir, "SECURITY.md")
	if err := os.WriteFile(file, []byte("# Security\n\n"+lines+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return "--security=" + file
}

// Nothing is signed while nobody can report a hole.
func TestContact(t *testing.T) {
	dir := t.TempDir()
	file, _ := newKey(t, dir)
	name, _ := sums(t, dir)
	for lines, want := range map[string]int{
		"- Mail: <holes@hajir.dev>": 0,
		"- Mail: <holes@hajir.dev>\n- Form: <https://github.com/hajir/hajir/security/advisories/new>": 0,
		"": 1, "- Mail: <>": 1, "- Mail: <nobody>": 1, "- Mail: <security@example.invalid>": 1, "- Mail: <me@localhost>": 1, "- Mail: <me@www.example.com>": 1,
		"- Form: <https://github.com/hajir/hajir/security/advisories/new>":      1,
		"- Mail: <holes@hajir.dev>\n- Form: <http://hajir.dev>":                 1,
		"- Mail: <holes@hajir.dev>\n- Form: <https://example.invalid/advisory>": 1,
	} {
		flag := reported(t, dir, lines)
		if code := run([]string{"contact", flag}); code != want {
			t.Errorf("%q: exit code %d, want %d", lines, code, want)
		}
		if code := run([]string{"sign", flag, "--key", file, name}); code != want {
			t.Errorf("%q: signing ends with %d, want %d", lines, code, want)
		}
	}
	b, err := os.ReadFile(filepath.Join("..", "..", "SECURITY.md"))
	if err != nil || len(ways.FindAll(b, -1)) == 0 {
		t.Errorf("this repository's SECURITY.md has no line to put an address into: %v", err)
	}
}

func TestSign(t *testing.T) {
	dir := t.TempDir()
	flag := reported(t, dir, "- Mail: <holes@hajir.dev>")
	file, public := newKey(t, dir)
	name, content := sums(t, dir)
	for what, args := range map[string][]string{
		"no key":         {"sign", flag, "--key", name, name},
		"key is missing": {"sign", flag, "--key", file + "2", name},
		"short password": {"key", "--out", file + "2", "--password", "short"},
	} {
		if code := run(args); code == 0 {
			t.Errorf("%s: it was done", what)
		}
	}
	if code := run([]string{"sign", flag, "--key", file, name}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	signature, err := os.ReadFile(name + ".minisig")
	if err != nil || !minisign.Verify(public, content, signature) || minisign.Verify(public, append(content, ' '), signature) {
		t.Errorf("%s: %v", signature, err)
	}
}

// A publisher's key is made once, for them alone, and opens with its password.
// HAJIR_TEST_RELEASE_KEY=1, since that takes a minute on a busy machine.
func TestKey(t *testing.T) {
	if os.Getenv("HAJIR_TEST_RELEASE_KEY") == "" {
		t.Skip("SKIPPED: set HAJIR_TEST_RELEASE_KEY=1; it takes a gigabyte and a minute")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "release.key")
	made := []string{"key", "--out", file, "--password", password}
	if code := run(made); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if code := run(made); code == 0 {
		t.Error("a key is overwritten")
	}
	name, _ := sums(t, dir)
	for given, want := range map[string]int{password: 0, "another": 1, "": 1} {
		if code := run([]string{"sign", reported(t, dir, "- Mail: <holes@hajir.dev>"), "--key", file, "--password", given, name}); code != want {
			t.Errorf("with %q: exit code %d, want %d", given, code, want)
		}
	}
}

func TestFeed(t *testing.T) {
	dir := t.TempDir()
	file, public := newKey(t, dir)
	releases, out := filepath.Join(dir, "releases.json"), filepath.Join(dir, "feed.json")
	write := func(url string) {
		b, err := json.Marshal([]update.Release{{Version: "v1.2.0", URL: url, Published: time.Now()}})
		if err == nil {
			err = os.WriteFile(releases, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"feed", reported(t, dir, "- Mail: <holes@hajir.dev>"), "--key", file, "--releases", releases, "--out", out}
	write("http://example.com")
	if code := run(args); code == 0 {
		t.Error("a feed that nobody would believe is written")
	}
	write("https://example.com")
	if code := run(append(args, "--days", "93")); code == 0 {
		t.Error("it holds for too long")
	}
	if code := run(args); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	document, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := update.Open(document, public, time.Now()); err != nil || f.Releases[0].Version != "v1.2.0" {
		t.Errorf("%+v, %v", f, err)
	}
}

// A program with another platform's runtime is noticed.
func TestCarries(t *testing.T) {
	dist := filepath.Join("..", "..", "models", "dist")
	const platform = "linux/amd64"
	rows, err := manifest.List(os.DirFS(dist), platform)
	if err != nil {
		t.Fatal(err)
	}
	var whole, part []byte
	for _, r := range rows {
		if r.Status != manifest.OK {
			t.Skipf("SKIPPED: run `make models` on %s: %s is %s", platform, r.Name, r.Status)
		}
		b, err := os.ReadFile(filepath.Join(dist, string(r.Job), r.File))
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, b...)
		if r.Job != manifest.Runtime {
			part = append(part, b...)
		}
	}
	program := filepath.Join(t.TempDir(), "hajir")
	for content, want := range map[*[]byte]int{&whole: 0, &part: 1} {
		if err := os.WriteFile(program, *content, 0o600); err != nil {
			t.Fatal(err)
		}
		if code := run([]string{"carries", "--platform", platform, "--dist", dist, program}); code != want {
			t.Errorf("exit code %d, want %d", code, want)
		}
	}
	if code := run([]string{"carries", "--platform", "linux/arm64", "--dist", dist, program}); code == 0 {
		t.Error("another platform's runtime is in dist, and nothing is said")
	}
}

// A list that lacks a part is noticed.
func TestSBOM(t *testing.T) {
	const list = `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
		{"purl": "pkg:golang/github.com/a/b@v1.0.0?type=module"}, {"purl": "pkg:npm/%40a/b@1.0.0"}]}`
	for name, tt := range map[string]struct {
		list  string
		parts []string
		ok    bool
	}{
		"all":             {list, []string{"pkg:golang/github.com/a/b@v1.0.0", "pkg:npm/@a/b@1.0.0"}, true},
		"missing":         {list, []string{"pkg:npm/c@1.0.0"}, false},
		"another version": {list, []string{"pkg:golang/github.com/a/b@v1.0.1"}, false},
		"of nothing":      {list, nil, false},
		"another form":    {`{"spdxVersion": "SPDX-2.3"}`, []string{"pkg:npm/c@1.0.0"}, false},
		"no JSON":         {"<", []string{"pkg:npm/c@1.0.0"}, false},
	} {
		if err := names([]byte(tt.list), tt.parts); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	npm, err := packages(filepath.Join("..", "..", "web", "package-lock.json"))
	if err != nil || !slices.ContainsFunc(npm, func(p string) bool { return strings.HasPrefix(p, "pkg:npm/@mantine/core@") }) {
		t.Errorf("%v, %v", npm, err)
	}
}
