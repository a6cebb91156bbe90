package local_test

import (
	"path/filepath"
	"testing"

	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/local"
	"hajir/internal/keyring"
	"hajir/internal/store/sqlite"
)

func TestPool(t *testing.T) {
	signing, err := local.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	identitytest.Run(t, func(t *testing.T, clock *identitytest.Clock) identitytest.Adapter {
		ring, err := keyring.Open(t.TempDir(), make([]byte, keyring.MasterKeyBytes))
		if err != nil {
			t.Fatal(err)
		}
		db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), ring)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		pool, err := local.New(db, clock.Now, "https://hajir.example.com", signing)
		if err != nil {
			t.Fatal(err)
		}
		return pool
	})
}

func TestASigningKeyMustBeOne(t *testing.T) {
	if _, err := local.New(nil, nil, "x", []byte("no key")); err == nil {
		t.Error("a signing key that is none was taken")
	}
}
