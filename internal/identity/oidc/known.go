package oidc

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxKnown bounds the memory, to some 4 MB. When there are more, all are
// forgotten, and verified anew as they come.
const maxKnown = 4096

// known remembers the tokens of the built-in pool whose signature was verified:
// to do that for each request takes longer than all that most do. Whether their
// session is alive is asked each time. Tokens of issuers elsewhere are verified
// each time, for their keys are withdrawn.
type known struct {
	mu     sync.Mutex
	tokens map[[sha256.Size]byte]claims
}

// claims returns what a token says that was verified before and has not expired
// at now.
func (k *known) claims(token string, now time.Time) (claims, bool) {
	key := sha256.Sum256([]byte(token))
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok := k.tokens[key]
	if ok && !now.Before(c.expires) {
		delete(k.tokens, key)
		ok = false
	}
	return c, ok
}

// add remembers a token that was verified.
func (k *known) add(token string, c claims) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tokens == nil || len(k.tokens) >= maxKnown {
		k.tokens = map[[sha256.Size]byte]claims{}
	}
	k.tokens[sha256.Sum256([]byte(token))] = c
}
