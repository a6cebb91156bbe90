// Package identity is the port to who people are: accounts, passwords and
// tokens. local is the built-in user pool, and identitytest holds the suite
// that every adapter must pass. Read this file first.
package identity

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// User is an account that can hold tokens: a person or a device.
type User struct {
	Username  string
	Name      string // as shown
	Company   string // the company's Username
	Role      hajir.Role
	Disabled  bool
	CreatedAt time.Time
	// PasswordHash is empty for an account without a password, such as a device.
	PasswordHash string
	Version      int // grows by one with every stored change; zero means never stored
}

// Principal is who a valid access token speaks for.
type Principal struct {
	Username string
	Name     string // as shown
	Company  string
	Role     hajir.Role
	Session  string    // the sign-in that the token belongs to
	Expires  time.Time // when the token does
}

// Tokens are what a sign-in hands out.
type Tokens struct {
	Access           string // RS256 JWT for the Authorization header
	AccessExpiresAt  time.Time
	Refresh          string // opaque; each use replaces it
	RefreshExpiresAt time.Time
}

// Pool keeps accounts. Failures carry a code: Unauthorized for anything wrong
// with a password or token, WeakPassword, Conflict for a username in use and
// NotFound.
type Pool interface {
	// Create adds an account. An empty password makes one that cannot sign in
	// with a password.
	Create(ctx context.Context, u User, password string) error
	// CheckPassword says whether a password would be taken.
	CheckPassword(password string) error
	// SetPassword replaces a password and ends the account's sessions.
	SetPassword(ctx context.Context, username, password string) error
	// SetDisabled closes or opens an account. Closing ends its sessions at once.
	SetDisabled(ctx context.Context, username string, disabled bool) error
	// SetRole gives a person's account another of the roles that people have,
	// and ends its sessions, whose tokens state the one before; the role that it
	// has changes nothing. Any other account keeps its role, and no account gets
	// another: Conflict.
	SetRole(ctx context.Context, username string, role hajir.Role) error
	// Rename changes the name that is shown of an account.
	Rename(ctx context.Context, username, name string) error
	// Delete removes an account and its sessions; one that is not there is no
	// error.
	Delete(ctx context.Context, username string) error
	// User returns one account.
	User(ctx context.Context, username string) (User, error)
	// Devices returns a company's accounts with role kiosk, oldest first.
	Devices(ctx context.Context, company string) ([]User, error)
	// SignIn exchanges a password for tokens. An account with two-factor sign-in
	// asks for a code, too, from its authenticator or a recovery code: without
	// one the answer is TOTPRequired, with a wrong one TOTPWrong. Failures slow further tries at
	// the account, and those of the client (see WithClient): RateLimited.
	SignIn(ctx context.Context, username, password, code string) (User, Tokens, error)
	// Issue hands out tokens for an account without asking for a password.
	Issue(ctx context.Context, username string) (Tokens, error)
	// Refresh exchanges a refresh token for new tokens. One that was used
	// before ends its session.
	Refresh(ctx context.Context, refresh string) (User, Tokens, error)
	// SignOut ends the session that a refresh token belongs to.
	SignOut(ctx context.Context, refresh string) error
}

// Verifier checks access tokens.
type Verifier interface {
	// Verify returns who token speaks for, or an Unauthorized error.
	Verify(ctx context.Context, token string) (Principal, error)
}

// Session is one sign-in of the built-in pool, as a store keeps it.
type Session struct {
	ID        string
	Username  string
	Client    Client // that signed in
	Current   []byte // SHA-256 of the refresh token's secret that is good now
	Previous  []byte // of the one it replaced
	CreatedAt time.Time
	RotatedAt time.Time // when Current was made: when the session was last used
	ExpiresAt time.Time
	Version   int // grows by one with every stored change; zero means never stored
}
