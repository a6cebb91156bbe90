package local_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// A flood of sign-ins is turned away, not queued, and those who left do not
// cost a hash.
func TestFloodOfSignIns(t *testing.T) {
	pool, _, _ := newPool(t, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	var turnedAway, counted atomic.Int32
	pool.Refused = func() { counted.Add(1) }
	var wg sync.WaitGroup
	for i := range 200 { // each somebody else, from elsewhere, so that only the queue can be full
		ctx := identity.WithClient(ctx, identity.Client{Address: fmt.Sprintf("192.0.2.%d", i)})
		wg.Go(func() {
			_, _, err := pool.SignIn(ctx, fmt.Sprintf("nobody%d", i), "a wrong password", "")
			if e, ok := hajir.AsError(err); ok && e.Code == hajir.Unavailable && e.RetryAfter > 0 {
				if turnedAway.Add(1) == 100 {
					cancel() // the rest of them leave
				}
			}
		})
	}
	wg.Wait()
	cancel()
	if n := turnedAway.Load(); n < 100 || n != counted.Load() {
		t.Errorf("%d of 200 were turned away, and %d counted", n, counted.Load())
	}
	if n := pool.Hashing(); n != 0 {
		t.Errorf("%d wait when all have left", n)
	}
	if err := pool.Create(t.Context(), identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}, "correct horse battery"); err != nil {
		t.Errorf("after the flood: %v", err)
	}
}

// Whatever is presented as a token, the answer is that it is none.
func FuzzTokens(f *testing.F) {
	pool := newVerified(f, time.Now)
	if err := pool.Create(f.Context(), identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}, ""); err != nil {
		f.Fatal(err)
	}
	tokens, err := pool.Issue(f.Context(), "asha")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tokens.Access[:len(tokens.Access)-2])
	f.Add(tokens.Refresh[:len(tokens.Refresh)-2])
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		if token == tokens.Access || token == tokens.Refresh {
			return
		}
		if _, err := pool.Verify(t.Context(), token); hajir.CodeOf(err) != hajir.Unauthorized {
			t.Errorf("Verify: %v", err)
		}
		if _, _, err := pool.Refresh(t.Context(), token); hajir.CodeOf(err) != hajir.Unauthorized {
			t.Errorf("Refresh: %v", err)
		}
		if err := pool.SignOut(t.Context(), token); hajir.CodeOf(err) != hajir.Unauthorized {
			t.Errorf("SignOut: %v", err)
		}
	})
}
