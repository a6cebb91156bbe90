package oidc_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/oidc"
)

// records is a store with the company acme and its employee Asha, and another.
type records struct {
	mu      sync.Mutex
	removed bool
}

func (r *records) Company(_ context.Context, username string) (hajir.Company, error) {
	if username != "acme" && username != "other" {
		return hajir.Company{}, hajir.Errorf(hajir.NotFound, "no such company")
	}
	return hajir.Company{Username: username}, nil
}

func (r *records) Employee(_ context.Context, username string) (hajir.Employee, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch username {
	case "asha":
		return hajir.Employee{Username: "asha", Name: "Asha", Company: "acme", Active: !r.removed}, nil
	case "olga":
		return hajir.Employee{Username: "olga", Name: "Olga", Company: "other", Active: true}, nil
	}
	return hajir.Employee{}, hajir.Errorf(hajir.NotFound, "no such employee")
}

// noPool is a built-in pool without sessions.
type noPool struct{ set jwk.Set }

func (noPool) Issuer() string        { return "https://hajir.example.com" }
func (p noPool) PublicKeys() jwk.Set { return p.set }
func (noPool) Alive(_ context.Context, id string) (identity.Principal, error) {
	return identity.Principal{}, hajir.Errorf(hajir.Unauthorized, "no session %s", id)
}

// world is a verifier of one issuer elsewhere.
type world struct {
	*oidc.Verifier
	t      testing.TB
	issuer *identitytest.Issuer
	clock  *identitytest.Clock
	store  *records
}

