package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// questionStore is what questions need of an adapter.
type questionStore interface {
	Question(ctx context.Context, id string) (hajir.Question, error)
	SaveQuestion(ctx context.Context, q hajir.Question) error
	DeleteQuestion(ctx context.Context, q hajir.Question) error
	Questions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error)
	QuestionsOf(ctx context.Context, company, username string, behind hajir.Question, limit int) ([]hajir.Question, error)
	PublishedQuestions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error)
	QuestionsLike(ctx context.Context, company string, words []string, published bool, limit int) ([]hajir.Question, error)
	QuestionsInto(ctx context.Context, id, after string, limit int) ([]hajir.Question, error)
	ClosedQuestions(ctx context.Context, company string, t time.Time, limit int) ([]hajir.Question, error)
	CountQuestions(ctx context.Context, company string, state hajir.QuestionState, assignee string, most int) (int, error)
	QuestionSettings(ctx context.Context, company string) (hajir.QuestionSettings, error)
	SaveQuestionSettings(ctx context.Context, s hajir.QuestionSettings) error
}

func newQuestion(company, id, text string) hajir.Question {
	return hajir.Question{ID: id, Company: company, Text: text, State: hajir.QuestionNew, At: at}
}

func answeredQuestion(id, text string) hajir.Question {
	q := newQuestion("acme", id, text)
	q.State, q.ClosedAt = hajir.QuestionAnswered, at.Add(time.Hour)
	q.Answer = hajir.QuestionAnswer{Text: "From nine\nto five", By: "acme", ByName: "Acme", At: at.Add(time.Hour), Number: 2}
	return q
}

// ids are the questions' names.
func ids(all []hajir.Question, err error) string {
	names := []string{}
	for _, q := range all {
		names = append(names, q.ID)
	}
	return fmt.Sprint(names, err)
}

func wantIDs(t *testing.T, what, got string, want ...string) {
	t.Helper()
	if w := ids(nil, nil); len(want) == 0 && got != w || len(want) > 0 && got != fmt.Sprint(want, error(nil)) {
		t.Errorf("%s: %s, want %v", what, got, want)
	}
}

func testQuestions(t *testing.T, s Store) {
	ctx := t.Context()
	if _, err := s.Question(ctx, "q1"); codeOf(err) != hajir.NotFound {
		t.Errorf("no question: %v", err)
	}
	q := answeredQuestion("q1", "When do you\nopen? <b>“ख्वाउने”</b>")
	q.Category, q.Assignee, q.Told, q.ToldAt, q.Mail = "Hours", "mona", 1, at.Add(time.Minute), hajir.MailSent
	q.Asker = hajir.Asker{Username: "asha", Name: "Ästrid", Email: "a@example.com", Language: hajir.Hindi}
	q.Public = hajir.PublicQuestion{Text: "When do you open?", At: at.Add(2 * time.Hour)}
	q.Into, q.ForgottenAt = "q0", at.Add(3*time.Hour)
	testSaves(t, "question", func(v int) error { x := q; x.Version = v; return s.SaveQuestion(ctx, x) })
	q.Version = 3
	same(t, q, get(t, s.Question, "q1"))
	for name, change := range map[string]func(*hajir.Question){
		"company": func(x *hajir.Question) { x.Company = "other" }, "asker": func(x *hajir.Question) { x.Asker.Username = "bina" },
		"time": func(x *hajir.Question) { x.At = at.Add(time.Second) },
	} {
		x := q
		change(&x)
		if err := s.SaveQuestion(ctx, x); codeOf(err) != hajir.Conflict {
			t.Errorf("another %s: %v, want a conflict", name, err)
		}
	}
	q.Asker.Name, q.Asker.Email, q.Into, q.Public = "", "", "", hajir.PublicQuestion{}
	must(t, s.SaveQuestion(ctx, q))
	q.Version = 4
	same(t, q, get(t, s.Question, "q1"))
	for _, step := range []struct {
		version int
		want    hajir.Code
	}{{0, hajir.Conflict}, {3, hajir.Conflict}, {4, ""}, {4, hajir.Conflict}} {
		q.Version = step.version
		if err := s.DeleteQuestion(ctx, q); codeOf(err) != step.want {
			t.Errorf("delete at version %d: %v, want code %q", step.version, err, step.want)
		}
	}

	same(t, hajir.DefaultQuestionSettings("acme"), get(t, s.QuestionSettings, "acme"))
	settings := hajir.QuestionSettings{Company: "acme", Open: true, Categories: []string{"Hours", "भर्ती"}, RetentionDays: 0}
	testSaves(t, "question settings", func(v int) error { x := settings; x.Version = v; return s.SaveQuestionSettings(ctx, x) })
	settings.Version = 3
	same(t, settings, get(t, s.QuestionSettings, "acme"))
}

