package leave

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// maxTypes is how many types of leave a company has at most.
const maxTypes = 50

// Types returns a company's types of leave, the retired ones last, and its
// settings.
func (d *Desk) Types(ctx context.Context, company string) ([]hajir.LeaveType, hajir.LeaveSettings, error) {
	p, err := d.house(ctx, company)
	if err != nil {
		return nil, p.settings, err
	}
	all, err := d.types(ctx, company)
	slices.SortFunc(all, func(a, b hajir.LeaveType) int {
		if a.Retired != b.Retired {
			if b.Retired {
				return -1
			}
			return 1
		}
		return compare(a.Name, b.Name, a.ID, b.ID)
	})
	return all, p.settings, err
}

// AddType stores a new type of leave. It is given from the beginning of the
// present leave year on.
func (d *Desk) AddType(ctx context.Context, t hajir.LeaveType) (hajir.LeaveType, error) {
	p, err := d.house(ctx, t.Company)
	if err != nil {
		return t, err
	}
	period, err := p.settings.Years.At(p.today)
	if err != nil {
		return t, err
	}
	t.ID, t.From, t.Retired, t.Version = uuid.NewString(), period.Begin, false, 0
	if err := d.admit(ctx, &t); err != nil {
		return t, err
	}
	// The leave year is written down with the first type: another time zone must
	// not change it later.
	if p.settings.Version == 0 {
		if err := d.Store.SaveLeaveSettings(ctx, p.settings); err != nil && hajir.CodeOf(err) != hajir.Conflict {
			return t, fmt.Errorf("save leave settings: %w", err)
		}
	}
	if err := d.Store.SaveLeaveType(ctx, t); err != nil {
		return t, fmt.Errorf("save leave type: %w", err)
	}
	t.Version++
	return t, nil
}

// ChangeType stores a type of leave as it becomes, at the version that was
// read. What was given stays: another allowance counts from the next month, or
// the next year, that is given.
func (d *Desk) ChangeType(ctx context.Context, t hajir.LeaveType) (hajir.LeaveType, error) {
	there, err := d.leaveType(ctx, t.Company, t.ID)
	if err != nil {
		return t, err
	}
	t.From = there.From
	if err := d.admit(ctx, &t); err != nil {
		return t, err
	}
	if err := d.Store.SaveLeaveType(ctx, t); err != nil {
		return t, fmt.Errorf("save leave type: %w", err)
	}
	t.Version++
	return t, nil
}

// admit says whether a type is in order and its name free.
func (d *Desk) admit(ctx context.Context, t *hajir.LeaveType) error {
	t.Name = strings.TrimSpace(t.Name)
	var departments []string
	for _, name := range t.Departments {
		departments = append(departments, strings.TrimSpace(name))
	}
	t.Departments = departments
	if err := t.Validate(); err != nil {
		return err
	}
	all, err := d.types(ctx, t.Company)
	if err != nil {
		return err
	}
	others := 0
	for _, other := range all {
		if other.ID == t.ID {
			continue
		}
		others++
		if !other.Retired && !t.Retired && strings.EqualFold(other.Name, t.Name) {
			return hajir.Errorf(hajir.Conflict, "there is a leave called %s already; choose another name", t.Name)
		}
	}
	if others >= maxTypes {
		return hajir.Errorf(hajir.Conflict, "a company has at most %d kinds of leave", maxTypes)
	}
	return nil
}

// SettingsChange is what an admin changes of the settings; nil leaves a part.
type SettingsChange struct {
	Year        *hajir.LeaveYear
	SecondLevel *bool
	Version     *int // the one that was read; nil takes what is there
}

// ChangeSettings saves settings. Another leave year counts from the end of the
// present one; before there is any leave, at once.
func (d *Desk) ChangeSettings(ctx context.Context, company string, in SettingsChange) (hajir.LeaveSettings, error) {
	p, err := d.house(ctx, company)
	if err != nil {
		return p.settings, err
	}
	types, err := d.types(ctx, company)
	if err != nil {
		return p.settings, err
	}
	s := p.settings
	if in.Year != nil {
		if err := in.Year.Validate(); err != nil {
			return s, err
		}
		if len(types) == 0 {
			s.Years = hajir.LeaveYears{{Calendar: in.Year.Calendar, Month: in.Year.Month, Day: in.Year.Day}}
		} else if s.Years, err = s.Years.Change(*in.Year, p.today); err != nil {
			return s, err
		}
	}
	if in.SecondLevel != nil {
		s.SecondLevel = *in.SecondLevel
	}
	if in.Version != nil {
		s.Version = *in.Version
	}
	if err := d.Store.SaveLeaveSettings(ctx, s); err != nil {
		return s, fmt.Errorf("save leave settings: %w", err)
	}
	s.Version++
	return s, nil
}
