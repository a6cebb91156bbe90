package questions

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type ownQuestionsInput struct {
	api.PersonPath
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type ownQuestionsOutput struct {
	Body struct {
		Questions  []ownQuestionBody `json:"questions" doc:"The newest first"`
		NextCursor string            `json:"next_cursor,omitempty" doc:"Absent on the last page"`
		Categories []string          `json:"categories" doc:"Of which a question may have one"`
	}
}

type ownQuestionBody struct {
	ID         string     `json:"id"`
	Text       string     `json:"text" doc:"Plain text, with line breaks"`
	Category   string     `json:"category,omitempty"`
	At         time.Time  `json:"at"`
	Open       bool       `json:"open" doc:"It is not answered yet"`
	Answer     string     `json:"answer,omitempty" doc:"Plain text, with line breaks"`
	AnsweredBy string     `json:"answered_by,omitempty" doc:"The name of who answered"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

type askOwnQuestionInput struct {
	api.PersonPath
	Body struct {
		Text     string `json:"text" doc:"10 to 2,000 characters of plain text; line breaks are kept" maxLength:"8000"`
		Category string `json:"category,omitempty" maxLength:"60"`
	}
}

type askOwnQuestionOutput struct{ Body ownQuestionBody }

type ownQuestionsAlikeInput struct {
	api.CompanyPath
	Body questionsAlikeInput
}

func (s *Service) registerOwn(a *api.API) {
	own := api.Access{Function: api.Questions, Self: []hajir.Role{hajir.RoleEmployee}}
	const path = "/companies/{company}/employees/{username}/questions"
	api.Register(a, huma.Operation{
		OperationID: "list-own-questions", Method: http.MethodGet, Path: path, Summary: "What a person asked the company",
	}, own, s.listOwn)
	api.Register(a, huma.Operation{
		OperationID: "ask-own-question", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Ask one's company", MaxBodyBytes: questionBytes,
		Description: "Whether or not the company's public page is on. The answer is shown on the person's page, and mailed to the address in their record.",
	}, own, s.askOwn)
	api.Register(a, huma.Operation{
		OperationID: "suggest-own-answers", Method: http.MethodPost, Path: "/companies/{company}/answers-alike", DefaultStatus: http.StatusOK,
		Summary: "Published questions like the one that one of the people is about to ask", MaxBodyBytes: questionBytes,
	}, api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleEmployee}}, s.suggestOwn)
}

func (s *Service) listOwn(ctx context.Context, in *ownQuestionsInput) (*ownQuestionsOutput, error) {
	page, next, err := s.Own(ctx, in.Company, in.Username, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	settings, err := s.Settings(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	loc, err := s.zone(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &ownQuestionsOutput{}
	out.Body.NextCursor, out.Body.Categories = next, append([]string{}, settings.Categories...)
	out.Body.Questions = make([]ownQuestionBody, len(page))
	for i, q := range page {
		if out.Body.Questions[i], err = s.describeOwn(ctx, q, loc); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// describeOwn tells the asker the answer: their question's own, or that of the
// question that it is merged into.
func (s *Service) describeOwn(ctx context.Context, q hajir.Question, loc *time.Location) (ownQuestionBody, error) {
	body := ownQuestionBody{ID: q.ID, Text: q.Text, Category: q.Category, At: q.At.In(loc)}
	said, err := s.said(ctx, q)
	if err != nil {
		return body, err
	}
	if body.Open = said.State != hajir.QuestionAnswered; !body.Open {
		at := said.Answer.At.In(loc)
		body.Answer, body.AnsweredBy, body.AnsweredAt = said.Answer.Text, said.Answer.ByName, &at
	}
	return body, nil
}

// said returns the question whose answer is q's.
func (s *Service) said(ctx context.Context, q hajir.Question) (hajir.Question, error) {
	if q.Into == "" {
		return q, nil
	}
	target, err := s.Question(ctx, q.Company, q.Into, Caller{})
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Question{}, nil
	}
	return target, err
}

func (s *Service) askOwn(ctx context.Context, in *askOwnQuestionInput) (*askOwnQuestionOutput, error) {
	q, err := s.AskOwn(ctx, in.Company, in.Username, Asking{Text: in.Body.Text, Category: in.Body.Category})
	if err != nil {
		return nil, err
	}
	loc, err := s.zone(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	body, err := s.describeOwn(ctx, q, loc)
	return &askOwnQuestionOutput{Body: body}, err
}

func (s *Service) suggestOwn(ctx context.Context, in *ownQuestionsAlikeInput) (*questionsAlikeOutput, error) {
	all, err := s.Answered(ctx, in.Company, in.Body.Text, false)
	if err != nil {
		return nil, err
	}
	return describeAlike(all), nil
}
