// Package identitytest is the suite that every identity adapter must pass.
package identitytest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Adapter is a pool with the verifier of its tokens.
type Adapter interface {
	identity.Pool
	identity.Accounts
	identity.Passkeys
	identity.Verifier
}

// Clock is a clock that a test moves.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock returns a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{t: t} }

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const password = "correct horse battery"

// Run runs the suite; open returns a new pool without accounts on clock, of a
// site where passkeys work.
func Run(t *testing.T, open func(t *testing.T, clock *Clock) Adapter) {
	for name, test := range map[string]func(*testing.T, Adapter, *Clock){
		"a token says who signed in":                         testSignIn,
		"passwords are checked":                              testPasswords,
		"weak passwords are refused":                         testWeakPasswords,
		"an access token expires":                            testExpiry,
		"a changed token is refused":                         testForgery,
		"a refresh token works once, and then ends all":      testReuse,
		"of those who use a refresh token at once one stays": testRace,
		"a reply that was lost may be asked for again":       testLostReply,
		"a device may repeat itself until it was heard":      testDeviceRetry,
		"signing out ends the session at once":               testSignOut,
		"a session says whose it is while it lives":          testAlive,
		"closing an account ends its sessions at once":       testDisable,
		"a new role ends the sessions of the old":            testSetRole,
		"a new password ends the sessions of the old":        testSetPassword,
		"deleting an account ends its sessions at once":      testDelete,
		"devices are listed by company and have no password": testDevices,
		"a username is given once":                           testUnique,
		"failures slow an account, and never for good":       testSlowAccount,
		"failures slow a client over all accounts":           testSlowClient,
		"many tries at once are as many failures":            testSlowFlood,
		"sessions are listed and ended":                      testSessions,
		"the owner changes the password":                     testChangePassword,
		"a second factor is asked for":                       testTwoFactor,
		"a code is good around its time, and once":           testCodeSteps,
		"a recovery code is good once":                       testRecoveryCodes,
		"wrong codes slow like wrong passwords":              testSlowCodes,
		"a second factor is turned off":                      testDisableTwoFactor,
		"a passkey signs in":                                 testPasskey,
		"adding a passkey asks who does":                     testAddPasskey,
		"a wrong passkey does not sign in":                   testWrongPasskeys,
		"a copied passkey is refused":                        testCopiedPasskey,
		"wrong passkeys slow the client":                     testSlowPasskeys,
		"a passkey's answer is good once":                    testPasskeyRace,
		"a mail address signs in":                            testEmail,
		"tries count for the account, however named":         testSlowEmail,
		"accounts are found by name":                         testFind,
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))
			test(t, open(t, clock), clock)
		})
	}
}

func create(t *testing.T, a Adapter, username string, role hajir.Role) {
	t.Helper()
	u := identity.User{Username: username, Name: "Asha", Company: "acme", Role: role}
	pass := password
	if role == hajir.RoleKiosk {
		pass = ""
	}
	must(t, a.Create(t.Context(), u, pass))
}

func signIn(t *testing.T, a Adapter) identity.Tokens {
	t.Helper()
	_, tokens, err := a.SignIn(t.Context(), "asha", password, "")
	must(t, err)
	return tokens
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, what string, err error, want hajir.Code) {
	t.Helper()
	if err == nil || hajir.CodeOf(err) != want {
		t.Errorf("%s: %v, want code %s", what, err, want)
	}
}

func testSignIn(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	u, tokens, err := a.SignIn(t.Context(), " Asha ", password, "")
	must(t, err)
	who, err := a.Verify(t.Context(), tokens.Access)
	must(t, err)
	if u.Username != "asha" || who.Username != "asha" || who.Name != "Asha" || who.Company != "acme" || who.Role != hajir.RoleEmployee {
		t.Errorf("user %+v, principal %+v", u, who)
	}
	if !who.Expires.Equal(tokens.AccessExpiresAt.Truncate(time.Second)) || !who.Expires.Equal(clock.Now().Add(15*time.Minute)) {
		t.Errorf("expires %v, want 15 minutes from %v", who.Expires, clock.Now())
	}
}

func testPasswords(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	create(t, a, "kiosk-1", hajir.RoleKiosk)
	for _, try := range [][2]string{
		{"asha", "wrong horse battery"},
		{"asha", ""},
		{"asha", password + " "},
		{"nobody", password},
		{"", ""},
		{"kiosk-1", ""},
		{"kiosk-1", password},
		{"asha", string(make([]byte, 1<<20))},
	} {
		_, _, err := a.SignIn(t.Context(), try[0], try[1], "")
		wantCode(t, "sign-in as "+try[0], err, hajir.Unauthorized)
	}
}

