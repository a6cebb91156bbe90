package api

import (
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// How many may be inside at once, and how many of them one client or account may
// have. A request that is worked on takes some 50 kB; how many of them wait for
// the database is bounded by these, too.
const (
	maxRequests        = 1024
	maxClientRequests  = 256 // an office behind one address
	maxStreams         = 1000
	maxAccountStreams  = 20 // pages that one person has open
	maxDownloads       = 64
	maxAccountDownload = 4
)

// crowd lets so many in at once, and so many of each by name; nobody waits.
type crowd struct {
	name       string
	room, each int
	full       string
	again      time.Duration

	mu      sync.Mutex
	inside  int
	of      map[string]int
	refused func()
}

func newCrowd(name string, room, each int, full string, again time.Duration) *crowd {
	return &crowd{name: name, room: room, each: each, full: full, again: again, of: map[string]int{}, refused: func() {}}
}

// enter lets somebody in until they leave.
func (c *crowd) enter(who string) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside >= c.room || who != "" && c.of[who] >= c.each {
		c.refused()
		return nil, busy(c.full, c.again)
	}
	c.inside++
	c.of[who]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.inside--
		if c.of[who]--; c.of[who] == 0 {
			delete(c.of, who)
		}
	}, nil
}

func (c *crowd) depth() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inside
}

// within is middleware that lets a request through while there is room for who
// sends it.
func (a *API) within(c *crowd, who func(huma.Context) string) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		leave, err := c.enter(who(ctx))
		if err != nil {
			a.write(ctx, err)
			return
		}
		defer leave()
		next(ctx)
	}
}

// network is where a request comes from; "" when that is not known.
func network(ctx huma.Context) string {
	return hajir.Network(identity.ClientOf(ctx.Context()).Address)
}

// account is whose request it is, or where it comes from when nobody has signed
// in.
func account(ctx huma.Context) string {
	if who := Caller(ctx.Context()); who.Username != "" {
		return who.Username
	}
	return network(ctx)
}
