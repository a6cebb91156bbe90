package hajir_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func decision(state hajir.ConsentState) hajir.Consent {
	return hajir.Consent{State: state, TextVersion: hajir.ConsentVersion, At: nine, Means: hajir.ConsentSelf, By: "asha", RetentionDays: 30}
}

func TestConsentTransitions(t *testing.T) {
	const none, given, declined, withdrawn = hajir.ConsentNone, hajir.ConsentGiven, hajir.ConsentDeclined, hajir.ConsentWithdrawn
	ways := map[hajir.ConsentState][]hajir.ConsentState{ // how to come to each state
		none: nil, given: {given}, declined: {declined}, withdrawn: {given, withdrawn},
	}
	want := map[hajir.ConsentState]map[hajir.ConsentState]hajir.Code{
		none:      {given: "", declined: "", withdrawn: hajir.Conflict},
		given:     {given: "same", declined: hajir.Conflict, withdrawn: ""},
		declined:  {given: "", declined: "same", withdrawn: hajir.Conflict},
		withdrawn: {given: "", declined: hajir.Conflict, withdrawn: "same"},
	}
	for from, way := range ways {
		e := hajir.Employee{Username: "asha", Name: "Asha", Active: true}
		for _, step := range way {
			var err error
			if e, err = e.Decide(decision(step)); err != nil {
				t.Fatal(err)
			}
		}
		for to, code := range want[from] {
			got, err := e.Decide(decision(to))
			changed := !slices.Equal(got.Decisions(), e.Decisions())
			if code == "same" {
				if err != nil || changed {
					t.Errorf("%q again: %v, changed %v", to, err, changed)
				}
				continue
			}
			if codeOf(err) != code || changed != (code == "") || changed && got.Consent.State != to {
				t.Errorf("%q to %q: %+v, %v, want %q", from, to, got.Decisions(), err, code)
			}
		}
		for _, bad := range []hajir.ConsentState{none, "perhaps"} {
			if _, err := e.Decide(decision(bad)); codeOf(err) != hajir.Invalid {
				t.Errorf("%q to %q: %v, want invalid", from, bad, err)
			}
		}
	}
}

// What was decided stays, whatever is decided afterwards; consent is there only
// by a decision; and who gave it can always withdraw it.
func TestConsentHistoryOnlyGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := hajir.Employee{Username: "asha", Name: "Asha", Active: true}
		states := []hajir.ConsentState{"", hajir.ConsentGiven, hajir.ConsentDeclined, hajir.ConsentWithdrawn, "perhaps"}
		for i := range rapid.IntRange(1, 60).Draw(t, "decisions") {
			d := hajir.Consent{
				State:       rapid.SampledFrom(states).Draw(t, "state"),
				TextVersion: rapid.SampledFrom([]string{"", "0", "1", "2", "3", "-1", "x"}).Draw(t, "text"),
				Means:       rapid.SampledFrom([]hajir.ConsentMeans{hajir.ConsentSelf, hajir.ConsentPaper, hajir.ConsentTerminal}).Draw(t, "means"),
				At:          nine.Add(time.Duration(i) * time.Minute), RetentionDays: i,
			}
			before := e.Decisions()
			after, err := e.Decide(d)
			all := after.Decisions()
			if len(all) > len(before)+1 || !slices.Equal(all[:len(before)], before) || err != nil && len(all) != len(before) {
				t.Fatalf("%+v and %+v made %+v, %v", before, d, all, err)
			}
			if !slices.Equal(e.Decisions(), before) {
				t.Fatal("the record that was given has changed")
			}
			if err == nil && len(all) > len(before) && after.Consent.State != d.State {
				t.Fatalf("%+v is not what was decided: %+v", after.Consent, d)
			}
			if (after.FaceAllowed() == nil) != (after.Consent.State == hajir.ConsentGiven) {
				t.Fatalf("a face is allowed with %q: %v", after.Consent.State, after.FaceAllowed())
			}
			if after.Consent.State == hajir.ConsentGiven {
				if w, err := after.Decide(decision(hajir.ConsentWithdrawn)); err != nil || w.Consent.TextVersion != after.Consent.TextVersion {
					t.Fatalf("a withdrawal of %+v: %+v, %v", after.Consent, w.Consent, err)
				}
			}
			e = after
		}
	})
}

