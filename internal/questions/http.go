package questions

import (
	"context"
	"time"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	s.registerPublic(a)
	s.registerOwn(a)
	s.registerBoard(a)
	s.registerSettings(a)
}

// questionBytes bounds the bodies that bring a question: 2,000 characters of
// four bytes, escaped, and the rest.
const questionBytes = 32 << 10

// filter returns what a search asks for. One without any word in it finds
// nothing, and ok is false.
func filter(search, category string) (f hajir.QuestionFilter, ok bool) {
	f.Category, f.Words = category, hajir.SearchWords(search)
	return f, search == "" || len(f.Words) > 0
}

type questionsAlikeInput struct {
	Text string `json:"text" maxLength:"2000" doc:"What somebody is about to ask"`
}

type questionsAlikeOutput struct {
	Body struct {
		Questions []publishedQuestionBody `json:"questions" doc:"The most alike first"`
	}
}

func describeAlike(all []hajir.Alike) *questionsAlikeOutput {
	out := &questionsAlikeOutput{}
	out.Body.Questions = make([]publishedQuestionBody, len(all))
	for i, a := range all {
		out.Body.Questions[i] = describePublished(a.Question)
	}
	return out
}

// publishedQuestionBody is what everybody may read. It tells nothing of who asked.
type publishedQuestionBody struct {
	ID         string    `json:"id"`
	Text       string    `json:"text" doc:"Plain text, with line breaks"`
	Category   string    `json:"category,omitempty"`
	Answer     string    `json:"answer" doc:"Plain text, with line breaks"`
	AnsweredAt time.Time `json:"answered_at"`
}

func describePublished(q hajir.Question) publishedQuestionBody {
	return publishedQuestionBody{ID: q.ID, Text: q.Public.Text, Category: q.Category, Answer: q.Answer.Text, AnsweredAt: q.Answer.At}
}

// caller is who calls the operation.
func caller(ctx context.Context) Caller {
	p := api.Caller(ctx)
	return Caller{Username: p.Username, Name: p.Name, Manager: p.Role == hajir.RoleManager}
}
