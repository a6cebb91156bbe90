package identitytest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// from is a request from another computer.
func from(ctx context.Context, address string) context.Context {
	return identity.WithClient(ctx, identity.Client{Address: address, Device: "Firefox on Linux"})
}

// fail tries a wrong password and returns how long it has to wait; zero when
// the password was looked at.
func fail(ctx context.Context, t *testing.T, a Adapter, username string) time.Duration {
	t.Helper()
	_, _, err := a.SignIn(ctx, username, "wrong horse battery", "")
	if hajir.CodeOf(err) == hajir.Unauthorized {
		return 0
	}
	wantCode(t, "a wrong password", err, hajir.RateLimited)
	e, ok := errors.AsType[*hajir.Error](err)
	if !ok || e.RetryAfter <= 0 || e.RetryAfter > 15*time.Minute {
		t.Fatalf("slowed without a time: %+v", err)
	}
	return e.RetryAfter
}

// An account is slowed whether it exists or not, and neither for good nor for
// who is signed in already.
func testSlowAccount(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	for _, username := range []string{"asha", "nobody"} {
		ctx := t.Context()
		free := 0
		for fail(ctx, t, a, username) == 0 {
			if free++; free > 10 {
				t.Fatalf("%s: ten wrong passwords without a wait", username)
			}
		}
		if free != 6 {
			t.Errorf("%s: %d passwords were looked at before the first wait, want 6", username, free)
		}
		longest := time.Duration(0)
		for range 12 {
			wait := fail(ctx, t, a, username)
			longest = max(longest, wait)
			if wait > 0 {
				if again := fail(ctx, t, a, username); again != wait {
					t.Errorf("%s: coming early changed the wait from %v to %v", username, wait, again)
				}
				clock.Advance(wait)
				if wait := fail(ctx, t, a, username); wait != 0 {
					t.Errorf("%s: who has waited must wait %v more", username, wait)
				}
			}
		}
		if longest != 15*time.Minute {
			t.Errorf("%s: waited at most %v, want 15 minutes", username, longest)
		}
	}
	for fail(t.Context(), t, a, "asha") == 0 { // the other account took its time
	}
	_, _, err := a.SignIn(t.Context(), "ASHA ", password, "")
	wantCode(t, "the right password during the wait", err, hajir.RateLimited)
	_, tokens, err = a.Refresh(t.Context(), tokens.Refresh)
	must(t, err) // who is in stays in
	_, err = a.Verify(t.Context(), tokens.Access)
	must(t, err)
	clock.Advance(15 * time.Minute)
	signIn(t, a)
	for range 6 {
		if wait := fail(t.Context(), t, a, "asha"); wait != 0 {
			t.Fatalf("a success did not forget the failures before it: %v", wait)
		}
	}
}

// A client is slowed over all accounts, and an account of its own does not
// help it.
func testSlowClient(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	bad, good := from(t.Context(), "2001:db8::1"), from(t.Context(), "192.0.2.1")
	for i := range 31 {
		if wait := fail(bad, t, a, string(rune('a'+i))+"-somebody"); wait != 0 {
			t.Fatalf("the client waits %v after %d failures at as many accounts", wait, i)
		}
		if i%5 == 0 && i < 30 {
			_, _, err := a.SignIn(bad, "asha", password, "")
			must(t, err)
		}
	}
	if fail(bad, t, a, "somebody-else") == 0 {
		t.Error("31 failures of one client did not slow it")
	}
	_, _, err := a.SignIn(from(t.Context(), "2001:db8::2"), "asha", password, "")
	wantCode(t, "another address of the same network", err, hajir.RateLimited)
	_, _, err = a.SignIn(good, "asha", password, "")
	must(t, err)
	clock.Advance(2 * time.Second)
	if wait := fail(bad, t, a, "somebody-else"); wait != 0 {
		t.Errorf("the client still waits %v", wait)
	}
}

// Many tries at once are as many failures.
func testSlowFlood(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 24 {
		wg.Go(func() {
			_, _, err := a.SignIn(t.Context(), "asha", "wrong horse battery", "")
			mu.Lock()
			defer mu.Unlock()
			if hajir.CodeOf(err) == hajir.Unauthorized {
				looked++
			} else {
				if c := hajir.CodeOf(err); c != hajir.RateLimited && c != hajir.Unavailable { // slowed, or no room
					t.Errorf("one of a flood: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if looked > 6 {
		t.Errorf("%d passwords of 24 at once were looked at, want at most 6", looked)
	}
}
