package questions

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// AskPath is the input of an operation on a public page. Inputs embed it.
type AskPath struct {
	Slug string `path:"slug" maxLength:"64" doc:"The company's username"`
}

type askPageOutput struct {
	Body struct {
		CompanyName string         `json:"company_name" example:"Acme Pvt. Ltd."`
		TimeZone    string         `json:"time_zone" example:"Asia/Kathmandu"`
		Categories  []string       `json:"categories" doc:"Of which a question may have one"`
		MinLength   int            `json:"min_length" doc:"Of a question, in characters"`
		MaxLength   int            `json:"max_length"`
		Language    hajir.Language `json:"language" enum:"en,ne,hi" doc:"In which answers are mailed to who does not choose"`
	}
}

type questionChallengeOutput struct {
	Body struct {
		Challenge string    `json:"challenge"`
		Bits      int       `json:"bits" doc:"With how many zero bits the SHA-256 hash of CHALLENGE:SOLUTION has to begin" example:"17"`
		ExpiresAt time.Time `json:"expires_at"`
		Seconds   int       `json:"seconds" doc:"For how long it is good, whatever the clock of the client says"`
	}
}

type askQuestionInput struct {
	AskPath
	Body struct {
		Text      string         `json:"text" doc:"10 to 2,000 characters of plain text; line breaks are kept" maxLength:"8000"`
		Category  string         `json:"category,omitempty" maxLength:"60"`
		Name      string         `json:"name,omitempty" maxLength:"200" doc:"If the asker likes to tell it; removed some time after the answer"`
		Email     string         `json:"email,omitempty" maxLength:"254" doc:"Where the answer is sent, if anywhere; likewise"`
		Language  hajir.Language `json:"language,omitempty" enum:"en,ne,hi" doc:"In which the answer is mailed; the company's when absent"`
		Website   string         `json:"website,omitempty" maxLength:"1000" doc:"Leave it empty: people do not see it"`
		Challenge string         `json:"challenge" maxLength:"400" doc:"Of begin-question, good once"`
		Solution  string         `json:"solution" maxLength:"20" doc:"A decimal number that solves it"`
	}
}

type publishedQuestionsInput struct {
	AskPath
	Search   string `query:"search" maxLength:"200" doc:"Words that question and answer have, or that begin theirs"`
	Category string `query:"category" maxLength:"60"`
	Limit    int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	Cursor   string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type publishedQuestionsOutput struct {
	Body struct {
		Questions  []publishedQuestionBody `json:"questions" doc:"What was published last first"`
		NextCursor string                  `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type publicQuestionsAlikeInput struct {
	AskPath
	Body questionsAlikeInput
}

func (s *Service) registerPublic(a *api.API) {
	access := api.Access{Function: api.Questions, Public: "the company has opened its page to everybody"}
	const path = "/ask/{slug}"
	gone := []int{http.StatusNotFound}
	api.Register(a, huma.Operation{
		OperationID: "get-ask-page", Method: http.MethodGet, Path: path, Summary: "A company's page of questions", Errors: gone,
		Description: "A company that has switched its page off is not told from one that is not there.",
	}, access, s.getPage)
	api.Register(a, huma.Operation{
		OperationID: "begin-question", Method: http.MethodPost, Path: path + "/challenges", DefaultStatus: http.StatusCreated,
		Summary: "Work to be done before a question is taken", Errors: gone,
		Description: "Find a decimal number so that the SHA-256 hash of CHALLENGE:NUMBER begins with the zero bits that are asked for. Nothing is stored.",
	}, access, s.beginQuestion)
	api.Register(a, huma.Operation{
		OperationID: "ask-question", Method: http.MethodPost, Path: path + "/questions", DefaultStatus: http.StatusAccepted,
		Summary: "Ask a company", MaxBodyBytes: questionBytes, Errors: gone,
		Description: "Refused with proof_wrong or proof_expired unless a challenge was solved, which is good once and for this company.",
	}, access, s.askQuestion)
	api.Register(a, huma.Operation{
		OperationID: "suggest-answers", Method: http.MethodPost, Path: path + "/alike", DefaultStatus: http.StatusOK,
		Summary: "Published questions like the one that is about to be asked", MaxBodyBytes: questionBytes, Errors: gone,
	}, access, s.suggestAnswers)
	api.Register(a, huma.Operation{
		OperationID: "list-published-questions", Method: http.MethodGet, Path: path + "/questions",
		Summary: "What a company has answered in public", Errors: gone,
	}, access, s.listPublished)
}

func (s *Service) getPage(ctx context.Context, in *AskPath) (*askPageOutput, error) {
	p, err := s.Page(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	out := &askPageOutput{}
	out.Body.Language = p.LanguageOf(hajir.Employee{})
	out.Body.CompanyName, out.Body.TimeZone = p.Name, p.TimeZone
	out.Body.Categories = append([]string{}, p.Categories...)
	out.Body.MinLength, out.Body.MaxLength = hajir.MinQuestion, hajir.MaxQuestion
	return out, nil
}

func (s *Service) beginQuestion(ctx context.Context, in *AskPath) (*questionChallengeOutput, error) {
	text, c, err := s.Challenge(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	out := &questionChallengeOutput{}
	out.Body.Challenge, out.Body.Bits, out.Body.ExpiresAt = text, hajir.ProofBits, c.ExpiresAt
	out.Body.Seconds = int(hajir.ProofLife / time.Second)
	return out, nil
}

func (s *Service) askQuestion(ctx context.Context, in *askQuestionInput) (*struct{}, error) {
	return nil, s.Ask(ctx, in.Slug, hajir.Network(identity.ClientOf(ctx).Address), Asking{
		Text: in.Body.Text, Category: in.Body.Category, Asker: hajir.Asker{Name: in.Body.Name, Email: in.Body.Email, Language: in.Body.Language},
		Challenge: in.Body.Challenge, Solution: in.Body.Solution, Trap: in.Body.Website,
	})
}

func (s *Service) suggestAnswers(ctx context.Context, in *publicQuestionsAlikeInput) (*questionsAlikeOutput, error) {
	all, err := s.Answered(ctx, in.Slug, in.Body.Text, true)
	if err != nil {
		return nil, err
	}
	return describeAlike(all), nil
}

func (s *Service) listPublished(ctx context.Context, in *publishedQuestionsInput) (*publishedQuestionsOutput, error) {
	f, ok := filter(in.Search, in.Category)
	limit := in.Limit
	page, next, err := s.Published(ctx, in.Slug, f, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	if !ok {
		page, next = nil, ""
	}
	out := &publishedQuestionsOutput{}
	out.Body.NextCursor, out.Body.Questions = next, make([]publishedQuestionBody, len(page))
	for i, q := range page {
		out.Body.Questions[i] = describePublished(q)
	}
	return out, nil
}
