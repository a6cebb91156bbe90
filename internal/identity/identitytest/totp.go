package identitytest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// enrol turns two-factor sign-in on and returns what an authenticator shows
// at a moment, and the recovery codes.
func enrol(t *testing.T, a Adapter, clock *Clock) (shows func(time.Time) string, recovery []string) {
	t.Helper()
	create(t, a, "asha", hajir.RoleEmployee)
	e, err := a.EnrolTwoFactor(t.Context(), "asha", password)
	must(t, err)
	shows = authenticator(t, e)
	recovery, err = a.ConfirmTwoFactor(t.Context(), "asha", shows(clock.Now()))
	must(t, err)
	clock.Advance(time.Minute) // that step is used
	return shows, recovery
}

func authenticator(t *testing.T, e identity.Enrolment) func(time.Time) string {
	return func(at time.Time) string {
		t.Helper()
		code, err := totp.GenerateCode(e.Secret, at)
		must(t, err)
		return code
	}
}

func signInWith(t *testing.T, a Adapter, code string) error {
	t.Helper()
	_, _, err := a.SignIn(t.Context(), "asha", password, code)
	return err
}

func testTwoFactor(t *testing.T, a Adapter, clock *Clock) {
	create(t, a, "asha", hajir.RoleEmployee)
	_, err := a.EnrolTwoFactor(t.Context(), "asha", "wrong horse battery")
	wantCode(t, "setting up with a wrong password", err, hajir.PasswordWrong)
	_, err = a.ConfirmTwoFactor(t.Context(), "asha", "123456")
	wantCode(t, "confirming nothing", err, hajir.Conflict)
	e, err := a.EnrolTwoFactor(t.Context(), "asha", password)
	must(t, err)
	if !strings.HasPrefix(e.URL, "otpauth://totp/Hajir:asha?") || !strings.Contains(e.URL, "secret="+e.Secret) || len(e.Secret) != 32 {
		t.Errorf("enrolment %+v", e)
	}
	must(t, signInWith(t, a, "")) // not before it is confirmed
	_, err = a.ConfirmTwoFactor(t.Context(), "asha", authenticator(t, e)(clock.Now().Add(time.Hour)))
	wantCode(t, "confirming with a wrong code", err, hajir.TOTPWrong)
	first := e
	e, err = a.EnrolTwoFactor(t.Context(), "asha", password) // begun anew
	must(t, err)
	_, err = a.ConfirmTwoFactor(t.Context(), "asha", authenticator(t, first)(clock.Now()))
	wantCode(t, "confirming what was begun before", err, hajir.TOTPWrong)
	shows := authenticator(t, e)
	recovery, err := a.ConfirmTwoFactor(t.Context(), "asha", shows(clock.Now()))
	must(t, err)
	f, err := a.TwoFactor(t.Context(), "asha")
	must(t, err)
	if want := (identity.TwoFactor{Enabled: true, Since: clock.Now(), RecoveryCodes: 10}); f != want || len(recovery) != 10 {
		t.Errorf("two-factor %+v with %d codes, want %+v", f, len(recovery), want)
	}
	_, err = a.EnrolTwoFactor(t.Context(), "asha", password)
	wantCode(t, "setting it up twice", err, hajir.Conflict)
	wantCode(t, "no code", signInWith(t, a, " "), hajir.TOTPRequired)
	wantCode(t, "the code that confirmed", signInWith(t, a, shows(clock.Now())), hajir.TOTPWrong)
	_, _, err = a.SignIn(t.Context(), "asha", "wrong horse battery", shows(clock.Now().Add(30*time.Second)))
	wantCode(t, "a right code and a wrong password", err, hajir.Unauthorized)
	clock.Advance(30 * time.Second)
	code := shows(clock.Now())
	must(t, signInWith(t, a, code[:3]+" "+code[3:]+"\n"))
}

