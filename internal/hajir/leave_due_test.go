package hajir_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

var (
	calendarYears = hajir.LeaveYears{{Calendar: hajir.Gregorian, Month: 1, Day: 1}}
	shrawanYears  = hajir.LeaveYears{{Calendar: hajir.BikramSambat, Month: 4, Day: 1}}
)

func annual(change func(*hajir.LeaveType)) hajir.LeaveType {
	t := hajir.LeaveType{
		ID: "annual", Company: "acme", Name: "Annual leave", Paid: true, Allowance: 1900, Accrual: hajir.AccrualMonthly,
		Prorate: true, CarryMax: 500, HalfDays: true, From: "2026-01-01",
	}
	if change != nil {
		change(&t)
	}
	return t
}

func due(t *testing.T, terms hajir.LeaveTerms, entries []hajir.LeaveEntry, through string) []hajir.LeaveEntry {
	t.Helper()
	got, err := terms.Due(entries, through)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Case 8: 19 days a year in twelve parts sum to 19, not to 18.96 or 24.
func TestTwelvePartsAreTheWhole(t *testing.T) {
	terms := hajir.LeaveTerms{Type: annual(nil), Years: calendarYears, Since: "2020-01-01"}
	entries := due(t, terms, nil, "2026-12-31")
	var parts []string
	var sum hajir.LeaveDays
	for _, e := range entries {
		parts = append(parts, e.Date[5:]+" "+e.Amount.String())
		sum += e.Amount
	}
	want := []string{
		"01-31 1.58", "02-28 1.59", "03-31 1.58", "04-30 1.58", "05-31 1.59", "06-30 1.58",
		"07-31 1.58", "08-31 1.59", "09-30 1.58", "10-31 1.58", "11-30 1.59", "12-31 1.58",
	}
	if !slices.Equal(parts, want) || sum != 1900 {
		t.Errorf("%q sum to %s", parts, sum)
	}
}

func TestDue(t *testing.T) {
	yearly := func(x *hajir.LeaveType) { x.Accrual = hajir.AccrualYearly }
	taken := func(date string, amount hajir.LeaveDays) hajir.LeaveEntry {
		return hajir.LeaveEntry{ID: "annual/p/taken/" + date + "#0", Type: "annual", Kind: hajir.EntryTaken, Date: date, Amount: -amount}
	}
	for name, tt := range map[string]struct {
		terms   hajir.LeaveTerms
		entries []hajir.LeaveEntry
		through string
		want    []string
	}{
		"a year's allowance comes on its first day": {
			hajir.LeaveTerms{Type: annual(yearly), Years: calendarYears, Since: "2020-01-01"},
			nil, "2026-01-01",
			[]string{"2026-01-01 grant 19"},
		},
		"nothing before": {
			hajir.LeaveTerms{Type: annual(yearly), Years: calendarYears, Since: "2020-01-01"}, nil, "2025-12-31", nil,
		},
		"who comes on 1 July gets 184 of 365 days by months": {
			hajir.LeaveTerms{Type: annual(yearly), Years: calendarYears, Since: "2026-07-01"},
			nil, "2026-12-31",
			[]string{"2026-07-01 grant 9.5"},
		},
		"who comes in mid-month gets 16 of its 31 days": {
			hajir.LeaveTerms{Type: annual(nil), Years: calendarYears, Since: "2026-10-16"},
			nil, "2026-12-31",
			[]string{"2026-10-31 accrual 0.82", "2026-11-30 accrual 1.58", "2026-12-31 accrual 1.58"},
		},
		"without proration the month is whole": {
			hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { x.Prorate = false }), Years: calendarYears, Since: "2026-11-16"},
			nil, "2026-12-31",
			[]string{"2026-11-30 accrual 1.58", "2026-12-31 accrual 1.59"},
		},
		"without proration the year is whole": {
			hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { x.Prorate = false; yearly(x) }), Years: calendarYears, Since: "2026-11-16"},
			nil, "2026-12-31",
			[]string{"2026-11-16 grant 19"},
		},
		"who leaves on 31 March keeps a quarter": {
			hajir.LeaveTerms{Type: annual(yearly), Years: calendarYears, Since: "2020-01-01", Until: "2026-03-31"},
			nil, "2026-02-01",
			[]string{"2026-01-01 grant 4.75"},
		},
		"a year from 1 Shrawan": {
			hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { yearly(x); x.From = "2026-07-17" }), Years: shrawanYears, Since: "2020-01-01"},
			nil, "2026-12-31",
			[]string{"2026-07-17 grant 19"},
		},
		"the year's end: five days go over, the rest lapses": {
			hajir.LeaveTerms{Type: annual(yearly), Years: calendarYears, Since: "2020-01-01"},
			[]hajir.LeaveEntry{taken("2026-06-01", 300)},
			"2027-01-01",
			[]string{"2026-01-01 grant 19", "2026-12-31 expiry -11", "2026-12-31 carry_out -5", "2027-01-01 grant 19", "2027-01-01 carry_in 5"},
		},
		"a debt goes over": {
			hajir.LeaveTerms{Type: annual(yearly), Years: calendarYears, Since: "2020-01-01"},
			[]hajir.LeaveEntry{taken("2026-06-01", 2000)},
			"2027-01-01",
			[]string{"2026-01-01 grant 19", "2026-12-31 carry_out 1", "2027-01-01 grant 19", "2027-01-01 carry_in -1"},
		},
		"carried days lapse after three months, those taken first": {
			hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { yearly(x); x.CarryMonths = 3 }), Years: calendarYears, Since: "2020-01-01"},
			[]hajir.LeaveEntry{taken("2026-06-01", 300), taken("2027-03-31", 200), taken("2027-04-01", 100)},
			"2027-04-01",
			[]string{
				"2026-01-01 grant 19", "2026-12-31 expiry -11", "2026-12-31 carry_out -5",
				"2027-01-01 grant 19", "2027-01-01 carry_in 5", "2027-03-31 expiry -3",
			},
		},
		"none given by itself": {
			hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { x.Accrual = hajir.AccrualNone }), Years: calendarYears, Since: "2020-01-01"}, nil, "2027-01-01", nil,
		},
		"unlimited leave has no ledger of its own": {
			hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { x.Unlimited = true }), Years: calendarYears, Since: "2020-01-01"}, nil, "2027-01-01", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			entries := due(t, tt.terms, tt.entries, tt.through)
			hajir.SortEntries(entries)
			var got []string
			for _, e := range entries {
				got = append(got, fmt.Sprint(e.Date, " ", e.Kind, " ", e.Amount))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// What was given stays as it was given when the rule changes; what was wrong
// about the person is put right.
func TestDueAfterChanges(t *testing.T) {
	terms := hajir.LeaveTerms{Type: annual(nil), Years: calendarYears, Since: "2020-01-01"}
	entries := due(t, terms, nil, "2026-06-30")
	terms.Type.Allowance = 2400
	entries = append(entries, due(t, terms, entries, "2026-12-31")...)
	if sum := hajir.LeaveSum(entries, "annual", "2026-12-31"); sum != 950+1200 {
		t.Errorf("half a year of 19 and half of 24 days: %s", sum)
	}
	terms.Type.Accrual = hajir.AccrualYearly
	if more := due(t, terms, entries, "2026-12-31"); len(more) > 0 {
		t.Errorf("given by months, and again by the year: %+v", more)
	}
	terms.Type.Accrual = hajir.AccrualMonthly
	terms.Since = "2026-07-01" // they were entered wrongly
	entries = append(entries, due(t, terms, entries, "2026-12-31")...)
	if sum := hajir.LeaveSum(entries, "annual", "2026-12-31"); sum != 1200 {
		t.Errorf("half a year of 24 days: %s", sum)
	}
	terms.Until = "2026-09-30"
	entries = append(entries, due(t, terms, entries, "2026-12-31")...)
	if sum := hajir.LeaveSum(entries, "annual", "2026-12-31"); sum != 600 {
		t.Errorf("a quarter of 24 days: %s", sum)
	}
	if more := due(t, terms, entries, "2026-12-31"); len(more) > 0 {
		t.Errorf("still due: %+v", more)
	}
}

func TestNothingMoreIsGiven(t *testing.T) {
	for _, accrual := range []hajir.Accrual{hajir.AccrualMonthly, hajir.AccrualYearly} {
		terms := hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { x.Accrual = accrual }), Years: calendarYears, Since: "2020-01-01"}
		entries := due(t, terms, nil, "2026-06-30")
		sum := hajir.LeaveSum(entries, "annual", "2026-06-30")
		terms.Stopped = true
		if more := due(t, terms, entries, "2026-12-31"); len(more) > 0 || sum == 0 {
			t.Errorf("%s: after %s came %+v", accrual, sum, more)
		}
		entries = append(entries, due(t, terms, entries, "2027-06-30")...)
		if left := hajir.LeaveSum(entries, "annual", "2027-06-30"); left != 500 {
			t.Errorf("%s: the year is closed with %s", accrual, left)
		}
	}
}