func testWeakPasswords(t *testing.T, a Adapter, _ *Clock) {
	for _, weak := range []string{"short", "123456789", "aaaaaaaaaaaa", "basketball", "Qwertyuiop", string(make([]byte, 300))} {
		u := identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}
		wantCode(t, "create", a.Create(t.Context(), u, weak), hajir.WeakPassword)
	}
	create(t, a, "asha", hajir.RoleEmployee)
	wantCode(t, "change", a.SetPassword(t.Context(), "asha", "short"), hajir.WeakPassword)
}

func testExpiry(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	clock.Advance(15*time.Minute - time.Second)
	_, err := a.Verify(t.Context(), tokens.Access)
	must(t, err)
	clock.Advance(time.Second)
	_, err = a.Verify(t.Context(), tokens.Access)
	wantCode(t, "an expired access token", err, hajir.Unauthorized)
	clock.Advance(31 * 24 * time.Hour)
	_, _, err = a.Refresh(t.Context(), tokens.Refresh)
	wantCode(t, "an expired refresh token", err, hajir.Unauthorized)
}

func testForgery(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	forged := []byte(tokens.Access)
	forged[len(forged)/2] ^= 1
	for name, token := range map[string]string{
		"a changed token": string(forged), "no token": "", "three dots": "a.b.c", "a refresh token": tokens.Refresh,
		// {"alg":"none"} with the claims of an admin
		"an unsigned token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhc2hhIiwicm9sZSI6ImFkbWluIiwiY29tcGFueSI6ImFjbWUifQ.",
	} {
		_, err := a.Verify(t.Context(), token)
		wantCode(t, name, err, hajir.Unauthorized)
		_, _, err = a.Refresh(t.Context(), token+"x")
		wantCode(t, name+" as a refresh token", err, hajir.Unauthorized)
	}
}

func testReuse(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	first := signIn(t, a)
	_, second, err := a.Refresh(t.Context(), first.Refresh)
	must(t, err)
	if second.Refresh == first.Refresh {
		t.Fatal("the refresh token did not change")
	}
	_, err = a.Verify(t.Context(), second.Access)
	must(t, err)
	clock.Advance(time.Minute)
	_, _, err = a.Refresh(t.Context(), first.Refresh)
	wantCode(t, "the first token a second time", err, hajir.Unauthorized)
	_, _, err = a.Refresh(t.Context(), second.Refresh)
	wantCode(t, "its successor, after that", err, hajir.Unauthorized)
	_, err = a.Verify(t.Context(), second.Access)
	wantCode(t, "its access token, after that", err, hajir.Unauthorized)
}

func testRace(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var won []identity.Tokens
	for range 8 {
		wg.Go(func() {
			_, renewed, err := a.Refresh(t.Context(), tokens.Refresh)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, renewed)
			} else {
				wantCode(t, "a loser", err, hajir.Unauthorized)
			}
		})
	}
	wg.Wait()
	list(t, a, 1)
	if len(won) < 2 {
		return
	}
	// Of several who came with one token, as if a reply had been lost, one goes
	// on at most: when a second does, the session ends.
	for _, renewed := range won {
		_, _, err := a.Refresh(t.Context(), renewed.Refresh)
		if err != nil {
			wantCode(t, "another", err, hajir.Unauthorized)
		}
	}
	list(t, a, 0)
}

// A page that is loaded anew while it renews its session never sees the reply.
func testLostReply(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	first := signIn(t, a)
	_, lost, err := a.Refresh(t.Context(), first.Refresh)
	must(t, err)
	clock.Advance(10 * time.Second)
	_, second, err := a.Refresh(t.Context(), first.Refresh)
	must(t, err)
	_, third, err := a.Refresh(t.Context(), second.Refresh)
	must(t, err)
	_, _, err = a.Refresh(t.Context(), lost.Refresh) // somebody has it after all
	wantCode(t, "the lost token", err, hajir.Unauthorized)
	ended(t, a, third)
}

func testDeviceRetry(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "kiosk-1", hajir.RoleKiosk)
	first, err := a.Issue(t.Context(), "kiosk-1")
	must(t, err)
	_, _, err = a.Refresh(t.Context(), first.Refresh) // the reply is lost
	must(t, err)
	clock.Advance(time.Hour)
	_, _, err = a.Refresh(t.Context(), first.Refresh) // and lost again
	must(t, err)
	_, third, err := a.Refresh(t.Context(), first.Refresh)
	must(t, err)
	_, fourth, err := a.Refresh(t.Context(), third.Refresh)
	must(t, err)
	_, _, err = a.Refresh(t.Context(), first.Refresh)
	wantCode(t, "a token after its successor was used", err, hajir.Unauthorized)
	_, _, err = a.Refresh(t.Context(), fourth.Refresh)
	wantCode(t, "the session after that", err, hajir.Unauthorized)
}

func testSignOut(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens, other := signIn(t, a), signIn(t, a)
	must(t, a.SignOut(t.Context(), tokens.Refresh))
	_, err := a.Verify(t.Context(), tokens.Access)
	wantCode(t, "an access token after signing out", err, hajir.Unauthorized)
	_, _, err = a.Refresh(t.Context(), tokens.Refresh)
	wantCode(t, "a refresh token after signing out", err, hajir.Unauthorized)
	_, err = a.Verify(t.Context(), other.Access)
	must(t, err) // another sign-in lives on
}

