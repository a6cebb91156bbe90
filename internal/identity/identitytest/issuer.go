package identitytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// Issuer is an OpenID Connect issuer in the process: it publishes a discovery
// document and its keys, over HTTP on loopback.
type Issuer struct {
	URL string

	t testing.TB

	mu    sync.Mutex
	keys  []jwk.Key // private; the last one signs
	asked int       // how often for the keys
	says  map[string]any
	block http.HandlerFunc
}

// NewIssuer starts an issuer, which ends with the test.
func NewIssuer(t testing.TB) *Issuer {
	t.Helper()
	i := &Issuer{t: t}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", i.discover)
	mux.HandleFunc("/keys", i.publish)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.URL = server.URL
	i.says = map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys"}
	i.Rotate(NewKey(t, "first"))
	return i
}

func (i *Issuer) discover(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	says, block := i.says, i.block
	i.mu.Unlock()
	if block != nil {
		block(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(says) // the client may have left
}

func (i *Issuer) publish(w http.ResponseWriter, _ *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	set := jwk.NewSet()
	for _, key := range i.keys {
		public, err := key.PublicKey()
		if err == nil {
			err = set.AddKey(public)
		}
		if err != nil {
			i.t.Error(err)
		}
	}
	_ = json.NewEncoder(w).Encode(set)
}

// Rotate publishes keys instead of those before; the last one signs from now on.
func (i *Issuer) Rotate(keys ...jwk.Key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

// Block answers whoever discovers the issuer by f instead; nil ends that.
func (i *Issuer) Block(f http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.block = f
}

// Says changes a field of the discovery document.
func (i *Issuer) Says(field string, value any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	says := map[string]any{field: value}
	for f, v := range i.says {
		if f != field {
			says[f] = v
		}
	}
	i.says = says
}

// Asked returns how often the keys were fetched.
func (i *Issuer) Asked() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked
}

// Key returns the key that signs.
func (i *Issuer) Key() jwk.Key {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys[len(i.keys)-1]
}

// Sign returns a token with claims.
func (i *Issuer) Sign(claims map[string]any) string {
	return Sign(i.t, i.Key(), nil, claims)
}

// NewKey returns a private RSA key for RS256.
func NewKey(t testing.TB, id string) jwk.Key {
	t.Helper()
	raw, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return newKey(t, id, raw, jwa.RS256())
}

// NewECKey returns a private key of the curve P-256 for ES256.
func NewECKey(t testing.TB, id string) jwk.Key {
	t.Helper()
	raw, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newKey(t, id, raw, jwa.ES256())
}

func newKey(t testing.TB, id string, raw any, alg jwa.SignatureAlgorithm) jwk.Key {
	t.Helper()
	key, err := jwk.Import(raw)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{jwk.KeyIDKey: id, jwk.AlgorithmKey: alg, jwk.KeyUsageKey: "sig"} {
		if err := key.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return key
}

// Sign returns a token that is signed with key, by the key's own algorithm and
// id unless header says otherwise; a nil value leaves a field out.
func Sign(t testing.TB, key jwk.Key, header, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := key.KeyID()
	h := jws.NewHeaders()
	fields := map[string]any{"typ": "JWT", "kid": id}
	for name, value := range header {
		fields[name] = value
	}
	alg, _ := key.Algorithm()
	if other, ok := fields["alg"].(jwa.KeyAlgorithm); ok {
		alg = other
		delete(fields, "alg")
	}
	for name, value := range fields {
		if value == nil {
			continue
		}
		if err := h.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := jwk.ParseKey(marshal(t, key))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{jwk.KeyIDKey, jwk.AlgorithmKey} { // or they would be put into the header
		if err := plain.Remove(field); err != nil {
			t.Fatal(err)
		}
	}
	token, err := jws.Sign(payload, jws.WithKey(alg, plain, jws.WithProtectedHeaders(h)))
	if err != nil {
		t.Fatal(err)
	}
	return string(token)
}

// Unsigned returns a token with a header and a signature of any kind.
func Unsigned(t testing.TB, header, claims map[string]any, signature []byte) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	return encode(marshal(t, header)) + "." + encode(marshal(t, claims)) + "." + encode(signature)
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Forged returns many tokens of i's that name keys which do not exist.
func (i *Issuer) Forged(claims map[string]any, n int) []string {
	thief := NewKey(i.t, "a thief's")
	all := make([]string, n)
	for k := range all {
		all[k] = Sign(i.t, thief, map[string]any{"kid": "forged-" + strconv.Itoa(k)}, claims)
	}
	return all
}
