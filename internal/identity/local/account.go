package local

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Sessions implements identity.Accounts.
func (p *Pool) Sessions(ctx context.Context, username string) ([]identity.OpenSession, error) {
	all, err := p.store.Sessions(ctx, username)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	var open []identity.OpenSession
	for _, s := range all {
		if p.now().Before(s.ExpiresAt) {
			open = append(open, identity.OpenSession{
				ID: s.ID, Client: s.Client, CreatedAt: s.CreatedAt, UsedAt: s.RotatedAt, ExpiresAt: s.ExpiresAt,
			})
		}
	}
	slices.SortFunc(open, func(a, b identity.OpenSession) int {
		return cmp.Or(b.UsedAt.Compare(a.UsedAt), cmp.Compare(a.ID, b.ID))
	})
	return open, nil
}

// EndSession implements identity.Accounts.
func (p *Pool) EndSession(ctx context.Context, username, id string) error {
	s, err := p.store.Session(ctx, id)
	if err == nil && s.Username != username {
		err = hajir.Errorf(hajir.NotFound, "no such session")
	}
	if err != nil {
		return fmt.Errorf("load session: %w", err)
	}
	if err := p.store.DeleteSession(ctx, id); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// EndSessions implements identity.Accounts.
func (p *Pool) EndSessions(ctx context.Context, username, keep string) error {
	all, err := p.store.Sessions(ctx, username)
	if err != nil {
		return fmt.Errorf("list sessions: %w", err)
	}
	for _, s := range all {
		if s.ID == keep {
			continue
		}
		if err := p.store.DeleteSession(ctx, s.ID); err != nil {
			return fmt.Errorf("end session: %w", err)
		}
	}
	return nil
}

// ChangePassword implements identity.Accounts.
func (p *Pool) ChangePassword(ctx context.Context, username, old, password, keep string) error {
	// The new one first: to mistype it is no guess at the old one.
	if err := checkPassword(password); err != nil {
		return err
	}
	u, done, err := p.owner(ctx, username, old)
	if err != nil {
		return err
	}
	if err := done(ctx); err != nil {
		return err
	}
	if u.PasswordHash, err = p.hashPassword(ctx, password); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // both, or the old sessions would live on
	if err := p.store.SaveUser(ctx, u); err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	return p.EndSessions(ctx, username, keep)
}

// owner makes sure that who is signed in knows the account's password: a
// computer left alone must not be enough. It counts a failure that done takes
// back once everything else about the request is right, too.
func (p *Pool) owner(ctx context.Context, username, password string) (u identity.User, done func(context.Context) error, err error) {
	done, err = p.guessed(ctx, username)
	if err != nil {
		return u, nil, err
	}
	if u, err = p.store.User(ctx, username); err != nil {
		return u, nil, fmt.Errorf("load account: %w", err)
	}
	matches := false
	if u.PasswordHash != "" && len(password) <= MaxPassword {
		if matches, err = p.passwordMatches(ctx, u.PasswordHash, password); err != nil {
			return u, nil, err
		}
	}
	if !matches {
		return u, nil, hajir.Errorf(hajir.PasswordWrong, "this is not your present password")
	}
	return u, done, nil
}

// guessed counts a try of somebody signed in; done forgets it and those
// before. These tries are apart from those at signing in, by which strangers
// could keep the owner waiting.
func (p *Pool) guessed(ctx context.Context, username string) (done func(context.Context) error, err error) {
	own := guessAt("own", username, hajir.AccountSlowdown)
	made, err := p.count(ctx, []guess{own})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error { return p.right(ctx, made) }, nil
}
