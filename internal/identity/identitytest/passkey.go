package identitytest

import (
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Device is a software authenticator that keeps one passkey, in a browser that
// is at a site.
type Device struct {
	Site virtualwebauthn.RelyingParty
	Key  virtualwebauthn.Credential
	virtualwebauthn.Authenticator
}

// NewDevice returns a device without a passkey, which asks its owner and
// counts, at a site whose address is origin.
func NewDevice(origin string) *Device {
	u, _ := url.Parse(origin) // of a pool
	return &Device{
		Site:          virtualwebauthn.RelyingParty{ID: u.Hostname(), Name: "Hajir", Origin: origin},
		Authenticator: virtualwebauthn.NewAuthenticator(),
		Key:           newPasskey(),
	}
}

// newPasskey draws keys until both coordinates fill their 32 bytes. The software
// authenticator drops leading zeros, which RFC 9053, section 7.1.1, forbids, so
// that one of its keys in 128 is rightly refused.
func newPasskey() virtualwebauthn.Credential {
	const whole = 77 // bytes of a P-256 key in COSE
	for {
		if c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(c.Key.AttestationData()) == whole {
			return c
		}
	}
}

// Create answers BeginPasskey.
func (d *Device) Create(t testing.TB, asked identity.Ceremony) identity.Answer {
	t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(string(asked.Options))
	if err != nil {
		t.Fatal(err)
	}
	d.Options.UserHandle = []byte(options.UserID)
	made := virtualwebauthn.CreateAttestationResponse(d.Site, d.Authenticator, d.Key, *options)
	return identity.Answer{State: asked.State, Credential: []byte(made)}
}

// Sign answers BeginPasskeySignIn.
func (d *Device) Sign(t testing.TB, asked identity.Ceremony) identity.Answer {
	t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(asked.Options))
	if err != nil {
		t.Fatal(err)
	}
	d.Key.Counter++
	signed := virtualwebauthn.CreateAssertionResponse(d.Site, d.Authenticator, d.Key, *options)
	return identity.Answer{State: asked.State, Credential: []byte(signed)}
}

// asksToAdd begins a passkey of asha's.
func asksToAdd(t *testing.T, a Adapter, session string) identity.Ceremony {
	t.Helper()
	asked, err := a.BeginPasskey(t.Context(), "asha", session, password, "")
	must(t, err)
	return asked
}

func asksToSignIn(t *testing.T, a Adapter) identity.Ceremony {
	t.Helper()
	asked, err := a.BeginPasskeySignIn(t.Context(), "")
	must(t, err)
	return asked
}

// withPasskey returns a device that has a passkey of asha's.
func withPasskey(t *testing.T, a Adapter) *Device {
	t.Helper()
	create(t, a, "asha", hajir.RoleEmployee)
	here := session(t, a, signIn(t, a))
	d := NewDevice(a.PasskeyOrigin())
	_, err := a.AddPasskey(t.Context(), "asha", here, "Phone", d.Create(t, asksToAdd(t, a, here)))
	must(t, err)
	return d
}

func passkeys(t *testing.T, a Adapter, n int) []identity.Passkey {
	t.Helper()
	all, err := a.Passkeys(t.Context(), "asha")
	must(t, err)
	if len(all) != n {
		t.Fatalf("%d passkeys, want %d: %+v", len(all), n, all)
	}
	return all
}

