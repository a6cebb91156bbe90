package identitytest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Verified is a verifier with an issuer whose tokens it takes, and one person:
// Asha, asha, an employee of acme.
type Verified struct {
	identity.Verifier
	Issuer string                // that principals must name
	Key    jwk.Key               // private: what the issuer signs with
	Claims func() map[string]any // of a good access token of Asha's
	Remove func()                // deactivates Asha
}

// RunVerifier runs the suite that every issuer's tokens must pass; open returns
// a verifier on clock.
func RunVerifier(t *testing.T, open func(t *testing.T, clock *Clock) Verified) {
	for name, test := range map[string]func(*testing.T, Verified, *Clock){
		"a token says who somebody is":      testToken,
		"a token is good for its time":      testTokenTimes,
		"what is no good token is refused":  testBadTokens,
		"no token leads to keys of its own": testForeignKeys,
		"who was removed is out at once":    testRemoved,
		"many are verified at once":         testManyTokens,
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))
			test(t, open(t, clock), clock)
		})
	}
}

// with returns claims with one changed; nil removes it.
func with(claims map[string]any, name string, value any) map[string]any {
	c := maps.Clone(claims)
	if c[name] = value; value == nil {
		delete(c, name)
	}
	return c
}

func testToken(t *testing.T, v Verified, _ *Clock) {
	claims := v.Claims()
	for _, kind := range []any{"JWT", nil, "at+jwt", "application/AT+JWT"} {
		who, err := v.Verify(t.Context(), Sign(t, v.Key, map[string]any{"typ": kind}, claims))
		must(t, err)
		expires, _ := claims["exp"].(int64)
		want := identity.Principal{
			Username: "asha", Name: "Asha", Company: "acme", Role: hajir.RoleEmployee,
			Issuer: v.Issuer, Session: who.Session, Expires: time.Unix(expires, 0),
		}
		if !who.Expires.Equal(want.Expires) {
			t.Errorf("expires %v, want %v", who.Expires, want.Expires)
		}
		want.Expires = who.Expires
		if who != want || (who.Session == "") != (v.Issuer != "") {
			t.Errorf("principal %+v, want %+v", who, want)
		}
	}
}

func testTokenTimes(t *testing.T, v Verified, clock *Clock) {
	claims, now := v.Claims(), clock.Now().Unix()
	for _, tt := range []struct {
		claim string
		at    int64
		good  bool
	}{
		{"exp", now + 1, true},
		{"exp", now - 60, false},
		{"exp", now - 1e9, false},
		{"nbf", now - 60, true},
		{"nbf", now + 60, false},
		{"iat", now + 60, false},
	} {
		_, err := v.Verify(t.Context(), Sign(t, v.Key, nil, with(claims, tt.claim, tt.at)))
		if tt.good {
			must(t, err)
		} else {
			wantCode(t, tt.claim, err, hajir.Unauthorized)
		}
	}
	wantCode(t, "a token that never expires", errOf(v.Verify(t.Context(), Sign(t, v.Key, nil, with(claims, "exp", nil)))), hajir.Unauthorized)
	wantCode(t, "an odd time", errOf(v.Verify(t.Context(), Sign(t, v.Key, nil, with(claims, "exp", "soon")))), hajir.Unauthorized)
}

func errOf(_ identity.Principal, err error) error { return err }

