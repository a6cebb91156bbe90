package hajir_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// A punch that was rejected leaves the days as if it had never come, and stays
// readable in the day that had it.
func TestReject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		if len(l.punches) == 0 {
			return
		}
		out := rapid.SampledFrom(l.punches).Draw(t, "rejected")
		got, want := store{}, store{}
		for _, p := range l.punches {
			days, _, _ := l.plan.Place(got.days(), p)
			for _, d := range days {
				got.save(t, d)
			}
			if p.ID == out.ID {
				continue
			}
			days, _, _ = l.plan.Place(want.days(), p)
			for _, d := range days {
				want.save(t, d)
			}
		}
		why := hajir.Rejection{By: "acme", At: out.At, To: "bina"}
		changed, punch, found := l.plan.Reject(got.around(l.plan.Location, out.At), out.ID, why)
		if !found || punch.ID != out.ID || punch.Rejected == nil || *punch.Rejected != why {
			t.Fatalf("Reject = %+v, %t", punch, found)
		}
		for _, d := range changed {
			got.save(t, d)
		}
		if got.show() != want.show() {
			t.Fatalf("rejected %s:\n%s\nnever came:\n%s", out.ID, got.show(), want.show())
		}
		kept := 0
		for _, d := range got.days() {
			kept += len(d.Rejected)
			if slices.ContainsFunc(d.Rejected, func(p hajir.Punch) bool { return p.ID != out.ID }) {
				t.Fatalf("another punch is rejected: %+v", d)
			}
		}
		if kept != 1 {
			t.Fatalf("%d punches are kept as rejected", kept)
		}
		if _, _, again := l.plan.Reject(got.days(), out.ID, why); again {
			t.Fatal("it was rejected twice")
		}
	})
}

// A rejected punch swallows none that comes after it.
func TestRejectedIsNoRepetition(t *testing.T) {
	d := hajir.Day{Name: "asha", Date: "2026-03-02", Rejected: []hajir.Punch{{ID: "1", At: monday}}}
	if _, repeated := d.Recorded(hajir.Punch{At: monday}, hajir.DefaultRepeatWindow); repeated {
		t.Error("a punch repeats a rejected one")
	}
}
