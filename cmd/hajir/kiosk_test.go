package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/server"
)

// pairing asks for a code, as a device does.
func (w *world) pairing() (id, code, secret string) {
	w.t.Helper()
	r := w.want(w.call("POST", "/kiosk-pairings", "", nil), http.StatusCreated, "")
	return fmt.Sprint(r.json["id"]), fmt.Sprint(r.json["code"]), fmt.Sprint(r.json["secret"])
}

func (w *world) fetch(id, secret string, cookie bool) reply {
	w.t.Helper()
	return w.call("POST", "/kiosk-pairings/"+id+"/session", "", map[string]any{"secret": secret, "cookie": cookie})
}

func (w *world) approve(company, code, place string) reply {
	w.t.Helper()
	return w.call("POST", "/companies/"+company+"/kiosks/pair", w.token(company), map[string]any{"code": code, "place": place})
}

func TestPairing(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.company("other")
	w.person("acme", "asha")
	id, code, secret := w.pairing()
	if len(code) != 8 || len(secret) < 40 {
		t.Errorf("code %q, secret of %d", code, len(secret))
	}
	if r := w.want(w.fetch(id, secret, true), http.StatusOK, ""); r.json["paired"] != false || len(r.Result().Cookies()) != 0 {
		t.Errorf("before an admin entered the code: %s", r.Body)
	}
	w.want(w.fetch(id, "x"+secret[1:], true), http.StatusNotFound, "not_found")
	w.want(w.fetch("nothing", secret, true), http.StatusNotFound, "not_found")
	w.want(w.approve("acme", "", "Gate"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.approve("acme", "0000-0000", "Gate"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.approve("acme", "22222222", "Gate"), http.StatusNotFound, "not_found")
	w.want(w.approve("acme", code, "  "), http.StatusUnprocessableEntity, "invalid")

	made := w.want(w.approve("acme", strings.ToLower(code[:4]+" - "+code[4:]), " Gate "), http.StatusCreated, "")
	if made.json["place"] != "Gate" {
		t.Errorf("made: %s", made.Body)
	}
	w.want(w.approve("acme", code, "Gate"), http.StatusNotFound, "not_found")  // once
	w.want(w.approve("other", code, "Gate"), http.StatusNotFound, "not_found") // and for one company

	got := w.want(w.fetch(id, secret, true), http.StatusCreated, "")
	session := got.json["session"].(map[string]any)
	cookies := got.Result().Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || session["refresh_token"] != nil || strings.Contains(got.Body.String(), cookies[0].Value) {
		t.Errorf("the session of a browser: %s", got.Body)
	}
	w.want(w.fetch(id, secret, true), http.StatusNotFound, "not_found") // once
	device := fmt.Sprint(session["access_token"])
	w.want(w.checkIn(device, "face:asha"), http.StatusCreated, "")
	w.want(w.call("POST", "/sessions/refresh", "", nil, "Cookie", cookies[0].Name+"="+cookies[0].Value), http.StatusOK, "")
	w.want(w.call("DELETE", fmt.Sprint("/companies/acme/kiosks/", made.json["username"]), w.token("acme"), nil), http.StatusNoContent, "")
	w.want(w.checkIn(device, "face:asha"), http.StatusUnauthorized, "unauthorized")

	// An API client keeps its token itself.
	id, code, secret = w.pairing()
	w.want(w.approve("acme", code, "Gate"), http.StatusCreated, "")
	got = w.want(w.fetch(id, secret, false), http.StatusCreated, "")
	if got.json["session"].(map[string]any)["refresh_token"] == nil || len(got.Result().Cookies()) != 0 {
		t.Errorf("the session of a program: %s", got.Body)
	}

	// One revoked before it fetched its session gets none.
	id, code, secret = w.pairing()
	made = w.want(w.approve("acme", code, "Gate"), http.StatusCreated, "")
	w.want(w.call("DELETE", fmt.Sprint("/companies/acme/kiosks/", made.json["username"]), w.token("acme"), nil), http.StatusNoContent, "")
	w.want(w.fetch(id, secret, false), http.StatusNotFound, "not_found")
}

func TestPairingsExpire(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	id, code, secret := w.pairing()
	w.clock.Advance(hajir.PairingLife)
	w.want(w.approve("acme", code, "Gate"), http.StatusNotFound, "not_found")
	w.want(w.fetch(id, secret, false), http.StatusNotFound, "not_found")
	id, code, secret = w.pairing()
	w.want(w.approve("acme", code, "Gate"), http.StatusCreated, "")
	w.clock.Advance(hajir.PairingLife)
	w.want(w.fetch(id, secret, false), http.StatusNotFound, "not_found")
}

// A stranger cannot fill the disk, nor keep other people's devices waiting.
func TestPairingsAreBounded(t *testing.T) {
	w := newWorld(t)
	refused := 0
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 60 {
		wg.Go(func() {
			r := w.call("POST", "/kiosk-pairings", "", nil)
			mu.Lock()
			defer mu.Unlock()
			if r.Code == http.StatusTooManyRequests && r.Header().Get("Retry-After") != "" {
				refused++
			}
		})
	}
	wg.Wait()
	if refused != 40 {
		t.Errorf("%d of 60 refused, want 40", refused)
	}
	for i := range 1000 {
		a := netip.AddrFrom4([4]byte{10, 0, byte(i / 250), byte(i % 250)})
		if _, err := w.app.company.Pair(t.Context(), a); err != nil && (i < 980 || hajir.CodeOf(err) != hajir.RateLimited) {
			t.Fatalf("the device %d: %v", i, err)
		}
	}
	v6 := netip.MustParseAddr("2001:db8::1")
	if _, err := w.app.company.Pair(t.Context(), v6); hajir.CodeOf(err) != hajir.RateLimited {
		t.Errorf("one beyond all: %v", err)
	}
	w.clock.Advance(hajir.PairingLife + time.Second)
	for i := range 21 {
		_, err := w.app.company.Pair(t.Context(), v6)
		if v6 = v6.Next(); (err != nil) != (i == 20) {
			t.Errorf("address %d of one IPv6 network: %v", i, err)
		}
	}
}

// Two admins enter one code at once: one company has the kiosk. Many polls at
// once: one has the session.
func TestPairingRaces(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.company("other")
	id, code, secret := w.pairing()
	count := func(n int, ask func(i int) reply) (created int) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for i := range n {
			wg.Go(func() {
				r := ask(i)
				mu.Lock()
				defer mu.Unlock()
				if r.Code == http.StatusCreated {
					created++
				} else if r.Code != http.StatusNotFound {
					t.Errorf("%d: %s", r.Code, r.Body)
				}
			})
		}
		wg.Wait()
		return created
	}
	if n := count(6, func(i int) reply { return w.approve([]string{"acme", "other"}[i%2], code, "Gate") }); n != 1 {
		t.Errorf("one code made %d kiosks", n)
	}
	kiosks := 0
	for _, c := range []string{"acme", "other"} {
		all, err := w.pool.Devices(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		kiosks += len(all)
	}
	if kiosks != 1 {
		t.Errorf("%d accounts of kiosks, want 1", kiosks)
	}
	if n := count(16, func(int) reply { return w.fetch(id, secret, false) }); n != 1 {
		t.Errorf("%d polls had the session", n)
	}
}

func TestGuessedCodesAreSlowed(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.company("other")
	for range hajir.SlowPairing.Free + 1 {
		w.want(w.approve("acme", "22222222", "Gate"), http.StatusNotFound, "not_found")
	}
	_, code, _ := w.pairing()
	r := w.want(w.approve("acme", code, "Gate"), http.StatusTooManyRequests, "rate_limited")
	if r.Header().Get("Retry-After") != "10" {
		t.Errorf("Retry-After: %q", r.Header().Get("Retry-After"))
	}
	w.want(w.approve("other", "22222222", "Gate"), http.StatusNotFound, "not_found") // its own count
	w.clock.Advance(10 * time.Second)
	w.want(w.approve("acme", code, "Gate"), http.StatusCreated, "")
}

func TestKioskLimits(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.pin("asha", "2580")
	device, _ := w.kiosk("acme")
	path := "/companies/acme/kiosks/" + device.Username
	limit := func(body map[string]any) reply { return w.call("PATCH", path, w.token("acme"), body) }
	at := func(status int, code, position string) {
		t.Helper()
		var headers []string
		if position != "" {
			headers = []string{"Geolocation", position}
		}
		w.clock.Advance(5 * time.Minute)
		w.want(w.checkIn(w.token(device.Username), "face:asha", headers...), status, code)
		w.clock.Advance(5 * time.Minute)
		w.want(w.byPIN(w.token(device.Username), "asha", "2580", headers...), status, code)
	}

	at(http.StatusCreated, "", "")
	// Requests of these tests come from 192.0.2.1.
	made := w.want(limit(map[string]any{"networks": []string{"192.0.2.77/24", "2001:db8::/32"}}), http.StatusOK, "")
	if made.json["version"] != 1.0 || fmt.Sprint(made.json["networks"]) != "[192.0.2.0/24 2001:db8::/32]" {
		t.Errorf("limited: %s", made.Body)
	}
	at(http.StatusCreated, "", "")
	w.want(limit(map[string]any{"networks": []string{"10.0.0.0/8"}}), http.StatusOK, "")
	at(http.StatusForbidden, "kiosk_network", "")
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "") // the admin is no device
	w.want(limit(map[string]any{"networks": []string{}}), http.StatusOK, "")

	fence := map[string]any{"latitude": 27.7056, "longitude": 85.3146, "radius": 100}
	w.want(limit(map[string]any{"geofence": fence, "version": 3}), http.StatusOK, "")
	at(http.StatusForbidden, "kiosk_place", "")
	at(http.StatusForbidden, "kiosk_place", "geo:27.7056,85.3146")
	at(http.StatusForbidden, "kiosk_place", "geo:27.7056,85.3146;u=2000")
	at(http.StatusForbidden, "kiosk_place", "geo:27.8,85.3146;u=10")
	at(http.StatusUnprocessableEntity, "invalid", "Kathmandu")
	at(http.StatusCreated, "", "geo:27.7057,85.3146;u=10")
	dry := w.send("/companies/acme/punches?dry_run=true", w.token(device.Username), facestest.Picture("face:asha"))
	w.want(dry, http.StatusForbidden, "kiosk_place") // looking is checked too
	list := w.want(w.call("GET", "/companies/acme/kiosks", w.token("acme"), nil), http.StatusOK, "")
	if s := list.Body.String(); !strings.Contains(s, `"geofence":{"latitude":27.7056,"longitude":85.3146,"radius":100}`) || !strings.Contains(s, `"networks":[]`) {
		t.Errorf("kiosks: %s", s)
	}
	for _, bad := range []map[string]any{
		{"networks": []string{"office"}},
		{"geofence": map[string]any{"latitude": 91, "longitude": 0, "radius": 50}},
		{"geofence": map[string]any{"latitude": 1, "longitude": 0, "radius": 1}},
		{"geofence": map[string]any{"latitude": 1}},
		{"geofence": fence, "no_geofence": true},
	} {
		w.want(limit(bad), http.StatusUnprocessableEntity, "invalid")
	}
	w.want(limit(map[string]any{"no_geofence": true, "version": 1}), http.StatusConflict, "conflict")
	w.want(limit(map[string]any{"no_geofence": true}), http.StatusOK, "")
	at(http.StatusCreated, "", "")

	w.want(w.call("DELETE", path, w.token("acme"), nil), http.StatusNoContent, "")
	if k, err := w.db.Kiosk(t.Context(), device.Username); err != nil || k.Version != 0 {
		t.Errorf("limits of a revoked kiosk stay: %+v, %v", k, err)
	}
}

// Behind a proxy, its word counts when it is trusted, and nobody else's.
func TestKioskLimitsBehindAProxy(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	device, tokens := w.kiosk("acme")
	w.want(w.call("PATCH", "/companies/acme/kiosks/"+device.Username, admin, map[string]any{"networks": []string{"10.1.0.0/16"}}), http.StatusOK, "")
	office := []string{"X-Forwarded-For", "10.1.2.3"}
	w.want(w.checkIn(tokens.Access, "face:asha", office...), http.StatusForbidden, "kiosk_network")
	s := &server.Server{
		API: w.api(), Pages: w.pages(), Issuer: w.pool.Issuer(), Keys: w.pool.PublicKeys(), Ready: w.db.Ready,
		EndStreams: w.hub.Close, Now: w.now, Log: w.log, Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")},
	}
	w.handler = s.Handler()
	w.want(w.checkIn(tokens.Access, "face:asha", office...), http.StatusCreated, "")
	w.want(w.checkIn(tokens.Access, "face:asha", "X-Forwarded-For", "10.1.2.3, 198.51.100.7"), http.StatusForbidden, "kiosk_network")
	w.want(w.checkIn(tokens.Access, "face:asha"), http.StatusForbidden, "kiosk_network") // the proxy told nothing
}

// A real connection's address is the client's.
func TestClientOfAConnection(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	device, tokens := w.kiosk("acme")
	w.want(w.call("PATCH", "/companies/acme/kiosks/"+device.Username, admin, map[string]any{"networks": []string{"127.0.0.0/8", "::1"}}), http.StatusOK, "")
	srv := httptest.NewServer(w.handler)
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/api/v1/companies/acme/punches", strings.NewReader(string(facestest.Picture("face:asha"))))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+tokens.Access)
	req.Header.Set("Content-Type", "image/jpeg")
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil || res.StatusCode != http.StatusCreated {
		t.Errorf("%d %v, %v", res.StatusCode, body, err)
	}
}
