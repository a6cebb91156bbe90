package oidc_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
)

// An issuer changes its keys: the new ones are known when a token needs one,
// the old ones are forgotten.
func TestRotation(t *testing.T) {
	w := newWorld(t, start(), nil)
	first := w.issuer.Key()
	sign := func(key jwk.Key) string { return identitytest.Sign(t, key, nil, w.claims()) }
	w.want("the first key", sign(first), "")
	second := identitytest.NewKey(t, "second")
	w.issuer.Rotate(first, second)
	w.want("a key within the bound", sign(second), hajir.Unauthorized)
	w.clock.Advance(30 * time.Second)
	w.want("the second key", sign(second), "")
	w.want("the first key beside it", sign(first), "")
	w.issuer.Rotate(second)
	w.clock.Advance(time.Hour)
	w.want("the second key when the keys are old", sign(second), "")
	w.want("a stranger, who waits until the keys are there", w.issuer.Forged(w.claims(), 1)[0], hajir.Unauthorized)
	w.want("a key that was withdrawn", sign(first), hajir.Unauthorized)
	if n := w.issuer.Asked(); n != 3 {
		t.Errorf("the issuer was asked %d times, want 3", n)
	}
}

// A flood of tokens with keys that do not exist asks the issuer once.
func TestFloodOfKeys(t *testing.T) {
	w := newWorld(t, start(), nil)
	var wg sync.WaitGroup
	for _, token := range w.issuer.Forged(w.claims(), 50) {
		wg.Go(func() { w.want("a forged token", token, hajir.Unauthorized) })
	}
	wg.Wait()
	w.want("a good one", w.issuer.Sign(w.claims()), "")
	if n := w.issuer.Asked(); n != 1 {
		t.Errorf("the issuer was asked %d times", n)
	}
	w.clock.Advance(30 * time.Second)
	for _, token := range w.issuer.Forged(w.claims(), 10) {
		w.want("a forged token", token, hajir.Unauthorized)
	}
	if n := w.issuer.Asked(); n != 2 {
		t.Errorf("the issuer was asked %d times after the bound", n)
	}
}

// An issuer that cannot be reached, or says odd things, is tried again, and
// what is known of it goes on for a day.
func TestIssuerIsDown(t *testing.T) {
	w := newWorld(t, start(), nil)
	w.issuer.Block(blocked)
	token := func() string { return w.issuer.Sign(w.claims()) }
	_, err := w.Verify(t.Context(), token())
	e, ok := errors.AsType[*hajir.Error](err)
	if !ok || e.Code != hajir.Unavailable || e.RetryAfter != 30*time.Second || strings.Contains(e.Message, "127.0.0.1") {
		t.Errorf("down from the start: %#v", err)
	}
	w.issuer.Block(nil)
	w.want("up again, before it is tried", token(), hajir.Unavailable)
	w.clock.Advance(30 * time.Second)
	w.want("up again", token(), "")
	w.issuer.Block(blocked)
	w.clock.Advance(23 * time.Hour)
	w.want("down, with a key that is known", token(), "")
	w.want("down, with a key that is not", identitytest.Sign(t, identitytest.NewKey(t, "new"), nil, w.claims()), hajir.Unavailable)
	w.clock.Advance(time.Hour)
	w.want("down for a day", token(), hajir.Unavailable)
	w.issuer.Block(nil)
	w.clock.Advance(30 * time.Second)
	w.want("up after a day", token(), "")
}

// An issuer that does not answer keeps only those waiting who need it, and none
// who has left.
func TestSlowIssuer(t *testing.T) {
	w := newWorld(t, start(), nil)
	good := w.issuer.Sign(w.claims())
	w.want("before", good, "")
	asked, answer := make(chan struct{}), make(chan struct{})
	w.issuer.Block(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		select {
		case <-answer:
		case <-r.Context().Done():
		}
	})
	w.clock.Advance(30 * time.Second)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	stranger := identitytest.Sign(t, identitytest.NewKey(t, "new"), nil, w.claims())
	go func() {
		_, err := w.Verify(ctx, stranger)
		left <- err
	}()
	<-asked
	w.want("a known key meanwhile", good, "")
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	close(answer)
	w.want("after an empty answer", stranger, hajir.Unavailable)
}

