package local_test

import (
	"testing"

	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/local"
)

func TestPool(t *testing.T) {
	identitytest.Run(t, func(t *testing.T, clock *identitytest.Clock) identitytest.Adapter {
		return newVerified(t, clock.Now)
	})
}

func TestASigningKeyMustBeOne(t *testing.T) {
	if _, err := local.New(nil, nil, "x", []byte("no key")); err == nil {
		t.Error("a signing key that is none was taken")
	}
}
