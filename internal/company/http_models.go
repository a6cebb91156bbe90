package company

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/remodel"
)

// Models changes the faces of a company from one version of the face model to
// another.
type Models interface {
	Status(ctx context.Context, company string) (remodel.Status, error)
	// Finish has the new version decide although faces are left.
	Finish(ctx context.Context, company string) error
	// Rollback goes back to what was before the change.
	Rollback(ctx context.Context, company string) error
}

type modelsOutput struct {
	Body modelsBody
}

type modelsBody struct {
	Current     string            `json:"current" doc:"The version of the face model that decides" example:"fr_feature-1"`
	Next        string            `json:"next,omitempty" doc:"The version that faces are being changed to; absent when none is"`
	StartedAt   *time.Time        `json:"started_at,omitempty" doc:"When that began"`
	FinishedAt  *time.Time        `json:"finished_at,omitempty" doc:"Since when the current version decides; absent when no other ever did"`
	Faces       int               `json:"faces" doc:"How many faces are kept"`
	Done        int               `json:"done" doc:"How many of them are kept in the next version or, without one, in the current"`
	Back        string            `json:"back,omitempty" doc:"The version that one can go back to at once"`
	BackUntil   *time.Time        `json:"back_until,omitempty" doc:"When the numbers of that version are removed; absent while a change is under way"`
	Left        []leftBody        `json:"left" doc:"Faces that could not be computed anew: the people have to be enrolled anew; at most 200"`
	LeftCount   int               `json:"left_count" doc:"How many those are"`
	CanFinish   bool              `json:"can_finish" doc:"Nothing but those is left to do"`
	Versions    []modelCountsBody `json:"versions" doc:"How many faces are kept in each version"`
	ProgramName string            `json:"program" doc:"The version that the program was started with"`
}

type modelCountsBody struct {
	Name  string `json:"name"`
	Faces int    `json:"faces"`
}

type leftBody struct {
	Username string     `json:"username"`
	Name     string     `json:"name"`
	FaceID   string     `json:"face_id"`
	Reason   hajir.Code `json:"reason" doc:"not_found: the picture is missing; face_none: it shows no face to the new version; else it cannot be read"`
	Others   int        `json:"others" doc:"How many of the person's other faces are kept in the new version"`
}

func (s *Service) registerModels(a *api.API, admin, read api.Access) {
	const path = "/companies/{company}/face-models"
	api.Register(a, huma.Operation{
		OperationID: "get-face-models", Method: http.MethodGet, Path: path, Summary: "Which version of the face model is in use",
		Description: "When the program is started with another face model, every face is computed anew from its picture, in the background. Until that is done both versions are searched.",
	}, read, s.getModels)
	api.Register(a, huma.Operation{
		OperationID: "finish-face-models", Method: http.MethodPost, Path: path + "/finish", DefaultStatus: http.StatusOK,
		Summary:     "Have the new version decide although faces are left",
		Description: "People of whom no face could be computed anew are not recognised from then on, until they are enrolled anew.",
	}, admin, s.finishModels)
	api.Register(a, huma.Operation{
		OperationID: "rollback-face-models", Method: http.MethodPost, Path: path + "/rollback", DefaultStatus: http.StatusOK,
		Summary:     "Go back to the version before",
		Description: "At once, since its numbers are still there; or end a change that is under way. The faces are not changed to the later version again until the operator says so.",
	}, admin, s.rollbackModels)
}

func (s *Service) getModels(ctx context.Context, in *api.CompanyPath) (*modelsOutput, error) {
	status, err := s.Models.Status(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	b := modelsBody{
		Current: status.Current, Next: status.Next, StartedAt: moment(status.StartedAt), FinishedAt: moment(status.FinishedAt),
		Faces: status.Faces, Done: status.Done, Back: status.Back, Left: []leftBody{}, LeftCount: len(status.Left),
		CanFinish: status.Running() && status.Done+len(status.Left) >= status.Faces, Versions: []modelCountsBody{},
		ProgramName: s.Faces.Model().Name,
	}
	if status.Back != "" && !status.Running() {
		b.BackUntil = moment(status.BeforeUntil)
	}
	for name, n := range status.Versions {
		b.Versions = append(b.Versions, modelCountsBody{name, n})
	}
	slices.SortFunc(b.Versions, func(x, y modelCountsBody) int { return strings.Compare(x.Name, y.Name) })
	for _, f := range status.Left[:min(len(status.Left), maxLeft)] {
		l := leftBody{Username: f.Username, FaceID: f.FaceID, Reason: f.Code, Others: f.Others}
		if e, err := s.Store.Employee(ctx, f.Username); err == nil {
			l.Name = e.Name
		}
		b.Left = append(b.Left, l)
	}
	return &modelsOutput{b}, nil
}

// maxLeft bounds how many faces that were left are told.
const maxLeft = 200

func (s *Service) finishModels(ctx context.Context, in *api.CompanyPath) (*modelsOutput, error) {
	if err := s.Models.Finish(ctx, in.Company); err != nil {
		return nil, err
	}
	return s.getModels(ctx, in)
}

func (s *Service) rollbackModels(ctx context.Context, in *api.CompanyPath) (*modelsOutput, error) {
	if err := s.Models.Rollback(ctx, in.Company); err != nil {
		return nil, err
	}
	return s.getModels(ctx, in)
}
