package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"hajir/internal/identity"
	"hajir/internal/objects"
)

// linkOf returns the link of an answer.
func (w *world) linkOf(r reply) *url.URL {
	w.t.Helper()
	link, err := url.Parse(fmt.Sprint(r.json["picture_url"]))
	if err != nil || link.Query().Get("link") == "" {
		w.t.Fatalf("no link in %s: %v", r.Body, err)
	}
	return link
}

func (w *world) open(link *url.URL) reply {
	w.t.Helper()
	return w.do("GET", link.String(), "", "", http.NoBody)
}

// other returns link with another token in it.
func other(link *url.URL, token string) *url.URL {
	return &url.URL{Path: link.Path, RawQuery: url.Values{"link": {token}}.Encode()}
}

func TestSignedLinks(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	link := w.linkOf(w.want(w.checkIn(token, "face:asha"), http.StatusCreated, ""))
	r := w.want(w.open(link), http.StatusOK, "")
	if r.Header().Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.Body.String(), "\xff\xd8") {
		t.Errorf("the picture: %v", r.Header())
	}

	signed := link.Query().Get("link")
	parts := strings.Split(signed, ".")
	forged := func(key []byte, audience string) string {
		t.Helper()
		b, err := jwt.NewBuilder().Audience([]string{audience}).Subject("acme").Expiration(w.clock.Now().Add(time.Hour)).
			Claim("obj", "faces/acme/asha/x.jpg").Claim("of", "asha").Claim("sid", "s").Build()
		if err != nil {
			t.Fatal(err)
		}
		out, err := jwt.Sign(b, jwt.WithKey(jwa.HS256(), key))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	another := w.linkOf(w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusOK, "")).Query().Get("link")
	for name, token := range map[string]string{
		"nothing":                "x",
		"another signature":      parts[0] + "." + parts[1] + "." + strings.Split(another, ".")[2],
		"another content":        parts[0] + "." + strings.Split(another, ".")[1] + "." + parts[2],
		"no signature":           parts[0] + "." + parts[1] + ".",
		"no algorithm":           "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		"another key":            forged([]byte("0123456789abcdef0123456789abcdef"), "hajir/objects"),
		"an access token":        token,
		"a link that is cut off": signed[:len(signed)-3],
	} {
		if r := w.open(other(link, token)); r.Code != http.StatusForbidden || r.code() != "forbidden" {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}
	w.want(w.do("GET", link.Path, "", "", http.NoBody), http.StatusUnprocessableEntity, "invalid")

	w.clock.Advance(objects.LinkLife - time.Second)
	w.want(w.open(link), http.StatusOK, "")
	w.clock.Advance(time.Second)
	w.want(w.open(link), http.StatusForbidden, "forbidden")

	fresh := w.linkOf(w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, ""))
	if err := w.bucket.DeleteAll(t.Context(), objects.DailyPrefix("acme")); err != nil {
		t.Fatal(err)
	}
	w.want(w.open(fresh), http.StatusNotFound, "not_found")
}

// A link ends with the session that it was given to, however that ends.
func TestLinksEndWithTheirSession(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	signIn := func() (access, refresh string) {
		t.Helper()
		r := w.want(w.call("POST", "/sessions", "", map[string]any{"username": "acme", "password": password}), http.StatusCreated, "")
		return fmt.Sprint(r.json["access_token"]), fmt.Sprint(r.json["refresh_token"])
	}
	for name, end := range map[string]func(access, refresh string){
		"signed out": func(_, refresh string) {
			w.want(w.call("DELETE", "/sessions", "", map[string]any{"refresh_token": refresh}), http.StatusNoContent, "")
		},
		"signed out elsewhere": func(string, string) {
			w.want(w.call("DELETE", "/me/sessions", w.token("acme"), nil), http.StatusNoContent, "")
		},
		"a new password": func(string, string) {
			if err := w.pool.SetPassword(t.Context(), "acme", password); err != nil {
				t.Fatal(err)
			}
		},
		"a stolen refresh token": func(_, refresh string) {
			again := map[string]any{"refresh_token": refresh}
			w.want(w.call("POST", "/sessions/refresh", "", again), http.StatusOK, "")
			w.clock.Advance(time.Minute)
			w.want(w.call("POST", "/sessions/refresh", "", again), http.StatusUnauthorized, "unauthorized")
		},
	} {
		access, refresh := signIn()
		link := w.linkOf(w.checkIn(access, "face:asha"))
		w.want(w.open(link), http.StatusOK, "")
		end(access, refresh)
		if r := w.open(link); r.Code != http.StatusForbidden || r.code() != "forbidden" {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}

	// A renewed session is the same one.
	access, refresh := signIn()
	link := w.linkOf(w.checkIn(access, "face:asha"))
	w.want(w.call("POST", "/sessions/refresh", "", map[string]any{"refresh_token": refresh}), http.StatusOK, "")
	w.want(w.open(link), http.StatusOK, "")

	device, tokens := w.kiosk("acme")
	link = w.linkOf(w.checkIn(tokens.Access, "face:asha"))
	w.want(w.open(link), http.StatusOK, "")
	w.want(w.call("DELETE", "/companies/acme/kiosks/"+device.Username, w.token("acme"), nil), http.StatusNoContent, "")
	w.want(w.open(link), http.StatusForbidden, "forbidden")

	if _, _, err := w.bucket.Link(t.Context(), "faces/a.jpg", "asha", identity.Principal{}); err == nil {
		t.Error("a link was made for nobody")
	}
}

// A link of one account and a session of another open nothing together.
func TestALinkIsItsViewers(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	asha, err := w.verifier.Verify(t.Context(), w.token("asha"))
	if err != nil {
		t.Fatal(err)
	}
	key := objects.FaceKey("acme", "asha", "f", objects.Small)
	if err := w.bucket.Put(t.Context(), key, []byte("picture")); err != nil {
		t.Fatal(err)
	}
	for viewer, want := range map[string]int{"asha": http.StatusOK, "acme": http.StatusForbidden} {
		asha.Username = viewer
		link, _, err := w.bucket.Link(t.Context(), key, "asha", asha)
		if err != nil {
			t.Fatal(err)
		}
		if r := w.do("GET", link, "", "", http.NoBody); r.Code != want {
			t.Errorf("%s: %d, want %d", viewer, r.Code, want)
		}
	}
}
