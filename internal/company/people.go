package company

import (
	"context"
	"fmt"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// pageSize is how many people one read of the store takes.
const pageSize = 500

// Query chooses people; its zero value chooses all.
type Query struct {
	Text   string // in name, username, code or department, whatever the case
	Active *bool
	After  string // the last username of the page before
	Limit  int
}

func (q Query) matches(e hajir.Employee) bool {
	if q.Active != nil && e.Active != *q.Active {
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
	after := q.After
	for {
		batch, err := s.Store.Employees(ctx, company, after, pageSize)
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

func (s *Service) everyone(ctx context.Context, company string) ([]hajir.Employee, error) {
	all, _, err := s.People(ctx, company, Query{})
	return all, err
}

// Person returns one of the company's people.
func (s *Service) Person(ctx context.Context, company, username string) (hajir.Employee, error) {
	e, err := s.Store.Employee(ctx, username)
	if err == nil && e.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such employee")
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}

// Add adds a person. With a password they can sign in at once.
func (s *Service) Add(ctx context.Context, e hajir.Employee, password string) (hajir.Employee, error) {
	e.Username = strings.ToLower(strings.TrimSpace(e.Username))
	e.Name, e.Code = strings.TrimSpace(e.Name), strings.TrimSpace(e.Code)
	e.Active, e.CreatedAt, e.Version = true, s.Now().UTC(), 0
	if err := e.Validate(); err != nil {
		return e, err
	}
	if _, err := s.Store.Company(ctx, e.Company); err != nil {
		return e, fmt.Errorf("load company: %w", err)
	}
	if err := s.codeIsFree(ctx, e); err != nil {
		return e, err
	}
	// The account is made first, for its name is claimed with it; without an
	// employee it can do nothing.
	if err := s.Users.Create(ctx, account(e), password); err != nil {
		return e, err
	}
	if err := s.Store.SaveEmployee(ctx, e); err != nil {
		if undo := s.Users.Delete(context.WithoutCancel(ctx), e.Username); undo != nil {
			s.Log.WarnContext(ctx, "account without employee stays", "username", e.Username, "error", undo)
		}
		return e, fmt.Errorf("save employee: %w", err)
	}
	e.Version = 1
	return e, nil
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
	for _, other := range found {
		if other.Username != e.Username {
			return hajir.Errorf(hajir.Conflict, "the employee code %s is %s's already; give each person one of their own", e.Code, other.Name)
		}
	}
	return nil
}

func account(e hajir.Employee) identity.User {
	return identity.User{Username: e.Username, Name: e.Name, Company: e.Company, Role: hajir.RoleEmployee}
}

// PersonChange is what an admin may change of a person; nil leaves a part as
// it is.
type PersonChange struct {
	Name, Email, Code, Department *string
	Active                        *bool
	Password                      *string
	Version                       *int // the one that was read; nil takes what is there
}

// ChangePerson saves changes. Deactivating ends the person's sessions at once.
func (s *Service) ChangePerson(ctx context.Context, company, username string, in PersonChange) (hajir.Employee, error) {
	e, err := s.Person(ctx, company, username)
	if err != nil {
		return e, err
	}
	wasActive, hadCode := e.Active, e.Code
	set(&e.Name, in.Name)
	set(&e.Email, in.Email)
	set(&e.Code, in.Code)
	set(&e.Department, in.Department)
	set(&e.Active, in.Active)
	set(&e.Version, in.Version)
	e.Name, e.Code = strings.TrimSpace(e.Name), strings.TrimSpace(e.Code)
	if err := e.Validate(); err != nil {
		return e, err
	}
	if in.Code != nil && !strings.EqualFold(e.Code, hadCode) {
		if err := s.codeIsFree(ctx, e); err != nil {
			return e, err
		}
	}
	if in.Password != nil {
		if err := s.Users.SetPassword(ctx, username, *in.Password); err != nil {
			return e, err
		}
	}
	// Closing comes before the record says so, and opening after it: a failure
	// between the two leaves the person out, never in.
	if wasActive && !e.Active {
		if err := s.Users.SetDisabled(ctx, username, true); err != nil {
			return e, fmt.Errorf("close account: %w", err)
		}
	}
	if err := s.Store.SaveEmployee(ctx, e); err != nil {
		return e, err
	}
	if !wasActive && e.Active {
		if err := s.Users.SetDisabled(ctx, username, false); err != nil {
			return e, fmt.Errorf("open account: %w", err)
		}
	}
	e.Version++
	return e, nil
}
