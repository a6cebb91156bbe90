package oidc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"hajir/internal/hajir"
)

// file is what an operator writes; docs/operating.md explains it.
type file struct {
	Issuers []struct {
		Issuer    string   `json:"issuer"`
		Audience  string   `json:"audience"`
		ClientIDs []string `json:"client_ids"`
		Company   string   `json:"company"`
		Claims    struct {
			Username string `json:"username"`
			Name     string `json:"name"`
			Company  string `json:"company"`
			Role     string `json:"role"`
		} `json:"claims"`
		Roles map[string]hajir.Role `json:"roles"`
	} `json:"issuers"`
}

// Parse reads the operator's list of issuers, which is JSON. It refuses what it
// does not know: a misspelt limit would be none.
func Parse(content []byte) ([]Issuer, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("this is not a list of issuers: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the list of issuers")
	}
	if len(f.Issuers) == 0 {
		return nil, errors.New(`the list of issuers is empty; it begins with {"issuers": [{"issuer": "https://…`)
	}
	var all []Issuer
	for _, one := range f.Issuers {
		i := Issuer{
			URL: one.Issuer, Audience: one.Audience, ClientIDs: one.ClientIDs, Company: one.Company, Roles: one.Roles,
			Claims: Claims{
				Username: cmp.Or(one.Claims.Username, "sub"), Name: cmp.Or(one.Claims.Name, "name"),
				Company: one.Claims.Company, Role: cmp.Or(one.Claims.Role, "roles"),
			},
		}
		if err := i.Validate(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(other Issuer) bool { return other.URL == i.URL }) {
			return nil, fmt.Errorf("the issuer %s is there twice", i.URL)
		}
		all = append(all, i)
	}
	return all, nil
}

// Validate says what is wrong with what the operator wrote about an issuer.
func (i Issuer) Validate() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("issuer %s: "+format, append([]any{i.URL}, args...)...)
	}
	if err := checkAddress(i.URL); err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	if u, err := url.Parse(i.URL); err != nil || u.RawQuery != "" || strings.HasSuffix(u.Path, discovery) {
		return wrong("give the issuer as its tokens name it, not the address of its discovery document")
	}
	if i.Audience == "" && len(i.ClientIDs) == 0 || slices.Contains(i.ClientIDs, "") {
		return wrong("audience or client_ids must say which of its tokens are meant for Hajir")
	}
	if i.Company == "" && i.Claims.Company == "" {
		return wrong("company must name the one that it speaks for, or claims.company the claim that does")
	}
	if i.Company != "" && hajir.ValidateUsername(i.Company) != nil {
		return wrong("company must be the username of one, such as acme")
	}
	if len(i.Roles) == 0 {
		return wrong("roles must say which values of the claim %s give which role", i.Claims.Role)
	}
	for _, value := range slices.Sorted(maps.Keys(i.Roles)) {
		r := i.Roles[value]
		if r == hajir.RoleKiosk { // it would be held to no network and no place
			return wrong("roles: %q: a kiosk is no role of a person; pair the device instead", value)
		}
		if !slices.Contains(hajir.Roles(), r) {
			return wrong("roles: %q: there is no role %q", value, r)
		}
	}
	return nil
}
