package questions

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// QuestionBody is a question as the board shows it.
type QuestionBody struct {
	ID           string              `json:"id"`
	Text         string              `json:"text" doc:"Plain text, with line breaks"`
	Category     string              `json:"category,omitempty"`
	State        hajir.QuestionState `json:"state" enum:"new,in_progress,answered,merged"`
	At           time.Time           `json:"at" doc:"In the company's time zone"`
	Asker        questionAskerBody   `json:"asker"`
	Assignee     string              `json:"assignee,omitempty" doc:"The username of who looks after it"`
	AssigneeName string              `json:"assignee_name,omitempty"`
	Answer       *questionAnswerBody `json:"answer,omitempty"`
	PublishedAt  *time.Time          `json:"published_at,omitempty" doc:"Since when everybody may read it"`
	PublicText   string              `json:"public_text,omitempty" doc:"How it is worded there"`
	Into         string              `json:"into,omitempty" doc:"The id of the question that it is merged into"`
	Mail         hajir.MailState     `json:"mail,omitempty" enum:"none,sending,sent,kept,failed" doc:"What became of the mail with the answer; none: there is no address"`
	ForgottenAt  *time.Time          `json:"forgotten_at,omitempty" doc:"When the asker's name and address were removed"`
	Version      int                 `json:"version"`
}

type questionAskerBody struct {
	Username string `json:"username,omitempty" doc:"Of one of the company's people; absent for a visitor"`
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty" doc:"A visitor's"`
}

type questionAnswerBody struct {
	Text   string    `json:"text" doc:"Plain text, with line breaks"`
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
}

type questionDetailBody struct {
	QuestionBody
	Merged []QuestionBody      `json:"merged" doc:"Questions that are merged into it; at most 100 are listed"`
	Alike  []questionAlikeBody `json:"alike" doc:"For the admin: others that may be the same, the most alike first"`
}

type questionAlikeBody struct {
	QuestionBody
	Similarity float64 `json:"similarity" doc:"From 0 to 1" example:"0.72"`
}

// describer describes questions of a company, and remembers names.
type describer struct {
	*Service
	company hajir.Company
	loc     *time.Location
	names   map[string]string
}

func (s *Service) describer(ctx context.Context, company string) (*describer, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	loc, err := c.Location()
	return &describer{Service: s, company: c, loc: loc, names: map[string]string{"": "", c.Username: c.Name}}, err
}

// name returns what one of the company's people is called; "" for who is not
// there any more.
func (d *describer) name(ctx context.Context, username string) (string, error) {
	if name, known := d.names[username]; known {
		return name, nil
	}
	e, err := d.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(d.company.Username)
	}
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return "", fmt.Errorf("load employee: %w", err)
	}
	if err != nil {
		e.Name = ""
	}
	d.names[username] = e.Name
	return e.Name, nil
}

func (d *describer) local(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(d.loc)
	return &t
}

func (d *describer) one(ctx context.Context, q hajir.Question) (QuestionBody, error) {
	b := QuestionBody{
		ID: q.ID, Text: q.Text, Category: q.Category, State: q.Status(), At: q.At.In(d.loc), Assignee: q.Assignee,
		Asker:       questionAskerBody{Username: q.Asker.Username, Name: q.Asker.Name, Email: q.Asker.Email},
		PublishedAt: d.local(q.Public.At), PublicText: q.Public.Text, Into: q.Into, Mail: q.MailAt(d.Now()),
		ForgottenAt: d.local(q.ForgottenAt), Version: q.Version,
	}
	if q.Answer.Number > 0 {
		b.Answer = &questionAnswerBody{Text: q.Answer.Text, By: q.Answer.By, ByName: q.Answer.ByName, At: q.Answer.At.In(d.loc)}
	}
	var err error
	if b.AssigneeName, err = d.name(ctx, q.Assignee); err != nil {
		return b, err
	}
	if q.Asker.Username != "" {
		b.Asker.Name, err = d.name(ctx, q.Asker.Username)
	}
	return b, err
}

func (d *describer) all(ctx context.Context, page []hajir.Question) ([]QuestionBody, error) {
	all := make([]QuestionBody, len(page))
	for i, q := range page {
		var err error
		if all[i], err = d.one(ctx, q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// detail describes a question with what is merged into it and, for who may
// merge, what is like it.
func (s *Service) detail(ctx context.Context, q hajir.Question) (*questionOutput, error) {
	d, err := s.describer(ctx, q.Company)
	if err != nil {
		return nil, err
	}
	out := &questionOutput{Body: questionDetailBody{Alike: []questionAlikeBody{}}}
	if out.Body.QuestionBody, err = d.one(ctx, q); err != nil {
		return nil, err
	}
	merged, err := s.Merged(ctx, q.ID)
	if err != nil {
		return nil, err
	}
	if out.Body.Merged, err = d.all(ctx, merged); err != nil {
		return nil, err
	}
	if caller(ctx).Manager {
		return out, nil
	}
	alike, err := s.Alike(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, a := range alike {
		b, err := d.one(ctx, a.Question)
		if err != nil {
			return nil, err
		}
		out.Body.Alike = append(out.Body.Alike, questionAlikeBody{b, a.Similarity})
	}
	return out, nil
}
