package employee

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// ConsentStore keeps what is, and was, erased of people.
type ConsentStore interface {
	// Erasures returns every erasure of a person, newest first.
	Erasures(ctx context.Context, username string) ([]hajir.Erasure, error)
	Erasure(ctx context.Context, username string, number int) (hajir.Erasure, error)
}

// Consents records what people decide about the recognition of their face. A
// withdrawal has removed their templates when it returns.
type Consents interface {
	Decide(ctx context.Context, company, username string, d hajir.Consent) (hajir.Employee, error)
}

// ConsentView is where a person and their company stand.
type ConsentView struct {
	Employee hajir.Employee
	Company  hajir.Company
	Faces    int
	Erasures []hajir.Erasure // newest first
}

// Consent returns what a person decided, and what follows from it.
func (s *Service) Consent(ctx context.Context, company, username string) (v ConsentView, err error) {
	if v.Company, v.Employee, err = s.person(ctx, company, username); err != nil {
		return v, err
	}
	if v.Erasures, err = s.Store.Erasures(ctx, username); err != nil {
		return v, fmt.Errorf("load erasures: %w", err)
	}
	kept, err := s.Faces.List(ctx, company, username)
	if err != nil {
		return v, fmt.Errorf("list faces: %w", err)
	}
	v.Faces = len(kept)
	return v, nil
}

// Receipt returns the receipt of one of a person's erasures, and its SHA-256.
func (s *Service) Receipt(ctx context.Context, company, username string, number int) (hajir.Receipt, string, error) {
	if _, _, err := s.person(ctx, company, username); err != nil {
		return hajir.Receipt{}, "", err
	}
	x, err := s.Store.Erasure(ctx, username, number)
	if err == nil && x.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such erasure")
	}
	if err != nil {
		return hajir.Receipt{}, "", fmt.Errorf("load erasure: %w", err)
	}
	r, sum, err := x.Receipt()
	if err == nil && sum != x.SHA256 {
		err = fmt.Errorf("the receipt of erasure %d of %s is not what was stored: its SHA-256 was %s and is %s", number, username, x.SHA256, sum)
	}
	return r, sum, err
}

// person loads a person and their company.
func (s *Service) person(ctx context.Context, company, username string) (hajir.Company, hajir.Employee, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return c, hajir.Employee{}, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return c, e, fmt.Errorf("load employee: %w", err)
	}
	return c, e, nil
}
