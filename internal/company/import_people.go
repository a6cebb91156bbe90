package company

import (
	"context"
	"fmt"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// noField stands in a field that is to become empty: an empty one leaves what
// is there.
const noField = "-"

// planEmployees reads changes of people who are there; each is a job of its own.
// The lines count one after the other, as they are done.
func (b *bringing) planEmployees(ctx context.Context) error {
	if !b.file.Has("username") && !b.file.Has("code") {
		return hajir.Errorf(hajir.Invalid, "the first line has neither a column username nor a column code; one of them must say whom a line is about")
	}
	usernames := make([]string, 0, len(b.people.byName))
	for username := range b.people.byName {
		usernames = append(usernames, username)
	}
	accounts, err := b.Leave.Accounts(ctx, usernames)
	if err != nil {
		return fmt.Errorf("load leave accounts: %w", err)
	}
	first := map[string]int{}
	return b.each(func(i int, line sheet.Line) error {
		e, err := b.whom(i, line)
		if err != nil {
			return err
		}
		if there, twice := first[e.Username]; twice {
			return hajir.Errorf(hajir.Conflict, "line %d is about %s already; put all of it into one line", there, e.Name)
		}
		x, err := b.readEmployee(ctx, e, line, accounts[e.Username])
		if err != nil {
			return err
		}
		first[e.Username] = line.Number
		if len(x.changes) == 0 {
			b.set(i, sheet.Same, "")
			return nil
		}
		b.people.put(x.after)
		b.set(i, sheet.Changed, x.changes.String())
		b.jobs = append(b.jobs, job{lines: []int{i}, do: func(ctx context.Context) error {
			if b.DryRun {
				return nil
			}
			if _, err := b.ChangePerson(ctx, b.Company, e.Username, x.change); err != nil {
				return err
			}
			if x.since == nil {
				return nil
			}
			return b.Leave.Employ(ctx, b.Company, e.Username, *x.since, x.until)
		}})
		return nil
	})
}

// whom finds the person of a line: by their username, and without one by their
// employee code. With a username, the code is what they are to have.
func (b *bringing) whom(i int, line sheet.Line) (e hajir.Employee, err error) {
	switch username, code := line.Get("username"), line.Get("code"); {
	case username != "":
		e, err = b.people.named(username)
		b.lines[i].Username = username
	case code != "" && code != noField:
		e, err = b.people.coded(code)
	default:
		err = hajir.Errorf(hajir.Invalid, "the line names nobody; give a username or an employee code")
	}
	if err == nil {
		b.lines[i].Username, b.lines[i].Name = e.Username, e.Name
	}
	return e, err
}

// employeeLine is what a line changes.
type employeeLine struct {
	after   hajir.Employee
	change  PersonChange
	changes sheet.Changes
	since   *string // the first date in the company, if that changes; until stays
	until   string
}

// readEmployee reads what a line changes of e, and says whether it may.
func (b *bringing) readEmployee(ctx context.Context, e hajir.Employee, line sheet.Line, a hajir.LeaveAccount) (x employeeLine, err error) {
	told := func(name string) *string {
		text := line.Get(name)
		switch text {
		case "":
			return nil
		case noField:
			text = ""
		}
		return &text
	}
	x.change = PersonChange{
		Name: told("name"), Email: told("email"), Department: told("department"), Phone: told("phone"), TimeZone: told("time_zone"), By: b.By,
	}
	if line.Get("username") != "" {
		x.change.Code = told("code")
	}
	if m := told("manager"); m != nil {
		if *m, err = b.boss(*m); err != nil {
			return x, err
		}
		x.change.Manager = m
	}
	x.after = e
	x.change.apply(&x.after)
	if err := x.after.Validate(); err != nil {
		return x, err
	}
	for _, f := range []struct {
		name         string
		before, next string
		change       **string
	}{
		{"name", e.Name, x.after.Name, &x.change.Name},
		{"email", e.Email, x.after.Email, &x.change.Email},
		{"code", e.Code, x.after.Code, &x.change.Code},
		{"department", e.Department, x.after.Department, &x.change.Department},
		{"phone", e.Phone, x.after.Phone, &x.change.Phone},
		{"manager", e.Manager, x.after.Manager, &x.change.Manager},
		{"time zone", e.TimeZone, x.after.TimeZone, &x.change.TimeZone},
	} {
		if f.before == f.next {
			*f.change = nil // it is nobody's change
		}
		x.changes.Add(f.name, f.before, f.next)
	}
	if err := b.mayChange(e, x.after); err != nil {
		return x, err
	}
	if err := b.followAccount(ctx, &x, line); err != nil {
		return x, err
	}
	return x, b.readJoined(&x, line, a)
}

// followAccount sees to an account that did not get the name or mail address of
// the record, since the program ended in between.
func (b *bringing) followAccount(ctx context.Context, x *employeeLine, line sheet.Line) error {
	if line.Get("name") == "" && line.Get("email") == "" {
		return nil
	}
	u, err := b.Users.User(ctx, x.after.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	if x.change.Name == nil && line.Get("name") != "" && u.Name != x.after.Name {
		x.change.Name = &x.after.Name
		x.changes.Add("name of the account", u.Name, x.after.Name)
	}
	if x.change.Email == nil && line.Get("email") != "" && u.Email != x.after.Email {
		x.change.Email = &x.after.Email
		x.changes.Add("email of the account", u.Email, x.after.Email)
	}
	return nil
}

// boss returns the username of whom a file calls by username or employee code.
func (b *bringing) boss(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	m, err := b.people.named(text)
	if err != nil {
		if m, codeErr := b.people.coded(text); codeErr == nil {
			return m.Username, nil
		}
		return "", hajir.Errorf(hajir.NotFound, "nobody here has the username or employee code %.64q, who would be the manager; correct it", text)
	}
	return m.Username, nil
}

// mayChange looks at what depends on others, as mayBecome does, among people as
// the lines before leave them.
func (b *bringing) mayChange(before, e hajir.Employee) error {
	if e.Code != "" && !strings.EqualFold(e.Code, before.Code) {
		var others []hajir.Employee
		for _, username := range b.people.byCode[codeKey(e.Code)] {
			others = append(others, b.people.byName[username])
		}
		if err := e.CodeGiven(others); err != nil {
			return err
		}
	}
	if e.Manager == "" || e.Manager == before.Manager {
		return nil
	}
	m := b.people.byName[e.Manager]
	chain, err := hajir.Chain(m, func(username string) (hajir.Employee, error) { return b.people.named(username) })
	if err != nil {
		return err
	}
	return e.MayReportTo(m, chain)
}

// readJoined reads the first date in the company, from which on leave is given.
func (b *bringing) readJoined(x *employeeLine, line sheet.Line, a hajir.LeaveAccount) error {
	text := line.Get("joined")
	if text == "" {
		return nil
	}
	since := ""
	if text != noField {
		var err error
		if since, err = sheet.ParseDate(text, b.Order); err != nil {
			return err
		}
	}
	if _, err := a.Employ(since, a.Until); err != nil {
		return err
	}
	if since != a.Since {
		x.since, x.until = &since, a.Until
		x.changes.Add("joined", a.Since, since)
	}
	return nil
}
