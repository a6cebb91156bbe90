package smtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// failure gives err its code: Refused if the server replied with a permanent
// failure, otherwise Unavailable. A certificate that does not fit or a missing
// STARTTLS is not permanent, or whoever sits in between could discard mail.
func (s *Sender) failure(ctx context.Context, at step, to string, err error) error {
	if ended := ctx.Err(); ended != nil {
		return later(fmt.Errorf("%s: %w", at, ended))
	}
	reply, replied := errors.AsType[*textproto.Error](err)
	if !replied {
		return later(fmt.Errorf("%s: %w", at, discreet(at, err)))
	}
	cause := fmt.Errorf("%s: the server replied %d %q", at, reply.Code, s.quote(reply.Msg, to))
	if at == authenticating {
		// The server may repeat what it was told.
		cause = fmt.Errorf("%s: the server replied %d", at, reply.Code)
	}
	switch {
	case reply.Code < 500:
		return later(cause)
	case at == authenticating:
		return &hajir.Error{Code: mail.Refused, Message: "the mail server does not accept the user name and password", Cause: cause}
	default:
		return &hajir.Error{Code: mail.Refused, Message: "the mail server refuses the message", Cause: cause}
	}
}

func later(cause error) error {
	return &hajir.Error{
		Code: hajir.Unavailable, Message: "the mail server does not take the message now; try again later", Cause: cause,
	}
}

// discreet returns err unless it may repeat a password: what a server says
// during authentication ends up in some errors.
func discreet(at step, err error) error {
	_, network := errors.AsType[net.Error](err)
	if at != authenticating || network || errors.Is(err, errMechanism) || errors.Is(err, smtp.ErrUnencrypted) {
		return err
	}
	return errors.New("the server gave an unexpected answer")
}

// quote returns the beginning of what the server said, without the people and
// secrets that it may have repeated.
func (s *Sender) quote(said, to string) string {
	for _, secret := range []string{to, s.config.Password, s.config.Username} {
		if secret != "" {
			said = strings.ReplaceAll(said, secret, "…")
		}
	}
	if len(said) > 300 {
		said = said[:300]
	}
	return strings.ToValidUTF8(said, "")
}
