package company

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/objects"
)

type listPeopleInput struct {
	api.CompanyPath
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many at most"`
	Cursor  string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
	Text    string `query:"q" maxLength:"100" doc:"In name, username, code or department"`
	Active  string `query:"active" enum:"true,false" doc:"Only people who are, or are not, active"`
	Role    string `query:"role" enum:"employee,manager,auditor" doc:"Only people with this role"`
	Manager string `query:"manager" maxLength:"64" doc:"Only people whose manager has this username"`
	Renewal bool   `query:"new_pictures" doc:"Only people of whom new pictures were recommended; for admins and auditors"`
	Consent string `query:"consent" enum:"none,given,declined,withdrawn" doc:"Only people who decided so; none: who were never asked"`
}

type addPersonInput struct {
	api.CompanyPath
	Body struct {
		Username      string         `json:"username" maxLength:"64" doc:"Unique among all companies" example:"asha"`
		Name          string         `json:"name" maxLength:"200" example:"Asha Rai"`
		Email         string         `json:"email,omitempty" maxLength:"254"`
		Code          string         `json:"code,omitempty" maxLength:"64" doc:"The company's own number for the person"`
		Department    string         `json:"department,omitempty" maxLength:"200"`
		Phone         string         `json:"phone,omitempty" maxLength:"40" doc:"With its country code" example:"+9779812345678"`
		Role          hajir.Role     `json:"role,omitempty" enum:"employee,manager,auditor" doc:"employee when absent"`
		Manager       string         `json:"manager,omitempty" maxLength:"64" doc:"Whom they report to: the username of an active manager"`
		TimeZone      string         `json:"time_zone,omitempty" maxLength:"64" doc:"Of a person elsewhere; the company's when absent" example:"Asia/Kolkata"`
		Calendar      hajir.Calendar `json:"calendar,omitempty" enum:"gregorian,bs" doc:"Whose dates are written for them; the company's choice when absent"`
		BothCalendars bool           `json:"both_calendars,omitempty" doc:"The other calendar's date beside it; only with calendar"`
		Language      hajir.Language `json:"language,omitempty" enum:",en,ne,hi" doc:"In which they are written to; the company's when absent or empty"`
		Password      string         `json:"password,omitempty" maxLength:"256" doc:"With one, the person can sign in"`
	}
}

