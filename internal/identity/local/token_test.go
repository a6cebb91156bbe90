package local_test

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/local"
	"hajir/internal/identity/oidc"
	"hajir/internal/keyring"
	"hajir/internal/store/sqlite"
)

// newPool returns a pool with its store, and the key it signs with.
func newPool(t testing.TB, now func() time.Time) (pool *local.Pool, db *sqlite.DB, signing []byte) {
	t.Helper()
	signing, err := local.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(t.TempDir(), make([]byte, keyring.MasterKeyBytes), true)
	if err != nil {
		t.Fatal(err)
	}
	db, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), ring, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	pool, err = local.New(db, now, "https://hajir.example.com", signing)
	if err != nil {
		t.Fatal(err)
	}
	return pool, db, signing
}

// verified is a pool with the verifier of its tokens.
type verified struct {
	*local.Pool
	*oidc.Verifier
}

func newVerified(t testing.TB, now func() time.Time) verified {
	t.Helper()
	pool, db, _ := newPool(t, now)
	return verified{pool, newVerifier(t, pool, db, now)}
}

func newVerifier(t testing.TB, pool *local.Pool, db *sqlite.DB, now func() time.Time) *oidc.Verifier {
	t.Helper()
	v, err := oidc.New(pool, nil, oidc.Config{Store: db, Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTokens(t *testing.T) {
	identitytest.RunVerifier(t, func(t *testing.T, clock *identitytest.Clock) identitytest.Verified {
		pool, db, signing := newPool(t, clock.Now)
		key, err := jwk.ParseKey(signing)
		if err != nil {
			t.Fatal(err)
		}
		u := identity.User{Username: "asha", Name: "Asha", Company: "acme", Role: hajir.RoleEmployee}
		if err := pool.Create(t.Context(), u, ""); err != nil {
			t.Fatal(err)
		}
		return identitytest.Verified{
			Verifier: newVerifier(t, pool, db, clock.Now), Key: key,
			Claims: func() map[string]any {
				tokens, err := pool.Issue(t.Context(), "asha")
				if err != nil {
					t.Fatal(err)
				}
				payload, err := jws.Verify([]byte(tokens.Access), jws.WithKeySet(pool.PublicKeys()))
				if err != nil {
					t.Fatal(err)
				}
				claims := map[string]any{}
				if err := json.Unmarshal(payload, &claims); err != nil {
					t.Fatal(err)
				}
				claims["exp"] = tokens.AccessExpiresAt.Unix()
				return claims
			},
			Remove: func() {
				if err := pool.SetDisabled(t.Context(), "asha", true); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}
