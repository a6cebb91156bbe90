// Package closing closes a company's days once they are over: it guesses the
// exits that the company wants to be guessed, and notes who was absent and whose
// exit is missing. What days come to stays derived; nothing else is stored. The
// rules are in internal/hajir/closing.go. Read RunDue first.
package closing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/roster"
)

// Store keeps how dates were closed. What is not there comes empty at Version 0;
// saving at a stale version returns a *hajir.Error with Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error)
	Closing(ctx context.Context, company, date string) (hajir.ClosedDate, error)
	// Closings returns those of the dates from–to that there are, in order.
	Closings(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error)
	// LastClosed returns the last date that was closed; "" is none.
	LastClosed(ctx context.Context, company string) (string, error)
	SaveClosing(ctx context.Context, c hajir.ClosedDate) error
}

// Service closes days. It is safe for concurrent use.
type Service struct {
	Store   Store
	Book    roster.Book
	Changed func(company, username string) // told of every exit that is guessed
	Now     func() time.Time
	Log     *slog.Logger

	mu      sync.Mutex
	running map[string]bool // by company
}

// MaxRange is how many dates can be closed at once.
const MaxRange = 366

// reach is for how many dates back somebody's day may still have lasted when
// their company's date was closed: in another zone, and with the longest shift.
const reach = 5

// RunDue closes what has to be closed now, in every company: the dates since the
// last that was closed, up to yesterday where the company's clocks show its
// time, and those on which somebody had to be waited for. A company that never
// closed a date begins with yesterday. Asked again it changes nothing, so that
// it can be asked every minute, and after any interruption.
func (s *Service) RunDue(ctx context.Context) error {
	companies, err := s.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	var errs []error
	for _, c := range companies {
		if err := s.runDue(ctx, c); err != nil { // the others are not kept waiting
			errs = append(errs, fmt.Errorf("close days of %s: %w", c.Username, err))
		}
	}
	return errors.Join(errs...)
}

func (s *Service) runDue(ctx context.Context, c hajir.Company) error {
	if !s.begin(c.Username) {
		return nil // somebody does it already
	}
	defer s.end(c.Username)
	loc, err := c.Location()
	if err != nil {
		return err
	}
	due := c.Close.Due(s.Now(), loc)
	last, err := s.Store.LastClosed(ctx, c.Username)
	if err != nil {
		return fmt.Errorf("find the last closing: %w", err)
	}
	first := due
	if last != "" {
		first = hajir.AddDays(last, 1)
	}
	first = max(first, hajir.DateAt(c.CreatedAt, loc))
	waited, err := s.Store.Closings(ctx, c.Username, hajir.AddDays(due, -reach), due)
	if err != nil {
		return fmt.Errorf("list closings: %w", err)
	}
	var dates []string
	for _, w := range waited {
		if !w.Next.IsZero() && s.Now().After(w.Next) {
			dates = append(dates, w.Date)
		}
	}
	for date := first; date <= due; date = hajir.AddDays(date, 1) {
		dates = append(dates, date)
	}
	for _, date := range dates {
		if _, err := s.date(ctx, c, date); err != nil {
			return err
		}
	}
	return nil
}

func checkRange(from, to string) error {
	for _, date := range []string{from, to} {
		if err := hajir.ValidateDate(date); err != nil {
			return err
		}
	}
	if n := hajir.DaysBetween(from, to); n < 0 || n >= MaxRange {
		return hajir.Errorf(hajir.Invalid, "name 1 to %d dates, the first one first", MaxRange)
	}
	return nil
}

// Run closes the dates from–to of a company as they are now, and returns what it
// found. Dates that are not over for anybody are a refusal.
func (s *Service) Run(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error) {
	if err := checkRange(from, to); err != nil {
		return nil, err
	}
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	if to >= hajir.DateAt(s.Now(), loc) {
		return nil, hajir.Errorf(hajir.Invalid, "only dates that have passed can be closed: up to yesterday")
	}
	if !s.begin(company) {
		return nil, hajir.Errorf(hajir.Unavailable, "the company's days are being closed already; try again in a moment")
	}
	defer s.end(company)
	var all []hajir.ClosedDate
	for date := from; date <= to; date = hajir.AddDays(date, 1) {
		closed, err := s.date(ctx, c, date)
		if err != nil {
			return nil, err
		}
		all = append(all, closed)
	}
	return all, nil
}

// begin says whether nobody closes the company's days; end says that it is done.
// Other processes are kept apart by versions: what they do is the same.
func (s *Service) begin(company string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[company] {
		return false
	}
	if s.running == nil {
		s.running = map[string]bool{}
	}
	s.running[company] = true
	return true
}

func (s *Service) end(company string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, company)
}

