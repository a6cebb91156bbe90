package questions

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// List returns a page of the questions that the caller may see, and where the
// next one begins. A search that has no word in it finds nothing.
func (s *Service) List(ctx context.Context, company string, by Caller, f hajir.QuestionFilter, cursor string, limit int) (page []hajir.Question, next string, err error) {
	if by.Manager {
		f.Assignee = by.Username
	}
	return s.page(ctx, cursor, limit,
		func(q hajir.Question) bool { return q.Company == company },
		func(behind hajir.Question, limit int) ([]hajir.Question, error) {
			return s.Store.Questions(ctx, company, f, behind, limit)
		})
}

// Own returns a page of what one of the company's people asked.
func (s *Service) Own(ctx context.Context, company, username, cursor string, limit int) (page []hajir.Question, next string, err error) {
	return s.page(ctx, cursor, limit,
		func(q hajir.Question) bool { return q.Company == company && q.Asker.Username == username },
		func(behind hajir.Question, limit int) ([]hajir.Question, error) {
			return s.Store.QuestionsOf(ctx, company, username, behind, limit)
		})
}

// MaxCount is how far questions are counted.
const MaxCount = 100

// Counts are how many questions wait, each no further than MaxCount.
type Counts struct{ New, InProgress, Mine int }

// Count returns how many questions wait, of those that the caller may see; Mine
// are those of their own.
func (s *Service) Count(ctx context.Context, company string, by Caller) (c Counts, err error) {
	count := func(n *int, state hajir.QuestionState, assignee string) {
		if err == nil {
			*n, err = s.Store.CountQuestions(ctx, company, state, assignee, MaxCount)
		}
	}
	whose := ""
	if by.Manager {
		whose = by.Username
	}
	count(&c.New, hajir.QuestionNew, whose)
	count(&c.InProgress, hajir.QuestionInProgress, whose)
	count(&c.Mine, hajir.QuestionInProgress, by.Username)
	return c, err
}

// Alike returns the company's questions that are like q.
func (s *Service) Alike(ctx context.Context, q hajir.Question) ([]hajir.Alike, error) {
	near, err := s.Store.QuestionsLike(ctx, q.Company, hajir.TellingWords(q.Text), false, compared)
	if err != nil {
		return nil, fmt.Errorf("look for questions alike: %w", err)
	}
	others := make([]hajir.Question, 0, len(near))
	for _, other := range near {
		if other.ID != q.ID {
			others = append(others, other)
		}
	}
	return hajir.MostAlike(q.Text, others, func(o hajir.Question) string { return o.Text }, told), nil
}

// Assign gives a question to a manager or the admin, or with "" to nobody.
func (s *Service) Assign(ctx context.Context, company, id string, by Caller, username string, version *int) (hajir.Question, error) {
	if username != "" && username != company {
		e, err := s.Store.Employee(ctx, username)
		if err == nil {
			err = e.BelongsTo(company)
		}
		if hajir.CodeOf(err) == hajir.NotFound || err == nil && (!e.Active || e.Role != hajir.RoleManager) {
			return hajir.Question{}, hajir.Errorf(hajir.Invalid, "give the question to a manager of the company, or to its admin")
		}
		if err != nil {
			return hajir.Question{}, fmt.Errorf("load employee: %w", err)
		}
	}
	return s.change(ctx, company, id, by, version, func(q hajir.Question) (hajir.Question, error) { return q.Assign(username) })
}

// Move brings a question into another state.
func (s *Service) Move(ctx context.Context, company, id string, by Caller, to hajir.QuestionState, version *int) (hajir.Question, error) {
	q, err := s.change(ctx, company, id, by, version, func(q hajir.Question) (hajir.Question, error) { return q.Move(to) })
	if err != nil {
		return q, err
	}
	return q, s.follow(context.WithoutCancel(ctx), q)
}

// Publish lets everybody read a question with its answer, in the wording given;
// "" leaves it as it is.
func (s *Service) Publish(ctx context.Context, company, id string, by Caller, wording string, version *int) (hajir.Question, error) {
	return s.change(ctx, company, id, by, version, func(q hajir.Question) (hajir.Question, error) {
		return q.Publish(wording, s.Now().UTC())
	})
}

// Withdraw takes a question from the public page.
func (s *Service) Withdraw(ctx context.Context, company, id string, by Caller) (hajir.Question, error) {
	return s.change(ctx, company, id, by, nil, func(q hajir.Question) (hajir.Question, error) { return q.Withdraw(), nil })
}

// Delete removes a question for good. One that others are merged into stays
// until they are taken out, for they would be lost with it.
func (s *Service) Delete(ctx context.Context, company, id string, by Caller) error {
	q, err := s.Question(ctx, company, id, by)
	if err != nil {
		return err
	}
	merged, err := s.Store.QuestionsInto(ctx, id, "", 1)
	if err != nil {
		return fmt.Errorf("list merged questions: %w", err)
	}
	if len(merged) > 0 {
		return hajir.Errorf(hajir.Conflict, "other questions are merged into this one; take them out or delete them first")
	}
	if err := s.Store.DeleteQuestion(ctx, q); err != nil {
		return fmt.Errorf("delete question: %w", err)
	}
	return nil
}

// Settings returns a company's settings.
func (s *Service) Settings(ctx context.Context, company string) (hajir.QuestionSettings, error) {
	settings, err := s.Store.QuestionSettings(ctx, company)
	if err != nil {
		return settings, fmt.Errorf("load settings: %w", err)
	}
	return settings, nil
}

// Change saves settings at their version.
func (s *Service) Change(ctx context.Context, settings hajir.QuestionSettings) (hajir.QuestionSettings, error) {
	settings = settings.Tidy()
	if err := settings.Validate(); err != nil {
		return settings, err
	}
	if err := s.Store.SaveQuestionSettings(ctx, settings); err != nil {
		return settings, fmt.Errorf("save settings: %w", err)
	}
	settings.Version++
	return settings, nil
}
