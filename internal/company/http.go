package company

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type setupOutput struct {
	Body struct {
		Needed bool `json:"needed" doc:"There is no company yet; open the link that the program's log printed"`
		SignUp bool `json:"sign_up" doc:"Everybody may make a company who confirms a mail address"`
	}
}

type setUpInput struct {
	Body struct {
		SetupToken string `json:"setup_token" maxLength:"100" doc:"From the link in the program's log"`
		Username   string `json:"username" maxLength:"64" doc:"The company's key and its root account" example:"acme"`
		Name       string `json:"name" maxLength:"200" example:"Acme Pvt. Ltd."`
		Email      string `json:"email" maxLength:"254" example:"admin@example.com"`
		TimeZone   string `json:"time_zone" maxLength:"64" example:"Asia/Kathmandu"`
		Password   string `json:"password" maxLength:"256" doc:"Of at least 10 characters"`
		Demo       bool   `json:"demo,omitempty" doc:"Fill the company with 25 example people and two months of days"`
	}
}

type setUpOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Company companyBody `json:"company"`
		Session api.Session `json:"session"`
	}
}

type companyOutput struct{ Body companyBody }

type companyBody struct {
	Username            string              `json:"username" example:"acme"`
	Name                string              `json:"name" example:"Acme Pvt. Ltd."`
	Email               string              `json:"email" example:"admin@example.com"`
	TimeZone            string              `json:"time_zone" example:"Asia/Kathmandu"`
	RepeatWindowSeconds int                 `json:"repeat_window_seconds" doc:"Two punches nearer than this are one" example:"120"`
	WeeklyOff           []string            `json:"weekly_off" enum:"sunday,monday,tuesday,wednesday,thursday,friday,saturday" doc:"Days off of people without a weekly pattern"`
	QueueBoundMinutes   int                 `json:"queue_bound_minutes" doc:"How old a queued punch may claim to be; 0: none is taken" example:"1440"`
	MatchThreshold      float64             `json:"match_threshold" doc:"The score from which a face counts as a person; 0 is the model's own. It belongs to the version that decides: another one begins with its own"`
	MatchMargin         float64             `json:"match_margin" doc:"How far the first person must be ahead of the second" example:"0.05"`
	MinFacePixels       int                 `json:"min_face_pixels" doc:"The least width or height of a face" example:"64"`
	MatchDoubt          float64             `json:"match_doubt" doc:"A punch as near as this to the threshold or the margin is put into the queue" example:"0.04"`
	Liveness            hajir.LivenessRule  `json:"liveness" enum:"off,warn,require" doc:"What follows when a face does not seem to be alive"`
	MinLiveness         float64             `json:"min_liveness" doc:"The probability from which a face counts as alive" example:"0.5"`
	Challenge           hajir.ChallengeRule `json:"challenge" enum:"off,doubtful,always" doc:"Who is asked to move before the camera: nobody, whoever does not seem to be alive, or everybody"`
	ChallengeModel      string              `json:"challenge_model" doc:"What measures open eyes and turned heads here; empty when nothing does: then the challenge stays off"`
	LivenessModel       string              `json:"liveness_model" doc:"What measures liveness here; empty when nothing does: then liveness stays off"`
	MatchFrames         int                 `json:"match_frames" doc:"How many pictures of a moment a kiosk must send" example:"1"`
	RefusalDays         int                 `json:"refusal_days" doc:"How long pictures of refused faces are kept; 0: they are not" example:"14"`
	RetentionDays       int                 `json:"retention_days" doc:"How long pictures of a face stay after a withdrawal or deactivation" example:"30"`
	Calendar            hajir.Calendar      `json:"calendar" enum:"gregorian,bs" doc:"Whose dates the site and mails write, for people who did not choose; bs: Bikram Sambat. The API has Gregorian dates"`
	BothCalendars       bool                `json:"both_calendars" doc:"They write the other calendar's date beside it"`
	Language            hajir.Language      `json:"language" enum:"en,ne,hi" doc:"In which mails are written, to people who did not choose"`
	DigestHour          int                 `json:"digest_hour" doc:"When daily letters go out, by the company's clocks" example:"8"`
	CorrectionDays      int                 `json:"correction_days" doc:"For how many days back people may ask for corrections; 0: not at all" example:"31"`
	Close               closeBody           `json:"close" doc:"How days are closed"`
	OptionalHolidays    int                 `json:"optional_holidays" doc:"How many optional holidays a person may choose in a leave year" example:"2"`
	Demo                bool                `json:"demo" doc:"Example data, removable in one step"`
	CreatedAt           time.Time           `json:"created_at"`
	Version             int                 `json:"version"`
}

