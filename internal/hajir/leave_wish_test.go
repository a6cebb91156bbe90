package hajir_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func span(from, to string, halves ...hajir.Leave) hajir.LeaveSpan {
	s := hajir.LeaveSpan{From: from, To: to, Start: hajir.FullLeave, End: hajir.FullLeave}
	if len(halves) > 0 {
		s.Start, s.End = halves[0], halves[len(halves)-1]
	}
	return s
}

// weekdays are worked but for Saturday and the holiday on 8 March 2026.
func weekdays(date string) bool {
	d, _ := time.Parse(time.DateOnly, date)
	return d.Weekday() != time.Saturday && date != "2026-03-08"
}

func TestSpans(t *testing.T) {
	for name, tt := range map[string]struct {
		span hajir.LeaveSpan
		code hajir.Code
		cost hajir.LeaveDays
	}{
		"a day":                              {span("2026-03-02", "2026-03-02"), "", 100},
		"a half-day":                         {span("2026-03-02", "2026-03-02", hajir.FirstHalf), "", 50},
		"a week over Saturday and a holiday": {span("2026-03-02", "2026-03-09"), "", 600},
		"two and a half days":                {span("2026-03-02", "2026-03-04", hajir.SecondHalf, hajir.FullLeave), "", 250},
		"two days of half-days":              {span("2026-03-02", "2026-03-03", hajir.SecondHalf, hajir.FirstHalf), "", 100},
		"a half-day on a holiday":            {span("2026-03-08", "2026-03-08", hajir.FirstHalf), "", 0},
		"a half-day on a weekly off":         {span("2026-03-06", "2026-03-07", hajir.FullLeave, hajir.FirstHalf), "", 100},
		"backwards":                          {span("2026-03-03", "2026-03-02"), hajir.Invalid, 0},
		"no date":                            {span("2026-03-32", "2026-03-33"), hajir.Invalid, 0},
		"the wrong half at the start":        {span("2026-03-02", "2026-03-03", hajir.FirstHalf, hajir.FullLeave), hajir.Invalid, 0},
		"the wrong half at the end":          {span("2026-03-02", "2026-03-03", hajir.FullLeave, hajir.SecondHalf), hajir.Invalid, 0},
		"two minds about a date":             {span("2026-03-02", "2026-03-02", hajir.FirstHalf, hajir.FullLeave), hajir.Invalid, 0},
		"nothing":                            {hajir.LeaveSpan{From: "2026-03-02", To: "2026-03-02"}, hajir.Invalid, 0},
		"more than a year":                   {span("2026-03-02", "2027-03-03"), hajir.Invalid, 0},
	} {
		err := tt.span.Validate()
		if codeOf(err) != tt.code {
			t.Errorf("%s: %v, want code %q", name, err, tt.code)
		}
		if err != nil {
			continue
		}
		parts, err := tt.span.Parts(calendarYears, weekdays)
		if got := hajir.LeaveCost(parts); err != nil || got != tt.cost {
			t.Errorf("%s costs %s, %v; want %s", name, got, err, tt.cost)
		}
	}
}

func TestPartsFollowTheMonthsOfTheLeaveYear(t *testing.T) {
	parts, err := span("2025-12-30", "2026-02-01").Parts(calendarYears, func(string) bool { return true })
	want := []hajir.LeavePart{
		{Period: "2025-01-01", Date: "2025-12-30", Amount: 200},
		{Period: "2026-01-01", Date: "2026-01-01", Amount: 3100},
		{Period: "2026-01-01", Date: "2026-02-01", Amount: 100},
	}
	if err != nil || !slices.Equal(parts, want) {
		t.Errorf("%+v, %v", parts, err)
	}
}

