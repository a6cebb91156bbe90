package hajir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// The cases of the specification that concern times. Each test names its case.

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func clock(t testing.TB, s string) hajir.Clock {
	t.Helper()
	c, err := hajir.ParseClock(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shift is one with margins of two and four hours.
func shift(t testing.TB, id, start, end string, change ...func(*hajir.Shift)) hajir.Shift {
	t.Helper()
	s := hajir.Shift{
		ID: id, Name: id, Start: clock(t, start), End: clock(t, end), Before: 2 * time.Hour, After: 4 * time.Hour,
		LateGrace: 10 * time.Minute, Full: 7 * time.Hour, Half: 4 * time.Hour,
		Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd},
	}
	for _, c := range change {
		c(&s)
	}
	if err := s.Validate(); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return s
}

// planOf plans each date's shift; dates that are not named have none.
func planOf(loc *time.Location, shifts []hajir.Shift, roster map[string]string) hajir.Plan {
	known := map[string]hajir.Shift{}
	for _, s := range shifts {
		known[s.ID] = s
	}
	var entries []hajir.RosterEntry
	for date, id := range roster {
		entries = append(entries, hajir.RosterEntry{Date: date, Shift: id})
	}
	return hajir.NewPlan(loc, 0, hajir.Schedule{Shifts: known}, nil, entries)
}

// daily plans one shift for every day.
func daily(loc *time.Location, s hajir.Shift) hajir.Plan {
	week := hajir.Week{s.ID, s.ID, s.ID, s.ID, s.ID, s.ID, s.ID}
	return hajir.NewPlan(loc, 0, hajir.Schedule{
		Shifts:   map[string]hajir.Shift{s.ID: s},
		Patterns: map[string]hajir.Pattern{"p": {ID: "p", Weeks: []hajir.Week{week}}},
	}, []hajir.Assignment{{Scope: hajir.ScopeCompany, From: "2020-01-01", Pattern: "p"}}, nil)
}

func moments(t testing.TB, loc *time.Location, texts ...string) []time.Time {
	t.Helper()
	var all []time.Time
	for _, s := range texts {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, at)
	}
	return all
}

// punch records punches one by one, in the order given.
func place(plan hajir.Plan, at ...time.Time) map[string]hajir.Day {
	days := map[string]hajir.Day{}
	for _, t := range at {
		changed, _, _ := plan.Place(ordered(days), hajir.Punch{ID: t.UTC().Format(time.RFC3339Nano), At: t})
		for _, d := range changed {
			days[d.Date] = d
		}
	}
	for date, d := range days {
		if len(d.Punches) == 0 {
			delete(days, date)
		}
	}
	return days
}

func ordered(days map[string]hajir.Day) []hajir.Day {
	var all []hajir.Day
	for _, d := range days {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b hajir.Day) int { return hajir.DaysBetween(b.Date, a.Date) })
	return all
}

// show writes days as date: times, in order.
func show(loc *time.Location, days map[string]hajir.Day) string {
	var out strings.Builder
	for _, d := range ordered(days) {
		out.WriteString(d.Date[8:] + ":")
		for _, p := range d.Punches {
			sign := "+"
			if p.Direction == hajir.Exit {
				sign = "-"
			}
			out.WriteString(" " + sign + p.At.In(loc).Format("02T15:04"))
		}
		out.WriteString("; ")
	}
	return out.String()
}

