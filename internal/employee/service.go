// Package employee is EmployeeRequestLambdaFunction: what a person's own pages
// ask for. Read service.go first; consent.go is what they decided about their
// face, export.go everything that is held about them, views.go who looked at
// their pictures, phone.go their own number. http.go declares the operations.
package employee

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Store loads what a person's pages show. Loading what is not there returns a
// *hajir.Error with NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// SaveEmployee at a stale version is a Conflict.
	SaveEmployee(ctx context.Context, e hajir.Employee) error
	// Month returns a person's days of the month YYYY-MM, in order.
	Month(ctx context.Context, name, month string) ([]hajir.Day, error)
	AuditStore
	ConsentStore
	ExportStore
}

// Objects signs links to pictures and reads them.
type Objects interface {
	Get(ctx context.Context, key string) ([]byte, error)
	// Each calls visit with every key that begins with prefix.
	Each(ctx context.Context, prefix string, visit func(key string) error) error
	Link(ctx context.Context, key, person string, viewer identity.Principal) (string, time.Time, error)
}

// Faces tells what is kept of somebody's face.
type Faces interface {
	List(ctx context.Context, company, username string) ([]faces.Indexed, error)
}

// Service answers a person's own pages.
type Service struct {
	Store    Store
	Objects  Objects
	Faces    Faces
	Accounts Accounts
	Consents Consents
	Now      func() time.Time
}

// Month returns a person's days of a month, and the zone they are in. An empty
// month is the present one.
func (s *Service) Month(ctx context.Context, company, username, month string) (string, []hajir.Day, *time.Location, error) {
	loc, err := s.zoneOf(ctx, company, username)
	if err != nil {
		return "", nil, nil, err
	}
	if month == "" {
		month = hajir.MonthValue(hajir.DateAt(s.Now(), loc))
	}
	if _, err := time.Parse("2006-01", month); err != nil {
		return "", nil, nil, &hajir.Error{Code: hajir.Invalid, Message: "a month has the form YYYY-MM", Cause: err}
	}
	days, err := s.Store.Month(ctx, username, month)
	if err != nil {
		return "", nil, nil, fmt.Errorf("load month: %w", err)
	}
	return month, days, loc, nil
}

// zoneOf returns the time zone of one of the company's people.
func (s *Service) zoneOf(ctx context.Context, company, username string) (*time.Location, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return nil, fmt.Errorf("load employee: %w", err)
	}
	return c.Location()
}