func testCodeSteps(t *testing.T, a Adapter, clock *Clock) {
	shows, _ := enrol(t, a, clock)
	step := func(n int) string { return shows(clock.Now().Add(time.Duration(n) * 30 * time.Second)) }
	for _, skew := range []int{-10, -2, 2, 10} {
		wantCode(t, "a clock that is wrong", signInWith(t, a, step(skew)), hajir.TOTPWrong)
	}
	must(t, signInWith(t, a, step(-1)))
	wantCode(t, "a used code", signInWith(t, a, step(-1)), hajir.TOTPWrong)
	must(t, signInWith(t, a, step(0)))
	must(t, signInWith(t, a, step(1)))
	wantCode(t, "a code before the one used last", signInWith(t, a, step(0)), hajir.TOTPWrong)
	clock.Advance(30 * time.Second)
	wantCode(t, "the used code, now on time", signInWith(t, a, step(0)), hajir.TOTPWrong)
	clock.Advance(30 * time.Second)
	code := step(0)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 4 {
		wg.Go(func() {
			_, _, err := a.SignIn(t.Context(), "asha", password, code)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if c := hajir.CodeOf(err); c != hajir.TOTPWrong && c != hajir.RateLimited {
				t.Errorf("a loser: %v", err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 4 used one code", won)
	}
}

func testRecoveryCodes(t *testing.T, a Adapter, clock *Clock) {
	_, recovery := enrol(t, a, clock)
	seen := map[string]bool{}
	for i, code := range recovery {
		if seen[code] || len(code) != 19 {
			t.Errorf("recovery code %q", code)
		}
		seen[code] = true
		if i%2 == 1 { // as people type
			code = strings.ToUpper(strings.ReplaceAll(code, "-", " "))
		}
		must(t, signInWith(t, a, code))
		f, err := a.TwoFactor(t.Context(), "asha")
		must(t, err)
		if f.RecoveryCodes != 9-i {
			t.Errorf("%d recovery codes are left, want %d", f.RecoveryCodes, 9-i)
		}
	}
	wantCode(t, "a recovery code again", signInWith(t, a, recovery[0]), hajir.TOTPWrong)
}

// To be asked for the code forgets no wrong ones.
func testSlowCodes(t *testing.T, a Adapter, clock *Clock) {
	shows, _ := enrol(t, a, clock)
	for range 6 {
		wantCode(t, "no code", signInWith(t, a, ""), hajir.TOTPRequired)
		wantCode(t, "a wrong code", signInWith(t, a, shows(clock.Now().Add(time.Hour))), hajir.TOTPWrong)
	}
	wantCode(t, "the right code during the wait", signInWith(t, a, shows(clock.Now())), hajir.RateLimited)
	wantCode(t, "no code during the wait", signInWith(t, a, ""), hajir.RateLimited)
	clock.Advance(2 * time.Second)
	wantCode(t, "no code after the wait", signInWith(t, a, ""), hajir.TOTPRequired)
	must(t, signInWith(t, a, shows(clock.Now()))) // to be asked is no reason to wait again
}

func testDisableTwoFactor(t *testing.T, a Adapter, clock *Clock) {
	shows, recovery := enrol(t, a, clock)
	disable := func(password, code string) error {
		return a.DisableTwoFactor(t.Context(), "asha", password, code)
	}
	wantCode(t, "turning it off without the password", disable("wrong horse battery", shows(clock.Now())), hajir.PasswordWrong)
	wantCode(t, "turning it off without a code", disable(password, ""), hajir.TOTPWrong)
	wantCode(t, "turning it off with a wrong code", disable(password, "000000x"), hajir.TOTPWrong)
	must(t, disable(password, shows(clock.Now())))
	must(t, signInWith(t, a, ""))
	must(t, disable(password, "")) // it is off

	e, err := a.EnrolTwoFactor(t.Context(), "asha", password)
	must(t, err)
	_, err = a.ConfirmTwoFactor(t.Context(), "asha", authenticator(t, e)(clock.Now()))
	must(t, err)
	wantCode(t, "a recovery code of before", signInWith(t, a, recovery[0]), hajir.TOTPWrong)
	must(t, a.ResetTwoFactor(t.Context(), "asha"))
	must(t, a.ResetTwoFactor(t.Context(), "asha"))
	must(t, signInWith(t, a, ""))

	e, err = a.EnrolTwoFactor(t.Context(), "asha", password)
	must(t, err)
	_, err = a.ConfirmTwoFactor(t.Context(), "asha", authenticator(t, e)(clock.Now()))
	must(t, err)
	must(t, a.Delete(t.Context(), "asha"))
	create(t, a, "asha", hajir.RoleEmployee)
	must(t, signInWith(t, a, "")) // a namesake asks for nothing
}
