package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// What is tried. The key is a hash: people type passwords into the field for
// their username.
type guess struct {
	key    string
	policy hajir.Slowdown
}

func guessAt(what, name string, policy hajir.Slowdown) guess {
	sum := sha256.Sum256([]byte(what + "\x00" + name))
	return guess{key: hex.EncodeToString(sum[:]), policy: policy}
}

// guesses returns what a sign-in tries: the account first, whether there is
// one or not, and as the client who may be trying many.
func guesses(ctx context.Context, username string) []guess {
	return append([]guess{guessAt("account", username, hajir.AccountSlowdown)}, clientGuesses(ctx)...)
}

// clientGuesses returns what the client alone is counted by; nothing where it
// is not known.
func clientGuesses(ctx context.Context) []guess {
	if network := hajir.Network(identity.ClientOf(ctx).Address); network != "" {
		return []guess{guessAt("address", network, hajir.AddressSlowdown)}
	}
	return nil
}

// counted is a try that was counted as a failure, and what was there before.
type counted struct {
	guess
	before identity.Tries
}

// maxRaces bounds how often a save is tried again that others overtook. Who
// loses that often is one of a flood.
const maxRaces = 50

// count counts a try as failed before it is made, so that a hundred at once
// are a hundred failures and not one. It refuses while one has to wait, and
// then counts nothing.
func (p *Pool) count(ctx context.Context, all []guess) ([]counted, error) {
	now := p.now()
	var wait time.Duration
	for _, g := range all {
		t, err := p.store.Tries(ctx, g.key)
		if err != nil {
			return nil, fmt.Errorf("load tries: %w", err)
		}
		wait = max(wait, g.policy.Wait(t.Failures, now))
	}
	if wait > 0 {
		return nil, hajir.TooMany(wait)
	}
	if err := p.store.DeleteForgottenTries(ctx, now); err != nil {
		return nil, fmt.Errorf("forget tries: %w", err)
	}
	made := make([]counted, len(all))
	for i, g := range all {
		before, err := p.changeTries(ctx, g, func(f hajir.Failures) (hajir.Failures, error) {
			if wait := g.policy.Wait(f, now); wait > 0 { // others were faster
				return f, hajir.TooMany(wait)
			}
			return g.policy.Fail(f, now), nil
		})
		if err != nil {
			return nil, err
		}
		made[i] = counted{guess: g, before: before}
	}
	return made, nil
}

// uncount takes back what count counted, so that everything, the wait too, is
// as it was before.
func (p *Pool) uncount(ctx context.Context, made []counted) error {
	for _, c := range made {
		t := c.before
		t.ForgottenAt = c.policy.Forgotten(t.Failures)
		t.Version++
		err := p.store.SaveTries(ctx, t)
		if hajir.CodeOf(err) == hajir.Conflict { // others have failed meanwhile, and theirs stays
			_, err = p.changeTries(ctx, c.guess, func(f hajir.Failures) (hajir.Failures, error) {
				f.Count = max(f.Count-1, 0)
				return f, nil
			})
		}
		if err != nil {
			return fmt.Errorf("take try back: %w", err)
		}
	}
	return nil
}

// right forgets the failures at the first, the account whose owner has come.
// The client's stay but for this try: an account of one's own must not pay for
// guessing at others.
func (p *Pool) right(ctx context.Context, made []counted) error {
	if err := p.store.DeleteTries(ctx, made[0].key); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	return p.uncount(ctx, made[1:])
}

// changeTries saves a change and returns what was there before it.
func (p *Pool) changeTries(ctx context.Context, g guess, change func(hajir.Failures) (hajir.Failures, error)) (identity.Tries, error) {
	for range maxRaces {
		before, err := p.store.Tries(ctx, g.key)
		if err != nil {
			return before, fmt.Errorf("load tries: %w", err)
		}
		t := before
		if t.Failures, err = change(t.Failures); err != nil {
			return before, err
		}
		t.ForgottenAt = g.policy.Forgotten(t.Failures)
		err = p.store.SaveTries(ctx, t)
		if err == nil {
			return before, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict {
			return before, fmt.Errorf("save tries: %w", err)
		}
	}
	return identity.Tries{}, hajir.TooMany(time.Second)
}
