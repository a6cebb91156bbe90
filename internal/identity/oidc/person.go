package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// claims are those of a token that was verified.
type claims struct {
	all     map[string]any
	expires time.Time
}

// text returns the claim name, or "" when it is not there or no text.
func (c claims) text(name string) string {
	s, _ := find(c.all, name).(string)
	return strings.TrimSpace(s)
}

// texts returns the claim name, a text or a list of texts.
func (c claims) texts(name string) []string {
	switch v := find(c.all, name).(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

// find returns what name leads to: a claim of that name, or one within an
// object that the part of the name before a dot names. Names may have dots
// themselves, as https://example.com/roles has.
func find(in map[string]any, name string) any {
	if name == "" {
		return nil
	}
	if v, ok := in[name]; ok {
		return v
	}
	for at, r := range name {
		if r != '.' {
			continue
		}
		if object, ok := in[name[:at]].(map[string]any); ok {
			if v := find(object, name[at+1:]); v != nil {
				return v
			}
		}
	}
	return nil
}

// ownPerson returns who a token of the built-in pool speaks for. It looks
// whether the session is alive, so that a closed account or a revoked device is
// out at once and not only when its token expires; and what the account may do
// is what it may do now.
func ownPerson(ctx context.Context, c claims, pool BuiltIn) (identity.Principal, error) {
	username, company, session := c.text("sub"), c.text(identity.ClaimCompany), c.text(identity.ClaimSession)
	if username == "" || company == "" || session == "" || c.text(identity.ClaimUse) == "" {
		return identity.Principal{}, notValid(errors.New("a claim is missing"))
	}
	p, err := pool.Alive(ctx, session)
	if err == nil && (p.Username != username || p.Company != company) {
		err = notValid(errors.New("the session is another account's"))
	}
	if err != nil {
		return identity.Principal{}, err
	}
	p.Expires = c.expires
	return p, nil
}

// person returns who a token of an issuer elsewhere speaks for. That issuer
// says who somebody is; whether they have anything to do here is decided by our
// records, at every request.
func (v *Verifier) person(ctx context.Context, i Issuer, c claims) (identity.Principal, error) {
	none := identity.Principal{}
	p := identity.Principal{
		Username: strings.ToLower(c.text(i.Claims.Username)), Name: c.text(i.Claims.Name),
		Expires: c.expires, Issuer: i.URL,
	}
	if hajir.ValidateUsername(p.Username) != nil {
		return none, refused("your token has no username that Hajir knows (claim %s)", i.Claims.Username)
	}
	var ok bool
	if p.Company, ok = i.company(c); !ok {
		return none, refused("your token is not for a company that its issuer may speak for")
	}
	if p.Role, ok = i.role(c); !ok {
		return none, refused("your token gives you no role in Hajir (claim %s)", i.Claims.Role)
	}
	_, err := v.Store.Company(ctx, p.Company)
	if hajir.CodeOf(err) == hajir.NotFound {
		return none, refused("the company of your token is not in this Hajir")
	}
	if err != nil {
		return none, fmt.Errorf("load company: %w", err)
	}
	if p.Role == hajir.RoleAdmin { // who need not be one of the employees
		if p.Name == "" {
			p.Name = p.Username
		}
		return p, nil
	}
	e, err := v.Store.Employee(ctx, p.Username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return none, fmt.Errorf("load employee: %w", err)
	}
	if err != nil || e.Company != p.Company || !e.Active {
		return none, refused("you are no active employee of the company")
	}
	p.Name = e.Name
	return p, nil
}

func refused(format string, args ...any) error {
	return hajir.Errorf(hajir.Forbidden, format+"; ask your administrator", args...)
}

func (i Issuer) company(c claims) (string, bool) {
	said := c.text(i.Claims.Company)
	if i.Company != "" {
		return i.Company, i.Claims.Company == "" || said == i.Company
	}
	return said, said != ""
}

// role returns what the values of the role's claim give; of several, what may
// do most.
func (i Issuer) role(c claims) (hajir.Role, bool) {
	given := map[hajir.Role]bool{}
	for _, value := range c.texts(i.Claims.Role) {
		if r, ok := i.Roles[value]; ok {
			given[r] = true
		}
	}
	at := slices.IndexFunc(hajir.Roles(), func(r hajir.Role) bool { return given[r] })
	if at < 0 {
		return "", false
	}
	return hajir.Roles()[at], true
}
