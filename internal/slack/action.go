package slack

import (
	"context"
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// onAction does what somebody pressed, or sent in a window.
func (s *Service) onAction(ctx context.Context, payload string) (any, error) {
	var in slackgo.InteractionCallback
	if err := json.Unmarshal([]byte(payload), &in); err != nil {
		return nil, &hajir.Error{Code: hajir.Invalid, Message: "the payload is no interaction", Cause: err}
	}
	if in.Team.ID == "" || in.User.ID == "" {
		return nil, hajir.Errorf(hajir.Invalid, "an interaction names its team and user")
	}
	switch in.Type { //nolint:exhaustive // the others need nothing
	case slackgo.InteractionTypeBlockActions:
		return nil, s.onButton(ctx, in)
	case slackgo.InteractionTypeViewSubmission:
		return s.onWindow(ctx, in)
	}
	return nil, nil
}

func (s *Service) onButton(ctx context.Context, in slackgo.InteractionCallback) error {
	for _, a := range in.ActionCallback.BlockActions {
		if a == nil {
			continue
		}
		var f func(context.Context, caller) error
		switch a.ActionID {
		case actionApprove:
			f = func(ctx context.Context, c caller) error { return s.decide(ctx, c, a.Value, true, "") }
		case actionRefuse:
			f = func(ctx context.Context, c caller) error {
				return s.openView(ctx, c.Slack, in.TriggerID, refuseView(a.Value))
			}
		case actionLeave:
			f = func(ctx context.Context, c caller) error { return s.openLeave(ctx, c, in.TriggerID) }
		default: // a link, which the browser opens
			continue
		}
		taken := s.later(ctx, "button", func(ctx context.Context) error {
			c, err := s.member(ctx, in)
			if err == nil {
				err = f(c.acting(ctx, "slack-action"), c)
			}
			if err == nil {
				return nil
			}
			return s.answer(ctx, c, in, say(s.excuse(ctx, err)))
		})
		if !taken {
			return hajir.Errorf(hajir.Unavailable, "%s", strings.ToLower(busy[:1])+busy[1:])
		}
	}
	return nil
}

// member is who pressed: one of the company's people, or an error.
func (s *Service) member(ctx context.Context, in slackgo.InteractionCallback) (caller, error) {
	c, err := s.who(ctx, in.Team.ID, in.User.ID)
	if err == nil && c.username == "" {
		err = hajir.Errorf(hajir.Forbidden, "Hajir does not know who you are; type /hajir help, and link your account")
	}
	return c, err
}

// answer tells who pressed a button what came of it.
func (s *Service) answer(ctx context.Context, c caller, in slackgo.InteractionCallback, m message) error {
	if in.ResponseURL != "" {
		return s.reply(ctx, in.ResponseURL, m)
	}
	if !c.Connected() {
		return nil
	}
	_, err := s.tell(ctx, c.Slack, in.User.ID, m)
	return err
}

// onWindow does what somebody sent in a window.
func (s *Service) onWindow(ctx context.Context, in slackgo.InteractionCallback) (any, error) {
	find, cancel := context.WithTimeout(ctx, rememberTime)
	c, err := s.member(find, in)
	cancel()
	field := map[string]string{callbackLeave: fieldType, callbackRefuse: fieldNote}[in.View.CallbackID]
	if field == "" {
		return nil, nil
	}
	if err != nil {
		return slackgo.NewErrorsViewSubmissionResponse(map[string]string{field: s.shown(ctx, err)}), nil
	}
	ctx = c.acting(ctx, "slack-action")
	if in.View.CallbackID == callbackLeave {
		return s.askLeave(ctx, c, in.View)
	}
	why := ""
	if in.View.State != nil {
		why = in.View.State.Values[fieldNote][fieldNote].Value
	}
	return s.decidedSoon(ctx, c, func(ctx context.Context) (string, error) {
		return ":no_entry: You refused it.", s.decide(ctx, c, in.View.PrivateMetadata, false, why)
	}, func(error) string { return fieldNote })
}
