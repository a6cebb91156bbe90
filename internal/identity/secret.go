package identity

import "context"

// Hasher hashes secrets that people know by heart, such as PINs, as slowly as
// passwords.
type Hasher interface {
	// Hash returns a secret's hash, salted anew each time. When too many are
	// being hashed it returns RateLimited, and so does Matches.
	Hash(ctx context.Context, secret string) (string, error)
	// Matches says whether hash is secret's. It takes as long for no hash at
	// all, "", which matches nothing.
	Matches(ctx context.Context, hash, secret string) (bool, error)
}
