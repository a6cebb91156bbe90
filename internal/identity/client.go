package identity

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// Client is where a request comes from, as far as one can tell.
type Client struct {
	Address string // IP address; "" when there is no network, as on the command line
	Device  string // a few words, such as "Firefox on Windows"
}

type clientKey struct{}

// WithClient returns a context that says where its request comes from.
func WithClient(ctx context.Context, c Client) context.Context {
	return context.WithValue(ctx, clientKey{}, c)
}

// ClientOf returns where ctx's request comes from; the zero Client when that
// is not said.
func ClientOf(ctx context.Context) Client {
	c, _ := ctx.Value(clientKey{}).(Client)
	return c
}

// Tries are the wrong tries at one thing, as a store keeps them.
type Tries struct {
	Key string // opaque
	hajir.Failures
	ForgottenAt time.Time
	Version     int // grows by one with every stored change; zero means never stored
}
