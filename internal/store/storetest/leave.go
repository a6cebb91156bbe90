package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

type leaveStore interface {
	LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error)
	SaveLeaveType(ctx context.Context, t hajir.LeaveType) error
	LeaveSettings(ctx context.Context, company string) (hajir.LeaveSettings, error)
	SaveLeaveSettings(ctx context.Context, s hajir.LeaveSettings) error
	LeaveAccount(ctx context.Context, username string) (hajir.LeaveAccount, error)
	LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error)
	SaveLeaveAccount(ctx context.Context, a hajir.LeaveAccount) error
	LeaveEntries(ctx context.Context, username string) ([]hajir.LeaveEntry, error)
	LeaveEntriesOf(ctx context.Context, usernames []string) (map[string][]hajir.LeaveEntry, error)
	PostLeaveEntries(ctx context.Context, entries []hajir.LeaveEntry) error
	LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error)
	LeaveRequestsOf(ctx context.Context, employee string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error)
	LeaveRequestsTo(ctx context.Context, decider string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error)
	LeaveRequestsIn(ctx context.Context, company string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error)
	SaveLeaveRequest(ctx context.Context, r hajir.LeaveRequest) error
	LeaveDelegate(ctx context.Context, manager string) (hajir.LeaveDelegate, error)
	LeaveDelegations(ctx context.Context, delegate string) ([]hajir.LeaveDelegate, error)
	SaveLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error
	DeleteLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error
}

var (
	leaveSpan  = hajir.LeaveSpan{From: "2026-03-10", To: "2026-03-12", Start: hajir.SecondHalf, End: hajir.FirstHalf}
	leaveParts = []hajir.LeavePart{{Period: "2026-01-01", Date: "2026-03-10", Amount: 200}, {Period: "2026-01-01", Date: "2026-03-12", Amount: 50}}
)

func newLeaveType(company, id string) hajir.LeaveType {
	return hajir.LeaveType{
		ID: id, Company: company, Name: "Annual leave", Paid: true, Unlimited: true, Allowance: 1900, Accrual: hajir.AccrualMonthly, Prorate: true,
		CarryMax: 500, CarryMonths: 3, Negative: 100, HalfDays: true, NoticeDays: 7, LateDays: 2, MaxDays: 1050,
		Departments: []string{"Sales", "बिक्री"}, SecondLevel: true, From: "2026-01-01", Retired: true,
	}
}

func newLeaveSettings(company string) hajir.LeaveSettings {
	return hajir.LeaveSettings{
		Company: company, SecondLevel: true, Posted: "2026-03-02",
		Years: hajir.LeaveYears{
			{Calendar: hajir.Gregorian, Month: 1, Day: 1}, {Calendar: hajir.BikramSambat, Month: 4, Day: 1, From: "2027-01-01"},
		},
	}
}

func newLeaveRequest(company, username, id, decider string) hajir.LeaveRequest {
	return hajir.LeaveRequest{
		ID: id, Company: company, Username: username, Type: "t1", LeaveSpan: leaveSpan, Parts: leaveParts,
		Off: []string{"2026-03-11"}, Holidays: []string{"2026-03-12"}, Reason: "बिहे\nand more",
		State: hajir.LeaveRequested, Decider: decider, Second: true, At: at,
		History: []hajir.LeaveEvent{{At: at, Does: hajir.LeaveActionRequest, By: username, For: "x", Note: "a note"}},
	}
}

func newLeaveEntry(company, username, id string) hajir.LeaveEntry {
	return hajir.LeaveEntry{
		Username: username, ID: id, Company: company, Type: "t1", Kind: hajir.EntryAccrual, Date: "2026-01-31", Amount: -158, Basis: 1900,
		Whole: true, Request: "r1", Note: "काम", By: company, At: at,
	}
}

func newLeaveAccount(company, username string) hajir.LeaveAccount {
	r := newLeaveRequest(company, username, "r1", "mona")
	r.Version = 3
	return hajir.LeaveAccount{
		Username: username, Company: company, Since: "2020-01-01", Until: "2026-12-31",
		Booked: []hajir.LeaveBooking{{LeaveSpan: leaveSpan, Request: "r1", Type: "t1", Parts: leaveParts, Open: true, Decider: "mona"}},
		Step:   &hajir.LeaveStep{Request: &r, Entries: []hajir.LeaveEntry{newLeaveEntry(company, username, "e1#0")}},
	}
}

func newLeaveDelegate(company, manager, delegate string) hajir.LeaveDelegate {
	return hajir.LeaveDelegate{Manager: manager, Company: company, Delegate: delegate, From: "2026-03-02", To: "2026-03-09"}
}

