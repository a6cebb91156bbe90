package company

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
)

// Board is who is here on a date.
type Board struct {
	Date        string
	Location    *time.Location
	GeneratedAt time.Time
	Entries     []BoardEntry // in order of names
}

// BoardEntry is one person's day.
type BoardEntry struct {
	Employee hajir.Employee
	Day      hajir.Day
}

// Board returns who is here on a date; "" is today. With the username of a
// manager as team it shows their reports and themselves alone. People who are
// inactive or auditors, or were not there yet, appear on days on which they
// punched.
func (s *Service) Board(ctx context.Context, company, date, team string) (Board, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return Board{}, fmt.Errorf("load company: %w", err)
	}
	b := Board{Date: date, GeneratedAt: s.Now()}
	if b.Location, err = c.Location(); err != nil {
		return b, err
	}
	if b.Date == "" {
		b.Date = hajir.DateAt(b.GeneratedAt, b.Location)
	}
	if _, err := time.Parse(time.DateOnly, b.Date); err != nil {
		return b, &hajir.Error{Code: hajir.Invalid, Message: "a date has the form YYYY-MM-DD", Cause: err}
	}
	people, _, err := s.People(ctx, company, Query{Team: team})
	if err != nil {
		return b, err
	}
	names := make([]string, len(people))
	for i, e := range people {
		names[i] = e.Username
	}
	days, err := s.Store.Days(ctx, b.Date, names)
	if err != nil {
		return b, fmt.Errorf("load days: %w", err)
	}
	for _, e := range people {
		day := days[e.Username]
		hired := hajir.DateAt(e.CreatedAt, b.Location) <= b.Date
		if e.Attends() && hired || len(day.Punches) > 0 {
			b.Entries = append(b.Entries, BoardEntry{Employee: e, Day: day})
		}
	}
	slices.SortStableFunc(b.Entries, func(x, y BoardEntry) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Employee.Name), strings.ToLower(y.Employee.Name)),
			strings.Compare(x.Employee.Username, y.Employee.Username))
	})
	return b, nil
}

// update loads one person's day anew into b, and returns their entry.
func (s *Service) update(ctx context.Context, b *Board, username string) (BoardEntry, error) {
	e, err := s.Store.Employee(ctx, username)
	if err != nil {
		return BoardEntry{}, fmt.Errorf("load employee: %w", err)
	}
	d, err := s.Store.Day(ctx, username, b.Date)
	if err != nil {
		return BoardEntry{}, fmt.Errorf("load day: %w", err)
	}
	entry := BoardEntry{Employee: e, Day: d}
	i := slices.IndexFunc(b.Entries, func(x BoardEntry) bool { return x.Employee.Username == username })
	if i < 0 {
		b.Entries = append(b.Entries, entry)
	} else {
		b.Entries[i] = entry
	}
	return entry, nil
}

// changed says whether b shows something else than earlier.
func (b Board) changed(earlier Board) bool {
	return b.Date != earlier.Date || !slices.EqualFunc(b.Entries, earlier.Entries, func(x, y BoardEntry) bool {
		return x.Employee == y.Employee && x.Day.Version == y.Day.Version
	})
}

// count returns how many people are where.
func (b Board) count() (in, out, absent int) {
	for _, e := range b.Entries {
		switch e.Day.Presence() {
		case hajir.PresenceIn:
			in++
		case hajir.PresenceOut:
			out++
		case hajir.PresenceAbsent:
			absent++
		}
	}
	return in, out, absent
}
