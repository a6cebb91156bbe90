package questions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Notice is what the message to somebody who asked tells.
type Notice struct {
	Company  hajir.Company
	To       string // the asker's name; "" when they told none
	Question string // in their own words
	Answer   hajir.QuestionAnswer
	Link     string // to where questions are read; "" when there is no such page
}

const mailTimeout = 15 * time.Second // of one message; nobody waits for it

// Answer answers a question, or words the answer anew, and writes to everybody
// who asked it. A new wording is told them only with tell. Of two who answer at
// once, one is refused when both name the version that they read.
func (s *Service) Answer(ctx context.Context, company, id string, by Caller, text string, tell bool, version *int) (hajir.Question, error) {
	now := s.Now().UTC()
	var to mail.Address
	var news bool
	q, err := s.change(ctx, company, id, by, version, func(q hajir.Question) (hajir.Question, error) {
		q, err := q.Reply(text, by.Username, by.Name, tell, now)
		if err != nil {
			return q, err
		}
		if to, err = s.address(ctx, q); err != nil {
			return q, err
		}
		q, news = q.Tell(q.Answer.Number, state(to), now)
		return q, nil
	})
	if err != nil {
		return q, err
	}
	ctx = context.WithoutCancel(ctx) // once begun, it is seen through
	if news {
		s.write(ctx, q, q, to)
	}
	return q, s.follow(ctx, q)
}

// state is what is noted of a mail that is about to be sent.
func state(to mail.Address) hajir.MailState {
	if to.Address == "" {
		return hajir.MailNone
	}
	return hajir.MailSending
}

// follow closes or opens what is merged into a question with it, and writes to
// who asked that, too. It may be done again: nobody is written the same answer
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
	var to mail.Address
	var news bool
	q, err := s.change(ctx, target.Company, id, Caller{}, nil, func(q hajir.Question) (hajir.Question, error) {
		if news = false; q.Into != target.ID { // it was taken out meanwhile
			return q, nil
		}
		q = q.Follow(target)
		if target.State != hajir.QuestionAnswered {
			return q, nil
		}
		var err error
		if to, err = s.address(ctx, q); err != nil {
			return q, err
		}
		q, news = q.Tell(target.Answer.Number, state(to), s.Now().UTC())
		return q, nil
	})
	if err == nil && news {
		s.write(ctx, target, q, to)
	}
	return err
}

// address returns where the asker is reached; nowhere when they told no address.
func (s *Service) address(ctx context.Context, q hajir.Question) (mail.Address, error) {
	if q.Asker.Username == "" {
		return mail.Address{Name: q.Asker.Name, Address: q.Asker.Email}, nil
	}
	e, err := s.Store.Employee(ctx, q.Asker.Username)
	if err == nil {
		err = e.BelongsTo(q.Company)
	}
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && !e.Active {
		return mail.Address{}, nil
	}
	if err != nil {
		return mail.Address{}, fmt.Errorf("load employee: %w", err)
	}
	return mail.Address{Name: e.Name, Address: e.Email}, nil
}

// write sends target's answer to who asked q while the caller goes on, and notes
// what became of it.
func (s *Service) write(ctx context.Context, target, q hajir.Question, to mail.Address) {
	if to.Address == "" {
		return
	}
	s.sending.Go(func() {
		became := hajir.MailSent
		if s.Kept {
			became = hajir.MailKept
		}
		if err := s.send(ctx, target, q, to); err != nil {
			became = hajir.MailFailed
			s.Log.WarnContext(ctx, "an answer was not mailed; it can be sent again", "question", q.ID, "error", err)
		}
		_, err := s.change(ctx, q.Company, q.ID, Caller{}, nil, func(q hajir.Question) (hajir.Question, error) {
			q, _ = q.MailDone(target.Answer.Number, became)
			return q, nil
		})
		if err != nil && hajir.CodeOf(err) != hajir.NotFound { // deleted meanwhile
			s.Log.WarnContext(ctx, "what became of a mail is not noted", "question", q.ID, "error", err)
		}
	})
}

func (s *Service) send(ctx context.Context, target, q hajir.Question, to mail.Address) error {
	limited, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	c, err := s.Store.Company(limited, q.Company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	n := Notice{Company: c, To: to.Name, Question: q.Text, Answer: target.Answer, Link: s.SiteURL + "/my-questions"}
	if q.Asker.Username == "" {
		settings, err := s.Settings(limited, q.Company)
		if err != nil {
			return err
		}
		// The link is everybody's: it tells nobody who follows it.
		if n.Link = ""; settings.Open {
			n.Link = s.SiteURL + "/ask/" + q.Company
		}
	}
	m, err := s.Letter(n)
	if err != nil {
		return err
	}
	m.ID, m.To = "question-"+uuid.NewString(), to
	return s.Mail.Send(limited, m)
}
