package api

import (
	"net/http"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// RefreshCookie is the name of the cookie that keeps a browser signed in.
const RefreshCookie = "hajir_refresh"

// Me is the account that a token speaks for.
type Me struct {
	Username      string         `json:"username" example:"asha"`
	Name          string         `json:"name" doc:"The person's name, or the kiosk's place" example:"Asha Rai"`
	Role          hajir.Role     `json:"role" enum:"admin,manager,employee,kiosk,auditor"`
	Company       string         `json:"company" example:"acme"`
	CompanyName   string         `json:"company_name" example:"Acme Pvt. Ltd."`
	TimeZone      string         `json:"time_zone" doc:"The company's" example:"Asia/Kathmandu"`
	Calendar      hajir.Calendar `json:"calendar" enum:"gregorian,bs" doc:"Whose dates are written: the person's choice, or else the company's"`
	BothCalendars bool           `json:"both_calendars" doc:"The other calendar's date is written beside it"`
	QueueMinutes  int            `json:"queue_minutes" doc:"How old a punch may claim to be that waited for the network: the company's queue_bound_minutes; 0: none is taken" example:"1440"`
}

// Session is what a sign-in answers.
type Session struct {
	AccessToken  string `json:"access_token" doc:"For the header Authorization: Bearer"`
	TokenType    string `json:"token_type" enum:"Bearer"`
	ExpiresIn    int    `json:"expires_in" doc:"Seconds until the access token expires" example:"900"`
	RefreshToken string `json:"refresh_token,omitempty" doc:"For POST /sessions/refresh; absent when it was set as a cookie"`
	User         Me     `json:"user"`
}

// Sessions makes Session bodies and their cookies.
type Sessions struct {
	Secure bool // the site is reached by HTTPS only
	Now    func() time.Time
}

// New returns the body for tokens, and the cookie to set: an empty one when
// the client keeps the refresh token itself.
func (s Sessions) New(u identity.User, c hajir.Company, tokens identity.Tokens, cookie bool) (Session, []http.Cookie) {
	body := Session{
		AccessToken: tokens.Access, TokenType: "Bearer",
		ExpiresIn: int(tokens.AccessExpiresAt.Sub(s.Now()).Seconds()),
		User:      NewMe(u, c),
	}
	if !cookie {
		body.RefreshToken = tokens.Refresh
		return body, nil
	}
	return body, []http.Cookie{s.cookie(tokens.Refresh, tokens.RefreshExpiresAt)}
}

// Clear returns the cookie that removes the session's.
func (s Sessions) Clear() []http.Cookie {
	c := s.cookie("", s.Now())
	c.MaxAge = -1
	return []http.Cookie{c}
}

func (s Sessions) cookie(value string, expires time.Time) http.Cookie {
	return http.Cookie{
		Name: RefreshCookie, Value: value, Path: Prefix + "/sessions", Expires: expires,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode,
	}
}

// NewMe describes an account, with the company's choices.
func NewMe(u identity.User, c hajir.Company) Me {
	return Me{
		Username: u.Username, Name: u.Name, Role: u.Role,
		Company: u.Company, CompanyName: c.Name, TimeZone: c.TimeZone, QueueMinutes: int(c.QueueBound.Minutes()),
	}.Dated(c.DatesOf(hajir.Employee{}))
}

// Dated returns m with how dates are written for who it describes.
func (m Me) Dated(s hajir.DateStyle) Me {
	m.Calendar, m.BothCalendars = s.Calendar, s.Both
	return m
}