// A year that was closed is closed anew when leave of it is given back.
func TestALateReturnReopensTheYear(t *testing.T) {
	terms := hajir.LeaveTerms{Type: annual(func(x *hajir.LeaveType) { x.Accrual = hajir.AccrualYearly }), Years: calendarYears, Since: "2020-01-01"}
	entries := []hajir.LeaveEntry{{ID: "annual/x/taken/r#0", Type: "annual", Kind: hajir.EntryTaken, Date: "2026-12-01", Amount: -1700}}
	entries = append(entries, due(t, terms, entries, "2027-01-05")...)
	if sum := hajir.LeaveSum(entries, "annual", "2027-01-05"); sum != 1900+200 {
		t.Fatalf("carried 2: %s", sum)
	}
	entries = append(entries, hajir.LeaveEntry{ID: "annual/x/returned/r#0", Type: "annual", Kind: hajir.EntryReturned, Date: "2026-12-01", Amount: 1700})
	entries = append(entries, due(t, terms, entries, "2027-01-05")...)
	if sum := hajir.LeaveSum(entries, "annual", "2027-01-05"); sum != 1900+500 {
		t.Errorf("carried 5: %s", sum)
	}
}

// ledger draws terms, and entries that people and admins make.
func drawLedger(r *rapid.T) (hajir.LeaveTerms, []hajir.LeaveEntry) {
	years := rapid.SampledFrom([]hajir.LeaveYears{
		calendarYears, shrawanYears,
		{{Calendar: hajir.Gregorian, Month: 4, Day: 6}},
		{{Calendar: hajir.Gregorian, Month: 1, Day: 1}, {Calendar: hajir.BikramSambat, Month: 4, Day: 1, From: "2028-01-01"}},
	}).Draw(r, "years")
	kind := annual(func(x *hajir.LeaveType) {
		x.Allowance = hajir.LeaveDays(rapid.IntRange(1, 36600).Draw(r, "allowance"))
		x.Accrual = rapid.SampledFrom([]hajir.Accrual{hajir.AccrualMonthly, hajir.AccrualYearly, hajir.AccrualNone}).Draw(r, "accrual")
		x.Prorate = rapid.Bool().Draw(r, "prorate")
		x.CarryMax = hajir.LeaveDays(rapid.IntRange(0, 2000).Draw(r, "carry"))
		x.CarryMonths = rapid.IntRange(0, 12).Draw(r, "months")
	})
	day := func(name string) string { return hajir.AddDays("2025-06-01", rapid.IntRange(0, 1800).Draw(r, name)) }
	terms := hajir.LeaveTerms{Type: kind, Years: years, Since: day("since")}
	if rapid.Bool().Draw(r, "leaves") {
		terms.Until = hajir.AddDays(terms.Since, rapid.IntRange(0, 900).Draw(r, "stays"))
	}
	var entries []hajir.LeaveEntry
	for i := range rapid.IntRange(0, 8).Draw(r, "entries") {
		kind := rapid.SampledFrom([]hajir.EntryKind{hajir.EntryTaken, hajir.EntryTaken, hajir.EntryReturned, hajir.EntryAdjustment}).Draw(r, "kind")
		amount := hajir.LeaveDays(rapid.IntRange(1, 30).Draw(r, "amount") * 50)
		if kind == hajir.EntryTaken {
			amount = -amount
		}
		entries = append(entries, hajir.LeaveEntry{ID: fmt.Sprintf("annual/p/made/%d#0", i), Type: "annual", Kind: kind, Date: day("date"), Amount: amount})
	}
	return terms, entries
}

