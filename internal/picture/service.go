// Package picture is UploadPicture: enrolment photos come in, their face is
// indexed, and the picture is kept; profile pictures come in and are shown. Read
// service.go first, then examine.go and profile.go; the http files declare the operations.
package picture

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
)

// Store loads whom a face belongs to. What is not there is a *hajir.Error with
// NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// Record notes in the audit log that somebody looked.
	Record(ctx context.Context, e hajir.Event) error
	// SaveEmployee at a stale version is a Conflict.
	SaveEmployee(ctx context.Context, e hajir.Employee) error
}

// Objects keeps pictures and opens signed links.
type Objects interface {
	Put(ctx context.Context, key string, content []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	DeleteAll(ctx context.Context, prefix string) error
	Link(ctx context.Context, key, person string, viewer identity.Principal) (string, time.Time, error)
	Verify(ctx context.Context, token string) (objects.Grant, error)
}

// Viewers tells who looks.
type Viewers interface {
	// Alive returns whose session id is, or an Unauthorized error when it has
	// ended.
	Alive(ctx context.Context, id string) (identity.Principal, error)
}

// Normalizer turns a picture into upright JPEGs without metadata, one for each
// of longer: the most pixels that its longer side may have.
type Normalizer interface {
	Normalize(ctx context.Context, picture []byte, longer ...int) ([][]byte, error)
	// Square does so with the square in the middle.
	Square(ctx context.Context, picture []byte, sides ...int) ([][]byte, error)
}

// Service enrols faces and keeps profile pictures.
type Service struct {
	Store    Store
	Objects  Objects
	Viewers  Viewers
	Faces    faces.Recognizer
	Pictures Normalizer
	Log      *slog.Logger
}

// maxFaces bounds how many faces a person has. More pictures of one person
// add little and widen what they can be mistaken for.
const maxFaces = 20

// Enrolled is a face that was kept, and who else looks most like it.
type Enrolled struct {
	faces.Indexed
	Nearest *hajir.Candidate
}

// Enrol keeps the one face that the picture shows as username's. A refusal is
// a *hajir.Error that says why.
func (s *Service) Enrol(ctx context.Context, company, username string, picture []byte) (Enrolled, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return Enrolled{}, fmt.Errorf("load company: %w", err)
	}
	e, err := s.employee(ctx, company, username)
	if err != nil {
		return Enrolled{}, err
	}
	if err := e.FaceAllowed(); err != nil {
		return Enrolled{}, err
	}
	kept, err := s.Faces.List(ctx, company, username)
	if err != nil {
		return Enrolled{}, fmt.Errorf("list faces: %w", err)
	}
	if len(kept) >= maxFaces {
		return Enrolled{}, hajir.Errorf(hajir.Conflict, "%s has %d faces already, the most allowed; delete one first", e.Name, maxFaces)
	}
	sizes, err := s.Pictures.Normalize(ctx, picture, objects.Pixels()...)
	if err != nil {
		return Enrolled{}, err
	}
	// The pictures are kept first: a face without its picture could not be shown
	// or computed anew, a picture without its face costs only space.
	faceID := uuid.NewString()
	for i, size := range objects.Sizes() {
		if err := s.Objects.Put(ctx, objects.FaceKey(company, username, faceID, size), sizes[i]); err != nil {
			return Enrolled{}, fmt.Errorf("keep picture: %w", err)
		}
	}
	var out Enrolled
	out.Indexed, err = s.Faces.Index(ctx, company, username, faceID, picture, func(f faces.Frame) error {
		if err := s.dropUnasked(ctx, company, &f); err != nil {
			return err
		}
		seen := f.Sightings()
		if err := c.Match.Enrol(username, seen, s.Faces.Model()); err != nil {
			return err
		}
		out.Nearest = c.Match.Nearest(username, seen)
		return nil
	}, measures(c.Match)...)
	if err == nil {
		err = s.stillAllowed(ctx, company, username, faceID)
	}
	// After a failure of the store the face may have been kept all the same.
	if err != nil && (!hajir.Fault(err) || ctx.Err() != nil) {
		if err := s.Objects.DeleteAll(context.WithoutCancel(ctx), objects.FacePrefix(company, username, faceID)); err != nil {
			s.Log.WarnContext(ctx, "picture of a refused face stays", "face", faceID, "error", err)
		}
	}
	if err != nil {
		return Enrolled{}, err
	}
	return out, nil
}

// stillAllowed takes a face back that was kept while the person withdrew their
// consent or left. Whoever withdraws saves that first, and then removes what is
// kept: so either they remove this face too, or it is seen here.
func (s *Service) stillAllowed(ctx context.Context, company, username, faceID string) error {
	ctx = context.WithoutCancel(ctx)
	e, err := s.employee(ctx, company, username)
	if err == nil {
		err = e.FaceAllowed()
	}
	if err == nil {
		return nil
	}
	if undo := s.Faces.Remove(ctx, company, username, faceID); undo != nil {
		s.Log.ErrorContext(ctx, "a face that is no longer agreed to stays until the next erasure", "face", faceID, "error", undo)
	}
	return err
}

// dropUnasked takes candidates out of frame whose face may not be recognised,
// not even to find that it is somebody's already.
func (s *Service) dropUnasked(ctx context.Context, company string, frame *faces.Frame) error {
	for i, face := range frame.Faces {
		var kept []faces.Candidate
		for _, c := range face.Candidates {
			e, err := s.Store.Employee(ctx, c.Username)
			if err != nil && hajir.CodeOf(err) != hajir.NotFound {
				return fmt.Errorf("load employee: %w", err)
			}
			if e.Company == company && e.FaceAllowed() == nil {
				kept = append(kept, c)
			}
		}
		frame.Faces[i].Candidates = kept
	}
	return nil
}

// Delete forgets one face and its picture; one that is not there is no error.
func (s *Service) Delete(ctx context.Context, company, username, faceID string) error {
	if _, err := s.employee(ctx, company, username); err != nil {
		return err
	}
	if err := uuid.Validate(faceID); err != nil {
		return &hajir.Error{Code: hajir.NotFound, Message: "no such face", Cause: err}
	}
	if err := s.Faces.Remove(ctx, company, username, faceID); err != nil {
		return fmt.Errorf("remove face: %w", err)
	}
	return s.Objects.DeleteAll(ctx, objects.FacePrefix(company, username, faceID))
}

// employee returns the person, if they are the company's.
func (s *Service) employee(ctx context.Context, company, username string) (hajir.Employee, error) {
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}