// Case 7: a full day plus a half-day on one date is refused; two half-days make
// one day; the same half twice is refused.
func TestOverlaps(t *testing.T) {
	const day = "2026-03-02"
	full, first, second := span(day, day), span(day, day, hajir.FirstHalf), span(day, day, hajir.SecondHalf)
	for _, tt := range []struct {
		a, b hajir.LeaveSpan
		want bool
	}{
		{full, first, true},
		{full, second, true},
		{full, full, true},
		{first, first, true},
		{first, second, false},
		{span("2026-03-01", day, hajir.FullLeave, hajir.FirstHalf), second, false},
		{span("2026-03-01", day, hajir.FullLeave, hajir.FirstHalf), first, true},
		{span("2026-03-01", day, hajir.FullLeave, hajir.FirstHalf), span(day, "2026-03-05", hajir.SecondHalf, hajir.FullLeave), false},
		{span("2026-03-01", "2026-03-09"), full, true},
		{span("2026-03-03", "2026-03-09"), full, false},
	} {
		if tt.a.Overlaps(tt.b) != tt.want || tt.b.Overlaps(tt.a) != tt.want {
			t.Errorf("%s and %s overlap: want %v", tt.a, tt.b, tt.want)
		}
	}
	var a hajir.LeaveAccount
	for i, s := range []hajir.LeaveSpan{first, second} {
		a = a.Book(hajir.LeaveRequest{ID: string(rune('a' + i)), LeaveSpan: s, State: hajir.LeaveApproved}, day)
	}
	if on := a.OnLeave("2026-03-01", "2026-03-31"); len(on) != 1 || on[day] != hajir.FullLeave {
		t.Errorf("two half-days: %v", on)
	}
}

func wish(change func(*hajir.LeaveWish)) hajir.LeaveWish {
	w := hajir.LeaveWish{
		LeaveSpan: span("2026-03-10", "2026-03-11"),
		Employee:  hajir.Employee{Username: "asha", Company: "acme", Department: "Sales"},
		Terms: hajir.LeaveTerms{
			Type:  annual(func(t *hajir.LeaveType) { t.Accrual = hajir.AccrualYearly; t.Allowance = 1000 }),
			Years: calendarYears, Since: "2020-01-01",
		},
		Today: "2026-03-02", Workday: weekdays,
	}
	if change != nil {
		change(&w)
	}
	return w
}

