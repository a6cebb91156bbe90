package identitytest

import (
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

func createWithEmail(t *testing.T, a Adapter, username, email string) {
	t.Helper()
	u := identity.User{Username: username, Email: email, Company: "acme", Role: hajir.RoleEmployee}
	must(t, a.Create(t.Context(), u, password))
}

func testEmail(t *testing.T, a Adapter, _ *Clock) {
	createWithEmail(t, a, "asha", "Asha@Example.com")
	createWithEmail(t, a, "bina", "")
	as := func(name, want string) {
		t.Helper()
		u, _, err := a.SignIn(t.Context(), name, password, "")
		if want == "" {
			wantCode(t, "sign-in as "+name, err, hajir.Unauthorized)
		} else if err != nil || u.Username != want {
			t.Errorf("sign-in as %q: %q, %v; want %s", name, u.Username, err, want)
		}
	}
	as(" ASHA@example.COM ", "asha")
	as("asha", "asha")
	as("@", "")
	as("asha@", "")
	as("nobody@example.com", "")
	as("\u0130sha@example.com", "")

	tokens := signIn(t, a)
	must(t, a.SetEmail(t.Context(), "asha", "new@example.com"))
	_, err := a.Verify(t.Context(), tokens.Access)
	must(t, err) // an address gives no rights, and takes none
	as("asha@example.com", "")
	as("new@example.com", "asha")
	must(t, a.SetEmail(t.Context(), "asha", ""))
	as("new@example.com", "")
	must(t, a.SetEmail(t.Context(), "asha", "new@example.com"))

	// Two open accounts that share an address must give their usernames.
	must(t, a.SetEmail(t.Context(), "bina", "NEW@example.com"))
	as("new@example.com", "")
	as("asha", "asha")
	as("bina", "bina")
	must(t, a.SetDisabled(t.Context(), "bina", true))
	as("new@example.com", "asha")
	must(t, a.SetDisabled(t.Context(), "bina", false))
	as("new@example.com", "")
	must(t, a.Delete(t.Context(), "asha"))
	as("new@example.com", "bina")
	wantCode(t, "an address for nobody", a.SetEmail(t.Context(), "nobody", "x@example.com"), hajir.NotFound)
}

// Using both names doubles nothing, and an address that is nobody's is slowed
// like one that is somebody's.
func testSlowEmail(t *testing.T, a Adapter, clock *Clock) {
	createWithEmail(t, a, "asha", "asha@example.com")
	createWithEmail(t, a, "chet", "shared@example.com")
	createWithEmail(t, a, "dev", "shared@example.com")
	names := []string{"asha", "ASHA@example.com", "asha@example.com"}
	for i := range 6 {
		if wait := fail(t.Context(), t, a, names[i%len(names)]); wait != 0 {
			t.Fatalf("try %d waits %v", i, wait)
		}
	}
	for _, name := range names {
		if fail(t.Context(), t, a, name) == 0 {
			t.Errorf("%s is not slowed", name)
		}
	}
	clock.Advance(2 * time.Second)
	_, _, err := a.SignIn(t.Context(), "asha@example.com", password, "")
	must(t, err)
	if wait := fail(t.Context(), t, a, "asha"); wait != 0 {
		t.Errorf("a success by the address did not forget: %v", wait)
	}
	for _, name := range []string{"nobody@example.com", "shared@example.com"} {
		for i := range 6 {
			if wait := fail(t.Context(), t, a, name); wait != 0 {
				t.Fatalf("%s: try %d waits %v", name, i, wait)
			}
		}
		if fail(t.Context(), t, a, " "+name) == 0 {
			t.Errorf("%s is not slowed", name)
		}
	}
	_, _, err = a.SignIn(t.Context(), "chet", password, "")
	must(t, err) // the shared address is nobody's
}

func testFind(t *testing.T, a Adapter, _ *Clock) {
	createWithEmail(t, a, "asha", "asha@example.com")
	createWithEmail(t, a, "bina", "Shared@example.com")
	createWithEmail(t, a, "chet", "shared@Example.com")
	createWithEmail(t, a, "dev", "shared@example.com")
	must(t, a.SetDisabled(t.Context(), "dev", true))
	for _, tt := range [][2]string{
		{"asha", "asha"},
		{" Asha ", "asha"},
		{"ASHA@example.com", "asha"},
		{"dev", ""},
		{"nobody", ""},
		{"", ""},
		{"@", ""},
		{"shared@example.com", "bina chet"},
		{"nobody@example.com", ""},
	} {
		found, err := a.Find(t.Context(), tt[0])
		must(t, err)
		var names []string
		for _, u := range found {
			names = append(names, u.Username)
		}
		if got := strings.Join(names, " "); got != tt[1] {
			t.Errorf("%q may mean %q, want %q", tt[0], got, tt[1])
		}
	}
}
