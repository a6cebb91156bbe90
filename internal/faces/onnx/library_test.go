package onnx

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"hajir/models/manifest"
)

// packed returns a models folder with a runtime library of some bytes.
func packed(t *testing.T, library []byte) (fstest.MapFS, manifest.Manifest) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(library); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	m := manifest.Manifest{Name: "lib", Job: manifest.Runtime, File: "lib.so.gz", SHA256: manifest.Sum(library)}
	return fstest.MapFS{"runtime/lib.so.gz": {Data: b.Bytes()}}, m
}

func TestUnpack(t *testing.T) {
	library := bytes.Repeat([]byte("library"), 1000)
	models, m := packed(t, library)
	cache := filepath.Join(t.TempDir(), "not", "there")
	path, err := unpack(t.Context(), models, m, cache)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string) {
		t.Helper()
		if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, library) {
			t.Errorf("%s: %d bytes, %v", what, len(b), err)
		}
	}
	check("unpacked")
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}

	// What is there and right is left alone.
	before, _ := os.Stat(path)
	if _, err := unpack(t.Context(), models, m, cache); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("a good file was written again")
	}

	// What is not is replaced, and not written into: it may be in use.
	for what, damage := range map[string][]byte{"changed": bytes.Repeat([]byte("Library"), 1000), "cut off": library[:100], "empty": nil} {
		if err := os.WriteFile(path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		before, _ := os.Stat(path)
		if _, err := unpack(t.Context(), models, m, cache); err != nil {
			t.Fatal(err)
		}
		check(what)
		if after, _ := os.Stat(path); os.SameFile(before, after) {
			t.Errorf("%s: the damaged file was written into", what)
		}
	}

	// A directory that others may write to is closed to them.
	if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(t.Context(), models, m, cache); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(filepath.Dir(path)); info.Mode().Perm() != 0o700 {
		t.Errorf("the directory is left with mode %v", info.Mode().Perm())
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".new-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestUnpackRefuses a library that is not the one that its manifest describes.
func TestUnpackRefuses(t *testing.T) {
	models, m := packed(t, []byte("library"))
	m.SHA256 = manifest.Sum([]byte("another"))
	cache := t.TempDir()
	if path, err := unpack(t.Context(), models, m, cache); err == nil {
		t.Errorf("%s is accepted", path)
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "*", "*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}