func TestCase1NightShiftInKolkataHasNoOvertime(t *testing.T) {
	loc := location(t, "Asia/Kolkata")
	for _, from := range []hajir.OvertimeFrom{hajir.OvertimeAfterEnd, hajir.OvertimeAfterRequired} {
		s := shift(t, "night", "20:00", "04:00", func(s *hajir.Shift) { s.Overtime.From = from })
		plan := daily(loc, s)
		days := place(plan, moments(t, loc, "2026-03-02 20:00", "2026-03-03 04:00")...)
		if got, want := show(loc, days), "02: +02T20:00 -03T04:00; "; got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		on := plan.On("2026-03-02")
		r := on.Reckon(days["2026-03-02"], moments(t, loc, "2026-03-04 12:00")[0])
		if r.Overtime != 0 || r.Worked != 8*time.Hour || r.Status != hajir.StatusPresent || r.Late != 0 || r.Early != 0 {
			t.Errorf("overtime from %s: %+v", from, r)
		}
	}
	// In UTC this shift begins and ends on one date, which is another one's at
	// its end: 14:30 to 22:30. The date is the start's in Kolkata.
	morning := daily(loc, shift(t, "early", "02:00", "10:00"))
	days := place(morning, moments(t, loc, "2026-03-03 02:00", "2026-03-03 10:00")...)
	if got, want := show(loc, days), "03: +03T02:00 -03T10:00; "; got != want {
		t.Errorf("02:00 is still yesterday in UTC: %s, want %s", got, want)
	}
}

