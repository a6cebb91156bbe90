package local

import "hajir/internal/identity"

var _ identity.Hasher = (*Pool)(nil)

// Hash implements identity.Hasher. PINs are hashed like passwords, and by the
// pool, so that both together take a bounded share of memory.
func (p *Pool) Hash(secret string) string { return p.hashPassword(secret) }

// Matches implements identity.Hasher.
func (p *Pool) Matches(hash, secret string) bool {
	known := hash != ""
	if !known {
		hash = p.dummy
	}
	return p.passwordMatches(hash, secret) && known
}
