package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// deliveryStore is what the delivering of notices needs of an adapter.
type deliveryStore interface {
	Raise(ctx context.Context, n hajir.Notice) error
	Want(ctx context.Context, company, channel string, kinds []hajir.NoticeKind) error
	Notices() <-chan struct{}
	Delivery(ctx context.Context, id, channel, target string) (hajir.Delivery, error)
	DueDeliveries(ctx context.Context, at time.Time, behind hajir.Delivery, limit int) ([]hajir.Delivery, error)
	SaveDelivery(ctx context.Context, d hajir.Delivery) error
	SpreadDelivery(ctx context.Context, d hajir.Delivery, to []hajir.Delivery) error
	DeleteDelivery(ctx context.Context, d hajir.Delivery) error
	Deliveries(ctx context.Context, company string, dead bool, behind hajir.Delivery, limit int) ([]hajir.Delivery, error)
	CountDeliveries(ctx context.Context, company string, dead bool, most int) (int, error)
	QueueDepth(ctx context.Context, most int) (int, error)
	DeleteOldDeliveries(ctx context.Context, before time.Time) error
}

// ever is after everything that is due by the store's own clock.
var ever = time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)

// notices returns the notices that wait, in one line each, and removes them.
func notices(t *testing.T, s Store) []string {
	t.Helper()
	all := call(t, func() ([]hajir.Delivery, error) { return s.DueDeliveries(t.Context(), ever, hajir.Delivery{}, 100) })
	var lines []string
	for _, d := range all {
		must(t, s.DeleteDelivery(t.Context(), d))
		lines = append(lines, fmt.Sprintf("%s %s of %s by %s", d.Kind, d.State, d.Person, d.By))
	}
	slices.Sort(lines)
	return lines
}

// A notice is there with the change that it follows from, and not without it.
func testNotices(t *testing.T, s Store) {
	ctx := by(t.Context(), "mona", "decide-leave")
	r := newLeaveRequest("acme", "asha", "r1", "mona")
	r.State, r.Version = hajir.LeaveRequested, 0
	r.History = []hajir.LeaveEvent{{At: at, Does: hajir.LeaveActionRequest, By: "asha"}}
	must(t, s.SaveLeaveRequest(ctx, r))
	wantConflict(t, s.SaveLeaveRequest(ctx, r)) // which tells of nothing
	r.Version, r.State = 1, hajir.LeaveApproved
	r.History = append(r.History, hajir.LeaveEvent{At: at, Does: hajir.LeaveActionApprove, By: "mona"})
	must(t, s.SaveLeaveRequest(ctx, r))
	r.Version = 2
	must(t, s.SaveLeaveRequest(ctx, r)) // likewise
	select {
	case <-s.Notices():
	default:
		t.Error("nobody is told that there are notices")
	}
	same(t, []string{"leave.approved approved of asha by mona", "leave.asked requested of asha by asha"}, notices(t, s))

	q := newQuestion("acme", "q1", "When do you open?")
	x := newCorrections("acme", "asha", "2026-03-02", "mona")
	x.All = x.All[:1]
	i := newInvitation("acme", "bina")
	c := hajir.ClosedDate{Company: "acme", Date: "2026-03-02", ClosedAt: at, MissingExits: []string{"asha"}}
	must(t, s.SaveQuestion(ctx, q), s.SaveCorrections(ctx, x), s.SaveInvitation(ctx, i), s.SaveClosing(ctx, c),
		s.SaveReview(ctx, hajir.Review{Company: "acme", ID: "2026-1", At: at, Username: "asha", Date: "2026-03-02", Punch: "p1", By: "kiosk-1", State: hajir.ReviewOpen}))
	wantConflict(t, s.SaveClosing(ctx, c))
	c.Version = 1
	c.AutoExits = []string{"bina"}
	must(t, s.SaveClosing(ctx, c))
	same(t, []string{
		"correction.asked requested of asha by asha", "exit.missing guessed of bina by mona", "exit.missing open of asha by mona",
		"invitation.sent  of bina by mona", "punch.doubtful open of asha by kiosk-1", "question.asked new of  by mona",
	}, notices(t, s))
}