func TestCase2ExitAtMidnightBelongsToTheEndingDay(t *testing.T) {
	loc := location(t, "Asia/Kathmandu")
	late := shift(t, "late", "16:00", "00:00")
	for name, plan := range map[string]hajir.Plan{
		"a shift until midnight": daily(loc, late),
		"no shift":               planOf(loc, nil, nil),
	} {
		days := place(plan, moments(t, loc, "2026-03-02 16:00", "2026-03-03 00:00", "2026-03-03 16:00", "2026-03-04 00:00")...)
		if got, want := show(loc, days), "02: +02T16:00 -03T00:00; 03: +03T16:00 -04T00:00; "; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	// Also after more hours than an open day otherwise lasts past midnight.
	days := place(planOf(loc, nil, nil), moments(t, loc, "2026-03-02 09:00", "2026-03-03 00:00")...)
	if got, want := show(loc, days), "02: +02T09:00 -03T00:00; "; got != want {
		t.Errorf("fifteen hours: %s, want %s", got, want)
	}
}

func TestCase3NightExitClosesTheEarlierShift(t *testing.T) {
	loc := location(t, "Asia/Kathmandu")
	shifts := []hajir.Shift{shift(t, "night", "22:00", "06:00"), shift(t, "day", "07:00", "15:00")}
	plan := planOf(loc, shifts, map[string]string{"2026-03-02": "night", "2026-03-03": "day"})
	for name, tt := range map[string]struct {
		at   []string
		want string
	}{
		"leaves at the end":              {[]string{"2026-03-02 21:55", "2026-03-03 06:02", "2026-03-03 06:58", "2026-03-03 15:01"}, "02: +02T21:55 -03T06:02; 03: +03T06:58 -03T15:01; "},
		"leaves nearer to the next":      {[]string{"2026-03-02 21:55", "2026-03-03 06:50"}, "02: +02T21:55 -03T06:50; "},
		"leaves after the next began":    {[]string{"2026-03-02 21:55", "2026-03-03 07:20"}, "02: +02T21:55 -03T07:20; "},
		"did not come at night":          {[]string{"2026-03-03 06:10", "2026-03-03 15:00"}, "03: +03T06:10 -03T15:00; "},
		"comes back for the next one":    {[]string{"2026-03-02 22:00", "2026-03-03 06:05", "2026-03-03 06:10", "2026-03-03 15:00"}, "02: +02T22:00 -03T06:05; 03: +03T06:10 -03T15:00; "},
		"goes out for a break at night":  {[]string{"2026-03-02 22:00", "2026-03-03 05:10", "2026-03-03 05:40", "2026-03-03 06:00"}, "02: +02T22:00 -03T05:10 +03T05:40 -03T06:00; "},
		"forgot to leave, comes at noon": {[]string{"2026-03-02 22:00", "2026-03-03 12:00"}, "02: +02T22:00; 03: +03T12:00; "},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(loc, place(plan, moments(t, loc, tt.at...)...)); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestCase4AutomaticExit(t *testing.T) {
	loc := location(t, "Asia/Kathmandu")
	lunch := hajir.Break{From: clock(t, "13:00"), To: clock(t, "14:00"), Rule: hajir.BreakDeducted}
	office := shift(t, "office", "10:00", "17:00", func(s *hajir.Shift) { s.Breaks, s.Full = []hajir.Break{lunch}, 6*time.Hour })
	closing := hajir.Closing{Lunch: time.Hour}
	for d := range closing.Hours {
		closing.Hours[d] = 8 * time.Hour
	}
	closing.Hours[time.Friday], closing.Hours[time.Saturday] = 3*time.Hour, 0
	for name, tt := range map[string]struct {
		date  string
		shift bool
		leave hajir.Leave
		at    []string
		want  string
	}{
		"eight hours are hours, and lunch is added":       {"2026-03-02", false, "", []string{"09:00"}, "18:00"},
		"a lunch that was taken is not added again":       {"2026-03-02", false, "", []string{"09:00", "12:00", "13:00"}, "18:00"},
		"a part of lunch was taken":                       {"2026-03-02", false, "", []string{"09:00", "12:00", "12:30"}, "18:00"},
		"Friday is short, by the local weekday":           {"2026-03-06", false, "", []string{"00:30"}, "04:30"}, // still Thursday in UTC
		"half a day of leave is half the hours, no lunch": {"2026-03-02", false, hajir.SecondHalf, []string{"09:00"}, "13:00"},
		"on leave nothing is guessed":                     {"2026-03-02", false, hajir.FullLeave, []string{"09:00"}, "09:00"},
		"a day off without hours":                         {"2026-03-07", false, "", []string{"09:00"}, "09:00"},
		"never past midnight":                             {"2026-03-02", false, "", []string{"20:00"}, "24:00"},
		"a shift's own hours":                             {"2026-03-02", true, "", []string{"10:00"}, "17:00"},
		"never past the shift's end":                      {"2026-03-02", true, "", []string{"11:30"}, "17:00"},
		"half a day of a shift":                           {"2026-03-02", true, hajir.SecondHalf, []string{"10:00"}, "13:00"},
		"came after the end":                              {"2026-03-02", true, "", []string{"18:00"}, "18:00"},
		"a closed day has its exit":                       {"2026-03-02", false, "", []string{"09:00", "17:00"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			plan := planOf(loc, nil, nil)
			if tt.shift {
				plan = daily(loc, office)
			}
			plan.Leave = map[string]hajir.Leave{tt.date: tt.leave}
			d := hajir.Day{Date: tt.date}
			for _, at := range tt.at {
				d, _ = d.Record(hajir.Punch{At: moments(t, loc, tt.date+" "+at)[0]})
			}
			got, ok := plan.On(tt.date).ExitFor(d, closing)
			if want := tt.want != ""; ok != want {
				t.Fatalf("ok = %v, want %v", ok, want)
			}
			midnight := moments(t, loc, tt.date+" 00:00")[0]
			if s := hajir.Hours(got.Sub(midnight)); ok && s != hajir.Hours(asDuration(t, tt.want)) {
				t.Errorf("the exit is at %s, want %s", s, tt.want)
			}
		})
	}
}

func asDuration(t testing.TB, s string) time.Duration {
	t.Helper()
	var h, m int
	if _, err := fmt.Sscanf(s, "%d:%d", &h, &m); err != nil {
		t.Fatal(s, err)
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
}

func TestCase5ForgottenExit(t *testing.T) {
	loc := location(t, "Asia/Kathmandu")
	day := shift(t, "day", "09:00", "17:00")
	now := moments(t, loc, "2026-03-10 12:00")[0]
	for name, tt := range map[string]struct {
		plan    hajir.Plan
		at      []string
		want    string
		flagged string // the date whose exit is missing
	}{
		"next morning is an entry, without a shift": {planOf(loc, nil, nil), []string{"2026-03-02 09:00", "2026-03-03 09:00", "2026-03-03 17:00"}, "02: +02T09:00; 03: +03T09:00 -03T17:00; ", "2026-03-02"},
		"next morning is an entry, with a shift":    {daily(loc, day), []string{"2026-03-02 09:00", "2026-03-03 09:00", "2026-03-03 17:00"}, "02: +02T09:00; 03: +03T09:00 -03T17:00; ", "2026-03-02"},
		"22:00 to 02:00 pairs, without a shift":     {planOf(loc, nil, nil), []string{"2026-03-02 22:00", "2026-03-03 02:00", "2026-03-03 09:00", "2026-03-03 17:00"}, "02: +02T22:00 -03T02:00; 03: +03T09:00 -03T17:00; ", ""},
		"22:00 to 02:00 pairs, with a day shift":    {daily(loc, day), []string{"2026-03-02 09:00", "2026-03-02 17:00", "2026-03-02 22:00", "2026-03-03 02:00", "2026-03-03 09:00", "2026-03-03 17:05"}, "02: +02T09:00 -02T17:00 +02T22:00 -03T02:00; 03: +03T09:00 -03T17:05; ", ""},
		"came in the evening, forgot, next morning": {planOf(loc, nil, nil), []string{"2026-03-02 22:00", "2026-03-03 09:00", "2026-03-03 17:00"}, "02: +02T22:00; 03: +03T09:00 -03T17:00; ", "2026-03-02"},
		"night after night without a shift":         {planOf(loc, nil, nil), []string{"2026-03-02 22:00", "2026-03-03 06:00", "2026-03-03 22:00", "2026-03-04 06:00"}, "02: +02T22:00 -03T06:00; 03: +03T22:00 -04T06:00; ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			days := place(tt.plan, moments(t, loc, tt.at...)...)
			if got := show(loc, days); got != tt.want {
				t.Fatalf("%s, want %s", got, tt.want)
			}
			for _, d := range days {
				r := tt.plan.On(d.Date).Reckon(d, now)
				if want := d.Date == tt.flagged; r.Flagged(hajir.FlagMissingExit) != want {
					t.Errorf("%s: flags %v", d.Date, r.Flags)
				}
				if d.Date == tt.flagged && (r.Worked != 0 || !r.Last.IsZero()) {
					t.Errorf("%s: worked %v until %v was guessed", d.Date, r.Worked, r.Last)
				}
			}
		})
	}
}

func TestCase6ClockChangesAndOffsets(t *testing.T) {
	for name, tt := range map[string]struct {
		zone, start, end string
		at               []string
		want             string
		worked           time.Duration
	}{
		"a night of 7 hours on the day of 23":    {"Europe/Berlin", "22:00", "06:00", []string{"2026-03-28 22:00", "2026-03-29 06:00"}, "28: +28T22:00 -29T06:00; ", 7 * time.Hour},
		"a night of 9 hours on the day of 25":    {"Europe/Berlin", "22:00", "06:00", []string{"2026-10-24 22:00", "2026-10-25 06:00"}, "24: +24T22:00 -25T06:00; ", 9 * time.Hour},
		"the day of 23 hours itself":             {"Europe/Berlin", "00:00", "00:00", []string{"2026-03-29 00:00", "2026-03-30 00:00"}, "29: +29T00:00 -30T00:00; ", 23 * time.Hour},
		"the day of 25 hours itself":             {"Europe/Berlin", "00:00", "00:00", []string{"2026-10-25 00:00", "2026-10-26 00:00"}, "25: +25T00:00 -26T00:00; ", 25 * time.Hour},
		"offset zero":                            {"Africa/Abidjan", "20:00", "04:00", []string{"2026-03-02 20:00", "2026-03-03 04:00"}, "02: +02T20:00 -03T04:00; ", 8 * time.Hour},
		"an offset of 45 minutes":                {"Asia/Kathmandu", "00:30", "08:30", []string{"2026-03-03 00:20", "2026-03-03 08:30"}, "03: +03T00:20 -03T08:30; ", 8*time.Hour + 10*time.Minute},
		"an offset of 45 minutes, by the window": {"Asia/Kathmandu", "00:30", "08:30", []string{"2026-03-02 23:50", "2026-03-03 08:30"}, "03: +02T23:50 -03T08:30; ", 8*time.Hour + 40*time.Minute},
		"midnight is skipped on the way":         {"Asia/Beirut", "22:00", "06:00", []string{"2026-03-28 22:00", "2026-03-29 06:00"}, "28: +28T22:00 -29T06:00; ", 7 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			loc := location(t, tt.zone)
			s := shift(t, "s", tt.start, tt.end, func(s *hajir.Shift) { s.Overtime.From = hajir.OvertimeAfterRequired })
			plan := daily(loc, s)
			days := place(plan, moments(t, loc, tt.at...)...)
			if got := show(loc, days); got != tt.want {
				t.Fatalf("%s, want %s", got, tt.want)
			}
			d := ordered(days)[0]
			r := plan.On(d.Date).Reckon(d, d.Punches[1].At.Add(48*time.Hour))
			if r.Worked != tt.worked {
				t.Errorf("worked %v, want %v", r.Worked, tt.worked)
			}
			// A shift that was kept exactly has no overtime, however long the night.
			if early := r.Start.Sub(r.First); r.Overtime != early || r.Late != 0 || r.Early != 0 {
				t.Errorf("late %v, early %v, overtime %v", r.Late, r.Early, r.Overtime)
			}
		})
	}
}

func TestCase9RepeatWindowAndKey(t *testing.T) {
	at := moments(t, time.UTC, "2026-03-02 09:00")[0]
	d, _ := hajir.Day{}.Record(hajir.Punch{ID: "first", At: at, Key: "k", By: "kiosk"})
	for range 100 {
		if p, ok := d.Recorded(hajir.Punch{At: at.Add(time.Second)}, 2*time.Minute); !ok || p.ID != "first" {
			t.Fatal("a hundred punches within the window are not one")
		}
	}
	if p, ok := d.Recorded(hajir.Punch{At: at.Add(30 * time.Hour), Key: "k", By: "kiosk"}, 0); !ok || p.ID != "first" {
		t.Error("a replay with the same key does not find the first")
	}
}

func TestCase10LateBatchOutOfOrder(t *testing.T) {
	loc := location(t, "Asia/Kathmandu")
	at := moments(t, loc, "2026-03-02 22:00", "2026-03-03 02:00", "2026-03-03 02:30", "2026-03-03 06:00",
		"2026-03-03 22:00", "2026-03-04 06:00", "2026-03-04 22:00", "2026-03-05 05:30")
	for name, plan := range map[string]hajir.Plan{
		"without a shift": planOf(loc, nil, nil),
		"with a shift":    daily(loc, shift(t, "night", "22:00", "06:00")),
	} {
		want := show(loc, place(plan, at...))
		backwards := slices.Clone(at)
		slices.Reverse(backwards)
		if got := show(loc, place(plan, backwards...)); got != want {
			t.Errorf("%s, backwards: %s, want %s", name, got, want)
		}
		for i := range at { // one comes when all others have
			late := slices.Concat(at[:i], at[i+1:], at[i:i+1])
			if got := show(loc, place(plan, late...)); got != want {
				t.Errorf("%s, punch %d late: %s, want %s", name, i, got, want)
			}
		}
	}
}

// Who, when, before and after are the audit trail's matter; that an edit
// recomputes overtime and status is this one's.
func TestCase11EditRecomputes(t *testing.T) {
	loc := location(t, "Asia/Kathmandu")
	plan := daily(loc, shift(t, "day", "09:00", "17:00"))
	now := moments(t, loc, "2026-03-04 12:00")[0]
	days := place(plan, moments(t, loc, "2026-03-02 09:00", "2026-03-02 13:30")...)
	before := plan.On("2026-03-02").Reckon(days["2026-03-02"], now)
	if before.Status != hajir.StatusHalfDay || before.Overtime != 0 || before.Early != 3*time.Hour+30*time.Minute {
		t.Fatalf("before: %+v", before)
	}
	d := days["2026-03-02"]
	d.Punches[1].At = moments(t, loc, "2026-03-02 18:30")[0]
	after := plan.On("2026-03-02").Reckon(d, now)
	if after.Status != hajir.StatusPresent || after.Overtime != 90*time.Minute || after.Early != 0 {
		t.Errorf("after: %+v", after)
	}
}
