package identity

// Hasher hashes secrets that people know by heart, such as PINs, as slowly as
// passwords.
type Hasher interface {
	// Hash returns a secret's hash, salted anew each time.
	Hash(secret string) string
	// Matches says whether hash is secret's. It takes as long for no hash at
	// all, "", which matches nothing.
	Matches(hash, secret string) bool
}