func testPasskey(t *testing.T, a Adapter, clock *Clock) {
	d := withPasskey(t, a)
	clock.Advance(time.Minute)
	u, tokens, err := a.SignInWithPasskey(from(t.Context(), "192.0.2.7"), d.Sign(t, asksToSignIn(t, a)))
	must(t, err)
	who, err := a.Verify(t.Context(), tokens.Access)
	must(t, err)
	if u.Username != "asha" || who.Username != "asha" || who.Company != "acme" || who.Role != hajir.RoleEmployee {
		t.Errorf("user %+v, principal %+v", u, who)
	}
	first := passkeys(t, a, 1)[0]
	if first.Name != "Phone" || first.Synced || first.Copied || !first.UsedAt.Equal(clock.Now()) || !first.CreatedAt.Equal(clock.Now().Add(-time.Minute)) {
		t.Errorf("passkey %+v", first)
	}
	here := who.Session
	synced := NewDevice(a.PasskeyOrigin())
	synced.Options.BackupEligible, synced.Options.BackupState = true, true
	second, err := a.AddPasskey(t.Context(), "asha", here, " Laptop ", synced.Create(t, asksToAdd(t, a, here)))
	must(t, err)
	if second.Name != "Laptop" || !second.Synced || !second.UsedAt.IsZero() {
		t.Errorf("second passkey %+v", second)
	}
	synced.Options.BackupState = false // is no more; it may be again
	_, _, err = a.SignInWithPasskey(t.Context(), synced.Sign(t, asksToSignIn(t, a)))
	must(t, err)
	if passkeys(t, a, 2)[1].Synced {
		t.Error("a passkey that is kept by one device only is said to be synced")
	}
	synced.Options.BackupEligible = false // which never changes
	_, _, err = a.SignInWithPasskey(t.Context(), synced.Sign(t, asksToSignIn(t, a)))
	wantCode(t, "a passkey of another kind than before", err, hajir.PasskeyRefused)

	must(t, a.RenamePasskey(t.Context(), "asha", second.ID, "Work"))
	wantCode(t, "a name of nothing", a.RenamePasskey(t.Context(), "asha", second.ID, " "), hajir.Invalid)
	wantCode(t, "renaming another's", a.RenamePasskey(t.Context(), "bina", second.ID, "Mine"), hajir.NotFound)
	wantCode(t, "removing another's", a.RemovePasskey(t.Context(), "bina", second.ID), hajir.NotFound)
	if got := passkeys(t, a, 2); got[1].Name != "Work" || got[0] != first {
		t.Errorf("passkeys %+v", got)
	}
	must(t, a.RemovePasskey(t.Context(), "asha", first.ID))
	wantCode(t, "removing it again", a.RemovePasskey(t.Context(), "asha", first.ID), hajir.NotFound)
	_, _, err = a.SignInWithPasskey(t.Context(), d.Sign(t, asksToSignIn(t, a)))
	wantCode(t, "a removed passkey", err, hajir.PasskeyRefused)
	must(t, a.RemovePasskeys(t.Context(), "asha"))
	passkeys(t, a, 0)
}

// Adding one asks for the password, and for a code where one is in use.
func testAddPasskey(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	create(t, a, "bina", hajir.RoleEmployee)
	here, there := session(t, a, signIn(t, a)), session(t, a, signIn(t, a))
	begin := func(password, code string) error {
		_, err := a.BeginPasskey(t.Context(), "asha", here, password, code)
		return err
	}
	wantCode(t, "a wrong password", begin("wrong horse battery", ""), hajir.PasswordWrong)
	wantCode(t, "no password", begin("", ""), hajir.PasswordWrong)
	d := NewDevice(a.PasskeyOrigin())
	add := func(username, session, name string, answer identity.Answer) error {
		_, err := a.AddPasskey(t.Context(), username, session, name, answer)
		return err
	}
	wantCode(t, "without a name", add("asha", here, "", d.Create(t, asksToAdd(t, a, here))), hajir.Invalid)
	wantCode(t, "in another session", add("asha", there, "x", d.Create(t, asksToAdd(t, a, here))), hajir.PasskeyRefused)
	wantCode(t, "for another account", add("bina", here, "x", d.Create(t, asksToAdd(t, a, here))), hajir.PasskeyRefused)
	signs := asksToSignIn(t, a)
	mixed := d.Create(t, asksToAdd(t, a, here))
	mixed.State = signs.State
	wantCode(t, "with the state of a sign-in", add("asha", here, "x", mixed), hajir.PasskeyRefused)
	late := d.Create(t, asksToAdd(t, a, here))
	clock.Advance(5 * time.Minute)
	wantCode(t, "too late", add("asha", here, "x", late), hajir.PasskeyExpired)
	answer := d.Create(t, asksToAdd(t, a, here))
	must(t, add("asha", here, "x", answer))
	wantCode(t, "the same answer again", add("asha", here, "x", answer), hajir.PasskeyRefused)
	wantCode(t, "the same passkey again", add("asha", here, "x", d.Create(t, asksToAdd(t, a, here))), hajir.PasskeyRefused)
	passkeys(t, a, 1)

	for what, change := range map[string]func(*Device){
		"of another origin":                      func(d *Device) { d.Site.Origin = "https://evil.example.com" },
		"of another scheme":                      func(d *Device) { d.Site.Origin = "http://" + d.Site.ID },
		"of another relying party":               func(d *Device) { d.Site.ID = "evil.example.com" },
		"without asking who its owner is":        func(d *Device) { d.Options.UserNotVerified = true },
		"without anybody there":                  func(d *Device) { d.Options.UserNotPresent = true },
		"that is synced but could not have been": func(d *Device) { d.Options.BackupState = true },
	} {
		d := NewDevice(a.PasskeyOrigin())
		change(d)
		wantCode(t, "a passkey "+what, add("asha", here, "x", d.Create(t, asksToAdd(t, a, here))), hajir.PasskeyRefused)
	}
	for what, credential := range map[string]string{"nothing": "", "no JSON": "x", "null": "null", "an empty one": "{}"} {
		asked := asksToAdd(t, a, here)
		wantCode(t, what, add("asha", here, "x", identity.Answer{State: asked.State, Credential: []byte(credential)}), hajir.PasskeyRefused)
	}
	wantCode(t, "no state", add("asha", here, "x", identity.Answer{}), hajir.PasskeyRefused)
	passkeys(t, a, 1)

	e, err := a.EnrolTwoFactor(t.Context(), "asha", password)
	must(t, err)
	_, err = a.ConfirmTwoFactor(t.Context(), "asha", authenticator(t, e)(clock.Now()))
	must(t, err)
	clock.Advance(time.Minute)
	wantCode(t, "without a code", begin(password, ""), hajir.TOTPWrong)
	wantCode(t, "with a wrong one", begin(password, "12345"), hajir.TOTPWrong)
	must(t, begin(password, authenticator(t, e)(clock.Now())))
	// And none is asked for when the passkey signs in.
	_, _, err = a.SignInWithPasskey(t.Context(), d.Sign(t, asksToSignIn(t, a)))
	must(t, err)
}