func testLeave(t *testing.T, s Store) {
	ctx := t.Context()
	kind, settings, account := newLeaveType("acme", "t1"), newLeaveSettings("acme"), newLeaveAccount("acme", "asha")
	request, delegate := newLeaveRequest("acme", "asha", "r1", "mona"), newLeaveDelegate("acme", "mona", "lena")
	must(t, s.SaveLeaveType(ctx, newLeaveType("acme", "t2")), s.SaveLeaveType(ctx, kind), s.SaveLeaveType(ctx, newLeaveType("other", "t1")),
		s.SaveLeaveSettings(ctx, settings), s.SaveLeaveAccount(ctx, account), s.SaveLeaveRequest(ctx, request),
		s.SaveLeaveDelegate(ctx, delegate), s.SaveLeaveDelegate(ctx, newLeaveDelegate("acme", "hema", "lena")))
	second, first := newLeaveType("acme", "t2"), newLeaveDelegate("acme", "hema", "lena")
	kind.Version, second.Version, settings.Version, account.Version, request.Version, delegate.Version, first.Version = 1, 1, 1, 1, 1, 1, 1
	same(t, []hajir.LeaveType{kind, second}, get(t, s.LeaveTypes, "acme"))
	same(t, settings, get(t, s.LeaveSettings, "acme"))
	same(t, account, get(t, s.LeaveAccount, "asha"))
	same(t, request, get(t, s.LeaveRequest, "r1"))
	same(t, delegate, get(t, s.LeaveDelegate, "mona"))
	same(t, []hajir.LeaveDelegate{first, delegate}, get(t, s.LeaveDelegations, "lena"))

	// What is not there.
	same(t, hajir.LeaveSettings{Company: "x"}, get(t, s.LeaveSettings, "x"))
	same(t, hajir.LeaveAccount{Username: "x"}, get(t, s.LeaveAccount, "x"))
	same(t, hajir.LeaveDelegate{Manager: "x"}, get(t, s.LeaveDelegate, "x"))
	same(t, []hajir.LeaveDelegate(nil), get(t, s.LeaveDelegations, "mona"))
	same(t, []hajir.LeaveType(nil), get(t, s.LeaveTypes, "x"))
	if _, err := s.LeaveRequest(ctx, "x"); codeOf(err) != hajir.NotFound {
		t.Errorf("no request: %v", err)
	}
	all := call(t, func() (map[string]hajir.LeaveAccount, error) { return s.LeaveAccounts(ctx, []string{"asha", "x"}) })
	same(t, map[string]hajir.LeaveAccount{"asha": account}, all)
}

func testLeaveVersions(t *testing.T, s Store) {
	ctx := t.Context()
	for name, save := range map[string]func(version int) error{
		"type": func(v int) error { x := newLeaveType("acme", "t1"); x.Version = v; return s.SaveLeaveType(ctx, x) },
		"settings": func(v int) error {
			x := newLeaveSettings("acme")
			x.Version = v
			return s.SaveLeaveSettings(ctx, x)
		},
		"account": func(v int) error {
			x := newLeaveAccount("acme", "asha")
			x.Version = v
			return s.SaveLeaveAccount(ctx, x)
		},
		"request": func(v int) error {
			x := newLeaveRequest("acme", "asha", "r1", "mona")
			x.Version = v
			return s.SaveLeaveRequest(ctx, x)
		},
		"delegate": func(v int) error {
			x := newLeaveDelegate("acme", "mona", "lena")
			x.Version = v
			return s.SaveLeaveDelegate(ctx, x)
		},
	} {
		for _, step := range []struct {
			version int
			want    hajir.Code
		}{
			{3, hajir.Conflict}, // nothing is there to be changed
			{0, ""}, {0, hajir.Conflict}, {1, ""}, {1, hajir.Conflict}, {3, hajir.Conflict}, {2, ""},
		} {
			if err := save(step.version); codeOf(err) != step.want {
				t.Errorf("save %s at version %d: %v, want code %q", name, step.version, err, step.want)
			}
		}
	}
	moved := newLeaveRequest("acme", "bina", "r1", "mona")
	moved.Version = 3
	if err := s.SaveLeaveRequest(ctx, moved); codeOf(err) != hajir.Conflict {
		t.Errorf("a request became somebody else's: %v", err)
	}
	d := newLeaveDelegate("acme", "mona", "hema") // another delegate is found by their name, and the first no more
	d.Version = 3
	must(t, s.SaveLeaveDelegate(ctx, d))
	if len(get(t, s.LeaveDelegations, "lena")) != 0 || len(get(t, s.LeaveDelegations, "hema")) != 1 {
		t.Error("a delegate is not found by their name")
	}
	if err := s.DeleteLeaveDelegate(ctx, d); codeOf(err) != hajir.Conflict {
		t.Errorf("deleted at a stale version: %v", err)
	}
	d.Version = 4
	must(t, s.DeleteLeaveDelegate(ctx, d))
	same(t, hajir.LeaveDelegate{Manager: "mona"}, get(t, s.LeaveDelegate, "mona"))
}