// What an issuer publishes that must not be believed.
func TestOddIssuers(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := map[string]any{
		"kty": "RSA", "kid": "first", "e": "AQAB", "n": base64.RawURLEncoding.EncodeToString(small.N.Bytes()),
	}
	shared, err := jwk.Import([]byte("a secret of 32 bytes, shared by us"))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := identitytest.NewIssuer(t)
	for name, change := range map[string]func(*identitytest.Issuer){
		"another issuer's document": func(i *identitytest.Issuer) { i.Says("issuer", "https://issuer.example.com") },
		"nearly its own":            func(i *identitytest.Issuer) { i.Says("issuer", i.URL+"/") },
		"no issuer":                 func(i *identitytest.Issuer) { i.Says("issuer", nil) },
		"no keys":                   func(i *identitytest.Issuer) { i.Says("jwks_uri", "") },
		"keys in the clear":         func(i *identitytest.Issuer) { i.Says("jwks_uri", "http://issuer.example.com/keys") },
		"keys in a file":            func(i *identitytest.Issuer) { i.Says("jwks_uri", "file:///etc/passwd") },
		"keys that are not there":   func(i *identitytest.Issuer) { i.Says("jwks_uri", i.URL+"/nothing") },
		"keys that are none":        func(i *identitytest.Issuer) { i.Says("jwks_uri", i.URL+"/.well-known/openid-configuration") },
		"an empty list of keys":     func(i *identitytest.Issuer) { i.Rotate() },
		"a weak key":                func(i *identitytest.Issuer) { i.Block(publish(i, weak)) },
		"a key to encrypt":          func(i *identitytest.Issuer) { i.Rotate(unfit(t, jwk.KeyUsageKey, "enc")) },
		"a shared secret":           func(i *identitytest.Issuer) { i.Block(publish(i, named(t, shared))) },
		"a private key":             func(i *identitytest.Issuer) { i.Block(publish(i, named(t, i.Key()))) },
		"another place":             func(i *identitytest.Issuer) { i.Block(http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP) },
		"no end":                    func(i *identitytest.Issuer) { i.Block(endless) },
		"no JSON": func(i *identitytest.Issuer) {
			i.Block(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, start(), nil)
			token := w.issuer.Sign(w.claims())
			change(w.issuer)
			w.want("a token", token, hajir.Unavailable)
		})
	}
}

func named(t *testing.T, key jwk.Key) jwk.Key {
	t.Helper()
	if err := key.Set(jwk.KeyIDKey, "first"); err != nil {
		t.Fatal(err)
	}
	return key
}

func unfit(t *testing.T, field string, value any) jwk.Key {
	t.Helper()
	key := identitytest.NewKey(t, "first")
	if err := key.Set(field, value); err != nil {
		t.Fatal(err)
	}
	return key
}

// publish answers everything by a discovery document that is a list of keys,
// too.
func publish(i *identitytest.Issuer, keys ...any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		encode(w, map[string]any{
			"issuer": i.URL, "jwks_uri": i.URL + "/.well-known/openid-configuration", "keys": keys,
		})
	}
}

func endless(w http.ResponseWriter, _ *http.Request) {
	block := []byte(strings.Repeat(" ", 64<<10))
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// Keys of kinds that are not known do not hide those that are.
func TestUnknownKindsOfKeys(t *testing.T) {
	w := newWorld(t, start(), nil)
	public, err := w.issuer.Key().PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	w.issuer.Block(publish(w.issuer, map[string]any{"kty": "AKP", "kid": "first", "alg": "ML-DSA-44"}, map[string]any{"kty": "RSA"}, 7, public))
	w.want("a token", w.issuer.Sign(w.claims()), "")
}