func TestWishes(t *testing.T) {
	booked := func(s hajir.LeaveSpan, amount hajir.LeaveDays) hajir.LeaveAccount {
		return hajir.LeaveAccount{Booked: []hajir.LeaveBooking{{
			LeaveSpan: s, Request: "r", Type: "annual", Open: true,
			Parts: []hajir.LeavePart{{Period: "2026-01-01", Date: s.From, Amount: amount}},
		}}}
	}
	for name, tt := range map[string]struct {
		change func(*hajir.LeaveWish)
		code   hajir.Code
		says   string
		left   hajir.LeaveDays
	}{
		"two of ten days":              {nil, "", "", 800},
		"all ten":                      {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-15", "2026-03-25") }, "", "", 0},
		"eleven":                       {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-15", "2026-03-26") }, hajir.LeaveBalance, "this takes 11 days, and 10", -100},
		"eleven, where one may be due": {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-15", "2026-03-26"); w.Terms.Type.Negative = 100 }, "", "", -100},
		"what waits is held back": {
			func(w *hajir.LeaveWish) { w.Account = booked(span("2026-04-01", "2026-04-10"), 900) }, hajir.LeaveBalance, "this takes 2 days, and 1", -100,
		},
		"dates that are taken": {
			func(w *hajir.LeaveWish) { w.Account = booked(span("2026-03-11", "2026-03-12"), 200) }, hajir.LeaveOverlap, "2026-03-11 to 2026-03-12", 600,
		},
		"days off":                    {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-07", "2026-03-08") }, hajir.Invalid, "no leave is needed", 0},
		"yesterday":                   {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-01", "2026-03-01") }, hajir.Invalid, "in the past", 900},
		"yesterday, sick":             {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-01", "2026-03-01"); w.Terms.Type.LateDays = 3 }, "", "", 900},
		"yesterday, by the admin":     {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-03-01", "2026-03-01"); w.ByAdmin = true }, "", "", 900},
		"too late":                    {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2026-02-24", "2026-02-24"); w.Terms.Type.LateDays = 3 }, hajir.Invalid, "3 days after", 900},
		"too short a notice":          {func(w *hajir.LeaveWish) { w.Terms.Type.NoticeDays = 10 }, hajir.Invalid, "2026-03-12", 800},
		"notice enough":               {func(w *hajir.LeaveWish) { w.Terms.Type.NoticeDays = 8 }, "", "", 800},
		"a half-day of a whole leave": {func(w *hajir.LeaveWish) { w.Terms.Type.HalfDays = false; w.End = hajir.FirstHalf }, hajir.Invalid, "whole days", 850},
		"longer than may be":          {func(w *hajir.LeaveWish) { w.Terms.Type.MaxDays = 150 }, hajir.Invalid, "1.5 days at a time", 800},
		"another department's":        {func(w *hajir.LeaveWish) { w.Terms.Type.Departments = []string{"IT"} }, hajir.Invalid, "departments", 800},
		"one's own department's":      {func(w *hajir.LeaveWish) { w.Terms.Type.Departments = []string{"IT", " sales "} }, "", "", 800},
		"retired":                     {func(w *hajir.LeaveWish) { w.Terms.Type.Retired = true }, hajir.Invalid, "not given any more", 800},
		"before the first date":       {func(w *hajir.LeaveWish) { w.Terms.Since = "2026-03-11" }, hajir.Invalid, "first date", 0},
		"after the last":              {func(w *hajir.LeaveWish) { w.Terms.Until = "2026-03-10" }, hajir.Invalid, "last date", 0},
		"unlimited":                   {func(w *hajir.LeaveWish) { w.Terms.Type.Unlimited = true }, "", "", 0},
		// By the end of May five twelfths of ten days have come.
		"what will have come counts": {func(w *hajir.LeaveWish) {
			w.Terms.Type.Accrual = hajir.AccrualMonthly
			w.LeaveSpan = span("2026-06-01", "2026-06-04")
		}, "", "", 17},
		"next year's allowance counts next year": {func(w *hajir.LeaveWish) { w.LeaveSpan = span("2027-01-04", "2027-01-06") }, "", "", 1200},
		// Today's day is there, but it is promised for next week.
		"a later leave is not undone": {
			func(w *hajir.LeaveWish) { w.Account = booked(span("2026-06-01", "2026-06-20"), 1000) }, hajir.LeaveBalance, "and 0 of", -200,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := wish(tt.change).Check()
			if codeOf(err) != tt.code || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want code %q and %q", err, tt.code, tt.says)
			}
			if name != "before the first date" && name != "after the last" && a.Left != tt.left {
				t.Errorf("left %s, want %s", a.Left, tt.left)
			}
		})
	}
}

// Whoever asks for what is available gets it, and for half a day more does not.
func TestWhatIsAvailableCanBeHad(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		terms, made := drawLedger(r)
		terms.Type.Negative = hajir.LeaveDays(rapid.IntRange(0, 5).Draw(r, "negative") * 100)
		today := hajir.AddDays("2026-01-01", rapid.IntRange(0, 1400).Draw(r, "today"))
		entries := append(slices.Clone(made), mustDue(r, terms, made, today)...)
		s, err := terms.Standing(entries, nil, today)
		if err != nil {
			r.Fatal(err)
		}
		part := func(amount hajir.LeaveDays) []hajir.LeavePart {
			return []hajir.LeavePart{{Period: s.Period.Begin, Date: today, Amount: amount}}
		}
		if s.Available <= 0 {
			return
		}
		left, err := terms.Left(entries, nil, part(s.Available), today)
		if err != nil || left < -terms.Type.Negative {
			r.Fatalf("%s are available, and leave %s, %v", s.Available, left, err)
		}
		if left, _ = terms.Left(entries, nil, part(s.Available+50), today); left >= -terms.Type.Negative {
			r.Fatalf("%s are available, and half a day more leaves %s", s.Available, left)
		}
	})
}
