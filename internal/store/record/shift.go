package record

import (
	"time"

	"hajir/internal/hajir"
)

// Shift and Pattern are how shifts and patterns are stored; they may not
// change with the domain's types. Durations are in minutes.
type Shift struct {
	ID         string      `json:"id"`
	Company    string      `json:"company"`
	Name       string      `json:"name"`
	Start      int         `json:"start"`
	End        int         `json:"end"`
	Flexible   bool        `json:"flexible,omitempty"`
	Core       *coreDoc    `json:"core,omitempty"`
	LateGrace  int         `json:"late_grace"`
	EarlyGrace int         `json:"early_grace"`
	Breaks     []breakDoc  `json:"breaks,omitempty"`
	Before     int         `json:"before"`
	After      int         `json:"after"`
	Full       int         `json:"full"`
	Half       int         `json:"half"`
	Overtime   overtimeDoc `json:"overtime"`
	Retired    bool        `json:"retired,omitempty"`
}

type coreDoc struct {
	From int `json:"from"`
	To   int `json:"to"`
}

type breakDoc struct {
	Name   string          `json:"name,omitempty"`
	From   int             `json:"from"`
	To     int             `json:"to"`
	Length int             `json:"length,omitempty"`
	Rule   hajir.BreakRule `json:"rule"`
}

type overtimeDoc struct {
	From  hajir.OvertimeFrom `json:"from"`
	Step  int                `json:"step"`
	Least int                `json:"least"`
}

// Pattern is how one is stored.
type Pattern struct {
	ID      string       `json:"id"`
	Company string       `json:"company"`
	Name    string       `json:"name"`
	Weeks   []hajir.Week `json:"weeks"`
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

func duration(m int) time.Duration { return time.Duration(m) * time.Minute }

// StoreShift returns it as it is stored.
func StoreShift(s hajir.Shift) Shift {
	doc := Shift{
		ID: s.ID, Company: s.Company, Name: s.Name, Start: int(s.Start), End: int(s.End), Flexible: s.Flexible,
		LateGrace: minutes(s.LateGrace), EarlyGrace: minutes(s.EarlyGrace), Before: minutes(s.Before), After: minutes(s.After),
		Full: minutes(s.Full), Half: minutes(s.Half), Retired: s.Retired,
		Overtime: overtimeDoc{s.Overtime.From, minutes(s.Overtime.Step), minutes(s.Overtime.Least)},
	}
	if s.Core != nil {
		doc.Core = &coreDoc{int(s.Core.From), int(s.Core.To)}
	}
	for _, b := range s.Breaks {
		doc.Breaks = append(doc.Breaks, breakDoc{b.Name, int(b.From), int(b.To), minutes(b.Length), b.Rule})
	}
	return doc
}

// Load returns what is stored.
func (doc Shift) Load(version int) hajir.Shift {
	s := hajir.Shift{
		ID: doc.ID, Company: doc.Company, Name: doc.Name, Start: hajir.Clock(doc.Start), End: hajir.Clock(doc.End), Flexible: doc.Flexible,
		LateGrace: duration(doc.LateGrace), EarlyGrace: duration(doc.EarlyGrace), Before: duration(doc.Before), After: duration(doc.After),
		Full: duration(doc.Full), Half: duration(doc.Half), Retired: doc.Retired, Version: version,
		Overtime: hajir.Overtime{From: doc.Overtime.From, Step: duration(doc.Overtime.Step), Least: duration(doc.Overtime.Least)},
	}
	if doc.Core != nil {
		s.Core = &hajir.Core{From: hajir.Clock(doc.Core.From), To: hajir.Clock(doc.Core.To)}
	}
	for _, b := range doc.Breaks {
		s.Breaks = append(s.Breaks, hajir.Break{
			Name: b.Name, From: hajir.Clock(b.From), To: hajir.Clock(b.To), Length: duration(b.Length), Rule: b.Rule,
		})
	}
	return s
}

// Detail is a row of Shift_details, which is one or the other.
type Detail struct {
	Shift
	Weeks []hajir.Week `json:"weeks"` // of patterns alone
}

// Assignment is how one is stored.
type Assignment struct {
	Company string      `json:"company"`
	Scope   hajir.Scope `json:"scope"`
	Subject string      `json:"subject,omitempty"`
	From    string      `json:"from"`
	Pattern string      `json:"pattern,omitempty"`
}

// Load returns what is stored.
func (doc Assignment) Load(version int) hajir.Assignment {
	return hajir.Assignment{
		Company: doc.Company, Scope: doc.Scope, Subject: doc.Subject, From: doc.From, Pattern: doc.Pattern, Version: version,
	}
}

// RosterEntry is how one is stored.
type RosterEntry struct {
	Username string `json:"username"`
	Date     string `json:"date"`
	Company  string `json:"company"`
	Shift    string `json:"shift"`
}

// Load returns what is stored.
func (doc RosterEntry) Load(version int) hajir.RosterEntry {
	return hajir.RosterEntry{Username: doc.Username, Date: doc.Date, Company: doc.Company, Shift: doc.Shift, Version: version}
}

// StoreAssignment returns a as it is stored.
func StoreAssignment(a hajir.Assignment) Assignment {
	return Assignment{a.Company, a.Scope, a.Subject, a.From, a.Pattern}
}

// StoreRosterEntry returns r as it is stored.
func StoreRosterEntry(r hajir.RosterEntry) RosterEntry {
	return RosterEntry{r.Username, r.Date, r.Company, r.Shift}
}

// StorePattern returns p as it is stored.
func StorePattern(p hajir.Pattern) Pattern { return Pattern{p.ID, p.Company, p.Name, p.Weeks} }

// Pattern returns the pattern that a row is.
func (doc Detail) Pattern(version int) hajir.Pattern {
	return hajir.Pattern{ID: doc.ID, Company: doc.Company, Name: doc.Name, Weeks: doc.Weeks, Version: version}
}

// AddTo adds the shift or pattern to a company's schedule.
func (doc Detail) AddTo(s hajir.Schedule, version int) {
	if doc.Weeks == nil {
		s.Shifts[doc.ID] = doc.Load(version)
		return
	}
	s.Patterns[doc.ID] = doc.Pattern(version)
}
