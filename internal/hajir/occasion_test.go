package hajir_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func TestHolidaysOfAPerson(t *testing.T) {
	asha := hajir.Employee{Username: "asha", Company: "acme", Department: "Sales"}
	all := []hajir.Occasion{
		{ID: "1", Title: "Dashain", Kind: hajir.OccasionHoliday, From: "2026-10-18", To: "2026-10-20", Scope: hajir.ScopeCompany},
		{ID: "2", Title: "Sales day", Kind: hajir.OccasionHoliday, From: "2026-10-20", To: "2026-10-20", Scope: hajir.ScopeDepartment, Subject: "SALES "},
		{ID: "3", Title: "IT day", Kind: hajir.OccasionHoliday, From: "2026-10-22", To: "2026-10-22", Scope: hajir.ScopeDepartment, Subject: "IT"},
		{ID: "4", Title: "Birthday", Kind: hajir.OccasionHoliday, From: "2026-10-23", To: "2026-10-23", Scope: hajir.ScopePerson, Subject: "asha"},
		{ID: "5", Title: "Eid", Kind: hajir.OccasionOptional, From: "2026-10-24", To: "2026-10-24", Scope: hajir.ScopeCompany},
		{ID: "6", Title: "Losar", Kind: hajir.OccasionOptional, From: "2026-10-25", To: "2026-10-25", Scope: hajir.ScopeCompany},
		{ID: "7", Title: "Meeting", Kind: hajir.OccasionEvent, From: "2026-10-26", To: "2026-10-26", Scope: hajir.ScopeCompany},
	}
	chosen := hajir.HolidayChoices{Chosen: []hajir.HolidayChoice{{Occasion: "5"}}}
	got := hajir.HolidaysOf(asha, all, chosen, "2026-10-19", "2026-10-31")
	want := map[string]string{"2026-10-19": "Dashain", "2026-10-20": "Dashain, Sales day", "2026-10-23": "Birthday", "2026-10-24": "Eid"}
	if len(got) != len(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for d, name := range want {
		if got[d] != name {
			t.Errorf("%s: %q, want %q", d, got[d], name)
		}
	}
}

func TestTimesOfAnOccasion(t *testing.T) {
	loc, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	start, end := hajir.Clock(22*60), hajir.Clock(90)
	o := hajir.Occasion{Title: "Move", Kind: hajir.OccasionEvent, From: "2026-03-07", To: "2026-03-08", Start: &start, End: &end, Scope: hajir.ScopeCompany}
	from, to, ok := o.Times(loc)
	if err := o.Validate(); err != nil || !ok || to.Sub(from) != 3*time.Hour+30*time.Minute || from.UTC().Format(time.RFC3339) != "2026-03-07T16:15:00Z" {
		t.Errorf("%s to %s, %v, %v", from, to, ok, err)
	}
}

// However holidays come and go, booked leave takes what it would take if it were
// asked for now, and the ledger's lines say the same.
func TestLeaveFollowsHolidays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		begin := hajir.AddDays("2026-11-20", rapid.IntRange(0, 60).Draw(r, "begin")) // over the end of a leave year
		s := span(begin, hajir.AddDays(begin, rapid.IntRange(1, 45).Draw(r, "dates")))
		s.Start = rapid.SampledFrom([]hajir.Leave{hajir.FullLeave, hajir.SecondHalf}).Draw(r, "start")
		s.End = rapid.SampledFrom([]hajir.Leave{hajir.FullLeave, hajir.FirstHalf}).Draw(r, "end")
		holidays := func(label string) map[string]bool {
			all := map[string]bool{}
			for _, d := range rapid.SliceOfN(rapid.SampledFrom(s.Dates()), 0, 10).Draw(r, label) {
				all[d] = true
			}
			return all
		}
		now := holidays("holidays when it is asked for")
		w := wish(func(w *hajir.LeaveWish) {
			w.LeaveSpan = s
			w.Terms.Type.Unlimited = true
			w.Holiday = func(d string) bool { return now[d] }
		})
		answer, err := w.Check()
		if err != nil { // all of it was free
			r.Skip()
		}
		req := hajir.LeaveRequest{
			ID: "r", Type: "annual", LeaveSpan: s, Parts: answer.Parts, Off: answer.Off, Holidays: answer.Holidays, State: hajir.LeaveRequested, Version: 1,
		}
		var ledger []hajir.LeaveEntry
		ids := map[string]bool{}
		post := func(entries []hajir.LeaveEntry) {
			for _, e := range entries {
				if ids[e.ID] {
					r.Fatalf("%s is posted twice", e.ID)
				}
				ids[e.ID] = true
				ledger = append(ledger, e)
			}
		}
		approveAt := rapid.IntRange(0, 4).Draw(r, "approved")
		changes := rapid.IntRange(1, 5).Draw(r, "changes")
		approve := func() {
			var entries []hajir.LeaveEntry
			if req, entries, err = req.Approve(hajir.LeaveActor{Username: "mona"}, ""); err != nil {
				r.Fatal(err)
			}
			req.Version++
			post(entries)
		}
		for i := range changes {
			if i == approveAt {
				approve()
			}
			now = holidays("holidays now")
			for again := range 2 {
				next, entries, changed, err := req.Recost(calendarYears, weekdays, w.Holiday, time.Time{})
				if err != nil || again == 1 && changed {
					r.Fatalf("changed %v once more, %v", changed, err)
				}
				if changed {
					post(entries)
					req = next
					req.Version++
				}
			}
			costs := func(d string) bool { return weekdays(d) && !now[d] }
			parts, err := s.Parts(calendarYears, costs)
			if err != nil || hajir.LeaveCost(parts) != req.Cost() {
				r.Fatalf("it takes %s, asked for now %s, %v", req.Cost(), hajir.LeaveCost(parts), err)
			}
			for _, p := range req.Parts {
				if p.Amount <= 0 {
					r.Fatalf("a part of %s", p.Amount)
				}
			}
		}
		want := hajir.LeaveDays(0)
		if req.State == hajir.LeaveApproved {
			want = -req.Cost()
			for _, year := range []string{"2026", "2027"} {
				var in, part hajir.LeaveDays
				for _, e := range ledger {
					if strings.HasPrefix(e.Date, year) {
						in += e.Amount
					}
				}
				for _, p := range req.Parts {
					if strings.HasPrefix(p.Date, year) {
						part += p.Amount
					}
				}
				if in != -part {
					r.Fatalf("of %s the ledger has %s, and the leave takes %s", year, in, part)
				}
			}
		}
		if sum := hajir.LeaveSum(ledger, "annual", "2999-12-31"); sum != want {
			r.Fatalf("the ledger has %s, want %s", sum, want)
		}
		// Taken back, nothing is left of it.
		_, entries, err := req.Cancel(hajir.LeaveActor{Username: "acme", Admin: true}, begin, "")
		if err != nil {
			r.Fatal(err)
		}
		post(entries)
		if sum := hajir.LeaveSum(ledger, "annual", "2999-12-31"); sum != 0 {
			r.Fatalf("%s are left of leave that was taken back", sum)
		}
	})
}

