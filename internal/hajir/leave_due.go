package hajir

import (
	"fmt"
	"math/big"
)

// LeaveTerms are by what a person's leave of one type is reckoned.
type LeaveTerms struct {
	Type  LeaveType
	Years LeaveYears
	// Since and Until are the person's first and last date in the company; ""
	// for Until is not known.
	Since, Until string
	// Stopped: nothing more is given, and what was stays.
	Stopped bool
}

// Due returns the entries that are missing from a person's ledger at the end of
// the date through: allowances, and at the end of a leave year what lapses and
// what is carried over. Posted with the entries given they leave nothing due.
// What a late entry changes of a year that was closed is put right by further
// entries, so that the order in which entries come does not matter. Entries of
// other types count for nothing.
func (t LeaveTerms) Due(entries []LeaveEntry, through string) ([]LeaveEntry, error) {
	if t.Type.Unlimited {
		return nil, nil
	}
	b := newLeaveBook(t.Type.ID, entries)
	begin := max(t.Type.From, t.Since)
	for _, e := range b.all { // also of a time before: it may have been reckoned otherwise
		begin = min(begin, e.Date)
	}
	if begin > through {
		return nil, nil
	}
	p, err := t.Years.At(begin)
	for ; err == nil && p.Begin <= through; p, err = t.Years.At(p.End()) {
		t.accrue(b, p, through)
		t.lapse(b, p, through)
		if p.End() > through {
			break
		}
		t.close(b, p)
	}
	return b.added, err
}

// Horizon returns the last date of the leave year that holds a date.
func (t LeaveTerms) Horizon(date string) (string, error) {
	p, err := t.Years.At(date)
	return p.Last(), err
}

// leaveBook is a ledger of one type to which entries are added.
type leaveBook struct {
	leaveType string
	all       []LeaveEntry
	added     []LeaveEntry
	slots     map[string]*leaveSlot
}

// leaveSlot is what one cause has posted.
type leaveSlot struct {
	first LeaveEntry
	sum   LeaveDays
	n     int
}

func newLeaveBook(leaveType string, entries []LeaveEntry) *leaveBook {
	b := &leaveBook{leaveType: leaveType, slots: map[string]*leaveSlot{}}
	for _, e := range entries {
		if e.Type == leaveType {
			b.post(e)
		}
	}
	return b
}

func (b *leaveBook) post(e LeaveEntry) {
	b.all = append(b.all, e)
	s := b.slots[e.cause()]
	if s == nil {
		s = &leaveSlot{first: e}
		b.slots[e.cause()] = s
	}
	if e.ID < s.first.ID {
		s.first = e
	}
	s.sum += e.Amount
	s.n++
}

// slot returns what a cause of a period has posted, and its name.
func (b *leaveBook) slot(p LeavePeriod, what string) (leaveSlot, string, bool) {
	cause := b.leaveType + "/" + p.Begin + "/" + what
	s, ok := b.slots[cause]
	if !ok {
		return leaveSlot{}, cause, false
	}
	return *s, cause, true
}

// settle adds what brings a cause to the amount of e, if that is something.
func (b *leaveBook) settle(p LeavePeriod, what string, e LeaveEntry) {
	s, cause, posted := b.slot(p, what)
	if posted {
		e.Date = s.first.Date // a correction counts when the first did
	}
	if e.Amount -= s.sum; e.Amount == 0 {
		return
	}
	e.Type, e.ID = b.leaveType, entryID(cause, s.n)
	b.post(e)
	b.added = append(b.added, e)
}

// within returns the sum of the entries of the dates from–to that count.
func (b *leaveBook) within(from, to string, counts func(LeaveEntry) bool) LeaveDays {
	var sum LeaveDays
	for _, e := range b.all {
		if e.Date >= from && e.Date <= to && counts(e) {
			sum += e.Amount
		}
	}
	return sum
}

