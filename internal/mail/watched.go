package mail

import "context"

// Watched is a sender of which somebody counts what becomes of its messages.
type Watched struct {
	Sender
	Tell func(sent bool)
}

// Send implements Sender.
func (w Watched) Send(ctx context.Context, m Message) error {
	err := w.Sender.Send(ctx, m)
	w.Tell(err == nil)
	return err
}