func testLeavePages(t *testing.T, s Store) {
	ctx := t.Context()
	save := func(company, username, id, decider string, minutes, version int) {
		r := newLeaveRequest(company, username, id, decider)
		r.At, r.Version = at.Add(time.Duration(minutes)*time.Minute), version
		must(t, s.SaveLeaveRequest(ctx, r))
	}
	for i, id := range []string{"c", "a", "b", "e", "d"} {
		save("acme", "asha", id, "mona", i, 0)
	}
	save("acme", "asha", "f", "mona", 4, 0) // at the moment of d
	save("acme", "bina", "g", "mona", 9, 0)
	save("other", "olga", "h", "otto", 9, 0)
	save("acme", "asha", "a", "", 1, 1)     // decided
	save("acme", "asha", "b", "hema", 2, 1) // at the second level
	walk := func(page func(ctx context.Context, key string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error), key string, limit int) string {
		var ids strings.Builder
		for behind := (hajir.LeaveRequest{}); ; {
			batch := call(t, func() ([]hajir.LeaveRequest, error) { return page(ctx, key, behind, limit) })
			for _, r := range batch {
				ids.WriteString(r.ID)
			}
			if len(batch) < limit {
				return ids.String()
			}
			behind = batch[len(batch)-1]
		}
	}
	for limit := 1; limit <= 9; limit += 2 {
		for what, tt := range map[string]struct{ got, want string }{
			"of an employee":      {walk(s.LeaveRequestsOf, "asha", limit), "fdebac"},
			"of nobody":           {walk(s.LeaveRequestsOf, "x", limit), ""},
			"to a manager":        {walk(s.LeaveRequestsTo, "mona", limit), "gfdec"},
			"to the second level": {walk(s.LeaveRequestsTo, "hema", limit), "b"},
			"to nobody":           {walk(s.LeaveRequestsTo, "", limit), ""}, // having no decider is no name
			"of a company":        {walk(s.LeaveRequestsIn, "acme", limit), "gfdebac"},
			"of another company":  {walk(s.LeaveRequestsIn, "other", limit), "h"},
		} {
			if tt.got != tt.want {
				t.Errorf("%s, by %d: %s, want %s", what, limit, tt.got, tt.want)
			}
		}
	}
}

func testLeaveLedger(t *testing.T, s Store) {
	ctx := t.Context()
	var entries []hajir.LeaveEntry
	for i := range 30 {
		entries = append(entries, newLeaveEntry("acme", "asha", fmt.Sprintf("t1/2026-01-01/month/%02d#0", i)))
	}
	must(t, s.PostLeaveEntries(ctx, nil), s.PostLeaveEntries(ctx, entries[10:]), s.PostLeaveEntries(ctx, entries[:20]),
		s.PostLeaveEntries(ctx, []hajir.LeaveEntry{newLeaveEntry("acme", "bina", entries[0].ID)}))
	same(t, entries, get(t, s.LeaveEntries, "asha"))
	changed := entries[3]
	changed.Amount = 999
	must(t, s.PostLeaveEntries(ctx, []hajir.LeaveEntry{changed})) // the first one stays
	same(t, entries, get(t, s.LeaveEntries, "asha"))
	same(t, []hajir.LeaveEntry(nil), get(t, s.LeaveEntries, "x"))
}

func testLeaveOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for _, c := range []string{"acme", "other"} {
		must(t, s.SaveLeaveType(ctx, newLeaveType(c, "t1")), s.SaveLeaveSettings(ctx, newLeaveSettings(c)),
			s.SaveLeaveAccount(ctx, newLeaveAccount(c, "u-"+c)), s.SaveLeaveRequest(ctx, newLeaveRequest(c, "u-"+c, "r-"+c, "m-"+c)),
			s.SaveLeaveDelegate(ctx, newLeaveDelegate(c, "m-"+c, "d-"+c)), s.PostLeaveEntries(ctx, []hajir.LeaveEntry{newLeaveEntry(c, "u-"+c, "e#0")}))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	for c, want := range map[string]int{"acme": 0, "other": 1} {
		found := get(t, s.LeaveSettings, c).Version + get(t, s.LeaveAccount, "u-"+c).Version + get(t, s.LeaveDelegate, "m-"+c).Version +
			len(get(t, s.LeaveTypes, c)) + len(get(t, s.LeaveEntries, "u-"+c))
		if _, err := s.LeaveRequest(ctx, "r-"+c); err == nil {
			found++
		}
		if found != 6*want {
			t.Errorf("company %s: %d of 6 records are there, want %d", c, found, 6*want)
		}
	}
}