// accrue posts a period's allowance as far as it has come.
func (t LeaveTerms) accrue(b *leaveBook, p LeavePeriod, through string) {
	from, to := max(p.Begin, t.Type.From, t.Since), p.End() // without to
	if t.Until != "" {
		to = min(to, AddDays(t.Until, 1))
	}
	_, _, yearly := b.slot(p, "allowance")
	monthly := false
	for k := range 12 {
		_, _, posted := b.slot(p, month(k))
		monthly = monthly || posted
	}
	switch {
	case yearly || !monthly && t.Type.Accrual == AccrualYearly:
		e := t.rule(b, p, "allowance")
		e.Kind, e.Date = EntryGrant, from
		e.Amount = e.Basis
		if !e.Whole || p.Begin > p.Parts[0] {
			first := from
			if e.Whole {
				first = p.Begin
			}
			e.Amount = p.share(first, to, 12, e.Basis)
		}
		if from >= to {
			e.Amount = 0
		}
		if from <= through && (yearly || !t.Stopped) {
			b.settle(p, "allowance", e)
		}
	case monthly || t.Type.Accrual == AccrualMonthly:
		for k := range 12 {
			last := min(AddDays(p.Parts[k+1], -1), max(from, AddDays(to, -1)))
			if last > through {
				return
			}
			if _, _, posted := b.slot(p, month(k)); t.Stopped && !posted {
				continue
			}
			e := t.rule(b, p, month(k))
			first, after := from, to
			if e.Whole { // the months that are touched are whole, but not before a short year
				first, after = max(p.Begin, p.Parts[p.Part(from)]), to
				if to > from {
					after = p.Parts[p.Part(AddDays(to, -1))+1]
				}
			}
			e.Kind, e.Date = EntryAccrual, last
			e.Amount = p.share(first, after, k+1, e.Basis) - p.share(first, after, k, e.Basis)
			b.settle(p, month(k), e)
		}
	}
}

func month(k int) string { return fmt.Sprintf("month/%02d", k+1) }

// rule returns an entry with the rule by which a cause was first posted, or
// that of now.
func (t LeaveTerms) rule(b *leaveBook, p LeavePeriod, what string) LeaveEntry {
	if s, _, posted := b.slot(p, what); posted {
		return LeaveEntry{Basis: s.first.Basis, Whole: s.first.Whole}
	}
	return LeaveEntry{Basis: t.Type.Allowance, Whole: !t.Type.Prorate}
}

// share returns how much of a year's amount the first n months have brought to
// somebody who is there from–to, without to. It is rounded here and nowhere
// else: what a month brings is the difference of two shares, so that twelve of
// them add up to the whole.
func (p LeavePeriod) share(from, to string, n int, amount LeaveDays) LeaveDays {
	months := new(big.Rat)
	for k := range n {
		there := DaysBetween(max(from, p.Parts[k]), min(to, p.Parts[k+1]))
		if there > 0 {
			months.Add(months, big.NewRat(int64(there), int64(DaysBetween(p.Parts[k], p.Parts[k+1]))))
		}
	}
	x := months.Mul(months, big.NewRat(int64(amount), 12))
	x.Add(x, big.NewRat(1, 2)) // and down: halves go up
	return LeaveDays(new(big.Int).Div(x.Num(), x.Denom()).Int64())
}

// lapse posts what is left of the carried days when their time is over. Who
// takes leave takes the carried days first.
func (t LeaveTerms) lapse(b *leaveBook, p LeavePeriod, through string) {
	carried, _, _ := b.slot(p, "carried")
	posted, _, once := b.slot(p, "lapsed")
	last := posted.first.Date
	if !once {
		if t.Type.CarryMonths == 0 || carried.sum <= 0 {
			return
		}
		last = AddDays(p.Parts[min(12, p.Part(p.Begin)+t.Type.CarryMonths)], -1)
	}
	if last >= through {
		return
	}
	taken := -b.within(p.Begin, last, func(e LeaveEntry) bool { return e.Kind == EntryTaken || e.Kind == EntryReturned })
	left := b.within(p.Begin, last, func(e LeaveEntry) bool { return e.Kind != EntryExpiry && e.Kind != EntryCarryOut })
	amount := max(0, min(carried.sum-max(0, taken), left))
	b.settle(p, "lapsed", LeaveEntry{Kind: EntryExpiry, Date: last, Amount: -amount, Basis: carried.sum})
}

// close carries a period's balance over as far as the type allows, and lets the
// rest lapse. A debt goes over whole.
func (t LeaveTerms) close(b *leaveBook, p LeavePeriod) {
	next, err := t.Years.At(p.End())
	if err != nil {
		return // the calendar ends here
	}
	last := p.Last()
	_, expired, _ := b.slot(p, "expired")
	_, out, _ := b.slot(p, "carry")
	left := b.within(p.Begin, last, func(e LeaveEntry) bool { return e.cause() != expired && e.cause() != out })
	most := t.Type.CarryMax
	for _, what := range []string{"expired", "carry"} {
		if s, _, posted := b.slot(p, what); posted {
			most = s.first.Basis
		}
	}
	carry := min(left, most)
	b.settle(p, "expired", LeaveEntry{Kind: EntryExpiry, Date: last, Amount: carry - left, Basis: most})
	b.settle(p, "carry", LeaveEntry{Kind: EntryCarryOut, Date: last, Amount: -carry, Basis: most})
	b.settle(next, "carried", LeaveEntry{Kind: EntryCarryIn, Date: next.Begin, Amount: carry, Basis: most})
}
