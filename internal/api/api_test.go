package api_test

import (
	"testing"

	"hajir/internal/api"
)

// What names somebody, or is a secret, does not get into the log.
func TestLogPath(t *testing.T) {
	for path, want := range map[string]string{
		"/api/v1/me":                      "/api/v1/me",
		"/api/v1/unsubscribe":             "/api/v1/unsubscribe",
		"/api/v1/unsubscribe/YXNoYQ.mac":  "/api/v1/unsubscribe/…",
		"/API/v1/Unsubscribe/YXNoYQ.mac/": "/API/v1/Unsubscribe/…",
		"/api/v1/feed/secret.ics":         "/api/v1/feed/…",
	} {
		if got := api.LogPath(path); got != want {
			t.Errorf("%s is logged as %s, want %s", path, got, want)
		}
	}
}
