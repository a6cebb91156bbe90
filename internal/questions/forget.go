package questions

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/hajir"
)

// Forget removes the names and addresses of visitors whose questions were
// answered as long ago as their company says. The hourly sweep calls it; done
// again it changes nothing.
func (s *Service) Forget(ctx context.Context) error {
	companies, err := s.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	var errs []error
	for _, c := range companies {
		if err := s.forget(ctx, c.Username); err != nil { // the others are not kept waiting
			errs = append(errs, fmt.Errorf("questions of %s: %w", c.Username, err))
		}
	}
	return errors.Join(errs...)
}

func (s *Service) forget(ctx context.Context, company string) error {
	settings, err := s.Settings(ctx, company)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	for {
		page, err := s.Store.ClosedQuestions(ctx, company, settings.ForgetBefore(now), pageSize)
		if err != nil {
			return fmt.Errorf("list closed questions: %w", err)
		}
		for _, q := range page {
			err := s.Store.SaveQuestion(ctx, q.Forget(now))
			if hajir.CodeOf(err) == hajir.Conflict { // somebody deals with it: the next sweep looks again
				return nil
			}
			if err != nil {
				return fmt.Errorf("save question: %w", err)
			}
		}
		if len(page) < pageSize {
			return nil
		}
	}
}
