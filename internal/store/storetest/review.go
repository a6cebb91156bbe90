package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// reviewStore is the part of a store that keeps what somebody should look at.
type reviewStore interface {
	Review(ctx context.Context, company, id string) (hajir.Review, error)
	Reviews(ctx context.Context, company string, open bool, from, before string, limit int) ([]hajir.Review, error)
	PersonReviews(ctx context.Context, company, username, after string, limit int) ([]hajir.Review, error)
	ExpiredReviews(ctx context.Context, t time.Time, limit int) ([]hajir.Review, error)
	CountReviews(ctx context.Context, company string, most int) (int, error)
	SaveReview(ctx context.Context, r hajir.Review) error
	DeleteReview(ctx context.Context, company, id string) error
}

func newDecision(username string) hajir.Decision {
	live := 0.25
	return hajir.Decision{
		Username: username, Score: 0.7, Margin: 0.3, Threshold: 0.4, MinMargin: 0.05, Model: "m1",
		Candidates: []hajir.Candidate{{Username: "asha", FaceID: "f1", Score: 0.7}, {Username: "bina", FaceID: "f2", Score: 0.4}},
		Liveness:   &live, MinLiveness: 0.5, LivenessModel: "l1",
		Quality: hajir.Quality{Measured: true, Sharpness: 120, Brightness: 0.5, Yaw: -12, Pitch: 3, Roll: 1, Dark: 0.1, Bright: 0.2, EyesOpen: 0.9, Aspect: 0.95},
		Frames:  3, Agreed: 2, Settings: 7, Confirmed: hajir.ByPIN,
		Challenge: &hajir.TrialRecord{Steps: []hajir.Step{hajir.StepLeft, hajir.StepBlink}, Done: 1, Frames: 9, Likeness: 0.5, Passed: true},
	}
}

func newRefusal(company, id string) hajir.Review {
	return hajir.Review{
		Company: company, ID: id, At: at, Code: hajir.FaceConfirm, By: "kiosk-1", Place: "front door", Picture: "r/p.jpg",
		Decision: newDecision(""), Ask: []string{"asha", "bina"}, LastAt: at.Add(time.Second), Count: 2,
		Ticket: hajir.Ticket{Hash: []byte{1, 2}, ExpiresAt: at.Add(time.Minute)},
		Challenge: &hajir.Trial{
			Steps: []hajir.Step{hajir.StepBlink, hajir.StepRight}, Done: 1, Stance: hajir.Stance{Ready: true, Yaw: -3, Aspect: 0.9, Shut: true},
			Frames: 7, Strange: 2, Likeness: 0.6, Session: "s1", EndsAt: at.Add(time.Minute), Failed: true,
		},
		State: hajir.ReviewOpen, Begun: hajir.ReviewRejected, ExpiresAt: at.AddDate(0, 0, 14),
	}
}

func newDoubtful(id, username string) hajir.Review {
	return hajir.Review{
		Company: "acme", ID: id, At: at, LastAt: at, Doubts: []hajir.Doubt{hajir.DoubtScore, hajir.DoubtPIN},
		Username: username, Date: "2026-03-02", Punch: "p-" + id, By: "kiosk-1", Place: "front door", State: hajir.ReviewOpen,
	}
}

func reviewIDs(all []hajir.Review) string {
	var out []string
	for _, r := range all {
		out = append(out, r.ID)
	}
	return strings.Join(out, " ")
}

func testReviews(t *testing.T, s Store) {
	ctx := t.Context()
	refused, done := newRefusal("acme", "a"), newDoubtful("b", "asha")
	done.State, done.DoneBy, done.DoneAt, done.To, done.PictureErased = hajir.ReviewReassigned, "acme", at, "bina", true
	done.Ticket.UsedAt = at
	must(t, s.SaveReview(ctx, refused), s.SaveReview(ctx, done), s.SaveReview(ctx, newRefusal("other", "a")))
	for _, want := range []hajir.Review{refused, done} {
		want.Version = 1
		same(t, want, call(t, func() (hajir.Review, error) { return s.Review(ctx, "acme", want.ID) }))
	}
	must(t, s.DeleteReview(ctx, "acme", "a"), s.DeleteReview(ctx, "acme", "none"))
	if _, err := s.Review(ctx, "acme", "a"); codeOf(err) != hajir.NotFound {
		t.Errorf("a deleted review: %v", err)
	}
	if _, err := s.Review(ctx, "other", "a"); err != nil {
		t.Errorf("another company's: %v", err)
	}
}

