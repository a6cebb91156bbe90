// Package employee is EmployeeRequestLambdaFunction: what a person's own pages
// ask for. Read service.go first; consent.go is what they decided about their
// face, export.go everything that is held about them, views.go who looked at
// their pictures, phone.go their own number, calendar.go
// how they read dates. http.go declares the operations,
// http_leave.go those about leave, which package leave answers, and
// http_correction.go those about corrections of days, which correction does;
// http_report.go the time sheet, which package report makes.
package employee

import (
	"context"
	"time"

	"hajir/internal/correction"
	"hajir/internal/events"
	"hajir/internal/faces"
	"hajir/internal/feed"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/leave"
	"hajir/internal/letter"
	"hajir/internal/report"
	"hajir/internal/roster"
)

// Store loads what a person's pages show. Loading what is not there returns a
// *hajir.Error with NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// SaveEmployee at a stale version is a Conflict.
	SaveEmployee(ctx context.Context, e hajir.Employee) error
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
	Store       Store
	Book        roster.Book // says what was planned
	Objects     Objects
	Faces       Faces
	Accounts    Accounts
	Consents    Consents
	Leave       *leave.Desk
	Corrections *correction.Desk
	Reports     *report.Desk
	Events      *events.Desk
	Feeds       *feed.Service
	Letters     *letter.Desk
	Now         func() time.Time
}

// Month is one person's month.
type Month struct {
	Value    string // as hajir.MonthDates takes it
	Location *time.Location
	Days     []hajir.SheetLine // one for each date
	Total    hajir.Total
	// Occasions are what concerns the person in the month, in order.
	Occasions []hajir.Occasion
	// CorrectableFrom is the first date of which the person may ask for a
	// correction today; "" is none.
	CorrectableFrom string
}

// Month returns a person's month, as hajir.MonthDates takes it, or "" for the
// present Gregorian one.
func (s *Service) Month(ctx context.Context, company, username, month string) (Month, error) {
	m := Month{Value: month}
	c, e, err := s.person(ctx, company, username)
	if err != nil {
		return m, err
	}
	if m.Location, err = c.LocationOf(e); err != nil {
		return m, err
	}
	if c.CorrectionDays > 0 && e.Attends() {
		m.CorrectableFrom = hajir.AddDays(hajir.DateAt(s.Now(), m.Location), -c.CorrectionDays)
	}
	if m.Value == "" {
		m.Value = hajir.MonthValue(hajir.DateAt(s.Now(), m.Location))
	}
	period, err := hajir.ParsePeriod(m.Value, "", "", maxMonth)
	if err != nil {
		return m, err
	}
	sheet, err := s.Book.Sheet(ctx, c, e, period)
	if err != nil {
		return m, err
	}
	m.Occasions = sheet.Plan.Occasions
	m.Days = sheet.Lines(period, s.Now(), nil)
	m.Total = hajir.Summarize(m.Days).Total
	return m, nil
}

const maxMonth = 32 // days; months of Bikram Sambat have up to 32

// zoneOf returns the time zone of the company that a person is of.
func (s *Service) zoneOf(ctx context.Context, company, username string) (*time.Location, error) {
	c, _, err := s.person(ctx, company, username)
	if err != nil {
		return nil, err
	}
	return c.Location()
}