type changeInput struct {
	api.CompanyPath
	Body struct {
		Name                *string              `json:"name,omitempty" maxLength:"200"`
		Email               *string              `json:"email,omitempty" maxLength:"254"`
		TimeZone            *string              `json:"time_zone,omitempty" maxLength:"64"`
		RepeatWindowSeconds *int                 `json:"repeat_window_seconds,omitempty" minimum:"0" maximum:"43200"`
		WeeklyOff           *[]string            `json:"weekly_off,omitempty" maxItems:"6" enum:"sunday,monday,tuesday,wednesday,thursday,friday,saturday"`
		QueueBoundMinutes   *int                 `json:"queue_bound_minutes,omitempty" minimum:"0" maximum:"10080"`
		MatchThreshold      *float64             `json:"match_threshold,omitempty" minimum:"0" exclusiveMaximum:"1"`
		MatchMargin         *float64             `json:"match_margin,omitempty" minimum:"0" exclusiveMaximum:"1"`
		MinFacePixels       *int                 `json:"min_face_pixels,omitempty" minimum:"20" maximum:"1000"`
		MatchDoubt          *float64             `json:"match_doubt,omitempty" minimum:"0" exclusiveMaximum:"1"`
		Liveness            *hajir.LivenessRule  `json:"liveness,omitempty" enum:"off,warn,require"`
		MinLiveness         *float64             `json:"min_liveness,omitempty" exclusiveMinimum:"0" exclusiveMaximum:"1"`
		Challenge           *hajir.ChallengeRule `json:"challenge,omitempty" enum:"off,doubtful,always"`
		MatchFrames         *int                 `json:"match_frames,omitempty" minimum:"1" maximum:"3"`
		RefusalDays         *int                 `json:"refusal_days,omitempty" minimum:"0" maximum:"30" doc:"Refusals that are kept keep their date"`
		RetentionDays       *int                 `json:"retention_days,omitempty" minimum:"0" maximum:"1095" doc:"Erasures that are pending keep their date"`
		Calendar            *hajir.Calendar      `json:"calendar,omitempty" enum:"gregorian,bs"`
		BothCalendars       *bool                `json:"both_calendars,omitempty"`
		Language            *hajir.Language      `json:"language,omitempty" enum:"en,ne,hi"`
		DigestHour          *int                 `json:"digest_hour,omitempty" minimum:"0" maximum:"23"`
		CorrectionDays      *int                 `json:"correction_days,omitempty" minimum:"0" maximum:"366"`
		Close               *closeBody           `json:"close,omitempty" doc:"All of it"`
		OptionalHolidays    *int                 `json:"optional_holidays,omitempty" minimum:"0" maximum:"30" doc:"What people have chosen stays"`
		Version             *int                 `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type removeDemoOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		SetupURL string `json:"setup_url" doc:"Where to begin anew; empty while other companies exist"`
	}
}

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	admin := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin}}
	read := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}
	const path = "/companies/{company}"
	api.Register(a, huma.Operation{
		OperationID: "get-setup", Method: http.MethodGet, Path: "/setup",
		Summary: "Whether set-up is needed, and whether companies may sign up",
	}, api.Access{Function: api.Company, Public: "it tells only whether a company exists or may be made"}, s.getSetup)
	api.Register(a, huma.Operation{
		OperationID: "create-company", Method: http.MethodPost, Path: "/companies", DefaultStatus: http.StatusCreated,
		Summary: "Set up the first company",
		Description: "Makes the first company and its root account, and signs it in: the refresh token is set as a cookie. " +
			"Further companies are made by the operator with `hajir company create`, or sign up where that is open.",
		Errors: []int{http.StatusForbidden, http.StatusUnprocessableEntity},
	}, api.Access{Function: api.Company, Public: "the one-time set-up token is the proof"}, s.postCompany)
	api.Register(a, huma.Operation{
		OperationID: "get-company", Method: http.MethodGet, Path: path, Summary: "The company and its settings",
	}, read, s.getCompany)
	api.Register(a, huma.Operation{
		OperationID: "change-company", Method: http.MethodPatch, Path: path,
		Summary: "Change settings", Errors: []int{http.StatusConflict},
	}, admin, s.patchCompany)
	api.Register(a, huma.Operation{
		OperationID: "remove-demo", Method: http.MethodDelete, Path: path + "/demo", DefaultStatus: http.StatusOK,
		Summary: "Remove the example company", Description: "Removes an example company whole: people, faces, pictures, days, accounts and settings.",
		Errors: []int{http.StatusConflict},
	}, admin, s.deleteDemo)
	s.registerPeople(a, admin)
	s.registerBoard(a)
	s.registerKiosks(a, admin, read)
	s.registerAudit(a, read)
	s.registerPairing(a, admin)
	s.registerPINs(a, admin)
	s.registerSignUp(a)
	s.registerConsent(a, admin)
	s.registerLeave(a, admin)
	s.registerEvents(a, admin)
	s.registerImports(a, admin, read)
	s.registerShifts(a, admin, read)
	s.registerWeeks(a, admin, read)
	s.registerRoster(a, admin, read)
	s.registerCalibration(a, read)
	s.registerModels(a, admin, read)
	s.registerCorrections(a, admin)
	s.registerClosings(a, admin, read)
	s.registerReports(a)
	s.registerPayroll(a, admin, read)
	s.registerReviews(a, admin, read)
	s.registerDeliveries(a, admin, read)
	s.registerWebhooks(a, admin, read)
}

func (s *Service) getSetup(ctx context.Context, _ *struct{}) (*setupOutput, error) {
	// Making the link prints it, should an example company have been removed
	// since the program started.
	link, err := s.SetupURL(ctx)
	out := &setupOutput{}
	out.Body.Needed, out.Body.SignUp = link != "", s.OpenSignUp
	return out, err
}

func (s *Service) postCompany(ctx context.Context, in *setUpInput) (*setUpOutput, error) {
	c := hajir.NewCompany(in.Body.Username, in.Body.Name, in.Body.Email, in.Body.TimeZone, s.Now().UTC())
	c.Demo = in.Body.Demo
	c, err := s.SetUp(ctx, in.Body.SetupToken, c, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.madeCompany(ctx, c)
}

// madeCompany signs the root account of a new company in.
func (s *Service) madeCompany(ctx context.Context, c hajir.Company) (*setUpOutput, error) {
	u, err := s.Users.User(ctx, c.Username)
	if err != nil {
		return nil, err
	}
	tokens, err := s.Users.Issue(ctx, c.Username)
	if err != nil {
		return nil, err
	}
	out := &setUpOutput{}
	if out.Body.Company, err = s.describe(ctx, c); err != nil {
		return nil, err
	}
	out.Body.Session, out.SetCookie = s.Sessions.New(u, c, tokens, true)
	return out, nil
}

func (s *Service) getCompany(ctx context.Context, in *api.CompanyPath) (*companyOutput, error) {
	c, err := s.Store.Company(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, c)
}

func (s *Service) patchCompany(ctx context.Context, in *changeInput) (*companyOutput, error) {
	change := Settings{
		Name: in.Body.Name, Email: in.Body.Email, TimeZone: in.Body.TimeZone,
		MatchThreshold: in.Body.MatchThreshold, MatchMargin: in.Body.MatchMargin, MinFacePixels: in.Body.MinFacePixels, RetentionDays: in.Body.RetentionDays,
		Calendar: in.Body.Calendar, BothCalendars: in.Body.BothCalendars,
		CorrectionDays:   in.Body.CorrectionDays,
		Language:         in.Body.Language,
		DigestHour:       in.Body.DigestHour,
		OptionalHolidays: in.Body.OptionalHolidays,
		MatchDoubt:       in.Body.MatchDoubt, Liveness: in.Body.Liveness, MinLiveness: in.Body.MinLiveness, Challenge: in.Body.Challenge, Frames: in.Body.MatchFrames,
		RefusalDays: in.Body.RefusalDays, Version: in.Body.Version,
	}
	if in.Body.RepeatWindowSeconds != nil {
		window := time.Duration(*in.Body.RepeatWindowSeconds) * time.Second
		change.RepeatWindow = &window
	}
	if in.Body.QueueBoundMinutes != nil {
		bound := time.Duration(*in.Body.QueueBoundMinutes) * time.Minute
		change.QueueBound = &bound
	}
	if in.Body.WeeklyOff != nil {
		off, err := hajir.ParseWeekdays(*in.Body.WeeklyOff)
		if err != nil {
			return nil, err
		}
		change.WeeklyOff = &off
	}
	if in.Body.Close != nil {
		rule, err := in.Body.Close.close()
		if err != nil {
			return nil, err
		}
		change.Close = &rule
	}
	c, err := s.Change(ctx, in.Company, change)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, c)
}

func (s *Service) deleteDemo(ctx context.Context, in *api.CompanyPath) (*removeDemoOutput, error) {
	if err := s.RemoveDemo(ctx, in.Company); err != nil {
		return nil, err
	}
	link, err := s.SetupURL(ctx)
	if err != nil {
		return nil, err
	}
	out := &removeDemoOutput{SetCookie: s.Sessions.Clear()}
	out.Body.SetupURL = link
	return out, nil
}

func (s *Service) answer(ctx context.Context, c hajir.Company) (*companyOutput, error) {
	body, err := s.describe(ctx, c)
	return &companyOutput{Body: body}, err
}

func (s *Service) describe(ctx context.Context, c hajir.Company) (companyBody, error) {
	version, err := s.Faces.Version(ctx, c.Username)
	if err != nil {
		return companyBody{}, fmt.Errorf("find the face model: %w", err)
	}
	return companyBody{
		Username: c.Username, Name: c.Name, Email: c.Email, TimeZone: c.TimeZone,
		RepeatWindowSeconds: int(c.RepeatWindow.Seconds()),
		WeeklyOff:           c.WeeklyOff.Names(), QueueBoundMinutes: int(c.QueueBound.Minutes()),
		MatchThreshold: c.Match.Own(version), MatchMargin: c.Match.Margin, MinFacePixels: c.Match.MinFacePixels,
		MatchDoubt: c.Match.Doubt, Liveness: c.Match.Liveness, MinLiveness: c.Match.MinLiveness, LivenessModel: s.Faces.Model().Liveness,
		Challenge: c.Match.Challenge, ChallengeModel: s.Faces.Model().Eyes,
		MatchFrames: c.Match.Frames, RefusalDays: c.RefusalDays,
		CorrectionDays: c.CorrectionDays, Close: describeClose(c.Close), Language: c.LanguageOf(hajir.Employee{}), DigestHour: c.DigestHour,
		RetentionDays: c.RetentionDays, OptionalHolidays: c.OptionalHolidays, Calendar: c.Dates.Calendar, BothCalendars: c.Dates.Both, Demo: c.Demo, CreatedAt: c.CreatedAt, Version: c.Version,
	}, nil
}
