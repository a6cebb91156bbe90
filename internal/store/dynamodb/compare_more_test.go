package dynamodb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
	"hajir/internal/store/sqlite"
	"hajir/internal/store/storetest"
)

// The same of leave, shifts, corrections, questions, reviews, the calendar, and
// what is told.
func TestMoreSameAsSQLite(t *testing.T) { compare(t, moreMoves) }

var (
	numbers   = []string{"a", "b", "c", "d"}
	questions = []string{
		"When do you open on Saturday?", "नेपालीमा सोध्न मिल्छ? Café NEAR you", "Is there an internship? My number is 9812345678",
		"May I open an account, Ⅷ ½?", "Straße; STRASSE – naïve Ąccents", "क्ष क्\u200dष शनिबार खुल्छ?", "e\u0301te\u0301 or été",
	}
	searches = []string{"open", "OPEN satur", "cafe", "नेपा", "नप", "98123", "account may", "stra", "naive", "ete", "क्", "near you", "nine", "½"}
)

// whose is a record's company: mostly the one that it has, if it has any.
func whose(rt *rapid.T, has string) string {
	if has != "" && rapid.IntRange(0, 9).Draw(rt, "moves") > 0 {
		return has
	}
	return one(rt, firms, "company")
}

func saves(name string, record any, save func(context.Context, storetest.Store) error) move {
	return move{fmt.Sprintf("%s %+v", name, record), put(save)}
}

// minute is a moment of a few, so that some records share theirs.
func minute(rt *rapid.T) time.Time {
	return time.Date(2026, 3, 2, 4, rapid.IntRange(0, 3).Draw(rt, "minute"), 0, 5, time.UTC)
}

