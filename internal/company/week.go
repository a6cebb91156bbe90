package company

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// AddPattern adds a weekly pattern.
func (s *Service) AddPattern(ctx context.Context, p hajir.Pattern) (hajir.Pattern, error) {
	p.ID, p.Version = uuid.NewString(), 0
	return s.savePattern(ctx, p)
}

// ChangePattern replaces a pattern at the version that was read.
func (s *Service) ChangePattern(ctx context.Context, p hajir.Pattern) (hajir.Pattern, error) {
	schedule, err := s.schedule(ctx, p.Company)
	if err != nil {
		return p, err
	}
	if _, ok := schedule.Patterns[p.ID]; !ok {
		return p, hajir.Errorf(hajir.NotFound, "no such weekly pattern")
	}
	return s.savePattern(ctx, p)
}

func (s *Service) savePattern(ctx context.Context, p hajir.Pattern) (hajir.Pattern, error) {
	schedule, err := s.schedule(ctx, p.Company)
	if err != nil {
		return p, err
	}
	p.Name = strings.TrimSpace(p.Name)
	if err := p.Validate(schedule.Shifts); err != nil {
		return p, err
	}
	if err := s.Store.SavePattern(ctx, p); err != nil {
		return p, err
	}
	p.Version++
	return p, nil
}

// RemovePattern removes a pattern that nobody has or had.
func (s *Service) RemovePattern(ctx context.Context, company, id string) error {
	schedule, err := s.schedule(ctx, company)
	if err != nil {
		return err
	}
	p, ok := schedule.Patterns[id]
	if !ok {
		return hajir.Errorf(hajir.NotFound, "no such weekly pattern")
	}
	assigned, err := s.assignments(ctx, company)
	if err != nil {
		return err
	}
	for _, a := range assigned {
		if a.Pattern == id {
			return hajir.Errorf(hajir.Conflict, "this pattern is assigned from %s on; remove that first, or give another pattern from a later date", a.From)
		}
	}
	return s.Store.DeletePattern(ctx, company, id, p.Version)
}

func (s *Service) assignments(ctx context.Context, company string) ([]hajir.Assignment, error) {
	all, err := s.Store.AllAssignments(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load assignments: %w", err)
	}
	return all, nil
}

// Assign gives the company, a department or a person a pattern from a date on;
// what they were given from that same date before is replaced.
func (s *Service) Assign(ctx context.Context, a hajir.Assignment) (hajir.Assignment, error) {
	a.Subject = strings.TrimSpace(a.Subject)
	schedule, err := s.schedule(ctx, a.Company)
	if err != nil {
		return a, err
	}
	if err := a.Validate(schedule.Patterns); err != nil {
		return a, err
	}
	if a.Scope == hajir.ScopePerson {
		if _, err := s.Person(ctx, a.Company, a.Subject); err != nil {
			return a, err
		}
	}
	err = retry(true, func() error {
		all, err := s.assignments(ctx, a.Company)
		if err != nil {
			return err
		}
		a.Version = 0
		for _, other := range all {
			if other.Who() == a.Who() && other.From == a.From {
				a.Version = other.Version
			}
		}
		return s.Store.SaveAssignment(ctx, a)
	})
	a.Version++
	return a, err
}

// Unassign takes back what was given from a date on: what was given before
// counts again.
func (s *Service) Unassign(ctx context.Context, a hajir.Assignment) error {
	all, err := s.assignments(ctx, a.Company)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Who() == a.Who() && other.From == a.From {
			return s.Store.DeleteAssignment(ctx, a.Company, a.Who(), a.From)
		}
	}
	return hajir.Errorf(hajir.NotFound, "no such assignment")
}