func ended(t *testing.T, a Adapter, tokens identity.Tokens) {
	t.Helper()
	_, err := a.Verify(t.Context(), tokens.Access)
	wantCode(t, "its access token", err, hajir.Unauthorized)
	_, _, err = a.Refresh(t.Context(), tokens.Refresh)
	wantCode(t, "its refresh token", err, hajir.Unauthorized)
}

func testDisable(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	must(t, a.SetDisabled(t.Context(), "asha", true))
	ended(t, a, tokens)
	_, _, err := a.SignIn(t.Context(), "asha", password, "")
	wantCode(t, "sign-in to a closed account", err, hajir.Unauthorized)
	_, err = a.Issue(t.Context(), "asha")
	wantCode(t, "issue for a closed account", err, hajir.Forbidden)
	must(t, a.SetDisabled(t.Context(), "asha", false))
	signIn(t, a)
}

func testSetRole(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	create(t, a, "acme", hajir.RoleAdmin)
	create(t, a, "kiosk-1", hajir.RoleKiosk)
	tokens := signIn(t, a)
	must(t, a.SetRole(t.Context(), "asha", hajir.RoleEmployee))
	if _, err := a.Verify(t.Context(), tokens.Access); err != nil {
		t.Errorf("the role that it has ended the session: %v", err)
	}
	for _, role := range []hajir.Role{hajir.RoleManager, hajir.RoleAuditor, hajir.RoleEmployee} {
		must(t, a.SetRole(t.Context(), "asha", role))
		ended(t, a, tokens)
		tokens = signIn(t, a)
		who, err := a.Verify(t.Context(), tokens.Access)
		must(t, err)
		if u, err := a.User(t.Context(), "asha"); err != nil || u.Role != role || who.Role != role {
			t.Errorf("the account is %+v, its token says %s: %v", u, who.Role, err)
		}
	}
	for username, role := range map[string]hajir.Role{"asha": hajir.RoleAdmin, "acme": hajir.RoleEmployee, "kiosk-1": hajir.RoleManager} {
		wantCode(t, username+" as "+string(role), a.SetRole(t.Context(), username, role), hajir.Conflict)
	}
	wantCode(t, "asha as kiosk", a.SetRole(t.Context(), "asha", hajir.RoleKiosk), hajir.Conflict)
	wantCode(t, "asha as nothing", a.SetRole(t.Context(), "asha", ""), hajir.Conflict)
	wantCode(t, "nobody", a.SetRole(t.Context(), "nobody", hajir.RoleManager), hajir.NotFound)
	_, err := a.Verify(t.Context(), tokens.Access)
	must(t, err)
}

func testSetPassword(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	must(t, a.SetPassword(t.Context(), "asha", "another horse battery"))
	ended(t, a, tokens)
	_, _, err := a.SignIn(t.Context(), "asha", password, "")
	wantCode(t, "the old password", err, hajir.Unauthorized)
	_, _, err = a.SignIn(t.Context(), "asha", "another horse battery", "")
	must(t, err)
}

func testDelete(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	tokens := signIn(t, a)
	must(t, a.Delete(t.Context(), "asha"))
	must(t, a.Delete(t.Context(), "asha"))
	ended(t, a, tokens)
	_, err := a.User(t.Context(), "asha")
	wantCode(t, "the account", err, hajir.NotFound)
}

func testDevices(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	create(t, a, "kiosk-b", hajir.RoleKiosk)
	clock.Advance(time.Minute)
	create(t, a, "kiosk-a", hajir.RoleKiosk)
	devices, err := a.Devices(t.Context(), "acme")
	must(t, err)
	if len(devices) != 2 || devices[0].Username != "kiosk-b" || devices[1].Username != "kiosk-a" {
		t.Errorf("Devices = %+v", devices)
	}
	if devices, err := a.Devices(t.Context(), "other"); err != nil || len(devices) != 0 {
		t.Errorf("another company's devices: %+v, %v", devices, err)
	}
}

func testUnique(t *testing.T, a Adapter, _ *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	thief := identity.User{Username: "asha", Company: "other", Role: hajir.RoleAdmin}
	wantCode(t, "the same username", a.Create(t.Context(), thief, password), hajir.Conflict)
	thief.Username = "Not A Name"
	wantCode(t, "a malformed username", a.Create(t.Context(), thief, password), hajir.Invalid)
	_, tokens, err := a.SignIn(t.Context(), "asha", password, "")
	must(t, errors.Join(err))
	who, err := a.Verify(t.Context(), tokens.Access)
	must(t, err)
	if who.Company != "acme" {
		t.Errorf("the account moved to %s", who.Company)
	}
}
