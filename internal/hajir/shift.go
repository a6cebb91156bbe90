package hajir

import (
	"fmt"
	"slices"
	"time"
)

// Shift is a stretch of work that a company plans. It belongs to the date on
// which it starts.
type Shift struct {
	ID      string // a UUID
	Company string
	Name    string
	// Start and End are local wall-clock times. An End at or before the Start
	// is on the next day. Of a flexible shift they are the span in which its
	// hours may be worked.
	Start, End Clock
	// Flexible: there is no fixed start. Full hours are asked for, and between
	// Core's times, if there is a core, everybody is there.
	Flexible bool
	Core     *Core
	// LateGrace and EarlyGrace are how much later than the start, and earlier
	// than the end, nobody minds.
	LateGrace, EarlyGrace time.Duration
	Breaks                []Break
	// Before and After are how long before the start and after the end punches
	// belong to the shift.
	Before, After time.Duration
	// Full and Half are the least time worked for a full day and half a day.
	Full, Half time.Duration
	Overtime   Overtime
	Retired    bool // kept for the days that had it, and not planned any more
	Version    int  // grows by one with every stored change; zero means never stored
}

// Core is when everybody of a flexible shift is there.
type Core struct{ From, To Clock }

// Break is a pause in a shift: at a fixed time, or of a length at any time.
type Break struct {
	Name     string
	From, To Clock         // of a break at a fixed time
	Length   time.Duration // of a break at any time; zero: it has a fixed time
	Rule     BreakRule
}

// BreakRule says what a break does to the time worked.
type BreakRule string

// The rules of breaks.
const (
	BreakPaid     BreakRule = "paid"     // being out in it counts as worked
	BreakDeducted BreakRule = "deducted" // it is taken off, whether or not it was punched
	BreakPunched  BreakRule = "punched"  // it is as long as the punches say
)

// Overtime is from when work counts as overtime, and how it is rounded.
type Overtime struct {
	From  OvertimeFrom
	Step  time.Duration // it is rounded down to whole steps; zero: to the minute
	Least time.Duration // less than this is none
}

// OvertimeFrom says from when work counts as overtime.
type OvertimeFrom string

// The beginnings of overtime.
const (
	OvertimeNone          OvertimeFrom = "none"     // there is none
	OvertimeAfterEnd      OvertimeFrom = "end"      // work after the shift's end
	OvertimeAfterRequired OvertimeFrom = "required" // work beyond the hours asked for
)

// The bounds of a shift. With them a punch belongs to a shift that starts at
// most two dates before it and one after.
const (
	MaxMargin = 12 * time.Hour // of Before and After
	MaxGrace  = 4 * time.Hour
	MaxBreaks = 6
)

// span returns the shift's length by the clock, 1 to 1440 minutes.
func (s Shift) span() int {
	if n := s.End.after(s.Start); n > 0 {
		return n
	}
	return minutesADay
}

// minutes returns the break's length by the clock.
func (b Break) minutes() int {
	if b.Length > 0 {
		return int(b.Length.Minutes())
	}
	return b.To.after(b.From)
}

// Required returns the hours that the shift asks for on an ordinary day: its
// length without unpaid breaks, or the full day of a flexible one.
func (s Shift) Required() time.Duration {
	return s.required(time.Duration(s.span()) * time.Minute)
}

// required is Required on a day on which the shift lasts length: clocks may be
// changed within it.
func (s Shift) required(length time.Duration) time.Duration {
	if s.Flexible {
		return s.Full
	}
	for _, b := range s.Breaks {
		if b.Rule != BreakPaid {
			length -= time.Duration(b.minutes()) * time.Minute
		}
	}
	return max(0, length)
}

// Validate returns an Invalid error that names the first thing wrong with s.
func (s Shift) Validate() error {
	if err := validateText("the shift's name", s.Name, 1, 100); err != nil {
		return err
	}
	for _, c := range []Clock{s.Start, s.End} {
		if c < 0 || c >= minutesADay {
			return Errorf(Invalid, "a shift starts and ends between 00:00 and 23:59")
		}
	}
	switch {
	case !between(s.LateGrace, MaxGrace) || !between(s.EarlyGrace, MaxGrace):
		return Errorf(Invalid, "the grace for coming late and leaving early must lie between 0 minutes and 4 hours")
	case !between(s.Before, MaxMargin) || !between(s.After, MaxMargin):
		return Errorf(Invalid, "punches can belong to a shift from at most 12 hours before its start to at most 12 hours after its end")
	}
	if err := s.validateBreaks(); err != nil {
		return err
	}
	if err := s.validateHours(); err != nil {
		return err
	}
	return s.Overtime.validate()
}

