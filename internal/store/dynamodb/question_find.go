package dynamodb

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// searched is how many questions of one company a search looks through, the
// newest first. DynamoDB has no index of words (docs/decisions/0054).
const searched = 5000

// Questions returns at most limit of a company's questions that f chooses, the
// newest first, beginning behind the one given; the zero question begins.
func (db *DB) Questions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error) {
	q := query{table: questions, index: "company-index", hash: company, down: true}
	status := f.State
	switch {
	case f.Assignee != "":
		q.index, q.hash = "assignee-index", within(company, f.Assignee)
	case f.State != "":
		q.index, q.hash, status = "status-index", within(company, string(f.State)), ""
	}
	if behind.ID != "" {
		q.below = questionOrder(behind)
	}
	if status == "" && f.Category == "" && len(f.Words) == 0 {
		q.limit = limit
		return db.questionsBy(ctx, q)
	}
	return db.chosen(ctx, q, limit, reach(f), questionOrder, func(x hajir.Question) bool {
		return (status == "" || x.Status() == status) && chooses(f, x, asked)
	})
}

// chooses says whether a question has the category and the words of f.
func chooses(f hajir.QuestionFilter, q hajir.Question, text func(hajir.Question) []string) bool {
	return (f.Category == "" || q.Category == f.Category) && (len(f.Words) == 0 || hasAll(text(q), f.Words))
}

// reach is at how many questions f has to be looked: a search for words ends.
func reach(f hajir.QuestionFilter) int {
	if len(f.Words) > 0 {
		return searched
	}
	return math.MaxInt
}

// asked are the words of a question and its answer, shown those that everybody
// may read.
func asked(q hajir.Question) []string { return tokens(q.Text + " " + q.Answer.Text) }

func shown(q hajir.Question) []string {
	if !q.Published() {
		return nil
	}
	return tokens(q.Public.Text + " " + q.Answer.Text)
}

// chosen returns at most limit of the questions of q, the last first, that keep
// chooses. Order is the sort key by which q finds them. It looks at most of them,
// a batch at a time.
func (db *DB) chosen(
	ctx context.Context, q query, limit, most int, order func(hajir.Question) string, keep func(hajir.Question) bool,
) ([]hajir.Question, error) {
	var page []hajir.Question
	for looked := 0; looked < most; looked += q.limit {
		q.limit = min(max(2*limit, inBatch), most-looked)
		batch, err := db.questionsBy(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, x := range batch {
			if keep(x) {
				page = append(page, x)
			}
			if len(page) == limit {
				return page, nil
			}
		}
		if len(batch) < q.limit {
			break
		}
		q.below = order(batch[len(batch)-1])
	}
	return page, nil
}

func (db *DB) questionsBy(ctx context.Context, q query) ([]hajir.Question, error) {
	var all []hajir.Question
	err := db.each(ctx, q, q.still, func(s stored) error {
		x, err := db.readQuestion(s)
		all = append(all, x)
		return err
	})
	return all, err
}

// QuestionsOf returns at most limit of the questions that an account asked, the
// newest first, beginning behind the one given.
func (db *DB) QuestionsOf(ctx context.Context, company, username string, behind hajir.Question, limit int) ([]hajir.Question, error) {
	if username == "" { // a stranger is nobody's name
		return nil, nil
	}
	q := query{table: questions, index: "asker-index", hash: within(company, username), down: true, limit: limit}
	if behind.ID != "" {
		q.below = questionOrder(behind)
	}
	return db.questionsBy(ctx, q)
}

// PublishedQuestions returns at most limit of what a company has published, the
// newest there first, beginning behind the one given. Of f, Category and Words
// count; the words are looked for in what is published.
func (db *DB) PublishedQuestions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error) {
	q := query{table: questions, index: "published-index", hash: company, down: true}
	if behind.ID != "" {
		q.below = publishedOrder(behind)
	}
	if f.Category == "" && len(f.Words) == 0 {
		q.limit = limit
		return db.questionsBy(ctx, q)
	}
	return db.chosen(ctx, q, limit, reach(f), publishedOrder, func(x hajir.Question) bool { return chooses(f, x, shown) })
}

// QuestionsLike returns at most limit of a company's questions that have one of
// the words, in what is published or in what was asked: those with the rarest
// first. What is merged into another question is left out.
func (db *DB) QuestionsLike(ctx context.Context, company string, words []string, published bool, limit int) ([]hajir.Question, error) {
	if len(words) == 0 {
		return nil, nil
	}
	q, order, text := query{table: questions, index: "company-index", hash: company, down: true}, questionOrder, asked
	if published {
		q.index, order, text = "published-index", publishedOrder, shown
	}
	all, err := db.chosen(ctx, q, searched, searched, order, func(x hajir.Question) bool { return x.Into == "" })
	if err != nil {
		return nil, err
	}
	return rarest(all, text, words, limit), nil
}

// rarest returns at most limit of the questions that have one of the words. A
// word counts the more the fewer questions have it.
func rarest(all []hajir.Question, text func(hajir.Question) []string, words []string, limit int) []hajir.Question {
	type scored struct {
		q     hajir.Question
		has   []int
		score float64
	}
	var found []scored
	having := make([]int, len(words)) // how many questions
	for _, q := range all {
		s, of := scored{q: q}, text(q)
		for i, w := range words {
			if hasWord(of, tokens(w), sameWord) {
				s.has = append(s.has, i)
				having[i]++
			}
		}
		if len(s.has) > 0 {
			found = append(found, s)
		}
	}
	for i := range found {
		for _, w := range found[i].has {
			found[i].score += math.Log1p(float64(len(all)) / float64(having[w]))
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []hajir.Question
	for _, s := range found[:min(limit, len(found))] {
		out = append(out, s.q)
	}
	return out
}

// QuestionsInto returns at most limit of the questions that are merged into one,
// in order of their IDs, beginning behind after.
func (db *DB) QuestionsInto(ctx context.Context, id, after string, limit int) ([]hajir.Question, error) {
	if id == "" { // merged into none
		return nil, nil
	}
	return db.questionsBy(ctx, query{table: questions, index: "into-index", hash: id, behind: after, limit: limit})
}

// ClosedQuestions returns at most limit of a company's questions that were
// closed before t and still have a visitor's name or address, the oldest first.
func (db *DB) ClosedQuestions(ctx context.Context, company string, t time.Time, limit int) ([]hajir.Question, error) {
	return db.questionsBy(ctx, query{table: questions, index: "closed-index", hash: company, below: record.Sortable(t), limit: limit})
}

// CountQuestions returns how many of a company's questions have a state, and if
// assignee is not "" are theirs; it counts no further than most.
func (db *DB) CountQuestions(ctx context.Context, company string, state hajir.QuestionState, assignee string, most int) (int, error) {
	if assignee == "" {
		return db.count(ctx, query{table: questions, index: "status-index", hash: within(company, string(state)), limit: most})
	}
	all, err := db.Questions(ctx, company, hajir.QuestionFilter{Assignee: assignee, State: state}, hajir.Question{}, most)
	return len(all), err
}
