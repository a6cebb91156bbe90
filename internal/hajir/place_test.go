package hajir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// life is a person's plan and punches, made up.
type life struct {
	plan    hajir.Plan
	punches []hajir.Punch
}

const firstDate = "2026-03-26" // clocks change in Berlin on the 29th

var zones = []string{"Asia/Kathmandu", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "UTC", "Pacific/Kiritimati"}

func drawShift(t *rapid.T, id string) hajir.Shift {
	minutes := func(name string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(t, name)) * time.Minute
	}
	s := hajir.Shift{
		ID: id, Name: id,
		Start: hajir.Clock(rapid.IntRange(0, 1439).Draw(t, "start")), End: hajir.Clock(rapid.IntRange(0, 1439).Draw(t, "end")),
		Flexible: rapid.Bool().Draw(t, "flexible"), LateGrace: minutes("late", 30), EarlyGrace: minutes("early", 30),
		Before: minutes("before", 720), After: minutes("after", 720),
		Overtime: hajir.Overtime{
			From: rapid.SampledFrom([]hajir.OvertimeFrom{hajir.OvertimeNone, hajir.OvertimeAfterEnd, hajir.OvertimeAfterRequired}).Draw(t, "overtime"),
			Step: minutes("step", 30), Least: minutes("least", 60),
		},
	}
	rule := rapid.SampledFrom([]hajir.BreakRule{hajir.BreakPaid, hajir.BreakDeducted, hajir.BreakPunched})
	for range rapid.IntRange(0, 2).Draw(t, "breaks") {
		b := hajir.Break{Rule: rule.Draw(t, "rule"), Length: minutes("length", 60) + time.Minute}
		if !s.Flexible && rapid.Bool().Draw(t, "fixed") {
			b.Length = 0
			b.From = hajir.Clock(rapid.IntRange(0, 1439).Draw(t, "from"))
			b.To = (b.From + hajir.Clock(rapid.IntRange(1, 60).Draw(t, "lasts"))) % 1440
		}
		s.Breaks = append(s.Breaks, b)
	}
	if s.Flexible {
		s.Full = time.Minute
	}
	if s.Validate() != nil { // breaks that do not fit
		s.Breaks = nil
	}
	if s.Full = s.Required() / 2; s.Flexible {
		s.Full = time.Duration(rapid.IntRange(1, 60).Draw(t, "full")) * time.Minute
	}
	s.Half = s.Full / 2
	if s.Validate() != nil {
		s.Flexible, s.Full, s.Half = false, 0, 0
	}
	return s
}

func drawPlan(t *rapid.T) hajir.Plan {
	loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	shifts := map[string]hajir.Shift{}
	ids := []string{"", hajir.DayOff}
	for i := range rapid.IntRange(0, 3).Draw(t, "shifts") {
		id := fmt.Sprint("s", i)
		shifts[id] = drawShift(t, id)
		ids = append(ids, id)
	}
	var week hajir.Week
	for i := range week {
		week[i] = rapid.SampledFrom(ids).Draw(t, "weekday")
	}
	var roster []hajir.RosterEntry
	for i := range 12 {
		if len(ids) > 1 && rapid.IntRange(0, 3).Draw(t, "rostered") == 0 {
			roster = append(roster, hajir.RosterEntry{Date: hajir.AddDays(firstDate, i-1), Shift: rapid.SampledFrom(ids[1:]).Draw(t, "entry")})
		}
	}
	return hajir.NewPlan(loc, hajir.WeekdaysOf(time.Saturday), hajir.Schedule{
		Shifts: shifts, Patterns: map[string]hajir.Pattern{"p": {ID: "p", Weeks: []hajir.Week{week}}},
	}, []hajir.Assignment{{Scope: hajir.ScopeDepartment, From: hajir.AddDays(firstDate, 2), Pattern: "p"}}, roster)
}

func drawLife(t *rapid.T) life {
	l := life{plan: drawPlan(t)}
	start, err := time.ParseInLocation(time.DateOnly, firstDate, l.plan.Location)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range rapid.SliceOfNDistinct(rapid.IntRange(0, 9*24*60), 0, 24, rapid.ID[int]).Draw(t, "minutes") {
		l.punches = append(l.punches, hajir.Punch{ID: fmt.Sprint("p", m), At: start.Add(time.Duration(m) * time.Minute)})
	}
	return l
}

// store keeps days as an adapter would.
type store map[string]hajir.Day

func (s store) save(t *rapid.T, d hajir.Day) {
	if s[d.Date].Version != d.Version {
		t.Fatalf("%s is saved at version %d, but is at %d", d.Date, d.Version, s[d.Date].Version)
	}
	d.Version++
	s[d.Date] = d
}

func (s store) days() []hajir.Day { return ordered(s) }

