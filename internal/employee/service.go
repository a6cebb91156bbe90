// Package employee is EmployeeRequestLambdaFunction: what a person's own pages
// ask for. Read service.go first; http.go declares its
// operations, http_leave.go those about leave, which package leave answers.
package employee

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/leave"
)

// Store loads what a person's pages show. Loading what is not there returns a
// *hajir.Error with NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// Month returns a person's days of the month YYYY-MM, in order.
	Month(ctx context.Context, name, month string) ([]hajir.Day, error)
}

// Objects signs links to pictures.
type Objects interface {
	Link(ctx context.Context, key string) (string, time.Time, error)
}

// Service answers a person's own pages.
type Service struct {
	Store   Store
	Objects Objects
	Leave   *leave.Desk
	Now     func() time.Time
}

// Month returns a person's days of a month, and the zone they are in. An empty
// month is the present one.
func (s *Service) Month(ctx context.Context, company, username, month string) (string, []hajir.Day, *time.Location, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return "", nil, nil, fmt.Errorf("load company: %w", err)
	}
	loc, err := c.Location()
	if err != nil {
		return "", nil, nil, err
	}
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return "", nil, nil, fmt.Errorf("load employee: %w", err)
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
