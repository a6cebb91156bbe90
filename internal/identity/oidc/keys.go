package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/hajir"
)

// own are the keys of the built-in pool, which are at hand.
type own struct{ set jwk.Set }

func (o own) key(_ context.Context, id string) (jwk.Key, error) {
	if key, ok := o.set.LookupKeyID(id); ok {
		return key, nil
	}
	return nil, notValid(errors.New("no such key"))
}

// How long an issuer's keys are good, and how often it is asked at most: once
// for a flood of tokens that name keys which do not exist.
const (
	freshFor  = time.Hour        // afterwards they are fetched anew, and go on meanwhile
	staleFor  = 24 * time.Hour   // afterwards an issuer that cannot be reached is not believed any more
	askEvery  = 30 * time.Second // at most
	patience  = 5 * time.Second  // for discovery and keys together
	maxKeys   = 100
	minRSA    = 2048 // bits
	maxRSA    = 8192
	discovery = "/.well-known/openid-configuration"
)

// remote keeps the public keys of an issuer elsewhere. They are fetched when a
// token first asks for one, so that an issuer that is down delays nothing but
// its own tokens. (jwx has a cache, which has no bound for keys that are not
// known, and its own clock.)
type remote struct {
	Config
	issuer string

	mu      sync.Mutex
	keys    map[string]jwk.Key
	fetched time.Time     // when keys came
	tried   time.Time     // when they were last asked for
	err     error         // what became of that
	running chan struct{} // closed when the fetch that is under way ends; nil when none is
}

// key returns a key by its id. A token with a good key never waits for the
// issuer.
func (r *remote) key(ctx context.Context, id string) (jwk.Key, error) {
	key, pending := r.find(ctx, id)
	if key == nil && pending != nil {
		select {
		case <-pending:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the issuer: %w", ctx.Err())
		}
		key, _ = r.find(ctx, id)
	}
	if key != nil {
		return key, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil && r.keys != nil {
		return nil, notValid(errors.New("no such key"))
	}
	return nil, &hajir.Error{
		Code: hajir.Unavailable, Message: "the issuer of this token cannot be reached at the moment; try again in a little while",
		Cause: r.err, RetryAfter: max(askEvery-r.Now().Sub(r.tried), time.Second),
	}
}

// find returns a key that may be used, and begins to fetch the keys when they
// are old or the key is not among them. Without a key, pending is the fetch to
// wait for, if there is one.
func (r *remote) find(ctx context.Context, id string) (key jwk.Key, pending <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	age := now.Sub(r.fetched)
	if age < staleFor {
		key = r.keys[id]
	}
	if key != nil && age < freshFor {
		return key, nil
	}
	since := now.Sub(r.tried)
	if r.running == nil && (since >= askEvery || since < 0) {
		r.tried, r.running = now, make(chan struct{})
		// Others wait for it, too: it outlives the request that began it.
		go r.refresh(context.WithoutCancel(ctx))
	}
	return key, r.running
}

func (r *remote) refresh(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	keys, err := r.fetch(limited)
	if err != nil {
		r.Log.WarnContext(ctx, "the keys of an issuer cannot be had; its tokens are refused when they are needed", "issuer", r.issuer, "error", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err = err; err == nil {
		r.keys, r.fetched = keys, r.Now()
	}
	close(r.running)
	r.running = nil
}

// fetch asks the issuer where its keys are, and for them (OpenID Connect
// Discovery 1.0, section 4).
func (r *remote) fetch(ctx context.Context) (map[string]jwk.Key, error) {
	body, err := r.Get(ctx, strings.TrimRight(r.issuer, "/")+discovery)
	if err != nil {
		return nil, fmt.Errorf("discover: %w", err)
	}
	var said struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("decode discovery document: %w", err)
	}
	if said.Issuer != r.issuer {
		return nil, fmt.Errorf("the discovery document is of another issuer: %q", said.Issuer)
	}
	if err := checkAddress(said.Keys); err != nil {
		return nil, fmt.Errorf("jwks_uri: %w", err)
	}
	if isHTTPS(r.issuer) && !isHTTPS(said.Keys) {
		return nil, errors.New("jwks_uri is not https")
	}
	if body, err = r.Get(ctx, said.Keys); err != nil {
		return nil, fmt.Errorf("fetch keys: %w", err)
	}
	set, err := jwk.Parse(body, jwk.WithIgnoreParseError(true))
	if err != nil {
		return nil, fmt.Errorf("parse keys: %w", err)
	}
	keys := map[string]jwk.Key{}
	for n := range min(set.Len(), maxKeys) {
		key, _ := set.Key(n)
		if id, ok := key.KeyID(); ok && id != "" && verifies(key) {
			keys[id] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the issuer has no key that could be used")
	}
	return keys, nil
}

// verifies says whether a key is a public one for signatures that are taken.
func verifies(key jwk.Key) bool {
	if use, ok := key.KeyUsage(); ok && use != "sig" {
		return false
	}
	if private, err := jwk.IsPrivateKey(key); err != nil || private {
		return false
	}
	var raw any
	if err := jwk.Export(key, &raw); err != nil {
		return false
	}
	switch k := raw.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= minRSA && k.N.BitLen() <= maxRSA
	case *ecdsa.PublicKey:
		return k.Curve == elliptic.P256()
	}
	return false
}
