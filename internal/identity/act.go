package identity

import (
	"context"

	"hajir/internal/hajir"
)

// Act is who does something, and by which operation, as the audit log tells
// it.
type Act struct {
	Actor     hajir.Actor
	Operation string // an operation's id, or a command
	Function  string // that the operation belongs to; "" for a command
}

type actKey struct{}

// WithAct returns a context in which everything is done by a.
func WithAct(ctx context.Context, a Act) context.Context {
	return context.WithValue(ctx, actKey{}, a)
}

// ActOf returns who acts in ctx: the program, when nobody is said to.
func ActOf(ctx context.Context) Act {
	a, ok := ctx.Value(actKey{}).(Act)
	if !ok {
		a.Actor.Kind = hajir.ActorProgram
	}
	return a
}

// Prove returns a context in which u acts, if it was a stranger so far: who
// has shown a password or a token that is u's is one no longer.
func Prove(ctx context.Context, u User) context.Context {
	a := ActOf(ctx)
	if a.Actor.Kind != hajir.ActorStranger {
		return ctx
	}
	a.Actor = hajir.Actor{Kind: hajir.ActorAccount, Username: u.Username, Name: u.Name, Role: u.Role}
	return WithAct(ctx, a)
}

// Actor returns the account that p speaks for as an actor.
func (p Principal) Actor() hajir.Actor {
	return hajir.Actor{Kind: hajir.ActorAccount, Username: p.Username, Name: p.Name, Role: p.Role}
}
