package questions

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Page is what everybody may know of a company that takes questions.
type Page struct {
	hajir.Company
	hajir.QuestionSettings
}

// Page returns the page of a company. One that has switched it off is not told
// from one that is not there.
func (s *Service) Page(ctx context.Context, company string) (Page, error) {
	settings, err := s.open(ctx, company)
	if err != nil {
		return Page{}, err
	}
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return Page{}, fmt.Errorf("load company: %w", err)
	}
	return Page{c, settings}, nil
}

// open returns the settings of a company whose page is on. The settings of one
// that is not there are looked up, too, and say that it is off.
func (s *Service) open(ctx context.Context, company string) (hajir.QuestionSettings, error) {
	settings, err := s.Settings(ctx, company)
	if err != nil {
		return settings, err
	}
	if !settings.Open {
		return settings, hajir.Errorf(hajir.NotFound, "nobody takes questions at this address; look whether it is typed right, or ask the company")
	}
	return settings, nil
}

// Challenge returns work that a page has to do before a question is taken.
func (s *Service) Challenge(ctx context.Context, company string) (text string, c hajir.Challenge, err error) {
	if _, err := s.open(ctx, company); err != nil {
		return "", c, err
	}
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	c = hajir.NewChallenge(company, random, s.Now())
	return c.Sign(s.Key), c, nil
}

// Asking is a question as it arrives.
type Asking struct {
	Text, Category string
	Asker          hajir.Asker
	// Challenge and Solution prove that work was done. Trap is a field that people
	// do not see: what fills it is no person.
	Challenge, Solution, Trap string
}

// Ask takes a question of a visitor, whose network is "" when it is not known.
func (s *Service) Ask(ctx context.Context, company, network string, in Asking) error {
	settings, err := s.open(ctx, company)
	if err != nil {
		return err
	}
	in.Asker.Username = ""
	q, err := s.question(in, settings)
	if err != nil {
		return err
	}
	proof, err := hajir.CheckProof(s.Key, company, in.Challenge, in.Solution, s.Now())
	if err != nil {
		return err
	}
	if _, err := s.Guard.Begin(ctx, hajir.SlowAsker, hajir.Guesses{Company: company, Subject: "asker/" + network}); err != nil {
		return err
	}
	if _, err := s.Guard.Begin(ctx, hajir.SlowAsked, hajir.Guesses{Company: company, Subject: "asked"}); err != nil {
		return err
	}
	err = s.Store.UseChallenge(ctx, "question/"+proof.Random, proof.ExpiresAt)
	if hajir.CodeOf(err) == hajir.Conflict {
		return &hajir.Error{Code: hajir.ProofWrong, Message: "this question was sent already", Cause: err}
	}
	if err != nil {
		return fmt.Errorf("use challenge: %w", err)
	}
	if in.Trap != "" { // the machine is answered as a person is, and nothing is kept
		s.Log.InfoContext(ctx, "a question that a machine sent was dropped", "company", company)
		return nil
	}
	return s.keep(ctx, q)
}

// AskOwn takes a question of one of the company's people.
func (s *Service) AskOwn(ctx context.Context, company, username string, in Asking) (hajir.Question, error) {
	settings, err := s.Settings(ctx, company)
	if err != nil {
		return hajir.Question{}, err
	}
	in.Asker = hajir.Asker{Username: username}
	q, err := s.question(in, settings)
	if err != nil {
		return q, err
	}
	if _, err := s.Guard.Begin(ctx, hajir.SlowAsker, hajir.Guesses{Company: company, Subject: "asking/" + username}); err != nil {
		return q, err
	}
	err = s.keep(ctx, q)
	q.Version = 1
	return q, err
}

func (s *Service) question(in Asking, settings hajir.QuestionSettings) (hajir.Question, error) {
	q, err := hajir.NewQuestion(uuid.NewString(), settings.Company, in.Text, in.Category, in.Asker, s.Now().UTC())
	if err != nil {
		return q, err
	}
	if q.Asker.Email != "" { // else no answer could be sent
		if err := mail.ValidateAddress(mail.Address{Address: q.Asker.Email}); err != nil {
			return q, err
		}
	}
	return q, settings.Category(q.Category)
}

func (s *Service) keep(ctx context.Context, q hajir.Question) error {
	if err := s.Store.SaveQuestion(ctx, q); err != nil {
		return fmt.Errorf("save question: %w", err)
	}
	return nil
}

// How many questions are compared when those like one are looked for, and how
// many of them are told.
const (
	compared = 50
	told     = 5
)

// Answered returns what a company has published that is like a text. With
// public, only if its page is on.
func (s *Service) Answered(ctx context.Context, company, text string, public bool) ([]hajir.Alike, error) {
	if public {
		if _, err := s.open(ctx, company); err != nil {
			return nil, err
		}
	}
	near, err := s.Store.QuestionsLike(ctx, company, hajir.TellingWords(text), true, compared)
	if err != nil {
		return nil, fmt.Errorf("look for answers: %w", err)
	}
	return hajir.MostAlike(text, near, func(q hajir.Question) string { return q.Public.Text }, told), nil
}

// Published returns a page of what a company has published, and where the next
// one begins.
func (s *Service) Published(ctx context.Context, company string, f hajir.QuestionFilter, cursor string, limit int) (page []hajir.Question, next string, err error) {
	if _, err := s.open(ctx, company); err != nil {
		return nil, "", err
	}
	return s.page(ctx, cursor, limit,
		func(q hajir.Question) bool { return q.Company == company && q.Published() },
		func(behind hajir.Question, limit int) ([]hajir.Question, error) {
			return s.Store.PublishedQuestions(ctx, company, f, behind, limit)
		})
}

// page reads one more than limit, which tells whether there is a next page. A
// cursor is the ID of the last question of the page before.
func (s *Service) page(
	ctx context.Context, cursor string, limit int, known func(hajir.Question) bool, list func(behind hajir.Question, limit int) ([]hajir.Question, error),
) (page []hajir.Question, next string, err error) {
	var behind hajir.Question
	if cursor != "" {
		behind, err = s.Store.Question(ctx, cursor)
		if hajir.CodeOf(err) == hajir.NotFound || err == nil && !known(behind) {
			return nil, "", hajir.Errorf(hajir.Invalid, "the questions changed meanwhile; begin again with the first page")
		}
		if err != nil {
			return nil, "", fmt.Errorf("load question: %w", err)
		}
	}
	if page, err = list(behind, limit+1); err != nil {
		return nil, "", fmt.Errorf("list questions: %w", err)
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	return page, next, nil
}
