package questions

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// pageSize is how many questions one read of the store takes.
const pageSize = 100

// each visits the questions that are merged into one.
func (s *Service) each(ctx context.Context, id string, visit func(hajir.Question) error) error {
	for after := ""; ; {
		page, err := s.Store.QuestionsInto(ctx, id, after, pageSize)
		if err != nil {
			return fmt.Errorf("list merged questions: %w", err)
		}
		for _, q := range page {
			if err := visit(q); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// Merged returns at most MaxCount questions that are merged into one.
func (s *Service) Merged(ctx context.Context, id string) ([]hajir.Question, error) {
	page, err := s.Store.QuestionsInto(ctx, id, "", MaxCount)
	if err != nil {
		return nil, fmt.Errorf("list merged questions: %w", err)
	}
	return page, nil
}

// Merge makes a question a duplicate of another one, with all that is merged
// into it. The other one is not changed, so that no transaction is needed:
// after the duplicate is saved, the other one is looked at once more. If it was
// merged itself or deleted meanwhile, the merge is taken back; if it was
// answered, whoever answered may have missed this asker, and they are written
// now (once: see Question.Tell).
func (s *Service) Merge(ctx context.Context, company, id string, by Caller, into string, version *int) (hajir.Question, error) {
	target, err := s.Question(ctx, company, into, by)
	if err != nil {
		return hajir.Question{}, err
	}
	q, err := s.change(ctx, company, id, by, version, func(q hajir.Question) (hajir.Question, error) { return q.MergeInto(target) })
	if err != nil {
		return q, err
	}
	ctx = context.WithoutCancel(ctx) // once begun, it is seen through
	target, err = s.Question(ctx, company, into, by)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && target.Into != "" {
		if _, err := s.takeOut(ctx, company, id, by, into); err != nil {
			return q, err
		}
		return q, hajir.Errorf(hajir.Conflict, "the other question was merged or deleted at the same moment; load both again")
	}
	if err != nil {
		return q, err
	}
	err = s.each(ctx, id, func(dup hajir.Question) error {
		_, err := s.change(ctx, company, dup.ID, by, nil, func(dup hajir.Question) (hajir.Question, error) {
			if dup.Into != id {
				return dup, nil
			}
			dup.Into = ""
			return dup.MergeInto(target)
		})
		return err
	})
	if err != nil {
		return q, err
	}
	if err := s.follow(ctx, target); err != nil {
		return q, err
	}
	return s.Question(ctx, company, id, by)
}

// TakeOut ends a merge.
func (s *Service) TakeOut(ctx context.Context, company, id string, by Caller) (hajir.Question, error) {
	return s.takeOut(ctx, company, id, by, "")
}

// takeOut ends a merge into one question, or with "" into any.
func (s *Service) takeOut(ctx context.Context, company, id string, by Caller, from string) (hajir.Question, error) {
	return s.change(ctx, company, id, by, nil, func(q hajir.Question) (hajir.Question, error) {
		if from != "" && q.Into != from {
			return q, nil
		}
		return q.TakeOut()
	})
}