func testWrongPasskeys(t *testing.T, a Adapter, clock *Clock) {
	d := withPasskey(t, a)
	refused := func(what string, answer identity.Answer, want hajir.Code) {
		t.Helper()
		_, _, err := a.SignInWithPasskey(t.Context(), answer)
		wantCode(t, what, err, want)
	}
	sound := *d
	for what, change := range map[string]func(*Device){
		"another origin":           func(d *Device) { d.Site.Origin = "https://evil.example.com" },
		"another port":             func(d *Device) { d.Site.Origin += ":8443" },
		"another relying party":    func(d *Device) { d.Site.ID = "evil.example.com" },
		"no user verification":     func(d *Device) { d.Options.UserNotVerified = true },
		"nobody there":             func(d *Device) { d.Options.UserNotPresent = true },
		"another key":              func(d *Device) { d.Key.Key = newPasskey().Key },
		"a passkey nobody has":     func(d *Device) { d.Key = newPasskey() },
		"another account's handle": func(d *Device) { d.Options.UserHandle = []byte("bina") },
		"no handle":                func(d *Device) { d.Options.UserHandle = nil },
	} {
		bad := sound
		change(&bad)
		refused(what, bad.Sign(t, asksToSignIn(t, a)), hajir.PasskeyRefused)
	}
	one, two := asksToSignIn(t, a), asksToSignIn(t, a)
	crossed := d.Sign(t, one)
	crossed.State = two.State
	refused("another challenge", crossed, hajir.PasskeyRefused)
	here := session(t, a, signIn(t, a))
	mixed := d.Sign(t, asksToSignIn(t, a))
	mixed.State = asksToAdd(t, a, here).State
	refused("the state of an addition", mixed, hajir.PasskeyRefused)
	mixed.State = signIn(t, a).Access
	refused("an access token for a state", mixed, hajir.PasskeyRefused)
	_, err := a.Verify(t.Context(), asksToSignIn(t, a).State)
	wantCode(t, "a state for an access token", err, hajir.Unauthorized)
	for what, credential := range map[string]string{"nothing": "", "no JSON": "x", "null": "null", "an empty one": "{}", "a list": "[]"} {
		refused(what, identity.Answer{State: asksToSignIn(t, a).State, Credential: []byte(credential)}, hajir.PasskeyRefused)
	}
	refused("no state", identity.Answer{}, hajir.PasskeyRefused)

	answer := d.Sign(t, asksToSignIn(t, a))
	_, _, err = a.SignInWithPasskey(t.Context(), answer)
	must(t, err)
	refused("the same answer again", answer, hajir.PasskeyRefused)
	late := d.Sign(t, asksToSignIn(t, a))
	clock.Advance(5 * time.Minute)
	refused("too late", late, hajir.PasskeyExpired)

	must(t, a.SetDisabled(t.Context(), "asha", true))
	refused("a closed account", d.Sign(t, asksToSignIn(t, a)), hajir.PasskeyRefused)
	must(t, a.SetDisabled(t.Context(), "asha", false))
	_, _, err = a.SignInWithPasskey(t.Context(), d.Sign(t, asksToSignIn(t, a)))
	must(t, err)
	must(t, a.Delete(t.Context(), "asha"))
	refused("a deleted account", d.Sign(t, asksToSignIn(t, a)), hajir.PasskeyRefused)
	create(t, a, "asha", hajir.RoleEmployee) // somebody else who got the name
	refused("a deleted account's namesake", d.Sign(t, asksToSignIn(t, a)), hajir.PasskeyRefused)
	passkeys(t, a, 0)
}

