package ses

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// failure gives err its code: Refused if SES will never take the message as it
// is, otherwise Unavailable. The cause names SES's error and not its text, which
// repeats addresses.
func failure(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return later(fmt.Errorf("hand over the message: %w", ended))
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return later(fmt.Errorf("reach SES: %w", err))
	}
	cause := fmt.Errorf("SES replied %s", api.ErrorCode())
	switch api.ErrorCode() {
	case "MessageRejected", "BadRequestException":
		return &hajir.Error{Code: mail.Refused, Message: "the mail service refuses the message", Cause: cause}
	case "MailFromDomainNotVerifiedException":
		return &hajir.Error{Code: mail.Refused, Message: "the mail service does not know the sender's domain; have SES verify it", Cause: cause}
	case "NotFoundException":
		return &hajir.Error{Code: mail.Refused, Message: "the mail service has no such configuration set or sender", Cause: cause}
	}
	// TooManyRequestsException, LimitExceededException, SendingPausedException,
	// AccountSuspendedException, credentials: what an operator or time mends.
	return later(cause)
}

func later(cause error) error {
	return &hajir.Error{
		Code: hajir.Unavailable, Message: "the mail service does not take the message now; try again later", Cause: cause,
	}
}
