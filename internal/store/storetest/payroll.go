package storetest

import (
	"context"
	"testing"
	"time"

	"hajir/internal/hajir"
)

type payrollStore interface {
	PayrollMappings(ctx context.Context, company string) ([]hajir.PayrollMapping, error)
	SavePayrollMapping(ctx context.Context, m hajir.PayrollMapping) error
	DeletePayrollMapping(ctx context.Context, company, id string, version int) error
}

func newPayrollMapping(company, id string) hajir.PayrollMapping {
	return hajir.PayrollMapping{
		ID: id, Company: company, Name: "Tally", Delimiter: "\t", Decimal: ",", DateForm: hajir.DateBS, BOM: true,
		Columns: []hajir.PayrollColumn{{Header: "कर्मचारी", Field: hajir.FieldCode}, {Header: "Type", Field: hajir.FieldConstant, Constant: "M"}},
	}
}

func testPayroll(t *testing.T, s Store) {
	ctx := by(t.Context(), "acme", "do-it")
	one, two := newPayrollMapping("acme", "m1"), newPayrollMapping("acme", "m2")
	must(t, s.SavePayrollMapping(ctx, two), s.SavePayrollMapping(ctx, one), s.SavePayrollMapping(ctx, newPayrollMapping("other", "m1")))
	if err := s.SavePayrollMapping(ctx, one); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("made twice: %v", err)
	}
	one.Version, two.Version = 1, 1
	same(t, []hajir.PayrollMapping{one, two}, get(t, s.PayrollMappings, "acme"))
	one.Name = "Other"
	must(t, s.SavePayrollMapping(ctx, one))
	if err := s.SavePayrollMapping(ctx, one); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	if err := s.DeletePayrollMapping(ctx, "acme", "m1", 1); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("deleted at a stale version: %v", err)
	}
	must(t, s.DeletePayrollMapping(ctx, "acme", "m1", 2))
	same(t, []hajir.PayrollMapping{two}, get(t, s.PayrollMappings, "acme"))
	entries := call(t, func() ([]hajir.AuditEntry, error) {
		return s.Audit(ctx, "acme", hajir.AuditQuery{Table: "Payroll_mappings", Oldest: true, Limit: 10})
	})
	var did []hajir.Action
	for _, e := range entries {
		did = append(did, e.Action)
	}
	same(t, []hajir.Action{hajir.ActionCreate, hajir.ActionCreate, hajir.ActionChange, hajir.ActionDelete}, did)
	must(t, s.DeleteCompany(ctx, "acme"))
	if n := len(get(t, s.PayrollMappings, "acme")); n != 0 {
		t.Errorf("%d mappings outlive their company", n)
	}
	if n := len(get(t, s.PayrollMappings, "other")); n != 1 {
		t.Errorf("another company has %d mappings", n)
	}
}

func lean(p hajir.Punch) hajir.Punch {
	return hajir.Punch{
		ID: p.ID, At: p.At, Direction: p.Direction, Source: p.Source, Received: p.Received, Moves: p.Moves, Correction: p.Correction,
	}
}

func testDaysOf(t *testing.T, s Store) {
	ctx := t.Context()
	corrected := func(name, date string) hajir.Day { // and closed
		d := newDay("acme", name, date)
		struck := d.Punches[0]
		struck.ID = "p0"
		d.Punches[0].Correction = "c1"
		d.Struck = []hajir.Struck{{Punch: struck, Correction: "c1", At: at}}
		rejected := struck
		rejected.ID = "p2"
		d.Rejected = []hajir.Punch{rejected}
		d.Auto = hajir.AutoExit{After: "p1", At: at.Add(time.Hour)}
		return d
	}
	for _, date := range []string{"2026-04-01", "2026-03-31", "2026-04-02"} {
		must(t, s.SaveDay(ctx, corrected("asha", date)))
	}
	must(t, s.SaveDay(ctx, newDay("acme", "bina", "2026-04-01")), s.SaveDay(ctx, newDay("acme", "chet", "2026-04-01")))
	days := call(t, func() (map[string][]hajir.Day, error) {
		return s.DaysOf(ctx, []string{"asha", "bina", "nobody"}, "2026-03-31", "2026-04-01")
	})
	saved := func(name, date string) hajir.Day { // what there is to reckon with
		d := newDay("acme", name, date)
		if name == "asha" {
			d = corrected(name, date)
			d.Struck[0].Punch, d.Rejected[0] = lean(d.Struck[0].Punch), lean(d.Rejected[0])
		}
		d.Punches[0] = lean(d.Punches[0])
		return d
	}
	same(t, map[string][]hajir.Day{
		"asha": {saved("asha", "2026-03-31"), saved("asha", "2026-04-01")}, "bina": {saved("bina", "2026-04-01")},
	}, days)
	if err := s.SaveDay(ctx, days["asha"][0]); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("half a day is saved over the whole: %v", err)
	}
}

func testLedgersOf(t *testing.T, s Store) {
	ctx := t.Context()
	a, b := newLeaveEntry("acme", "asha", "t1/a#0"), newLeaveEntry("acme", "asha", "t1/b#0")
	c := newLeaveEntry("acme", "bina", "t1/a#0")
	must(t, s.PostLeaveEntries(ctx, []hajir.LeaveEntry{b, c, a, newLeaveEntry("acme", "chet", "t1/a#0")}))
	same(t, map[string][]hajir.LeaveEntry{"asha": {a, b}, "bina": {c}},
		call(t, func() (map[string][]hajir.LeaveEntry, error) {
			return s.LeaveEntriesOf(ctx, []string{"asha", "bina", "nobody"})
		}))
}
