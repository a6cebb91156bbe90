package picture

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type examineOutput struct{ Body examinationBody }

type examinationBody struct {
	Good     bool          `json:"good" doc:"Whether enrol-face would keep it"`
	Findings []findingBody `json:"findings" nullable:"false" doc:"What is wrong with it, what to mend first foremost"`
	Face     *examinedBody `json:"face,omitempty" doc:"The largest face"`
	Nearest  *nearestBody  `json:"nearest,omitempty" doc:"Who else looks most like it"`
}

type findingBody struct {
	Code   hajir.Code   `json:"code" doc:"What enrol-face would refuse it with" example:"face_dark"`
	Reason hajir.Reason `json:"reason" doc:"The same in the words of Rekognition, where it has one" example:"LOW_BRIGHTNESS"`
	Detail string       `json:"detail" doc:"What is wrong and what to do, for people"`
}

type examinedBody struct {
	Pixels     int     `json:"pixels" doc:"The shorter side of the face"`
	Left       float64 `json:"left" doc:"Of its box, as a share of the picture's width"`
	Top        float64 `json:"top" doc:"Of its box, as a share of the picture's height"`
	Width      float64 `json:"width" doc:"Likewise"`
	Height     float64 `json:"height" doc:"Likewise"`
	Measured   bool    `json:"measured" doc:"Whether the numbers below say something"`
	Yaw        float64 `json:"yaw" doc:"Degrees; 0 looks straight, positive is turned to the person's own left"`
	Pitch      float64 `json:"pitch" doc:"Degrees; positive looks down"`
	Roll       float64 `json:"roll" doc:"Degrees, clockwise in the picture"`
	Sharpness  float64 `json:"sharpness" doc:"Variance of the Laplacian over the grey face of 112 pixels, in squared grey levels"`
	Brightness float64 `json:"brightness" doc:"Mean of that face, 0 to 1"`
	EyesOpen   float64 `json:"eyes_open" doc:"Probability that the more open eye is open"`
}

func (s *Service) registerExamine(a *api.API, admin api.Access, path string) {
	api.RegisterPicture(a, huma.Operation{
		OperationID: "examine-face", Method: http.MethodPost, Path: path + "/examine",
		Summary: "Try whether a picture would enrol a face",
		Description: "Says what enrol-face would find wrong with the picture, how the head is turned, and who else looks most like it. " +
			"Nothing is kept. Refused with picture_invalid (422), face_consent or face_declined (409).",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	}, admin, s.examine)
}

func (s *Service) examine(ctx context.Context, in *enrolInput) (*examineOutput, error) {
	picture, err := in.Picture()
	if err != nil {
		return nil, err
	}
	e, err := s.Examine(ctx, in.Company, in.Username, picture)
	if err != nil {
		return nil, err
	}
	out := &examineOutput{}
	out.Body.Good = len(e.Findings) == 0
	out.Body.Findings = make([]findingBody, len(e.Findings))
	for i, f := range e.Findings {
		out.Body.Findings[i] = findingBody{f.Code, f.Reason, f.Message}
	}
	if f := e.Face; f != nil {
		q, b := f.Quality, f.Box
		out.Body.Face = &examinedBody{
			Pixels: f.Pixels, Left: b.Left, Top: b.Top, Width: b.Width, Height: b.Height, Measured: q.Measured,
			Yaw: q.Yaw, Pitch: q.Pitch, Roll: q.Roll, Sharpness: q.Sharpness, Brightness: q.Brightness, EyesOpen: q.EyesOpen,
		}
	}
	out.Body.Nearest = s.describeNearest(ctx, in.Company, e.Nearest)
	return out, nil
}

// describeNearest names a look-alike; nil for none.
func (s *Service) describeNearest(ctx context.Context, company string, n *hajir.Candidate) *nearestBody {
	if n == nil {
		return nil
	}
	body := &nearestBody{Username: n.Username, Score: n.Score}
	if e, err := s.employee(ctx, company, n.Username); err == nil {
		body.Name = e.Name
	}
	return body
}