func testBadTokens(t *testing.T, v Verified, _ *Clock) {
	claims := v.Claims()
	good := Sign(t, v.Key, nil, claims)
	must(t, errOf(v.Verify(t.Context(), good)))
	id, _ := v.Key.KeyID()
	sign := func(header map[string]any) string { return Sign(t, v.Key, header, claims) }
	claim := func(name string, value any) string { return Sign(t, v.Key, nil, with(claims, name, value)) }
	issuer, _ := claims["iss"].(string)
	parts := strings.Split(good, ".")
	flat := marshal(t, map[string]string{"protected": parts[0], "payload": parts[1], "signature": parts[2]})
	bad := map[string]string{
		"nothing":                 "",
		"dots":                    "..",
		"words":                   "a.b.c",
		"cut off":                 good[:len(good)-2],
		"no signature":            parts[0] + "." + parts[1] + ".",
		"two parts":               parts[0] + "." + parts[1],
		"four parts":              good + ".e30",
		"another payload":         parts[0] + "." + base64.RawURLEncoding.EncodeToString(marshal(t, with(claims, "sub", "bina"))) + "." + parts[2],
		"another form":            string(flat),
		"too long":                claim("junk", strings.Repeat("x", 20<<10)),
		"another issuer":          claim("iss", "https://issuer.example.com"),
		"nearly the issuer":       claim("iss", issuer+"/"),
		"no issuer":               claim("iss", nil),
		"an odd issuer":           claim("iss", []string{issuer}),
		"another audience":        claim("aud", "somebody-else"),
		"an ID token":             claim("token_use", "id"),
		"a refresh token":         claim("typ", "Refresh"),
		"a key of another":        Sign(t, NewKey(t, id), nil, claims),
		"an unknown key":          Sign(t, NewKey(t, "unknown"), nil, claims),
		"no key's name":           sign(map[string]any{"kid": nil}),
		"another algorithm":       sign(map[string]any{"alg": jwa.RS512()}),
		"not the key's algorithm": sign(map[string]any{"alg": jwa.PS256()}),
		"made for signing out":    sign(map[string]any{"typ": "logout+jwt"}),
		"an extension":            sign(map[string]any{"crit": []string{"exp"}, "exp": 1}),
		"alg none":                Unsigned(t, map[string]any{"alg": "none", "typ": "JWT", "kid": id}, claims, nil),
		"alg None":                Unsigned(t, map[string]any{"alg": "None", "typ": "JWT", "kid": id}, claims, []byte("x")),
		"no alg":                  Unsigned(t, map[string]any{"typ": "JWT", "kid": id}, claims, []byte("x")),
	}
	for how, secret := range publicForms(t, v.Key) {
		bad["the public key as a secret, "+how] = hs256(t, id, claims, secret)
	}
	for what, token := range bad {
		wantCode(t, what, errOf(v.Verify(t.Context(), token)), hajir.Unauthorized)
	}
	must(t, errOf(v.Verify(t.Context(), good)))
}

// publicForms are ways to write a public key, of which one might be taken for a
// shared secret.
func publicForms(t *testing.T, key jwk.Key) map[string][]byte {
	t.Helper()
	public, err := key.PublicKey()
	must(t, err)
	var raw any
	must(t, jwk.Export(public, &raw))
	der, err := x509.MarshalPKIXPublicKey(raw)
	must(t, err)
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return map[string][]byte{"DER": der, "PEM": block, "PEM without its end": block[:len(block)-1], "JWK": marshal(t, public)}
}

func hs256(t *testing.T, id string, claims map[string]any, secret []byte) string {
	t.Helper()
	token := Unsigned(t, map[string]any{"alg": "HS256", "typ": "JWT", "kid": id}, claims, nil)
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write([]byte(strings.TrimSuffix(token, ".")))
	return token + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// A thief signs with a key of their own, and says in the token where it is.
func testForeignKeys(t *testing.T, v Verified, _ *Clock) {
	thief := NewKey(t, "thief")
	public, err := thief.PublicKey()
	must(t, err)
	var asked atomic.Int32
	lair := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{public}})
	}))
	defer lair.Close()
	ours, _ := v.Key.KeyID()
	for what, header := range map[string]map[string]any{
		"jku":          {"jku": lair.URL},
		"x5u":          {"x5u": lair.URL},
		"jwk":          {"jwk": public},
		"kid":          {"kid": lair.URL},
		"a path":       {"kid": "../../../../dev/null"},
		"all with our": {"jku": lair.URL, "x5u": lair.URL, "jwk": public, "kid": ours},
	} {
		wantCode(t, what, errOf(v.Verify(t.Context(), Sign(t, thief, header, v.Claims()))), hajir.Unauthorized)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the thief was asked %d times for keys", n)
	}
}

func testRemoved(t *testing.T, v Verified, _ *Clock) {
	token := Sign(t, v.Key, nil, v.Claims())
	must(t, errOf(v.Verify(t.Context(), token)))
	v.Remove()
	_, err := v.Verify(t.Context(), token)
	if code := hajir.CodeOf(err); err == nil || code != hajir.Unauthorized && code != hajir.Forbidden {
		t.Errorf("after removal: %v", err)
	}
}

func testManyTokens(t *testing.T, v Verified, _ *Clock) {
	claims := v.Claims()
	good, forged := Sign(t, v.Key, nil, claims), Sign(t, NewKey(t, "unknown"), nil, claims)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := v.Verify(t.Context(), good); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() { wantCode(t, "a forged token", errOf(v.Verify(t.Context(), forged)), hajir.Unauthorized) })
	}
	wg.Wait()
}
