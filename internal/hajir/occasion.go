package hajir

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// OccasionKind says what an occasion is.
type OccasionKind string

// The kinds.
const (
	OccasionHoliday  OccasionKind = "holiday"  // nobody whom it concerns needs to work
	OccasionOptional OccasionKind = "optional" // a holiday for whoever chooses it
	OccasionEvent    OccasionKind = "event"    // a meeting, or whatever else people should know of
)

// Occasion is an event of a company's calendar: a holiday, an optional one, or a
// meeting. (An Event is one of the audit log.)
type Occasion struct {
	ID      string // a UUID
	Company string
	Title   string
	Kind    OccasionKind
	From    string // YYYY-MM-DD, with which the record's key begins
	To      string // the last date
	// Start is when it begins on From, and End when it ends on To, in the
	// company's time zone. Only an OccasionEvent has them, and both or none.
	Start, End *Clock
	Note       string
	Scope      Scope
	Subject    string // the department's name or the person's username
	// UID is by what the calendar knows it that it was imported from; "" for what
	// was entered here.
	UID     string
	Version int // grows by one with every stored change; zero means never stored
}

// The bounds of a company's calendar.
const (
	// MaxOccasionDates is how many dates an occasion has at most. Whoever looks
	// for what touches a date reads as many before it.
	MaxOccasionDates = 60
	// MaxOccasionsAMonth is how many occasions begin in a month at most.
	MaxOccasionsAMonth = 300
	// MaxOptionalHolidays is how many a company lets a person choose at most.
	MaxOptionalHolidays = 30
)

// Tidy returns o as it is kept.
func (o Occasion) Tidy() Occasion {
	o.Title, o.Note, o.Subject = strings.TrimSpace(o.Title), strings.TrimSpace(o.Note), strings.TrimSpace(o.Subject)
	o.Scope, o.To = cmp.Or(o.Scope, ScopeCompany), cmp.Or(o.To, o.From)
	if o.Scope == ScopePerson {
		o.Subject = strings.ToLower(o.Subject)
	}
	return o
}

// Validate returns an Invalid error that names the first thing wrong with o.
func (o Occasion) Validate() error {
	if err := validateText("the title", o.Title, 1, maxName); err != nil {
		return err
	}
	if err := validateNote(o.Note); err != nil {
		return err
	}
	if err := o.validateDates(); err != nil {
		return err
	}
	switch o.Kind {
	case OccasionHoliday, OccasionEvent:
	case OccasionOptional:
		if o.From != o.To {
			return Errorf(Invalid, "an optional holiday is a single date; add one for each of them")
		}
	default:
		return Errorf(Invalid, "a kind is holiday, optional or event")
	}
	if len(o.UID) > maxUID {
		return Errorf(Invalid, "the identifier of the event is longer than %d bytes", maxUID)
	}
	switch o.Scope {
	case ScopeCompany:
		if o.Subject != "" {
			return Errorf(Invalid, "an event for the whole company names nobody")
		}
		return nil
	case ScopeDepartment:
		return validateText("the department", o.Subject, 1, maxName)
	case ScopePerson:
		return ValidateUsername(o.Subject)
	}
	return Errorf(Invalid, "an event is for the company, a department or a person")
}

const maxUID = 512 // bytes

func (o Occasion) validateDates() error {
	for _, d := range []string{o.From, o.To} {
		if err := ValidateDate(d); err != nil {
			return err
		}
	}
	switch n := DaysBetween(o.From, o.To); {
	case n < 0:
		return Errorf(Invalid, "the last date lies before the first")
	case n >= MaxOccasionDates:
		return Errorf(Invalid, "an event has at most %d dates; add another one for the rest", MaxOccasionDates)
	case o.Start == nil && o.End == nil:
		return nil
	case o.Start == nil || o.End == nil:
		return Errorf(Invalid, "give both the time at which it begins and the one at which it ends, or neither")
	case o.Kind != OccasionEvent:
		return Errorf(Invalid, "a holiday is a whole day; only other events have times")
	case *o.Start < 0 || *o.Start >= minutesADay || *o.End < 0 || *o.End >= minutesADay:
		return Errorf(Invalid, "a time of day has the form HH:MM, from 00:00 to 23:59")
	case n == 0 && *o.End <= *o.Start:
		return Errorf(Invalid, "it ends before it begins; when it lasts past midnight, give the next date as the last one")
	}
	return nil
}

// Concerns says whether o is for e.
func (o Occasion) Concerns(e Employee) bool {
	return slices.Contains(Subjects(e), WhoOf(o.Scope, o.Subject))
}

// Touches says whether o is on any of the dates from–to.
func (o Occasion) Touches(from, to string) bool { return o.From <= to && o.To >= from }

// Times returns when o begins and ends, if it has times.
func (o Occasion) Times(loc *time.Location) (start, end time.Time, ok bool) {
	from, err1 := parseDate(o.From)
	to, err2 := parseDate(o.To)
	if o.Start == nil || o.End == nil || err1 != nil || err2 != nil {
		return start, end, false
	}
	return from.moment(int(*o.Start), loc), to.moment(int(*o.End), loc), true
}

// SortOccasions puts occasions into the order in which people read them.
func SortOccasions(all []Occasion) {
	begin := func(o Occasion) int {
		if o.Start == nil {
			return -1
		}
		return int(*o.Start)
	}
	slices.SortStableFunc(all, func(a, b Occasion) int {
		return cmp.Or(strings.Compare(a.From, b.From), begin(a)-begin(b), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
	})
}

// HolidaysOf returns the names of the holidays that e has on the dates from–to,
// by date. Optional ones count when e has chosen them.
func HolidaysOf(e Employee, all []Occasion, chosen HolidayChoices, from, to string) map[string]string {
	var names map[string]string
	for _, o := range all {
		if o.Kind == OccasionEvent || o.Kind == OccasionOptional && !chosen.Has(o.ID) || !o.Concerns(e) {
			continue
		}
		for d := max(from, o.From); d <= min(to, o.To); d = AddDays(d, 1) {
			if names == nil {
				names = map[string]string{}
			}
			if had := names[d]; had != "" && had != o.Title {
				names[d] = had + ", " + o.Title
			} else {
				names[d] = o.Title
			}
		}
	}
	return names
}
