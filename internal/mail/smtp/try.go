package smtp

import (
	"context"
	"time"
)

// Try connects as Send does, with the protection that is configured, signs in,
// and hangs up: nothing is sent. Its failures are as Send's.
func (s *Sender) Try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	client, hangUp, err := s.connect(ctx)
	defer hangUp()
	if err != nil {
		return s.failure(ctx, connecting, "", err)
	}
	if s.config.Username != "" {
		if err := s.authenticate(client); err != nil {
			return s.failure(ctx, authenticating, "", err)
		}
	}
	if client.UpdateDeadline(time.Second) == nil {
		_ = client.Quit() // a server that forgets its manners takes mails all the same
	}
	return nil
}
