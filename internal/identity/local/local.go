// Package local is the built-in user pool: argon2id passwords, RS256 access
// tokens and rotating refresh tokens. Read local.go first, then session.go;
// tries.go slows guessing, account.go is for people who are in, totp.go for their
// second factor.
package local

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Store keeps accounts and sessions. Loading what is not there returns a
// *hajir.Error with NotFound; saving at a stale version returns Conflict.
type Store interface {
	User(ctx context.Context, username string) (identity.User, error)
	SaveUser(ctx context.Context, u identity.User) error
	DeleteUser(ctx context.Context, username string) error
	UsersByRole(ctx context.Context, company string, role hajir.Role) ([]identity.User, error)
	Session(ctx context.Context, id string) (identity.Session, error)
	// Sessions returns all of an account's sessions, those that expired too.
	Sessions(ctx context.Context, username string) ([]identity.Session, error)
	SaveSession(ctx context.Context, s identity.Session) error
	DeleteSession(ctx context.Context, id string) error
	DeleteSessions(ctx context.Context, username string) error
	SecondFactor(ctx context.Context, username string) (identity.SecondFactor, error)
	SaveSecondFactor(ctx context.Context, f identity.SecondFactor) error
	DeleteSecondFactor(ctx context.Context, username string) error
	// Tries returns the wrong tries at key; none is no error.
	Tries(ctx context.Context, key string) (identity.Tries, error)
	SaveTries(ctx context.Context, t identity.Tries) error
	DeleteTries(ctx context.Context, key string) error
	// DeleteForgottenTries removes tries whose ForgottenAt is before t.
	DeleteForgottenTries(ctx context.Context, t time.Time) error
}

// How long tokens live. A refresh token's life starts anew at each rotation;
// devices stand unattended and get longer.
const (
	AccessLife  = 15 * time.Minute
	RefreshLife = 30 * 24 * time.Hour
	DeviceLife  = 365 * 24 * time.Hour
)

// Pool is the built-in user pool. It implements identity.Pool and
// identity.Verifier, and is safe for concurrent use.
type Pool struct {
	// HashMemory is the memory in KiB that hashing a password takes, for as long
	// as the password then protects. Tests that are not about passwords lower it.
	HashMemory uint32

	store   Store
	now     func() time.Time
	issuer  string
	private jwk.Key
	public  jwk.Set
	hashing chan struct{} // a slot for each password being hashed
	waiting atomic.Int32  // who has one or waits for one
	dummy   func() string // a hash to compare with when there is no account
}

var (
	_ identity.Pool     = (*Pool)(nil)
	_ identity.Accounts = (*Pool)(nil)
	_ identity.Verifier = (*Pool)(nil)
)

// New returns a pool over store whose tokens name issuer and are signed with
// signingKey, an RSA private key as a JWK in JSON (see NewSigningKey).
func New(store Store, now func() time.Time, issuer string, signingKey []byte) (*Pool, error) {
	private, public, err := parseSigningKey(signingKey)
	if err != nil {
		return nil, err
	}
	p := &Pool{
		HashMemory: argonMemory,
		store:      store, now: now, issuer: issuer, private: private, public: public,
		hashing: make(chan struct{}, 2),
	}
	p.dummy = sync.OnceValue(func() string {
		a := p.newArgon()
		a.derive("an account that does not exist")
		return a.String()
	})
	return p, nil
}

// Create implements identity.Pool.
func (p *Pool) Create(ctx context.Context, u identity.User, password string) error {
	if err := hajir.ValidateUsername(u.Username); err != nil {
		return err
	}
	u.PasswordHash, u.Version, u.CreatedAt = "", 0, p.now()
	if password != "" {
		if err := checkPassword(password); err != nil {
			return err
		}
		hash, err := p.hashPassword(ctx, password)
		if err != nil {
			return err
		}
		u.PasswordHash = hash
	}
	err := p.store.SaveUser(ctx, u)
	if hajir.CodeOf(err) == hajir.Conflict {
		return &hajir.Error{Code: hajir.Conflict, Message: "this username is in use; choose another", Cause: err}
	}
	if err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	return nil
}

// CheckPassword implements identity.Pool.
func (p *Pool) CheckPassword(password string) error { return checkPassword(password) }

