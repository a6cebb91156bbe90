package questions

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type questionSettingsOutput struct{ Body questionSettingsBody }

type questionSettingsBody struct {
	Open          bool     `json:"open" doc:"Everybody may ask at the public page, and read there what is published"`
	URL           string   `json:"url" doc:"The public page's address" example:"https://hajir.example.com/ask/acme"`
	Categories    []string `json:"categories" doc:"In the order in which they are offered"`
	RetentionDays int      `json:"retention_days" doc:"After how many days the names and addresses of visitors are removed from answered questions"`
	Version       int      `json:"version" doc:"0: nothing was set yet"`
}

type changeQuestionSettingsInput struct {
	api.CompanyPath
	Body struct {
		Open          bool     `json:"open"`
		Categories    []string `json:"categories" maxItems:"100" doc:"At most 20, of at most 60 characters"`
		RetentionDays int      `json:"retention_days" minimum:"0" maximum:"1095"`
		Version       int      `json:"version" minimum:"0" doc:"The one that was read"`
	}
}

func (s *Service) registerSettings(a *api.API) {
	const path = "/companies/{company}/question-settings"
	api.Register(a, huma.Operation{
		OperationID: "get-question-settings", Method: http.MethodGet, Path: path, Summary: "How the company collects questions",
	}, api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}, s.getSettings)
	api.Register(a, huma.Operation{
		OperationID: "change-question-settings", Method: http.MethodPut, Path: path, Summary: "Change how the company collects questions",
		Errors: []int{http.StatusConflict},
	}, api.Access{Function: api.Questions, Allow: []hajir.Role{hajir.RoleAdmin}}, s.changeSettings)
}

func (s *Service) describeSettings(q hajir.QuestionSettings) *questionSettingsOutput {
	return &questionSettingsOutput{Body: questionSettingsBody{
		Open: q.Open, URL: s.SiteURL + "/ask/" + q.Company, Categories: append([]string{}, q.Categories...),
		RetentionDays: q.RetentionDays, Version: q.Version,
	}}
}

func (s *Service) getSettings(ctx context.Context, in *api.CompanyPath) (*questionSettingsOutput, error) {
	settings, err := s.Settings(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	return s.describeSettings(settings), nil
}

func (s *Service) changeSettings(ctx context.Context, in *changeQuestionSettingsInput) (*questionSettingsOutput, error) {
	settings, err := s.Change(ctx, hajir.QuestionSettings{
		Company: in.Company, Open: in.Body.Open, Categories: in.Body.Categories,
		RetentionDays: in.Body.RetentionDays, Version: in.Body.Version,
	})
	if err != nil {
		return nil, err
	}
	return s.describeSettings(settings), nil
}
