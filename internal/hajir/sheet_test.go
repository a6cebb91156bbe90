package hajir_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func TestParsePeriod(t *testing.T) {
	for _, tt := range []struct{ month, from, to, want string }{
		{"2026-02", "", "", "2026-02-01 2026-02-28"},
		{"", "2026-03-14", "2026-04-13", "2026-03-14 2026-04-13"},
		{"", "2026-03-14", "2026-03-14", "2026-03-14 2026-03-14"},
		{"2026-13", "", "", ""},
		{"2026-02", "2026-02-01", "", ""},
		{"", "2026-03-14", "", ""},
		{"", "2026-03-14", "2026-03-13", ""},
		{"", "2026-03-01", "2026-04-02", ""}, // 33 days
		{"", "2026-02-29", "2026-03-01", ""},
		{"", "", "", ""},
	} {
		p, err := hajir.ParsePeriod(tt.month, tt.from, tt.to, 32)
		if tt.want == "" {
			if hajir.CodeOf(err) != hajir.Invalid {
				t.Errorf("%+v: %v, %v", tt, p, err)
			}
			continue
		}
		if err != nil || p.From+" "+p.To != tt.want {
			t.Errorf("%+v: %v, %v", tt, p, err)
		}
	}
}

func TestPeriodIsItsDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := hajir.AddDays("2024-01-01", rapid.IntRange(0, 1500).Draw(t, "from"))
		n := rapid.IntRange(1, 40).Draw(t, "days")
		p, err := hajir.ParsePeriod("", from, hajir.AddDays(from, n-1), 40)
		dates := p.Dates()
		if err != nil || len(dates) != n || p.Days() != n || dates[0] != p.From || dates[n-1] != p.To {
			t.Fatalf("%v of %d days: %v, %v", p, n, dates, err)
		}
		if m := p.Month(); m != "" && fmt.Sprint(hajir.Dates(m)) != fmt.Sprint(dates) {
			t.Fatalf("%v is no month %s", p, m)
		}
	})
}

// What a date counts as, and how a muster writes it.
func TestShareAndMark(t *testing.T) {
	paid := hajir.LeaveShare{Paid: hajir.OneDay}
	half, unpaidHalf := hajir.LeaveShare{Paid: hajir.HalfDay}, hajir.LeaveShare{Unpaid: hajir.HalfDay}
	for _, tt := range []struct {
		status hajir.Status
		leave  hajir.Leave
		share  hajir.LeaveShare
		flag   hajir.Flag
		mark   string
		want   hajir.Share
	}{
		{status: hajir.StatusPresent, mark: "P", want: hajir.Share{Present: 100}},
		{status: hajir.StatusLate, mark: "LT", want: hajir.Share{Present: 100}},
		{status: hajir.StatusPresent, flag: hajir.FlagMissingExit, mark: "P?", want: hajir.Share{Present: 100}},
		{status: hajir.StatusHalfDay, mark: "HD", want: hajir.Share{Present: 50, Absent: 50}},
		{status: hajir.StatusAbsent, flag: hajir.FlagShort, mark: "A", want: hajir.Share{Absent: 100}},
		{status: hajir.StatusOnLeave, leave: hajir.FullLeave, share: paid, mark: "L", want: hajir.Share{PaidLeave: 100}},
		{status: hajir.StatusOnLeave, leave: hajir.FullLeave, share: hajir.LeaveShare{Unpaid: 100}, mark: "L", want: hajir.Share{UnpaidLeave: 100}},
		{status: hajir.StatusOnLeave, leave: hajir.FullLeave, share: hajir.LeaveShare{Paid: 50, Unpaid: 50}, mark: "L", want: hajir.Share{PaidLeave: 50, UnpaidLeave: 50}},
		{status: hajir.StatusPresent, leave: hajir.FirstHalf, share: half, mark: "P/L", want: hajir.Share{Present: 50, PaidLeave: 50}},
		{status: hajir.StatusAbsent, leave: hajir.SecondHalf, share: unpaidHalf, mark: "A/L", want: hajir.Share{Absent: 50, UnpaidLeave: 50}},
		{status: hajir.StatusExpected, leave: hajir.SecondHalf, share: half, mark: "·/L", want: hajir.Share{Coming: 50, PaidLeave: 50}},
		{status: hajir.StatusPresent, leave: hajir.FullLeave, share: paid, flag: hajir.FlagWorkedOnLeave, mark: "P+", want: hajir.Share{Present: 100}},
		{status: hajir.StatusHalfDay, leave: hajir.FullLeave, share: hajir.LeaveShare{Unpaid: 100}, flag: hajir.FlagWorkedOnLeave, mark: "HD+", want: hajir.Share{Present: 50, UnpaidLeave: 50}},
		{status: hajir.StatusWeeklyOff, leave: hajir.FullLeave, share: paid, mark: "WO", want: hajir.Share{WeeklyOff: 100}},
		{status: hajir.StatusHoliday, leave: hajir.FirstHalf, share: half, flag: hajir.FlagWorkedOff, mark: "H+", want: hajir.Share{Holiday: 100}},
		{status: hajir.StatusExpected, mark: "·", want: hajir.Share{Coming: 100}},
		{status: hajir.StatusNone, leave: hajir.FirstHalf, mark: ""},
	} {
		r := hajir.Reckoning{Status: tt.status}
		r.Leave = tt.leave
		if tt.flag != "" {
			r.Flags = []hajir.Flag{tt.flag}
		}
		if got := r.Share(tt.share); got != tt.want {
			t.Errorf("%+v counts as %+v", tt, got)
		}
		if got := r.Mark(); got != tt.mark {
			t.Errorf("%+v is marked %q", tt, got)
		}
	}
}

