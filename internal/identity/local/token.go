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
		Issuer(p.issuer).Audience([]string{identity.Audience}).Subject(u.Username).
		IssuedAt(now).Expiration(expires).
		Claim(identity.ClaimCompany, u.Company).Claim(identity.ClaimRole, string(u.Role)).
		Claim(identity.ClaimSession, session).Claim(identity.ClaimName, u.Name).
		Claim(identity.ClaimUse, identity.UseAccess).
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

// Alive implements identity.Pool and oidc.BuiltIn.
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
