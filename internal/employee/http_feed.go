package employee

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type feedsOutput struct {
	Body struct {
		Feeds []feedBody `json:"feeds" doc:"Every calendar that the account may give away"`
	}
}

type feedBody struct {
	Kind   hajir.FeedKind `json:"kind" enum:"own,team,events" doc:"own: the person's shifts, leave, holidays and events; team: leave of those who report to them, for an admin of everybody; events: the company's holidays and events"`
	On     bool           `json:"on" doc:"There is a link"`
	MadeAt *time.Time     `json:"made_at,omitempty" doc:"When the link was made"`
}

type feedKindInput struct {
	Kind hajir.FeedKind `path:"kind" enum:"own,team,events"`
}

type madeFeedOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Kind hajir.FeedKind `json:"kind" enum:"own,team,events"`
		Link string         `json:"link" doc:"To subscribe to in a calendar program; it is told only now" example:"https://hajir.example.com/api/v1/feed/….ics"`
	}
}

type feedInput struct {
	File      string `path:"file" maxLength:"100"`
	NoneMatch string `header:"If-None-Match"`
}

type feedFileOutput struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Disposition  string `header:"Content-Disposition"`
	ETag         string `header:"ETag"`
	Body         []byte
}

func (s *Service) registerFeeds(a *api.API) {
	own := api.Access{Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleEmployee}}
	api.Register(a, huma.Operation{
		OperationID: "list-feeds", Method: http.MethodGet, Path: "/me/feeds", Summary: "My calendar links",
	}, own, s.listFeeds)
	api.Register(a, huma.Operation{
		OperationID: "make-feed", Method: http.MethodPost, Path: "/me/feeds/{kind}", DefaultStatus: http.StatusCreated,
		Summary: "Make a calendar link", Description: "Whoever has it reads the calendar. A link made before is dead from now on.",
	}, own, s.makeFeed)
	api.Register(a, huma.Operation{
		OperationID: "delete-feed", Method: http.MethodDelete, Path: "/me/feeds/{kind}", DefaultStatus: http.StatusNoContent,
		Summary: "Switch a calendar link off",
	}, own, s.deleteFeed)
	api.Register(a, huma.Operation{
		OperationID: "get-feed", Method: http.MethodGet, Path: api.FeedPath[len(api.Prefix):] + "{file}",
		Summary: "Read a calendar by its link", Description: "An iCalendar file. The link dies with the account.",
		Errors:    []int{http.StatusNotFound},
		Responses: map[string]*huma.Response{"200": {Description: "The calendar", Content: map[string]*huma.MediaType{"text/calendar": {}}}},
	}, api.Access{Function: api.Employee, Public: "the secret in the link is the proof"}, s.getFeed)
}

func (s *Service) listFeeds(ctx context.Context, _ *struct{}) (*feedsOutput, error) {
	all, kinds, err := s.Feeds.Of(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	out := &feedsOutput{}
	out.Body.Feeds = make([]feedBody, len(kinds))
	for i, kind := range kinds {
		out.Body.Feeds[i].Kind = kind
		if n := slices.IndexFunc(all, func(f hajir.Feed) bool { return f.Kind == kind }); n >= 0 {
			out.Body.Feeds[i].On, out.Body.Feeds[i].MadeAt = true, &all[n].MadeAt
		}
	}
	return out, nil
}

func (s *Service) makeFeed(ctx context.Context, in *feedKindInput) (*madeFeedOutput, error) {
	made, err := s.Feeds.Make(ctx, api.Caller(ctx), in.Kind)
	if err != nil {
		return nil, err
	}
	out := &madeFeedOutput{CacheControl: "no-store"}
	out.Body.Kind, out.Body.Link = made.Kind, made.Link
	return out, nil
}

func (s *Service) deleteFeed(ctx context.Context, in *feedKindInput) (*struct{}, error) {
	return nil, s.Feeds.Remove(ctx, api.Caller(ctx).Username, in.Kind)
}

// getFeed lets nobody but the client itself keep the calendar, and that only
// until it has asked whether it has changed.
func (s *Service) getFeed(ctx context.Context, in *feedInput) (*feedFileOutput, error) {
	content, err := s.Feeds.Follow(ctx, strings.TrimSuffix(in.File, ".ics"))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	out := &feedFileOutput{
		Status: http.StatusOK, ETag: `"` + hex.EncodeToString(sum[:16]) + `"`, CacheControl: "private, no-cache",
		ContentType: "text/calendar; charset=utf-8", Disposition: `inline; filename="hajir.ics"`, Body: content,
	}
	for tag := range strings.SplitSeq(in.NoneMatch, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == out.ETag || tag == "*" {
			out.Status, out.Body, out.ContentType = http.StatusNotModified, nil, ""
		}
	}
	return out, nil
}
