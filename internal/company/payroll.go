package company

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// PayrollStore keeps mappings for payroll. Saving and deleting at a stale
// version is a Conflict.
type PayrollStore interface {
	// PayrollMappings returns a company's mappings.
	PayrollMappings(ctx context.Context, company string) ([]hajir.PayrollMapping, error)
	SavePayrollMapping(ctx context.Context, m hajir.PayrollMapping) error
	DeletePayrollMapping(ctx context.Context, company, id string, version int) error
}

// PayrollMappings returns a company's mappings in order of their names.
func (s *Service) PayrollMappings(ctx context.Context, company string) ([]hajir.PayrollMapping, error) {
	all, err := s.Store.PayrollMappings(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load mappings: %w", err)
	}
	slices.SortFunc(all, func(a, b hajir.PayrollMapping) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return all, nil
}

// PayrollMapping returns one of a company's mappings.
func (s *Service) PayrollMapping(ctx context.Context, company, id string) (hajir.PayrollMapping, error) {
	all, err := s.PayrollMappings(ctx, company)
	if err != nil {
		return hajir.PayrollMapping{}, err
	}
	i := slices.IndexFunc(all, func(m hajir.PayrollMapping) bool { return m.ID == id })
	if i < 0 {
		return hajir.PayrollMapping{}, hajir.Errorf(hajir.NotFound, "there is no such mapping")
	}
	return all[i], nil
}

// AddPayrollMapping stores a new mapping.
func (s *Service) AddPayrollMapping(ctx context.Context, m hajir.PayrollMapping) (hajir.PayrollMapping, error) {
	m.ID, m.Version = uuid.NewString(), 0
	return s.savePayrollMapping(ctx, m)
}

// ChangePayrollMapping stores m in place of the one that was read at its version.
func (s *Service) ChangePayrollMapping(ctx context.Context, m hajir.PayrollMapping) (hajir.PayrollMapping, error) {
	if _, err := s.PayrollMapping(ctx, m.Company, m.ID); err != nil {
		return m, err
	}
	return s.savePayrollMapping(ctx, m)
}

func (s *Service) savePayrollMapping(ctx context.Context, m hajir.PayrollMapping) (hajir.PayrollMapping, error) {
	m.Name = strings.TrimSpace(m.Name)
	if err := m.Validate(); err != nil {
		return m, err
	}
	others, err := s.PayrollMappings(ctx, m.Company)
	if err != nil {
		return m, err
	}
	for _, o := range others {
		if o.ID != m.ID && strings.EqualFold(o.Name, m.Name) {
			return m, hajir.Errorf(hajir.Conflict, "there is a mapping %s already; choose another name", o.Name)
		}
	}
	if m.Version == 0 && len(others) >= hajir.MaxPayrollMappings {
		return m, hajir.Errorf(hajir.Conflict, "there are %d mappings, which is the most; delete one first", hajir.MaxPayrollMappings)
	}
	if err := s.Store.SavePayrollMapping(ctx, m); err != nil {
		return m, fmt.Errorf("save mapping: %w", err)
	}
	m.Version++
	return m, nil
}

// DeletePayrollMapping removes a mapping at the version that was read.
func (s *Service) DeletePayrollMapping(ctx context.Context, company, id string, version int) error {
	if _, err := s.PayrollMapping(ctx, company, id); err != nil {
		return err
	}
	if err := s.Store.DeletePayrollMapping(ctx, company, id, version); err != nil {
		return fmt.Errorf("delete mapping: %w", err)
	}
	return nil
}
