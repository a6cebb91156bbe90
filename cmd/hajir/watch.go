package main

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"hajir/internal/api"
	"hajir/internal/backup"
	"hajir/internal/config"
	"hajir/internal/doctor"
	"hajir/internal/faces/onnx"
	"hajir/internal/identity/local"
	"hajir/internal/store/sqlite"
)

// measure has the parts of the program tell the metrics what they do.
func (a *app) measure(c config.Config) {
	a.db.Observe(func(ctx context.Context, call sqlite.Call) {
		a.metrics.Stored(call.Method, call.Write, call.Took, call.Failed, call.Busy)
		a.tracer.Stored(ctx, call.Method, call.Took, time.Now(), call.Failed)
	})
	a.metrics.Queue("store writes", 0, func() float64 { return float64(a.db.Writing()) })
	a.pool.Refused = func() { a.metrics.Refused("passwords") }
	a.metrics.Queue("passwords", local.HashingRoom, func() float64 { return float64(a.pool.Hashing()) })
	for _, s := range onnx.Stages() {
		a.metrics.Stages(string(s))
	}
	if r, ok := a.engine.(*onnx.Recognizer); ok {
		r.Observe(func(s onnx.Stage, took time.Duration) { a.metrics.Staged(string(s), took) })
	}
	a.metrics.Disk("data", func() (uint64, uint64, error) { return doctor.Space(c.Data) })
}

// measureBackup adds what is known of the backup.
func (a *app) measureBackup(b *backup.Backup) {
	a.metrics.Gauge("hajir_backup_lag_seconds", "For how long the backup has been behind the data.", func() float64 { return b.Lag().Seconds() })
	a.metrics.Gauge("hajir_backup_drill_success", "0 when the last restore drill failed, else 1.", func() float64 {
		if b.LastDrill().Error != "" {
			return 0
		}
		return 1
	})
	a.metrics.Gauge("hajir_backup_drill_timestamp_seconds", "When the last restore drill was, in Unix time; 0 before the first.", func() float64 {
		if d := b.LastDrill(); !d.At.IsZero() {
			return float64(d.At.Unix())
		}
		return 0
	})
}

// watch wraps what answers requests: it counts them, and traces them.
func (a *app) watch(proxies []netip.Prefix) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		believe := func(r *http.Request) bool { return api.Trusted(r, proxies) }
		return a.tracer.Watch(a.metrics.Watch(next, a.now), believe)
	}
}