// A request of before days off were noted is reckoned by those of now.
func TestOldRequestsFollowHolidays(t *testing.T) {
	s := span("2026-03-02", "2026-03-09")
	free := map[string]bool{}
	holiday := func(d string) bool { return free[d] }
	parts, err := s.Parts(calendarYears, weekdays)
	if err != nil {
		t.Fatal(err)
	}
	old := hajir.LeaveRequest{ID: "r", Type: "annual", LeaveSpan: s, Parts: parts, State: hajir.LeaveApproved, Version: 2}
	free["2026-03-07"] = true // a Saturday
	if _, _, changed, err := old.Recost(calendarYears, weekdays, holiday, time.Time{}); changed || err != nil {
		t.Errorf("a holiday on a day off changes it: %v", err)
	}
	free["2026-03-03"] = true
	r, entries, changed, err := old.Recost(calendarYears, weekdays, holiday, time.Time{})
	if !changed || err != nil || r.Cost() != 500 || len(entries) != 1 || entries[0].Amount != 100 || entries[0].Kind != hajir.EntryReturned {
		t.Errorf("%+v, %+v, %v", r, entries, err)
	}
	// Where its shifts have changed since, what it takes stays.
	if _, _, changed, err := old.Recost(calendarYears, func(string) bool { return true }, holiday, time.Time{}); changed || err != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
}

func TestChoices(t *testing.T) {
	option := func(id, date string) hajir.Occasion {
		return hajir.Occasion{ID: id, Title: id, Kind: hajir.OccasionOptional, From: date, To: date, Scope: hajir.ScopeCompany}
	}
	rapid.Check(t, func(r *rapid.T) {
		rule := hajir.HolidayRule{
			Employee: hajir.Employee{Username: "asha", Name: "Asha", Active: true}, Today: "2026-03-05",
			Most: rapid.IntRange(0, 3).Draw(r, "most"), Admin: rapid.Bool().Draw(r, "admin"),
		}
		for i, id := range []string{"a", "b", "c", "d", "e", "f"} {
			rule.Year = append(rule.Year, option(id, hajir.AddDays("2026-03-02", i)))
		}
		var c hajir.HolidayChoices
		for range 12 {
			o := rapid.SampledFrom(rule.Year).Draw(r, "which")
			before := c
			var err error
			if rapid.Bool().Draw(r, "take") {
				c, err = rule.Choose(c, o, "asha", time.Time{})
			} else {
				c, err = rule.Drop(c, o)
			}
			if len(c.Chosen) > rule.Most {
				r.Fatalf("%d of %d are chosen", len(c.Chosen), rule.Most)
			}
			passed := o.From < rule.Today
			if len(c.Chosen) != len(before.Chosen) && (err != nil || passed && !rule.Admin) {
				r.Fatalf("%s was changed: %v", o.From, err)
			}
		}
	})
}

// Holidays have no clock: to which day a punch belongs does not depend on them.
func TestHolidaysMoveNoPunch(t *testing.T) {
	loc := time.FixedZone("", 5*3600+45*60)
	plan := hajir.NewPlan(loc, 0, hajir.Schedule{}, nil, nil)
	free := plan
	free.Holidays = map[string]string{"2026-03-02": "Holi", "2026-03-03": "Holi"}
	rapid.Check(t, func(r *rapid.T) {
		var days, others []hajir.Day
		for i := range rapid.IntRange(1, 6).Draw(r, "punches") {
			p := hajir.Punch{ID: string(rune('a' + i)), At: time.Date(2026, 3, 2, 0, rapid.IntRange(0, 2880).Draw(r, "minute"), 0, 0, loc)}
			_, date, placed := plan.Place(days, p)
			_, other, same := free.Place(others, p)
			if date != other || placed.Direction != same.Direction {
				r.Fatalf("%s %s, with holidays %s %s", date, placed.Direction, other, same.Direction)
			}
			days, _, _ = plan.Place(days, p)
			others, _, _ = free.Place(others, p)
		}
	})
}
