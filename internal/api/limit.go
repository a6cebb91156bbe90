package api

import (
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/time/rate"

	"hajir/internal/hajir"
)

// Limits bound how many requests a second each function answers; zero is no
// bound. Twice as many may come at once.
type Limits struct {
	Client  float64 // from one client
	Company float64 // from one company's accounts
}

// Limit sets the bounds, before the first request.
func (a *API) Limit(l Limits, now func() time.Time) {
	a.limits = &limiter{limits: l, now: now, buckets: map[bucketKey]*bucket{}}
}

// limitClient holds a client to its bound, before any work is done for it.
func (a *API) limitClient(f Function) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if err := a.limits.take(f, "client", network(ctx)); err != nil {
			throttle(ctx.Context())
			a.write(ctx, err)
			return
		}
		next(ctx)
	}
}

// limitCompany holds a company to its bound, once the caller is known.
func (a *API) limitCompany(f Function) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if err := a.limits.take(f, "company", Caller(ctx.Context()).Company); err != nil {
			throttle(ctx.Context())
			a.write(ctx, err)
			return
		}
		next(ctx)
	}
}

type bucketKey struct {
	function Function
	kind     string
	name     string
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

// maxBuckets bounds the memory, to about 20 MB.
const maxBuckets = 100_000

// limiter keeps a token bucket for each function and each client or company.
type limiter struct {
	limits Limits
	now    func() time.Time

	mu      sync.Mutex
	buckets map[bucketKey]*bucket
}

// take takes a token, or refuses and says when there is one. Who has no name,
// such as a caller that is not signed in yet, has no bucket.
func (l *limiter) take(f Function, kind, name string) error {
	if l == nil || name == "" {
		return nil
	}
	perSecond := l.limits.Client
	if kind == "company" {
		perSecond = l.limits.Company
	}
	if perSecond <= 0 {
		return nil
	}
	now := l.now()
	r := l.bucket(bucketKey{f, kind, name}, perSecond, now).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	err := hajir.Errorf(hajir.RateLimited, "too many requests at once; send fewer, and come again in a moment")
	err.RetryAfter = wait
	return err
}

func (l *limiter) bucket(key bucketKey, perSecond float64, now time.Time) *bucket {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= maxBuckets {
			l.sweep(now)
		}
		burst := max(1, int(2*perSecond))
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(perSecond), burst)}
		l.buckets[key] = b
	}
	b.used = now
	return b
}

// refilled is after how long an unused bucket is full for certain.
func refilled(b *bucket) time.Duration {
	return time.Duration(float64(b.Burst()) / float64(b.Limit()) * float64(time.Second))
}

// sweep removes buckets that are full again, which are as good as new ones. If
// all are in use, some are forgotten: better a few requests too many than no
// memory.
func (l *limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if now.Sub(b.used) >= refilled(b) {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < maxBuckets*9/10 {
			return
		}
		delete(l.buckets, key)
	}
}
