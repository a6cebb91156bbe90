package company

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

type addKioskInput struct {
	api.CompanyPath
	Body struct {
		Place  string `json:"place" minLength:"1" maxLength:"100" example:"Front door"`
		Cookie bool   `json:"cookie,omitempty" doc:"Make the browser that asks the kiosk: its session cookie is replaced"`
	}
}

type addKioskOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Kiosk   kioskBody   `json:"kiosk"`
		Session api.Session `json:"session"`
	}
}

type kiosksOutput struct {
	Body struct {
		Kiosks []kioskBody `json:"kiosks" doc:"Oldest first"`
	}
}

type kioskBody struct {
	Username  string          `json:"username"`
	Place     string          `json:"place" example:"Front door"`
	CreatedAt time.Time       `json:"created_at"`
	Networks  []string        `json:"networks" doc:"Where it may check people in from; none: anywhere" example:"[\"192.168.1.0/24\"]"`
	Geofence  *geofenceBody   `json:"geofence,omitempty" doc:"Where it may stand; absent: anywhere"`
	Mode      hajir.KioskMode `json:"mode" enum:"single,group" doc:"One person at a time, or everybody whom the camera sees"`
	Version   int             `json:"version" doc:"Of the limits"`
}

// geofenceBody is a circle on the ground.
type geofenceBody struct {
	Latitude  float64 `json:"latitude" minimum:"-90" maximum:"90" example:"27.7172"`
	Longitude float64 `json:"longitude" minimum:"-180" maximum:"180" example:"85.324"`
	Radius    float64 `json:"radius" minimum:"10" maximum:"100000" doc:"Metres" example:"50"`
}

type limitInput struct {
	api.PersonPath
	Body struct {
		Networks   *[]string        `json:"networks,omitempty" maxItems:"50" doc:"CIDR networks or addresses; an empty list removes the limit"`
		Geofence   *geofenceBody    `json:"geofence,omitempty"`
		Mode       *hajir.KioskMode `json:"mode,omitempty" enum:"single,group"`
		NoGeofence bool             `json:"no_geofence,omitempty" doc:"Removes the geofence"`
		Version    *int             `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type kioskOutput struct{ Body kioskBody }

func (s *Service) registerKiosks(a *api.API, admin, read api.Access) {
	const path = "/companies/{company}/kiosks"
	api.Register(a, huma.Operation{
		OperationID: "list-kiosks", Method: http.MethodGet, Path: path, Summary: "The company's kiosks",
	}, read, s.listKiosks)
	api.Register(a, huma.Operation{
		OperationID: "create-kiosk", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Make a device a kiosk", Description: "Answers tokens that may check in and nothing else.",
	}, admin, s.addKiosk)
	api.Register(a, huma.Operation{
		OperationID: "change-kiosk", Method: http.MethodPatch, Path: path + "/{username}",
		Summary: "Limit a kiosk to networks or a place, and say how many people it records at a time",
		Description: "Checked at every check-in, which is refused with kiosk_network or kiosk_place (403) when the address or the position " +
			"is wrong, unknown or not accurate enough.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, admin, s.limitKiosk)
	api.Register(a, huma.Operation{
		OperationID: "delete-kiosk", Method: http.MethodDelete, Path: path + "/{username}", DefaultStatus: http.StatusNoContent,
		Summary: "Revoke a kiosk at once", Errors: []int{http.StatusNotFound},
	}, admin, s.deleteKiosk)
}

func (s *Service) listKiosks(ctx context.Context, in *api.CompanyPath) (*kiosksOutput, error) {
	devices, err := s.Users.Devices(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	limits, err := s.Store.Kiosks(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	byName := map[string]hajir.Kiosk{}
	for _, k := range limits {
		byName[k.Username] = k
	}
	out := &kiosksOutput{}
	out.Body.Kiosks = make([]kioskBody, len(devices))
	for i, d := range devices {
		out.Body.Kiosks[i] = describeKiosk(d, byName[d.Username])
	}
	return out, nil
}

func (s *Service) addKiosk(ctx context.Context, in *addKioskInput) (*addKioskOutput, error) {
	c, err := s.Store.Company(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	device, tokens, err := s.AddKiosk(ctx, in.Company, in.Body.Place)
	if err != nil {
		return nil, err
	}
	out := &addKioskOutput{}
	out.Body.Kiosk = describeKiosk(device, hajir.Kiosk{})
	out.Body.Session, out.SetCookie = s.Sessions.New(device, c, tokens, in.Body.Cookie)
	return out, nil
}

func (s *Service) deleteKiosk(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.RemoveKiosk(ctx, in.Company, in.Username)
}

func (s *Service) limitKiosk(ctx context.Context, in *limitInput) (*kioskOutput, error) {
	change := Limits{Mode: in.Body.Mode, Version: in.Body.Version}
	if in.Body.Networks != nil {
		networks, err := hajir.ParseNetworks(*in.Body.Networks)
		if err != nil {
			return nil, err
		}
		change.Networks = &networks
	}
	if in.Body.Geofence != nil && in.Body.NoGeofence {
		return nil, hajir.Errorf(hajir.Invalid, "give a geofence or no_geofence, not both")
	}
	if in.Body.Geofence != nil || in.Body.NoGeofence {
		around := (*hajir.Geofence)(in.Body.Geofence)
		change.Fence = &around
	}
	u, k, err := s.LimitKiosk(ctx, in.Company, in.Username, change)
	if err != nil {
		return nil, err
	}
	return &kioskOutput{Body: describeKiosk(u, k)}, nil
}

func describeKiosk(u identity.User, k hajir.Kiosk) kioskBody {
	body := kioskBody{
		Username: u.Username, Place: u.Name, CreatedAt: u.CreatedAt,
		Networks: make([]string, len(k.Networks)), Geofence: (*geofenceBody)(k.Fence), Mode: cmp.Or(k.Mode, hajir.KioskSingle), Version: k.Version,
	}
	for i, n := range k.Networks {
		body.Networks[i] = n.String()
	}
	return body
}
