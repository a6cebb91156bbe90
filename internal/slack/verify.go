package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// Signed is a request of Slack's as it arrives. Operations embed it.
type Signed struct {
	Signature string `header:"X-Slack-Signature" doc:"Of the timestamp and the body, by the app's signing secret"`
	Timestamp string `header:"X-Slack-Request-Timestamp" doc:"Seconds since 1970; at most five minutes ago"`
	RawBody   []byte
}

// window is for how long a signature is good: five minutes to either side.
const window = 10 * time.Minute

// rememberTime bounds a look at the store before Slack is answered, which must
// be within three seconds: with two of them, and patience, it is.
const rememberTime = 600 * time.Millisecond

// verify lets a request in that Slack signed a moment ago, and once. Nothing of
// the body is looked at before.
func (s *Service) verify(ctx context.Context, in Signed) error {
	if !s.App.Set() {
		return hajir.Errorf(hajir.NotFound, "this installation has no Slack app; its operator can name one")
	}
	refused := func(err error) error {
		return &hajir.Error{Code: hajir.Unauthorized, Message: "the request is not signed by Slack, or came too late", Cause: err}
	}
	verifier, err := slackgo.NewSecretsVerifier(http.Header{
		"X-Slack-Signature": {in.Signature}, "X-Slack-Request-Timestamp": {in.Timestamp},
	}, s.App.SigningSecret)
	if err != nil {
		return refused(err)
	}
	if _, err := verifier.Write(in.RawBody); err != nil {
		return refused(err)
	}
	if err := verifier.Ensure(); err != nil {
		return refused(err)
	}
	ctx, cancel := context.WithTimeout(ctx, rememberTime)
	defer cancel()
	sum := sha256.Sum256([]byte(in.Timestamp + "/" + in.Signature))
	err = s.Store.UseChallenge(ctx, "slack/"+hex.EncodeToString(sum[:]), s.Now().Add(window))
	if hajir.CodeOf(err) == hajir.Conflict {
		return &hajir.Error{Code: hajir.Unauthorized, Message: "this request was sent before", Cause: err}
	}
	return err
}