const theEnd = "2031-01-01"

func mustDue(r *rapid.T, terms hajir.LeaveTerms, entries []hajir.LeaveEntry, through string) []hajir.LeaveEntry {
	got, err := terms.Due(entries, through)
	if err != nil {
		r.Fatal(err)
	}
	return got
}

// Every ledger balances, recomputing it changes nothing, nothing is posted
// twice, and what goes over never exceeds what may.
func TestLedgersBalance(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		terms, made := drawLedger(r)
		all := append(slices.Clone(made), mustDue(r, terms, made, theEnd)...)
		if more := mustDue(r, terms, all, theEnd); len(more) > 0 {
			r.Fatalf("due again: %+v", more)
		}
		ids := map[string]bool{}
		sums := map[hajir.EntryKind]hajir.LeaveDays{}
		in := map[string]hajir.LeaveDays{}
		for _, e := range all {
			if ids[e.ID] {
				r.Fatalf("%s is posted twice", e.ID)
			}
			ids[e.ID] = true
			sums[e.Kind] += e.Amount
			if e.Kind == hajir.EntryCarryIn {
				in[e.Date] += e.Amount
			}
			if e.Kind == hajir.EntryExpiry && e.Amount > 0 {
				r.Fatalf("lapsing gave something: %+v", e)
			}
		}
		if sums[hajir.EntryCarryIn]+sums[hajir.EntryCarryOut] != 0 {
			r.Fatalf("%s went over and %s came", sums[hajir.EntryCarryOut], sums[hajir.EntryCarryIn])
		}
		given := sums[hajir.EntryGrant] + sums[hajir.EntryAccrual] + sums[hajir.EntryAdjustment]
		left := given + sums[hajir.EntryTaken] + sums[hajir.EntryReturned] + sums[hajir.EntryExpiry]
		if got := hajir.LeaveSum(all, "annual", "9999-12-31"); got != left {
			r.Fatalf("balance %s, want %s", got, left)
		}
		for date, amount := range in {
			if amount > terms.Type.CarryMax {
				r.Fatalf("%s went over on %s, at most %s may", amount, date, terms.Type.CarryMax)
			}
		}
	})
}