// date closes one date, the record last: one that was broken off is done anew.
func (s *Service) date(ctx context.Context, c hajir.Company, date string) (hajir.ClosedDate, error) {
	was, err := s.Store.Closing(ctx, c.Username, date)
	if err != nil {
		return was, fmt.Errorf("load closing: %w", err)
	}
	now := s.Now()
	is := hajir.ClosedDate{Company: c.Username, Date: date, ClosedAt: now.UTC(), Version: was.Version, Counts: map[hajir.Status]int{}}
	err = s.each(ctx, c, date, func(e hajir.Employee, plan *hajir.Plan, d hajir.Day) error {
		planned := plan.On(date)
		if len(d.Punches) == 0 && (!e.Attends() || date < hajir.DateAt(e.CreatedAt, plan.Location)) {
			return nil
		}
		closed, over := d, now.After(planned.Until(d))
		if d.In() && over { // all else is as it is
			if closed, over, err = s.Book.Close(ctx, e, planned, c.Close, now); err != nil {
				return err
			}
			if closed.Auto != d.Auto {
				s.Changed(c.Username, e.Username)
			}
		}
		if !over {
			is.Wait(e.Username, planned.Until(closed))
			return nil
		}
		is.Take(closed, planned.Reckon(closed, now))
		return nil
	})
	if err != nil {
		return is, err
	}
	if was.Version > 0 && is.Same(was) {
		return was, nil
	}
	err = s.Store.SaveClosing(ctx, is)
	if hajir.CodeOf(err) == hajir.Conflict { // another process found the same
		return s.Store.Closing(ctx, c.Username, date)
	}
	if err != nil {
		return is, fmt.Errorf("save closing: %w", err)
	}
	is.Version++
	s.Log.InfoContext(ctx, "closed a date", "company", c.Username, "date", date, "absent", len(is.Absent),
		"missing_exits", len(is.MissingExits), "auto_exits", len(is.AutoExits), "waiting", len(is.Waiting))
	return is, nil
}

// pageSize is how many people are looked at with one read of the store.
const pageSize = 500

// each visits a company's people in order, with their plans and days of a date.
func (s *Service) each(
	ctx context.Context, c hajir.Company, date string,
	visit func(e hajir.Employee, plan *hajir.Plan, d hajir.Day) error,
) error {
	team, err := s.Book.Team(ctx, c)
	if err != nil {
		return err
	}
	for after := ""; ; {
		people, err := s.Store.Employees(ctx, c.Username, after, pageSize)
		if err != nil {
			return fmt.Errorf("list employees: %w", err)
		}
		if err := some(ctx, team, people, date, visit); err != nil {
			return err
		}
		if len(people) < pageSize {
			return nil
		}
		after = people[len(people)-1].Username
	}
}

func some(
	ctx context.Context, team *roster.Team, people []hajir.Employee, date string,
	visit func(e hajir.Employee, plan *hajir.Plan, d hajir.Day) error,
) error {
	sheets, err := team.Sheets(ctx, people, date, date)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		d := hajir.DayOf(sheet.Days, date)
		d.Name, d.Company = sheet.Username, sheet.Company
		if err := visit(sheet.Employee, &sheet.Plan, d); err != nil {
			return err
		}
	}
	return nil
}

// OpenDay is a day that somebody should look at.
type OpenDay struct {
	Employee hajir.Employee
	Location *time.Location
	hajir.Day
	hajir.Reckoning
}

// lookBack is how many closed dates are looked through for open days.
const lookBack = 31

// OpenDays returns the days of the last month whose exit is missing or guessed
// still, the newest first, of the people given: found when their dates were
// closed, and told as they are now.
func (s *Service) OpenDays(ctx context.Context, company string, people []hajir.Employee) ([]OpenDay, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	today := hajir.DateAt(s.Now(), loc)
	closed, err := s.Store.Closings(ctx, company, hajir.AddDays(today, -lookBack), today)
	if err != nil {
		return nil, fmt.Errorf("list closings: %w", err)
	}
	var team *roster.Team
	var all []OpenDay
	for _, one := range slices.Backward(closed) {
		var who []hajir.Employee
		for _, e := range people {
			if slices.Contains(one.MissingExits, e.Username) || slices.Contains(one.AutoExits, e.Username) {
				who = append(who, e)
			}
		}
		if len(who) == 0 {
			continue
		}
		if team == nil {
			if team, err = s.Book.Team(ctx, c); err != nil {
				return nil, err
			}
		}
		err := some(ctx, team, who, one.Date, func(e hajir.Employee, plan *hajir.Plan, d hajir.Day) error {
			r := plan.On(one.Date).Reckon(d, s.Now())
			if r.Flagged(hajir.FlagMissingExit) || r.Flagged(hajir.FlagAutoExit) {
				all = append(all, OpenDay{e, plan.Location, d, r})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// List returns how a company's dates from–to were closed, in order; those that
// were not are left out.
func (s *Service) List(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error) {
	if err := checkRange(from, to); err != nil {
		return nil, err
	}
	all, err := s.Store.Closings(ctx, company, from, to)
	if err != nil {
		return nil, fmt.Errorf("list closings: %w", err)
	}
	return all, nil
}
