package company

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/leave"
	"hajir/internal/sheet"
)

// planLeave reads opening balances; each is a job of its own.
func (b *bringing) planLeave(ctx context.Context) error {
	types, _, err := b.Leave.Types(ctx, b.Company)
	if err != nil {
		return err
	}
	loc, err := b.company.Location()
	if err != nil {
		return err
	}
	today := hajir.DateAt(b.Now(), loc)
	type key struct{ username, leave string }
	first := map[key]int{}
	return b.each(func(i int, line sheet.Line) error {
		o, err := b.opening(i, line, types)
		if err != nil {
			return err
		}
		if err := o.Validate(today); err != nil {
			return err
		}
		k := key{o.Employee.Username, o.Type.ID}
		if before, twice := first[k]; twice {
			return hajir.Errorf(hajir.Conflict, "line %d has a balance of this leave of this person already; leave one of them out", before)
		}
		first[k] = line.Number
		b.jobs = append(b.jobs, job{lines: []int{i}, do: func(ctx context.Context) error {
			done, err := b.Leave.Open(ctx, o, "From "+b.Name+".", b.By, b.DryRun)
			switch {
			case err != nil:
				return err
			case done.Again:
				b.set(i, sheet.Same, "")
			default:
				b.set(i, sheet.New, fmt.Sprintf("%s on %s: %s → %s days", o.Type.Name, o.Date, done.Before, o.Days))
			}
			return nil
		}})
		return nil
	})
}

func (b *bringing) opening(i int, line sheet.Line, types []hajir.LeaveType) (o hajir.LeaveOpening, err error) {
	if o.Date, err = sheet.ParseDate(line.Get("date"), b.Order); err != nil {
		return o, err
	}
	if o.Employee, err = b.person(i, line); err != nil {
		return o, err
	}
	if o.Type, err = leave.Named(types, line.Get("type")); err != nil {
		return o, err
	}
	text := line.Get("days")
	days, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64) // where the comma separates decimals
	if err != nil {
		return o, hajir.Errorf(hajir.Invalid, "%.40q is no number of days; write it such as 7.5", text)
	}
	o.Days, err = hajir.LeaveDaysOf(days)
	return o, err
}