// A ledger that is posted day by day, in any order and with entries that come
// late, ends where one that is posted at once ends.
func TestTheOrderOfPostingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		terms, made := drawLedger(r)
		atOnce := append(slices.Clone(made), mustDue(r, terms, made, theEnd)...)
		order := rand.New(rand.NewSource(int64(rapid.Int32().Draw(r, "order"))))
		shuffled := slices.Clone(made)
		order.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		var posted []hajir.LeaveEntry
		for date := "2025-01-01"; date < theEnd; date = hajir.AddDays(date, 1+order.Intn(60)) {
			if len(shuffled) > 0 && order.Intn(4) == 0 { // whenever: before its date or years later
				posted, shuffled = append(posted, shuffled[0]), shuffled[1:]
			}
			posted = append(posted, mustDue(r, terms, posted, date)...)
			order.Shuffle(len(posted), func(i, j int) { posted[i], posted[j] = posted[j], posted[i] })
		}
		posted = append(posted, shuffled...)
		posted = append(posted, mustDue(r, terms, posted, theEnd)...)
		for date := "2025-06-30"; date <= theEnd; date = hajir.AddDays(date, 91) {
			a, b := hajir.LeaveSum(atOnce, "annual", date), hajir.LeaveSum(posted, "annual", date)
			if a != b {
				r.Fatalf("balance at %s: %s at once, %s in parts\n%v", date, a, b, posted)
			}
		}
	})
}

// Twelve parts of any allowance, for anybody who is there the whole year, are
// the allowance; and of a part of the year, what one grant would be.
func TestAccrualsSumToTheAllowance(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		terms, _ := drawLedger(r)
		terms.Type.CarryMax, terms.Type.CarryMonths, terms.Type.Prorate = 0, 0, true
		terms.Type.Accrual = hajir.AccrualMonthly
		terms.Since = hajir.AddDays("2026-01-01", rapid.IntRange(0, 364).Draw(r, "since"))
		p, err := terms.Years.At(terms.Since)
		if err != nil {
			r.Fatal(err)
		}
		sum := func() (sum hajir.LeaveDays) {
			for _, e := range mustDue(r, terms, nil, p.Last()) {
				sum += e.Amount
			}
			return sum
		}
		monthly := sum()
		terms.Type.Accrual = hajir.AccrualYearly
		if yearly := sum(); monthly != yearly {
			r.Fatalf("by months %s, by the year %s", monthly, yearly)
		}
		terms.Since, terms.Until, terms.Type.From = "2000-01-01", "", p.Begin
		if yearly := sum(); yearly != terms.Type.Allowance {
			r.Fatalf("%s of %s", yearly, terms.Type.Allowance)
		}
	})
}
