package local

import (
	"context"

	"hajir/internal/identity"
)

var _ identity.Hasher = (*Pool)(nil)

// Hash implements identity.Hasher. PINs are hashed like passwords, and by the
// pool, so that both together take a bounded share of memory.
func (p *Pool) Hash(ctx context.Context, secret string) (string, error) {
	return p.hashPassword(ctx, secret)
}

// Matches implements identity.Hasher.
func (p *Pool) Matches(ctx context.Context, hash, secret string) (bool, error) {
	known := hash != ""
	if !known {
		hash = p.dummy()
	}
	matches, err := p.passwordMatches(ctx, hash, secret)
	return matches && known, err
}
