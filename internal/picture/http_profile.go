package picture

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/objects"
)

type profileOutput struct{ Body profileBody }

type profileBody struct {
	PictureURL       string    `json:"picture_url" doc:"A signed link to the picture of at most 2048 pixels"`
	MediumURL        string    `json:"medium_url" doc:"Likewise, 640 pixels"`
	SmallURL         string    `json:"small_url" doc:"Likewise, 160 pixels"`
	PictureExpiresAt time.Time `json:"picture_expires_at" doc:"When the links stop working"`
}

func (s *Service) registerProfile(a *api.API) {
	own := api.Access{Function: api.Picture, Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee}}
	const path = "/companies/{company}/employees/{username}/picture"
	api.RegisterPicture(a, huma.Operation{
		OperationID: "set-picture", Method: http.MethodPut, Path: path,
		Summary: "Set a person's profile picture",
		Description: "Keeps the square in the middle of the picture, upright and without metadata, in place of the one before. " +
			"Nobody is recognised by it: faces for that are enrolled apart.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	}, own, s.setProfile)
	api.Register(a, huma.Operation{
		OperationID: "delete-picture", Method: http.MethodDelete, Path: path, DefaultStatus: http.StatusNoContent,
		Summary: "Remove a person's profile picture", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.deleteProfile)
}

func (s *Service) setProfile(ctx context.Context, in *enrolInput) (*profileOutput, error) {
	picture, err := in.Picture()
	if err != nil {
		return nil, err
	}
	e, err := s.SetProfile(ctx, in.Company, in.Username, picture)
	if err != nil {
		return nil, err
	}
	out := &profileOutput{}
	for size, link := range map[objects.Size]*string{
		objects.Original: &out.Body.PictureURL, objects.Medium: &out.Body.MediumURL, objects.Small: &out.Body.SmallURL,
	} {
		if *link, out.Body.PictureExpiresAt, err = s.Objects.Link(ctx, objects.ProfileKey(e.Company, e.Username, e.Picture, size), e.Username, api.Caller(ctx)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) deleteProfile(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.RemoveProfile(ctx, in.Company, in.Username)
}
