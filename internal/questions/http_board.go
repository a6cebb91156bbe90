package questions

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/report"
)

// QuestionQuery is the input of an operation on chosen questions.
type QuestionQuery struct {
	api.CompanyPath
	State    hajir.QuestionState `query:"state" enum:"new,in_progress,answered,merged"`
	Assignee string              `query:"assignee" maxLength:"64" doc:"The username of who looks after them"`
	Category string              `query:"category" maxLength:"60"`
	Search   string              `query:"search" maxLength:"200" doc:"Words that question and answer have, or that begin theirs. Everything but letters and digits means nothing"`
}

func (f QuestionQuery) filter() (hajir.QuestionFilter, bool) {
	chosen, ok := filter(f.Search, f.Category)
	chosen.State, chosen.Assignee = f.State, f.Assignee
	return chosen, ok
}

type questionsInput struct {
	QuestionQuery
	Limit  int    `query:"limit" default:"30" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type questionsOutput struct {
	Body struct {
		Questions  []QuestionBody `json:"questions" doc:"The newest first"`
		NextCursor string         `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type questionCountsOutput struct {
	Body struct {
		New        int `json:"new" doc:"How many nobody has looked at; 100 is 100 or more"`
		InProgress int `json:"in_progress" doc:"Likewise, in progress"`
		Mine       int `json:"mine" doc:"Likewise, in progress and given to the caller"`
	}
}

// QuestionPath is the input of an operation on one question. Inputs embed it.
type QuestionPath struct {
	api.CompanyPath
	ID string `path:"questionid" maxLength:"64"`
}

type questionOutput struct{ Body questionDetailBody }

type answerQuestionInput struct {
	QuestionPath
	Body struct {
		Text    string `json:"text" maxLength:"20000" doc:"1 to 5,000 characters of plain text; line breaks are kept"`
		Tell    bool   `json:"tell,omitempty" doc:"Write to who asked although they were written before; the first answer is always told"`
		Version int    `json:"version" minimum:"1" doc:"The one that was read"`
	}
}

type moveQuestionInput struct {
	QuestionPath
	Body struct {
		State   hajir.QuestionState `json:"state" enum:"new,in_progress"`
		Version *int                `json:"version,omitempty" doc:"The one that was read"`
	}
}

type assignQuestionInput struct {
	QuestionPath
	Body struct {
		Assignee string `json:"assignee" maxLength:"64" doc:"The username of a manager or of the admin; empty for nobody"`
		Version  *int   `json:"version,omitempty" doc:"The one that was read"`
	}
}

type publishQuestionInput struct {
	QuestionPath
	Body struct {
		Text    string `json:"text,omitempty" maxLength:"8000" doc:"How the question is worded in public; without it, as it is"`
		Version *int   `json:"version,omitempty" doc:"The one that was read"`
	}
}

type mergeQuestionInput struct {
	QuestionPath
	Body struct {
		Into    string `json:"into" maxLength:"64" doc:"The id of the question that stays"`
		Version *int   `json:"version,omitempty" doc:"The one that was read"`
	}
}

type exportQuestionsInput struct {
	QuestionQuery
	Format report.Format `query:"format" enum:"csv,xlsx" default:"csv"`
}

func (s *Service) registerBoard(a *api.API) {
	read := api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleManager}}
	deal := api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleManager}}
	admin := api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleAdmin}}
	const (
		path = "/companies/{company}/questions"
		one  = path + "/{questionid}"
		mine = "A manager sees and answers those alone that were given to them."
	)
	refusals := []int{http.StatusNotFound, http.StatusConflict}
	operation := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Errors: refusals,
			DefaultStatus: http.StatusOK, MaxBodyBytes: 2 * questionBytes,
		}
	}
	api.Register(a, operation("list-questions", http.MethodGet, path, "What the company was asked", mine), read, s.listQuestions)
	api.Register(a, operation("count-questions", http.MethodGet, path+"/counts", "How many questions wait", mine), read, s.countQuestions)
	api.Register(a, operation("get-question", http.MethodGet, one, "One question, with those like it", mine), read, s.getQuestion)
	api.Register(a, operation("answer-question", http.MethodPut, one+"/answer", "Answer a question",
		"Everybody who asked it is written, if there is an address. "+mine), deal, s.answerQuestion)
	api.Register(a, operation("move-question", http.MethodPut, one+"/state", "Mark a question as new or in progress",
		"An answered one is opened again by it, and is not public any more. "+mine), deal, s.moveQuestion)
	api.Register(a, operation("assign-question", http.MethodPut, one+"/assignee", "Give a question to a manager or the admin", ""), admin, s.assignQuestion)
	api.Register(a, operation("publish-question", http.MethodPut, one+"/publication", "Publish a question and its answer",
		"The asker's name and address are never shown."), admin, s.publishQuestion)
	api.Register(a, operation("withdraw-question", http.MethodDelete, one+"/publication", "Take a question from the public page", ""), admin, s.withdrawQuestion)
	api.Register(a, operation("merge-question", http.MethodPut, one+"/merge", "Merge a question into another one",
		"Both keep their texts, and the answer goes to everybody who asked."), admin, s.mergeQuestion)
	api.Register(a, operation("unmerge-question", http.MethodDelete, one+"/merge", "Take a question out of the one that it is merged into", ""), admin, s.unmergeQuestion)
	api.Register(a, huma.Operation{
		OperationID: "delete-question", Method: http.MethodDelete, Path: one, DefaultStatus: http.StatusNoContent,
		Summary: "Delete a question for good", Errors: refusals,
	}, admin, s.deleteQuestion)
	api.RegisterFile(a, huma.Operation{
		OperationID: "export-questions", Method: http.MethodGet, Path: "/companies/{company}/question-export", Summary: "Questions as a file",
		Description: "With names and addresses, where they are still kept; the audit log tells that it was made. In CSV, a cell that a spreadsheet could take for a formula begins with an apostrophe.",
	}, api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}, "application/octet-stream", s.exportQuestions)
}

