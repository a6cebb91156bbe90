package storetest

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// resets is the part of a store that keeps links to new passwords, and clears
// away what has had its time.
type resets interface {
	PasswordReset(ctx context.Context, username string) (hajir.PasswordReset, error)
	SavePasswordReset(ctx context.Context, r hajir.PasswordReset) error
	DeleteOldPasswordResets(ctx context.Context, t time.Time) error
	DeleteExpiredChallenges(ctx context.Context, t time.Time) error
}

func newPasskey(id, username string) identity.Credential {
	return identity.Credential{
		ID: id, Username: username, Name: "Phone of Asha", PublicKey: []byte{1, 2, 3}, Counter: 4_000_000_000,
		Transports: []string{"internal", "hybrid"}, Syncable: true, Synced: true, Copied: true, CreatedAt: at, UsedAt: at.Add(time.Hour),
	}
}

func testPasskeys(t *testing.T, s Store) {
	ctx := t.Context()
	if _, err := s.Passkey(ctx, "c1"); codeOf(err) != hajir.NotFound {
		t.Errorf("a passkey that is not there: %v", err)
	}
	must(t, s.SavePasskey(ctx, newPasskey("c1", "asha")), s.SavePasskey(ctx, newPasskey("c2", "asha")), s.SavePasskey(ctx, newPasskey("c3", "bina")))
	want := newPasskey("c1", "asha")
	want.Version = 1
	same(t, want, get(t, s.Passkey, "c1"))
	same(t, 2, len(get(t, s.Passkeys, "asha")))
	same(t, 0, len(get(t, s.Passkeys, "nobody")))
	for what, change := range map[string]func(*identity.Credential){
		"a second first":        func(c *identity.Credential) { c.Version = 0 },
		"a stale version":       func(c *identity.Credential) { c.Version = 7 },
		"for another's account": func(c *identity.Credential) { c.Username = "bina" },
		"what is not there":     func(c *identity.Credential) { c.ID = "c9" },
	} {
		c := want
		change(&c)
		if err := s.SavePasskey(ctx, c); codeOf(err) != hajir.Conflict {
			t.Errorf("saved %s: %v", what, err)
		}
	}
	want.Name, want.UsedAt, want.Copied = "Key", time.Time{}, false
	must(t, s.SavePasskey(ctx, want))
	want.Version = 2
	same(t, want, get(t, s.Passkey, "c1"))
	must(t, s.DeletePasskey(ctx, "c1"), s.DeletePasskey(ctx, "c1"))
	same(t, 1, len(get(t, s.Passkeys, "asha")))
	must(t, s.DeletePasskeys(ctx, "asha"))
	same(t, 0, len(get(t, s.Passkeys, "asha")))
	same(t, 1, len(get(t, s.Passkeys, "bina")))
}

func testChallenges(t *testing.T, s Store) {
	ctx := t.Context()
	var wg sync.WaitGroup
	var used atomic.Int32
	for range 8 {
		wg.Go(func() {
			err := s.UseChallenge(ctx, "x", at.Add(time.Minute))
			if err == nil {
				used.Add(1)
			} else if codeOf(err) != hajir.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := used.Load(); n != 1 {
		t.Errorf("a challenge was used %d times", n)
	}
	must(t, s.UseChallenge(ctx, "y", at.Add(time.Hour)), s.DeleteExpiredChallenges(ctx, at.Add(30*time.Minute)))
	if err := s.UseChallenge(ctx, "y", at.Add(time.Hour)); codeOf(err) != hajir.Conflict {
		t.Errorf("a challenge that has not expired: %v", err)
	}
	must(t, s.UseChallenge(ctx, "x", at.Add(time.Minute))) // forgotten
}

func newReset(company, username string) hajir.PasswordReset {
	return hajir.PasswordReset{Username: username, Company: company, UsedHash: []byte{9}}.WithLink([]byte{1, 2}, []byte{3, 4}, at)
}

func testPasswordResets(t *testing.T, s Store) {
	ctx := t.Context()
	if _, err := s.PasswordReset(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("a link that is not there: %v", err)
	}
	link := newReset("acme", "asha")
	must(t, s.SavePasswordReset(ctx, link))
	if err := s.SavePasswordReset(ctx, link); codeOf(err) != hajir.Conflict {
		t.Errorf("saved a second first: %v", err)
	}
	link.Version = 1
	same(t, link, get(t, s.PasswordReset, "asha"))
	must(t, s.SavePasswordReset(ctx, link.Use()))
	if err := s.SavePasswordReset(ctx, link.Use()); codeOf(err) != hajir.Conflict {
		t.Errorf("used twice: %v", err)
	}
	late := newReset("acme", "bina")
	late.ExpiresAt = at.Add(3 * time.Hour)
	must(t, s.SavePasswordReset(ctx, late), s.DeleteOldPasswordResets(ctx, at.Add(2*time.Hour)))
	if _, err := s.PasswordReset(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("an old link: %v", err)
	}
	late.Version = 1
	same(t, late, get(t, s.PasswordReset, "bina"))
}

// An account is found by its address while it is open.
func testUsersByEmail(t *testing.T, s Store) {
	ctx := t.Context()
	add := func(username, email string, disabled bool) identity.User {
		u := newUser("acme", username, hajir.RoleEmployee)
		u.Email, u.Disabled = email, disabled
		must(t, s.SaveUser(ctx, u))
		u.Version = 1
		return u
	}
	found := func(email string, limit int) string {
		var names []string
		for _, u := range call(t, func() ([]identity.User, error) { return s.OpenUsersByEmail(ctx, email, limit) }) {
			names = append(names, u.Username)
		}
		return strings.Join(names, " ")
	}
	asha := add("asha", " Asha@Example.com", false)
	add("bina", "b@example.com", true)
	add("chet", "", false)
	add("dev", "d@example.com", false)
	add("eka", "D@example.com", false)
	add("fulmaya", "d@Example.com", true)
	for email, want := range map[string]string{
		"asha@example.com": "asha", "b@example.com": "", "": "", "d@example.com": "dev eka", "nobody@example.com": "", "D@example.com": "",
	} {
		if got := found(email, 10); got != want {
			t.Errorf("%q is %q's, want %q", email, got, want)
		}
	}
	same(t, "dev", found("d@example.com", 1))
	same(t, asha, get(t, s.User, "asha"))
	asha.Email = "new@example.com"
	must(t, s.SaveUser(ctx, asha))
	same(t, "/asha", found("asha@example.com", 2)+"/"+found("new@example.com", 2))
	asha.Version, asha.Disabled = 2, true
	must(t, s.SaveUser(ctx, asha))
	same(t, "", found("new@example.com", 2))
	asha.Version, asha.Disabled = 3, false
	must(t, s.SaveUser(ctx, asha), s.DeleteUser(ctx, "dev"))
	same(t, "asha/eka", found("new@example.com", 2)+"/"+found("d@example.com", 2))
}
