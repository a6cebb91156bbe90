package questions

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/hajir"
)

// Answer answers a question, or words the answer anew, and has everybody who asked
// it written to. A new wording is told them only with tell. Of two who answer at
// once, one is refused when both name the version that they read.
func (s *Service) Answer(ctx context.Context, company, id string, by Caller, text string, tell bool, version *int) (hajir.Question, error) {
	now := s.Now().UTC()
	q, err := s.change(ctx, company, id, by, version, func(q hajir.Question) (hajir.Question, error) {
		q, err := q.Reply(text, by.Username, by.Name, tell, now)
		if err != nil {
			return q, err
		}
		mail, err := s.state(ctx, q)
		if err != nil {
			return q, err
		}
		q, _ = q.Tell(q.Answer.Number, mail, now)
		return q, nil
	})
	if err != nil {
		return q, err
	}
	return q, s.follow(context.WithoutCancel(ctx), q) // once begun, it is seen through
}

// follow closes or opens what is merged into a question with it, and has who
// asked that written to, too. It may be done again: nobody is written the same answer
// twice.
func (s *Service) follow(ctx context.Context, target hajir.Question) error {
	var errs []error
	err := s.each(ctx, target.ID, func(q hajir.Question) error {
		if err := s.followOne(ctx, target, q.ID); err != nil { // the others are not kept waiting
			errs = append(errs, fmt.Errorf("question %s: %w", q.ID, err))
		}
		return nil
	})
	return errors.Join(append(errs, err)...)
}

func (s *Service) followOne(ctx context.Context, target hajir.Question, id string) error {
	_, err := s.change(ctx, target.Company, id, Caller{}, nil, func(q hajir.Question) (hajir.Question, error) {
		if q.Into != target.ID { // it was taken out meanwhile
			return q, nil
		}
		q = q.Follow(target)
		if target.State != hajir.QuestionAnswered {
			return q, nil
		}
		mail, err := s.state(ctx, q)
		if err != nil {
			return q, err
		}
		q, _ = q.Tell(target.Answer.Number, mail, s.Now().UTC())
		return q, nil
	})
	return err
}

// state is what is noted of a mail to the asker: that it is to be sent, which
// internal/letter does, or that they told no address.
func (s *Service) state(ctx context.Context, q hajir.Question) (hajir.MailState, error) {
	var e hajir.Employee
	if q.Asker.Username != "" {
		var err error
		if e, err = s.Store.Employee(ctx, q.Asker.Username); err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return "", fmt.Errorf("load employee: %w", err)
		}
	}
	if _, email := q.Reach(e); email == "" {
		return hajir.MailNone, nil
	}
	return hajir.MailSending, nil
}
