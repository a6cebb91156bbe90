package hajir

import (
	"cmp"
	"slices"
	"time"
)

// Plan says what is planned for one person on every date. The zero Plan has no
// Location and is of no use; see NewPlan.
type Plan struct {
	Location  *time.Location
	WeeklyOff Weekdays // for those without a pattern
	// Holidays and Leave are what else a date may be; nil: nothing.
	Holidays map[string]string // the holiday's name by date
	Leave    map[string]Leave  // by date
	// Occasions are the events that concern the person, in order: holidays,
	// optional ones whether or not they were chosen, and others.
	Occasions []Occasion

	shifts   map[string]*Shift
	patterns map[string]Pattern
	assigned []assigned // of the narrowest scope first; within one the newest first
	roster   map[date]string
}

type assigned struct {
	from    date
	scope   Scope
	pattern string
}

// scopes are in the order in which they count.
var scopes = []Scope{ScopePerson, ScopeDepartment, ScopeCompany}

// NewPlan returns the plan of a person whose zone is loc, whom every one of
// assignments and roster is for. Those with an impossible date count for
// nothing.
func NewPlan(loc *time.Location, off Weekdays, s Schedule, assignments []Assignment, roster []RosterEntry) Plan {
	p := Plan{Location: loc, WeeklyOff: off, shifts: make(map[string]*Shift, len(s.Shifts)), patterns: s.Patterns}
	for id, shift := range s.Shifts {
		p.shifts[id] = &shift
	}
	for _, a := range assignments {
		if from, err := parseDate(a.From); err == nil {
			p.assigned = append(p.assigned, assigned{from, a.Scope, a.Pattern})
		}
	}
	slices.SortFunc(p.assigned, func(a, b assigned) int {
		return cmp.Or(slices.Index(scopes, a.scope)-slices.Index(scopes, b.scope), int(b.from-a.from))
	})
	for _, r := range roster {
		if d, err := parseDate(r.Date); err == nil {
			if p.roster == nil {
				p.roster = make(map[date]string, len(roster))
			}
			p.roster[d] = r.Shift
		}
	}
	return p
}

// PlannedBy says what decided a date's plan.
type PlannedBy string

// PlannedByRoster is for a date of its own; a Scope's name is for the pattern
// of that scope; PlannedByDefault is for the company's weekly off and no more.
const (
	PlannedByRoster  PlannedBy = "roster"
	PlannedByDefault PlannedBy = "default"
)

// cell returns the shift's ID, DayOff or "" on d, and what decided it.
func (p *Plan) cell(d date) (string, PlannedBy) {
	if shift, ok := p.roster[d]; ok {
		return shift, PlannedByRoster
	}
	for i := 0; i < len(p.assigned); i++ {
		a := p.assigned[i]
		if a.from > d {
			continue
		}
		if a.pattern != "" {
			return p.patterns[a.pattern].cell(d, a.from), PlannedBy(a.scope)
		}
		for i+1 < len(p.assigned) && p.assigned[i+1].scope == a.scope { // none of its own any more
			i++
		}
	}
	if p.WeeklyOff.Has(d.weekday()) {
		return DayOff, PlannedByDefault
	}
	return "", PlannedByDefault
}

// Leave is how much of a day somebody is on leave.
type Leave string

// The leaves. Two halves are a full day.
const (
	NoLeave    Leave = ""
	FirstHalf  Leave = "first_half"
	SecondHalf Leave = "second_half"
	FullLeave  Leave = "full"
)

// Planned is what is planned for a person on one date.
type Planned struct {
	Date     string
	Location *time.Location
	Shift    *Shift // nil: none
	Off      bool   // a day off: the week's, or by the roster
	By       PlannedBy
	Holiday  string // its name; "" on other days
	Leave    Leave
	// Start and End are the shift's; punches From–To belong to it. All are zero
	// without a shift.
	Start, End, From, To time.Time
}

// On returns what is planned for a valid date.
func (p *Plan) On(s string) Planned {
	d, err := parseDate(s)
	if err != nil {
		return Planned{Date: s, Location: p.Location}
	}
	planned := p.on(d)
	planned.Date = s
	planned.Holiday, planned.Leave = p.Holidays[s], p.Leave[s]
	return planned
}

// on is On without what has no clock.
func (p *Plan) on(d date) Planned {
	cell, by := p.cell(d)
	planned := Planned{Location: p.Location, By: by, Off: cell == DayOff}
	shift, ok := p.shifts[cell]
	if !ok {
		return planned
	}
	planned.Shift = shift
	planned.Start = d.moment(int(shift.Start), p.Location)
	planned.End = d.moment(int(shift.Start)+shift.span(), p.Location)
	planned.From, planned.To = planned.Start.Add(-shift.Before), planned.End.Add(shift.After)
	return planned
}

// holds says whether punches at t belong to the planned shift.
func (p *Planned) holds(t time.Time) bool {
	return p.Shift != nil && !t.Before(p.From) && !t.After(p.To)
}

// at returns when clocks first show c in the planned shift or after its start.
func (p *Planned) at(c Clock) time.Time {
	d := dateAt(p.Start, p.Location)
	return d.moment(int(p.Shift.Start)+c.after(p.Shift.Start), p.Location)
}

// over says whether the date has passed at now: nobody can come any more.
func (p *Planned) over(now time.Time) bool {
	if p.Shift != nil {
		return now.After(p.To)
	}
	return DateAt(now, p.Location) > p.Date
}
