package storetest

import (
	"context"
	"testing"

	"hajir/internal/hajir"
)

// occasionStore is what calendars need of an adapter.
type occasionStore interface {
	Occasion(ctx context.Context, company, date, id string) (hajir.Occasion, error)
	Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error)
	OccasionsInMonth(ctx context.Context, company, month string) (int, error)
	SaveOccasion(ctx context.Context, o hajir.Occasion, was string) error
	DeleteOccasion(ctx context.Context, company, date, id string, version int) error
	HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error)
	SaveHolidayChoices(ctx context.Context, c hajir.HolidayChoices) error
	Feed(ctx context.Context, tokenHash string) (hajir.Feed, error)
	Feeds(ctx context.Context, username string) ([]hajir.Feed, error)
	SaveFeed(ctx context.Context, f hajir.Feed) error
	DeleteFeed(ctx context.Context, username string, kind hajir.FeedKind) error
}

func newOccasion(company, date, id string) hajir.Occasion {
	start, end := hajir.Clock(0), hajir.Clock(615)
	return hajir.Occasion{
		ID: id, Company: company, Title: "बैठक", Kind: hajir.OccasionEvent, From: date, To: hajir.AddDays(date, 2), Start: &start, End: &end,
		Note: "a\nb", Scope: hajir.ScopeDepartment, Subject: "Sales", UID: "u#1",
	}
}

func newHoliday(company, date, id string) hajir.Occasion {
	return hajir.Occasion{ID: id, Company: company, Title: "Holi", Kind: hajir.OccasionHoliday, From: date, To: date, Scope: hajir.ScopeCompany}
}

func testOccasions(t *testing.T, s Store) {
	ctx := t.Context()
	o := newOccasion("acme", "2026-03-31", "b")
	testSaves(t, "event", func(v int) error { x := o; x.Version = v; return s.SaveOccasion(ctx, x, x.From) })
	o.Version = 3
	same(t, o, call(t, func() (hajir.Occasion, error) { return s.Occasion(ctx, "acme", "2026-03-31", "b") }))
	for _, where := range [][3]string{{"acme", "2026-03-31", "x"}, {"acme", "2026-03-30", "b"}, {"other", "2026-03-31", "b"}} {
		if _, err := s.Occasion(ctx, where[0], where[1], where[2]); codeOf(err) != hajir.NotFound {
			t.Errorf("%v: %v", where, err)
		}
	}
	// Several of a date, and those of other months and companies.
	first, later := newHoliday("acme", "2026-03-31", "a"), newHoliday("acme", "2026-04-01", "0")
	must(t, s.SaveOccasion(ctx, first, first.From), s.SaveOccasion(ctx, later, later.From), s.SaveOccasion(ctx, newHoliday("other", "2026-03-31", "a"), "2026-03-31"),
		s.SaveOccasion(ctx, newHoliday("acme", "2026-02-28", "z"), "2026-02-28"))
	first.Version, later.Version = 1, 1
	between := func(from, to string) []hajir.Occasion {
		t.Helper()
		return call(t, func() ([]hajir.Occasion, error) { return s.Occasions(ctx, "acme", from, to) })
	}
	same(t, []hajir.Occasion{first, o}, between("2026-03-01", "2026-03-31"))
	same(t, []hajir.Occasion{first, o, later}, between("2026-03-31", "2026-04-01"))
	same(t, 0, len(between("2026-03-01", "2026-03-30")))
	for month, want := range map[string]int{"2026-03": 2, "2026-04": 1, "2026-05": 0} {
		same(t, want, call(t, func() (int, error) { return s.OccasionsInMonth(ctx, "acme", month) }))
	}
	// It moves whole, and at its version alone.
	moved := o
	moved.From, moved.To, moved.Title = "2026-05-01", "2026-05-01", "Moved"
	for version, want := range map[int]hajir.Code{2: hajir.Conflict, 4: hajir.Conflict} {
		x := moved
		x.Version = version
		if err := s.SaveOccasion(ctx, x, o.From); codeOf(err) != want {
			t.Errorf("moved at version %d: %v", version, err)
		}
	}
	same(t, 0, len(between("2026-05-01", "2026-05-31")))
	must(t, s.SaveOccasion(ctx, moved, o.From))
	moved.Version = 4
	same(t, []hajir.Occasion{moved}, between("2026-05-01", "2026-05-31"))
	same(t, []hajir.Occasion{first}, between("2026-03-01", "2026-03-31"))
	same(t, 1, call(t, func() (int, error) { return s.OccasionsInMonth(ctx, "acme", "2026-05") }))
	for _, version := range []int{3, 5} {
		if err := s.DeleteOccasion(ctx, "acme", "2026-05-01", "b", version); codeOf(err) != hajir.Conflict {
			t.Errorf("delete at version %d: %v", version, err)
		}
	}
	must(t, s.DeleteOccasion(ctx, "acme", "2026-05-01", "b", 4))
	if err := s.DeleteOccasion(ctx, "acme", "2026-05-01", "b", 4); codeOf(err) != hajir.Conflict {
		t.Errorf("delete again: %v", err)
	}
}

