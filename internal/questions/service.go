// Package questions is carer_genese_question_collectionLambdaFunction: it
// collects the questions that visitors, interns and employees put to a company,
// which the admin and managers answer. Read service.go first; ask.go takes
// questions, board.go deals with them, answer.go answers, merge.go joins duplicates, forget.go removes what is personal,
// export.go writes files. http_public.go, http_own.go and http_board.go declare
// the operations. The rules are in internal/hajir (question.go, similar.go and
// proof.go there).
package questions

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/slow"
)

// Store keeps questions. Loading what is not there returns a *hajir.Error with
// NotFound, but settings, which come as the default; saving or deleting at a
// stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)

	QuestionSettings(ctx context.Context, company string) (hajir.QuestionSettings, error)
	SaveQuestionSettings(ctx context.Context, s hajir.QuestionSettings) error
	Question(ctx context.Context, id string) (hajir.Question, error)
	SaveQuestion(ctx context.Context, q hajir.Question) error
	DeleteQuestion(ctx context.Context, q hajir.Question) error
	// Questions returns at most limit of a company's questions, the newest first,
	// beginning behind the one given; the zero question begins.
	Questions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error)
	// QuestionsOf does so with the questions of one of its people.
	QuestionsOf(ctx context.Context, company, username string, behind hajir.Question, limit int) ([]hajir.Question, error)
	// PublishedQuestions does so with what is published, in the order in which it
	// was; words are looked for in what everybody may read, and nowhere else.
	PublishedQuestions(ctx context.Context, company string, f hajir.QuestionFilter, behind hajir.Question, limit int) ([]hajir.Question, error)
	// QuestionsLike returns questions that have one of the words, the likeliest
	// first where the store can tell.
	QuestionsLike(ctx context.Context, company string, words []string, published bool, limit int) ([]hajir.Question, error)
	// QuestionsInto returns what is merged into a question, in order of IDs.
	QuestionsInto(ctx context.Context, id, after string, limit int) ([]hajir.Question, error)
	// ClosedQuestions returns those closed before t that still have a visitor's
	// name or address, the oldest first.
	ClosedQuestions(ctx context.Context, company string, t time.Time, limit int) ([]hajir.Question, error)
	// CountQuestions counts no further than most. An assignee of "" is any.
	CountQuestions(ctx context.Context, company string, state hajir.QuestionState, assignee string, most int) (int, error)
	// UseChallenge is a Conflict when the challenge was used before.
	UseChallenge(ctx context.Context, challenge string, expires time.Time) error
	// Record notes in the audit log that somebody exports.
	Record(ctx context.Context, e hajir.Event) error
}

// Service collects questions. It is safe for concurrent use.
type Service struct {
	Store Store
	Guard slow.Guard // slows who asks on and on
	Key   []byte     // signs challenges
	Now   func() time.Time
	Log   *slog.Logger
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string
}

// Caller is who deals with questions. A manager sees those alone that were
// given to them.
type Caller struct {
	Username string
	Name     string
	Manager  bool
}

// sees returns a NotFound error for what the caller may not know of.
func (c Caller) sees(company string, q hajir.Question) error {
	if err := q.BelongsTo(company); err != nil {
		return err
	}
	if c.Manager && q.Assignee != c.Username {
		return hajir.Errorf(hajir.NotFound, "no such question, or it is not yours to answer any more")
	}
	return nil
}

// Question returns one question that the caller may see.
func (s *Service) Question(ctx context.Context, company, id string, by Caller) (hajir.Question, error) {
	q, err := s.Store.Question(ctx, id)
	if err == nil {
		err = by.sees(company, q)
	}
	if err != nil {
		return q, fmt.Errorf("load question: %w", err)
	}
	return q, nil
}

// maxTries bounds how often a change is made anew when others changed the same
// question meanwhile.
const maxTries = 8

// change loads a question, changes and saves it. version is the one that the
// caller read, or nil for whatever is there.
func (s *Service) change(
	ctx context.Context, company, id string, by Caller, version *int, f func(hajir.Question) (hajir.Question, error),
) (q hajir.Question, err error) {
	for range maxTries {
		if q, err = s.Question(ctx, company, id, by); err != nil {
			return q, err
		}
		if version != nil && *version != q.Version {
			return q, hajir.Errorf(hajir.Conflict, "somebody else dealt with this question meanwhile; load it again")
		}
		was := q
		if q, err = f(q); err != nil || q == was {
			return q, err
		}
		if err = s.Store.SaveQuestion(ctx, q); err == nil {
			q.Version++
			return q, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || version != nil {
			break
		}
	}
	return q, fmt.Errorf("save question: %w", err)
}
