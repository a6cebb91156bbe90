package storetest

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

type correctionStore interface {
	Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error)
	CorrectionsBetween(ctx context.Context, username, from, to string) ([]hajir.DayCorrections, error)
	CorrectionsTo(ctx context.Context, decider string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error)
	CorrectionsToDo(ctx context.Context, company string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error)
	SaveCorrections(ctx context.Context, x hajir.DayCorrections) error
	Closing(ctx context.Context, company, date string) (hajir.ClosedDate, error)
	Closings(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error)
	LastClosed(ctx context.Context, company string) (string, error)
	SaveClosing(ctx context.Context, c hajir.ClosedDate) error
}

// newCorrections is one that waits for decider, or for nobody, and one that was
// applied.
func newCorrections(company, username, date, decider string) hajir.DayCorrections {
	marks := []hajir.Mark{{At: at, Direction: hajir.Entry, Source: hajir.SourceKiosk}, {At: at.Add(time.Hour), Direction: hajir.Exit, Source: hajir.SourceAuto}}
	waits := hajir.Correction{
		ID: "c1", Reason: "बिर्सें", State: hajir.CorrectionRequested, Decider: decider, At: at,
		Changes: []hajir.Change{
			{Punch: "p1", Was: at, At: at.Add(time.Minute), Direction: hajir.Exit, New: "n1"}, {Punch: "p2", Was: at, Direction: hajir.Entry},
		},
		History: []hajir.CorrectionEvent{{At: at, Does: hajir.CorrectionActionRequest, By: username, For: "x", Note: "a note"}},
	}
	if decider == "" {
		waits.State = hajir.CorrectionWithdrawn
	}
	return hajir.DayCorrections{
		Username: username, Date: date, Company: company,
		All: []hajir.Correction{waits, {
			ID: "c2", Reason: "forgot", State: hajir.CorrectionApproved, Edit: true, Applied: true, Before: marks[:1], After: marks, At: at,
			Changes: []hajir.Change{{At: at.Add(time.Hour), Direction: hajir.Exit, New: "n2"}},
			History: []hajir.CorrectionEvent{{At: at, Does: hajir.CorrectionActionEdit, By: company}},
		}},
	}
}

func testCorrections(t *testing.T, s Store) {
	ctx := t.Context()
	none, err := s.Corrections(ctx, "asha", "2026-03-02")
	if err != nil || none.Version != 0 || none.Username != "asha" || none.Date != "2026-03-02" || none.All != nil {
		t.Fatalf("before: %+v, %v", none, err)
	}
	want := newCorrections("acme", "asha", "2026-03-02", "mona")
	must(t, s.SaveCorrections(ctx, want))
	want.Version = 1
	got, err := s.Corrections(ctx, "asha", "2026-03-02")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v, %v", got, want, err)
	}
	for _, date := range []string{"2026-03-31", "2026-02-28", "2026-04-01"} {
		must(t, s.SaveCorrections(ctx, newCorrections("acme", "asha", date, "")))
	}
	must(t, s.SaveCorrections(ctx, newCorrections("acme", "bina", "2026-03-03", "")))
	all, err := s.CorrectionsBetween(ctx, "asha", "2026-03-01", "2026-03-31")
	if err != nil || len(all) != 2 || !reflect.DeepEqual(all[0], want) || all[1].Date != "2026-03-31" {
		t.Errorf("between: %+v, %v", all, err)
	}
	// A day keeps what was struck, and a guess.
	d := hajir.Day{
		Name: "asha", Date: "2026-03-02", Company: "acme", Auto: hajir.AutoExit{After: "n1", At: at.Add(time.Hour)},
		Punches: []hajir.Punch{{ID: "n1", At: at, Direction: hajir.Entry, Source: hajir.SourceCorrection, By: "mona", Correction: "c1"}},
		Struck: []hajir.Struck{{
			Punch:      hajir.Punch{ID: "p1", At: at, Direction: hajir.Entry, Source: hajir.SourceKiosk, Picture: "k", Decision: hajir.Decision{Username: "asha", Score: 0.7}},
			Correction: "c1", At: at.Add(time.Hour),
		}},
	}
	must(t, s.SaveDay(ctx, d))
	d.Version = 1
	if got, err := s.Day(ctx, "asha", "2026-03-02"); err != nil || !reflect.DeepEqual(got, d) {
		t.Errorf("got  %+v\nwant %+v, %v", got, d, err)
	}
}

// wantConflict expects a save to be refused for its version.
func wantConflict(t *testing.T, err error) {
	t.Helper()
	if hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("%v, want a conflict", err)
	}
}

func testCorrectionVersions(t *testing.T, s Store) {
	ctx := t.Context()
	x := newCorrections("acme", "asha", "2026-03-02", "mona")
	must(t, s.SaveCorrections(ctx, x))
	wantConflict(t, s.SaveCorrections(ctx, x))
	x.Version = 7
	wantConflict(t, s.SaveCorrections(ctx, x))
	x.Version, x.Company = 1, "other"
	wantConflict(t, s.SaveCorrections(ctx, x))
	x = newCorrections("acme", "bina", "2026-03-02", "mona")
	x.Version = 1 // of a record that is not there
	wantConflict(t, s.SaveCorrections(ctx, x))
}

