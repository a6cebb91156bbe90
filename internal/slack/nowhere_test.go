package slack

import (
	"context"

	"hajir/internal/hajir"
)

// nowhere is a store that knows no workspace.
type nowhere struct{ Store }

func (nowhere) SlackByTeam(context.Context, string) (hajir.Slack, error) {
	return hajir.Slack{}, hajir.Errorf(hajir.NotFound, "no such connection")
}
