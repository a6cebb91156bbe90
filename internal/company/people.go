package company

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// pageSize is how many people one read of the store takes.
const pageSize = 500

// Query chooses people; its zero value chooses all.
type Query struct {
	Text    string // in name, username, code or department, whatever the case
	Active  *bool
	Consent *hajir.ConsentState
	Renewal bool       // only people of whom new pictures are recommended
	Role    hajir.Role // "" is any
	// Manager chooses whose records name this manager.
	Manager string
	// Team chooses the reports of this manager and themselves.
	Team  string
	After string // the last username of the page before
	Limit int
}

func (q Query) matches(e hajir.Employee) bool {
	if q.Active != nil && e.Active != *q.Active {
		return false
	}
	if q.Role != "" && e.Role != q.Role || q.Manager != "" && e.Manager != q.Manager {
		return false
	}
	if q.Consent != nil && e.Consent.State != *q.Consent {
		return false
	}
	if q.Renewal && e.Renewal.Reason == "" {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(q.Text))
	for _, field := range []string{e.Name, e.Username, e.Code, e.Department} {
		if strings.Contains(strings.ToLower(field), text) {
			return true
		}
	}
	return false
}

// People returns one page of a company's people, and where the next begins:
// "" when there is none.
func (s *Service) People(ctx context.Context, company string, q Query) (page []hajir.Employee, next string, err error) {
	batches, err := s.source(ctx, company, q)
	if err != nil {
		return nil, "", err
	}
	after := q.After
	for {
		batch, err := batches(after)
		if err != nil {
			return nil, "", fmt.Errorf("list employees: %w", err)
		}
		for _, e := range batch {
			if !q.matches(e) {
				continue
			}
			if q.Limit > 0 && len(page) == q.Limit {
				return page, page[len(page)-1].Username, nil
			}
			page = append(page, e)
		}
		if len(batch) < pageSize {
			return page, "", nil
		}
		after = batch[len(batch)-1].Username
	}
}

// source returns what pages of people are read from, by the narrowest key.
func (s *Service) source(ctx context.Context, company string, q Query) (func(after string) ([]hajir.Employee, error), error) {
	switch {
	case q.Team != "":
		team, err := s.team(ctx, company, q.Team)
		return func(after string) ([]hajir.Employee, error) {
			begin, found := slices.BinarySearchFunc(team, after, func(e hajir.Employee, after string) int {
				return strings.Compare(e.Username, after)
			})
			if found {
				begin++
			}
			return team[begin:min(begin+pageSize, len(team))], nil
		}, err
	case q.Manager != "":
		return func(after string) ([]hajir.Employee, error) {
			return s.Store.EmployeesByManager(ctx, company, q.Manager, after, pageSize)
		}, nil
	}
	return func(after string) ([]hajir.Employee, error) { return s.Store.Employees(ctx, company, after, pageSize) }, nil
}

func (s *Service) everyone(ctx context.Context, company string) ([]hajir.Employee, error) {
	all, _, err := s.People(ctx, company, Query{})
	return all, err
}

// Person returns one of the company's people.
func (s *Service) Person(ctx context.Context, company, username string) (hajir.Employee, error) {
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}

// Add adds a person. With a password they can sign in at once.
func (s *Service) Add(ctx context.Context, e hajir.Employee, password string) (hajir.Employee, error) {
	e = e.Tidy()
	e.Active, e.CreatedAt, e.Version = true, s.Now().UTC(), 0
	if err := e.Validate(); err != nil {
		return e, err
	}
	if _, err := s.Store.Company(ctx, e.Company); err != nil {
		return e, fmt.Errorf("load company: %w", err)
	}
	if err := s.mayReport(ctx, e); err != nil {
		return e, err
	}
	if err := s.codeIsFree(ctx, e); err != nil {
		return e, err
	}
	if err := s.notInvited(ctx, e); err != nil {
		return e, err
	}
	// The account is made first, for its name is claimed with it; without an
	// employee it can do nothing. Once begun, both are seen through.
	ctx = context.WithoutCancel(ctx)
	err := s.claim(ctx, account(e), password, 0, func() error {
		_, err := s.Store.Employee(ctx, e.Username)
		return err
	})
	if err != nil {
		return e, err
	}
	if err := s.Store.SaveEmployee(ctx, e); err != nil {
		return e, fmt.Errorf("save employee: %w", err)
	}
	e.Version = 1
	return e, nil
}