func TestConsentIsADecisionOnAText(t *testing.T) {
	for _, tt := range []struct {
		means   hajir.ConsentMeans
		version string
		want    hajir.Code
	}{
		{hajir.ConsentSelf, "2", ""},
		{hajir.ConsentSelf, "1", hajir.Conflict}, // it has changed since
		{hajir.ConsentTerminal, "1", hajir.Conflict},
		{hajir.ConsentPaper, "2", ""},
		{hajir.ConsentPaper, "1", ""}, // the form was signed before that
		{hajir.ConsentPaper, "3", hajir.Invalid},
		{hajir.ConsentPaper, "0", hajir.Invalid},
		{hajir.ConsentPaper, "", hajir.Invalid},
	} {
		d := decision(hajir.ConsentGiven)
		d.Means, d.TextVersion = tt.means, tt.version
		if _, err := (hajir.Employee{}).Decide(d); codeOf(err) != tt.want {
			t.Errorf("%s on %q: %v, want %q", tt.means, tt.version, err, tt.want)
		}
	}
	old := hajir.Employee{Consent: hajir.Consent{State: hajir.ConsentGiven, TextVersion: "1"}}
	if again, err := old.Decide(decision(hajir.ConsentGiven)); err != nil || again.Consent.TextVersion != "2" || len(again.Decisions()) != 2 {
		t.Errorf("consent to a newer text: %+v, %v", again.Decisions(), err)
	}
}

func TestMindsAreChangedOnlySoOften(t *testing.T) {
	e := hajir.Employee{Username: "asha"}
	var err error
	for range 1000 {
		var next hajir.Employee
		if next, err = e.Decide(decision(hajir.ConsentGiven)); err != nil {
			break
		}
		if e, err = next.Decide(decision(hajir.ConsentWithdrawn)); err != nil {
			t.Fatal(err)
		}
	}
	if codeOf(err) != hajir.Conflict || e.Consent.State != hajir.ConsentWithdrawn || len(e.Decisions()) > 202 {
		t.Errorf("%d decisions, %v", len(e.Decisions()), err)
	}
}

func TestConsentText(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		title, text, err := hajir.ConsentText(version, "Acme & Sons", 45)
		all := title + strings.Join(text, "\n")
		if err != nil || len(text) < 3 || !strings.Contains(all, "Acme & Sons") || strings.Contains(all, "{{") {
			t.Errorf("text %s is %q, %q, %v", version, title, text, err)
		}
		if says := strings.Contains(all, "after 45 days"); says != (version == "2") {
			t.Errorf("text %s says for how long: %v", version, says)
		}
	}
	for _, version := range []string{"", "0", "3", "../1", "x"} {
		if _, _, err := hajir.ConsentText(version, "Acme", 30); codeOf(err) != hajir.NotFound {
			t.Errorf("text %q: %v", version, err)
		}
	}
	if hajir.ConsentVersion != "2" {
		t.Error("test the new text, too")
	}
}

func TestFaceAllowed(t *testing.T) {
	for _, tt := range []struct {
		active bool
		state  hajir.ConsentState
		want   hajir.Code
	}{
		{true, hajir.ConsentGiven, ""},
		{true, hajir.ConsentNone, hajir.FaceConsent},
		{true, hajir.ConsentWithdrawn, hajir.FaceConsent},
		{true, hajir.ConsentDeclined, hajir.FaceDeclined},
		{false, hajir.ConsentGiven, hajir.Conflict},
		{true, "perhaps", hajir.FaceConsent},
	} {
		e := hajir.Employee{Name: "Asha", Active: tt.active, Consent: hajir.Consent{State: tt.state}}
		if err := e.FaceAllowed(); codeOf(err) != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	auditor := hajir.Employee{Name: "Anil", Active: true, Role: hajir.RoleAuditor, Consent: hajir.Consent{State: hajir.ConsentGiven}}
	if err := auditor.FaceAllowed(); codeOf(err) != hajir.Conflict {
		t.Errorf("an auditor: %v", err)
	}
}
