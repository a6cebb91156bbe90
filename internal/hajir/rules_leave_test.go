package hajir_test

import (
	"strings"
	"testing"

	"hajir/internal/hajir"
)

// days reads an amount such as 1.58.
func days(t *testing.T, s string) hajir.LeaveDays {
	t.Helper()
	whole, part, _ := strings.Cut(s, ".")
	n := hajir.LeaveDays(number(t, whole)) * hajir.OneDay
	if part != "" {
		n += hajir.LeaveDays(number(t, (part + "0")[:2]))
	}
	return n
}

func number(t *testing.T, s string) (n int) {
	t.Helper()
	if s == "" {
		t.Fatal("a number is missing")
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			t.Fatalf("%q is no number", s)
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func TestTheLedgersOfTheDocument(t *testing.T) {
	years := map[string]hajir.LeaveYears{"1 January": calendarYears, "1 Shrawan": shrawanYears}
	rows := table(t, "ledger")
	if len(rows) < 10 {
		t.Fatalf("only %d examples", len(rows))
	}
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			terms := hajir.LeaveTerms{Years: years[row[1]], Type: annual(func(x *hajir.LeaveType) {
				x.Allowance, x.Accrual = days(t, row[2]), hajir.Accrual(row[3])
				carry, months, lapses := strings.Cut(row[4], " for ")
				x.CarryMax = days(t, carry)
				if lapses {
					x.CarryMonths = number(t, strings.TrimSuffix(months, " months"))
				}
			})}
			if row[1] == "1 Shrawan" {
				terms.Type.From = "2025-07-17"
			}
			terms.Since = strings.TrimPrefix(row[5], "from ")
			if from, until, ok := strings.Cut(row[5], " to "); ok {
				terms.Since, terms.Until = from, until
			}
			var entries []hajir.LeaveEntry
			for taken := range strings.SplitSeq(row[6], ", ") {
				if date, amount, ok := strings.Cut(taken, " "); ok {
					entries = append(entries, hajir.LeaveEntry{
						ID: "annual/p/taken/" + date + "#0", Type: "annual", Kind: hajir.EntryTaken, Date: date, Amount: -days(t, amount),
					})
				}
			}
			entries = append(entries, due(t, terms, entries, row[7])...)
			if got, want := hajir.LeaveSum(entries, "annual", row[7]), days(t, row[8]); got != want {
				t.Errorf("balance %s, want %s", got, want)
			}
		})
	}
}

// spanOf reads dates such as "2026-03-02 second half to 2026-03-04".
func spanOf(s string) hajir.LeaveSpan {
	one := func(s string) (string, hajir.Leave) {
		date, half, ok := strings.Cut(s, " ")
		if !ok {
			return date, hajir.FullLeave
		}
		return date, hajir.Leave(strings.ReplaceAll(half, " ", "_"))
	}
	from, to, several := strings.Cut(s, " to ")
	var x hajir.LeaveSpan
	x.From, x.Start = one(from)
	x.To, x.End = x.From, x.Start
	if several {
		x.To, x.End = one(to)
	}
	return x
}

func TestTheLeaveOfTheDocument(t *testing.T) {
	rows := table(t, "leave")
	if len(rows) < 8 {
		t.Fatalf("only %d examples", len(rows))
	}
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			w := wish(func(w *hajir.LeaveWish) {
				w.LeaveSpan = spanOf(row[2])
				if row[1] == "" {
					return
				}
				booked := spanOf(row[1])
				parts, err := booked.Parts(calendarYears, weekdays)
				if err != nil {
					t.Fatal(err)
				}
				w.Account = w.Account.Book(hajir.LeaveRequest{
					ID: "r", Type: "annual", LeaveSpan: booked, Parts: parts, State: hajir.LeaveRequested,
				}, w.Today)
			})
			a, err := w.Check()
			got := hajir.LeaveCost(a.Parts).String()
			if e, ok := hajir.AsError(err); ok {
				got = e.Message
			}
			says, refused := strings.CutPrefix(row[3], "refused: ")
			if got != says && (!refused || !strings.Contains(got, says)) {
				t.Errorf("comes to %s, want %s", got, row[3])
			}
		})
	}
}
