package picture

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
)

// Look returns the picture that a link's token opens, and its key. It notes who looked at
// whose image, but for the small profile pictures that every list shows. Without the note there is no picture. The same viewer's looks
// at one image are noted once in a link's life, for pages show a picture in
// several sizes, and again when one comes back to them.
func (s *Service) Look(ctx context.Context, token string) (picture []byte, key string, err error) {
	g, err := s.Objects.Verify(ctx, token)
	if err != nil {
		return nil, "", err
	}
	who, err := s.viewer(ctx, g.Viewer)
	if err != nil {
		return nil, g.Key, err
	}
	content, err := s.Objects.Get(ctx, g.Key)
	if err != nil || objects.Avatar(g.Key) {
		return content, g.Key, err
	}
	act := identity.ActOf(ctx)
	act.Actor = who.Actor()
	err = s.Store.Record(identity.WithAct(ctx, act), hajir.Event{
		Company: who.Company, Action: hajir.ActionLook, Once: objects.LinkLife,
		Subject: hajir.Subject{Table: "objects", Key: objects.Image(g.Key), Person: g.Person},
	})
	return content, g.Key, err
}

// viewer returns whom a link was given to, if their session goes on. That of an
// issuer elsewhere is not ours to ask: its links end by their time alone.
func (s *Service) viewer(ctx context.Context, given identity.Principal) (identity.Principal, error) {
	if given.Issuer != "" {
		return given, nil
	}
	who, err := s.Viewers.Alive(ctx, given.Session)
	if hajir.CodeOf(err) == hajir.Unauthorized || err == nil && who.Username != given.Username {
		return who, &hajir.Error{Code: hajir.Forbidden, Message: "the session that this link was given to has ended; sign in and load the page again", Cause: err}
	}
	return who, err
}