// A counter that goes back tells of a copy, and then neither is taken.
func testCopiedPasskey(t *testing.T, a Adapter, _ *Clock) {
	d := withPasskey(t, a)
	thief := *d
	for range 3 {
		_, _, err := a.SignInWithPasskey(t.Context(), thief.Sign(t, asksToSignIn(t, a)))
		must(t, err)
	}
	_, _, err := a.SignInWithPasskey(t.Context(), d.Sign(t, asksToSignIn(t, a)))
	wantCode(t, "the owner's, whose counter is behind", err, hajir.PasskeyCopied)
	_, _, err = a.SignInWithPasskey(t.Context(), thief.Sign(t, asksToSignIn(t, a)))
	wantCode(t, "the copy, whose counter is ahead", err, hajir.PasskeyCopied)
	stranger := thief
	stranger.Key.Key = newPasskey().Key
	_, _, err = a.SignInWithPasskey(t.Context(), stranger.Sign(t, asksToSignIn(t, a)))
	wantCode(t, "who has no key and is told nothing", err, hajir.PasskeyRefused)
	if !passkeys(t, a, 1)[0].Copied {
		t.Error("its owner is not told")
	}
	signIn(t, a) // the password still does

	// One that does not count stays at zero.
	quiet := NewDevice(a.PasskeyOrigin())
	here := session(t, a, signIn(t, a))
	_, err = a.AddPasskey(t.Context(), "asha", here, "Quiet", quiet.Create(t, asksToAdd(t, a, here)))
	must(t, err)
	for range 2 {
		quiet.Key.Counter = ^uint32(0) // and Sign makes it zero
		_, _, err = a.SignInWithPasskey(t.Context(), quiet.Sign(t, asksToSignIn(t, a)))
		must(t, err)
	}
}

// Wrong passkeys slow the client, not the account.
func testSlowPasskeys(t *testing.T, a Adapter, clock *Clock) {
	d := withPasskey(t, a)
	bad, good := from(t.Context(), "192.0.2.66"), from(t.Context(), "192.0.2.7")
	stranger := NewDevice(a.PasskeyOrigin())
	stranger.Options.UserHandle = d.Options.UserHandle
	for range 31 {
		_, _, err := a.SignInWithPasskey(bad, stranger.Sign(t, asksToSignIn(t, a)))
		wantCode(t, "a stranger", err, hajir.PasskeyRefused)
	}
	answer := d.Sign(t, asksToSignIn(t, a))
	_, _, err := a.SignInWithPasskey(bad, answer)
	wantCode(t, "the right one from there", err, hajir.RateLimited)
	_, _, err = a.SignIn(bad, "asha", password, "")
	wantCode(t, "the password from there", err, hajir.RateLimited)
	_, _, err = a.SignInWithPasskey(good, answer) // to be slowed uses nothing up
	must(t, err)
	for fail(good, t, a, "asha") == 0 {
	}
	_, _, err = a.SignInWithPasskey(good, d.Sign(t, asksToSignIn(t, a)))
	must(t, err) // who guesses at the password does not keep the passkey out
	clock.Advance(2 * time.Second)
	_, _, err = a.SignInWithPasskey(bad, d.Sign(t, asksToSignIn(t, a)))
	must(t, err)
}

// Of many who bring one answer, one is let in.
func testPasskeyRace(t *testing.T, a Adapter, _ *Clock) {
	d := withPasskey(t, a)
	answer := d.Sign(t, asksToSignIn(t, a))
	var in atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := a.SignInWithPasskey(t.Context(), answer); err == nil {
				in.Add(1)
			} else {
				wantCode(t, "one of many", err, hajir.PasskeyRefused)
			}
		})
	}
	wg.Wait()
	if n := in.Load(); n != 1 {
		t.Errorf("%d were let in, want 1", n)
	}
}