var moreMoves = []func(*rapid.T, *sqlite.DB, time.Time) move{
	saveLeave, saveLeave, listLeave, listLeave, ledger,
	func(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
		d, _ := lite.LeaveDelegate(rt.Context(), one(rt, people, "manager"))
		if d.Version > 0 && rapid.IntRange(0, 2).Draw(rt, "remove") == 0 {
			d.Version = stale(rt, d.Version)
			return saves("DeleteLeaveDelegate", d, func(ctx context.Context, s storetest.Store) error { return s.DeleteLeaveDelegate(ctx, d) })
		}
		d.Company, d.Delegate, d.Version = whose(rt, d.Company), one(rt, people, "delegate"), stale(rt, d.Version)
		return saves("SaveLeaveDelegate", d, func(ctx context.Context, s storetest.Store) error { return s.SaveLeaveDelegate(ctx, d) })
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		d := one(rt, people, "delegate")
		return move{"LeaveDelegations " + d, get(func(ctx context.Context, s storetest.Store) ([]hajir.LeaveDelegate, error) {
			return s.LeaveDelegations(ctx, d)
		})}
	},
	saveRoster, saveRoster, readRoster, saveAssignment, readAssignments,
	saveCorrections, saveCorrections, readCorrections,
	saveClosing,
	saveQuestion, saveQuestion, saveQuestion, findQuestions, findQuestions, findQuestions, listQuestions,
	saveReview, saveReview, listReviews,
	saveOccasion, saveOccasion, listOccasions,
	saveFeed, saveLink, saveLink, saveSlack, saveWebhook,
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c := one(rt, firms, "company")
		if rapid.IntRange(0, 5).Draw(rt, "really") > 0 {
			c = "nobody"
		}
		return move{"DeleteCompany " + c, put(func(ctx context.Context, s storetest.Store) error { return s.DeleteCompany(ctx, c) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c := one(rt, firms, "company")
		return move{"the end of the log of " + c, func(ctx context.Context, s storetest.Store) (any, error) {
			all, err := s.Audit(ctx, c, hajir.AuditQuery{Limit: 30})
			var lines []string
			for _, e := range all {
				lines = append(lines, fmt.Sprintf("%d %s %+v %s %s", e.Seq, e.Action, e.Subject, e.Before, e.After))
			}
			return strings.Join(lines, "\n"), err
		}}
	},
}

func saveLeave(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	r, err := lite.LeaveRequest(rt.Context(), one(rt, numbers, "request"))
	if err != nil {
		r = hajir.LeaveRequest{ID: one(rt, numbers, "new request"), Username: one(rt, people, "name"), Type: "t1", State: hajir.LeaveRequested, At: minute(rt)}
		if _, err := lite.LeaveRequest(rt.Context(), r.ID); err == nil {
			r.ID = "of " + r.ID
		}
	}
	r.Company, r.Decider = whose(rt, r.Company), one(rt, append([]string{""}, people...), "decider")
	r.Version = stale(rt, r.Version)
	r.History = append(slices.Clone(r.History), hajir.LeaveEvent{At: minute(rt), Does: one(rt, []hajir.LeaveAction{hajir.LeaveActionRequest, hajir.LeaveActionApprove}, "does"), By: "mona"})
	r.State = one(rt, []hajir.LeaveState{hajir.LeaveRequested, hajir.LeaveApproved}, "state")
	return saves("SaveLeaveRequest", r, func(ctx context.Context, s storetest.Store) error { return s.SaveLeaveRequest(ctx, r) })
}

func listLeave(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	name, company, limit := one(rt, append([]string{""}, people...), "name"), one(rt, firms, "company"), rapid.IntRange(1, 3).Draw(rt, "limit")
	return move{fmt.Sprintf("leave of %s and %s by %d", name, company, limit), func(ctx context.Context, s storetest.Store) (any, error) {
		var all []any
		for _, list := range []func(behind hajir.LeaveRequest) ([]hajir.LeaveRequest, error){
			func(b hajir.LeaveRequest) ([]hajir.LeaveRequest, error) {
				return s.LeaveRequestsOf(ctx, name, b, limit)
			},
			func(b hajir.LeaveRequest) ([]hajir.LeaveRequest, error) {
				return s.LeaveRequestsTo(ctx, name, b, limit)
			},
			func(b hajir.LeaveRequest) ([]hajir.LeaveRequest, error) {
				return s.LeaveRequestsIn(ctx, company, b, limit)
			},
		} {
			found, err := pages(list)
			if err != nil {
				return nil, err
			}
			all = append(all, found)
		}
		return all, nil
	}}
}

func ledger(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
	var lines []hajir.LeaveEntry
	for range rapid.IntRange(0, 4).Draw(rt, "lines") {
		lines = append(lines, hajir.LeaveEntry{
			Username: one(rt, people, "name"), ID: one(rt, numbers, "line"), Company: one(rt, firms, "company"), Kind: hajir.EntryAccrual,
			Amount: hajir.LeaveDays(rapid.IntRange(-200, 200).Draw(rt, "amount")), At: now,
		})
	}
	return move{fmt.Sprintf("PostLeaveEntries %+v", lines), func(ctx context.Context, s storetest.Store) (any, error) {
		if err := s.PostLeaveEntries(ctx, lines); err != nil {
			return nil, err
		}
		return s.LeaveEntriesOf(ctx, append(slices.Clone(people), people[0]))
	}}
}

func saveRoster(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	r := hajir.RosterEntry{Username: one(rt, people, "name"), Date: one(rt, dates, "date")}
	if found, err := lite.Roster(rt.Context(), []string{r.Username}, r.Date, r.Date); err == nil && len(found) > 0 {
		r = found[0]
	}
	r.Company, r.Shift, r.Version = whose(rt, r.Company), one(rt, []string{"s1", "s2", hajir.DayOff}, "shift"), stale(rt, r.Version)
	if rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
		return saves("DeleteRoster", r, func(ctx context.Context, s storetest.Store) error {
			return s.DeleteRoster(ctx, r.Username, r.Date, r.Version)
		})
	}
	return saves("SaveRoster", r, func(ctx context.Context, s storetest.Store) error { return s.SaveRoster(ctx, r) })
}

func readRoster(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	from, to, company := one(rt, dates, "from"), one(rt, dates, "to"), one(rt, firms, "company")
	return move{"Roster " + from + " " + to, func(ctx context.Context, s storetest.Store) (any, error) {
		used, err := s.Rostered(ctx, company, "s1")
		if err != nil {
			return nil, err
		}
		all, err := s.Roster(ctx, append(slices.Clone(people), people[0]), from, to)
		return []any{used, fmt.Sprintf("%+v", all)}, err
	}}
}

func saveAssignment(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	a := hajir.Assignment{Company: one(rt, firms, "company"), From: one(rt, dates, "from"), Scope: hajir.ScopeCompany}
	if rapid.Bool().Draw(rt, "a person's") {
		a.Scope, a.Subject = hajir.ScopePerson, one(rt, people, "name")
	}
	if found, err := lite.AllAssignments(rt.Context(), a.Company); err == nil {
		for _, f := range found {
			if f.Who() == a.Who() && f.From == a.From {
				a = f
			}
		}
	}
	a.Pattern, a.Version = one(rt, []string{"", "p1", "p2"}, "pattern"), stale(rt, a.Version)
	if rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
		return saves("DeleteAssignment", a, func(ctx context.Context, s storetest.Store) error {
			return s.DeleteAssignment(ctx, a.Company, a.Who(), a.From)
		})
	}
	return saves("SaveAssignment", a, func(ctx context.Context, s storetest.Store) error { return s.SaveAssignment(ctx, a) })
}

