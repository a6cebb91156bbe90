package hajir

import (
	"slices"
	"time"
)

// Status is what a day counts as.
type Status string

// The statuses.
const (
	StatusPresent   Status = "present"
	StatusLate      Status = "late"     // present, and came later than the grace allows
	StatusHalfDay   Status = "half_day" // worked for half a day, and not for a full one
	StatusAbsent    Status = "absent"   // did not come, or worked for less than half a day
	StatusOnLeave   Status = "on_leave"
	StatusHoliday   Status = "holiday"
	StatusWeeklyOff Status = "weekly_off"
	StatusExpected  Status = "expected" // the day is not over, and nobody came yet
	StatusNone      Status = "none"     // not employed on that date
)

// Flag is something about a day that somebody should look at.
type Flag string

// The flags.
const (
	FlagMissingExit   Flag = "missing_exit"    // the last entry has no exit: when the person left is not known
	FlagShort         Flag = "short"           // worked for less than half a day
	FlagNotHere       Flag = "not_here"        // expected, and later than the grace allows
	FlagWorkedOff     Flag = "worked_off"      // worked on a weekly off or a holiday
	FlagWorkedOnLeave Flag = "worked_on_leave" // worked on a day of leave
	FlagQueued        Flag = "queued"          // has a punch whose time a client claimed
	FlagAutoExit      Flag = "auto_exit"       // the exit is a guess of the day close
	FlagCorrected     Flag = "corrected"       // a punch was added, moved or removed by hand
)

// Reckoning is what a day comes to. It is derived from punches and plan
// whenever it is asked for, and stored nowhere.
type Reckoning struct {
	Planned
	Status      Status
	First, Last time.Time     // first entry and last exit; zero: none, or not yet
	Required    time.Duration // what the plan asks for
	// Worked and Break are elapsed time and add up to the time from the first
	// entry to the last exit, without the stretches after a missing exit.
	Worked, Break         time.Duration
	Late, Early, Overtime time.Duration // in whole minutes
	Running               bool          // the person is in, and Worked counts up to now
	Flags                 []Flag
}

// Flagged says whether f is among the flags.
func (r Reckoning) Flagged(f Flag) bool {
	for _, g := range r.Flags {
		if g == f {
			return true
		}
	}
	return false
}

// Reckon derives what the day comes to at now.
func (p Planned) Reckon(d Day, now time.Time) Reckoning {
	r := Reckoning{Planned: p, Required: p.required()}
	open := d.In()
	d = d.Filled()
	if open && !d.In() {
		r.Flags = append(r.Flags, FlagAutoExit)
	}
	if d.corrected() {
		r.Flags = append(r.Flags, FlagCorrected)
	}
	if len(d.Punches) == 0 {
		r.Status = p.without(now)
		if _, grace := p.lateness(); r.Status == StatusExpected && !grace.IsZero() && now.After(grace) {
			r.Flags = append(r.Flags, FlagNotHere)
		}
		return r
	}
	last := d.Punches[len(d.Punches)-1].At
	r.First = d.Punches[0].At
	r.Running = d.In() && p.runs(last, now)
	switch {
	case !d.In():
		r.Last = last
	case !r.Running:
		r.Flags = append(r.Flags, FlagMissingExit)
	}
	var buf [8]stretch
	in := presence(buf[:0], d, r.Running, now)
	r.Worked, r.Break = p.work(in)
	if p.Off || p.Holiday != "" {
		r.offDay()
	} else {
		r.workDay(in, now)
	}
	for _, q := range d.Punches {
		if !q.Received.IsZero() && !q.Source.Filed() { // what a file tells was looked at before it was taken
			r.Flags = append(r.Flags, FlagQueued)
			break
		}
	}
	return r
}

// corrected says whether a punch was added, moved or removed by hand.
func (d Day) corrected() bool {
	return len(d.Struck) > 0 || slices.ContainsFunc(d.Punches, func(q Punch) bool { return q.Correction != "" })
}

// offDay: on a day off all work is overtime.
func (r *Reckoning) offDay() {
	r.Status = StatusWeeklyOff
	if r.Holiday != "" {
		r.Status = StatusHoliday
	}
	r.Overtime = r.Worked.Truncate(time.Minute)
	r.Flags = append(r.Flags, FlagWorkedOff)
}

func (r *Reckoning) workDay(in []stretch, now time.Time) {
	p := &r.Planned
	if start, grace := p.lateness(); !start.IsZero() && r.First.Truncate(time.Minute).After(grace) {
		r.Late = r.First.Sub(start).Truncate(time.Minute)
	}
	if end, grace := p.earliness(); !end.IsZero() && !r.Last.IsZero() && !r.Flagged(FlagAutoExit) && !now.Before(end) && r.Last.Before(grace) {
		r.Early = end.Sub(r.Last).Truncate(time.Minute)
	}
	r.Overtime = p.overtime(in, r.Worked)
	if p.Leave == FullLeave {
		r.Flags = append(r.Flags, FlagWorkedOnLeave)
	}
	r.Status = StatusPresent
	if r.Late > 0 {
		r.Status = StatusLate
	}
	// What a day without exit comes to is not known: nobody loses pay to a
	// forgotten punch before somebody has looked.
	if p.Shift == nil || r.Last.IsZero() || now.Before(p.End) {
		return
	}
	full, half := p.Shift.Full, p.Shift.Half
	if p.Leave == FirstHalf || p.Leave == SecondHalf {
		full = half
	}
	switch {
	case r.Worked >= full:
	case r.Worked >= half:
		r.Status = StatusHalfDay
	default:
		r.Status = StatusAbsent
		r.Flags = append(r.Flags, FlagShort)
	}
}