func testQuestionLists(t *testing.T, s Store) {
	ctx := t.Context()
	none := hajir.Question{}
	for i, q := range []hajir.Question{
		newQuestion("acme", "a", "When do you open on Saturday?"),
		newQuestion("acme", "b", "नेपालीमा सोध्न मिल्छ? Café NEAR you"),
		answeredQuestion("c", "Is there an internship? My number is 9812345678"),
		answeredQuestion("d", "May I open an account?"),
		newQuestion("acme", "e", "When do you open on Saturdays"),
		newQuestion("other", "x", "When do you open on Saturday?"),
	} {
		q.At = at.Add(time.Duration(i) * time.Second)
		switch q.ID {
		case "b", "x":
			q.Asker.Username, q.Assignee = "asha", "mona"
			q.State, q.Category = hajir.QuestionInProgress, "Hours"
		case "c":
			q.Public = hajir.PublicQuestion{Text: "Is there an internship?", At: at.Add(time.Hour)}
			q.Assignee, q.Category = "mona", "Work"
		case "d":
			q.Public = hajir.PublicQuestion{Text: "May I open an account?", At: at.Add(time.Minute)}
		case "e":
			q.Into = "a"
		}
		must(t, s.SaveQuestion(ctx, q))
	}
	find := func(f hajir.QuestionFilter) string { return ids(s.Questions(ctx, "acme", f, none, 10)) }
	search := func(text string) hajir.QuestionFilter {
		return hajir.QuestionFilter{Words: hajir.SearchWords(text)}
	}
	wantIDs(t, "all", find(hajir.QuestionFilter{}), "e", "d", "c", "b", "a")
	wantIDs(t, "new", find(hajir.QuestionFilter{State: hajir.QuestionNew}), "a")
	wantIDs(t, "merged", find(hajir.QuestionFilter{State: hajir.QuestionMerged}), "e")
	wantIDs(t, "mona's", find(hajir.QuestionFilter{Assignee: "mona"}), "c", "b")
	wantIDs(t, "mona's answered", find(hajir.QuestionFilter{Assignee: "mona", State: hajir.QuestionAnswered}), "c")
	wantIDs(t, "a category", find(hajir.QuestionFilter{Category: "Work"}), "c")
	wantIDs(t, "words", find(search("OPEN satur")), "e", "a")
	wantIDs(t, "words and a state", find(hajir.QuestionFilter{State: hajir.QuestionNew, Words: []string{"open"}}), "a")
	wantIDs(t, "words of an answer", find(search("five")), "d", "c")
	wantIDs(t, "accents", find(search("cafe")), "b")
	wantIDs(t, "Devanagari", find(search("नेपा")), "b")
	wantIDs(t, "half a sign", find(search("नप")))
	wantIDs(t, "operators", find(search(`"near" * NOT`)))
	wantIDs(t, "an operator that is a word", find(search(`^near*`)), "b")
	wantIDs(t, "the company is no word of a question", find(search("61636D65")))

	page := call(t, func() ([]hajir.Question, error) { return s.Questions(ctx, "acme", hajir.QuestionFilter{}, none, 2) })
	wantIDs(t, "the first page", ids(page, nil), "e", "d")
	wantIDs(t, "the second page", ids(s.Questions(ctx, "acme", hajir.QuestionFilter{}, page[1], 2)), "c", "b")

	wantIDs(t, "asha's", ids(s.QuestionsOf(ctx, "acme", "asha", none, 10)), "b")
	wantIDs(t, "nobody's", ids(s.QuestionsOf(ctx, "acme", "", none, 10)))
	wantIDs(t, "merged into a", ids(s.QuestionsInto(ctx, "a", "", 10)), "e")
	wantIDs(t, "merged into a, behind e", ids(s.QuestionsInto(ctx, "a", "e", 10)))
	wantIDs(t, "merged into none", ids(s.QuestionsInto(ctx, "", "", 10)))

	shown := func(f hajir.QuestionFilter) string { return ids(s.PublishedQuestions(ctx, "acme", f, none, 10)) }
	wantIDs(t, "published", shown(hajir.QuestionFilter{}), "c", "d")
	wantIDs(t, "published, a category", shown(hajir.QuestionFilter{Category: "Work"}), "c")
	wantIDs(t, "published, words", shown(search("internship nine")), "c")
	wantIDs(t, "what was left out is not found", shown(search("98123")))
	wantIDs(t, "the admin finds it", find(search("98123")), "c")
	first := call(t, func() ([]hajir.Question, error) {
		return s.PublishedQuestions(ctx, "acme", hajir.QuestionFilter{}, none, 1)
	})
	wantIDs(t, "the second page of the published", ids(s.PublishedQuestions(ctx, "acme", hajir.QuestionFilter{}, first[0], 1)), "d")

	like := call(t, func() ([]hajir.Question, error) {
		return s.QuestionsLike(ctx, "acme", []string{"open", "saturday", `x"y`}, false, 10)
	})
	slices.SortFunc(like, func(a, b hajir.Question) int { return a.At.Compare(b.At) })
	wantIDs(t, "with one of the words", ids(like, nil), "a", "d")
	wantIDs(t, "published with one of the words", ids(s.QuestionsLike(ctx, "acme", []string{"open", "saturday"}, true, 10)), "d")
	wantIDs(t, "no words", ids(s.QuestionsLike(ctx, "acme", nil, true, 10)))

	count := func(state hajir.QuestionState, assignee string, most, want int) {
		t.Helper()
		if n, err := s.CountQuestions(ctx, "acme", state, assignee, most); err != nil || n != want {
			t.Errorf("%s of %q: %d %v, want %d", state, assignee, n, err, want)
		}
	}
	count(hajir.QuestionAnswered, "", 10, 2)
	count(hajir.QuestionAnswered, "", 1, 1)
	count(hajir.QuestionAnswered, "mona", 10, 1)
	count(hajir.QuestionNew, "mona", 10, 0)

	// What is changed, withdrawn or deleted is found no more.
	c := get(t, s.Question, "c")
	c.Text, c.Public = "Something else entirely", hajir.PublicQuestion{}
	must(t, s.SaveQuestion(ctx, c), s.DeleteQuestion(ctx, get(t, s.Question, "a")))
	wantIDs(t, "withdrawn", shown(search("internship")))
	wantIDs(t, "changed", find(search("internship")))
	wantIDs(t, "deleted", find(search("open satur")), "e")
}

func testQuestionsOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for i, id := range []string{"a", "b", "c", "d"} {
		q := answeredQuestion(id, "May I ask you something?")
		q.ClosedAt = at.Add(time.Duration(3-i) * time.Hour)
		q.Asker.Name = "Asha"
		switch id {
		case "c":
			q.Asker.Name = ""
		case "d":
			q.ClosedAt = time.Time{}
		}
		must(t, s.SaveQuestion(ctx, q))
	}
	kept := newQuestion("other", "x", "May I ask you something?")
	must(t, s.SaveQuestion(ctx, kept), s.SaveQuestionSettings(ctx, hajir.DefaultQuestionSettings("acme")),
		s.SaveQuestionSettings(ctx, hajir.DefaultQuestionSettings("other")), s.SaveCompany(ctx, newCompany("acme")))
	wantIDs(t, "closed long ago", ids(s.ClosedQuestions(ctx, "acme", at.Add(4*time.Hour), 10)), "b", "a")
	wantIDs(t, "closed before", ids(s.ClosedQuestions(ctx, "acme", at.Add(3*time.Hour), 10)), "b")
	wantIDs(t, "a page of one", ids(s.ClosedQuestions(ctx, "acme", at.Add(4*time.Hour), 1)), "b")

	must(t, s.DeleteCompany(ctx, "acme"))
	if _, err := s.Question(ctx, "a"); codeOf(err) != hajir.NotFound {
		t.Errorf("a question stayed: %v", err)
	}
	same(t, 0, get(t, s.QuestionSettings, "acme").Version)
	same(t, 1, get(t, s.QuestionSettings, "other").Version)
	kept.Version = 1
	same(t, kept, get(t, s.Question, "x"))
	wantIDs(t, "the other company's", ids(s.Questions(ctx, "other", hajir.QuestionFilter{Words: []string{"something"}}, hajir.Question{}, 10)), "x")
	wantIDs(t, "found in the index", ids(s.Questions(ctx, "acme", hajir.QuestionFilter{Words: []string{"something"}}, hajir.Question{}, 10)))
}