func readAssignments(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	company, name := one(rt, firms, "company"), one(rt, people, "name")
	return move{"assignments of " + company + " and " + name, func(ctx context.Context, s storetest.Store) (any, error) {
		all, err := s.AllAssignments(ctx, company)
		if err != nil {
			return nil, err
		}
		some, err := s.Assignments(ctx, company, hajir.Subjects(hajir.Employee{Username: name}))
		return fmt.Sprintf("%+v %+v", all, some), err
	}}
}

func saveCorrections(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	x, err := lite.Corrections(rt.Context(), one(rt, people, "name"), one(rt, dates, "date"))
	if err != nil {
		rt.Fatal(err)
	}
	c := hajir.Correction{
		ID: "c1", Reason: "forgot", At: minute(rt), Decider: one(rt, people, "decider"), State: hajir.CorrectionRequested,
		History: []hajir.CorrectionEvent{{At: minute(rt), Does: hajir.CorrectionActionRequest, By: x.Username}},
	}
	if rapid.Bool().Draw(rt, "decided") {
		c.State, c.Decider, c.Applied = hajir.CorrectionApproved, "", rapid.Bool().Draw(rt, "applied")
	}
	x.All, x.Company, x.Version = []hajir.Correction{c}, whose(rt, x.Company), stale(rt, x.Version)
	return saves("SaveCorrections", x, func(ctx context.Context, s storetest.Store) error { return s.SaveCorrections(ctx, x) })
}

func readCorrections(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	name, company, from, to := one(rt, append([]string{""}, people...), "name"), one(rt, firms, "company"), one(rt, dates, "from"), one(rt, dates, "to")
	return move{"corrections to " + name + " and of " + company, func(ctx context.Context, s storetest.Store) (any, error) {
		mine, err := pages(func(b hajir.DayCorrections) ([]hajir.DayCorrections, error) { return s.CorrectionsTo(ctx, name, b, 2) })
		if err != nil {
			return nil, err
		}
		todo, err := pages(func(b hajir.DayCorrections) ([]hajir.DayCorrections, error) {
			return s.CorrectionsToDo(ctx, company, b, 2)
		})
		if err != nil {
			return nil, err
		}
		own, err := s.CorrectionsBetween(ctx, name, from, to)
		return fmt.Sprintf("%+v %+v %+v", mine, todo, own), err
	}}
}

func saveClosing(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	c, err := lite.Closing(rt.Context(), one(rt, firms, "company"), one(rt, dates, "date"))
	if err != nil {
		rt.Fatal(err)
	}
	c.ClosedAt, c.MissingExits, c.Version = now, one(rt, [][]string{nil, {"asha"}}, "missing"), stale(rt, c.Version)
	return move{fmt.Sprintf("SaveClosing %+v", c), func(ctx context.Context, s storetest.Store) (any, error) {
		if err := s.SaveClosing(ctx, c); err != nil {
			return nil, err
		}
		last, err := s.LastClosed(ctx, c.Company)
		if err != nil {
			return nil, err
		}
		all, err := s.Closings(ctx, c.Company, dates[1], dates[3])
		return []any{last, all}, err
	}}
}