// notInvited refuses a person whose username is promised to somebody invited.
func (s *Service) notInvited(ctx context.Context, e hajir.Employee) error {
	i, err := s.Store.Invitation(ctx, e.Username)
	switch {
	case err == nil && i.Company == e.Company:
		return hajir.Errorf(hajir.Conflict, "this username is promised to %s, who was invited; choose another, or withdraw the invitation", i.Name)
	case err == nil:
		return hajir.Errorf(hajir.Conflict, "this username is in use; choose another")
	case hajir.CodeOf(err) != hajir.NotFound:
		return fmt.Errorf("look for an invitation: %w", err)
	}
	return nil
}

// codeIsFree refuses an employee code that somebody else of the company has:
// at the kiosk it stands for one person. The store refuses it too, when two
// give it at once, with fewer words.
func (s *Service) codeIsFree(ctx context.Context, e hajir.Employee) error {
	if e.Code == "" {
		return nil
	}
	found, err := s.Store.EmployeesByCode(ctx, e.Company, e.Code)
	if err != nil {
		return fmt.Errorf("find employee code: %w", err)
	}
	return e.CodeGiven(found)
}

// claim makes an account. One that is there already, but whose record was never
// made because the program ended in between, is made anew; load loads that
// record. An account that is younger than patience may belong to somebody who
// is about to make it.
func (s *Service) claim(ctx context.Context, u identity.User, password string, patience time.Duration, load func() error) error {
	err := s.Users.Create(ctx, u, password)
	if hajir.CodeOf(err) != hajir.Conflict {
		return err
	}
	there, loadErr := s.Users.User(ctx, u.Username)
	alike := there.Role == u.Role || there.Role.OfPerson() && u.Role.OfPerson()
	if loadErr != nil || there.Company != u.Company || !alike || hajir.CodeOf(load()) != hajir.NotFound {
		return err
	}
	if s.Now().Before(there.CreatedAt.Add(patience)) {
		return hajir.Errorf(hajir.Conflict, "this username is being taken at this moment; choose another, or try again in a few minutes")
	}
	if err := s.Users.Delete(ctx, u.Username); err != nil {
		return fmt.Errorf("clear account: %w", err)
	}
	return s.Users.Create(ctx, u, password)
}

func account(e hajir.Employee) identity.User {
	return identity.User{Username: e.Username, Name: e.Name, Email: e.Email, Company: e.Company, Role: e.Role}
}

// PersonChange is what an admin may change of a person; nil leaves a part as
// it is.
type PersonChange struct {
	Name, Email, Code, Department, Phone *string
	Role                                 *hajir.Role
	Manager                              *string // "" takes the manager away
	TimeZone                             *string
	Calendar                             *hajir.Calendar // "" follows the company
	BothCalendars                        *bool
	Language                             *hajir.Language // "" is the company's
	Active                               *bool
	Password                             *string
	Version                              *int   // the one that was read; nil takes what is there
	By                                   string // the account that changes it
}

func (in PersonChange) apply(e *hajir.Employee) {
	set(&e.Name, in.Name)
	set(&e.Email, in.Email)
	set(&e.Code, in.Code)
	set(&e.Department, in.Department)
	set(&e.Phone, in.Phone)
	set(&e.TimeZone, in.TimeZone)
	set(&e.Dates.Calendar, in.Calendar)
	set(&e.Dates.Both, in.BothCalendars)
	set(&e.Language, in.Language)
	set(&e.Role, in.Role)
	set(&e.Manager, in.Manager)
	set(&e.Active, in.Active)
	set(&e.Version, in.Version)
	*e = e.Tidy()
	if e.Role == hajir.RoleAuditor && in.Manager == nil { // who has no attendance reports to nobody
		e.Manager = ""
	}
}

