package mail

import (
	"context"
	"sync"
	"time"
)

// backgroundTimeout bounds the sending of one message that nobody waits for.
const backgroundTimeout = 15 * time.Second

// Background sends messages while whoever has them sent goes on. The zero
// Background is ready to use, and safe for concurrent use.
type Background struct{ running sync.WaitGroup }

// Send hands m to s, whether or not ctx ends meanwhile, and calls failed with why
// it was not taken.
func (b *Background) Send(ctx context.Context, s Sender, m Message, failed func(error)) {
	ctx = context.WithoutCancel(ctx)
	b.running.Go(func() {
		limited, cancel := context.WithTimeout(ctx, backgroundTimeout)
		defer cancel()
		if err := s.Send(limited, m); err != nil {
			failed(err)
		}
	})
}

// Wait returns when every message is sent, or has failed.
func (b *Background) Wait() { b.running.Wait() }