func testCorrectionsToDo(t *testing.T, s Store) {
	ctx := t.Context()
	pending := newCorrections("acme", "dipa", "2026-03-01", "")
	pending.All[1].Applied = false
	for _, x := range []hajir.DayCorrections{
		newCorrections("acme", "asha", "2026-03-02", "mona"), newCorrections("acme", "asha", "2026-03-01", "mona"),
		newCorrections("acme", "bina", "2026-03-02", "acme"), newCorrections("acme", "chet", "2026-03-02", ""), pending,
		newCorrections("other", "olga", "2026-03-02", "mona"),
	} {
		must(t, s.SaveCorrections(ctx, x))
	}
	show := func(all []hajir.DayCorrections, err error) string {
		t.Helper()
		must(t, err)
		var out []string
		for _, x := range all {
			out = append(out, x.Username+" "+x.Date)
		}
		return strings.Join(out, ", ")
	}
	for what, tt := range map[string]struct{ got, want string }{
		"mona's":     {show(s.CorrectionsTo(ctx, "mona", hajir.DayCorrections{}, 10)), "asha 2026-03-01, asha 2026-03-02, olga 2026-03-02"},
		"the second": {show(s.CorrectionsTo(ctx, "mona", hajir.DayCorrections{Username: "asha", Date: "2026-03-01"}, 1)), "asha 2026-03-02"},
		"acme's":     {show(s.CorrectionsTo(ctx, "acme", hajir.DayCorrections{}, 10)), "bina 2026-03-02"},
		"nobody's":   {show(s.CorrectionsTo(ctx, "", hajir.DayCorrections{}, 10)), ""},
		"to do":      {show(s.CorrectionsToDo(ctx, "acme", hajir.DayCorrections{}, 10)), "asha 2026-03-01, asha 2026-03-02, bina 2026-03-02, dipa 2026-03-01"},
		"more to do": {show(s.CorrectionsToDo(ctx, "acme", hajir.DayCorrections{Username: "asha", Date: "2026-03-02"}, 1)), "bina 2026-03-02"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", what, tt.got, tt.want)
		}
	}
	done := newCorrections("acme", "asha", "2026-03-01", "")
	done.Version = 1
	must(t, s.SaveCorrections(ctx, done))
	if got := show(s.CorrectionsTo(ctx, "mona", hajir.DayCorrections{}, 1)); got != "asha 2026-03-02" {
		t.Errorf("after one is decided: %s", got)
	}
}

func testClosings(t *testing.T, s Store) {
	ctx := t.Context()
	if last, err := s.LastClosed(ctx, "acme"); err != nil || last != "" {
		t.Errorf("the last of none is %q, %v", last, err)
	}
	none, err := s.Closing(ctx, "acme", "2026-03-02")
	if err != nil || none.Version != 0 || none.Company != "acme" || none.Date != "2026-03-02" {
		t.Fatalf("before: %+v, %v", none, err)
	}
	want := hajir.ClosedDate{
		Company: "acme", Date: "2026-03-02", ClosedAt: at, Counts: map[hajir.Status]int{hajir.StatusAbsent: 2, hajir.StatusPresent: 7},
		Absent: []string{"asha", "bina"}, MissingExits: []string{"chet"}, AutoExits: []string{"dipa"}, Waiting: []string{"esha"}, Next: at.Add(time.Hour),
	}
	must(t, s.SaveClosing(ctx, want))
	wantConflict(t, s.SaveClosing(ctx, want))
	want.Version = 1
	if got, err := s.Closing(ctx, "acme", "2026-03-02"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v, %v", got, want, err)
	}
	for _, c := range []hajir.ClosedDate{
		{Company: "acme", Date: "2026-03-05"}, {Company: "acme", Date: "2026-03-03"}, {Company: "acme", Date: "2026-02-27"}, {Company: "other", Date: "2026-03-09"},
	} {
		must(t, s.SaveClosing(ctx, c))
	}
	all, err := s.Closings(ctx, "acme", "2026-03-01", "2026-03-03")
	if err != nil || len(all) != 2 || !reflect.DeepEqual(all[0], want) || all[1].Date != "2026-03-03" {
		t.Errorf("between: %+v, %v", all, err)
	}
	if last, err := s.LastClosed(ctx, "acme"); err != nil || last != "2026-03-05" {
		t.Errorf("the last is %q, %v", last, err)
	}
}

func testCorrectionsOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for _, company := range []string{"acme", "other"} {
		must(t, s.SaveCompany(ctx, newCompany(company)))
		must(t, s.SaveCorrections(ctx, newCorrections(company, "asha-"+company, "2026-03-02", "mona")))
		must(t, s.SaveClosing(ctx, hajir.ClosedDate{Company: company, Date: "2026-03-02"}))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	for company, want := range map[string]int{"acme": 0, "other": 1} {
		x, err1 := s.Corrections(ctx, "asha-"+company, "2026-03-02")
		c, err2 := s.Closing(ctx, company, "2026-03-02")
		if err1 != nil || err2 != nil || x.Version != want || c.Version != want {
			t.Errorf("%s has corrections at %d and a closing at %d, %v %v", company, x.Version, c.Version, err1, err2)
		}
	}
}
