package hajir_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

var noon = time.Date(2026, 3, 2, 6, 15, 0, 0, time.UTC)

func asked(second bool) hajir.LeaveRequest {
	r := hajir.LeaveRequest{
		ID: "r1", Company: "acme", Username: "asha", Type: "annual", LeaveSpan: span("2026-03-10", "2026-03-11"), Second: second,
		Parts: []hajir.LeavePart{{Period: "2026-01-01", Date: "2026-03-10", Amount: 200}},
	}
	return r.Request(hajir.LeaveActor{Username: "asha", At: noon}, "mona")
}

// TestRequests walks through requests, one word a step: who, what, and when
// before or after the first date.
func TestRequests(t *testing.T) {
	for walk, want := range map[string]string{
		"mona approves":                    "approved by nobody, -2",
		"mona refuses":                     "refused by nobody, 0",
		"mona refuses-mutely":              "invalid",
		"asha approves":                    "forbidden",
		"asha cancels":                     "cancelled by nobody, 0",
		"asha cancels-late":                "cancelled by nobody, 0", // nobody had decided
		"mona approves, asha cancels":      "cancelled by nobody, 0",
		"mona approves, asha cancels-late": "cancel_asked by mona, -2",
		"mona approves, asha cancels-late, mona approves": "cancelled by nobody, 0",
		"mona approves, asha cancels-late, mona refuses":  "approved by nobody, -2",
		"mona approves, asha cancels-late, asha cancels":  "conflict",
		"mona approves, asha cancels-late, acme cancels":  "cancelled by nobody, 0",
		"mona approves, acme cancels-late":                "cancelled by nobody, 0",
		"mona approves, mona approves":                    "conflict",
		"mona refuses, acme approves":                     "conflict",
		"mona refuses, asha cancels":                      "conflict",
		"asha cancels, asha cancels":                      "conflict",
		"second, mona approves":                           "second_level by hema, 0",
		"second, mona approves, hema approves":            "approved by nobody, -2",
		"second, mona approves, hema refuses":             "refused by nobody, 0",
		"second, mona approves, asha cancels":             "cancelled by nobody, 0",
	} {
		t.Run(walk, func(t *testing.T) {
			steps := strings.Split(walk, ", ")
			r := asked(steps[0] == "second")
			var entries []hajir.LeaveEntry
			var err error
			done := 1
			for _, step := range steps {
				who, what, ok := strings.Cut(step, " ")
				if !ok {
					continue
				}
				what, when, _ := strings.Cut(what, "-")
				a := hajir.LeaveActor{Username: who, Admin: who == "acme", Note: "because", At: noon}
				today := "2026-03-09"
				switch when {
				case "late":
					today = "2026-03-10"
				case "mutely":
					a.Note = " "
				}
				var more []hajir.LeaveEntry
				switch what {
				case "approves":
					r, more, err = r.Approve(a, "hema")
				case "refuses":
					r, err = r.Refuse(a)
				case "cancels":
					r, more, err = r.Cancel(a, today, "mona")
				}
				if err != nil {
					break
				}
				done++
				entries = append(entries, more...)
			}
			decider := r.Decider
			if decider == "" {
				decider = "nobody"
			}
			got := fmt.Sprintf("%s by %s, %s", r.State, decider, hajir.LeaveSum(entries, "annual", "2026-12-31"))
			if err != nil {
				got = string(hajir.CodeOf(err))
			}
			if got != want {
				t.Errorf("got %s, want %s (%v)", got, want, err)
			}
			if len(r.History) != done {
				t.Errorf("%d events of %d steps: %+v", len(r.History), done, r.History)
			}
		})
	}
}

