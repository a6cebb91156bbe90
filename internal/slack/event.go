package slack

import (
	"context"
	"encoding/json"
	"time"

	"github.com/slack-go/slack/slackevents"

	"hajir/internal/hajir"
)

// onEvent takes what Slack tells. It may tell it again, so that each is done in
// a way that does no harm twice.
func (s *Service) onEvent(ctx context.Context, body []byte) (any, error) {
	var outer struct {
		Type      string          `json:"type"`
		Challenge string          `json:"challenge"`
		TeamID    string          `json:"team_id"`
		EventTime int64           `json:"event_time"`
		Event     json.RawMessage `json:"event"`
	}
	if err := json.Unmarshal(body, &outer); err != nil {
		return nil, &hajir.Error{Code: hajir.Invalid, Message: "the event is no JSON", Cause: err}
	}
	switch outer.Type {
	case slackevents.URLVerification:
		return map[string]string{"challenge": outer.Challenge}, nil
	case slackevents.CallbackEvent:
	default:
		return nil, nil
	}
	e, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken()) // the signature was verified
	if err != nil {                                                           // of a kind that nobody asked for
		s.Log.DebugContext(ctx, "an event of Slack's was left out", "error", err)
		return nil, nil
	}
	var f func(context.Context) error
	switch inner := e.InnerEvent.Data.(type) {
	case *slackevents.AppHomeOpenedEvent:
		if inner.Tab != "home" {
			return nil, nil
		}
		f = func(ctx context.Context) error { return s.showHome(ctx, outer.TeamID, inner.User) }
	case *slackevents.AppUninstalledEvent:
		f = func(ctx context.Context) error { return s.revoked(ctx, outer.TeamID, time.Unix(outer.EventTime, 0)) }
	case *slackevents.TokensRevokedEvent:
		if len(inner.Tokens.Bot) == 0 { // a member's, of which none is kept
			return nil, nil
		}
		f = func(ctx context.Context) error { return s.revoked(ctx, outer.TeamID, time.Unix(outer.EventTime, 0)) }
	default:
		return nil, nil
	}
	if !s.later(ctx, "event", f) { // Slack tells it again
		return nil, hajir.Errorf(hajir.Unavailable, "too much at once; tell it again")
	}
	return nil, nil
}