func (s Shift) validateHours() error {
	most := s.Required()
	if s.Flexible {
		most = time.Duration(s.span()) * time.Minute
		if s.Full < time.Minute {
			return Errorf(Invalid, "a flexible shift needs the hours of a full day")
		}
	}
	switch {
	case most <= 0:
		return Errorf(Invalid, "the breaks are as long as the shift; shorten them")
	case !between(s.Full, most):
		return Errorf(Invalid, "a full day can ask for at most the shift's length without unpaid breaks, which is %s", Hours(most))
	case !between(s.Half, s.Full):
		return Errorf(Invalid, "half a day can ask for at most what a full day does")
	case s.Core != nil && !s.Flexible:
		return Errorf(Invalid, "only a flexible shift has core hours")
	case s.Core != nil && !s.within(s.Core.From, s.Core.To):
		return Errorf(Invalid, "the core hours must lie within the shift")
	}
	return nil
}

func (s Shift) validateBreaks() error {
	if len(s.Breaks) > MaxBreaks {
		return Errorf(Invalid, "a shift may have at most %d breaks", MaxBreaks)
	}
	var fixed []Break
	for _, b := range s.Breaks {
		if err := validateText("the break's name", b.Name, 0, 100); err != nil {
			return err
		}
		if !slices.Contains([]BreakRule{BreakPaid, BreakDeducted, BreakPunched}, b.Rule) {
			return Errorf(Invalid, "a break is paid, deducted or punched")
		}
		switch {
		case b.Length != 0 && (b.Length < time.Minute || int(b.Length.Minutes()) > s.span()):
			return Errorf(Invalid, "a break lasts at least a minute and no longer than the shift")
		case b.Length != 0:
		case s.Flexible:
			return Errorf(Invalid, "a break of a flexible shift has a length and no fixed time")
		case !s.within(b.From, b.To):
			return Errorf(Invalid, "the break from %s to %s is not within the shift", b.From, b.To)
		default:
			fixed = append(fixed, b)
		}
	}
	slices.SortFunc(fixed, func(a, b Break) int { return a.From.after(s.Start) - b.From.after(s.Start) })
	for i := 1; i < len(fixed); i++ {
		if fixed[i].From.after(s.Start) < fixed[i-1].From.after(s.Start)+fixed[i-1].minutes() {
			return Errorf(Invalid, "the breaks from %s and from %s overlap", fixed[i-1].From, fixed[i].From)
		}
	}
	return nil
}

// within says whether from–to is a stretch within the shift.
func (s Shift) within(from, to Clock) bool {
	begins, lasts := from.after(s.Start), to.after(from)
	return from >= 0 && from < minutesADay && to >= 0 && to < minutesADay && lasts > 0 && begins+lasts <= s.span()
}

func (o Overtime) validate() error {
	switch {
	case !slices.Contains([]OvertimeFrom{OvertimeNone, OvertimeAfterEnd, OvertimeAfterRequired}, o.From):
		return Errorf(Invalid, "overtime counts from none, end or required")
	case !between(o.Step, 4*time.Hour) || !between(o.Least, 12*time.Hour):
		return Errorf(Invalid, "overtime is rounded to at most 4 hours, and needs at most 12 hours to count")
	}
	return nil
}

// count rounds overtime as the rule says.
func (o Overtime) count(d time.Duration) time.Duration {
	if d < o.Least {
		return 0
	}
	return max(0, d.Truncate(max(o.Step, time.Minute)))
}

func between(d, most time.Duration) bool { return d >= 0 && d <= most }

// Hours writes a duration as 7:30, in hours and minutes.
func Hours(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	return fmt.Sprintf("%s%d:%02d", sign, d/time.Hour, d%time.Hour/time.Minute)
}
