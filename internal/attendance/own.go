package attendance

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// Own is somebody who records by themselves that they come or go, elsewhere
// than at a kiosk. Whether they may is the caller's to say.
type Own struct {
	Company, Username string
	Source            hajir.Source
	Place             string // where they say it
	Key               string // idempotency key, if there is one
	Want              hajir.Direction
}

// RecordOwn records it. Who is in cannot come, and who is out cannot leave: a
// Conflict.
func (s *Service) RecordOwn(ctx context.Context, o Own) (Result, error) {
	a := Attempt{Company: o.Company, Source: o.Source, By: o.Username, Place: o.Place, Key: o.Key}
	r, err := s.begin(ctx, a)
	if err != nil {
		return r, err
	}
	if r.Employee, err = s.Store.Employee(ctx, o.Username); err == nil {
		err = r.Employee.BelongsTo(o.Company)
	}
	if err != nil {
		return r, fmt.Errorf("load employee: %w", err)
	}
	if !r.Employee.Attends() {
		return r, hajir.Errorf(hajir.Forbidden, "%s has no attendance", r.Employee.Name)
	}
	r.want = o.Want
	if r, err = s.finish(ctx, r, a, nil); err != nil {
		return r, err
	}
	return r, r.wanted(r.Punch)
}

// wanted refuses a punch of the other direction than the one that is asked for;
// "" asks for none.
func (r Result) wanted(p hajir.Punch) error {
	switch {
	case r.want == "" || p.Direction == r.want:
		return nil
	case r.Repeated:
		return hajir.Errorf(hajir.Conflict, "this is too soon after what was recorded last; wait a few minutes, and try again")
	case r.want == hajir.Entry:
		return hajir.Errorf(hajir.Conflict, "you are in already; nothing was recorded")
	}
	return hajir.Errorf(hajir.Conflict, "you are not in, so you cannot leave; nothing was recorded. Ask for a correction if an entry is missing")
}
