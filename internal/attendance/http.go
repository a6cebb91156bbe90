package attendance

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/faces"
	"hajir/internal/hajir"
)

type checkInInput struct {
	AttemptInput
	api.PictureBody
	Present []string `query:"present" maxItems:"20" doc:"Usernames of who was recorded and still stands there: they are told, and not recorded again"`
}

// SentInput is what everything takes that records somebody now.
type SentInput struct {
	api.CompanyPath
	Key      string `header:"Idempotency-Key" maxLength:"100" doc:"A value of the client's choice, such as a UUID: sending it again answers the first punch"`
	Position string `header:"Geolocation" maxLength:"200" doc:"Where the kiosk is, as a geo URI (RFC 5870) with its accuracy in metres; needed if it has a geofence" example:"geo:27.7172,85.324;u=12"`
}

// AttemptInput is what every way to punch takes.
type AttemptInput struct {
	SentInput
	DryRun  bool      `query:"dry_run" doc:"Answer what would be recorded, and record nothing"`
	Claimed time.Time `header:"Claimed-At" timeFormat:"2006-01-02T15:04:05Z07:00" doc:"When it happened by the client's clock (RFC 3339). It is kept beside the server's time" example:"2026-03-02T09:00:00+05:45"`
	Queued  bool      `header:"Queued" doc:"The punch waited in an offline queue, so that Claimed-At counts, if it is not older than the company allows"`
}

// attempt returns what the caller asks to be recorded.
func (in *AttemptInput) attempt(ctx context.Context) (Attempt, error) {
	a, err := in.SentInput.attempt(ctx)
	a.DryRun, a.Claim = in.DryRun, hajir.Claim{At: in.Claimed, Queued: in.Queued}
	return a, err
}

func (in *SentInput) attempt(ctx context.Context) (Attempt, error) {
	caller := api.Caller(ctx)
	a := Attempt{
		Company: in.Company, Source: hajir.SourceWeb, By: caller.Username, Place: caller.Name, Key: in.Key, Session: caller.Session,
		Kiosk: caller.Role == hajir.RoleKiosk, Client: api.Client(ctx),
	}
	if a.Kiosk {
		a.Source = hajir.SourceKiosk
	}
	if in.Position != "" {
		p, err := hajir.ParsePosition(in.Position)
		if err != nil {
			return a, err
		}
		a.Position = &p
	}
	return a, nil
}

type checkInOutput struct {
	Status int
	Body   checkInBody
}

// PunchBody is what every way of punching answers.
type PunchBody struct {
	Username   string          `json:"username" example:"asha"`
	Name       string          `json:"name" example:"Asha Rai"`
	Date       string          `json:"date" doc:"The date that the punch belongs to: that on which its shift starts, in the person's time zone" example:"2026-03-02"`
	At         time.Time       `json:"at" doc:"When, by the server's clock, in the company's time zone; of a queued punch, by the client's"`
	Direction  hajir.Direction `json:"direction" enum:"entry,exit"`
	Recorded   bool            `json:"recorded" doc:"The punch was recorded by this request"`
	Repeated   bool            `json:"repeated" doc:"The punch was recorded before; this is the first answer again"`
	ClaimedAt  *time.Time      `json:"claimed_at,omitempty" doc:"When, by the client's clock, if it said so"`
	ReceivedAt *time.Time      `json:"received_at,omitempty" doc:"When the server got a punch that had waited in a queue"`
	Placed     bool            `json:"placed" doc:"The kiosk has a geofence, and is in it"`
	Group      bool            `json:"group" doc:"The kiosk records everybody whom it sees, so that wider pictures serve it better"`
}

// status is 201 for a punch that was recorded now.
func (b PunchBody) status() int {
	if b.Recorded {
		return http.StatusCreated
	}
	return http.StatusOK
}

// SeenBody is a punch by face: whom the camera saw, and why that is believed. It
// does not tell how alive they looked: who holds up a photograph would learn from
// it. The admin finds that with the punch.
type SeenBody struct {
	PunchBody
	Score            float64    `json:"score" doc:"Similarity to the person, -1 to 1"`
	Margin           float64    `json:"margin" doc:"How far ahead of the next person"`
	Threshold        float64    `json:"threshold" doc:"What the score had to reach"`
	Model            string     `json:"model" doc:"What computed the score"`
	PictureURL       string     `json:"picture_url,omitempty" doc:"A signed link to the picture that is kept"`
	PictureExpiresAt *time.Time `json:"picture_expires_at,omitempty" doc:"When the link stops working"`
}