// Punches are told of where a channel wants them, and stored in any case.
func testPunchNotices(t *testing.T, s Store) {
	ctx := t.Context()
	punch := func(company, username string, n int) error {
		d := hajir.Day{Name: username, Date: "2026-03-02", Company: company}
		for i := range n {
			d, _ = d.Record(hajir.Punch{ID: fmt.Sprintf("%s-%d", username, i), At: at.Add(time.Duration(i) * time.Hour), Source: hajir.SourceKiosk, By: "kiosk-1"})
		}
		d.Version = n - 1
		return s.SaveDay(ctx, d)
	}
	must(t, punch("acme", "asha", 1))
	same(t, []string(nil), notices(t, s))
	must(t, s.Want(ctx, "acme", "webhook", []hajir.NoticeKind{hajir.NoticePunch, hajir.NoticeLeaveAsked}),
		s.Want(ctx, "acme", "slack", []hajir.NoticeKind{hajir.NoticePunch}), s.Want(ctx, "acme", "slack", nil))
	must(t, punch("acme", "asha", 2), punch("acme", "bina", 1), punch("other", "olga", 1))
	wantConflict(t, punch("acme", "asha", 2))
	same(t, []string{"punch.recorded entry of bina by kiosk-1", "punch.recorded exit of asha by kiosk-1"}, notices(t, s))
	must(t, s.Want(ctx, "acme", "webhook", nil), punch("acme", "asha", 3))
	same(t, []string(nil), notices(t, s))
	same(t, 3, call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") }).Version)
}

func newNotice(company, id string) hajir.Notice {
	return hajir.Notice{
		ID: id, Company: company, Kind: hajir.NoticeLeaveAsked, At: at, Person: "asha", By: "bina", Ref: "r1", Date: "2026-03-02",
		State: "requested", Action: "passed_on", Decider: "mona",
	}
}

// addresses are the deliveries' keys.
func addresses(all []hajir.Delivery, err error) string {
	var keys []string
	for _, d := range all {
		keys = append(keys, d.Key())
	}
	if err != nil {
		keys = append(keys, err.Error())
	}
	return strings.Join(keys, " ")
}

func testDeliveries(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.Raise(ctx, newNotice("acme", "n1")))
	wantConflict(t, s.Raise(ctx, newNotice("acme", "n1")))
	n := call(t, func() (hajir.Delivery, error) { return s.Delivery(ctx, "n1", "", "") })
	same(t, hajir.Delivery{Notice: newNotice("acme", "n1"), Due: n.Due, Version: 1}, n)

	made := func(channel, target string, due time.Time) hajir.Delivery {
		return hajir.Delivery{Notice: n.Notice, Channel: channel, Target: target, Due: due}
	}
	to := []hajir.Delivery{made("mail", "asha", at.Add(time.Hour)), made("mail", "bina", at), made("webhook", "e1", at.Add(2*time.Hour))}
	must(t, s.SpreadDelivery(ctx, n, to))
	wantConflict(t, s.SpreadDelivery(ctx, n, []hajir.Delivery{made("mail", "mona", at)})) // another one was first
	for limit, want := range map[int]string{9: "n1/mail/bina n1/mail/asha", 1: "n1/mail/bina"} {
		same(t, want, addresses(s.DueDeliveries(ctx, at.Add(time.Hour), hajir.Delivery{}, limit)))
	}
	same(t, "n1/mail/asha", addresses(s.DueDeliveries(ctx, at.Add(time.Hour), to[1], 9)))

	// It is saved at its version; dead, it waits no more.
	d := to[0]
	d.Version, d.Tries, d.Reason, d.TriedAt, d.DeadAt, d.Due = 1, 3, "no such mailbox", at, at.Add(time.Minute), time.Time{}
	must(t, s.SaveDelivery(ctx, d))
	wantConflict(t, s.SaveDelivery(ctx, d))
	wantConflict(t, s.DeleteDelivery(ctx, d))
	d.Version = 2
	same(t, d, call(t, func() (hajir.Delivery, error) { return s.Delivery(ctx, "n1", "mail", "asha") }))
	same(t, "n1/mail/bina n1/webhook/e1", addresses(s.DueDeliveries(ctx, ever, hajir.Delivery{}, 9)))

	must(t, s.Raise(ctx, newNotice("acme", "n2")), s.Raise(ctx, newNotice("other", "n3")))
	for id, died := range map[string]time.Time{"n2": at.Add(time.Hour), "n3": at.Add(2 * time.Hour)} {
		x := call(t, func() (hajir.Delivery, error) { return s.Delivery(ctx, id, "", "") })
		x.DeadAt, x.Due = died, time.Time{}
		must(t, s.SaveDelivery(ctx, x))
	}
	for _, tt := range []struct {
		dead   bool
		behind hajir.Delivery
		limit  int
		want   string
	}{
		{false, hajir.Delivery{}, 9, "n1/mail/bina n1/webhook/e1"},
		{false, to[1], 9, "n1/webhook/e1"},
		{true, hajir.Delivery{}, 9, "n2// n1/mail/asha"},
		{true, hajir.Delivery{}, 1, "n2//"},
		{true, hajir.Delivery{Notice: hajir.Notice{ID: "n2"}, DeadAt: at.Add(time.Hour)}, 9, "n1/mail/asha"},
	} {
		same(t, tt.want, addresses(s.Deliveries(ctx, "acme", tt.dead, tt.behind, tt.limit)))
	}
	for most, want := range map[int]int{9: 2, 1: 1} {
		same(t, want, call(t, func() (int, error) { return s.CountDeliveries(ctx, "acme", true, most) }))
		same(t, want, call(t, func() (int, error) { return s.QueueDepth(ctx, most) }))
	}
	must(t, s.DeleteOldDeliveries(ctx, at.Add(time.Hour)))
	same(t, "n2//", addresses(s.Deliveries(ctx, "acme", true, hajir.Delivery{}, 9)))

	must(t, s.Want(ctx, "acme", "webhook", []hajir.NoticeKind{hajir.NoticePunch}), s.DeleteCompany(ctx, "acme"))
	same(t, "", addresses(s.Deliveries(ctx, "acme", true, hajir.Delivery{}, 9)))
	same(t, "", addresses(s.Deliveries(ctx, "acme", false, hajir.Delivery{}, 9)))
	same(t, "n3//", addresses(s.Deliveries(ctx, "other", true, hajir.Delivery{}, 9)))
	must(t, s.SaveDay(ctx, newDay("acme", "asha", "2026-03-03")))
	same(t, []string(nil), notices(t, s)) // nobody wants punches any more
}

// Of many who claim a delivery at once, one gets it.
func testClaims(t *testing.T, s Store) {
	must(t, s.Raise(t.Context(), newNotice("acme", "n1")))
	d := call(t, func() (hajir.Delivery, error) { return s.Delivery(t.Context(), "n1", "", "") })
	oneOfMany(t, 8, func(int) error { return s.SaveDelivery(t.Context(), d) })
}
