// Package presignup is how people get in: it is the part of
// AdminPreSignUpLambdaFunction that signs accounts in and out and lets people keep
// their own. Read service.go first; http.go declares its operations,
// account.go, twofactor.go and passkey.go those on the own account; reset.go is
// for who has forgotten the password.
package presignup

import (
	"context"
	"fmt"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Store loads what a session shows.
type Store interface {
	// Company returns a company, or a *hajir.Error with NotFound.
	Company(ctx context.Context, username string) (hajir.Company, error)
	// Employee returns a person's record, or a *hajir.Error with NotFound.
	Employee(ctx context.Context, username string) (hajir.Employee, error)
}

// Service signs accounts in and out.
type Service struct {
	Store    Store
	Users    identity.Pool
	Accounts identity.Accounts
	Passkeys identity.Passkeys
	Sessions api.Sessions
}

// companyOf returns the company that an account belongs to.
func (s *Service) companyOf(ctx context.Context, u identity.User) (hajir.Company, error) {
	c, err := s.Store.Company(ctx, u.Company)
	if err != nil {
		return c, fmt.Errorf("load company of %s: %w", u.Username, err)
	}
	return c, nil
}

// dated describes an account with how dates are written for who has it.
func (s *Service) dated(ctx context.Context, me api.Me, c hajir.Company) (api.Me, error) {
	if !me.Role.OfPerson() {
		return me, nil
	}
	e, err := s.Store.Employee(ctx, me.Username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return me, fmt.Errorf("load employee: %w", err)
	}
	if e.Company != c.Username { // an account elsewhere may go by the name of another company's person
		e = hajir.Employee{}
	}
	return me.Dated(c.DatesOf(e)), nil
}
