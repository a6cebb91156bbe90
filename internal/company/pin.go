package company

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// PINStore keeps PINs.
type PINStore interface {
	// PIN returns a person's PIN, or a *hajir.Error with NotFound.
	PIN(ctx context.Context, username string) (hajir.PIN, error)
	SavePIN(ctx context.Context, p hajir.PIN) error
	DeletePIN(ctx context.Context, username string) error
	// EmployeesByCode returns the company's people with an employee code.
	EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error)
}

// PIN tells whether a person has a PIN, and since when: at Version 0 there is
// none.
func (s *Service) PIN(ctx context.Context, company, username string) (hajir.PIN, error) {
	if _, err := s.Person(ctx, company, username); err != nil {
		return hajir.PIN{}, err
	}
	p, err := s.Store.PIN(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.PIN{Username: username, Company: company}, nil
	}
	if err != nil {
		return p, fmt.Errorf("load PIN: %w", err)
	}
	return p, nil
}

// SetPIN gives a person a PIN in place of any other, and a fresh start: what
// was guessed of the old one slows nobody any more.
func (s *Service) SetPIN(ctx context.Context, company, username, pin string) (hajir.PIN, error) {
	if err := hajir.ValidatePIN(pin); err != nil {
		return hajir.PIN{}, err
	}
	e, err := s.Person(ctx, company, username)
	if err == nil {
		err = e.MayHave("PIN")
	}
	if err != nil {
		return hajir.PIN{}, err
	}
	p, err := s.PIN(ctx, company, username)
	if err != nil {
		return p, err
	}
	if p.Hash, err = s.Secrets.Hash(ctx, pin); err != nil {
		return p, err
	}
	p.SetAt = s.Now().UTC()
	if err := s.Store.SavePIN(ctx, p); err != nil {
		return p, err
	}
	p.Version++
	return p, s.Guard.Clear(ctx, hajir.GuessesOf(hajir.Employee{Username: username, Company: company}))
}

// ClearPIN takes a person's PIN away.
func (s *Service) ClearPIN(ctx context.Context, company, username string) error {
	if _, err := s.Person(ctx, company, username); err != nil {
		return err
	}
	return s.Store.DeletePIN(ctx, username)
}
