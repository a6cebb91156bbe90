// Package objectstest is the suite that a bucket must pass wherever it lies.
// Read Run first.
package objectstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
)

// Reverse is a Sealer that marks what it has sealed, and for which key.
type Reverse struct{}

// Seal implements objects.Sealer.
func (Reverse) Seal(b []byte, key string) ([]byte, error) {
	b = slices.Clone(b)
	slices.Reverse(b)
	return append([]byte("sealed for "+key+"\n"), b...), nil
}

// Open implements objects.Sealer.
func (Reverse) Open(b []byte, key string) ([]byte, error) {
	b, ok := bytes.CutPrefix(b, []byte("sealed for "+key+"\n"))
	if !ok {
		return nil, errors.New("it was sealed for something else")
	}
	b = slices.Clone(b)
	slices.Reverse(b)
	return b, nil
}

// Run runs the suite; open returns an empty bucket that seals with Reverse.
func Run(t *testing.T, open func(*testing.T) *objects.Bucket) {
	for name, test := range map[string]func(*testing.T, *objects.Bucket){
		"what is put is got":            testPut,
		"what is not there":             testMissing,
		"everything below a folder":     testDeleteAll,
		"every key once and in order":   testEach,
		"who looks on learns of it":     testChanged,
		"sealed anew":                   testReseal,
		"links":                         testLinks,
		"several at once":               testConcurrent,
		"a context that has ended":      testCancelled,
		"what lies there is not shared": testCopies,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func put(t *testing.T, b *objects.Bucket, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if err := b.Put(t.Context(), key, []byte("content of "+key)); err != nil {
			t.Fatal(err)
		}
	}
}

// list returns all keys below prefix.
func list(t *testing.T, b *objects.Bucket, prefix string) (keys []string) {
	t.Helper()
	if err := b.Each(t.Context(), prefix, func(key string) error { keys = append(keys, key); return nil }); err != nil {
		t.Fatal(err)
	}
	return keys
}

func testPut(t *testing.T, b *objects.Bucket) {
	for key, content := range map[string][]byte{
		objects.FaceKey("acme", "asha", "f1", objects.Small): []byte("\xff\xd8\x00picture"),
		"exports/acme/empty.csv":                             {},
		"daily/acme/asha/2026/03/02/large.jpg":               bytes.Repeat([]byte("0123456789abcdef"), 400_000),
	} {
		for range 2 { // the second replaces the first
			if err := b.Put(t.Context(), key, content); err != nil {
				t.Fatal(err)
			}
		}
		got, err := b.Get(t.Context(), key)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v; want %d", key, len(got), err, len(content))
		}
		if there, err := b.Exists(t.Context(), key); err != nil || !there {
			t.Errorf("%s exists: %v, %v", key, there, err)
		}
	}
}

func testMissing(t *testing.T, b *objects.Bucket) {
	if _, err := b.Get(t.Context(), "no/such.jpg"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("Get: %v", err)
	}
	if there, err := b.Exists(t.Context(), "no/such.jpg"); err != nil || there {
		t.Errorf("Exists: %v, %v", there, err)
	}
	if err := errors.Join(b.Delete(t.Context(), "no/such.jpg"), b.DeleteAll(t.Context(), "no/")); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	put(t, b, "a/b.jpg")
	if err := b.Delete(t.Context(), "a/b.jpg"); err != nil {
		t.Error(err)
	}
	if _, err := b.Get(t.Context(), "a/b.jpg"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("after deleting it: %v", err)
	}
}

func testDeleteAll(t *testing.T, b *objects.Bucket) {
	put(t, b, "faces/acme/asha/1/small.jpg", "faces/acme/asha/2/small.jpg", "faces/acme/ashas/1/small.jpg", "faces/acme2/asha/1/small.jpg")
	if err := b.DeleteAll(t.Context(), objects.PersonFaces("acme", "asha")); err != nil {
		t.Fatal(err)
	}
	if got := list(t, b, ""); !slices.Equal(got, []string{"faces/acme/ashas/1/small.jpg", "faces/acme2/asha/1/small.jpg"}) {
		t.Errorf("left: %v", got)
	}
}

func testEach(t *testing.T, b *objects.Bucket) {
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprintf("p/%02d/x.jpg", i))
	}
	for _, key := range slices.Backward(want) {
		put(t, b, key)
	}
	put(t, b, "q/1.jpg")
	if got := list(t, b, "p/"); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	stop := errors.New("stop")
	if err := b.Each(t.Context(), "p/", func(string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want what visit returned", err)
	}
}

func testChanged(t *testing.T, b *objects.Bucket) {
	var told []string
	b.Changed = func(key string) { told = append(told, key) }
	put(t, b, "a/1.jpg", "a/2.jpg")
	if err := b.DeleteAll(t.Context(), "a/"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(told, " "); got != "a/1.jpg a/2.jpg a/1.jpg a/2.jpg" {
		t.Errorf("told %s", got)
	}
}

func testReseal(t *testing.T, b *objects.Bucket) {
	put(t, b, "a/1.jpg", "b/2.jpg")
	if err := b.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get(t.Context(), "b/2.jpg"); err != nil || string(got) != "content of b/2.jpg" {
		t.Errorf("%q, %v", got, err)
	}
}

func testLinks(t *testing.T, b *objects.Bucket) {
	if _, _, err := b.Link(t.Context(), "a/1.jpg", "asha", identity.Principal{}); err == nil {
		t.Error("a link of nobody was signed")
	}
	one, expires, err := b.Link(t.Context(), "a/1.jpg", "asha", identity.Principal{Username: "acme", Session: "s"})
	if err != nil || one == "" || expires.IsZero() {
		t.Errorf("%s, %v, %v", one, expires, err)
	}
	other, _, err := b.Link(t.Context(), "a/2.jpg", "asha", identity.Principal{Username: "acme", Session: "s"})
	if err != nil || other == one {
		t.Errorf("two objects have one link: %v", err)
	}
}

func testConcurrent(t *testing.T, b *objects.Bucket) {
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			key := fmt.Sprintf("c/%d.jpg", n)
			for range 3 {
				content := bytes.Repeat([]byte{byte(n)}, 1000)
				if err := errors.Join(b.Put(t.Context(), key, content), b.Put(t.Context(), "c/shared.jpg", content)); err != nil {
					t.Error(err)
				}
				got, err := b.Get(t.Context(), "c/shared.jpg")
				if err != nil || len(got) != 1000 || len(bytes.Trim(got, string(got[:1]))) != 0 {
					t.Errorf("half of one and half of another: %v", err)
				}
			}
		})
	}
	all.Wait()
	if got := list(t, b, "c/"); len(got) != 5 {
		t.Errorf("%v", got)
	}
}

func testCancelled(t *testing.T, b *objects.Bucket) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Put(ctx, "a/1.jpg", []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if there, err := b.Exists(t.Context(), "a/1.jpg"); err != nil || there {
		t.Errorf("kept though cancelled: %v", err)
	}
}

func testCopies(t *testing.T, b *objects.Bucket) {
	content := []byte("content")
	if err := b.Put(t.Context(), "a/1.jpg", content); err != nil {
		t.Fatal(err)
	}
	content[0] = 'X'
	if got, err := b.Get(t.Context(), "a/1.jpg"); err != nil || string(got) != "content" {
		t.Errorf("%q, %v", got, err)
	}
}
