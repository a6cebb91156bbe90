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

// guesses returns what a sign-in tries: the account, whether there is one or
// not, and as the client who may be trying many.
func guesses(ctx context.Context, username string) (account guess, all []guess) {
	account = guessAt("account", username, hajir.AccountSlowdown)
	all = []guess{account}
	if network := hajir.Network(identity.ClientOf(ctx).Address); network != "" {
		all = append(all, guessAt("address", network, hajir.AddressSlowdown))
	}
	return account, all
}

// maxRaces bounds how often a save is tried again that others overtook. Who
// loses that often is one of a flood.
const maxRaces = 50

// count counts a try as failed before it is made, so that a hundred at once
// are a hundred failures and not one. It refuses while one has to wait, and
// then counts nothing.
func (p *Pool) count(ctx context.Context, all []guess) error {
	now := p.now()
	var wait time.Duration
	for _, g := range all {
		t, err := p.store.Tries(ctx, g.key)
		if err != nil {
			return fmt.Errorf("load tries: %w", err)
		}
		wait = max(wait, g.policy.Wait(t.Failures, now))
	}
	if wait > 0 {
		return hajir.TooMany(wait)
	}
	if err := p.store.DeleteForgottenTries(ctx, now); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	for _, g := range all {
		err := p.changeTries(ctx, g, func(f hajir.Failures) (hajir.Failures, error) {
			if wait := g.policy.Wait(f, now); wait > 0 { // others were faster
				return f, hajir.TooMany(wait)
			}
			return g.policy.Fail(f, now), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// uncount takes back what count counted, and nothing of what was there before.
func (p *Pool) uncount(ctx context.Context, all []guess) error {
	for _, g := range all {
		err := p.changeTries(ctx, g, func(f hajir.Failures) (hajir.Failures, error) {
			f.Count = max(f.Count-1, 0)
			return f, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// right forgets the failures at an account whose owner has come. The client's
// stay but for this try: an account of one's own must not pay for guessing at
// others.
func (p *Pool) right(ctx context.Context, account guess, all []guess) error {
	if err := p.store.DeleteTries(ctx, account.key); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	for _, g := range all {
		if g == account {
			continue
		}
		if err := p.uncount(ctx, []guess{g}); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pool) changeTries(ctx context.Context, g guess, change func(hajir.Failures) (hajir.Failures, error)) error {
	for range maxRaces {
		t, err := p.store.Tries(ctx, g.key)
		if err != nil {
			return fmt.Errorf("load tries: %w", err)
		}
		if t.Failures, err = change(t.Failures); err != nil {
			return err
		}
		t.ForgottenAt = g.policy.Forgotten(t.Failures)
		err = p.store.SaveTries(ctx, t)
		if err == nil {
			return nil
		}
		if hajir.CodeOf(err) != hajir.Conflict {
			return fmt.Errorf("save tries: %w", err)
		}
	}
	return hajir.TooMany(time.Second)
}