type changePersonInput struct {
	api.PersonPath
	Body struct {
		Name          *string         `json:"name,omitempty" maxLength:"200"`
		Email         *string         `json:"email,omitempty" maxLength:"254"`
		Code          *string         `json:"code,omitempty" maxLength:"64"`
		Department    *string         `json:"department,omitempty" maxLength:"200"`
		Phone         *string         `json:"phone,omitempty" maxLength:"40" doc:"With its country code; empty for none"`
		Role          *hajir.Role     `json:"role,omitempty" enum:"employee,manager,auditor" doc:"Another one signs the person out everywhere"`
		Manager       *string         `json:"manager,omitempty" maxLength:"64" doc:"Whom they report to: the username of an active manager; empty: nobody"`
		TimeZone      *string         `json:"time_zone,omitempty" maxLength:"64" doc:"Empty: the company's"`
		Calendar      *hajir.Calendar `json:"calendar,omitempty" enum:",gregorian,bs" doc:"Empty: the company's choice"`
		BothCalendars *bool           `json:"both_calendars,omitempty"`
		Language      *hajir.Language `json:"language,omitempty" enum:",en,ne,hi" doc:"In which they are written to; empty: the company's"`
		Active        *bool           `json:"active,omitempty" doc:"false: is not recognised any more and cannot sign in"`
		Password      *string         `json:"password,omitempty" maxLength:"256"`
		Version       *int            `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type personOutput struct{ Body personBody }

type peopleOutput struct {
	Body struct {
		Employees  []personBody `json:"employees" doc:"In order of their usernames"`
		NextCursor string       `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type personBody struct {
	Username      string             `json:"username" example:"asha"`
	Name          string             `json:"name" example:"Asha Rai"`
	Email         string             `json:"email"`
	Code          string             `json:"code"`
	Department    string             `json:"department"`
	Phone         string             `json:"phone" example:"+9779812345678"`
	SmallURL      string             `json:"small_url,omitempty" doc:"A signed link to the profile picture of 160 pixels; absent without one"`
	MediumURL     string             `json:"medium_url,omitempty" doc:"Likewise, 640 pixels"`
	TimeZone      string             `json:"time_zone" doc:"Empty: the company's"`
	Calendar      hajir.Calendar     `json:"calendar" enum:",gregorian,bs" doc:"Whose dates are written for them; empty: the company's choice"`
	BothCalendars bool               `json:"both_calendars" doc:"The other calendar's date is written beside it"`
	Language      hajir.Language     `json:"language" enum:",en,ne,hi" doc:"In which they are written to; empty: the company's"`
	Role          hajir.Role         `json:"role" enum:"employee,manager,auditor"`
	Manager       string             `json:"manager,omitempty" doc:"The username of whom they report to"`
	ManagerName   string             `json:"manager_name,omitempty"`
	ManagerActive bool               `json:"manager_active" doc:"That is an active manager; the name of another one gives no rights"`
	Active        bool               `json:"active"`
	Faces         int                `json:"faces" doc:"How many faces are enrolled"`
	NewPictures   *renewalBody       `json:"new_pictures,omitempty" doc:"New pictures of their face are recommended; absent: they are not, or it is not for the caller"`
	Consent       hajir.ConsentState `json:"consent" enum:",given,declined,withdrawn" doc:"To the recognition of their face; empty if they were never asked"`
	CreatedAt     time.Time          `json:"created_at"`
	Version       int                `json:"version"`
}

type renewalBody struct {
	Reason hajir.RenewalReason `json:"reason" enum:"scores,pins" doc:"scores: the camera is less sure of them than it was; pins: it asked for their PIN again and again"`
	At     time.Time           `json:"at" doc:"When this was found"`
	Before float64             `json:"before,omitempty" doc:"The median of their first scores"`
	Lately float64             `json:"lately,omitempty" doc:"The median of their last scores"`
	PINs   int                 `json:"pins,omitempty" doc:"How many of the last ten punches took a PIN"`
}

// describeRenewal is for those who may read what the camera decides.
func describeRenewal(ctx context.Context, e hajir.Employee, kept []faces.Indexed) *renewalBody {
	role := api.Caller(ctx).Role
	var enrolled time.Time
	for _, k := range kept {
		if k.IndexedAt.After(enrolled) {
			enrolled = k.IndexedAt
		}
	}
	if role != hajir.RoleAdmin && role != hajir.RoleAuditor || !e.Renewal.Holds(enrolled) {
		return nil
	}
	r := e.Renewal
	return &renewalBody{Reason: r.Reason, At: r.At, Before: r.Before, Lately: r.Lately, PINs: r.PINs}
}

func (s *Service) registerPeople(a *api.API, admin api.Access) {
	const path = "/companies/{company}/employees"
	own := api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor},
		Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
	}
	seen := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleManager}}
	api.Register(a, huma.Operation{
		OperationID: "list-employees", Method: http.MethodGet, Path: path, Summary: "The company's people, page by page",
		Description: "A manager is shown their reports and themselves.",
	}, seen, s.listPeople)
	api.Register(a, huma.Operation{
		OperationID: "create-employee", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Add a person", Errors: []int{http.StatusConflict},
	}, admin, s.addPerson)
	api.Register(a, huma.Operation{
		OperationID: "get-employee", Method: http.MethodGet, Path: path + "/{username}",
		Summary: "One person", Errors: []int{http.StatusNotFound},
	}, own, s.getPerson)
	api.Register(a, huma.Operation{
		OperationID: "change-employee", Method: http.MethodPatch, Path: path + "/{username}",
		Summary: "Change, deactivate or activate a person", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.changePerson)
}