func saveQuestion(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	id := one(rt, numbers, "question")
	q, err := lite.Question(rt.Context(), id)
	if err != nil {
		q = hajir.Question{ID: id, At: minute(rt), Text: one(rt, questions, "text"), State: hajir.QuestionNew}
		q.Asker.Username = one(rt, append([]string{""}, people...), "asker")
	}
	q.Company, q.Version = whose(rt, q.Company), stale(rt, q.Version)
	if rapid.IntRange(0, 6).Draw(rt, "remove") == 0 {
		return saves("DeleteQuestion", q, func(ctx context.Context, s storetest.Store) error { return s.DeleteQuestion(ctx, q) })
	}
	q.Asker.Name, q.Category = one(rt, []string{"", "Ästrid"}, "called"), one(rt, []string{"", "Hours", "Work"}, "category")
	q.Assignee, q.Into = one(rt, append([]string{""}, people...), "assignee"), one(rt, []string{"", "", "", "a", "b"}, "into")
	if rapid.Bool().Draw(rt, "answered") {
		q.State, q.ClosedAt = hajir.QuestionAnswered, minute(rt)
		q.Answer = hajir.QuestionAnswer{Text: "From nine\nto five", By: "acme", ByName: "Acme", At: minute(rt), Number: 1}
		if rapid.Bool().Draw(rt, "public") {
			q.Public = hajir.PublicQuestion{Text: one(rt, questions, "public text"), At: minute(rt)}
		}
	}
	return saves("SaveQuestion", q, func(ctx context.Context, s storetest.Store) error { return s.SaveQuestion(ctx, q) })
}

func findQuestions(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	company := one(rt, firms, "company")
	f := hajir.QuestionFilter{
		State:    one(rt, []hajir.QuestionState{"", "", hajir.QuestionNew, hajir.QuestionAnswered, hajir.QuestionMerged}, "state"),
		Assignee: one(rt, append([]string{"", "", ""}, people...), "assignee"), Category: one(rt, []string{"", "", "Hours"}, "category"),
	}
	if rapid.Bool().Draw(rt, "search") {
		f.Words = hajir.SearchWords(one(rt, searches, "words"))
	}
	return move{fmt.Sprintf("Questions %s %+v", company, f), func(ctx context.Context, s storetest.Store) (any, error) {
		found, err := pages(func(b hajir.Question) ([]hajir.Question, error) { return s.Questions(ctx, company, f, b, 2) })
		if err != nil {
			return nil, err
		}
		shown, err := pages(func(b hajir.Question) ([]hajir.Question, error) { return s.PublishedQuestions(ctx, company, f, b, 2) })
		if err != nil {
			return nil, err
		}
		var like []string // in no order: the likeliest first, where the store can tell
		for _, published := range []bool{false, true} {
			near, err := s.QuestionsLike(ctx, company, f.Words, published, 50)
			if err != nil {
				return nil, err
			}
			for _, q := range near {
				like = append(like, fmt.Sprint(q.ID, published))
			}
		}
		slices.Sort(like)
		return fmt.Sprintf("%+v\n%+v\n%s", found, shown, strings.Join(like, " ")), nil
	}}
}

func listQuestions(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	company, name, at := one(rt, firms, "company"), one(rt, append([]string{""}, people...), "name"), minute(rt)
	assignee := one(rt, people, "assignee")
	return move{"questions of " + name, func(ctx context.Context, s storetest.Store) (any, error) {
		own, err := pages(func(b hajir.Question) ([]hajir.Question, error) { return s.QuestionsOf(ctx, company, name, b, 2) })
		if err != nil {
			return nil, err
		}
		into, err := pages(func(b hajir.Question) ([]hajir.Question, error) { return s.QuestionsInto(ctx, "a", b.ID, 1) })
		if err != nil {
			return nil, err
		}
		closed, err := s.ClosedQuestions(ctx, company, at, 3)
		if err != nil {
			return nil, err
		}
		all, err := s.CountQuestions(ctx, company, hajir.QuestionNew, "", 2)
		if err != nil {
			return nil, err
		}
		mine, err := s.CountQuestions(ctx, company, hajir.QuestionAnswered, assignee, 2)
		return fmt.Sprintf("%+v %+v %+v %d %d", own, into, closed, all, mine), err
	}}
}

