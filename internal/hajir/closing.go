package hajir

import (
	"maps"
	"slices"
	"time"
)

// Close is when, and how, a company closes its days.
type Close struct {
	At Clock // on the next date, by the company's clocks
	// AutoExit: a missing exit is guessed.
	AutoExit bool
	Closing
}

// DefaultClose returns how a new company closes its days: in the early morning,
// and guessing nothing.
func DefaultClose() Close {
	c := Close{At: 4 * 60, Closing: Closing{Lunch: time.Hour}}
	for i := range c.Hours {
		c.Hours[i] = 8 * time.Hour
	}
	return c
}

// Validate returns an Invalid error that names the first thing wrong with c.
func (c Close) Validate() error {
	if c.At < 0 || c.At >= minutesADay {
		return Errorf(Invalid, "days are closed at a time between 00:00 and 23:59")
	}
	for _, h := range c.Hours {
		if !between(h, 24*time.Hour) {
			return Errorf(Invalid, "the hours of a day must lie between 0 and 24")
		}
	}
	if !between(c.Lunch, 4*time.Hour) {
		return Errorf(Invalid, "lunch must lie between 0 minutes and 4 hours")
	}
	return nil
}

// Due returns the last date that may be closed at now, by clocks in loc.
func (c Close) Due(now time.Time, loc *time.Location) string {
	d := dateAt(now, loc)
	if now.Before(d.moment(int(c.At), loc)) {
		return (d - 2).String()
	}
	return (d - 1).String()
}

// Until returns the last moment at which somebody may still come, or leave, on
// the planned date with d's punches. Afterwards the day is over.
func (p *Planned) Until(d Day) time.Time {
	day, err := parseDate(p.Date)
	if err != nil {
		return time.Time{}
	}
	until := (day + 1).moment(0, p.Location).Add(-1)
	if p.Shift != nil {
		until = p.To
	}
	if d.In() {
		until = maxTime(until, maxTime(d.Punches[len(d.Punches)-1].At.Add(OpenFor), (day+1).moment(0, p.Location).Add(-1)))
	}
	return until
}

// Close returns the day as it is closed at now: with a guess for a missing exit
// where c asks for one, and without where it does not; false while it is not
// over. Closed again it is the same.
func (p *Planned) Close(d Day, c Close, now time.Time) (Day, bool) {
	if !now.After(p.Until(d)) {
		return d, false
	}
	exit, open := p.ExitFor(d, c.Closing)
	switch {
	case !open: // a guess that no punch needs any more counts for nothing
	case c.AutoExit:
		d.Auto = AutoExit{After: d.Punches[len(d.Punches)-1].ID, At: exit.UTC()}
	default:
		d.Auto = AutoExit{}
	}
	return d, true
}

// ClosedDate tells how a company's date was closed. What its days come to is
// derived as ever; this says who has to be told, or looked after.
type ClosedDate struct {
	Company  string // half of the record's key
	Date     string // YYYY-MM-DD; the other half
	ClosedAt time.Time
	Counts   map[Status]int // people by what their day came to then
	// The people by username, in order.
	Absent       []string // did not come, though they were expected
	MissingExits []string // when they left is not known
	AutoExits    []string // when they left was guessed
	// Waiting are those whose day is not over, since they work nights or live
	// elsewhere. They are closed from Next on, which is zero without any.
	Waiting []string
	Next    time.Time
	Version int // grows by one with every stored change; zero means never stored
}

// Take adds what one person's day comes to at now, which is closed.
func (c *ClosedDate) Take(d Day, r Reckoning) {
	if c.Counts == nil {
		c.Counts = map[Status]int{}
	}
	c.Counts[r.Status]++
	switch {
	case r.Flagged(FlagMissingExit):
		c.MissingExits = append(c.MissingExits, d.Name)
	case r.Flagged(FlagAutoExit):
		c.AutoExits = append(c.AutoExits, d.Name)
	case r.Status == StatusAbsent && len(d.Punches) == 0:
		c.Absent = append(c.Absent, d.Name)
	}
}

// Wait adds a person whose day is not over until a moment.
func (c *ClosedDate) Wait(username string, until time.Time) {
	c.Waiting = append(c.Waiting, username)
	if c.Next.IsZero() || until.Before(c.Next) {
		c.Next = until
	}
}

// Same says whether c tells what other does, whenever they were closed.
func (c ClosedDate) Same(other ClosedDate) bool {
	return maps.Equal(c.Counts, other.Counts) && slices.Equal(c.Absent, other.Absent) && slices.Equal(c.MissingExits, other.MissingExits) &&
		slices.Equal(c.AutoExits, other.AutoExits) && slices.Equal(c.Waiting, other.Waiting) && c.Next.Equal(other.Next)
}

// Closing is what is taken for granted of people without a shift when an open
// day is closed for them.
type Closing struct {
	Hours [7]time.Duration // of work by local weekday, Sunday first
	Lunch time.Duration    // unpaid, unless a break was punched
}

// ExitFor returns when an open day is taken to have ended, once it is over; false
// when it is not open. That is when the hours asked for were worked, with half
// of them on half a day of leave and none on leave, holidays and days off; with
// the breaks that were not taken yet; and never later than the shift's end, or
// midnight without one. A punch at that time is a guess, and must say so.
func (p Planned) ExitFor(d Day, c Closing) (time.Time, bool) {
	day, err := parseDate(d.Date)
	if err != nil || !d.In() {
		return time.Time{}, false
	}
	entry := d.Punches[len(d.Punches)-1].At
	hours, lunch, end := c.Hours[day.weekday()], c.Lunch, (day+1).moment(0, p.Location)
	if p.Shift != nil {
		hours, lunch = p.Shift.required(p.End.Sub(p.Start)), 0
		for _, b := range p.Shift.Breaks {
			if b.Rule == BreakDeducted || b.Rule == BreakPunched {
				lunch += time.Duration(b.minutes()) * time.Minute
			}
		}
		if _, grace := p.earliness(); !grace.IsZero() {
			end = grace.Add(p.Shift.EarlyGrace)
		} else {
			end = p.End
		}
	}
	switch {
	case p.Off || p.Holiday != "" || p.Leave == FullLeave:
		hours, lunch = 0, 0
	case p.Leave != NoLeave:
		hours, lunch = hours/2, 0 // who comes for half a day has no lunch
	}
	var worked, out time.Duration
	for i := 1; i < len(d.Punches); i++ {
		if length := d.Punches[i].At.Sub(d.Punches[i-1].At); i%2 == 1 {
			worked += length
		} else {
			out += length
		}
	}
	exit := entry.Add(max(0, hours-worked) + max(0, lunch-out))
	if hours <= worked {
		exit = entry
	}
	return maxTime(entry, minTime(exit, end)), true
}
