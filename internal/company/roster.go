package company

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// RosterWeek is what some people are planned to do.
type RosterWeek struct {
	Dates []string
	Rows  []RosterRow
	Next  string // the last username; "" on the last page
}

// RosterRow is one person's plan.
type RosterRow struct {
	Employee hajir.Employee
	Days     []hajir.Planned
	Entries  []hajir.RosterEntry // of the same dates; Version 0 where there is none
}

// Week returns what active people are planned to do on some dates from one on,
// page by page.
func (s *Service) Week(ctx context.Context, company, from string, days int, q Query) (RosterWeek, error) {
	var w RosterWeek
	if err := hajir.ValidateDate(from); err != nil {
		return w, err
	}
	for i := range days {
		w.Dates = append(w.Dates, hajir.AddDays(from, i))
	}
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return w, fmt.Errorf("load company: %w", err)
	}
	active := true
	q.Active = &active
	people, next, err := s.People(ctx, company, q)
	if err != nil {
		return w, err
	}
	w.Next = next
	to := w.Dates[len(w.Dates)-1]
	plans, err := s.Book.Plans(ctx, c, people, from, to)
	if err != nil {
		return w, err
	}
	names := hajir.Usernames(people)
	entries, err := s.Store.Roster(ctx, names, from, to)
	if err != nil {
		return w, fmt.Errorf("load roster: %w", err)
	}
	byKey := make(map[[2]string]hajir.RosterEntry, len(entries))
	for _, r := range entries {
		byKey[[2]string{r.Username, r.Date}] = r
	}
	for _, e := range people {
		row := RosterRow{Employee: e}
		for _, date := range w.Dates {
			row.Days = append(row.Days, plans[e.Username].On(date))
			row.Entries = append(row.Entries, byKey[[2]string{e.Username, date}])
		}
		w.Rows = append(w.Rows, row)
	}
	return w, nil
}

// RosterChange gives a person a shift, or a day off, on the dates From–To.
type RosterChange struct {
	Username, From, To string
	Shift              string // a shift's ID, hajir.DayOff, or "" for what their pattern says
	Version            *int   // the one that was read, for a single date; nil takes what is there
	Recompute          bool   // decide anew to which days punches belong that are there already
}

// SetRoster changes the roster, date by date. It returns the dates whose
// punches moved. Broken off, the same change again does the rest.
func (s *Service) SetRoster(ctx context.Context, company string, in RosterChange) ([]string, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Person(ctx, company, in.Username)
	if err != nil {
		return nil, err
	}
	if err := validateRange(in.From, in.To); err != nil {
		return nil, err
	}
	if in.Version != nil && in.From != in.To {
		return nil, hajir.Errorf(hajir.Invalid, "a version goes with a single date")
	}
	if in.Shift != "" {
		schedule, err := s.schedule(ctx, company)
		if err != nil {
			return nil, err
		}
		if err := (hajir.RosterEntry{Date: in.From, Shift: in.Shift}).Validate(schedule.Shifts); err != nil {
			return nil, err
		}
	}
	err = retry(in.Version == nil, func() error { return s.setRoster(ctx, company, in) })
	if err != nil {
		return nil, err
	}
	var moved []string
	if in.Recompute {
		if moved, err = s.Book.Recompute(ctx, c, e, in.From, in.To); err != nil {
			return nil, err
		}
	}
	s.Changes.Publish(company, in.Username)
	return moved, nil
}

func (s *Service) setRoster(ctx context.Context, company string, in RosterChange) error {
	there, err := s.Store.Roster(ctx, []string{in.Username}, in.From, in.To)
	if err != nil {
		return fmt.Errorf("load roster: %w", err)
	}
	byDate := map[string]hajir.RosterEntry{}
	for _, r := range there {
		byDate[r.Date] = r
	}
	for date := in.From; date <= in.To; date = hajir.AddDays(date, 1) {
		r := byDate[date]
		if in.Version != nil && *in.Version != r.Version {
			return hajir.Errorf(hajir.Conflict, "the roster entry was changed meanwhile; load it again")
		}
		switch in.Shift {
		case r.Shift:
		case "":
			err = s.Store.DeleteRoster(ctx, in.Username, date, r.Version)
		default:
			err = s.Store.SaveRoster(ctx, hajir.RosterEntry{
				Username: in.Username, Date: date, Company: company, Shift: in.Shift, Version: r.Version,
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func validateRange(from, to string) error {
	for _, date := range []string{from, to} {
		if err := hajir.ValidateDate(date); err != nil {
			return err
		}
	}
	if n := hajir.DaysBetween(from, to) + 1; n < 1 || n > hajir.MaxRosterDays {
		return hajir.Errorf(hajir.Invalid, "choose 1 to %d days, the first of them first", hajir.MaxRosterDays)
	}
	return nil
}

// Recompute decides anew to which days a person's punches belong, after the
// plan for the dates from–to was changed. It returns the dates that changed.
func (s *Service) Recompute(ctx context.Context, company, username, from, to string) ([]string, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Person(ctx, company, username)
	if err != nil {
		return nil, err
	}
	if err := validateRange(from, to); err != nil {
		return nil, err
	}
	moved, err := s.Book.Recompute(ctx, c, e, from, to)
	if len(moved) > 0 {
		s.Changes.Publish(company, username)
	}
	return moved, err
}
