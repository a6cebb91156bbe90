package hajir

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// EntryKind says what a line of the ledger is.
type EntryKind string

// The kinds of entries.
const (
	EntryGrant      EntryKind = "grant"      // a year's allowance
	EntryAccrual    EntryKind = "accrual"    // a month's part of it
	EntryCarryIn    EntryKind = "carry_in"   // from the year before; a debt is negative
	EntryAdjustment EntryKind = "adjustment" // by the admin, with a reason
	EntryTaken      EntryKind = "taken"
	EntryReturned   EntryKind = "returned"  // of leave that was cancelled
	EntryExpiry     EntryKind = "expiry"    // lapsed
	EntryCarryOut   EntryKind = "carry_out" // what EntryCarryIn brings into the next year
)

// entryOrder is the order in which entries of one date count.
var entryOrder = []EntryKind{
	EntryGrant, EntryAccrual, EntryCarryIn, EntryAdjustment, EntryReturned, EntryTaken, EntryExpiry, EntryCarryOut,
}

// LeaveEntry is a line of a person's ledger. It is added once and never
// changed; what was wrong is put right by another line with the same cause.
type LeaveEntry struct {
	Username string // half of the record's key
	// ID is the other half: what caused the entry, and how many that cause has
	// had before. So the same cause posted twice is one entry.
	ID      string
	Company string
	Type    string // a LeaveType's ID
	Kind    EntryKind
	Date    string    // YYYY-MM-DD on which it counts
	Amount  LeaveDays // negative when it takes away
	// Basis and Whole are the rule that it was computed by: the allowance or the
	// carry-over then, and whether it was not prorated. A later change of the
	// rule leaves what was given alone.
	Basis LeaveDays
	Whole bool
	// Request is the ID of the LeaveRequest that it is about, if it is.
	Request string
	Note    string // the admin's reason
	By      string // who caused it; "" is the program
	At      time.Time
}

// cause returns the ID without its number.
func (e LeaveEntry) cause() string {
	cause, _, _ := strings.Cut(e.ID, "#")
	return cause
}

// entryID joins the parts of a cause and a number. A cause begins with the type
// and the leave year, so that a ledger is in order by its key.
func entryID(cause string, n int) string { return cause + "#" + strconv.Itoa(n) }

// SortEntries puts entries into the order in which they count.
func SortEntries(entries []LeaveEntry) {
	slices.SortStableFunc(entries, func(a, b LeaveEntry) int {
		return cmp.Or(strings.Compare(a.Date, b.Date), cmp.Compare(slices.Index(entryOrder, a.Kind), slices.Index(entryOrder, b.Kind)),
			strings.Compare(a.ID, b.ID))
	})
}

// LeaveSum returns a type's balance at the end of a date.
func LeaveSum(entries []LeaveEntry, leaveType, date string) LeaveDays {
	var sum LeaveDays
	for _, e := range entries {
		if e.Type == leaveType && e.Date <= date {
			sum += e.Amount
		}
	}
	return sum
}

// AdjustLeave returns the entry by which an admin changes a balance. The key
// makes it one of a kind: sent twice, it is one entry.
func AdjustLeave(t LeaveType, e Employee, period LeavePeriod, date, key string, amount LeaveDays, reason, by string, at time.Time) (LeaveEntry, error) {
	if err := ValidateDate(date); err != nil {
		return LeaveEntry{}, err
	}
	if err := validateText("the reason", reason, 1, maxNote); err != nil {
		return LeaveEntry{}, err
	}
	switch {
	case t.Unlimited:
		return LeaveEntry{}, Errorf(Invalid, "%s is unlimited and has no balance to adjust", t.Name)
	case amount == 0 || amount > MaxAllowance || amount < -MaxAllowance:
		return LeaveEntry{}, Errorf(Invalid, "adjust by up to 366 days more or less, and not by nothing")
	}
	return LeaveEntry{
		Username: e.Username, Company: e.Company, Type: t.ID, Kind: EntryAdjustment, Date: date, Amount: amount,
		ID: entryID(t.ID+"/"+period.Begin+"/adjustment/"+key, 0), Note: strings.TrimSpace(reason), By: by, At: at,
	}, nil
}

const maxNote = 1000 // bytes of a reason or note
