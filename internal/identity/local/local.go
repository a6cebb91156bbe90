// Package local is the built-in user pool: argon2id passwords, RS256 access
// tokens and rotating refresh tokens. Read local.go first, then session.go;
// tries.go slows guessing, account.go is for people who are in, totp.go for their
// second factor, passkey.go for what replaces the password.
package local

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
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
	// OpenUsersByEmail returns at most limit accounts that are not closed and
	// have a mail address, given as hajir.MailKey writes it.
	OpenUsersByEmail(ctx context.Context, email string, limit int) ([]identity.User, error)
	Session(ctx context.Context, id string) (identity.Session, error)
	// Sessions returns all of an account's sessions, those that expired too.
	Sessions(ctx context.Context, username string) ([]identity.Session, error)
	SaveSession(ctx context.Context, s identity.Session) error
	DeleteSession(ctx context.Context, id string) error
	DeleteSessions(ctx context.Context, username string) error
	SecondFactor(ctx context.Context, username string) (identity.SecondFactor, error)
	SaveSecondFactor(ctx context.Context, f identity.SecondFactor) error
	DeleteSecondFactor(ctx context.Context, username string) error
	Passkey(ctx context.Context, id string) (identity.Credential, error)
	Passkeys(ctx context.Context, username string) ([]identity.Credential, error)
	SavePasskey(ctx context.Context, c identity.Credential) error
	DeletePasskey(ctx context.Context, id string) error
	DeletePasskeys(ctx context.Context, username string) error
	// UseChallenge notes that a challenge was answered, and is a Conflict the
	// second time. It may be forgotten after expires.
	UseChallenge(ctx context.Context, challenge string, expires time.Time) error
	// Tries returns the wrong tries at key; none is no error.
	Tries(ctx context.Context, key string) (identity.Tries, error)
	SaveTries(ctx context.Context, t identity.Tries) error
	DeleteTries(ctx context.Context, key string) error
	// DeleteForgottenTries removes tries whose ForgottenAt is before t.
	DeleteForgottenTries(ctx context.Context, t time.Time) error
	// Record notes in the audit log what changed no record.
	Record(ctx context.Context, e hajir.Event) error
}

// How long tokens live. A refresh token's life starts anew at each rotation;
// devices stand unattended and get longer.
const (
	AccessLife  = 15 * time.Minute
	RefreshLife = 30 * 24 * time.Hour
	DeviceLife  = 365 * 24 * time.Hour
)

// Pool is the built-in user pool. It implements identity.Pool and is safe for
// concurrent use. Its tokens are verified by package oidc, like all others.
type Pool struct {
	// HashMemory is the memory in KiB that hashing a password takes, for as long
	// as the password then protects. Tests that are not about passwords lower it.
	HashMemory uint32
	// Refused is called for each who found too many waiting before them.
	Refused func()

	store   Store
	now     func() time.Time
	issuer  string
	private jwk.Key
	public  jwk.Set
	hashing chan struct{} // a slot for each password being hashed
	waiting atomic.Int32  // who has one or waits for one
	dummy   func() string // a hash to compare with when there is no account
	party   *webauthn.WebAuthn
	origin  string // where passkeys work; "" where they cannot, and then party is nil
}

var (
	_ identity.Pool     = (*Pool)(nil)
	_ identity.Accounts = (*Pool)(nil)
	_ identity.Passkeys = (*Pool)(nil)
)

// New returns a pool over store whose tokens name issuer, which is where people
// reach the site, and are signed with signingKey, an RSA private key as a JWK in
// JSON (see NewSigningKey).
func New(store Store, now func() time.Time, issuer string, signingKey []byte) (*Pool, error) {
	private, public, err := parseSigningKey(signingKey)
	if err != nil {
		return nil, err
	}
	p := &Pool{
		HashMemory: argonMemory,
		store:      store, now: now, issuer: issuer, private: private, public: public,
		hashing: make(chan struct{}, 2),
		Refused: func() {},
	}
	p.dummy = sync.OnceValue(func() string {
		a := p.newArgon()
		a.derive("an account that does not exist")
		return a.String()
	})
	if p.party, p.origin, err = relyingParty(issuer); err != nil {
		return nil, err
	}
	return p, nil
}

// Hashing returns how many passwords and PINs are hashed or wait for it.
func (p *Pool) Hashing() int { return int(p.waiting.Load()) }

// HashingRoom is how many may.
const HashingRoom = maxWaiting

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
	if err := p.RemovePasskeys(ctx, username); err != nil {
		return err
	}
	if err := p.store.DeleteUser(ctx, username); err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	return nil
}