// drawSheet draws a person with a life, leave of two types and dates in the
// company, and when it is looked at.
func drawSheet(t *rapid.T) (hajir.Sheet, hajir.Period, time.Time) {
	l := drawLife(t)
	s := hajir.Sheet{Plan: l.plan}
	start, _ := time.ParseInLocation(time.DateOnly, firstDate, l.plan.Location)
	s.Username, s.Company, s.Active = "asha", "acme", rapid.Bool().Draw(t, "active")
	s.CreatedAt = start.AddDate(0, 0, rapid.IntRange(-10, 12).Draw(t, "added"))
	if rapid.Bool().Draw(t, "leaves") {
		s.Account.Until = hajir.AddDays(firstDate, rapid.IntRange(-3, 14).Draw(t, "until"))
	}
	halves := rapid.SampledFrom([]hajir.Leave{hajir.FirstHalf, hajir.SecondHalf, hajir.FullLeave})
	for i := range 12 {
		date := hajir.AddDays(firstDate, i)
		if rapid.IntRange(0, 2).Draw(t, "leave") == 0 {
			how := halves.Draw(t, "how")
			kind := rapid.SampledFrom([]string{"paid", "unpaid"}).Draw(t, "type")
			s.Account.Booked = append(s.Account.Booked, hajir.LeaveBooking{
				LeaveSpan: hajir.LeaveSpan{From: date, To: date, Start: how, End: how}, Type: kind, Open: rapid.Bool().Draw(t, "open"),
			})
		}
	}
	p := hajir.Period{From: hajir.AddDays(firstDate, rapid.IntRange(-2, 3).Draw(t, "from")), To: hajir.AddDays(firstDate, rapid.IntRange(4, 12).Draw(t, "to"))}
	s.Plan.Leave = s.Account.OnLeave(p.From, p.To)
	s.Plan.Holidays = map[string]string{hajir.AddDays(firstDate, 4): "Holi"}
	days := store{}
	for _, q := range l.punches {
		q.At = q.At.Add(time.Duration(rapid.IntRange(0, 59).Draw(t, "second")) * time.Second)
		changed, _, _ := s.Plan.Place(days.days(), q)
		for _, d := range changed {
			days[d.Date] = d
		}
	}
	s.Days = days.days()
	return s, p, start.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "now"))
}

func isPaid(leaveType string) bool { return leaveType == "paid" }

