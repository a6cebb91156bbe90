package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// stripes is a PNG that is red to the left, green in the middle and blue to the
// right, so that one sees what was cut off.
func stripes(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{R: 200, A: 255}
			if x >= width/4 {
				c = color.RGBA{G: 200, A: 255}
			}
			if x >= width*3/4 {
				c = color.RGBA{B: 200, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// setPicture sets the profile picture of acme's asha.
func (w *world) setPicture(token string, picture []byte) reply {
	w.t.Helper()
	return w.do(http.MethodPut, "/api/v1/companies/acme/employees/asha/picture", token, "image/png", bytes.NewReader(picture))
}

// follow opens a signed link, without a token.
func (w *world) follow(link any) reply {
	w.t.Helper()
	s, _ := link.(string)
	if s == "" {
		w.t.Fatalf("no link: %v", link)
	}
	return w.do(http.MethodGet, s, "", "", http.NoBody)
}

// profiles lists the profile pictures that are kept.
func (w *world) profiles() []string {
	w.t.Helper()
	var found []string
	root := filepath.Join(w.dir, "data", "objects")
	err := filepath.WalkDir(filepath.Join(root, "profiles"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, strings.TrimPrefix(path, root))
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.t.Fatal(err)
	}
	return found
}

func TestProfilePicture(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	asha := w.token("asha")

	set := w.want(w.setPicture(asha, stripes(t, 800, 400)), http.StatusOK, "")
	for name, side := range map[string]int{"picture_url": 400, "medium_url": 400, "small_url": 160} {
		r := w.want(w.follow(set.json[name]), http.StatusOK, "")
		img, err := jpeg.Decode(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if size := img.Bounds().Size(); size != image.Pt(side, side) {
			t.Errorf("%s has %v pixels, want a square of %d", name, size, side)
		}
		for _, x := range []int{side / 20, side / 2, side * 19 / 20} { // the sides were cut off
			if r, g, b, _ := img.At(x, side/2).RGBA(); g < 40000 || r > 20000 || b > 20000 {
				t.Errorf("%s at %d: %d %d %d", name, x, r, g, b)
			}
		}
		wanted := "no-store" // so that every look is in the audit log
		if name == "small_url" {
			wanted = "private, max-age=300"
		}
		if cache := r.Header().Get("Cache-Control"); cache != wanted {
			t.Errorf("%s: Cache-Control %q", name, cache)
		}
	}
	// Another picture has other links, and the old one is gone.
	first := set.json["small_url"]
	again := w.want(w.setPicture(admin, stripes(t, 300, 500)), http.StatusOK, "")
	w.want(w.follow(first), http.StatusNotFound, "not_found")
	w.want(w.follow(again.json["small_url"]), http.StatusOK, "")
	if kept := w.profiles(); len(kept) != 3 || !strings.HasPrefix(kept[0], "/"+objects.ProfilePrefix("acme", "asha")) {
		t.Errorf("kept: %v", kept)
	}
	// It is shown to the admin and to the person, and nobody is recognised by it.
	for who, token := range map[string]string{"admin": admin, "asha": asha} {
		r := w.want(w.call("GET", "/companies/acme/employees/asha", token, nil), http.StatusOK, "")
		if w.follow(r.json["small_url"]).Code != http.StatusOK || w.follow(r.json["medium_url"]).Code != http.StatusOK || r.json["faces"] != 1.0 {
			t.Errorf("%s sees %s", who, r.Body)
		}
	}
	for _, path := range []string{"/companies/acme/employees", "/companies/acme/board"} {
		if r := w.want(w.call("GET", path, admin, nil), http.StatusOK, ""); strings.Count(r.Body.String(), `"small_url"`) != 1 {
			t.Errorf("%s: %s", path, r.Body)
		}
	}
	if r := w.call("GET", "/companies/acme/employees/bina", admin, nil); strings.Contains(r.Body.String(), "small_url") {
		t.Errorf("a picture of nobody: %s", r.Body)
	}
	// Links end, and so does the picture.
	w.clock.Advance(objects.LinkLife + 1)
	for range 2 {
		w.want(w.call("DELETE", "/companies/acme/employees/asha/picture", w.token("asha"), nil), http.StatusNoContent, "")
	}
	if kept := w.profiles(); len(kept) != 0 {
		t.Errorf("kept: %v", kept)
	}
}

// Who declined to be recognised may have a picture all the same.
func TestProfilePictureNeedsNoConsent(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	e, err := w.app.company.Add(t.Context(), hajir.Employee{Username: "asha", Company: "acme", Name: "Asha"}, "")
	if err != nil {
		t.Fatal(err)
	}
	e.Consent = hajir.Consent{State: hajir.ConsentDeclined, TextVersion: hajir.ConsentVersion, At: w.clock.Now()}
	if err := w.db.SaveEmployee(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.want(w.setPicture(admin, stripes(t, 64, 64)), http.StatusOK, "")
	if faces, err := w.faces.List(t.Context(), "acme", "asha"); err != nil || len(faces) != 0 {
		t.Errorf("faces: %v, %v", faces, err)
	}
}

// Of many pictures that come at once, one is kept whole and the others leave
// nothing behind.
func TestProfilePicturesAtOnce(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	picture := stripes(t, 64, 64)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := w.picture.SetProfile(t.Context(), "acme", "asha", picture); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	e, err := w.db.Employee(t.Context(), "asha")
	if err != nil {
		t.Fatal(err)
	}
	if kept := w.profiles(); len(kept) != 3 || !strings.Contains(kept[0], e.Picture) {
		t.Errorf("of %s are kept: %v", e.Picture, kept)
	}
}

// halfway is an object store that fails at one size of a picture.
type halfway struct{ *objects.Bucket }

func (h halfway) Put(ctx context.Context, key string, content []byte) error {
	if strings.Contains(key, string(objects.Small)) {
		return errors.New("the disk is full")
	}
	return h.Bucket.Put(ctx, key, content)
}

// The old picture stays until the new one is whole.
func TestProfilePictureThatFailsHalfway(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	w.want(w.setPicture(admin, stripes(t, 64, 64)), http.StatusOK, "")
	before := w.profiles()
	w.picture.Objects = halfway{w.bucket}
	w.want(w.setPicture(admin, stripes(t, 32, 32)), http.StatusInternalServerError, "internal")
	r := w.want(w.call("GET", "/companies/acme/employees/asha", admin, nil), http.StatusOK, "")
	w.want(w.follow(r.json["small_url"]), http.StatusOK, "")
	if kept := w.profiles(); strings.Join(kept, "") != strings.Join(before, "") {
		t.Errorf("kept: %v, before: %v", kept, before)
	}
}

func TestPhone(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	const path = "/companies/acme/employees"
	r := w.want(w.call("POST", path, admin, map[string]any{"username": "asha", "name": "Asha", "phone": "00977 981-2345678"}), http.StatusCreated, "")
	if r.json["phone"] != "+9779812345678" {
		t.Errorf("kept as %v", r.json["phone"])
	}
	w.want(w.call("POST", path, admin, map[string]any{"username": "bina", "name": "Bina", "phone": "9812345678"}), http.StatusUnprocessableEntity, "invalid")
	asha := w.token("asha")
	r = w.want(w.call("PUT", path+"/asha/phone", asha, map[string]any{"phone": "+91 22 2345 6789"}), http.StatusOK, "")
	if r.json["phone"] != "+912223456789" {
		t.Errorf("kept as %v", r.json["phone"])
	}
	w.want(w.call("PUT", path+"/asha/phone", asha, map[string]any{"phone": "call me"}), http.StatusUnprocessableEntity, "invalid")
	for who, token := range map[string]string{"admin": admin, "asha": asha} {
		if r := w.call("GET", path+"/asha", token, nil); r.json["phone"] != "+912223456789" {
			t.Errorf("%s sees %s", who, r.Body)
		}
	}
	if r := w.want(w.call("PATCH", path+"/asha", admin, map[string]any{"phone": ""}), http.StatusOK, ""); r.json["phone"] != "" {
		t.Errorf("kept as %v", r.json["phone"])
	}
}
