// Package correction is the desk at which corrections of days are asked for,
// decided, entered and applied. The pages of employees and those of the company
// both come to it. The rules are in internal/hajir (read correction.go and
// edit.go there); this package loads and saves for them. Read Desk first, then
// apply.go: an approved correction is saved before it is applied, so that its
// application can be finished by whoever comes by. ask.go asks and withdraws,
// decide.go decides, body.go is what the API shows. People are told by what the
// store writes down (hajir/notice_rules.go).
package correction

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/leave"
	"hajir/internal/roster"
)

// Store keeps corrections. Corrections that are not there come empty at Version
// 0; saving at a stale version returns a *hajir.Error with Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	// Employee returns a person, or a *hajir.Error with NotFound.
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error)
	// CorrectionsBetween returns those of a person's dates from–to, in order.
	CorrectionsBetween(ctx context.Context, username, from, to string) ([]hajir.DayCorrections, error)
	// CorrectionsTo and CorrectionsToDo return at most limit records in which
	// somebody has to decide, or of a company in which anything is to be done,
	// behind the one given.
	CorrectionsTo(ctx context.Context, decider string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error)
	CorrectionsToDo(ctx context.Context, company string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error)
	SaveCorrections(ctx context.Context, x hajir.DayCorrections) error
}

// Deciders knows who decides, which is whoever decides about leave.
type Deciders interface {
	// Deciders returns who decides about a person, and at the second level.
	Deciders(ctx context.Context, c hajir.Company, e hajir.Employee) (first, second string, err error)
	// StandIn returns who decides in a manager's place today; "" is nobody.
	StandIn(ctx context.Context, c hajir.Company, manager string) (string, error)
	// StandsInFor returns in whose place somebody decides today.
	StandsInFor(ctx context.Context, c hajir.Company, username string) ([]string, error)
}

// Desk is where corrections are asked for and decided. It is safe for
// concurrent use.
type Desk struct {
	Store    Store
	Book     roster.Book // keeps the days
	Deciders Deciders
	Changed  func(company, username string) // told of every day that is corrected
	Now      func() time.Time
	Log      *slog.Logger
}

// Caller is who decides.
type Caller = leave.Caller

// person is somebody whose days it is about.
type person struct {
	hajir.Employee
	company hajir.Company
	loc     *time.Location // the person's
	today   string         // there
}

func (d *Desk) person(ctx context.Context, company, username string) (person, error) {
	var p person
	var err error
	if p.company, err = d.Store.Company(ctx, company); err != nil {
		return p, fmt.Errorf("load company: %w", err)
	}
	p.Employee, err = d.Store.Employee(ctx, username)
	if err == nil {
		err = p.BelongsTo(company)
	}
	if err != nil {
		return p, fmt.Errorf("load employee: %w", err)
	}
	if p.loc, err = p.company.LocationOf(p.Employee); err != nil {
		return p, err
	}
	p.today = hajir.DateAt(d.Now(), p.loc)
	return p, nil
}

// Between returns a person's corrections of the dates from–to, in order of
// dates.
func (d *Desk) Between(ctx context.Context, username, from, to string) ([]hajir.DayCorrections, error) {
	all, err := d.Store.CorrectionsBetween(ctx, username, from, to)
	if err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	return all, nil
}
