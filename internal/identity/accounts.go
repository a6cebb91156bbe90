package identity

import (
	"context"
	"time"
)

// Accounts is what people do with their own account when they are in. A wrong
// password or code is refused with PasswordWrong or TOTPWrong, and slows
// further tries like those at signing in, but apart from them.
type Accounts interface {
	// Sessions returns an account's sign-ins that have not ended, the one used
	// last first.
	Sessions(ctx context.Context, username string) ([]OpenSession, error)
	// EndSession ends one of an account's sessions at once, or returns NotFound.
	EndSession(ctx context.Context, username, id string) error
	// EndSessions ends all of an account's sessions at once but keep, which may
	// be "".
	EndSessions(ctx context.Context, username, keep string) error
	// ChangePassword replaces a password that its owner knows, and ends the
	// other sessions.
	ChangePassword(ctx context.Context, username, old, password, keep string) error
}

// OpenSession is one sign-in, as its owner sees it.
type OpenSession struct {
	ID        string
	Client    Client // that signed in
	CreatedAt time.Time
	UsedAt    time.Time // when it was renewed last
	ExpiresAt time.Time
}
