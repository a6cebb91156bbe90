package hajir

import "time"

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
