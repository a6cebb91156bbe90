package local_test

import (
	"strings"
	"testing"
	"time"

	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/local"
)

func TestPool(t *testing.T) {
	identitytest.Run(t, func(t *testing.T, clock *identitytest.Clock) identitytest.Adapter {
		pool := newVerified(t, clock.Now)
		pool.HashMemory = 64 // KiB: the suite hashes much, and under the race detector earnest hashing takes seconds
		return pool
	})
}

// Passwords are hashed as RFC 9106 recommends second: 64 MiB, three passes.
func TestPasswordsAreHashedInEarnest(t *testing.T) {
	pool, _, _ := newPool(t, time.Now)
	hash, err := pool.Hash(t.Context(), "correct horse battery")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("%q %v", hash, err)
	}
}

func TestASigningKeyMustBeOne(t *testing.T) {
	if _, err := local.New(nil, nil, "x", []byte("no key")); err == nil {
		t.Error("a signing key that is none was taken")
	}
}