func (s *Service) listQuestions(ctx context.Context, in *questionsInput) (*questionsOutput, error) {
	f, ok := in.filter()
	page, next, err := s.List(ctx, in.Company, caller(ctx), f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	if !ok {
		page, next = nil, ""
	}
	d, err := s.describer(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &questionsOutput{}
	out.Body.NextCursor = next
	out.Body.Questions, err = d.all(ctx, page)
	return out, err
}

func (s *Service) countQuestions(ctx context.Context, in *api.CompanyPath) (*questionCountsOutput, error) {
	c, err := s.Count(ctx, in.Company, caller(ctx))
	if err != nil {
		return nil, err
	}
	out := &questionCountsOutput{}
	out.Body.New, out.Body.InProgress, out.Body.Mine = c.New, c.InProgress, c.Mine
	return out, nil
}

func (s *Service) getQuestion(ctx context.Context, in *QuestionPath) (*questionOutput, error) {
	q, err := s.Question(ctx, in.Company, in.ID, caller(ctx))
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, q)
}

// done describes a question that was dealt with.
func (s *Service) done(ctx context.Context, q hajir.Question, err error) (*questionOutput, error) {
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, q)
}

func (s *Service) answerQuestion(ctx context.Context, in *answerQuestionInput) (*questionOutput, error) {
	q, err := s.Answer(ctx, in.Company, in.ID, caller(ctx), in.Body.Text, in.Body.Tell, &in.Body.Version)
	return s.done(ctx, q, err)
}

func (s *Service) moveQuestion(ctx context.Context, in *moveQuestionInput) (*questionOutput, error) {
	q, err := s.Move(ctx, in.Company, in.ID, caller(ctx), in.Body.State, in.Body.Version)
	return s.done(ctx, q, err)
}

func (s *Service) assignQuestion(ctx context.Context, in *assignQuestionInput) (*questionOutput, error) {
	q, err := s.Assign(ctx, in.Company, in.ID, caller(ctx), in.Body.Assignee, in.Body.Version)
	return s.done(ctx, q, err)
}

func (s *Service) publishQuestion(ctx context.Context, in *publishQuestionInput) (*questionOutput, error) {
	q, err := s.Publish(ctx, in.Company, in.ID, caller(ctx), in.Body.Text, in.Body.Version)
	return s.done(ctx, q, err)
}

func (s *Service) withdrawQuestion(ctx context.Context, in *QuestionPath) (*questionOutput, error) {
	q, err := s.Withdraw(ctx, in.Company, in.ID, caller(ctx))
	return s.done(ctx, q, err)
}

func (s *Service) mergeQuestion(ctx context.Context, in *mergeQuestionInput) (*questionOutput, error) {
	q, err := s.Merge(ctx, in.Company, in.ID, caller(ctx), in.Body.Into, in.Body.Version)
	return s.done(ctx, q, err)
}

func (s *Service) unmergeQuestion(ctx context.Context, in *QuestionPath) (*questionOutput, error) {
	q, err := s.TakeOut(ctx, in.Company, in.ID, caller(ctx))
	return s.done(ctx, q, err)
}

func (s *Service) deleteQuestion(ctx context.Context, in *QuestionPath) (*struct{}, error) {
	return nil, s.Delete(ctx, in.Company, in.ID, caller(ctx))
}

func (s *Service) exportQuestions(ctx context.Context, in *exportQuestionsInput) (api.File, error) {
	f, ok := in.filter()
	if !ok {
		return api.File{}, hajir.Errorf(hajir.Invalid, "this search has no word in it, and finds nothing")
	}
	loc, err := s.zone(ctx, in.Company)
	if err != nil {
		return api.File{}, err
	}
	if err := s.note(ctx, in.Company, in.Format); err != nil {
		return api.File{}, err
	}
	return api.File{
		Name:        fmt.Sprintf("questions-%s-%s.%s", in.Company, hajir.DateAt(s.Now(), loc), in.Format),
		ContentType: in.Format.ContentType(),
		Write:       func(ctx context.Context, w io.Writer) error { return s.Export(ctx, in.Company, f, in.Format, w) },
	}, nil
}
