package local_test

import (
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/local"
)

func TestPool(t *testing.T) {
	identitytest.Run(t, func(t *testing.T, clock *identitytest.Clock) identitytest.Adapter {
		pool := newVerified(t, clock.Now)
		pool.HashMemory = 64 // KiB: the suite hashes much, and under the race detector earnest hashing takes seconds
		return pool
	})
}

// Passwords are hashed as RFC 9106 recommends second: 64 MiB, three passes.
func TestPasswordsAreHashedInEarnest(t *testing.T) {
	pool, _, _ := newPool(t, time.Now)
	hash, err := pool.Hash(t.Context(), "correct horse battery")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("%q %v", hash, err)
	}
}

func TestASigningKeyMustBeOne(t *testing.T) {
	if _, err := local.New(nil, nil, "x", []byte("no key")); err == nil {
		t.Error("a signing key that is none was taken")
	}
}

// Where passkeys work follows from where people reach the site.
func TestPasskeyOrigin(t *testing.T) {
	signing, err := local.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	for site, want := range map[string]string{
		"https://hajir.example.com":      "https://hajir.example.com",
		"https://Hajir.Example.com":      "https://hajir.example.com",
		"https://hajir.example.com:443":  "https://hajir.example.com",
		"https://hajir.example.com:8443": "https://hajir.example.com:8443",
		"https://hajir":                  "", // not a domain
		"http://127.0.0.1:8080":          "http://localhost:8080",
		"http://[::1]:8080":              "http://localhost:8080",
		"http://localhost:8080":          "http://localhost:8080",
		"http://hajir.localhost":         "http://hajir.localhost",
		"http://hajir.example.com":       "",
		"http://192.168.1.5:8080":        "",
		"https://192.168.1.5":            "",
		"https://[2001:db8::1]":          "",
		"x":                              "",
	} {
		pool, err := local.New(nil, time.Now, site, signing)
		if err != nil {
			t.Fatalf("%s: %v", site, err)
		}
		if got := pool.PasskeyOrigin(); got != want {
			t.Errorf("%s: passkeys at %q, want %q", site, got, want)
		}
		if want != "" {
			continue
		}
		if _, err := pool.BeginPasskeySignIn(t.Context(), ""); hajir.CodeOf(err) != hajir.Unavailable {
			t.Errorf("%s: %v", site, err)
		}
		if _, err := pool.BeginPasskey(t.Context(), "asha", "s", "p", ""); hajir.CodeOf(err) != hajir.Unavailable {
			t.Errorf("%s: %v", site, err)
		}
	}
}

// Whatever a browser answers, it is refused and nothing worse.
func FuzzPasskeyAnswers(f *testing.F) {
	pool, _, _ := newPool(f, time.Now)
	d := identitytest.NewDevice(pool.PasskeyOrigin())
	d.Options.UserHandle = []byte("x")
	asked, err := pool.BeginPasskeySignIn(f.Context(), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(d.Sign(f, asked).Credential))
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"AA"}}`)
	f.Fuzz(func(t *testing.T, credential string) {
		asked, err := pool.BeginPasskeySignIn(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		answer := identity.Answer{State: asked.State, Credential: []byte(credential)}
		if _, _, err := pool.SignInWithPasskey(t.Context(), answer); hajir.CodeOf(err) != hajir.PasskeyRefused {
			t.Errorf("%v", err)
		}
	})
}

// So is whatever it says of a new passkey.
func FuzzNewPasskeys(f *testing.F) {
	d := identitytest.NewDevice("https://hajir.example.com")
	made := d.Create(f, identity.Ceremony{Options: []byte(`{"rp":{"id":"hajir.example.com"},"user":{"id":"AA"},"challenge":"AAAA"}`)})
	f.Add(string(made.Credential))
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA"}}`)
	pool, _, _ := newPool(f, time.Now)
	u := identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}
	if err := pool.Create(f.Context(), u, "correct horse battery"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, credential string) {
		asked, err := pool.BeginPasskey(t.Context(), "asha", "s", "correct horse battery", "")
		if err != nil {
			t.Fatal(err)
		}
		answer := identity.Answer{State: asked.State, Credential: []byte(credential)}
		if _, err := pool.AddPasskey(t.Context(), "asha", "s", "x", answer); hajir.CodeOf(err) != hajir.PasskeyRefused {
			t.Errorf("%v", err)
		}
	})
}