// Whatever people do: somebody decides while a request is open and nobody
// afterwards, the ledger has the leave exactly while it is approved, and every
// step is in the history.
func TestRequestsKeepTheLedgerRight(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		req := asked(rapid.Bool().Draw(r, "second"))
		var account hajir.LeaveAccount
		sum, steps, ids := hajir.LeaveDays(0), 1, map[string]bool{}
		for range rapid.IntRange(0, 8).Draw(r, "steps") {
			a := hajir.LeaveActor{Username: rapid.SampledFrom([]string{"asha", "mona", "hema", "acme"}).Draw(r, "who"), Note: "x", At: noon}
			a.Admin = a.Username == "acme"
			today := rapid.SampledFrom([]string{"2026-03-09", "2026-03-12"}).Draw(r, "today")
			next, entries, err := req, []hajir.LeaveEntry(nil), error(nil)
			switch rapid.IntRange(0, 2).Draw(r, "does") {
			case 0:
				next, entries, err = req.Approve(a, "hema")
			case 1:
				next, err = req.Refuse(a)
			case 2:
				if a.Username == "asha" || a.Admin {
					next, entries, err = req.Cancel(a, today, "mona")
				} else {
					continue
				}
			}
			if err != nil {
				continue
			}
			req, steps = next, steps+1
			for _, e := range entries {
				sum += e.Amount
				if ids[e.ID] {
					r.Fatalf("%s is posted twice", e.ID)
				}
				ids[e.ID] = true
			}
		}
		account = account.Book(req, "2026-03-12")
		taken := hajir.LeaveDays(0)
		if req.State.Approved() {
			taken = req.Cost()
		}
		if sum != -taken {
			r.Fatalf("%s: %s in the ledger", req.State, sum)
		}
		if req.State.Open() != (req.Decider != "") || len(req.History) != steps {
			r.Fatalf("%s, decided by %q, %d events of %d steps", req.State, req.Decider, len(req.History), steps)
		}
		if (len(account.Booked) == 1) != req.State.Counts() {
			r.Fatalf("%s: %d bookings", req.State, len(account.Booked))
		}
	})
}

func TestLeaveTypes(t *testing.T) {
	if err := annual(nil).Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*hajir.LeaveType){
		"no name":                    func(t *hajir.LeaveType) { t.Name = " " },
		"no accrual":                 func(t *hajir.LeaveType) { t.Accrual = "weekly" },
		"less than nothing":          func(t *hajir.LeaveType) { t.Allowance = -1 },
		"more than a year":           func(t *hajir.LeaveType) { t.Allowance = hajir.MaxAllowance + 1 },
		"nothing a year":             func(t *hajir.LeaveType) { t.Allowance = 0 },
		"unlimited with a number":    func(t *hajir.LeaveType) { t.Unlimited = true },
		"carried over the negative":  func(t *hajir.LeaveType) { t.CarryMax = -1 },
		"lapsing after a year":       func(t *hajir.LeaveType) { t.CarryMonths = 13 },
		"lapsing of nothing":         func(t *hajir.LeaveType) { t.CarryMax, t.CarryMonths = 0, 3 },
		"notice of the past":         func(t *hajir.LeaveType) { t.NoticeDays = -1 },
		"before and after":           func(t *hajir.LeaveType) { t.NoticeDays, t.LateDays = 1, 1 },
		"a third of a day at a time": func(t *hajir.LeaveType) { t.MaxDays = 33 },
		"a nameless department":      func(t *hajir.LeaveType) { t.Departments = []string{""} },
		"no beginning":               func(t *hajir.LeaveType) { t.From = "" },
	} {
		if err := annual(change).Validate(); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLeaveDays(t *testing.T) {
	for days, want := range map[float64]string{0: "0", 1: "1", 1.5: "1.5", 19.0 / 4: "4.75", -2: "-2", -0.5: "-0.5", 0.29: "0.29", 10: "10", 100: "100"} {
		d, err := hajir.LeaveDaysOf(days)
		if err != nil || d.String() != want || d.Float() != days {
			t.Errorf("%v: %s (%v), %v", days, d, d.Float(), err)
		}
	}
	for _, days := range []float64{0.001, 1.0 / 3, 1e300, -1e9} {
		if _, err := hajir.LeaveDaysOf(days); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%v: %v", days, err)
		}
	}
}

func TestDelegates(t *testing.T) {
	d := hajir.LeaveDelegate{Manager: "mona", Delegate: "lena", From: "2026-03-02", To: "2026-03-04", Version: 1}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]bool{"2026-03-01": false, "2026-03-02": true, "2026-03-04": true, "2026-03-05": false} {
		if d.Runs(date) != want {
			t.Errorf("runs on %s: want %v", date, want)
		}
	}
	for name, change := range map[string]func(*hajir.LeaveDelegate){
		"oneself": func(d *hajir.LeaveDelegate) { d.Delegate = "mona" }, "nobody": func(d *hajir.LeaveDelegate) { d.Delegate = "" },
		"backwards": func(d *hajir.LeaveDelegate) { d.To = "2026-03-01" }, "for ever": func(d *hajir.LeaveDelegate) { d.To = "2036-03-01" },
		"no date": func(d *hajir.LeaveDelegate) { d.From = "today" },
	} {
		bad := d
		change(&bad)
		if err := bad.Validate(); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