func (s *Service) listPeople(ctx context.Context, in *listPeopleInput) (*peopleOutput, error) {
	q := Query{
		Text: in.Text, After: in.Cursor, Limit: in.Limit,
		Role: hajir.Role(in.Role), Manager: in.Manager, Team: teamOf(api.Caller(ctx)),
		Renewal: in.Renewal && api.Caller(ctx).Role != hajir.RoleManager,
	}
	if in.Active != "" {
		active := in.Active == "true"
		q.Active = &active
	}
	if in.Consent != "" {
		state := hajir.ConsentState(strings.TrimPrefix(in.Consent, "none"))
		q.Consent = &state
	}
	page, next, err := s.People(ctx, in.Company, q)
	if err != nil {
		return nil, err
	}
	out := &peopleOutput{}
	out.Body.NextCursor = next
	out.Body.Employees = make([]personBody, 0, len(page))
	for _, e := range page {
		body, err := s.describePerson(ctx, e)
		if err != nil {
			return nil, err
		}
		if !q.Renewal || body.NewPictures != nil { // which ends when pictures are taken
			out.Body.Employees = append(out.Body.Employees, body)
		}
	}
	return out, nil
}

func (s *Service) addPerson(ctx context.Context, in *addPersonInput) (*personOutput, error) {
	e, err := s.Add(ctx, hajir.Employee{
		Username: in.Body.Username, Company: in.Company, Name: in.Body.Name, Email: in.Body.Email,
		Code: in.Body.Code, Department: in.Body.Department, Phone: in.Body.Phone, Role: in.Body.Role, Manager: in.Body.Manager,
		TimeZone: in.Body.TimeZone, Dates: hajir.DateStyle{Calendar: in.Body.Calendar, Both: in.Body.BothCalendars}, Language: in.Body.Language,
	}, in.Body.Password)
	return s.personOutput(ctx, e, err)
}

func (s *Service) getPerson(ctx context.Context, in *api.PersonPath) (*personOutput, error) {
	e, err := s.Person(ctx, in.Company, in.Username)
	return s.personOutput(ctx, e, err)
}

func (s *Service) changePerson(ctx context.Context, in *changePersonInput) (*personOutput, error) {
	e, err := s.ChangePerson(ctx, in.Company, in.Username, PersonChange{
		Name: in.Body.Name, Email: in.Body.Email, Code: in.Body.Code, Department: in.Body.Department,
		Phone: in.Body.Phone, Role: in.Body.Role, Manager: in.Body.Manager, Active: in.Body.Active,
		Password: in.Body.Password, Version: in.Body.Version, By: api.Caller(ctx).Username,
		TimeZone: in.Body.TimeZone, Calendar: in.Body.Calendar, BothCalendars: in.Body.BothCalendars, Language: in.Body.Language,
	})
	return s.personOutput(ctx, e, err)
}

func (s *Service) personOutput(ctx context.Context, e hajir.Employee, err error) (*personOutput, error) {
	if err != nil {
		return nil, err
	}
	body, err := s.describePerson(ctx, e)
	return &personOutput{Body: body}, err
}

func (s *Service) describePerson(ctx context.Context, e hajir.Employee) (personBody, error) {
	kept, err := s.Faces.List(ctx, e.Company, e.Username)
	if err != nil {
		return personBody{}, err
	}
	boss, err := s.boss(ctx, e)
	if err != nil {
		return personBody{}, err
	}
	body := personBody{
		Username: e.Username, Name: e.Name, Email: e.Email, Code: e.Code, Department: e.Department, Phone: e.Phone,
		TimeZone: e.TimeZone, Calendar: e.Dates.Calendar, BothCalendars: e.Dates.Both, Language: e.Language,
		Role: e.Role, Manager: e.Manager, ManagerName: boss.Name, ManagerActive: boss.Leads,
		Active: e.Active, Faces: len(kept), Consent: e.Consent.State, CreatedAt: e.CreatedAt, Version: e.Version,
	}
	body.NewPictures = describeRenewal(ctx, e, kept)
	if body.SmallURL, err = s.pictureLink(ctx, e, objects.Small); err != nil {
		return body, err
	}
	body.MediumURL, err = s.pictureLink(ctx, e, objects.Medium)
	return body, err
}

// pictureLink returns a signed link to a person's profile picture: "" when they
// have none, or it is not for the caller.
func (s *Service) pictureLink(ctx context.Context, e hajir.Employee, size objects.Size) (string, error) {
	who := api.Caller(ctx)
	if e.Picture == "" || who.Role != hajir.RoleAdmin && who.Username != e.Username {
		return "", nil
	}
	link, _, err := s.Objects.Link(ctx, objects.ProfileKey(e.Company, e.Username, e.Picture, size), e.Username, who)
	return link, err
}
