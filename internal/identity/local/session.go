package local

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// A refresh token is SESSION.SECRET, the secret 32 random bytes of which the
// store keeps only the hash. Each use replaces the secret; a secret that comes
// a second time was stolen, or was used by a thief before, so it ends the
// session (RFC 9700, section 4.14.2).

// A device may present the secret before the current one as well, until the
// current one is used: a reply that is lost with the network must not take an
// unattended door out of service. A person's client may do so for replyGrace: a
// page that is loaded anew while it renews its session never sees the reply. A
// thief who does so makes the owner's own secret a spent one, so that its next
// use ends the session.

// replyGrace is for how long a refresh token may come again whose reply was
// lost. Others who rotate tokens have about as much.
const replyGrace = 30 * time.Second

func (p *Pool) newSession(ctx context.Context, u identity.User) (identity.Tokens, error) {
	ctx = identity.Prove(ctx, u)
	s := identity.Session{ID: uuid.NewString(), Username: u.Username, Client: identity.ClientOf(ctx), CreatedAt: p.now()}
	tokens, err := p.rotate(ctx, u, s, nil)
	if err != nil {
		return tokens, err
	}
	// Who closed the account or changed its password meanwhile ended the
	// sessions that were there, and this one must not outlive them.
	now, err := p.store.User(ctx, u.Username)
	if err == nil && now.Version == u.Version {
		return tokens, nil
	}
	if err := p.store.DeleteSession(context.WithoutCancel(ctx), s.ID); err != nil {
		return identity.Tokens{}, fmt.Errorf("end session: %w", err)
	}
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return identity.Tokens{}, fmt.Errorf("load account: %w", err)
	}
	return identity.Tokens{}, hajir.Errorf(hajir.Unauthorized, "the account has just been changed; sign in again")
}

// rotate gives s a new secret in place of the one whose hash was presented,
// saves it, and returns tokens for it.
func (p *Pool) rotate(ctx context.Context, u identity.User, s identity.Session, presented []byte) (identity.Tokens, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	hash := sha256.Sum256(secret)
	now := p.now()
	life := RefreshLife
	if u.Role == hajir.RoleKiosk {
		life = DeviceLife
	}
	s.Previous, s.Current, s.RotatedAt, s.ExpiresAt = presented, hash[:], now, now.Add(life)
	if err := p.store.SaveSession(ctx, s); err != nil {
		return identity.Tokens{}, fmt.Errorf("save session: %w", err)
	}
	access, expires, err := p.sign(u, s.ID, now)
	if err != nil {
		return identity.Tokens{}, err
	}
	return identity.Tokens{
		Access: access, AccessExpiresAt: expires,
		Refresh:          s.ID + "." + base64.RawURLEncoding.EncodeToString(secret),
		RefreshExpiresAt: s.ExpiresAt,
	}, nil
}

// Refresh implements identity.Pool.
func (p *Pool) Refresh(ctx context.Context, refresh string) (identity.User, identity.Tokens, error) {
	none := identity.Tokens{}
	s, hash, err := p.session(ctx, refresh)
	if err != nil {
		return identity.User{}, none, err
	}
	u, err := p.store.User(ctx, s.Username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && u.Disabled {
		return identity.User{}, none, signInAgain(err)
	}
	if err != nil {
		return identity.User{}, none, fmt.Errorf("load account: %w", err)
	}
	current := subtle.ConstantTimeCompare(hash, s.Current) == 1
	lost := u.Role == hajir.RoleKiosk || p.now().Before(s.RotatedAt.Add(replyGrace))
	retried := lost && subtle.ConstantTimeCompare(hash, s.Previous) == 1
	if !current && !retried {
		if err := p.store.DeleteSession(ctx, s.ID); err != nil {
			return identity.User{}, none, fmt.Errorf("end session: %w", err)
		}
		return identity.User{}, none, signInAgain(nil)
	}
	tokens, err := p.rotate(ctx, u, s, hash)
	if hajir.CodeOf(err) == hajir.Conflict {
		// Somebody else used the same token at the same moment.
		return identity.User{}, none, signInAgain(err)
	}
	return u, tokens, err
}

// SignOut implements identity.Pool.
func (p *Pool) SignOut(ctx context.Context, refresh string) error {
	s, hash, err := p.session(ctx, refresh)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(hash, s.Current) != 1 && subtle.ConstantTimeCompare(hash, s.Previous) != 1 {
		return signInAgain(nil)
	}
	u, err := p.store.User(ctx, s.Username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return fmt.Errorf("load account: %w", err)
	}
	if err := p.store.DeleteSession(identity.Prove(ctx, u), s.ID); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// session returns the live session that a refresh token names, and the hash of
// the token's secret, which the caller compares.
func (p *Pool) session(ctx context.Context, refresh string) (identity.Session, []byte, error) {
	id, encoded, _ := strings.Cut(refresh, ".")
	secret, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || len(secret) != 32 || uuid.Validate(id) != nil {
		return identity.Session{}, nil, signInAgain(err)
	}
	s, err := p.store.Session(ctx, id)
	if hajir.CodeOf(err) == hajir.NotFound {
		return s, nil, signInAgain(err)
	}
	if err != nil {
		return s, nil, fmt.Errorf("load session: %w", err)
	}
	if !p.now().Before(s.ExpiresAt) {
		return s, nil, signInAgain(nil)
	}
	hash := sha256.Sum256(secret)
	return s, hash[:], nil
}

func signInAgain(cause error) error {
	return &hajir.Error{Code: hajir.Unauthorized, Message: "the session has ended; sign in again", Cause: cause}
}
