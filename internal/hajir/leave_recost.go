package hajir

import (
	"slices"
	"strings"
	"time"
)

// Paid says whether a date of the request costs something.
func (r LeaveRequest) paid(date string) bool {
	return !slices.Contains(r.Off, date) && !slices.Contains(r.Holidays, date)
}

// Recost returns the request by the holidays of now, with the entries that make
// up for the difference, and false when nothing changes. Days off stay as they
// were when it was asked for; workday says which those were for a request that
// does not know. Asked again with the same holidays it changes nothing.
func (r LeaveRequest) Recost(years LeaveYears, workday, holiday func(date string) bool, at time.Time) (LeaveRequest, []LeaveEntry, bool, error) {
	if !r.State.Counts() {
		return r, nil, false, nil
	}
	if !r.adds() { // of a time when days off were not noted
		r.Off = nil
		for _, d := range r.Dates() {
			if !workday(d) {
				r.Off = append(r.Off, d)
			}
		}
		if !r.adds() {
			return r, nil, false, nil // its shifts have changed since; what it costs stays
		}
	}
	before := r
	r.Parts, r.Holidays = slices.Clone(r.Parts), slices.Clone(r.Holidays)
	var entries []LeaveEntry
	var freed, charged []string
	for _, d := range r.Dates() {
		var amount LeaveDays // what is given back
		switch cost := r.On(d).Cost(); {
		case holiday(d) && before.paid(d):
			r.Holidays = append(r.Holidays, d)
			freed, amount = append(freed, d), cost
		case !holiday(d) && slices.Contains(r.Holidays, d):
			r.Holidays = slices.DeleteFunc(r.Holidays, func(x string) bool { return x == d })
			charged, amount = append(charged, d), -cost
		default:
			continue
		}
		p, err := years.At(d)
		if err != nil {
			return before, nil, false, err
		}
		entries = r.shift(p, d, amount, entries, at)
	}
	if len(freed)+len(charged) == 0 {
		return before, nil, false, nil
	}
	slices.Sort(r.Holidays)
	r.Parts = slices.DeleteFunc(r.Parts, func(p LeavePart) bool { return p.Amount == 0 })
	entries = slices.DeleteFunc(entries, func(e LeaveEntry) bool { return e.Amount == 0 })
	if !r.State.Approved() {
		entries = nil
	}
	return r.with(LeaveActor{At: at, Note: recostNote(freed, charged)}, LeaveActionRecost), entries, true, nil
}

// adds says whether the parts are what the dates cost.
func (r LeaveRequest) adds() bool {
	var sum LeaveDays
	for _, d := range r.Dates() {
		if r.paid(d) {
			sum += r.On(d).Cost()
		}
	}
	return sum == r.Cost()
}

// shift gives amount back from the part that holds a date, and adds it to the
// entry of that part.
func (r *LeaveRequest) shift(p LeavePeriod, date string, amount LeaveDays, entries []LeaveEntry, at time.Time) []LeaveEntry {
	i := slices.IndexFunc(r.Parts, func(x LeavePart) bool { return x.Period == p.Begin && p.Part(x.Date) == p.Part(date) })
	if i < 0 {
		r.Parts = append(r.Parts, LeavePart{Period: p.Begin, Date: date})
		slices.SortFunc(r.Parts, func(a, b LeavePart) int { return strings.Compare(a.Date, b.Date) })
		i = slices.IndexFunc(r.Parts, func(x LeavePart) bool { return x.Date == date })
	}
	r.Parts[i].Amount -= amount
	part := r.Parts[i]
	// A request's version grows with every change of it: no other has this cause.
	id := entryID(r.Type+"/"+part.Period+"/recosted/"+r.ID+"/"+part.Date, r.Version)
	n := slices.IndexFunc(entries, func(e LeaveEntry) bool { return e.ID == id })
	if n < 0 {
		entries, n = append(entries, LeaveEntry{
			Username: r.Username, Company: r.Company, Type: r.Type, Date: part.Date, ID: id, Request: r.ID, At: at,
		}), len(entries)
	}
	entries[n].Amount += amount
	entries[n].Kind = EntryReturned
	if entries[n].Amount < 0 {
		entries[n].Kind = EntryTaken
	}
	return entries
}

// recostNote says which dates changed, as far as they fit.
func recostNote(freed, charged []string) string {
	var parts []string
	for what, dates := range map[string][]string{"holiday: ": freed, "no holiday any more: ": charged} {
		switch {
		case len(dates) == 0:
		case len(dates) > maxNotedDates:
			parts = append(parts, what+strings.Join(dates[:maxNotedDates], ", ")+", …")
		default:
			parts = append(parts, what+strings.Join(dates, ", "))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

const maxNotedDates = 20