// checkInBody is the first person, with everybody in People.
type checkInBody struct {
	SeenBody
	Faces  []boxBody   `json:"faces" doc:"Every face found in the first picture"`
	People []SeenBody  `json:"people" doc:"Everybody who was recorded: at a kiosk for groups there may be several, and the first is told above, too"`
	Offers []offerBody `json:"offers" doc:"Faces beside them that a PIN can confirm, at a kiosk for groups"`
}

// offerBody is a face that the camera could not tell.
type offerBody struct {
	api.Confirm
	Left float64 `json:"left" doc:"Where the face is, as a share of the picture's width"`
}

// boxBody is a face's place, in shares of the picture's width and height.
type boxBody struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Score  float64 `json:"score" doc:"How sure the detector is, 0 to 1"`
}

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	api.RegisterPictures(a, huma.Operation{
		OperationID: "check-in", Method: http.MethodPost, Path: "/companies/{company}/punches", DefaultStatus: http.StatusCreated,
		Summary: "Record who comes or goes",
		Description: "Finds the one face in the picture, matches it, and records an entry or exit; at a kiosk for groups, every face. " +
			"Several pictures of one moment, in a form, must agree. " +
			"201 when somebody was recorded; 200 when it had been recorded before, or for a dry run. " +
			"Nothing is recorded for face_none, face_several, face_small, face_unknown, face_ambiguous, face_not_live, face_contradicted " +
			"or picture_invalid (422), nor for frames_wanted (422), when the company asks kiosks for more pictures of a moment. " +
			"face_challenge (422) says what the person is asked to do, to show that they are there: see check-in-by-challenge. A dry run, and who was recorded a moment ago, are not asked; a queued punch is refused. " +
			"face_confirm (422) has a ticket: check-in-by-pin takes it with the PIN of one of the two whom the face resembles. " +
			"Nothing is recorded either " +
			"for kiosk_network or kiosk_place (403), when a kiosk is not where its limits allow, " +
			"nor for claim_refused (422), when a queued punch waited for longer than the company allows.",
		Responses: map[string]*huma.Response{"200": {
			Description: "Recorded before, or a dry run",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/CheckIn"}}},
		}},
		Errors: []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	}, api.Access{Function: api.Attendance, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleKiosk}}, hajir.MaxFrames, s.checkIn)
	s.registerPIN(a)
	s.registerChallenge(a)
}

func (s *Service) checkIn(ctx context.Context, in *checkInInput) (*checkInOutput, error) {
	pictures, err := in.Pictures(hajir.MaxFrames)
	if err != nil {
		return nil, err
	}
	a, err := in.attempt(ctx)
	if err != nil {
		return nil, err
	}
	a.Pictures, a.Present = pictures, in.Present
	m, err := s.CheckIn(ctx, a)
	if err != nil {
		return nil, err
	}
	b := checkInBody{Faces: boxes(m.Frame), People: make([]SeenBody, len(m.Results)), Offers: make([]offerBody, len(m.Offers))}
	status := http.StatusOK
	for i, r := range m.Results {
		if b.People[i], err = s.describeSeen(ctx, r); err != nil {
			return nil, err
		}
		status = max(status, b.People[i].status())
	}
	for i, o := range m.Offers {
		b.Offers[i] = offerBody{Confirm: *api.ConfirmOf(&o.ConfirmOffer), Left: o.Box.Left}
	}
	b.SeenBody = b.People[0]
	return &checkInOutput{Status: status, Body: b}, nil
}

func (s *Service) describeSeen(ctx context.Context, r Result) (SeenBody, error) {
	d := r.Punch.Decision
	b := SeenBody{
		PunchBody: describe(r), Score: d.Score, Margin: d.Margin, Threshold: d.Threshold, Model: d.Model,
	}
	if r.Punch.Picture == "" {
		return b, nil
	}
	link, expires, err := s.Objects.Link(ctx, r.Punch.Picture, r.Employee.Username, api.Caller(ctx))
	b.PictureURL, b.PictureExpiresAt = link, &expires
	return b, err
}

func describe(r Result) PunchBody {
	p := r.Punch
	loc, err := r.Company.Location()
	if err != nil {
		loc = time.UTC
	}
	return PunchBody{
		Username: r.Employee.Username, Name: r.Employee.Name, Date: r.Date, At: p.At.In(loc), Direction: p.Direction,
		Recorded: r.Recorded, Repeated: r.Repeated, Placed: r.Placed, Group: r.group,
		ClaimedAt: local(p.Claimed, loc), ReceivedAt: local(p.Received, loc),
	}
}

// local returns t in loc; nil for none.
func local(t time.Time, loc *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(loc)
	return &t
}

func boxes(f faces.Frame) []boxBody {
	out := make([]boxBody, len(f.Faces))
	for i, face := range f.Faces {
		out[i] = boxBody{face.Box.Left, face.Box.Top, face.Box.Width, face.Box.Height, face.Score}
	}
	return out
}