// Each date within employment is one day, and sums are those of the rows as
// they are shown: in whole minutes.
func TestSumsEqualTheirParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sheet, p, now := drawSheet(t)
		lines := sheet.Lines(p, now, isPaid)
		if len(lines) != p.Days() {
			t.Fatalf("%d lines for %v", len(lines), p)
		}
		var worked, late, early, overtime, days, missing int
		for _, l := range lines {
			share := l.Share()
			if want := hajir.OneDay; l.Status != hajir.StatusNone && share.All() != want || l.Status == hajir.StatusNone && share.All() != 0 {
				t.Fatalf("%s is %s and counts as %+v", l.Date, l.Status, share)
			}
			for _, part := range []hajir.LeaveDays{share.Present, share.Absent, share.PaidLeave, share.UnpaidLeave, share.WeeklyOff, share.Holiday, share.Coming} {
				if part < 0 {
					t.Fatalf("%s counts as %+v", l.Date, share)
				}
			}
			if share.All() > 0 {
				days++
			}
			if strings.Contains(l.Mark(), "?") {
				missing++
			}
			worked, late = worked+hajir.Minutes(l.Worked), late+hajir.Minutes(l.Late)
			early, overtime = early+hajir.Minutes(l.Early), overtime+hajir.Minutes(l.Overtime)
		}
		sum := hajir.Summarize(lines)
		if got := []int{hajir.Minutes(sum.Worked), hajir.Minutes(sum.Late), hajir.Minutes(sum.Early), hajir.Minutes(sum.Overtime), int(sum.All()) / 100, sum.MissingExits}; fmt.Sprint(got) != fmt.Sprint([]int{worked, late, early, overtime, days, missing}) {
			t.Fatalf("the sums are %v", got)
		}
		// Two parts of a period are the whole.
		if p.Days() < 2 {
			return
		}
		cut := rapid.IntRange(1, p.Days()-1).Draw(t, "cut")
		parts := hajir.Summarize(lines[:cut])
		for _, l := range lines[cut:] {
			parts.Add(l)
		}
		if fmt.Sprint(parts) != fmt.Sprint(sum) {
			t.Fatalf("%+v and %+v", parts, sum)
		}
	})
}

// Nobody is absent before they came or after they went.
func TestNothingIsExpectedOutsideOfEmployment(t *testing.T) {
	loc, _ := time.LoadLocation("Asia/Kathmandu")
	at := func(s string) time.Time {
		t.Helper()
		x, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	punched := func(dates ...string) (days []hajir.Day) {
		for _, date := range dates {
			d, _ := hajir.Day{Date: date}.Record(hajir.Punch{ID: date, At: at(date + " 10:00")})
			d, _ = d.Record(hajir.Punch{ID: date + "x", At: at(date + " 17:00")})
			days = append(days, d)
		}
		return days
	}
	p := hajir.Period{From: "2026-03-01", To: "2026-03-05"}
	for name, tt := range map[string]struct {
		sheet hajir.Sheet
		want  string
	}{
		"came within the month":       {hajir.Sheet{Employee: hajir.Employee{Active: true, CreatedAt: at("2026-03-03 12:00")}}, "  A A A"},
		"will come later":             {hajir.Sheet{Employee: hajir.Employee{Active: true, CreatedAt: at("2026-02-01 12:00")}, Account: hajir.LeaveAccount{Since: "2026-03-04"}}, "   A A"},
		"punched before being added":  {hajir.Sheet{Employee: hajir.Employee{Active: true, CreatedAt: at("2026-03-03 12:00")}, Days: punched("2026-03-02")}, " P A A A"},
		"was there long before Hajir": {hajir.Sheet{Employee: hajir.Employee{Active: true, CreatedAt: at("2026-03-03 12:00")}, Account: hajir.LeaveAccount{Since: "2020-01-01"}}, "  A A A"},
		"left, and the date is known": {hajir.Sheet{Employee: hajir.Employee{Active: false, CreatedAt: at("2026-02-01 12:00")}, Account: hajir.LeaveAccount{Until: "2026-03-03"}, Days: punched("2026-03-02")}, "A P A  "},
		"left, and is still active":   {hajir.Sheet{Employee: hajir.Employee{Active: true, CreatedAt: at("2026-02-01 12:00")}, Account: hajir.LeaveAccount{Until: "2026-03-03"}}, "A A A  "},
		"left with the last punch":    {hajir.Sheet{Employee: hajir.Employee{Active: false, CreatedAt: at("2026-02-01 12:00")}, Days: punched("2026-03-02")}, "A P   "},
		"left before":                 {hajir.Sheet{Employee: hajir.Employee{Active: false, CreatedAt: at("2026-02-01 12:00")}}, "    "},
	} {
		tt.sheet.Plan = hajir.NewPlan(loc, 0, hajir.Schedule{}, nil, nil)
		var marks []string
		lines := tt.sheet.Lines(p, at("2026-04-01 12:00"), nil)
		for _, l := range lines {
			marks = append(marks, l.Mark())
		}
		if got := strings.Join(marks, " "); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if employed := hajir.Summarize(lines).Employed(); employed != (strings.TrimSpace(tt.want) != "") {
			t.Errorf("%s: employed is %v", name, employed)
		}
	}
}
