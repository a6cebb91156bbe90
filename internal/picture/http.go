package picture

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// LinkPath is where signed links to pictures lead.
const LinkPath = api.Prefix + "/objects"

type enrolInput struct {
	api.PersonPath
	api.PictureBody
}

type faceInput struct {
	api.PersonPath
	FaceID string `path:"face_id" maxLength:"64"`
}

type objectInput struct {
	Link string `query:"link" required:"true" maxLength:"2000"`
}

type faceOutput struct{ Body faceBody }

type facesOutput struct {
	Body struct {
		Faces []faceBody `json:"faces" doc:"Oldest first"`
	}
}

type faceBody struct {
	FaceID           string       `json:"face_id"`
	IndexedAt        time.Time    `json:"indexed_at"`
	Model            string       `json:"model" doc:"What computed its template"`
	PictureURL       string       `json:"picture_url" doc:"A signed link to the picture of at most 2048 pixels"`
	MediumURL        string       `json:"medium_url" doc:"Likewise, 640 pixels"`
	SmallURL         string       `json:"small_url" doc:"Likewise, 160 pixels"`
	PictureExpiresAt time.Time    `json:"picture_expires_at" doc:"When the links stop working"`
	Nearest          *nearestBody `json:"nearest,omitempty" doc:"Who else looks most like this face; only when it is enrolled"`
}

type nearestBody struct {
	Username string  `json:"username"`
	Name     string  `json:"name"`
	Score    float64 `json:"score" doc:"Similarity, -1 to 1"`
}

type objectOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	admin := api.Access{Function: api.Picture, Allow: []hajir.Role{hajir.RoleAdmin}}
	const path = "/companies/{company}/employees/{username}/faces"
	api.RegisterPicture(a, huma.Operation{
		OperationID: "enrol-face", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Enrol a face",
		Description: "Keeps the one face in the picture as the person's. Refused with face_none, face_several, face_small, " +
			"face_dark, face_bright, face_blurred, face_turned, face_eyes, face_not_live or picture_invalid (422), or face_duplicate (409) when it is somebody else's already, face_consent (409) when the person has not agreed to it, or face_declined (409) when they said no.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	}, admin, s.enrol)
	api.Register(a, huma.Operation{
		OperationID: "list-faces", Method: http.MethodGet, Path: path,
		Summary: "A person's faces", Errors: []int{http.StatusNotFound},
	}, admin, s.list)
	api.Register(a, huma.Operation{
		OperationID: "delete-face", Method: http.MethodDelete, Path: path + "/{face_id}", DefaultStatus: http.StatusNoContent,
		Summary: "Forget a face", Description: "Removes the template and its picture.", Errors: []int{http.StatusNotFound},
	}, admin, s.delete)
	s.registerExamine(a, admin, path)
	s.registerProfile(a)
	api.Register(a, huma.Operation{
		OperationID: "get-object", Method: http.MethodGet, Path: LinkPath[len(api.Prefix):],
		Summary: "Open a signed link", Description: "Answers the picture that a signed link names, until the link expires or the session ends that it was given to. Whoever looks is noted in the audit log.",
		Errors:    []int{http.StatusForbidden, http.StatusNotFound},
		Responses: map[string]*huma.Response{"200": {Description: "The picture", Content: map[string]*huma.MediaType{"image/jpeg": {}}}},
	}, api.Access{Function: api.Picture, Public: "the link's signature is the proof"}, s.object)
}

func (s *Service) enrol(ctx context.Context, in *enrolInput) (*faceOutput, error) {
	picture, err := in.Picture()
	if err != nil {
		return nil, err
	}
	kept, err := s.Enrol(ctx, in.Company, in.Username, picture)
	if err != nil {
		return nil, err
	}
	body, err := s.describe(ctx, in.Company, kept.Indexed)
	if err != nil {
		return nil, err
	}
	body.Nearest = s.describeNearest(ctx, in.Company, kept.Nearest)
	return &faceOutput{Body: body}, nil
}

func (s *Service) list(ctx context.Context, in *api.PersonPath) (*facesOutput, error) {
	if _, err := s.employee(ctx, in.Company, in.Username); err != nil {
		return nil, err
	}
	kept, err := s.Faces.List(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	out := &facesOutput{}
	out.Body.Faces = make([]faceBody, len(kept))
	for i, k := range kept {
		if out.Body.Faces[i], err = s.describe(ctx, in.Company, k); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) describe(ctx context.Context, company string, k faces.Indexed) (faceBody, error) {
	body := faceBody{FaceID: k.FaceID, IndexedAt: k.IndexedAt, Model: k.Model}
	for size, link := range map[objects.Size]*string{
		objects.Original: &body.PictureURL, objects.Medium: &body.MediumURL, objects.Small: &body.SmallURL,
	} {
		var err error
		if *link, body.PictureExpiresAt, err = s.Objects.Link(ctx, objects.FaceKey(company, k.Username, k.FaceID, size), k.Username, api.Caller(ctx)); err != nil {
			return body, err
		}
	}
	return body, nil
}

func (s *Service) delete(ctx context.Context, in *faceInput) (*struct{}, error) {
	return nil, s.Delete(ctx, in.Company, in.Username, in.FaceID)
}

// object answers without leave to keep the picture: a link ends with its
// session, and what a browser has kept would not.
func (s *Service) object(ctx context.Context, in *objectInput) (*objectOutput, error) {
	content, key, err := s.Look(ctx, in.Link)
	if err != nil {
		return nil, err
	}
	out := &objectOutput{ContentType: "image/jpeg", CacheControl: "no-store", Body: content}
	if objects.Avatar(key) { // lists show them again and again, and nobody asks who looked
		out.CacheControl = "private, max-age=300"
	}
	return out, nil
}