func saveReview(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	company, id := one(rt, firms, "company"), "2026-"+one(rt, numbers, "review")
	if rapid.IntRange(0, 5).Draw(rt, "remove") == 0 {
		return move{"DeleteReview " + company + " " + id, put(func(ctx context.Context, s storetest.Store) error { return s.DeleteReview(ctx, company, id) })}
	}
	r, err := lite.Review(rt.Context(), company, id)
	if err != nil {
		r = hajir.Review{Company: company, ID: id, At: minute(rt), Username: one(rt, append([]string{""}, people...), "name"), By: "kiosk-1"}
		if r.Username != "" {
			r.Punch = "p1"
		}
	}
	r.State = one(rt, []hajir.ReviewState{hajir.ReviewOpen, hajir.ReviewOpen, hajir.ReviewConfirmed}, "state")
	r.ExpiresAt = one(rt, []time.Time{{}, minute(rt)}, "expires")
	r.Version = stale(rt, r.Version)
	return saves("SaveReview", r, func(ctx context.Context, s storetest.Store) error { return s.SaveReview(ctx, r) })
}

func listReviews(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	company, name, open := one(rt, firms, "company"), one(rt, append([]string{""}, people...), "name"), rapid.Bool().Draw(rt, "open")
	from, before := one(rt, []string{"", "2026-b"}, "from"), one(rt, []string{"", "2026-c", "2026-a"}, "before")
	at := minute(rt)
	return move{fmt.Sprintf("reviews of %s %t %s %s", company, open, from, before), func(ctx context.Context, s storetest.Store) (any, error) {
		all, err := s.Reviews(ctx, company, open, from, before, 2)
		if err != nil {
			return nil, err
		}
		own, err := pages(func(b hajir.Review) ([]hajir.Review, error) { return s.PersonReviews(ctx, company, name, b.ID, 1) })
		if err != nil {
			return nil, err
		}
		over, err := s.ExpiredReviews(ctx, at, 2)
		if err != nil {
			return nil, err
		}
		n, err := s.CountReviews(ctx, company, 2)
		return fmt.Sprintf("%+v %+v %+v %d", all, own, over, n), err
	}}
}

func saveOccasion(rt *rapid.T, lite *sqlite.DB, _ time.Time) move {
	o := hajir.Occasion{ID: one(rt, numbers, "event"), Company: one(rt, firms, "company"), From: one(rt, dates, "from"), Kind: hajir.OccasionEvent}
	if all, err := lite.Occasions(rt.Context(), o.Company, "2026-01-01", "2026-12-31"); err == nil {
		for _, x := range all {
			if x.ID == o.ID {
				o = x
			}
		}
	}
	was, version := o.From, stale(rt, o.Version)
	if o.Version > 0 && rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
		return saves("DeleteOccasion", o, func(ctx context.Context, s storetest.Store) error {
			return s.DeleteOccasion(ctx, o.Company, o.From, o.ID, version)
		})
	}
	if o.Version > 0 { // at version 0 it is made, and not moved
		o.From = one(rt, dates, "moves to")
	}
	o.Version, o.To, o.Title = version, o.From, one(rt, []string{"Holi", "तीज"}, "title")
	o.Scope, o.Subject = hajir.ScopeCompany, ""
	if rapid.IntRange(0, 2).Draw(rt, "whose") == 0 {
		o.Scope, o.Subject = hajir.ScopePerson, one(rt, people, "person")
	}
	return saves("SaveOccasion was "+was, o, func(ctx context.Context, s storetest.Store) error { return s.SaveOccasion(ctx, o, was) })
}

func listOccasions(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
	company, from, to := one(rt, firms, "company"), one(rt, dates, "from"), one(rt, dates, "to")
	return move{"events of " + company + " " + from + " " + to, func(ctx context.Context, s storetest.Store) (any, error) {
		n, err := s.OccasionsInMonth(ctx, company, hajir.MonthValue(from))
		if err != nil {
			return nil, err
		}
		all, err := s.Occasions(ctx, company, from, to)
		return fmt.Sprintf("%d %+v", n, all), err
	}}
}

