package api

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"hajir/internal/hajir"
)

func TestLimiterIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	a := &API{}
	a.Limit(Limits{Client: 1, Company: 0.1}, func() time.Time { return now })
	for i := range maxBuckets + 1000 {
		if err := a.limits.take(Attendance, "client", strconv.Itoa(i)); err != nil {
			t.Fatalf("the first request of client %d: %v", i, err)
		}
	}
	if n := len(a.limits.buckets); n > maxBuckets {
		t.Errorf("%d buckets", n)
	}
	now = now.Add(time.Hour)
	a.limits.sweep(now)
	if n := len(a.limits.buckets); n != 0 {
		t.Errorf("%d buckets are kept that are full again", n)
	}
	// A rate below one a second lets one through, and then waits.
	for _, want := range []time.Duration{0, 10 * time.Second} {
		err := a.limits.take(Attendance, "company", "acme")
		var e *hajir.Error
		if errors.As(err, &e) != (want > 0) || want > 0 && e.RetryAfter != want {
			t.Errorf("take = %v, want a wait of %v", err, want)
		}
	}
}
