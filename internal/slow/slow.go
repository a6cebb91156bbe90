// Package slow counts tries whose failure must slow the next ones: guessed
// PINs and codes. The rule itself is hajir.Slowdown.
package slow

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// Store keeps failures.
type Store interface {
	// Failures returns a subject's failures, none at Version 0.
	Failures(ctx context.Context, company, subject string) (hajir.Guesses, error)
	// SaveFailures stores f as the successor of f.Version; a stale version is a
	// *hajir.Error with Conflict.
	SaveFailures(ctx context.Context, f hajir.Guesses) error
	DeleteFailures(ctx context.Context, company, subject string) error
}

// Guard slows. It is safe for concurrent use.
type Guard struct {
	Store Store
	Now   func() time.Time
}

// maxTries bounds how often a count is saved anew when others counted the same
// subject meanwhile.
const maxTries = 32

// Try is one try, written down as a failure before its outcome is known: so
// many tries at once are no more than many in a row.
type Try struct{ before, after hajir.Guesses }

// Wait returns how long a subject still has to wait.
func (g Guard) Wait(ctx context.Context, s hajir.Slowdown, of hajir.Guesses) (time.Duration, error) {
	f, err := g.Store.Failures(ctx, of.Company, of.Subject)
	if err != nil {
		return 0, fmt.Errorf("load failures: %w", err)
	}
	return s.Wait(f.Failures, g.Now()), nil
}

// Begin writes down a try, or refuses it with RateLimited. One that succeeds is
// to be taken back with Undo or Clear.
func (g Guard) Begin(ctx context.Context, s hajir.Slowdown, of hajir.Guesses) (Try, error) {
	for range maxTries {
		f, err := g.Store.Failures(ctx, of.Company, of.Subject)
		if err != nil {
			return Try{}, fmt.Errorf("load failures: %w", err)
		}
		now := g.Now()
		if wait := s.Wait(f.Failures, now); wait > 0 {
			return Try{}, hajir.TooMany(wait)
		}
		t := Try{before: f, after: f}
		t.after.Failures = s.Fail(f.Failures, now)
		err = g.Store.SaveFailures(ctx, t.after)
		if hajir.CodeOf(err) == hajir.Conflict {
			continue
		}
		if err != nil {
			return Try{}, fmt.Errorf("count try: %w", err)
		}
		t.after.Version++
		return t, nil
	}
	return Try{}, hajir.Errorf(hajir.Unavailable, "too many tries at once; try again")
}

// Undo takes one try back, and leaves the subject's other failures.
func (g Guard) Undo(ctx context.Context, t Try) error {
	f := t.before
	f.Version = t.after.Version
	err := g.Store.SaveFailures(ctx, f)
	// When somebody else tried meanwhile, only the count is taken back.
	for range maxTries {
		if hajir.CodeOf(err) != hajir.Conflict {
			break
		}
		if f, err = g.Store.Failures(ctx, f.Company, f.Subject); err == nil && f.Count > 0 {
			f.Count--
			err = g.Store.SaveFailures(ctx, f)
		}
	}
	if err != nil {
		return fmt.Errorf("take try back: %w", err)
	}
	return nil
}

// Clear forgets a subject's failures.
func (g Guard) Clear(ctx context.Context, of hajir.Guesses) error {
	if err := g.Store.DeleteFailures(ctx, of.Company, of.Subject); err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	return nil
}
