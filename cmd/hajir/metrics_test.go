package main

import (
	"net/http"
	"strings"
	"testing"

	"hajir/internal/api"
)

// scrape reads the metrics with a token.
func (w *world) scrape(token string) reply {
	w.t.Helper()
	return w.do("GET", "/metrics", token, "", http.NoBody)
}

// metric returns the value of one series.
func (w *world) metric(series string) string {
	w.t.Helper()
	for line := range strings.Lines(w.want(w.scrape(metricsToken), http.StatusOK, "").Body.String()) {
		if value, found := strings.CutPrefix(line, series+" "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func TestMetrics(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	const company, attendance = `{function="CompanyRequestHandler"}`, `{function="InternAttendance"}`
	for _, f := range []api.Function{api.PreSignUp, api.Company, api.Employee, api.Attendance, api.Picture} {
		for _, name := range []string{"invocations_total", "errors_total", "throttles_total", "duration_seconds_count"} {
			if n := w.metric(`hajir_function_` + name + `{function="` + string(f) + `"}`); n != "0" {
				t.Errorf("%s of %s is %q before the first call", name, f, n)
			}
		}
	}
	token := w.token("acme")
	w.want(w.checkIn(token, "face:asha"), http.StatusCreated, "")
	w.want(w.checkIn(token, "none"), http.StatusUnprocessableEntity, "face_none") // no error of the function's
	w.want(w.call("GET", "/companies/acme", "", nil), http.StatusUnauthorized, "unauthorized")
	for series, want := range map[string]string{
		"hajir_function_invocations_total" + attendance:      "2",
		"hajir_function_errors_total" + attendance:           "0",
		"hajir_function_duration_seconds_count" + attendance: "2",
		"hajir_function_invocations_total" + company:         "1",
		"hajir_function_throttles_total" + company:           "0",
	} {
		if n := w.metric(series); n != want {
			t.Errorf("%s is %s, want %s", series, n, want)
		}
	}
	// A wrong password that must wait is no throttling of the function.
	for range 12 {
		w.call("POST", "/sessions", "", map[string]any{"username": "acme", "password": "wrong"})
	}
	if n := w.metric(`hajir_function_throttles_total{function="AdminPreSignUpLambdaFunction"}`); n != "0" {
		t.Errorf("%s sign-ins were counted as throttled", n)
	}
	text := w.scrape(metricsToken).Body.String()
	if !strings.Contains(text, "go_goroutines ") || !strings.Contains(text, "process_open_fds ") {
		t.Error("the process is not measured")
	}
	for _, name := range []string{"acme", "asha", "ACME"} {
		if strings.Contains(text, name) {
			t.Errorf("the metrics name %s", name)
		}
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("GET", "/companies/acme", token, nil), http.StatusInternalServerError, "internal")
	if n := w.metric("hajir_function_errors_total" + company); n != "1" {
		t.Errorf("%s errors, want 1", n)
	}
}

// Strangers do not read the metrics, and without a token nobody does.
func TestMetricsAreNotPublic(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for name, token := range map[string]string{"nobody": "", "a guess": "guess", "an admin": w.token("acme"), "a part": metricsToken[:5]} {
		if r := w.scrape(token); r.Code != http.StatusUnauthorized || strings.Contains(r.Body.String(), "go_") {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}
	without := w.metrics.Handler("")
	for _, token := range []string{"", "x"} {
		w.handler = without
		if r := w.scrape(token); r.Code != http.StatusNotFound {
			t.Errorf("without a token: %d %s", r.Code, r.Body)
		}
	}
}
