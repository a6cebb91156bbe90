package hajir

import "strconv"

// LeaveStanding is how a person stands with one type of leave.
type LeaveStanding struct {
	Period    LeavePeriod // the leave year of the date
	Balance   LeaveDays   // the sum of the ledger at the end of the date
	Pending   LeaveDays   // asked for and not decided
	Available LeaveDays   // what can be asked for from the date on, with what the type lets go below zero
	Given     LeaveDays   // in this leave year so far, with what was carried over and adjusted
	Taken     LeaveDays   // in this leave year, also what is approved and still to come
	Lapsing   []LeaveEntry
}

// Standing returns how a person stands on a date. What is due by then counts
// whether or not it was posted. Lapsing is what lapses by the year's end if
// nothing more is taken.
func (t LeaveTerms) Standing(entries []LeaveEntry, open []LeavePart, date string) (LeaveStanding, error) {
	s, entries, err := t.balance(entries, open, date)
	if err != nil || t.Type.Unlimited {
		return s, err
	}
	if s.Available, err = t.available(entries, open, date); err != nil {
		return s, err
	}
	coming, err := t.Due(append(entries, t.planned(open)...), s.Period.End())
	for _, e := range coming {
		if e.Kind == EntryExpiry && e.Date >= date && e.Amount < 0 {
			s.Lapsing = append(s.Lapsing, e)
		}
	}
	return s, err
}

// Balance is Standing without what is available and what lapses, which take
// much reckoning.
func (t LeaveTerms) Balance(entries []LeaveEntry, open []LeavePart, date string) (LeaveStanding, error) {
	s, _, err := t.balance(entries, open, date)
	return s, err
}

// balance returns the entries with those that are due.
func (t LeaveTerms) balance(entries []LeaveEntry, open []LeavePart, date string) (LeaveStanding, []LeaveEntry, error) {
	var s LeaveStanding
	p, err := t.Years.At(date)
	if err != nil {
		return s, nil, err
	}
	s.Period, s.Pending = p, LeaveCost(open)
	if t.Type.Unlimited {
		for _, e := range entries {
			if e.Type == t.Type.ID && e.Date >= p.Begin && e.Date < p.End() {
				s.Taken -= e.Amount
			}
		}
		return s, entries, nil
	}
	due, err := t.Due(entries, date)
	if err != nil {
		return s, nil, err
	}
	entries = append(entries[:len(entries):len(entries)], due...)
	s.Balance = LeaveSum(entries, t.Type.ID, date)
	for _, e := range entries {
		if e.Type != t.Type.ID || e.Date < p.Begin || e.Date >= p.End() {
			continue
		}
		switch e.Kind {
		case EntryTaken, EntryReturned:
			s.Taken -= e.Amount
		case EntryGrant, EntryAccrual, EntryCarryIn, EntryAdjustment:
			if e.Date <= date {
				s.Given += e.Amount
			}
		case EntryExpiry, EntryCarryOut:
		}
	}
	return s, entries, nil
}

// available returns the most that can be taken on a date. What is promised for
// later years holds it back, but not by what would have lapsed by then: so it is
// between what is left then and what is there now.
func (t LeaveTerms) available(entries []LeaveEntry, open []LeavePart, date string) (LeaveDays, error) {
	least, err := t.Left(entries, open, nil, date)
	if err != nil {
		return 0, err
	}
	most := LeaveSum(entries, t.Type.ID, date)
	for least < most {
		middle := least + (most-least+1)/2
		left, err := t.Left(entries, open, []LeavePart{{Date: date, Amount: middle + t.Type.Negative}}, date)
		if err != nil {
			return 0, err
		}
		if left >= -t.Type.Negative {
			least = middle
		} else {
			most = middle - 1
		}
	}
	return least + t.Type.Negative, nil
}

// planned returns parts as if they were taken.
func (t LeaveTerms) planned(parts []LeavePart) []LeaveEntry {
	entries := make([]LeaveEntry, len(parts))
	for i, p := range parts {
		entries[i] = LeaveEntry{
			ID: entryID(t.Type.ID+"/"+p.Period+"/planned/"+strconv.Itoa(i), 0), Type: t.Type.ID, Kind: EntryTaken, Date: p.Date, Amount: -p.Amount,
		}
	}
	return entries
}

// Left returns the least that the balance comes to from a date on, once what is
// open and what is wished for are taken: what will be given by the dates of the
// leave counts, and what will have lapsed does not. Below -Negative it is too
// much.
func (t LeaveTerms) Left(entries []LeaveEntry, open, wish []LeavePart, from string) (LeaveDays, error) {
	end := from
	all := entries[:len(entries):len(entries)]
	all = append(all, t.planned(append(open[:len(open):len(open)], wish...))...)
	for _, e := range all {
		if e.Type == t.Type.ID && e.Kind == EntryTaken {
			end = max(end, e.Date)
		}
	}
	end, err := t.Horizon(end)
	if err != nil {
		return 0, err
	}
	due, err := t.Due(all, end)
	if err != nil {
		return 0, err
	}
	all = append(all, due...)
	SortEntries(all)
	var sum, least LeaveDays
	known := false
	look := func() {
		if !known || sum < least {
			least, known = sum, true
		}
	}
	for _, e := range all {
		if e.Type != t.Type.ID {
			continue
		}
		if ends := e.Kind == EntryExpiry || e.Kind == EntryCarryOut; !known && (e.Date > from || e.Date == from && ends) {
			look() // on from itself, where nothing is taken
		}
		sum += e.Amount
		if e.Kind == EntryTaken && e.Date >= from {
			look()
		}
	}
	if !known {
		look()
	}
	return least, nil
}
