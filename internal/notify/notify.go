// Package notify delivers what happened. The store has notices, written with the
// changes that they follow from (hajir/notice_rules.go); a channel says who wants
// one and brings it there. Read Channel here, then dispatch.go.
//
// Each delivery is made at least once. A repeat, which happens when the program
// ends between a delivery and the note that it was made, has the same key. There
// is no order among deliveries.
package notify

import (
	"context"
	"errors"
	"time"

	"hajir/internal/hajir"
)

// Channel brings notices to those who want them.
type Channel interface {
	// Name is the channel's, the same for ever: deliveries are kept under it. It is
	// a word of small letters.
	Name() string
	// Targets returns who wants a notice: usually nobody. It only reads, and may be
	// asked again. An error is a failed try; other channels do not wait for it.
	Targets(ctx context.Context, n hajir.Notice) ([]Target, error)
	// Deliver brings d to d.Target, before ctx ends. It may be a repeat, which has
	// the same d.Key(). It reads names and addresses now, not before; when who or
	// what it is about is gone, there is nothing to deliver, which is no error. What
	// Permanent or RetryAfter make is heeded; every other error is tried again.
	// The admin reads an error's text: it names no secret.
	Deliver(ctx context.Context, d hajir.Delivery) error
}

// Target is whom a notice goes to.
type Target struct {
	ID        string    // the channel's own, such as a username
	NotBefore time.Time // zero: at once
}

// Store keeps deliveries.
type Store interface {
	// DueDeliveries returns deliveries of all companies that are due at a time, those
	// that are due longest first, beginning behind the one given.
	DueDeliveries(ctx context.Context, at time.Time, behind hajir.Delivery, limit int) ([]hajir.Delivery, error)
	// SaveDelivery stores d as the successor of d.Version; a stale version is a
	// *hajir.Error with Conflict, as it is of what follows.
	SaveDelivery(ctx context.Context, d hajir.Delivery) error
	// SpreadDelivery puts deliveries in the place of d, but for those that are there
	// already.
	SpreadDelivery(ctx context.Context, d hajir.Delivery, to []hajir.Delivery) error
	DeleteDelivery(ctx context.Context, d hajir.Delivery) error
}

// Permanent returns an error for which no further try makes a difference: the
// delivery is dead at once. It is nil for nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err: err, permanent: true}
}

// RetryAfter returns an error of a target that asks not to be tried sooner. It is
// nil for nil.
func RetryAfter(wait time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return &failure{err: err, after: wait}
}

type failure struct {
	err       error
	permanent bool
	after     time.Duration
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// failureOf says what to keep of an error.
func failureOf(err error) hajir.Failure {
	kept := hajir.Failure{Reason: err.Error()}
	if f := (*failure)(nil); errors.As(err, &f) {
		kept.Permanent, kept.After = f.permanent, f.after
	}
	return kept
}
