package oidc

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"hajir/internal/identity"
)

// maxToken bounds a token, in bytes. Those with many groups have a few
// thousand.
const maxToken = 16 << 10

// algorithms are the signatures that are taken: with a public key, and strong.
func algorithms() []jwa.SignatureAlgorithm {
	return []jwa.SignatureAlgorithm{jwa.RS256(), jwa.PS256(), jwa.ES256()}
}

// types are what a token's header may say it is (RFC 7519 and 9068). Others are
// made for something else, such as signing out or a proof of possession.
func types() []string { return []string{"", "jwt", "at+jwt", "application/at+jwt"} }

// unverified is a token that is well formed, and what it says of itself.
type unverified struct {
	text      string
	payload   []byte
	issuer    string
	keyID     string
	algorithm jwa.SignatureAlgorithm
}

// read takes a token apart. The headers jku, jwk, x5u and x5c are never looked
// at: keys come from where the operator says.
func read(token string) (unverified, error) {
	t := unverified{text: token}
	if len(token) > maxToken {
		return t, errors.New("too long")
	}
	m, err := jws.Parse([]byte(token), jws.WithCompact())
	if err != nil {
		return t, fmt.Errorf("parse token: %w", err)
	}
	signatures := m.Signatures()
	if len(signatures) != 1 {
		return t, errors.New("not one signature")
	}
	header := signatures[0].ProtectedHeaders()
	t.algorithm, _ = header.Algorithm()
	t.keyID, _ = header.KeyID()
	kind, _ := header.Type()
	switch {
	case !slices.Contains(algorithms(), t.algorithm):
		return t, fmt.Errorf("signed by %s", t.algorithm)
	case t.keyID == "":
		return t, errors.New("it names no key")
	case !slices.Contains(types(), strings.ToLower(kind)):
		return t, errors.New("it is another kind of token")
	case header.Has(jws.CriticalKey):
		return t, errors.New("it asks for an extension")
	}
	t.payload = m.Payload()
	var said struct {
		Issuer string `json:"iss"`
	}
	if err := json.Unmarshal(t.payload, &said); err != nil {
		return t, fmt.Errorf("decode claims: %w", err)
	}
	t.issuer = said.Issuer
	return t, nil
}

// verify returns the claims of a token that was signed with key, is i's, is
// meant for us, and is good now.
func (t unverified) verify(i issuer, key jwk.Key, now func() time.Time) (claims, error) {
	if of, ok := key.Algorithm(); ok && of.String() != t.algorithm.String() {
		return claims{}, fmt.Errorf("the key is one for %s", of)
	}
	parsed, err := jwt.Parse([]byte(t.text),
		jwt.WithKey(t.algorithm, key),
		jwt.WithIssuer(i.URL), jwt.WithRequiredClaim(jwt.ExpirationKey),
		jwt.WithClock(jwt.ClockFunc(now)), jwt.WithAcceptableSkew(i.leeway))
	if err != nil {
		return claims{}, fmt.Errorf("verify token: %w", err)
	}
	c := claims{}
	c.expires, _ = parsed.Expiration()
	if err := json.Unmarshal(t.payload, &c.all); err != nil {
		return claims{}, fmt.Errorf("decode claims: %w", err)
	}
	audience, _ := parsed.Audience()
	return c, errors.Join(i.meansUs(audience, c), isAccess(c))
}

// meansUs refuses tokens that were issued for others, which might have come to
// somebody who now presents them here.
func (i Issuer) meansUs(audience []string, c claims) error {
	named := i.ClientIDs
	if i.Audience != "" {
		named = []string{i.Audience}
	}
	switch {
	case slices.ContainsFunc(named, func(us string) bool { return slices.Contains(audience, us) }):
	case len(audience) == 0 && i.Audience == "": // Cognito's name their client alone
	default:
		return errors.New("it is meant for another audience")
	}
	if len(i.ClientIDs) == 0 {
		return nil
	}
	client := c.text("client_id")
	if client == "" {
		client = c.text("azp")
	}
	switch {
	case slices.Contains(i.ClientIDs, client):
	case client == "" && i.Audience == "" && len(audience) > 0: // which is one of the clients
	default:
		return errors.New("it was issued to another client")
	}
	return nil
}

// isAccess refuses what an issuer signs that is no access token, as far as it
// says so: Cognito in token_use, Keycloak in typ.
func isAccess(c claims) error {
	if use := c.text(identity.ClaimUse); use != "" && use != identity.UseAccess {
		return errors.New("it is no access token")
	}
	if kind := c.text("typ"); kind != "" && !strings.EqualFold(kind, "Bearer") {
		return errors.New("it is no access token")
	}
	return nil
}