// around returns what a check-in at t loads.
func (s store) around(loc *time.Location, at time.Time) []hajir.Day {
	from := hajir.AddDays(hajir.DateAt(at, loc), -2)
	return slices.DeleteFunc(s.days(), func(d hajir.Day) bool { return d.Date < from })
}

// keeps checks that every punch is kept exactly once, in days that alternate.
// The one named perhaps is not there yet.
func (s store) keeps(t *rapid.T, punches []hajir.Punch, perhaps ...string) {
	seen := map[string]int{}
	for _, d := range hajir.Once(s.days()) {
		for i, p := range d.Punches {
			seen[p.ID]++
			if (p.Direction == hajir.Entry) != (i%2 == 0) {
				t.Fatalf("%s: punch %d is an %s", d.Date, i, p.Direction)
			}
		}
	}
	for _, id := range perhaps {
		if seen[id] > 1 {
			t.Fatalf("punch %s is there %d times", id, seen[id])
		}
		delete(seen, id)
	}
	for _, p := range punches {
		if seen[p.ID] != 1 {
			t.Fatalf("punch %s is there %d times", p.ID, seen[p.ID])
		}
	}
	if len(seen) != len(punches) {
		t.Fatalf("%d punches of %d", len(seen), len(punches))
	}
}

// inOrder checks that no day has a punch before one of an earlier day.
func (s store) inOrder(t *rapid.T) {
	var last time.Time
	for _, d := range s.days() {
		for _, p := range d.Punches {
			if p.At.Before(last) {
				t.Fatalf("%s: %v comes after %v of an earlier day", d.Date, p.At, last)
			}
			last = p.At
		}
	}
}

func (s store) show() string {
	var out strings.Builder
	for _, d := range s.days() {
		for _, p := range d.Punches {
			fmt.Fprintln(&out, d.Date, p.Direction, p.ID)
		}
	}
	return out.String()
}

// Whatever the order of arrival, the days are those of a fresh computation from
// all punches; at no moment between two saves is a punch lost.
func TestAnyOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		order := rapid.Permutation(l.punches).Draw(t, "order")
		got := store{}
		for n, p := range order {
			changed, on, placed := l.plan.Place(got.around(l.plan.Location, p.At), p)
			if placed.ID != p.ID || placed.Direction == "" {
				t.Fatalf("placed as %+v", placed)
			}
			for _, d := range changed {
				got.save(t, d)
				got.keeps(t, order[:n], p.ID)
			}
			if d := got[on]; !slices.ContainsFunc(d.Punches, func(q hajir.Punch) bool { return q.ID == p.ID && q.Direction == placed.Direction }) {
				t.Fatalf("it is not on %s: %+v", on, d)
			}
			got.keeps(t, order[:n+1])
			got.inOrder(t)
			if again, _, _ := l.plan.Place(got.days(), p); len(again) > 0 {
				t.Fatalf("placing it again changes %+v", again)
			}
		}
		all := hajir.Day{Date: firstDate}
		for _, p := range l.punches {
			all, _ = all.Record(p)
		}
		want := store{}
		for _, d := range l.plan.Recompute([]hajir.Day{all}, "2026-01-01", "2026-12-31") {
			want[d.Date] = d
		}
		if len(want) == 0 && len(l.punches) > 0 { // all are where they were
			want[firstDate] = all
		}
		if got.show() != want.show() {
			t.Fatalf("arrived:\n%s\nin order:\n%s", got.show(), want.show())
		}
	})
}

// After any change of plans, Recompute keeps every punch exactly once, even when
// it is broken off between two saves, and gives the days that the new plan
// would have given; doing it again changes nothing.
func TestRecomputeKeepsEveryPunch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		got := store{}
		for _, p := range l.punches {
			changed, _, _ := l.plan.Place(got.days(), p)
			for _, d := range changed {
				got.save(t, d)
			}
		}
		after := drawPlan(t)
		from := rapid.IntRange(-2, 11).Draw(t, "from")
		to := rapid.IntRange(from, 12).Draw(t, "to")
		recompute := func(from, to string) []hajir.Day { return after.Recompute(got.days(), from, to) }
		changed := recompute(hajir.AddDays(firstDate, from), hajir.AddDays(firstDate, to))
		done := rapid.IntRange(0, len(changed)).Draw(t, "saves before the program ends")
		for i := range done {
			got.save(t, changed[i])
			got.keeps(t, l.punches)
		}
		if done == len(changed) {
			got.inOrder(t)
		}
		for range 2 { // all of it, and again
			changed = recompute("2026-01-01", "2026-12-31")
			for _, d := range changed {
				got.save(t, d)
				got.keeps(t, l.punches)
			}
		}
		if len(changed) > 0 {
			t.Fatalf("the second time changed %+v", changed)
		}
		want := store{}
		for _, p := range l.punches {
			days, _, _ := after.Place(want.days(), p)
			for _, d := range days {
				want.save(t, d)
			}
		}
		if got.show() != want.show() {
			t.Fatalf("recomputed:\n%s\nafresh:\n%s", got.show(), want.show())
		}
	})
}

