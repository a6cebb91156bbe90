package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"hajir/internal/lambdaapi"
	"hajir/internal/lambdaapi/lambdatest"
)

// throughLambda has requests reach handler as they do on AWS: as events of API
// Gateway. With HAJIR_TEST_THROUGH=lambda all tests' do (make test-lambda).
func throughLambda(handler http.Handler) http.Handler {
	f := &lambdaapi.Function{HTTP: handler, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	return &lambdatest.Gateway{Invoke: f.Invoke, Stage: "dev"}
}

// The main ways through the program, by way of events: signing in, a picture in,
// a picture out, refusals, and an event stream.
func TestThroughLambda(t *testing.T) {
	w := newWorld(t)
	w.handler = throughLambda(serverOf(w.app))
	admin := w.company("acme")
	w.person("acme", "asha")
	_, kiosk := w.kiosk("acme")

	r := w.want(w.call(http.MethodPost, "/sessions", "", map[string]any{"username": "acme", "password": password}), http.StatusCreated, "")
	if r.json["access_token"] == nil {
		t.Errorf("signed in without a token: %s", r.Body)
	}
	if r.Header().Get("X-Request-Id") == "" || r.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", r.Header())
	}
	in := w.want(w.checkIn(kiosk.Access, "face:asha"), http.StatusCreated, "")
	w.want(w.checkIn(kiosk.Access, "none"), http.StatusUnprocessableEntity, "face_none")
	w.want(w.checkIn("", "face:asha"), http.StatusUnauthorized, "unauthorized")
	w.want(w.send("/companies/acme/punches", kiosk.Access, []byte("no picture")), http.StatusUnprocessableEntity, "picture_invalid")

	stream := w.call(http.MethodGet, "/companies/acme/board/events", admin, nil)
	if stream.Code != http.StatusOK || !strings.Contains(stream.Body.String(), `"present"`) || !strings.HasSuffix(stream.Body.String(), "\n\n") {
		t.Errorf("events: %d %.300s", stream.Code, stream.Body)
	}
	day, err := w.db.Day(t.Context(), "asha", "2026-03-02")
	if err != nil || len(day.Punches) != 1 {
		t.Fatalf("%d punches, %v", len(day.Punches), err)
	}
	kept, err := w.bucket.Get(t.Context(), day.Punches[0].Picture)
	if err != nil {
		t.Fatal(err)
	}
	picture := w.do(http.MethodGet, w.linkOf(in).String(), "", "", http.NoBody)
	if picture.Code != http.StatusOK || picture.Header().Get("Content-Type") != "image/jpeg" || !bytes.Equal(picture.Body.Bytes(), kept) {
		t.Errorf("the picture: %d, %v, %d bytes of %d", picture.Code, picture.Header(), picture.Body.Len(), len(kept))
	}

	counted := w.do(http.MethodGet, "/metrics", metricsToken, "", http.NoBody).Body.String()
	for _, line := range []string{`hajir_attendance_total{outcome="recorded",why="kiosk"} 1`, `hajir_attendance_total{outcome="refused",why="face_none"} 1`} {
		if !strings.Contains(counted, line) {
			t.Errorf("%s is not counted", line)
		}
	}
}
