package main

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/server"
)

func TestLimits(t *testing.T) {
	w := newWorld(t)
	token, other := w.company("acme"), w.company("other")
	limited := w.api()
	limited.Limit(api.Limits{Client: 2, Company: 1}, w.clock.Now)
	w.handler = (&server.Server{
		API: limited, Pages: fstest.MapFS{}, Issuer: w.pool.Issuer(), Keys: w.pool.PublicKeys(),
		Ready: w.db.Ready, EndStreams: w.hub.Close, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
		Metrics: w.metrics.Handler(metricsToken),
	}).Handler()

	// Two a second of a company, of which as many again may come at once.
	company := func(token, path string) reply { return w.call("GET", path, token, nil) }
	for range 2 {
		w.want(company(token, "/companies/acme"), http.StatusOK, "")
	}
	r := w.want(company(token, "/companies/acme"), http.StatusTooManyRequests, "rate_limited")
	if r.Header().Get("Retry-After") != "1" {
		t.Errorf("Retry-After: %q", r.Header().Get("Retry-After"))
	}
	const throttled = `hajir_function_throttles_total{function="CompanyRequestHandler"}`
	if n := w.metric(throttled); n != "1" {
		t.Errorf("%s requests were counted as throttled", n)
	}
	w.want(company(other, "/companies/other"), http.StatusOK, "") // another company, and the client's last one
	w.want(company(other, "/companies/other"), http.StatusTooManyRequests, "rate_limited")
	w.want(company("", "/companies/acme"), http.StatusTooManyRequests, "rate_limited") // before it is asked who it is
	w.want(w.call("GET", "/me", token, nil), http.StatusOK, "")                        // another function
	w.clock.Advance(time.Second)
	w.want(company(token, "/companies/acme"), http.StatusOK, "")
	if n := w.metric(throttled); n != "3" {
		t.Errorf("%s requests were counted as throttled", n)
	}
	if n := w.metric(`hajir_function_throttles_total{function="InternAttendance"}`); n != "0" {
		t.Errorf("%s requests to another function were counted", n)
	}
	// What was throttled was not worked on.
	if n := w.metric(`hajir_function_invocations_total{function="CompanyRequestHandler"}`); n != "4" {
		t.Errorf("%s requests were worked on, want 4", n)
	}
}

// Every operation that takes a file, a picture or a while has its bound, and a new
// one is written down here too.
func TestWhatTakesAWhileIsBounded(t *testing.T) {
	queues := map[string]string{
		"check-in":              "pictures",
		"check-in-by-challenge": "pictures",
		"download-data":         "downloads",
		"enrol-face":            "pictures",
		"examine-face":          "pictures",
		"export-audit":          "downloads",
		"export-payroll":        "report files",
		"export-questions":      "downloads",
		"export-report":         "report files",
		"export-time-sheet":     "report files",
		"get-report":            "reports",
		"get-report-file":       "downloads",
		"get-time-sheet":        "reports",
		"import-events":         "imports",
		"import-file":           "imports",
		"import-invitations":    "imports",
		"set-picture":           "pictures",
		"verify-audit":          "reports",
		"watch-board":           "streams",
	}
	doc := newWorld(t).api().OpenAPI()
	for path, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			name, _ := op.Extensions["x-hajir-queue"].(string)
			if name != queues[op.OperationID] {
				t.Errorf("%s stands in %q, want %q", op.OperationID, name, queues[op.OperationID])
			}
			if op.RequestBody == nil {
				continue
			}
			for kind := range op.RequestBody.Content {
				if name == "" && (strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "image/")) {
					t.Errorf("%s %s takes a file, and has no bound", op.OperationID, path)
				}
			}
		}
	}
}
