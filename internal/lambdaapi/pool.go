package lambdaapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Pool is what a Cognito user pool asks before and after it does something. A
// trigger fills in its event's Response; its error's message is shown to whoever
// signs up or in, and stops what was to be done.
type Pool struct {
	PreSignUp          func(context.Context, *events.CognitoEventUserPoolsPreSignup) error
	PreAuthentication  func(context.Context, *events.CognitoEventUserPoolsPreAuthentication) error
	PostConfirmation   func(context.Context, *events.CognitoEventUserPoolsPostConfirmation) error
	PostAuthentication func(context.Context, *events.CognitoEventUserPoolsPostAuthentication) error
	// PreToken makes claims of ID and access tokens (version 2 of the trigger).
	PreToken      func(context.Context, *events.CognitoEventUserPoolsPreTokenGenV2_0) error
	CustomMessage func(context.Context, *events.CognitoEventUserPoolsCustomMessage) error
}

// entry returns what answers a trigger; nil for nothing. A trigger's name is its
// kind and, behind "_", the occasion.
func (p Pool) entry(source string) entry {
	kind, _, _ := strings.Cut(source, "_")
	switch kind {
	case "PreSignUp":
		return trigger(p.PreSignUp)
	case "PreAuthentication":
		return trigger(p.PreAuthentication)
	case "PostConfirmation":
		return trigger(p.PostConfirmation)
	case "PostAuthentication":
		return trigger(p.PostAuthentication)
	case "TokenGeneration":
		return trigger(p.PreToken)
	case "CustomMessage":
		return trigger(p.CustomMessage)
	}
	return nil
}

// trigger answers with the whole event, as Cognito wants it.
func trigger[E any](run func(context.Context, *E) error) entry {
	if run == nil {
		return nil
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		e := new(E)
		if err := json.Unmarshal(payload, e); err != nil {
			return nil, errUnread(err)
		}
		if err := run(ctx, e); err != nil {
			return nil, err
		}
		return json.Marshal(e)
	}
}

// errUnread is the error of an event whose fields are not what they should be.
// Its cause names a field, and nothing that stands in it.
func errUnread(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("read event: the field %s is a %s", e.Field, e.Value)
	}
	return errors.New("read event: it is not what its kind should be")
}