// mayBecome looks at what depends on others, if it changes: a person whose
// manager has left must still be able to get a new name.
func (s *Service) mayBecome(ctx context.Context, before, e hajir.Employee) error {
	if !strings.EqualFold(e.Code, before.Code) {
		if err := s.codeIsFree(ctx, e); err != nil {
			return err
		}
	}
	if e.Manager != before.Manager {
		if err := s.mayReport(ctx, e); err != nil {
			return err
		}
	}
	if e.Role == hajir.RoleAuditor && before.Role != hajir.RoleAuditor {
		return s.mayAudit(ctx, e)
	}
	return nil
}

// ChangePerson saves changes. Deactivating ends the person's sessions and
// removes their templates at once, and schedules the end of their pictures;
// another role ends the sessions, too.
// The record is saved first and the account follows it; if that fails, the same
// change again does the rest.
func (s *Service) ChangePerson(ctx context.Context, company, username string, in PersonChange) (hajir.Employee, error) {
	var e hajir.Employee
	err := retry(in.Version == nil, func() error {
		var err error
		if e, err = s.Person(ctx, company, username); err != nil {
			return err
		}
		before := e
		in.apply(&e)
		if err := e.Validate(); err != nil {
			return err
		}
		if err := s.mayBecome(ctx, before, e); err != nil {
			return err
		}
		if in.Password != nil {
			if err := s.Users.CheckPassword(*in.Password); err != nil {
				return err
			}
		}
		if e.Active != before.Active {
			if err := s.Consents.Before(ctx, before, e, in.By); err != nil {
				return err
			}
		}
		return s.Store.SaveEmployee(ctx, e)
	})
	if err != nil {
		return e, err
	}
	e.Version++
	ctx = context.WithoutCancel(ctx)
	if err := s.changeAccount(ctx, e, in); err != nil || in.Active == nil {
		return e, err
	}
	return e, s.Consents.Settle(ctx, company, username, in.By)
}

// changeAccount brings the account in line with the record.
func (s *Service) changeAccount(ctx context.Context, e hajir.Employee, in PersonChange) error {
	if in.Name != nil {
		if err := s.Users.Rename(ctx, e.Username, e.Name); err != nil {
			return fmt.Errorf("rename account: %w", err)
		}
	}
	if in.Role != nil {
		if err := s.followRole(ctx, e); err != nil {
			return fmt.Errorf("change the account's role: %w", err)
		}
	}
	if in.Email != nil {
		if err := s.Users.SetEmail(ctx, e.Username, e.Email); err != nil {
			return fmt.Errorf("change the account's mail address: %w", err)
		}
	}
	if in.Active != nil {
		if err := s.Users.SetDisabled(ctx, e.Username, !e.Active); err != nil {
			return fmt.Errorf("close or open account: %w", err)
		}
		if !e.Active { // so that they do not work again with the account
			if err := s.EndFeeds(ctx, e.Username); err != nil {
				return fmt.Errorf("end calendar links: %w", err)
			}
		}
	}
	if in.Password != nil {
		return s.Users.SetPassword(ctx, e.Username, *in.Password)
	}
	return nil
}

// maxTries bounds how often a change is applied anew when others change the
// same record.
const maxTries = 16

// retry runs change again while it meets a conflict, if the caller does not
// mind what others changed meanwhile.
func retry(mayRetry bool, change func() error) error {
	for try := 1; ; try++ {
		err := change()
		if !mayRetry || try == maxTries || hajir.CodeOf(err) != hajir.Conflict {
			return err
		}
	}
}