// without returns the status of a day on which nobody came.
func (p *Planned) without(now time.Time) Status {
	switch {
	case p.Holiday != "":
		return StatusHoliday
	case p.Off:
		return StatusWeeklyOff
	case p.Leave == FullLeave:
		return StatusOnLeave
	case p.over(now):
		return StatusAbsent
	}
	return StatusExpected
}

// runs says whether somebody who came last at entry may still be in.
func (p *Planned) runs(entry, now time.Time) bool {
	return p.Shift != nil && !now.After(p.To) || now.Sub(entry) <= OpenFor || DateAt(now, p.Location) == p.Date
}

// required returns the hours that the date asks for: none on days off, half on
// half a day of leave.
func (p *Planned) required() time.Duration {
	if p.Shift == nil || p.Off || p.Holiday != "" || p.Leave == FullLeave {
		return 0
	}
	all := p.Shift.required(p.End.Sub(p.Start))
	if p.Leave != NoLeave {
		return all / 2
	}
	return all
}

// middle is where the halves of a day of leave meet.
func (p *Planned) middle() time.Time {
	return p.Start.Add(p.End.Sub(p.Start) / 2).Truncate(time.Minute)
}

// lateness returns when the person should be there, and until when nobody
// minds; zero when there is no such time.
func (p *Planned) lateness() (start, grace time.Time) {
	switch {
	case p.Shift == nil || p.Leave == FullLeave || p.Shift.Flexible && p.Shift.Core == nil:
		return start, grace
	case p.Leave == FirstHalf:
		start = p.middle()
	case p.Shift.Flexible:
		start = p.at(p.Shift.Core.From)
	default:
		start = p.Start
	}
	return start, start.Add(p.Shift.LateGrace)
}

// earliness returns until when the person should be there, and from when nobody
// minds; zero when there is no such time.
func (p *Planned) earliness() (end, grace time.Time) {
	switch {
	case p.Shift == nil || p.Leave == FullLeave || p.Shift.Flexible && p.Shift.Core == nil:
		return end, grace
	case p.Leave == SecondHalf:
		end = p.middle()
	case p.Shift.Flexible:
		end = p.at(p.Shift.Core.To)
	default:
		end = p.End
	}
	return end, end.Add(-p.Shift.EarlyGrace)
}

// overtime returns what counts as overtime of the stretches of presence.
func (p *Planned) overtime(in []stretch, worked time.Duration) time.Duration {
	if p.Shift == nil {
		return 0
	}
	switch p.Shift.Overtime.From {
	case OvertimeAfterEnd:
		var after time.Duration
		for _, s := range in {
			after += s.within(stretch{p.End, s.to})
		}
		return p.Shift.Overtime.count(after)
	case OvertimeAfterRequired:
		return p.Shift.Overtime.count(worked - p.required())
	case OvertimeNone:
	}
	return 0
}

// stretch is a time from–to.
type stretch struct{ from, to time.Time }

// within returns how much of s lies in t.
func (s stretch) within(t stretch) time.Duration {
	return max(0, minTime(s.to, t.to).Sub(maxTime(s.from, t.from)))
}

// presence appends the stretches in which the day's person was in.
func presence(in []stretch, d Day, running bool, now time.Time) []stretch {
	for i := 1; i < len(d.Punches); i += 2 {
		in = append(in, stretch{d.Punches[i-1].At, d.Punches[i].At})
	}
	if running {
		entry := d.Punches[len(d.Punches)-1].At
		in = append(in, stretch{entry, maxTime(entry, now)})
	}
	return in
}

// work returns the time worked in the stretches of presence, and the time
// between their beginning and end that was not.
func (p *Planned) work(in []stretch) (worked, pause time.Duration) {
	var out time.Duration // time out between them that no break of a fixed time has
	for i, s := range in {
		worked += s.to.Sub(s.from)
		if i > 0 {
			out += s.from.Sub(in[i-1].to)
		}
	}
	if len(in) == 0 || p.Shift == nil || p.Off || p.Holiday != "" {
		return worked, out
	}
	whole := worked + out
	for _, b := range p.Shift.Breaks {
		if b.Length > 0 {
			continue
		}
		from := p.at(b.From)
		at := stretch{from, from.Add(time.Duration(b.minutes()) * time.Minute)}
		for i, s := range in {
			if b.Rule == BreakDeducted {
				worked -= s.within(at)
			}
			if i > 0 {
				gap := stretch{in[i-1].to, s.from}.within(at)
				out -= gap
				if b.Rule == BreakPaid {
					worked += gap
				}
			}
		}
	}
	for _, b := range p.Shift.Breaks {
		if b.Length == 0 {
			continue
		}
		taken := min(out, b.Length)
		out -= taken
		switch b.Rule {
		case BreakPaid:
			worked += taken
		case BreakDeducted:
			// Who stays for half a day has no such break to take.
			worked -= min(b.Length-taken, max(0, worked-p.Shift.Half))
		case BreakPunched:
		}
	}
	return worked, whole - worked
}
