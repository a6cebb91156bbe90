package local_test

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/identity/local"
	"hajir/internal/keyring"
	"hajir/internal/store/sqlite"
)

func newPool(t *testing.T, now func() time.Time) *local.Pool {
	t.Helper()
	signing, err := local.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(t.TempDir(), make([]byte, keyring.MasterKeyBytes), true)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), ring)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	pool, err := local.New(db, now, "https://hajir.example.com", signing)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// A flood of sign-ins is turned away, not queued, and those who left do not
// cost a hash.
func TestFloodOfSignIns(t *testing.T) {
	pool := newPool(t, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	var turnedAway atomic.Int32
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			_, _, err := pool.SignIn(ctx, "nobody", "a wrong password")
			if hajir.CodeOf(err) == hajir.RateLimited {
				if turnedAway.Add(1) == 100 {
					cancel() // the rest of them leave
				}
			}
		})
	}
	wg.Wait()
	cancel()
	if n := turnedAway.Load(); n < 100 {
		t.Errorf("%d of 200 were turned away", n)
	}
	if err := pool.Create(t.Context(), identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}, "correct horse battery"); err != nil {
		t.Errorf("after the flood: %v", err)
	}
}
