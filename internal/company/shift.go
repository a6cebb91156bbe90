package company

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// ShiftStore keeps shifts, weekly patterns, who has which, and the roster.
// Deleting at a stale version, or what is not there, returns Conflict.
type ShiftStore interface {
	Schedule(ctx context.Context, company string) (hajir.Schedule, error)
	SaveShift(ctx context.Context, s hajir.Shift) error
	DeleteShift(ctx context.Context, company, id string, version int) error
	SavePattern(ctx context.Context, p hajir.Pattern) error
	DeletePattern(ctx context.Context, company, id string, version int) error
	AllAssignments(ctx context.Context, company string) ([]hajir.Assignment, error)
	SaveAssignment(ctx context.Context, a hajir.Assignment) error
	DeleteAssignment(ctx context.Context, company, who, from string) error
	Roster(ctx context.Context, names []string, from, to string) ([]hajir.RosterEntry, error)
	// Rostered says whether any entry of the roster names a shift.
	Rostered(ctx context.Context, company, shift string) (bool, error)
	SaveRoster(ctx context.Context, r hajir.RosterEntry) error
	DeleteRoster(ctx context.Context, username, date string, version int) error
}

// AddShift adds a shift.
func (s *Service) AddShift(ctx context.Context, x hajir.Shift) (hajir.Shift, error) {
	x.ID, x.Version = uuid.NewString(), 0
	return s.saveShift(ctx, x)
}

// ChangeShift replaces a shift at the version that was read. Days that have it
// come out by the new rules from then on, past ones too.
func (s *Service) ChangeShift(ctx context.Context, x hajir.Shift) (hajir.Shift, error) {
	if _, err := s.shift(ctx, x.Company, x.ID); err != nil {
		return x, err
	}
	return s.saveShift(ctx, x)
}

func (s *Service) saveShift(ctx context.Context, x hajir.Shift) (hajir.Shift, error) {
	x.Name = strings.TrimSpace(x.Name)
	if err := x.Validate(); err != nil {
		return x, err
	}
	if err := s.Store.SaveShift(ctx, x); err != nil {
		return x, err
	}
	x.Version++
	return x, nil
}

func (s *Service) schedule(ctx context.Context, company string) (hajir.Schedule, error) {
	schedule, err := s.Store.Schedule(ctx, company)
	if err != nil {
		return schedule, fmt.Errorf("load shifts: %w", err)
	}
	return schedule, nil
}

// shift returns one of the company's shifts.
func (s *Service) shift(ctx context.Context, company, id string) (hajir.Shift, error) {
	schedule, err := s.schedule(ctx, company)
	if err != nil {
		return hajir.Shift{}, err
	}
	x, ok := schedule.Shifts[id]
	if !ok {
		return x, hajir.Errorf(hajir.NotFound, "no such shift")
	}
	return x, nil
}

// RemoveShift removes a shift that no pattern and no roster has. One that is in
// use is refused, since the days that had it would change; it can be retired.
func (s *Service) RemoveShift(ctx context.Context, company, id string) error {
	schedule, err := s.schedule(ctx, company)
	if err != nil {
		return err
	}
	x, ok := schedule.Shifts[id]
	if !ok {
		return hajir.Errorf(hajir.NotFound, "no such shift")
	}
	for _, p := range schedule.Patterns {
		if p.Uses(id) {
			return hajir.Errorf(hajir.Conflict, "the weekly pattern %s has this shift; change that first, or retire the shift", p.Name)
		}
	}
	rostered, err := s.Store.Rostered(ctx, company, id)
	if err != nil {
		return fmt.Errorf("find roster: %w", err)
	}
	if rostered {
		return hajir.Errorf(hajir.Conflict, "the roster has this shift on some day, which would change; retire the shift instead")
	}
	return s.Store.DeleteShift(ctx, company, id, x.Version)
}