// Nothing is negative, worked time and breaks are the time between first entry
// and last exit, and a total is the sum of the whole minutes that its days show.
func TestReckoningAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		l.plan.Leave = map[string]hajir.Leave{}
		l.plan.Holidays = map[string]string{hajir.AddDays(firstDate, 4): "Holi"}
		for i := range 12 {
			l.plan.Leave[hajir.AddDays(firstDate, i)] = rapid.SampledFrom([]hajir.Leave{"", "", hajir.FirstHalf, hajir.SecondHalf, hajir.FullLeave}).Draw(t, "leave")
		}
		days := store{}
		for _, p := range l.punches {
			changed, _, _ := l.plan.Place(days.days(), p)
			for _, d := range changed {
				days[d.Date] = d
			}
		}
		start, _ := time.ParseInLocation(time.DateOnly, firstDate, l.plan.Location)
		now := start.Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(t, "now")) * time.Minute)
		var total hajir.Total
		var worked, overtime time.Duration
		counted := 0
		for i := -1; i < 12; i++ {
			date := hajir.AddDays(firstDate, i)
			d := days[date]
			if len(d.Punches) > 0 && d.Punches[len(d.Punches)-1].At.After(now) {
				continue // such a day comes only of a clock that went back
			}
			r := l.plan.On(date).Reckon(d, now)
			total.Add(r)
			worked, overtime, counted = worked+r.Worked.Truncate(time.Minute), overtime+r.Overtime.Truncate(time.Minute), counted+1
			for what, d := range map[string]time.Duration{"worked": r.Worked, "break": r.Break, "late": r.Late, "early": r.Early, "overtime": r.Overtime, "required": r.Required} {
				if d < 0 {
					t.Fatalf("%s: %s is %v", date, what, d)
				}
			}
			if n := len(d.Punches); n > 0 && n%2 == 0 && r.Worked+r.Break != d.Punches[n-1].At.Sub(d.Punches[0].At) {
				t.Fatalf("%s: %v worked and %v of breaks are not %v", date, r.Worked, r.Break, d.Punches[n-1].At.Sub(d.Punches[0].At))
			}
			if r.Status == "" || r.Overtime > r.Worked+r.Break {
				t.Fatalf("%s: %+v", date, r)
			}
		}
		sum := 0
		for _, n := range total.Days {
			sum += n
		}
		if total.Worked != worked || total.Overtime != overtime || sum != counted {
			t.Fatalf("the total is %+v", total)
		}
	})
}

// A year of 500 people's lives: two to four punches a day, four kinds of plans.
func BenchmarkYearOf500People(b *testing.B) {
	loc := location(b, "Asia/Kathmandu")
	plans := []hajir.Plan{
		daily(loc, shift(b, "day", "10:00", "17:00", func(s *hajir.Shift) {
			s.Full = 6 * time.Hour
			s.Breaks = []hajir.Break{{From: 13 * 60, To: 14 * 60, Rule: hajir.BreakDeducted}}
		})),
		daily(loc, shift(b, "night", "22:00", "06:00")),
		daily(loc, shift(b, "late", "14:00", "22:00")),
		planOf(loc, nil, nil),
	}
	begins := []int{10 * 60, 22 * 60, 14 * 60, 9 * 60}
	const people, dates, first = 500, 365, "2026-01-01"
	start, _ := time.ParseInLocation(time.DateOnly, first, loc)
	lives := make([][]hajir.Day, len(plans))
	for kind := range plans {
		for i := range dates {
			d := hajir.Day{Date: hajir.AddDays(first, i)}
			for j, m := range []int{0, 180, 230, 480}[:2+2*(i%2)] {
				at := start.AddDate(0, 0, i).Add(time.Duration(begins[kind]+m+i%17) * time.Minute)
				d, _ = d.Record(hajir.Punch{ID: fmt.Sprint(i, "-", j), At: at})
			}
			lives[kind] = append(lives[kind], d)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		var total hajir.Total
		for person := range people {
			kind := person % len(plans)
			plan := plans[kind]
			plan.Recompute(lives[kind], first, "2026-12-31")
			for _, d := range lives[kind] {
				total.Add(plan.On(d.Date).Reckon(d, start.AddDate(2, 0, 0)))
			}
		}
		if total.Worked == 0 {
			b.Fatal("nobody worked")
		}
	}
	b.ReportMetric(float64(b.N)*people*dates/b.Elapsed().Seconds(), "person-days/s")
}
