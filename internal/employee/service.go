// Package employee is EmployeeRequestLambdaFunction: what a person's own pages
// ask for. Read service.go first; consent.go is what they decided about their
// face, export.go everything that is held about them, views.go who looked at
// their pictures, phone.go their own number. http.go declares the operations,
// http_leave.go those about leave, which package leave answers.
package employee

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hajir/internal/events"
	"hajir/internal/faces"
	"hajir/internal/feed"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/leave"
	"hajir/internal/roster"
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
	Book     roster.Book // says what was planned
	Objects  Objects
	Faces    Faces
	Accounts Accounts
	Consents Consents
	Leave    *leave.Desk
	Events   *events.Desk
	Feeds    *feed.Service
	Now      func() time.Time
}

// Month is one person's month.
type Month struct {
	Value    string // YYYY-MM
	Location *time.Location
	Days     []MonthDay // one for each date
	Total    hajir.Total
}

// MonthDay is a date with its punches, and what it comes to.
type MonthDay struct {
	hajir.Day
	hajir.Reckoning
	// Events are what concerns the person on the date, in order.
	Events []hajir.Occasion
}

// Month returns a person's month, "" for the present one.
func (s *Service) Month(ctx context.Context, company, username, month string) (Month, error) {
	m := Month{Value: month}
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return m, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return m, fmt.Errorf("load employee: %w", err)
	}
	if m.Location, err = c.LocationOf(e); err != nil {
		return m, err
	}
	if m.Value == "" {
		m.Value = hajir.MonthValue(hajir.DateAt(s.Now(), m.Location))
	}
	dates := hajir.Dates(m.Value)
	if len(dates) == 0 {
		return m, hajir.Errorf(hajir.Invalid, "a month has the form YYYY-MM")
	}
	stored, err := s.Store.Month(ctx, username, m.Value)
	if err != nil {
		return m, fmt.Errorf("load month: %w", err)
	}
	plan, err := s.Book.Plan(ctx, c, e, dates[0], dates[len(dates)-1])
	if err != nil {
		return m, err
	}
	m.reckon(plan, e, hajir.Once(stored), s.Now())
	return m, nil
}

// reckon fills the month's days. On dates before the person was there nothing
// is expected of them, nor after the last punch of one who is inactive.
func (m *Month) reckon(plan hajir.Plan, e hajir.Employee, stored []hajir.Day, now time.Time) {
	first, last := hajir.DateAt(e.CreatedAt, m.Location), ""
	days := make(map[string]hajir.Day, len(stored))
	for _, d := range stored {
		days[d.Date] = d
		if len(d.Punches) > 0 {
			first, last = min(first, d.Date), max(last, d.Date)
		}
	}
	for _, date := range hajir.Dates(m.Value) {
		d, ok := days[date]
		if !ok {
			d = hajir.Day{Name: e.Username, Company: e.Company, Date: date}
		}
		r := plan.On(date).Reckon(d, now)
		if len(d.Punches) == 0 && (date < first || !e.Active && date > last) {
			r.Status, r.Flags = hajir.StatusNone, nil
		}
		m.Total.Add(r)
		events := slices.DeleteFunc(slices.Clone(plan.Occasions), func(o hajir.Occasion) bool { return !o.Touches(date, date) })
		m.Days = append(m.Days, MonthDay{d, r, events})
	}
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
