package identitytest

import (
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// list returns an account's sessions, of which there must be n.
func list(t *testing.T, a Adapter, n int) []identity.OpenSession {
	t.Helper()
	all, err := a.Sessions(t.Context(), "asha")
	must(t, err)
	if len(all) != n {
		t.Fatalf("%d sessions, want %d: %+v", len(all), n, all)
	}
	return all
}

// session returns which session tokens belong to.
func session(t *testing.T, a Adapter, tokens identity.Tokens) string {
	t.Helper()
	who, err := a.Verify(t.Context(), tokens.Access)
	must(t, err)
	return who.Session
}

func testSessions(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	start := clock.Now()
	_, home, err := a.SignIn(from(t.Context(), "192.0.2.7"), "asha", password, "")
	must(t, err)
	clock.Advance(time.Hour)
	work := signIn(t, a)
	all := list(t, a, 2)
	if all[0].ID != session(t, a, work) || all[0].Client != (identity.Client{}) {
		t.Errorf("the session used last: %+v", all[0])
	}
	clock.Advance(time.Hour)
	_, home, err = a.Refresh(from(t.Context(), "198.51.100.1"), home.Refresh)
	must(t, err)
	got := list(t, a, 2)[0]
	want := identity.OpenSession{
		ID: session(t, a, home), Client: identity.Client{Address: "192.0.2.7", Device: "Firefox on Linux"},
		CreatedAt: start, UsedAt: clock.Now(), ExpiresAt: home.RefreshExpiresAt,
	}
	if got != want {
		t.Errorf("session %+v, want %+v", got, want)
	}
	wantCode(t, "ending another's session", a.EndSession(t.Context(), "bina", want.ID), hajir.NotFound)
	must(t, a.EndSession(t.Context(), "asha", want.ID))
	wantCode(t, "ending it again", a.EndSession(t.Context(), "asha", want.ID), hajir.NotFound)
	ended(t, a, home)
	third := signIn(t, a)
	must(t, a.EndSessions(t.Context(), "asha", session(t, a, third)))
	ended(t, a, work)
	list(t, a, 1)
	must(t, a.EndSessions(t.Context(), "asha", ""))
	ended(t, a, third)
	list(t, a, 0)
	signIn(t, a)
	clock.Advance(40 * 24 * time.Hour)
	list(t, a, 0) // an expired one is none
}

func testChangePassword(t *testing.T, a Adapter, clock *Clock) {
	const other = "another horse battery"
	create(t, a, "asha", hajir.RoleEmployee)
	create(t, a, "kiosk-1", hajir.RoleKiosk)
	here, there := signIn(t, a), signIn(t, a)
	change := func(old, new string) error {
		return a.ChangePassword(t.Context(), "asha", old, new, session(t, a, here))
	}
	wantCode(t, "a wrong old password", change("wrong horse battery", other), hajir.PasswordWrong)
	wantCode(t, "a weak new password", change(password, "short"), hajir.WeakPassword)
	wantCode(t, "an account without a password", a.ChangePassword(t.Context(), "kiosk-1", "", other, ""), hajir.PasswordWrong)
	list(t, a, 2)
	must(t, change(password, other))
	ended(t, a, there)
	_, here, err := a.Refresh(t.Context(), here.Refresh)
	must(t, err)
	_, _, err = a.SignIn(t.Context(), "asha", password, "")
	wantCode(t, "the old password", err, hajir.Unauthorized)
	_, _, err = a.SignIn(t.Context(), "asha", other, "")
	must(t, err)

	// Guessing at it is slowed, and apart from guessing at the door.
	for range 6 {
		wantCode(t, "a guess", change("wrong horse battery", other), hajir.PasswordWrong)
	}
	wantCode(t, "the right one during the wait", change(other, password), hajir.RateLimited)
	_, _, err = a.SignIn(t.Context(), "asha", other, "")
	must(t, err)
	clock.Advance(2 * time.Second)
	must(t, change(other, password))
}

// A session says whose it is for as long as it goes on, however it ends.
func testAlive(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	begin := func() (identity.Tokens, identity.Principal) {
		t.Helper()
		tokens := signIn(t, a)
		who, err := a.Verify(t.Context(), tokens.Access)
		must(t, err)
		return tokens, who
	}
	for name, end := range map[string]func(identity.Tokens, identity.Principal){
		"signing out": func(tokens identity.Tokens, _ identity.Principal) { must(t, a.SignOut(t.Context(), tokens.Refresh)) },
		"being signed out": func(_ identity.Tokens, who identity.Principal) {
			must(t, a.EndSession(t.Context(), "asha", who.Session))
		},
		"its time":            func(identity.Tokens, identity.Principal) { clock.Advance(365 * 24 * time.Hour) },
		"closing the account": func(identity.Tokens, identity.Principal) { must(t, a.SetDisabled(t.Context(), "asha", true)) },
	} {
		must(t, a.SetDisabled(t.Context(), "asha", false))
		tokens, who := begin()
		got, err := a.Alive(t.Context(), who.Session)
		must(t, err)
		if got.Username != "asha" || got.Company != who.Company || got.Role != hajir.RoleEmployee || got.Session != who.Session || got.Name != who.Name {
			t.Errorf("Alive = %+v, want %+v", got, who)
		}
		end(tokens, who)
		_, err = a.Alive(t.Context(), who.Session)
		wantCode(t, "a session after "+name, err, hajir.Unauthorized)
	}
	for _, id := range []string{"", "none"} {
		_, err := a.Alive(t.Context(), id)
		wantCode(t, "no session", err, hajir.Unauthorized)
	}
}