func testHolidayChoices(t *testing.T, s Store) {
	ctx := t.Context()
	c := hajir.HolidayChoices{Username: "asha", Company: "acme", Chosen: []hajir.HolidayChoice{
		{Occasion: "x", Date: "2026-03-08", Title: "तीज", By: "acme", At: at}, {Occasion: "y", Date: "2026-12-25", Title: "Christmas", By: "asha", At: at},
	}}
	testSaves(t, "chosen holidays", func(v int) error { x := c; x.Version = v; return s.SaveHolidayChoices(ctx, x) })
	must(t, s.SaveHolidayChoices(ctx, hajir.HolidayChoices{Username: "olga", Company: "other"}))
	c.Version = 3
	same(t, map[string]hajir.HolidayChoices{"asha": c, "olga": {Username: "olga", Company: "other", Version: 1}},
		call(t, func() (map[string]hajir.HolidayChoices, error) {
			return s.HolidayChoices(ctx, []string{"asha", "bina", "olga"})
		}))
	same(t, 0, len(call(t, func() (map[string]hajir.HolidayChoices, error) { return s.HolidayChoices(ctx, nil) })))
}

func testFeeds(t *testing.T, s Store) {
	ctx := t.Context()
	own := hajir.Feed{Username: "asha", Kind: hajir.FeedOwn, Company: "acme", TokenHash: "h1", MadeAt: at}
	testSaves(t, "calendar link", func(v int) error { x := own; x.Version = v; return s.SaveFeed(ctx, x) })
	events := hajir.Feed{Username: "asha", Kind: hajir.FeedEvents, Company: "acme", TokenHash: "h2", MadeAt: at}
	must(t, s.SaveFeed(ctx, events), s.SaveFeed(ctx, hajir.Feed{Username: "olga", Kind: hajir.FeedOwn, Company: "other", TokenHash: "h3", MadeAt: at}))
	own.Version, events.Version = 3, 1
	same(t, []hajir.Feed{events, own}, get(t, s.Feeds, "asha"))
	same(t, own, get(t, s.Feed, "h1"))
	own.TokenHash = "h4"
	must(t, s.SaveFeed(ctx, own))
	own.Version = 4
	same(t, own, get(t, s.Feed, "h4"))
	if _, err := s.Feed(ctx, "h1"); codeOf(err) != hajir.NotFound {
		t.Errorf("the secret before: %v", err)
	}
	must(t, s.DeleteFeed(ctx, "asha", hajir.FeedOwn), s.DeleteFeed(ctx, "asha", hajir.FeedOwn))
	same(t, []hajir.Feed{events}, get(t, s.Feeds, "asha"))
	same(t, 1, len(get(t, s.Feeds, "olga")))
}

func testCalendarOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for _, c := range []string{"acme", "other"} {
		must(t, s.SaveCompany(ctx, newCompany(c)), s.SaveOccasion(ctx, newHoliday(c, "2026-03-08", "a"), "2026-03-08"),
			s.SaveHolidayChoices(ctx, hajir.HolidayChoices{Username: "u-" + c, Company: c}),
			s.SaveFeed(ctx, hajir.Feed{Username: "u-" + c, Kind: hajir.FeedOwn, Company: c, TokenHash: c, MadeAt: at}))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	for c, want := range map[string]int{"acme": 0, "other": 3} {
		found := len(call(t, func() ([]hajir.Occasion, error) { return s.Occasions(ctx, c, "2026-01-01", "2026-12-31") })) + len(get(t, s.Feeds, "u-"+c)) +
			len(call(t, func() (map[string]hajir.HolidayChoices, error) { return s.HolidayChoices(ctx, []string{"u-" + c}) }))
		same(t, want, found)
	}
}
