package company

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// Board is who is here on a date.
type Board struct {
	Date        string
	Location    *time.Location
	GeneratedAt time.Time
	Entries     []BoardEntry // in order of names
	LinkedAt    time.Time    // when the links to its pictures were made; zero without any
}

// BoardEntry is one person's day, and what it comes to.
type BoardEntry struct {
	Employee hajir.Employee
	Day      hajir.Day
	hajir.Reckoning
}

// Board returns who is here on a date; "" is today, which is each person's own
// in their time zone, and for somebody whose night shift is not over still the
// date on which it began. With the username of a manager as team it shows their
// reports and themselves alone. People who are inactive or auditors, or were not
// there yet, appear on days on which they punched.
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
	if err := hajir.ValidateDate(b.Date); err != nil {
		return b, err
	}
	people, _, err := s.People(ctx, company, Query{Team: team})
	if err != nil {
		return b, err
	}
	if err := s.fill(ctx, &b, c, people, date == ""); err != nil {
		return b, err
	}
	slices.SortStableFunc(b.Entries, func(x, y BoardEntry) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Employee.Name), strings.ToLower(y.Employee.Name)),
			strings.Compare(x.Employee.Username, y.Employee.Username))
	})
	return b, nil
}

// fill adds the days of people to b: those of its date, or of each one's today.
func (s *Service) fill(ctx context.Context, b *Board, c hajir.Company, people []hajir.Employee, today bool) error {
	from, to := b.Date, b.Date
	if today { // it may be yesterday or tomorrow elsewhere, and nights last
		from, to = hajir.AddDays(b.Date, -2), hajir.AddDays(b.Date, 1)
	}
	plans, err := s.Book.Plans(ctx, c, people, from, to)
	if err != nil {
		return err
	}
	names := hajir.Usernames(people)
	days := map[string]map[string]hajir.Day{} // by date and name
	for date := from; date <= to; date = hajir.AddDays(date, 1) {
		if days[date], err = s.Store.Days(ctx, date, names); err != nil {
			return fmt.Errorf("load days: %w", err)
		}
	}
	for _, e := range people {
		plan, date := plans[e.Username], b.Date
		if today {
			date = hajir.DateAt(b.GeneratedAt, plan.Location)
		}
		reckon := func(date string) BoardEntry {
			d, ok := days[date][e.Username]
			if !ok {
				d = hajir.Day{Name: e.Username, Company: e.Company, Date: date}
			}
			return BoardEntry{e, d, plan.On(date).Reckon(d, b.GeneratedAt)}
		}
		entry := reckon(date)
		if today && len(entry.Day.Punches) == 0 {
			if night := reckon(hajir.AddDays(date, -1)); night.Running {
				entry = night
			}
		}
		hired := hajir.DateAt(e.CreatedAt, plan.Location) <= entry.Day.Date
		if e.Attends() && hired || len(entry.Day.Punches) > 0 {
			b.Entries = append(b.Entries, entry)
		}
	}
	return nil
}

// update loads one person's day anew into b, which is of today, and returns
// their entry; false when they are not on the board.
func (s *Service) update(ctx context.Context, b *Board, company, username string) (BoardEntry, bool, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return BoardEntry{}, false, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Person(ctx, company, username)
	if err != nil {
		return BoardEntry{}, false, err
	}
	one := Board{Location: b.Location, GeneratedAt: s.Now()}
	one.Date = hajir.DateAt(one.GeneratedAt, one.Location)
	if err := s.fill(ctx, &one, c, []hajir.Employee{e}, true); err != nil || len(one.Entries) == 0 {
		return BoardEntry{}, false, err
	}
	entry := one.Entries[0]
	i := slices.IndexFunc(b.Entries, func(x BoardEntry) bool { return x.Employee.Username == username })
	if i < 0 {
		b.Entries = append(b.Entries, entry)
	} else {
		b.Entries[i] = entry
	}
	b.GeneratedAt = one.GeneratedAt
	return entry, true, nil
}

// changed says whether b shows something else than earlier: also when nobody
// punched, but somebody is late by now.
func (b Board) changed(earlier Board) bool {
	return b.Date != earlier.Date || !slices.EqualFunc(b.Entries, earlier.Entries, func(x, y BoardEntry) bool {
		return x.Employee.Username == y.Employee.Username && x.Employee.Version == y.Employee.Version &&
			x.Day.Date == y.Day.Date && x.Day.Version == y.Day.Version &&
			x.Status == y.Status && slices.Equal(x.Flags, y.Flags) && x.Start.Equal(y.Start) && x.End.Equal(y.End)
	})
}

// fading says whether links to pictures have lived half of their life at a time.
func (b Board) fading(at time.Time) bool {
	return !b.LinkedAt.IsZero() && at.Sub(b.LinkedAt) > objects.LinkLife/2
}

// counts returns how many people are where, and what wants a look.
func (b Board) counts() boardCounts {
	var n boardCounts
	for _, e := range b.Entries {
		n.Total++
		switch e.Day.Presence(e.Reckoning) {
		case hajir.PresenceIn:
			n.In++
		case hajir.PresenceOut:
			n.Out++
		case hajir.PresenceAbsent:
			n.Absent++
		case hajir.PresenceOff:
			n.Off++
		}
		if e.Late > 0 || e.Flagged(hajir.FlagNotHere) {
			n.Late++
		}
		if e.Flagged(hajir.FlagMissingExit) {
			n.MissingExits++
		}
	}
	return n
}