func saveFeed(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	f := hajir.Feed{Username: one(rt, people, "name"), Kind: one(rt, []hajir.FeedKind{hajir.FeedOwn, hajir.FeedEvents}, "kind")}
	if all, err := lite.Feeds(rt.Context(), f.Username); err == nil {
		for _, x := range all {
			if x.Kind == f.Kind {
				f = x
			}
		}
	}
	if rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
		return saves("DeleteFeed", f, func(ctx context.Context, s storetest.Store) error { return s.DeleteFeed(ctx, f.Username, f.Kind) })
	}
	before := f.TokenHash
	f.Company, f.Version, f.MadeAt = whose(rt, f.Company), stale(rt, f.Version), now
	f.TokenHash = fmt.Sprintf("%s %s %d", f.Username, f.Kind, now.UnixNano())
	return move{fmt.Sprintf("SaveFeed %+v", f), func(ctx context.Context, s storetest.Store) (any, error) {
		if err := s.SaveFeed(ctx, f); err != nil {
			return nil, err
		}
		if _, err := s.Feed(ctx, before); hajir.CodeOf(err) != hajir.NotFound {
			return nil, fmt.Errorf("the link before works: %w", err)
		}
		return s.Feed(ctx, f.TokenHash)
	}}
}

func saveLink(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	l := hajir.SlackLink{Username: one(rt, people, "name")}
	if found, err := lite.SlackLink(rt.Context(), l.Username); err == nil {
		l = found
	}
	user := one(rt, []string{"U1", "U2"}, "member")
	switch rapid.IntRange(0, 3).Draw(rt, "does") {
	case 0:
		return saves("DeleteSlackLink", l, func(ctx context.Context, s storetest.Store) error { return s.DeleteSlackLink(ctx, l.Username) })
	case 1:
		company, after := one(rt, firms, "company"), one(rt, append([]string{""}, people...), "after")
		return move{"Slack links", func(ctx context.Context, s storetest.Store) (any, error) {
			all, err := s.SlackLinks(ctx, company, after, 2)
			if err != nil {
				return nil, err
			}
			found, err := s.SlackLinkByUser(ctx, "T1", user)
			return fmt.Sprintf("%+v %+v", all, found), err
		}}
	}
	l.Company, l.Team, l.User, l.LinkedAt, l.Version = whose(rt, l.Company), "T1", user, now, stale(rt, l.Version)
	return saves("SaveSlackLink", l, func(ctx context.Context, s storetest.Store) error { return s.SaveSlackLink(ctx, l) })
}

func saveSlack(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	c, err := lite.Slack(rt.Context(), one(rt, firms, "company"))
	if err != nil {
		rt.Fatal(err)
	}
	c.Team, c.Token, c.InstalledAt, c.Version = one(rt, []string{"", "T1", "T2"}, "team"), "xoxb", now, stale(rt, c.Version)
	return move{fmt.Sprintf("SaveSlack %+v", c), func(ctx context.Context, s storetest.Store) (any, error) {
		if err := s.SaveSlack(ctx, c); err != nil {
			return nil, err
		}
		return s.SlackByTeam(ctx, "T1")
	}}
}

func saveWebhook(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	id := one(rt, numbers, "webhook")
	w, err := lite.Webhook(rt.Context(), id)
	if err != nil {
		w = hajir.Webhook{ID: id, URL: "https://example.com", Secret: []byte("s"), CreatedAt: now}
	}
	w.Company, w.Version = whose(rt, w.Company), stale(rt, w.Version)
	w.State = one(rt, []hajir.WebhookState{hajir.WebhookOn, hajir.WebhookFailing}, "state")
	if rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
		return saves("DeleteWebhook", w, func(ctx context.Context, s storetest.Store) error { return s.DeleteWebhook(ctx, w) })
	}
	return move{fmt.Sprintf("SaveWebhook %+v", w), func(ctx context.Context, s storetest.Store) (any, error) {
		if err := s.SaveWebhook(ctx, w); err != nil {
			return nil, err
		}
		a := hajir.Attempt{Company: w.Company, Webhook: id, ID: hajir.AttemptID(now, "u"), At: now}
		if err := s.AddAttempt(ctx, a); err != nil {
			return nil, err
		}
		if err := s.DeleteOldAttempts(ctx, now.Add(-10*time.Minute)); err != nil {
			return nil, err
		}
		all, err := s.Webhooks(ctx, w.Company)
		if err != nil {
			return nil, err
		}
		log, err := s.Attempts(ctx, id, "", 3)
		return fmt.Sprintf("%+v %+v", all, log), err
	}}
}
