package hajir

import "strings"

// DayOff stands in a pattern or a roster where there is no work. Where there
// is work without a shift, "" stands.
const DayOff = "off"

// Pattern is which shift each day of a week has; of more than one week, they
// come in turn.
type Pattern struct {
	ID      string // a UUID
	Company string
	Name    string
	Weeks   []Week
	Version int // grows by one with every stored change; zero means never stored
}

// Week is the shift of each weekday, Sunday first: a shift's ID, DayOff or "".
type Week [7]string

// MaxWeeks is how many weeks a pattern has at most.
const MaxWeeks = 8

// Validate returns an Invalid error that names the first thing wrong with p.
// known are the IDs of the company's shifts.
func (p Pattern) Validate(known map[string]Shift) error {
	if err := validateText("the pattern's name", p.Name, 1, 100); err != nil {
		return err
	}
	if len(p.Weeks) < 1 || len(p.Weeks) > MaxWeeks {
		return Errorf(Invalid, "a pattern has 1 to %d weeks", MaxWeeks)
	}
	for _, w := range p.Weeks {
		for _, shift := range w {
			if err := validateCell(shift, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// Uses says whether the pattern plans a shift.
func (p Pattern) Uses(shift string) bool {
	for _, w := range p.Weeks {
		for _, s := range w {
			if s == shift {
				return true
			}
		}
	}
	return false
}

func validateCell(shift string, known map[string]Shift) error {
	if shift == "" || shift == DayOff {
		return nil
	}
	if _, ok := known[shift]; !ok {
		return Errorf(Invalid, "there is no such shift; choose one of the company's, or a day off")
	}
	return nil
}

// Scope says whom an assignment is for. The narrowest that there is counts.
type Scope string

// The scopes.
const (
	ScopeCompany    Scope = "company"
	ScopeDepartment Scope = "department"
	ScopePerson     Scope = "person"
)

// Assignment gives a company, a department or a person a pattern from a date
// on, until the next assignment of the same.
type Assignment struct {
	Company string
	Scope   Scope
	Subject string // the department's name or the person's username
	From    string // YYYY-MM-DD; a pattern of several weeks begins with the week, from Sunday, that holds it
	Pattern string // a pattern's ID; "" for none of its own any more
	Version int    // grows by one with every stored change; zero means never stored
}

// Validate returns an Invalid error that names the first thing wrong with a.
func (a Assignment) Validate(known map[string]Pattern) error {
	if err := ValidateDate(a.From); err != nil {
		return err
	}
	if _, ok := known[a.Pattern]; !ok && a.Pattern != "" {
		return Errorf(Invalid, "there is no such weekly pattern; choose one of the company's")
	}
	switch a.Scope {
	case ScopeCompany:
		if a.Subject != "" {
			return Errorf(Invalid, "an assignment to the company names nobody")
		}
		return nil
	case ScopeDepartment:
		return validateText("the department", a.Subject, 1, maxName)
	case ScopePerson:
		return ValidateUsername(a.Subject)
	}
	return Errorf(Invalid, "an assignment is for the company, a department or a person")
}

// Who returns the key of whom a is for, among all of its company.
func (a Assignment) Who() string { return WhoOf(a.Scope, a.Subject) }

// WhoOf returns the key of a scope's subject. Departments are the same whatever
// the case of their letters.
func WhoOf(scope Scope, subject string) string {
	if scope == ScopeCompany {
		return string(ScopeCompany)
	}
	return string(scope) + "/" + strings.ToLower(strings.TrimSpace(subject))
}

// Subjects lists whose assignments count for e.
func Subjects(e Employee) []string {
	all := []string{WhoOf(ScopeCompany, ""), WhoOf(ScopePerson, e.Username)}
	if e.Department != "" {
		all = append(all, WhoOf(ScopeDepartment, e.Department))
	}
	return all
}

// RosterEntry is what one person does on one date, whatever their pattern says.
type RosterEntry struct {
	Username string // half of the record's key
	Date     string // YYYY-MM-DD; the other half
	Company  string
	Shift    string // a shift's ID, or DayOff
	Version  int    // grows by one with every stored change; zero means never stored
}

// Validate returns an Invalid error that names the first thing wrong with r.
func (r RosterEntry) Validate(known map[string]Shift) error {
	if err := ValidateDate(r.Date); err != nil {
		return err
	}
	if r.Shift == "" {
		return Errorf(Invalid, "a roster entry names a shift or a day off")
	}
	return validateCell(r.Shift, known)
}

// MaxRosterDays is how many dates one change of the roster may cover.
const MaxRosterDays = 92

// Schedule is what a company's people are planned with.
type Schedule struct {
	Shifts   map[string]Shift
	Patterns map[string]Pattern
}

// cell returns what the pattern plans for d, when its first week holds since.
func (p Pattern) cell(d, since date) string {
	if len(p.Weeks) == 0 {
		return ""
	}
	sunday := since - date(since.weekday())
	weeks := int(d-sunday) / 7
	day := d.weekday()
	return p.Weeks[weeks%len(p.Weeks)][day]
}
