package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/internal/review"
)

type reviewsInput struct {
	api.CompanyPath
	State  string `query:"state" enum:"open,done" default:"open" doc:"What waits, or what was decided"`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type reviewsOutput struct {
	Body struct {
		Reviews    []reviewBody `json:"reviews" doc:"Newest first"`
		NextCursor string       `json:"next_cursor,omitempty" doc:"Absent on the last page"`
		Open       int          `json:"open" doc:"How many wait, at most 100"`
	}
}

type reviewBody struct {
	ID            string            `json:"id"`
	Kind          string            `json:"kind" enum:"punch,refusal"`
	At            time.Time         `json:"at" doc:"When, in the company's time zone; of a refusal that was repeated, the first time"`
	LastAt        time.Time         `json:"last_at" doc:"When the same was refused last"`
	Count         int               `json:"count" doc:"How often the same was refused; 0 for a punch"`
	Code          hajir.Code        `json:"code,omitempty" doc:"Why the face was refused" example:"face_unknown"`
	Doubts        []hajir.Doubt     `json:"doubts" enum:"low_score,small_margin,not_live,disagreement,pin_confirmed" doc:"Why the punch is doubtful"`
	Username      string            `json:"username,omitempty" doc:"Whose punch it is"`
	Name          string            `json:"name,omitempty"`
	Date          string            `json:"date,omitempty" doc:"Of the punch's day"`
	Direction     hajir.Direction   `json:"direction,omitempty" enum:"entry,exit"`
	Place         string            `json:"place,omitempty" example:"Front door"`
	PictureURL    string            `json:"picture_url,omitempty" doc:"A signed link, for the company's admin alone"`
	PictureErased bool              `json:"picture_erased,omitempty"`
	Score         float64           `json:"score"`
	Margin        float64           `json:"margin" doc:"How far ahead of the next person"`
	Threshold     float64           `json:"threshold"`
	MinMargin     float64           `json:"min_margin"`
	Model         string            `json:"model,omitempty"`
	Liveness      *float64          `json:"liveness,omitempty" doc:"0 to 1; absent when it was not measured"`
	MinLiveness   float64           `json:"min_liveness,omitempty"`
	LivenessModel string            `json:"liveness_model,omitempty"`
	Quality       *qualityBody      `json:"quality,omitempty" doc:"Absent when it was not measured"`
	Frames        int               `json:"frames" doc:"How many pictures of the moment there were"`
	Agreed        int               `json:"agreed" doc:"How many of them showed the person for sure"`
	Challenge     *trialBody        `json:"challenge,omitempty" doc:"What the person was asked to do, and did; absent when nobody asked"`
	Settings      int               `json:"settings,omitempty" doc:"The version of the company's settings that held"`
	Candidates    []likenessBody    `json:"candidates" doc:"Of whom the camera thought, best first"`
	State         hajir.ReviewState `json:"state" enum:"open,confirmed,reassigned,rejected"`
	DoneBy        string            `json:"done_by,omitempty" doc:"The account that decided"`
	DoneAt        *time.Time        `json:"done_at,omitempty"`
	To            string            `json:"to,omitempty" doc:"The username of whom it was given to"`
	ToName        string            `json:"to_name,omitempty"`
	ExpiresAt     *time.Time        `json:"expires_at,omitempty" doc:"When a refusal is forgotten"`
	Version       int               `json:"version"`
}

type qualityBody struct {
	Sharpness  float64 `json:"sharpness" doc:"Variance of the Laplacian over the grey face of 112 pixels, in squared grey levels"`
	Brightness float64 `json:"brightness" doc:"0 (black) to 1 (white)"`
	Yaw        float64 `json:"yaw" doc:"Degrees"`
	Pitch      float64 `json:"pitch" doc:"Degrees"`
	Roll       float64 `json:"roll" doc:"Degrees"`
	Dark       float64 `json:"dark" doc:"Share of that face next to black"`
	Bright     float64 `json:"bright" doc:"Share of that face next to white"`
	EyesOpen   float64 `json:"eyes_open" doc:"Probability that the more open eye is open"`
	Aspect     float64 `json:"aspect,omitempty" doc:"How far apart the eyes are, in distances from eyes to mouth"`
}

// trialBody is what somebody was asked to do before the camera.
type trialBody struct {
	Steps    []hajir.Step `json:"steps" enum:"left,right,blink"`
	Done     int          `json:"done" doc:"How many of them were done"`
	Passed   bool         `json:"passed"`
	Frames   int          `json:"frames" doc:"How many pictures were looked at"`
	Likeness float64      `json:"likeness" doc:"How near the least near of those that counted was to the first, -1 to 1"`
}

type likenessBody struct {
	Username string  `json:"username,omitempty" doc:"Absent for who may not be recognised any more"`
	Name     string  `json:"name,omitempty"`
	Score    float64 `json:"score"`
	FaceURL  string  `json:"face_url,omitempty" doc:"A signed link to the enrolled picture, for the company's admin alone"`
}

type decideReviewInput struct {
	api.CompanyPath
	ReviewID string `path:"review_id" maxLength:"64"`
	Body     struct {
		Decision string `json:"decision" enum:"confirm,reassign,reject" doc:"reject has a punch not count, and dismisses a refusal"`
		Username string `json:"username,omitempty" maxLength:"64" doc:"For reassign: whose face it is"`
		Version  *int   `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type decideReviewOutput struct {
	Body struct {
		State   hajir.ReviewState `json:"state" enum:"open,confirmed,reassigned,rejected"`
		Version int               `json:"version"`
	}
}

func (s *Service) registerReviews(a *api.API, admin, read api.Access) {
	const path = "/companies/{company}/reviews"
	api.Register(a, huma.Operation{
		OperationID: "list-reviews", Method: http.MethodGet, Path: path, Summary: "What the camera was not sure of",
		Description: "Doubtful punches, and refusals that were more than noise. An auditor sees no pictures.",
	}, read, s.listReviews)
	api.Register(a, huma.Operation{
		OperationID: "decide-review", Method: http.MethodPost, Path: path + "/{review_id}/decision", DefaultStatus: http.StatusOK,
		Summary: "Decide about a doubtful punch or a refusal",
		Description: "confirm: the punch is right. reassign: it is the punch of username, in whose day it is recorded as of then; in the other's " +
			"it does not count any more. reject: the punch does not count, and stays readable; or the refusal was right.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, admin, s.decideReview)
}

var reviewStates = map[string]hajir.ReviewState{
	"confirm": hajir.ReviewConfirmed, "reassign": hajir.ReviewReassigned, "reject": hajir.ReviewRejected,
}

func (s *Service) decideReview(ctx context.Context, in *decideReviewInput) (*decideReviewOutput, error) {
	r, err := s.Reviews.Decide(ctx, in.Company, in.ReviewID, review.Decision{
		State: reviewStates[in.Body.Decision], To: in.Body.Username, By: api.Caller(ctx).Username, Version: in.Body.Version,
	})
	if err != nil {
		return nil, err
	}
	out := &decideReviewOutput{}
	out.Body.State, out.Body.Version = r.State, r.Version
	return out, nil
}

func (s *Service) listReviews(ctx context.Context, in *reviewsInput) (*reviewsOutput, error) {
	c, err := s.Store.Company(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	items, more, open, err := s.Reviews.Queue(ctx, in.Company, in.State != "done", in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &reviewsOutput{}
	out.Body.Open, out.Body.Reviews = open, make([]reviewBody, len(items))
	for i, item := range items {
		if out.Body.Reviews[i], err = s.describeReview(ctx, item, loc); err != nil {
			return nil, err
		}
	}
	if more {
		out.Body.NextCursor = items[len(items)-1].ID
	}
	return out, nil
}

func (s *Service) describeReview(ctx context.Context, item review.Item, loc *time.Location) (reviewBody, error) {
	d := item.Seen
	body := reviewBody{
		ID: item.ID, Kind: "refusal", At: item.At.In(loc), LastAt: item.LastAt.In(loc), Count: item.Count, Code: item.Code,
		Doubts: append([]hajir.Doubt{}, item.Doubts...), Username: item.Username, Name: item.Person.Name, Date: item.Date,
		Direction: item.Punch.Direction, Place: item.Place, PictureErased: item.PictureErased,
		Score: d.Score, Margin: d.Margin, Threshold: d.Threshold, MinMargin: d.MinMargin, Model: d.Model,
		Liveness: d.Liveness, MinLiveness: d.MinLiveness, LivenessModel: d.LivenessModel, Frames: d.Frames, Agreed: d.Agreed, Settings: d.Settings,
		Candidates: make([]likenessBody, len(item.Likeness)), State: item.State, DoneBy: item.DoneBy, DoneAt: moment(item.DoneAt.In(loc)),
		To: item.Review.To, ToName: item.To, ExpiresAt: moment(item.ExpiresAt.In(loc)), Version: item.Version,
	}
	if item.IsPunch() {
		body.Kind = "punch"
	}
	if c := d.Challenge; c != nil {
		body.Challenge = &trialBody{Steps: c.Steps, Done: c.Done, Passed: c.Passed, Frames: c.Frames, Likeness: c.Likeness}
	}
	if q := d.Quality; q.Measured {
		body.Quality = &qualityBody{Sharpness: q.Sharpness, Brightness: q.Brightness, Yaw: q.Yaw, Pitch: q.Pitch, Roll: q.Roll, Dark: q.Dark, Bright: q.Bright, EyesOpen: q.EyesOpen, Aspect: q.Aspect}
	}
	// Daily images are seen by the company's root account alone.
	pictures := api.Caller(ctx).Role == hajir.RoleAdmin
	link := func(key, person string) (string, error) {
		if key == "" || !pictures {
			return "", nil
		}
		l, _, err := s.Objects.Link(ctx, key, person, api.Caller(ctx))
		return l, err
	}
	var err error
	if body.PictureURL, err = link(item.Picture, item.Username); err != nil {
		return body, err
	}
	for i, l := range item.Likeness {
		body.Candidates[i] = likenessBody{Username: l.Username, Name: l.Name, Score: l.Score}
		if l.Face == "" {
			continue
		}
		if body.Candidates[i].FaceURL, err = link(objects.FaceKey(item.Company, l.Username, l.Face, objects.Medium), l.Username); err != nil {
			return body, err
		}
	}
	return body, nil
}