func testReviewPages(t *testing.T, s Store) {
	ctx := t.Context()
	for _, r := range []hajir.Review{
		newRefusal("acme", "2026-1"), newDoubtful("2026-2", "asha"), newRefusal("acme", "2026-3"), newDoubtful("2026-4", "bina"),
		newDoubtful("2026-5", "asha"), newRefusal("other", "2026-6"),
	} {
		if r.ID == "2026-3" {
			r.ExpiresAt = at
		}
		must(t, s.SaveReview(ctx, r))
	}
	done := newDoubtful("2026-5", "asha")
	done.State, done.Version = hajir.ReviewConfirmed, 1
	must(t, s.SaveReview(ctx, done))
	for _, tt := range []struct {
		open         bool
		from, before string
		limit        int
		want         string
	}{
		{true, "", "", 9, "2026-4 2026-3 2026-2 2026-1"},
		{true, "", "", 2, "2026-4 2026-3"},
		{true, "", "2026-3", 2, "2026-2 2026-1"},
		{true, "2026-3", "", 9, "2026-4 2026-3"},
		{true, "2027", "", 9, ""},
		{false, "", "", 9, "2026-5"},
	} {
		got := call(t, func() ([]hajir.Review, error) { return s.Reviews(ctx, "acme", tt.open, tt.from, tt.before, tt.limit) })
		same(t, tt.want, reviewIDs(got))
	}
	for most, want := range map[int]int{99: 4, 3: 3} {
		same(t, want, call(t, func() (int, error) { return s.CountReviews(ctx, "acme", most) }))
	}
	for after, want := range map[string]string{"": "2026-2 2026-5", "2026-2": "2026-5"} {
		same(t, want, reviewIDs(call(t, func() ([]hajir.Review, error) { return s.PersonReviews(ctx, "acme", "asha", after, 9) })))
	}
	same(t, "", reviewIDs(call(t, func() ([]hajir.Review, error) { return s.PersonReviews(ctx, "acme", "", "", 9) })))
	for limit, want := range map[int]string{9: "2026-3 2026-1 2026-6", 1: "2026-3"} {
		same(t, want, reviewIDs(call(t, func() ([]hajir.Review, error) { return s.ExpiredReviews(ctx, at.AddDate(0, 0, 14), limit) })))
	}
	same(t, "", reviewIDs(call(t, func() ([]hajir.Review, error) { return s.ExpiredReviews(ctx, at.Add(-1), 9) })))
}

// What the camera adds is no entry of the audit log; what somebody decides is.
func testReviewVersions(t *testing.T, s Store) {
	ctx := t.Context()
	r := newRefusal("acme", "a")
	testSaves(t, "review", func(v int) error { r.Version = v; return s.SaveReview(ctx, r) })
	if all := log(t, s, "acme"); len(all) > 0 {
		t.Fatalf("an open review is an entry: %s", line(all[0]))
	}
	r.Version, r.State, r.DoneBy = 3, hajir.ReviewRejected, "acme"
	must(t, s.SaveReview(by(ctx, "acme", "decide-review"), r))
	if err := s.SaveReview(ctx, r); codeOf(err) != hajir.Conflict {
		t.Errorf("decided again at the same version: %v", err)
	}
	all := log(t, s, "acme")
	if len(all) != 1 || all[0].Actor.Username != "acme" || !strings.Contains(string(all[0].After), `"state":"rejected"`) {
		t.Errorf("%d entries: %+v", len(all), all)
	}
}

func testReviewsOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.SaveReview(ctx, newRefusal("acme", "a")), s.SaveReview(ctx, newRefusal("other", "a")), s.DeleteCompany(ctx, "acme"))
	for company, want := range map[string]int{"acme": 0, "other": 1} {
		same(t, want, call(t, func() (int, error) { return s.CountReviews(ctx, company, 9) }))
	}
}

func testRejectedPunch(t *testing.T, s Store) {
	ctx := by(t.Context(), "acme", "decide-review")
	d := newDay("acme", "asha", "2026-03-02")
	d.Punches[0].Decision = newDecision("asha")
	must(t, s.SaveDay(ctx, d))
	d.Version = 1
	same(t, d, call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") }))
	out := d.Punches[0]
	out.Rejected = &hajir.Rejection{By: "acme", At: at, To: "bina"}
	d.Rejected, d.Punches = []hajir.Punch{out}, nil
	must(t, s.SaveDay(ctx, d))
	d.Version = 2
	same(t, d, call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") }))
	d, _ = d.Record(hajir.Punch{ID: "p2", At: at.Add(time.Hour), Source: hajir.SourceKiosk})
	must(t, s.SaveDay(ctx, d))
	if all := log(t, s, "acme"); len(all) != 1 || !strings.Contains(string(all[0].After), `"to":"bina"`) {
		t.Errorf("%d entries, want that of the rejection", len(all))
	}
}
