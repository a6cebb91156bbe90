// Package oidc is the one verifier of access tokens, whoever issued them: the
// built-in pool, Cognito, or any OpenID Connect issuer that the operator names.
// Read oidc.go first; token.go checks what every token must be, keys.go has the
// keys of issuers elsewhere, person.go says who a token speaks for, and file.go
// reads what the operator wrote.
package oidc

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Store is asked whom a token of an issuer elsewhere may speak for. Loading
// what is not there returns a *hajir.Error with NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
}

// BuiltIn is the issuer that is part of the program.
type BuiltIn interface {
	Issuer() string
	PublicKeys() jwk.Set
	// Alive returns whose session it is, as the account is now, or an
	// Unauthorized error when it has ended.
	Alive(ctx context.Context, session string) (identity.Principal, error)
}

// Config is what a Verifier works with.
type Config struct {
	Store Store
	Now   func() time.Time
	Log   *slog.Logger
	// Get fetches what an address holds; see HTTP.
	Get func(ctx context.Context, address string) ([]byte, error)
}

// Issuer is one elsewhere, and what its claims mean here.
type Issuer struct {
	URL string // the claim iss to the letter
	// Audience must be among a token's audiences. Without one, a token that
	// names any must name one of ClientIDs.
	Audience string
	// ClientIDs, if there are any, are those a token may have been issued to.
	ClientIDs []string
	// Company is the one that the issuer speaks for. Without one, the claim
	// says which; with both, they must agree.
	Company string
	Claims  Claims
	Roles   map[string]hajir.Role // by the values of the claim
}

// Claims names where a token tells what. A name that no claim has leads into
// objects at its dots: realm_access.roles.
type Claims struct {
	Username string
	Name     string // as shown; an employee's is their record's
	Company  string
	Role     string // a text or a list; of several, the first of hajir.Roles counts
}

// leeway is how far an issuer's clock may be from ours. The built-in pool has
// our own.
const leeway = 30 * time.Second

// Verifier takes the tokens of several issuers. It implements
// identity.Verifier and is safe for concurrent use.
type Verifier struct {
	Config
	issuers map[string]issuer // by the claim iss
	own     issuer            // the built-in pool
	known   known             // of its tokens
}

var _ identity.Verifier = (*Verifier)(nil)

// issuer is what Verify needs of one.
type issuer struct {
	Issuer
	keys interface {
		key(ctx context.Context, id string) (jwk.Key, error)
	}
	leeway time.Duration
	steady bool // its keys are ours, and none is withdrawn while the program runs
	// who says for whom claims that were verified speak.
	who func(ctx context.Context, c claims) (identity.Principal, error)
}

// New returns a verifier of the tokens of the built-in pool and of foreign
// issuers, none of which is asked for anything yet.
func New(pool BuiltIn, foreign []Issuer, c Config) (*Verifier, error) {
	v := &Verifier{Config: c, issuers: map[string]issuer{}}
	v.issuers[pool.Issuer()] = issuer{
		Issuer: Issuer{URL: pool.Issuer(), Audience: identity.Audience},
		keys:   own{pool.PublicKeys()},
		steady: true,
		who: func(ctx context.Context, c claims) (identity.Principal, error) {
			return ownPerson(ctx, c, pool)
		},
	}
	v.own = v.issuers[pool.Issuer()]
	for _, i := range foreign {
		if err := i.Validate(); err != nil {
			return nil, err
		}
		if _, twice := v.issuers[i.URL]; twice {
			return nil, fmt.Errorf("the issuer %s is there twice, or is this Hajir itself", i.URL)
		}
		v.issuers[i.URL] = issuer{
			Issuer: i,
			keys:   &remote{issuer: i.URL, Config: c},
			leeway: leeway,
			who: func(ctx context.Context, c claims) (identity.Principal, error) {
				return v.person(ctx, i, c)
			},
		}
	}
	return v, nil
}

// Verify implements identity.Verifier.
func (v *Verifier) Verify(ctx context.Context, token string) (identity.Principal, error) {
	none := identity.Principal{}
	if c, ok := v.known.claims(token, v.Now()); ok {
		return v.own.who(ctx, c)
	}
	t, err := read(token)
	if err != nil {
		return none, notValid(err)
	}
	// What the token says of itself only chooses whose keys it must stand up to.
	i, known := v.issuers[t.issuer]
	if !known {
		return none, hajir.Errorf(hajir.Unauthorized, "tokens of this issuer are not taken here; sign in here, or ask the operator to name the issuer")
	}
	key, err := i.keys.key(ctx, t.keyID)
	if err != nil {
		return none, err
	}
	c, err := t.verify(i, key, v.Now)
	if err != nil {
		return none, notValid(err)
	}
	if i.steady {
		v.known.add(token, c)
	}
	return i.who(ctx, c)
}

func notValid(cause error) error {
	return &hajir.Error{Code: hajir.Unauthorized, Message: "the access token is not valid or has expired", Cause: cause}
}
