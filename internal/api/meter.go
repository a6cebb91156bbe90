package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Meter counts what becomes of the functions' calls.
type Meter interface {
	// Declare names a function before its first call.
	Declare(function string)
	// Invoked counts a call that was worked on; failed through a fault of ours.
	Invoked(function string, failed bool)
	// Took notes how long a call took.
	Took(function string, d time.Duration)
	// Throttled counts a call that was refused because it came too often.
	Throttled(function string)
}

type throttledKey struct{}

// measure counts every call of an operation, whatever becomes of it. A stream
// lasts as long as somebody watches, so that its duration says nothing.
func (a *API) measure(f Function, timed bool) func(huma.Context, func(huma.Context)) {
	a.meter.Declare(string(f))
	return func(ctx huma.Context, next func(huma.Context)) {
		throttled, done := false, false
		start := a.now()
		defer func() {
			if throttled {
				a.meter.Throttled(string(f))
				return
			}
			failed := !done || ctx.Status() >= http.StatusInternalServerError // not done: the handler panicked
			a.meter.Invoked(string(f), failed)
			if timed {
				a.meter.Took(string(f), a.now().Sub(start))
			}
		}()
		next(huma.WithValue(ctx, throttledKey{}, &throttled))
		done = true
	}
}

// throttle notes that a call is refused because it comes too often. A sign-in
// that must wait after wrong passwords is not: there the function has worked.
func throttle(ctx context.Context) {
	if throttled, ok := ctx.Value(throttledKey{}).(*bool); ok {
		*throttled = true
	}
}