func newWorld(t testing.TB, clock *identitytest.Clock, change func(*oidc.Issuer)) world {
	t.Helper()
	w := world{t: t, issuer: identitytest.NewIssuer(t), clock: clock, store: &records{}}
	named := oidc.Issuer{
		URL: w.issuer.URL, Audience: "hajir", Company: "acme",
		Claims: oidc.Claims{Username: "preferred_username", Name: "name", Role: "realm_access.roles"},
		Roles:  map[string]hajir.Role{"staff": hajir.RoleEmployee, "office": hajir.RoleAdmin},
	}
	if change != nil {
		change(&named)
	}
	var err error
	w.Verifier, err = oidc.New(noPool{jwk.NewSet()}, []oidc.Issuer{named}, oidc.Config{
		Store: w.store, Now: clock.Now, Log: slog.New(slog.DiscardHandler), Get: oidc.HTTP(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func start() *identitytest.Clock {
	return identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))
}

// claims are those that Keycloak puts into an access token.
func (w world) claims() map[string]any {
	now := w.clock.Now()
	return map[string]any{
		"iss": w.issuer.URL, "aud": []string{"hajir", "account"}, "azp": "door", "typ": "Bearer",
		"sub": "5f0c1b7e-8d4e-4c55-9d3a-1d8f2d3c4b5a", "jti": "onrtac:1", "sid": "a-session-elsewhere",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"preferred_username": "Asha", "name": "Asha Rai", "scope": "openid profile",
		"realm_access": map[string]any{"roles": []string{"offline_access", "staff"}},
	}
}

func (w world) try(token string) (identity.Principal, hajir.Code) {
	w.t.Helper()
	who, err := w.Verify(w.t.Context(), token)
	if err == nil {
		return who, ""
	}
	if who != (identity.Principal{}) {
		w.t.Errorf("a principal beside the error %v: %+v", err, who)
	}
	return who, hajir.CodeOf(err)
}

func (w world) want(what, token string, code hajir.Code) identity.Principal {
	w.t.Helper()
	who, got := w.try(token)
	if got != code {
		w.t.Errorf("%s: code %q, want %q", what, got, code)
	}
	return who
}

func TestTokensOfAnIssuerElsewhere(t *testing.T) {
	identitytest.RunVerifier(t, func(t *testing.T, clock *identitytest.Clock) identitytest.Verified {
		w := newWorld(t, clock, nil)
		return identitytest.Verified{
			Verifier: w, Issuer: w.issuer.URL, Key: w.issuer.Key(), Claims: w.claims,
			Remove: func() {
				w.store.mu.Lock()
				defer w.store.mu.Unlock()
				w.store.removed = true
			},
		}
	})
}

func set(claims map[string]any, pairs ...any) map[string]any {
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if claims[name] = pairs[i+1]; pairs[i+1] == nil {
			delete(claims, name)
		}
	}
	return claims
}

// Whom a good token may speak for.
func TestPeople(t *testing.T) {
	roles := func(all ...any) map[string]any { return map[string]any{"roles": all} }
	byClaim := func(i *oidc.Issuer) { i.Company, i.Claims.Company = "", "org.company" }
	both := func(i *oidc.Issuer) { i.Claims.Company = "company" }
	org := func(name any) map[string]any { return map[string]any{"company": name} }
	for name, tt := range map[string]struct {
		change func(*oidc.Issuer)
		claims []any
		want   string // USERNAME/NAME/COMPANY/ROLE, or a code
	}{
		"an employee":                    {nil, nil, "asha/Asha/acme/employee"},
		"an admin":                       {nil, []any{"preferred_username", "jane", "realm_access", roles("office")}, "jane/Asha Rai/acme/admin"},
		"an admin without a name":        {nil, []any{"preferred_username", "jane", "name", nil, "realm_access", roles("office")}, "jane/jane/acme/admin"},
		"of two roles the first":         {nil, []any{"realm_access", roles("staff", "office")}, "asha/Asha Rai/acme/admin"},
		"a role as text":                 {func(i *oidc.Issuer) { i.Claims.Role = "group" }, []any{"group", "staff"}, "asha/Asha/acme/employee"},
		"a claim with dots in its name":  {func(i *oidc.Issuer) { i.Claims.Role = "https://example.com/roles" }, []any{"https://example.com/roles", []any{"staff"}}, "asha/Asha/acme/employee"},
		"dots in names on the way":       {func(i *oidc.Issuer) { i.Claims.Role = "resource_access.a.b.roles" }, []any{"resource_access", map[string]any{"a.b": roles("staff")}}, "asha/Asha/acme/employee"},
		"a role that gives nothing":      {nil, []any{"realm_access", roles("admin", "employee", "STAFF", "")}, "forbidden"},
		"roles of another form":          {nil, []any{"realm_access", roles(1, true, map[string]any{"staff": "staff"})}, "forbidden"},
		"no roles":                       {nil, []any{"realm_access", nil}, "forbidden"},
		"roles that are no object":       {nil, []any{"realm_access", "staff"}, "forbidden"},
		"nobody":                         {nil, []any{"preferred_username", nil}, "forbidden"},
		"no text as a username":          {nil, []any{"preferred_username", []string{"asha"}}, "forbidden"},
		"a username of another kind":     {nil, []any{"preferred_username", "asha@example.com"}, "forbidden"},
		"a stranger":                     {nil, []any{"preferred_username", "mallory"}, "forbidden"},
		"another company's employee":     {nil, []any{"preferred_username", "olga"}, "forbidden"},
		"a claim that nobody asked for":  {nil, []any{"company", "other"}, "asha/Asha/acme/employee"},
		"the company by claim":           {byClaim, []any{"org", org("acme")}, "asha/Asha/acme/employee"},
		"another company by claim":       {byClaim, []any{"org", org("other"), "preferred_username", "olga"}, "olga/Olga/other/employee"},
		"somebody else's company":        {byClaim, []any{"org", org("other")}, "forbidden"},
		"admin of a company that is not": {byClaim, []any{"org", org("nowhere"), "realm_access", roles("office")}, "forbidden"},
		"no company":                     {byClaim, []any{"realm_access", roles("office")}, "forbidden"},
		"two companies":                  {byClaim, []any{"org", org([]string{"acme", "other"}), "realm_access", roles("office")}, "forbidden"},
		"both agree":                     {both, []any{"company", "acme"}, "asha/Asha/acme/employee"},
		"both differ":                    {both, []any{"company", "other", "realm_access", roles("office")}, "forbidden"},
		"both, but it says nothing":      {both, []any{"realm_access", roles("office")}, "forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, start(), tt.change)
			who, code := w.try(w.issuer.Sign(set(w.claims(), tt.claims...)))
			got := string(code)
			if code == "" {
				got = who.Username + "/" + who.Name + "/" + who.Company + "/" + string(who.Role)
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// Whom a token is meant for.
func TestAudiences(t *testing.T) {
	aud := func(audience string, clients ...string) func(*oidc.Issuer) {
		return func(i *oidc.Issuer) { i.Audience, i.ClientIDs = audience, clients }
	}
	for name, tt := range map[string]struct {
		change func(*oidc.Issuer)
		claims []any
		want   hajir.Code
	}{
		"an audience of several":              {aud("hajir"), nil, ""},
		"one audience":                        {aud("hajir"), []any{"aud", "hajir"}, ""},
		"another audience":                    {aud("hajir"), []any{"aud", "account"}, hajir.Unauthorized},
		"no audience":                         {aud("hajir"), []any{"aud", nil, "client_id", "hajir"}, hajir.Unauthorized},
		"the client":                          {aud("hajir", "door", "app"), nil, ""},
		"another client":                      {aud("hajir", "app"), nil, hajir.Unauthorized},
		"no client":                           {aud("hajir", "door"), []any{"azp", nil}, hajir.Unauthorized},
		"Cognito's: a client alone":           {aud("", "app"), []any{"aud", nil, "azp", nil, "client_id", "app"}, ""},
		"Cognito's: another client":           {aud("", "app"), []any{"aud", nil, "azp", nil, "client_id", "shop"}, hajir.Unauthorized},
		"Cognito's: neither":                  {aud("", "app"), []any{"aud", nil, "azp", nil}, hajir.Unauthorized},
		"client_id before azp":                {aud("", "app"), []any{"aud", nil, "azp", "app", "client_id", "shop"}, hajir.Unauthorized},
		"a client's token for another":        {aud("", "door"), []any{"aud", "account"}, hajir.Unauthorized},
		"a client as its audience":            {aud("", "door"), []any{"aud", "door"}, ""},
		"a client as the audience and no azp": {aud("", "door"), []any{"aud", "door", "azp", nil}, ""},
		"a client as another's audience":      {aud("", "door"), []any{"aud", "door", "azp", "shop"}, hajir.Unauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, start(), tt.change)
			w.want("the token", w.issuer.Sign(set(w.claims(), tt.claims...)), tt.want)
		})
	}
}

// What Cognito issues: no audience, groups with a colon in their claim's name.
func TestCognito(t *testing.T) {
	w := newWorld(t, start(), func(i *oidc.Issuer) {
		i.Audience, i.ClientIDs = "", []string{"4u0c1exampleclient"}
		i.Claims = oidc.Claims{Username: "username", Name: "name", Role: "cognito:groups"}
	})
	claims := map[string]any{
		"sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": []string{"everybody", "staff"},
		"iss": w.issuer.URL, "client_id": "4u0c1exampleclient", "origin_jti": "x", "event_id": "y", "token_use": "access",
		"scope": "aws.cognito.signin.user.admin", "auth_time": w.clock.Now().Unix(), "version": 2,
		"exp": w.clock.Now().Add(time.Hour).Unix(), "iat": w.clock.Now().Unix(), "jti": "z", "username": "asha",
	}
	sign := func(pairs ...any) string {
		c := map[string]any{}
		for k, v := range claims {
			c[k] = v
		}
		return identitytest.Sign(t, w.issuer.Key(), map[string]any{"typ": nil}, set(c, pairs...))
	}
	who := w.want("an access token", sign(), "")
	if who.Username != "asha" || who.Company != "acme" || who.Role != hajir.RoleEmployee || who.Session != "" || who.Issuer != w.issuer.URL {
		t.Errorf("%+v", who)
	}
	w.want("an ID token", sign("token_use", "id", "aud", "4u0c1exampleclient", "client_id", nil), hajir.Unauthorized)
	w.want("another app's token", sign("client_id", "another"), hajir.Unauthorized)
	w.want("no groups", sign("cognito:groups", nil), hajir.Forbidden)
}

func TestLeeway(t *testing.T) {
	w := newWorld(t, start(), nil)
	now := w.clock.Now().Unix()
	w.want("issued by a clock that is ahead", w.issuer.Sign(set(w.claims(), "iat", now+20, "nbf", now+20)), "")
	w.want("just expired", w.issuer.Sign(set(w.claims(), "exp", now-20)), "")
	w.want("expired", w.issuer.Sign(set(w.claims(), "exp", now-31)), hajir.Unauthorized)
}

func TestOtherAlgorithms(t *testing.T) {
	w := newWorld(t, start(), nil)
	ec := identitytest.NewECKey(t, "ec")
	w.issuer.Rotate(ec)
	w.want("ES256", w.issuer.Sign(w.claims()), "")
	rsa := identitytest.NewKey(t, "pss")
	if err := rsa.Set(jwk.AlgorithmKey, "PS256"); err != nil {
		t.Fatal(err)
	}
	w.issuer.Rotate(rsa)
	w.clock.Advance(time.Minute)
	w.want("PS256", w.issuer.Sign(w.claims()), "")
}

func blocked(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusBadGateway) }