// SetPassword implements identity.Pool.
func (p *Pool) SetPassword(ctx context.Context, username, password string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	hash, err := p.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return p.change(ctx, username, func(u *identity.User) { u.PasswordHash = hash })
}

// SetDisabled implements identity.Pool.
func (p *Pool) SetDisabled(ctx context.Context, username string, disabled bool) error {
	return p.change(ctx, username, func(u *identity.User) { u.Disabled = disabled })
}

// SetRole implements identity.Pool.
func (p *Pool) SetRole(ctx context.Context, username string, role hajir.Role) error {
	u, err := p.store.User(ctx, username)
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	if u.Role == role {
		return nil
	}
	if !u.Role.OfPerson() || !role.OfPerson() {
		return hajir.Errorf(hajir.Conflict, "the role of this account is %s and cannot become %s", u.Role, role)
	}
	return p.change(ctx, username, func(u *identity.User) { u.Role = role })
}

// change saves an account anew and ends its sessions, which were handed out
// for what it was before.
func (p *Pool) change(ctx context.Context, username string, f func(*identity.User)) error {
	u, err := p.store.User(ctx, username)
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	f(&u)
	ctx = context.WithoutCancel(ctx) // both, or the old sessions would live on
	if err := p.store.SaveUser(ctx, u); err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	if err := p.store.DeleteSessions(ctx, username); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// Delete implements identity.Pool.
func (p *Pool) Delete(ctx context.Context, username string) error {
	if err := p.store.DeleteSessions(ctx, username); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	if err := p.store.DeleteSecondFactor(ctx, username); err != nil {
		return fmt.Errorf("delete second factor: %w", err)
	}
	if err := p.store.DeleteUser(ctx, username); err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	return nil
}

// Rename implements identity.Pool. Sessions go on: a name gives no rights.
func (p *Pool) Rename(ctx context.Context, username, name string) error {
	u, err := p.store.User(ctx, username)
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	if u.Name == name {
		return nil
	}
	u.Name = name
	if err := p.store.SaveUser(ctx, u); err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	return nil
}

// User implements identity.Pool.
func (p *Pool) User(ctx context.Context, username string) (identity.User, error) {
	return p.store.User(ctx, username)
}

// Devices implements identity.Pool.
func (p *Pool) Devices(ctx context.Context, company string) ([]identity.User, error) {
	return p.store.UsersByRole(ctx, company, hajir.RoleKiosk)
}

// SignIn implements identity.Pool. Whether the account exists shows neither in
// the answer nor in the time it takes, nor in when it is slowed.
func (p *Pool) SignIn(ctx context.Context, username, password, code string) (identity.User, identity.Tokens, error) {
	refused := hajir.Errorf(hajir.Unauthorized, "the username or the password is wrong")
	username = strings.ToLower(strings.TrimSpace(username))
	made, err := p.count(ctx, guesses(ctx, username))
	if err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
	u, err := p.store.User(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return u, identity.Tokens{}, fmt.Errorf("load account: %w", err)
	}
	hash := u.PasswordHash
	if hash == "" {
		hash = p.dummy()
	}
	if len(password) > MaxPassword {
		return identity.User{}, identity.Tokens{}, refused
	}
	matches, err := p.passwordMatches(ctx, hash, password)
	if err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
	if !matches || u.PasswordHash == "" || u.Disabled {
		return identity.User{}, identity.Tokens{}, refused
	}
	if err := p.checkCode(ctx, username, code); err != nil {
		// To be asked for a code is no failure, and no success that would
		// forget wrong codes.
		if hajir.CodeOf(err) == hajir.TOTPRequired {
			err = cmp.Or(p.uncount(ctx, made), err)
		}
		return identity.User{}, identity.Tokens{}, err
	}
	if err := p.right(ctx, made); err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
	tokens, err := p.newSession(ctx, u)
	return u, tokens, err
}

// Issue implements identity.Pool.
func (p *Pool) Issue(ctx context.Context, username string) (identity.Tokens, error) {
	u, err := p.store.User(ctx, username)
	if err != nil {
		return identity.Tokens{}, fmt.Errorf("load account: %w", err)
	}
	if u.Disabled {
		return identity.Tokens{}, hajir.Errorf(hajir.Forbidden, "this account is closed")
	}
	return p.newSession(ctx, u)
}
