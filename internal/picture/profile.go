package picture

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// A profile picture shows people whom a name belongs to. It is no enrolment: no
// face is sought in it, nobody is recognised by it, and it needs no consent to
// recognition.

// SetProfile keeps the square in the middle of a picture as username's profile
// picture. The one before is shown until all of the new one is kept.
func (s *Service) SetProfile(ctx context.Context, company, username string, picture []byte) (hajir.Employee, error) {
	if _, err := s.employee(ctx, company, username); err != nil {
		return hajir.Employee{}, err
	}
	sizes, err := s.Pictures.Square(ctx, picture, objects.Pixels()...)
	if err != nil {
		return hajir.Employee{}, err
	}
	id := uuid.NewString()
	for i, size := range objects.Sizes() {
		if err := s.Objects.Put(ctx, objects.ProfileKey(company, username, id, size), sizes[i]); err != nil {
			s.dropProfile(ctx, company, username, id)
			return hajir.Employee{}, fmt.Errorf("keep picture: %w", err)
		}
	}
	e, before, err := s.swapProfile(ctx, company, username, id)
	switch {
	case err == nil:
		s.dropProfile(ctx, company, username, before)
	case !hajir.Fault(err): // else it may have been saved all the same
		s.dropProfile(ctx, company, username, id)
	}
	return e, err
}

// RemoveProfile removes username's profile picture; none is no error.
func (s *Service) RemoveProfile(ctx context.Context, company, username string) error {
	_, before, err := s.swapProfile(ctx, company, username, "")
	if err != nil {
		return err
	}
	if before == "" {
		return nil
	}
	return s.Objects.DeleteAll(ctx, objects.ProfilePrefix(company, username)+before+"/")
}

// swapTries bounds how often the record is loaded anew because others save it.
const swapTries = 16

// swapProfile saves the ID of another profile picture, and returns the one before.
func (s *Service) swapProfile(ctx context.Context, company, username, id string) (e hajir.Employee, before string, err error) {
	ctx = context.WithoutCancel(ctx) // once begun, it is seen through
	for try := 1; ; try++ {
		if e, err = s.employee(ctx, company, username); err != nil {
			return e, "", err
		}
		before, e.Picture = e.Picture, id
		if before == id { // there was none to remove
			return e, before, nil
		}
		err = s.Store.SaveEmployee(ctx, e)
		if err == nil {
			e.Version++
			return e, before, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || try == swapTries {
			return e, "", fmt.Errorf("save employee: %w", err)
		}
	}
}

// dropProfile removes a picture that nobody is shown any more. One that stays is
// seen by nobody either, and goes with the person.
func (s *Service) dropProfile(ctx context.Context, company, username, id string) {
	if id == "" {
		return
	}
	err := s.Objects.DeleteAll(context.WithoutCancel(ctx), objects.ProfilePrefix(company, username)+id+"/")
	if err != nil {
		s.Log.WarnContext(ctx, "a former profile picture stays", "username", username, "picture", id, "error", err)
	}
}
