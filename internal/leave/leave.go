// Package leave is the desk at which leave is asked for, decided and reckoned.
// The pages of employees and those of the company both come to it. The rules
// are in internal/hajir (read leave.go there); this package loads and saves for
// them. Read Desk first, then change.go: every change of a person's leave goes
// through it. request.go asks and cancels, decide.go decides, balance.go tells
// and adjusts balances, teller.go tells those of many people, calendar.go says who
// is away, post.go posts what is due, recost.go follows holidays that come and go.
package leave

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/hajir"
)

// Store keeps leave. Loading a request that is not there returns a *hajir.Error
// with NotFound; accounts, settings and delegates that are not there come empty
// at Version 0. Saving at a stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error)

	LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error)
	SaveLeaveType(ctx context.Context, t hajir.LeaveType) error
	LeaveSettings(ctx context.Context, company string) (hajir.LeaveSettings, error)
	SaveLeaveSettings(ctx context.Context, s hajir.LeaveSettings) error
	LeaveAccount(ctx context.Context, username string) (hajir.LeaveAccount, error)
	LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error)
	SaveLeaveAccount(ctx context.Context, a hajir.LeaveAccount) error
	// LeaveEntries returns a person's ledger.
	LeaveEntries(ctx context.Context, username string) ([]hajir.LeaveEntry, error)
	// LeaveEntriesOf returns the ledgers of the people named, by username.
	LeaveEntriesOf(ctx context.Context, usernames []string) (map[string][]hajir.LeaveEntry, error)
	// PostLeaveEntries adds entries; one that is there already stays as it is.
	PostLeaveEntries(ctx context.Context, entries []hajir.LeaveEntry) error
	LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error)
	// LeaveRequestsOf, LeaveRequestsTo and LeaveRequestsIn return at most limit
	// requests of an employee, to who has to decide, and of a company, the newest
	// first and beginning behind the one given.
	LeaveRequestsOf(ctx context.Context, employee string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error)
	LeaveRequestsTo(ctx context.Context, decider string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error)
	LeaveRequestsIn(ctx context.Context, company string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error)
	SaveLeaveRequest(ctx context.Context, r hajir.LeaveRequest) error
	LeaveDelegate(ctx context.Context, manager string) (hajir.LeaveDelegate, error)
	LeaveDelegations(ctx context.Context, delegate string) ([]hajir.LeaveDelegate, error)
	SaveLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error
	DeleteLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error
}

// Desk is where leave is asked for and decided. It is safe for concurrent use.
type Desk struct {
	Store Store
	// Workdays says on which of the dates from–to a person would work if none was
	// a holiday, and which are holidays of theirs.
	Workdays func(ctx context.Context, c hajir.Company, e hajir.Employee, from, to string) (workday, holiday func(date string) bool, err error)
	// Holidays returns the names of people's holidays on the dates from–to, by
	// username and date.
	Holidays func(ctx context.Context, company string, people []hajir.Employee, from, to string) (map[string]map[string]string, error)
	Now      func() time.Time
	Log      *slog.Logger
}

// person is somebody whose leave it is about, with what it is reckoned by.
type person struct {
	hajir.Employee
	company  hajir.Company
	settings hajir.LeaveSettings
	loc      *time.Location
	today    string
}

func (d *Desk) person(ctx context.Context, company, username string) (person, error) {
	p, err := d.house(ctx, company)
	if err != nil {
		return p, err
	}
	p.Employee, err = d.Store.Employee(ctx, username)
	if err == nil {
		err = p.BelongsTo(company)
	}
	if err != nil {
		return p, fmt.Errorf("load employee: %w", err)
	}
	return p, nil
}

// house returns what all people of a company have in common.
func (d *Desk) house(ctx context.Context, company string) (person, error) {
	var p person
	var err error
	if p.company, err = d.Store.Company(ctx, company); err != nil {
		return p, fmt.Errorf("load company: %w", err)
	}
	if p.loc, err = p.company.Location(); err != nil {
		return p, err
	}
	p.today = hajir.DateAt(d.Now(), p.loc)
	p.settings, err = d.settings(ctx, p.company)
	return p, err
}

// Years returns a company's leave years.
func (d *Desk) Years(ctx context.Context, company string) (hajir.LeaveYears, error) {
	p, err := d.house(ctx, company)
	return p.settings.Years, err
}

func (d *Desk) settings(ctx context.Context, c hajir.Company) (hajir.LeaveSettings, error) {
	s, err := d.Store.LeaveSettings(ctx, c.Username)
	if err != nil {
		return s, fmt.Errorf("load leave settings: %w", err)
	}
	if len(s.Years) == 0 {
		s.Years = hajir.DefaultLeaveYears(c.TimeZone)
	}
	return s, nil
}

func (d *Desk) types(ctx context.Context, company string) ([]hajir.LeaveType, error) {
	all, err := d.Store.LeaveTypes(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load leave types: %w", err)
	}
	return all, nil
}

// leaveType returns one of the company's types.
func (d *Desk) leaveType(ctx context.Context, company, id string) (hajir.LeaveType, error) {
	all, err := d.types(ctx, company)
	if err != nil {
		return hajir.LeaveType{}, err
	}
	for _, t := range all {
		if t.ID == id {
			return t, nil
		}
	}
	return hajir.LeaveType{}, hajir.Errorf(hajir.NotFound, "there is no such leave; choose one of the company's")
}

// pageSize is how many records one read of the store takes.
const pageSize = 500

// everyone returns a company's people.
func (d *Desk) everyone(ctx context.Context, company string) ([]hajir.Employee, error) {
	var all []hajir.Employee
	for after := ""; ; {
		page, err := d.Store.Employees(ctx, company, after, pageSize)
		if err != nil {
			return nil, fmt.Errorf("list employees: %w", err)
		}
		all = append(all, page...)
		if len(page) < pageSize {
			return all, nil
		}
		after = page[len(page)-1].Username
	}
}
