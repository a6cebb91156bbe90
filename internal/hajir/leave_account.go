package hajir

import (
	"slices"
	"strings"
)

// LeaveAccount is what a person has booked, and for how long they are there. All
// that changes a person's leave is saved with it first, at its version: so two
// requests at one moment cannot both take the last day.
type LeaveAccount struct {
	Username string
	Company  string
	// Since and Until are the first and the last date for which leave is given;
	// "" for Since is the date on which the person was added, "" for Until is not
	// known.
	Since, Until string
	Booked       []LeaveBooking // that were neither refused nor cancelled
	// Step is what was decided and may not be written everywhere yet. Whoever
	// finds one writes it before anything else.
	Step    *LeaveStep
	Version int // grows by one with every stored change; zero means never stored
}

// LeaveBooking is a leave on its dates.
type LeaveBooking struct {
	LeaveSpan
	Request string // the LeaveRequest's ID
	Type    string
	Parts   []LeavePart
	// Off and Holidays are the dates that cost nothing, as in the request.
	Off, Holidays []string
	Open          bool   // it is not approved yet, and not in the ledger
	Decider       string // who has to decide now, as in the request
}

// LeaveStep is one change of a person's leave: a request as it becomes, if it
// is about one, and the entries that come with it.
type LeaveStep struct {
	Request *LeaveRequest
	Entries []LeaveEntry
}

// BookedFor is how many days after its end a booking is remembered: as long as
// a later request could overlap it.
const BookedFor = MaxLeaveSpan + MaxLeaveNotice

// Book returns the account with r booked as far as it counts, and without what
// ended long before today.
func (a LeaveAccount) Book(r LeaveRequest, today string) LeaveAccount {
	a.Booked = slices.DeleteFunc(slices.Clone(a.Booked), func(b LeaveBooking) bool {
		return b.Request == r.ID || b.To < AddDays(today, -BookedFor)
	})
	if r.State.Counts() {
		a.Booked = append(a.Booked, LeaveBooking{
			LeaveSpan: r.LeaveSpan, Request: r.ID, Type: r.Type, Parts: r.Parts, Off: r.Off, Holidays: r.Holidays,
			Open: !r.State.Approved(), Decider: r.Decider,
		})
		slices.SortStableFunc(a.Booked, func(x, y LeaveBooking) int {
			return strings.Compare(x.From+x.To+x.Request, y.From+y.To+y.Request)
		})
	}
	return a
}

// Stale says whether holidays have come or gone since the booking was reckoned.
func (b LeaveBooking) Stale(holiday func(date string) bool) bool {
	return slices.ContainsFunc(b.Dates(), func(d string) bool {
		return holiday(d) != slices.Contains(b.Holidays, d) && !slices.Contains(b.Off, d)
	})
}

// Overlap returns the booking that a span overlaps.
func (a LeaveAccount) Overlap(s LeaveSpan) (LeaveBooking, bool) {
	for _, b := range a.Booked {
		if b.Overlaps(s) {
			return b, true
		}
	}
	return LeaveBooking{}, false
}

// OpenParts returns what requests of a type that wait hold back.
func (a LeaveAccount) OpenParts(leaveType string) []LeavePart {
	var parts []LeavePart
	for _, b := range a.Booked {
		if b.Open && b.Type == leaveType {
			parts = append(parts, b.Parts...)
		}
	}
	return parts
}

// OnLeave returns how much of each date from–to is approved leave.
func (a LeaveAccount) OnLeave(from, to string) map[string]Leave {
	on := map[string]Leave{}
	for _, b := range a.Booked {
		if b.Open {
			continue
		}
		for d := max(from, b.From); d <= min(to, b.To); d = AddDays(d, 1) {
			on[d] = on[d].And(b.On(d))
		}
	}
	return on
}

// Terms returns t for the dates that the account says; where it says none, t's
// stay.
func (a LeaveAccount) Terms(t LeaveTerms) LeaveTerms {
	if a.Since != "" {
		t.Since = a.Since
	}
	t.Until = a.Until
	return t
}

// Employ returns the account with other dates in the company.
func (a LeaveAccount) Employ(since, until string) (LeaveAccount, error) {
	for _, d := range []string{since, until} {
		if d != "" {
			if err := ValidateDate(d); err != nil {
				return a, err
			}
		}
	}
	if until != "" && until < since {
		return a, Errorf(Invalid, "the last date in the company lies before the first")
	}
	a.Since, a.Until = since, until
	return a, nil
}
