package objects

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// LinkLife is for how long a signed link works.
const LinkLife = 5 * time.Minute

// Grant is what a link allows: that a viewer sees one object.
type Grant struct {
	Key    string // of the object
	Person string // the username of whom it shows
	// Viewer is who is given the link. It ends with their session, if it is one
	// of the built-in pool.
	Viewer identity.Principal
}

// linkSigner makes links of tokens (JWT, HS256) that say what they allow.
type linkSigner struct {
	path   string
	secret []byte
	now    func() time.Time
}

// The claims of a link beyond RFC 7519's, and whom it is meant for: no other
// token of the program is a link, whatever signed it.
const (
	claimObject  = "obj"
	claimPerson  = "of"
	claimIssuer  = "viewer_iss"
	linkAudience = "hajir/objects"
	linkParam    = "link"
)

// Link returns a signed link with which viewer sees the object key, which shows
// person, and when it stops working. It stops earlier when whoever serves it
// finds the viewer's session ended.
func (b *Bucket) Link(_ context.Context, key, person string, viewer identity.Principal) (string, time.Time, error) {
	expires := b.links.now().Add(LinkLife)
	if viewer.Username == "" || viewer.Session == "" && viewer.Issuer == "" {
		return "", expires, errors.New("sign link: it is nobody's")
	}
	if b.cdn != nil {
		link, err := b.cdn.link(key, expires)
		return link, expires, err
	}
	t, err := jwt.NewBuilder().Audience([]string{linkAudience}).Subject(viewer.Username).Expiration(expires).
		Claim(claimObject, key).Claim(claimPerson, person).
		Claim(identity.ClaimName, viewer.Name).Claim(identity.ClaimCompany, viewer.Company).
		Claim(identity.ClaimRole, string(viewer.Role)).Claim(identity.ClaimSession, viewer.Session).
		Claim(claimIssuer, viewer.Issuer).Build()
	if err != nil {
		return "", expires, fmt.Errorf("build link: %w", err)
	}
	signed, err := jwt.Sign(t, jwt.WithKey(jwa.HS256(), b.links.secret))
	if err != nil {
		return "", expires, fmt.Errorf("sign link: %w", err)
	}
	return b.links.path + "?" + url.Values{linkParam: {string(signed)}}.Encode(), expires, nil
}

// Verify returns what a link's token allows, or a *hajir.Error with Forbidden
// when it is forged or has expired. Whether the session goes on is the caller's
// to ask.
func (b *Bucket) Verify(_ context.Context, token string) (Grant, error) {
	refuse := func(cause error) (Grant, error) {
		return Grant{}, &hajir.Error{Code: hajir.Forbidden, Message: "this link has expired or is not genuine; load the page again", Cause: cause}
	}
	t, err := jwt.Parse([]byte(token),
		jwt.WithKey(jwa.HS256(), b.links.secret), jwt.WithAudience(linkAudience),
		jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithRequiredClaim(jwt.SubjectKey),
		jwt.WithClock(jwt.ClockFunc(b.links.now)))
	if err != nil {
		return refuse(err)
	}
	var g Grant
	v, role := &g.Viewer, ""
	v.Username, _ = t.Subject()
	err = errors.Join(t.Get(claimObject, &g.Key), t.Get(claimPerson, &g.Person),
		t.Get(identity.ClaimName, &v.Name), t.Get(identity.ClaimCompany, &v.Company), t.Get(identity.ClaimRole, &role),
		t.Get(identity.ClaimSession, &v.Session), t.Get(claimIssuer, &v.Issuer))
	if err != nil {
		return refuse(err)
	}
	v.Role = hajir.Role(role)
	return g, nil
}
