package objects_test

import (
	"net/url"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
)

// clear seals nothing: links are what is tested.
type clear struct{}

func (clear) Seal(b []byte, _ string) ([]byte, error) { return b, nil }
func (clear) Open(b []byte, _ string) ([]byte, error) { return b, nil }

func open(t testing.TB, secret string, now func() time.Time) *objects.Bucket {
	t.Helper()
	b, err := objects.OpenDir(t.TempDir(), clear{}, "/objects", []byte(secret), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// token makes a link and returns the token in it.
func token(t testing.TB, b *objects.Bucket) string {
	t.Helper()
	link, _, err := b.Link(t.Context(), "faces/acme/asha/f/small.jpg", "asha", identity.Principal{Username: "acme", Session: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil || u.Path != "/objects" {
		t.Fatalf("%s: %v", link, err)
	}
	return u.Query().Get("link")
}

const secret = "0123456789abcdef0123456789abcdef"

func TestLink(t *testing.T) {
	now := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	b := open(t, secret, func() time.Time { return now })
	made := token(t, b)
	got, err := b.Verify(t.Context(), made)
	if want := (objects.Grant{Key: "faces/acme/asha/f/small.jpg", Person: "asha", Viewer: identity.Principal{Username: "acme", Session: "s1"}}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := open(t, "another"+secret, time.Now).Verify(t.Context(), made); hajir.CodeOf(err) != hajir.Forbidden {
		t.Errorf("another key's link: %v", err)
	}
	now = now.Add(objects.LinkLife)
	if _, err := b.Verify(t.Context(), made); hajir.CodeOf(err) != hajir.Forbidden {
		t.Errorf("an expired link: %v", err)
	}
}

func TestImage(t *testing.T) {
	small, original := objects.FaceKey("acme", "asha", "f", objects.Small), objects.FaceKey("acme", "asha", "f", objects.Original)
	if objects.Image(small) != objects.Image(original) || objects.Image(small) == objects.Image(objects.FaceKey("acme", "asha", "g", objects.Small)) {
		t.Errorf("%s and %s", objects.Image(small), objects.Image(original))
	}
	punch := objects.PunchKey("acme", "asha", "2026-03-02", "p1")
	if objects.Image(punch) == objects.Image(objects.PunchKey("acme", "asha", "2026-03-02", "p2")) {
		t.Error("two punches are one image")
	}
	for key, want := range map[string]string{punch: "2026-03-02", objects.Image(punch): "2026-03-02", small: "", "": ""} {
		if date, ok := objects.PunchDate(key); date != want || ok != (want != "") {
			t.Errorf("PunchDate(%s) = %s, %v", key, date, ok)
		}
	}
}

// Whatever a stranger makes up is refused, and never anything but refused.
func FuzzLink(f *testing.F) {
	b := open(f, secret, func() time.Time { return time.Unix(1<<31, 0) })
	made := token(f, b)
	f.Add(made)
	f.Add(made + "=")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add(`{"payload":"e30","signatures":[]}`)
	f.Fuzz(func(t *testing.T, s string) {
		g, err := b.Verify(t.Context(), s)
		if err != nil {
			if hajir.CodeOf(err) != hajir.Forbidden {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if g.Viewer.Username != "acme" || g.Viewer.Session != "s1" || g.Key != "faces/acme/asha/f/small.jpg" {
			t.Errorf("%q was taken: %+v", s, g)
		}
	})
}
