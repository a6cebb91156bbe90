package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// The queries of questions. Each goes through one index, which gives the order;
// what is searched for is looked up by its row number then.
const (
	questionColumns   = `SELECT version, doc, sealed FROM Questions`
	questionsIn       = questionColumns + ` WHERE company = ? AND (at, questionid) < (?, ?)`
	questionsByStatus = questionColumns + ` WHERE company = ? AND status = ? AND (at, questionid) < (?, ?)`
	// The company is compared without its index, which is the longer way.
	questionsTo     = questionColumns + ` WHERE assigneeusername = ? AND assigneeusername <> '' AND +company = ? AND (at, questionid) < (?, ?)`
	questionsOf     = questionColumns + ` WHERE askerusername = ? AND askerusername <> '' AND +company = ? AND (at, questionid) < (?, ?)`
	questionsShown  = questionColumns + ` WHERE company = ? AND published <> '' AND (published, questionid) < (?, ?)`
	questionsInto   = questionColumns + ` WHERE intoid = ? AND intoid <> '' AND questionid > ? ORDER BY questionid LIMIT ?`
	questionsClosed = questionColumns + ` WHERE company = ? AND closed <> '' AND closed < ? ORDER BY closed, questionid LIMIT ?`

	questionsNewest   = ` ORDER BY at DESC, questionid DESC LIMIT ?`
	questionsNewShown = ` ORDER BY published DESC, questionid DESC LIMIT ?`
	questionsMatch    = ` AND seq IN (SELECT rowid FROM Questions_fts WHERE Questions_fts MATCH ?)`
	// The company's word in the index is its own; the row is compared, too, since
	// another word would be another company's question.
	questionsLike = `SELECT q.version, q.doc, q.sealed FROM Questions_fts f CROSS JOIN Questions q ON q.seq = f.rowid
		WHERE f.Questions_fts MATCH ? AND q.company = ? AND q.status <> ? AND (NOT ? OR q.published <> '') ORDER BY f.rank LIMIT ?`
)

// Questions returns at most limit of a company's questions that f chooses, the
// newest first, beginning behind the one given; the zero question begins.
func (db *DB) Questions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error) {
	query, args := questionsIn, []any{company}
	switch {
	case f.Assignee != "":
		query, args = questionsTo, []any{f.Assignee, company}
	case f.State != "":
		query, args = questionsByStatus, []any{company, f.State}
	}
	at := "~" // behind no time
	if behind.ID != "" {
		at = record.Sortable(behind.At)
	}
	args = append(args, at, behind.ID)
	if f.Assignee != "" && f.State != "" {
		query, args = query+` AND +status = ?`, append(args, f.State)
	}
	query, args = chosen(query, args, company, "asked", f)
	return db.questions(ctx, query+questionsNewest, append(args, limit)...)
}

// chosen adds the category and the words of f to a query.
func chosen(query string, args []any, company, column string, f hajir.QuestionFilter) (string, []any) {
	if f.Category != "" {
		query, args = query+` AND category = ?`, append(args, f.Category)
	}
	if len(f.Words) > 0 {
		query, args = query+questionsMatch, append(args, match(company, column, f.Words, " AND ", "*"))
	}
	return query, args
}

// match asks the index for words in a column of one company's questions. A word
// is written in quotation marks, so that none is taken for an operator.
func match(company, column string, words []string, how, end string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"` + end
	}
	return fmt.Sprintf(`company : "%X" AND %s : (%s)`, company, column, strings.Join(quoted, how))
}

// QuestionsOf returns at most limit of the questions that an account asked, the
// newest first, beginning behind the one given.
func (db *DB) QuestionsOf(ctx context.Context, company, username string, behind hajir.Question, limit int) ([]hajir.Question, error) {
	at := "~"
	if behind.ID != "" {
		at = record.Sortable(behind.At)
	}
	return db.questions(ctx, questionsOf+questionsNewest, username, company, at, behind.ID, limit)
}

// PublishedQuestions returns at most limit of what a company has published, the
// newest there first, beginning behind the one given. Of f, Category and Words
// count; the words are looked for in what is published.
func (db *DB) PublishedQuestions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error) {
	at := "~"
	if behind.ID != "" {
		at = record.Sortable(behind.Public.At)
	}
	query, args := chosen(questionsShown, []any{company, at, behind.ID}, company, "shown", f)
	return db.questions(ctx, query+questionsNewShown, append(args, limit)...)
}

// QuestionsLike returns at most limit of a company's questions that have one of
// the words, in what is published or in what was asked: those with the rarest
// first. What is merged into another question is left out.
func (db *DB) QuestionsLike(ctx context.Context, company string, words []string, published bool, limit int) ([]hajir.Question, error) {
	if len(words) == 0 {
		return nil, nil
	}
	column := "asked"
	if published {
		column = "shown"
	}
	return db.questions(ctx, questionsLike, match(company, column, words, " OR ", ""), company, hajir.QuestionMerged, published, limit)
}

// QuestionsInto returns at most limit of the questions that are merged into one,
// in order of their IDs, beginning behind after.
func (db *DB) QuestionsInto(ctx context.Context, id, after string, limit int) ([]hajir.Question, error) {
	return db.questions(ctx, questionsInto, id, after, limit)
}

// ClosedQuestions returns at most limit of a company's questions that were
// closed before t and still have a visitor's name or address, the oldest first.
func (db *DB) ClosedQuestions(ctx context.Context, company string, t time.Time, limit int) ([]hajir.Question, error) {
	return db.questions(ctx, questionsClosed, company, record.Sortable(t), limit)
}

const (
	countQuestions   = `SELECT count(*) FROM (SELECT 1 FROM Questions WHERE company = ? AND status = ? LIMIT ?)`
	countQuestionsTo = `SELECT count(*) FROM (SELECT 1 FROM Questions
		WHERE assigneeusername = ? AND assigneeusername <> '' AND +company = ? AND +status = ? LIMIT ?)`
)

// CountQuestions returns how many of a company's questions have a state, and if
// assignee is not "" are theirs; it counts no further than most.
func (db *DB) CountQuestions(ctx context.Context, company string, state hajir.QuestionState, assignee string, most int) (int, error) {
	query, args := countQuestions, []any{company, state, most}
	if assignee != "" {
		query, args = countQuestionsTo, []any{assignee, company, state, most}
	}
	var n int
	if err := db.read.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count questions: %w", err)
	}
	return n, nil
}
