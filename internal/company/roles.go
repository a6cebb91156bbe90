package company

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hajir/internal/hajir"
)

// IsReport implements api.Relations.
func (s *Service) IsReport(ctx context.Context, company, manager, username string) (bool, error) {
	e, err := s.Store.Employee(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && (e.Company != company || username == manager) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load employee: %w", err)
	}
	chain, err := s.chain(ctx, e)
	return hajir.ReportsTo(chain, manager), err
}

// chain returns whose names one meets on the way up from e.
func (s *Service) chain(ctx context.Context, e hajir.Employee) ([]hajir.Employee, error) {
	chain, err := hajir.Chain(e, func(username string) (hajir.Employee, error) { return s.Store.Employee(ctx, username) })
	if err != nil {
		return nil, fmt.Errorf("load who is above %s: %w", e.Username, err)
	}
	return chain, nil
}

// team returns whom a manager sees: their reports and themselves, in order of
// usernames. Who is no manager any more sees themselves.
func (s *Service) team(ctx context.Context, company, manager string) ([]hajir.Employee, error) {
	m, err := s.Person(ctx, company, manager)
	if err != nil {
		return nil, err
	}
	reports, err := hajir.Reports(m, func(username string) ([]hajir.Employee, error) {
		return every(func(after string) ([]hajir.Employee, error) {
			return s.Store.EmployeesByManager(ctx, company, username, after, pageSize)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("find reports: %w", err)
	}
	reports = append(reports, m)
	slices.SortFunc(reports, func(a, b hajir.Employee) int { return strings.Compare(a.Username, b.Username) })
	return reports, nil
}

// every reads all pages of people, of which each but the last is full.
func every(page func(after string) ([]hajir.Employee, error)) ([]hajir.Employee, error) {
	var all []hajir.Employee
	for after := ""; ; {
		batch, err := page(after)
		if err != nil {
			return nil, err
		}
		all = append(all, batch...)
		if len(batch) < pageSize {
			return all, nil
		}
		after = batch[len(batch)-1].Username
	}
}

// mayReport refuses a manager who is none, or who reports to e.
func (s *Service) mayReport(ctx context.Context, e hajir.Employee) error {
	if e.Manager == "" {
		return nil
	}
	m, err := s.Store.Employee(ctx, e.Manager)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return fmt.Errorf("load manager: %w", err)
	}
	chain, err := s.chain(ctx, m)
	if err != nil {
		return err
	}
	return e.MayReportTo(m, chain)
}

// mayAudit refuses to make an auditor of somebody who still has a way to check
// in: it would lie there unseen, and work again with the next role.
func (s *Service) mayAudit(ctx context.Context, e hajir.Employee) error {
	kept, err := s.Faces.List(ctx, e.Company, e.Username)
	if err != nil {
		return fmt.Errorf("list faces: %w", err)
	}
	p, err := s.PIN(ctx, e.Company, e.Username)
	if err != nil {
		return err
	}
	if len(kept) > 0 || p.Version > 0 {
		return hajir.Errorf(hajir.Conflict, "an auditor has no attendance; remove the faces and the PIN of %s first", e.Name)
	}
	return nil
}

// followRole brings the account's role in line with the record's. When the
// record is changed again in between, the last one counts.
func (s *Service) followRole(ctx context.Context, e hajir.Employee) error {
	return retry(true, func() error {
		if err := s.Users.SetRole(ctx, e.Username, e.Role); err != nil {
			return err
		}
		now, err := s.Store.Employee(ctx, e.Username)
		if err != nil {
			return fmt.Errorf("load employee: %w", err)
		}
		if now.Role != e.Role {
			e = now
			return hajir.Errorf(hajir.Conflict, "the role was changed meanwhile; load the person again")
		}
		return nil
	})
}

// Boss is whom a person's record names as their manager.
type Boss struct {
	Name  string // as shown; the username of one who is not there
	Leads bool   // it counts: an active manager of the company
}

// boss returns whom e's record names.
func (s *Service) boss(ctx context.Context, e hajir.Employee) (Boss, error) {
	if e.Manager == "" {
		return Boss{}, nil
	}
	m, err := s.Store.Employee(ctx, e.Manager)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && m.Company != e.Company {
		return Boss{Name: e.Manager}, nil
	}
	if err != nil {
		return Boss{}, fmt.Errorf("load manager: %w", err)
	}
	return Boss{Name: m.Name, Leads: m.Leads()}, nil
}
