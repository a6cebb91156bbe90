package company

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// usualShift is what a new shift begins with; the site begins with the same.
var usualShift = hajir.Shift{
	LateGrace: 10 * time.Minute, EarlyGrace: 10 * time.Minute, Before: 2 * time.Hour, After: 4 * time.Hour,
	Full: 5 * time.Hour, Half: 3 * time.Hour, Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd, Step: 15 * time.Minute, Least: 30 * time.Minute},
}

// shiftsByName returns a company's shifts that are planned, by their names in
// lower case.
func (s *Service) shiftsByName(ctx context.Context, company string) (map[string]hajir.Shift, error) {
	schedule, err := s.schedule(ctx, company)
	if err != nil {
		return nil, err
	}
	named := map[string]hajir.Shift{}
	for _, id := range slices.Sorted(maps.Keys(schedule.Shifts)) {
		if x := schedule.Shifts[id]; !x.Retired {
			named[strings.ToLower(x.Name)] = x
		}
	}
	return named, nil
}

// planShifts reads shifts; each is a job of its own. One that is there by its
// name is changed in what the file tells, and keeps the rest.
func (b *bringing) planShifts(ctx context.Context) error {
	named, err := b.shiftsByName(ctx, b.Company)
	if err != nil {
		return err
	}
	first := map[string]int{}
	return b.each(func(i int, line sheet.Line) error {
		key := strings.ToLower(line.Get("name"))
		before, exists := named[key]
		after := before
		if !exists {
			after = usualShift
			after.Company, after.Name = b.Company, line.Get("name")
		}
		if err := readShift(&after, line); err != nil {
			return err
		}
		if !exists && (line.Get("full_minutes") == "" || line.Get("half_minutes") == "") {
			fitHours(&after, line)
		}
		if err := after.Validate(); err != nil {
			return err
		}
		if there, twice := first[key]; twice {
			return hajir.Errorf(hajir.Conflict, "line %d has a shift of this name already; leave one of them out", there)
		}
		first[key] = line.Number
		changes := shiftChanges(before, after)
		switch {
		case !exists:
			b.set(i, sheet.New, "")
		case len(changes) == 0:
			b.set(i, sheet.Same, "")
			return nil
		default:
			b.set(i, sheet.Changed, changes.String()+". Past days with this shift come out by the new rules, too")
		}
		b.jobs = append(b.jobs, job{lines: []int{i}, do: func(ctx context.Context) error {
			if b.DryRun {
				return nil
			}
			var err error
			if exists {
				_, err = b.ChangeShift(ctx, after)
			} else {
				_, err = b.AddShift(ctx, after)
			}
			return err
		}})
		return nil
	})
}

// fitHours makes the usual hours of a full day and half a day fit a short shift.
func fitHours(x *hajir.Shift, line sheet.Line) {
	if line.Get("full_minutes") == "" {
		x.Full = min(x.Full, x.Required())
	}
	if line.Get("half_minutes") == "" {
		x.Half = min(x.Half, x.Full)
	}
}

// readShift changes what a line tells of a shift.
func readShift(x *hajir.Shift, line sheet.Line) (err error) {
	for name, to := range map[string]*hajir.Clock{"start": &x.Start, "end": &x.End} {
		if *to, err = clockOf(line.Get(name)); err != nil {
			return err
		}
	}
	for name, to := range map[string]*time.Duration{
		"late_grace": &x.LateGrace, "early_grace": &x.EarlyGrace, "window_before": &x.Before, "window_after": &x.After,
		"full_minutes": &x.Full, "half_minutes": &x.Half,
	} {
		text := line.Get(name)
		if text == "" {
			continue
		}
		if *to, err = minutesOf(name, text); err != nil {
			return err
		}
	}
	if text := strings.ToLower(line.Get("overtime")); text != "" {
		x.Overtime.From = hajir.OvertimeFrom(text)
	}
	return readBreak(x, line)
}

// readBreak reads the one break that a line can tell; "0" minutes are none.
func readBreak(x *hajir.Shift, line sheet.Line) (err error) {
	from, to, length, rule := line.Get("break_start"), line.Get("break_end"), line.Get("break_minutes"), strings.ToLower(line.Get("break_rule"))
	b := hajir.Break{Rule: hajir.BreakDeducted}
	if rule != "" {
		b.Rule = hajir.BreakRule(rule)
	}
	switch {
	case from == "" && to == "" && length == "":
		return nil
	case length != "" && (from != "" || to != ""):
		return hajir.Errorf(hajir.Invalid, "a break has either break_minutes, or break_start and break_end")
	case len(x.Breaks) > 1:
		return hajir.Errorf(hajir.Conflict, "this shift has %d breaks, and a file can tell one; leave the break out here, and change it under Shifts", len(x.Breaks))
	case length != "":
		if b.Length, err = minutesOf("break_minutes", length); err != nil {
			return err
		}
		if b.Length == 0 {
			x.Breaks = nil
			return nil
		}
	default:
		if b.From, err = clockOf(from); err == nil {
			b.To, err = clockOf(to)
		}
		if err != nil {
			return err
		}
	}
	if len(x.Breaks) == 1 {
		b.Name = x.Breaks[0].Name
	}
	x.Breaks = []hajir.Break{b}
	return nil
}

func clockOf(text string) (hajir.Clock, error) {
	d, err := sheet.ParseClock(text)
	if err == nil && d%time.Minute != 0 {
		err = hajir.Errorf(hajir.Invalid, "%.20q has seconds; shifts go by minutes", text)
	}
	return hajir.Clock(d / time.Minute), err
}

func minutesOf(name, text string) (time.Duration, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 24*60 {
		return 0, hajir.Errorf(hajir.Invalid, "%s is a number of minutes, from 0 to 1440, and not %.20q", name, text)
	}
	return minutes(n), nil
}

func shiftChanges(x, y hajir.Shift) (c sheet.Changes) {
	whole := func(d time.Duration) string { return strconv.Itoa(int(d/time.Minute)) + " min" }
	pause := func(x hajir.Shift) string {
		var all []string
		for _, b := range x.Breaks {
			if b.Length > 0 {
				all = append(all, whole(b.Length)+" "+string(b.Rule))
			} else {
				all = append(all, b.From.String()+"–"+b.To.String()+" "+string(b.Rule))
			}
		}
		return strings.Join(all, ", ")
	}
	c.Add("start", x.Start.String(), y.Start.String())
	c.Add("end", x.End.String(), y.End.String())
	c.Add("break", pause(x), pause(y))
	c.Add("late grace", whole(x.LateGrace), whole(y.LateGrace))
	c.Add("early grace", whole(x.EarlyGrace), whole(y.EarlyGrace))
	c.Add("window before", whole(x.Before), whole(y.Before))
	c.Add("window after", whole(x.After), whole(y.After))
	c.Add("full day", whole(x.Full), whole(y.Full))
	c.Add("half day", whole(x.Half), whole(y.Half))
	c.Add("overtime", string(x.Overtime.From), string(y.Overtime.From))
	return c
}