// Rename implements identity.Pool.
func (p *Pool) Rename(ctx context.Context, username, name string) error {
	return p.describe(ctx, username, func(u *identity.User) { u.Name = name })
}

// SetEmail implements identity.Pool.
func (p *Pool) SetEmail(ctx context.Context, username, email string) error {
	return p.describe(ctx, username, func(u *identity.User) { u.Email = email })
}

// describe saves what gives no rights, so that sessions go on.
func (p *Pool) describe(ctx context.Context, username string, f func(*identity.User)) error {
	u, err := p.store.User(ctx, username)
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	before := u
	if f(&u); u == before {
		return nil
	}
	if err := p.store.SaveUser(ctx, u); err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	return nil
}

// User implements identity.Pool.
func (p *Pool) User(ctx context.Context, username string) (identity.User, error) {
	return p.store.User(ctx, username)
}

// maxFound bounds how many accounts Find returns that share a mail address.
const maxFound = 5

// Find implements identity.Pool.
func (p *Pool) Find(ctx context.Context, name string) ([]identity.User, error) {
	if isAddress(name) {
		found, err := p.store.OpenUsersByEmail(ctx, hajir.MailKey(name), maxFound)
		if err != nil {
			return nil, fmt.Errorf("find account: %w", err)
		}
		return found, nil
	}
	u, err := p.store.User(ctx, strings.ToLower(strings.TrimSpace(name)))
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && u.Disabled {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load account: %w", err)
	}
	return []identity.User{u}, nil
}

// isAddress tells mail addresses from usernames, which have no @.
func isAddress(name string) bool { return strings.Contains(name, "@") }

// meant returns the username of the account that somebody signs in to, so that
// its tries are counted however it is named. An address that no open account
// has, or several have, means nobody, and stands for itself.
func (p *Pool) meant(ctx context.Context, name string) (string, error) {
	if !isAddress(name) {
		return strings.ToLower(strings.TrimSpace(name)), nil
	}
	found, err := p.store.OpenUsersByEmail(ctx, hajir.MailKey(name), 2)
	if err != nil {
		return "", fmt.Errorf("find account: %w", err)
	}
	if len(found) == 1 {
		return found[0].Username, nil
	}
	return hajir.MailKey(name), nil
}

// Devices implements identity.Pool.
func (p *Pool) Devices(ctx context.Context, company string) ([]identity.User, error) {
	return p.store.UsersByRole(ctx, company, hajir.RoleKiosk)
}

// SignIn implements identity.Pool. Whether the account exists shows neither in
// the answer nor in the time it takes, nor in when it is slowed.
func (p *Pool) SignIn(ctx context.Context, name, password, code string) (identity.User, identity.Tokens, error) {
	refused := hajir.Errorf(hajir.Unauthorized, "the username or the password is wrong")
	username, err := p.meant(ctx, name)
	if err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
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
		return identity.User{}, identity.Tokens{}, cmp.Or(p.refuse(ctx, u), error(refused))
	}
	matches, err := p.passwordMatches(ctx, hash, password)
	if err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
	if !matches || u.PasswordHash == "" || u.Disabled {
		return identity.User{}, identity.Tokens{}, cmp.Or(p.refuse(ctx, u), error(refused))
	}
	if err := p.checkCode(identity.Prove(ctx, u), username, code); err != nil {
		// To be asked for a code is no failure, and no success that would
		// forget wrong codes.
		if hajir.CodeOf(err) == hajir.TOTPRequired {
			err = cmp.Or(p.uncount(ctx, made), err)
		} else if hajir.CodeOf(err) == hajir.TOTPWrong {
			err = cmp.Or(p.refuse(ctx, u), err)
		}
		return identity.User{}, identity.Tokens{}, err
	}
	if err := p.right(ctx, made); err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
	tokens, err := p.newSession(ctx, u)
	return u, tokens, err
}

// refuse notes that a sign-in at an account failed. When there is no such
// account it counts another try at none, for to write that takes as long.
func (p *Pool) refuse(ctx context.Context, u identity.User) error {
	if u.Username == "" {
		_, err := p.changeTries(ctx, guessAt("nobody", "", hajir.AccountSlowdown), func(hajir.Failures) (hajir.Failures, error) {
			return hajir.Failures{Count: 1, Last: p.now()}, nil
		})
		return err
	}
	err := p.store.Record(ctx, hajir.Event{
		Company: u.Company, Action: hajir.ActionRefuse,
		Subject: hajir.Subject{Table: "Users", Key: u.Username, Person: u.Username},
	})
	if err != nil {
		return fmt.Errorf("note failed sign-in: %w", err)
	}
	return nil
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
