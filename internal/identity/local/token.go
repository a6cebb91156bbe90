package local

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// The private claims of an access token; the others are RFC 7519's.
const (
	claimCompany = "company"
	claimRole    = "role"
	claimSession = "sid"
	claimName    = "name" // OpenID Connect Core, section 5.1
	claimUse     = "token_use"
	useAccess    = "access"
)

// Audience is whom access tokens are meant for.
const Audience = "hajir"

// NewSigningKey returns a new RSA-2048 private key as a JWK in JSON.
func NewSigningKey() ([]byte, error) {
	raw, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("generate signing key: %w", err)
	}
	key, err := jwk.Import(raw)
	if err != nil {
		return nil, fmt.Errorf("import signing key: %w", err)
	}
	err = errors.Join(jwk.AssignKeyID(key), key.Set(jwk.AlgorithmKey, jwa.RS256()), key.Set(jwk.KeyUsageKey, "sig"))
	if err != nil {
		return nil, fmt.Errorf("describe signing key: %w", err)
	}
	return json.Marshal(key)
}

func parseSigningKey(b []byte) (jwk.Key, jwk.Set, error) {
	private, err := jwk.ParseKey(b)
	if err != nil {
		return nil, nil, fmt.Errorf("parse signing key: %w", err)
	}
	public, err := private.PublicKey()
	if err != nil {
		return nil, nil, fmt.Errorf("derive public key: %w", err)
	}
	set := jwk.NewSet()
	if err := set.AddKey(public); err != nil {
		return nil, nil, fmt.Errorf("publish key: %w", err)
	}
	return private, set, nil
}

// Issuer returns the name of the pool in its tokens.
func (p *Pool) Issuer() string { return p.issuer }

// PublicKeys returns the key set (JWKS) that verifies the pool's tokens.
func (p *Pool) PublicKeys() jwk.Set { return p.public }

func (p *Pool) sign(u identity.User, session string, now time.Time) (string, time.Time, error) {
	expires := now.Add(AccessLife)
	token, err := jwt.NewBuilder().
		Issuer(p.issuer).Audience([]string{Audience}).Subject(u.Username).
		IssuedAt(now).Expiration(expires).
		Claim(claimCompany, u.Company).Claim(claimRole, string(u.Role)).
		Claim(claimSession, session).Claim(claimName, u.Name).Claim(claimUse, useAccess).
		Build()
	if err != nil {
		return "", expires, fmt.Errorf("build token: %w", err)
	}
	signed, err := jwt.Sign(token, jwt.WithKey(jwa.RS256(), p.private))
	if err != nil {
		return "", expires, fmt.Errorf("sign token: %w", err)
	}
	return string(signed), expires, nil
}

// Verify implements identity.Verifier. Beyond the token itself it looks
// whether the session is alive, so that a closed account or a revoked device
// is out at once and not only when its token expires.
func (p *Pool) Verify(ctx context.Context, token string) (identity.Principal, error) {
	t, err := jwt.Parse([]byte(token),
		jwt.WithKeySet(p.public),
		jwt.WithIssuer(p.issuer), jwt.WithAudience(Audience),
		jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithRequiredClaim(jwt.SubjectKey),
		jwt.WithClaimValue(claimUse, useAccess),
		jwt.WithClock(jwt.ClockFunc(p.now)))
	if err != nil {
		return identity.Principal{}, &hajir.Error{
			Code: hajir.Unauthorized, Message: "the access token is not valid or has expired", Cause: err,
		}
	}
	var role string
	who := identity.Principal{}
	who.Username, _ = t.Subject()
	who.Expires, _ = t.Expiration()
	err = errors.Join(t.Get(claimCompany, &who.Company), t.Get(claimRole, &role), t.Get(claimSession, &who.Session), t.Get(claimName, &who.Name))
	if err != nil {
		return identity.Principal{}, signInAgain(err)
	}
	who.Role = hajir.Role(role)
	if _, err := p.store.Session(ctx, who.Session); err != nil {
		if hajir.CodeOf(err) == hajir.NotFound {
			return identity.Principal{}, signInAgain(err)
		}
		return identity.Principal{}, fmt.Errorf("load session: %w", err)
	}
	return who, nil
}

// Alive implements identity.Verifier.
func (p *Pool) Alive(ctx context.Context, id string) (identity.Principal, error) {
	s, err := p.store.Session(ctx, id)
	if err == nil && !p.now().Before(s.ExpiresAt) {
		err = signInAgain(nil)
	}
	var u identity.User
	if err == nil {
		u, err = p.store.User(ctx, s.Username)
	}
	switch {
	case err == nil && !u.Disabled:
		return identity.Principal{
			Username: u.Username, Name: u.Name, Company: u.Company, Role: u.Role, Session: s.ID, Expires: s.ExpiresAt,
		}, nil
	case err == nil, hajir.CodeOf(err) == hajir.NotFound, hajir.CodeOf(err) == hajir.Unauthorized:
		return identity.Principal{}, signInAgain(err)
	}
	return identity.Principal{}, fmt.Errorf("load session: %w", err)
}
