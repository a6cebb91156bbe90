package company

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type deliveriesInput struct {
	api.CompanyPath
	State  string `query:"state" enum:"waiting,dead" default:"dead" doc:"What waits, or what was given up"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next_cursor of the page before"`
}

type deliveriesOutput struct {
	Body struct {
		Deliveries []deliveryBody `json:"deliveries" nullable:"false" doc:"What waits: the next first. What was given up: the latest first"`
		NextCursor string         `json:"next_cursor,omitempty" doc:"Absent on the last page"`
		Waiting    int            `json:"waiting" doc:"How many wait, at most 1000"`
		Dead       int            `json:"dead" doc:"How many were given up, at most 1000"`
	}
}

type deliveryBody struct {
	DeliveryKey
	TargetName string           `json:"target_name,omitempty" doc:"What the target is called: a webhook's name, or where it is"`
	Kind       hajir.NoticeKind `json:"kind" example:"leave.asked"`
	At         time.Time        `json:"at" doc:"When it happened"`
	Person     string           `json:"person,omitempty" doc:"The username of whom it is about"`
	PersonName string           `json:"person_name,omitempty"`
	Tries      int              `json:"tries" doc:"How many have failed"`
	DueAt      *time.Time       `json:"due_at,omitempty" doc:"When it is tried next; absent when it was given up"`
	TriedAt    *time.Time       `json:"tried_at,omitempty" doc:"When it failed last"`
	Reason     string           `json:"reason,omitempty" doc:"Why it failed last"`
	DeadAt     *time.Time       `json:"dead_at,omitempty" doc:"When it was given up. It is forgotten after 90 days"`
}

// DeliveryKey names a delivery. It is exported for the API's document, which has
// the fields of exported types alone.
type DeliveryKey struct {
	NoticeID string `json:"notice_id" maxLength:"64"`
	Channel  string `json:"channel,omitempty" maxLength:"40" doc:"Absent while it is not known yet who wants it" example:"webhook"`
	Target   string `json:"target,omitempty" maxLength:"200"`
}

type againInput struct {
	api.CompanyPath
	Body struct {
		All      bool         `json:"all,omitempty" doc:"Everything that was given up"`
		Delivery *DeliveryKey `json:"delivery,omitempty" doc:"Or this one, which may wait, too"`
	}
}

type againOutput struct {
	Body struct {
		Sent int `json:"sent" doc:"How many are tried again at once"`
	}
}

// countMost is the highest count of deliveries that is told.
const countMost = 1000

func (s *Service) registerDeliveries(a *api.API, admin, read api.Access) {
	const path = "/companies/{company}/deliveries"
	api.Register(a, huma.Operation{
		OperationID: "list-deliveries", Method: http.MethodGet, Path: path, Summary: "What waits to be delivered, and what was given up",
		Description: "Mails, webhooks and messages about what happened. What was delivered is not listed.",
	}, read, s.listDeliveries)
	api.Register(a, huma.Operation{
		OperationID: "send-again", Method: http.MethodPost, Path: path + "/again", DefaultStatus: http.StatusOK,
		Summary: "Deliver again what was given up", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.sendAgain)
}

func (s *Service) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	dead := in.State == "dead"
	behind, err := deliveryCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Deliveries(ctx, in.Company, dead, behind, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &deliveriesOutput{}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.Body.NextCursor = cursorOf(all[in.Limit-1])
	}
	if out.Body.Waiting, err = s.Store.CountDeliveries(ctx, in.Company, false, countMost); err != nil {
		return nil, err
	}
	if out.Body.Dead, err = s.Store.CountDeliveries(ctx, in.Company, true, countMost); err != nil {
		return nil, err
	}
	hooks, err := s.Webhooks.All(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, w := range hooks {
		targets["webhook/"+w.ID] = cmp.Or(w.Name, hostOf(w.URL))
	}
	names := map[string]string{}
	out.Body.Deliveries = make([]deliveryBody, len(all))
	for i, d := range all {
		if _, known := names[d.Person]; !known && d.Person != "" {
			e, err := s.Store.Employee(ctx, d.Person)
			if err != nil && hajir.CodeOf(err) != hajir.NotFound {
				return nil, err
			}
			names[d.Person] = e.Name
		}
		out.Body.Deliveries[i] = deliveryBody{
			DeliveryKey: DeliveryKey{NoticeID: d.ID, Channel: d.Channel, Target: d.Target}, TargetName: targets[d.Address()],
			Kind: d.Kind, At: d.At, Person: d.Person, PersonName: names[d.Person], Tries: d.Tries,
			DueAt: given(d.Due), TriedAt: given(d.TriedAt), Reason: d.Reason, DeadAt: given(d.DeadAt),
		}
	}
	return out, nil
}

func (s *Service) sendAgain(ctx context.Context, in *againInput) (*againOutput, error) {
	out := &againOutput{}
	one := in.Body.Delivery
	if in.Body.All == (one != nil) {
		return nil, hajir.Errorf(hajir.Invalid, "name one delivery, or ask for all")
	}
	var err error
	if one == nil {
		out.Body.Sent, err = s.SendAllAgain(ctx, in.Company)
		return out, err
	}
	out.Body.Sent = 1
	return out, s.SendAgain(ctx, in.Company, one.NoticeID, one.Channel, one.Target)
}

// given returns a time that is not zero.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// cursorOf names a delivery with where it is in its list.
func cursorOf(d hajir.Delivery) string {
	at := d.Due
	if d.Dead() {
		at = d.DeadAt
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{at.Format(time.RFC3339Nano), d.ID, d.Channel, d.Target}, "\n")))
}

func deliveryCursor(s string) (d hajir.Delivery, err error) {
	if s == "" {
		return d, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.SplitN(string(b), "\n", 4)
	if err != nil || len(parts) < 4 {
		return d, hajir.Errorf(hajir.Invalid, "the cursor is not one of ours; begin with the first page")
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return d, hajir.Errorf(hajir.Invalid, "the cursor is not one of ours; begin with the first page")
	}
	d.Due, d.DeadAt, d.ID, d.Channel, d.Target = at, at, parts[1], parts[2], parts[3]
	return d, nil
}
