// Package consent keeps what people decided about the recognition of their
// face, and sees to it that what they no longer agree to goes: templates at
// once, pictures when they have had their time. Several features change what
// it looks after, so that it is a room of its own. Read consent.go first;
// erase.go is the scheduled part.
//
// A withdrawal or a deactivation touches the person's record, their templates,
// and an erasure. No transaction spans them; instead each step can be taken
// again, in this order:
//
//  1. Before: the erasure is stored, which the job will find whatever happens;
//  2. the person's record is saved, which is what recognition and enrolment ask;
//  3. Settle: the templates are removed, and the erasure says so. An erasure
//     that the record does not ask for is cancelled.
//
// Whoever is cut off leaves an open erasure. The job settles every one of them.
package consent

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Store keeps people and erasures. Loading what is not there returns a
// *hajir.Error with NotFound; saving at a stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	SaveEmployee(ctx context.Context, e hajir.Employee) error
	// Erasures returns every erasure of a person, newest first.
	Erasures(ctx context.Context, username string) ([]hajir.Erasure, error)
	Erasure(ctx context.Context, username string, number int) (hajir.Erasure, error)
	// OpenErasures returns at most limit erasures that have something left to
	// do, those due first before others, beginning behind after.
	OpenErasures(ctx context.Context, after hajir.Erasure, limit int) ([]hajir.Erasure, error)
	SaveErasure(ctx context.Context, x hajir.Erasure) error
	Day(ctx context.Context, name, date string) (hajir.Day, error)
	// PersonDays returns at most limit of a person's days in order, beginning
	// behind the date after.
	PersonDays(ctx context.Context, name, after string, limit int) ([]hajir.Day, error)
	SaveDay(ctx context.Context, d hajir.Day) error
	// Reviews returns at most limit of a company's reviews that are open, or done,
	// newest first, with IDs below before, if it is not empty, and from from on.
	Reviews(ctx context.Context, company string, open bool, from, before string, limit int) ([]hajir.Review, error)
	Review(ctx context.Context, company, id string) (hajir.Review, error)
	SaveReview(ctx context.Context, r hajir.Review) error
}

// Faces keeps templates.
type Faces interface {
	List(ctx context.Context, company, username string) ([]faces.Indexed, error)
	Remove(ctx context.Context, company, username string, faceIDs ...string) error
}

// Objects keeps pictures.
type Objects interface {
	Each(ctx context.Context, prefix string, visit func(key string) error) error
	Delete(ctx context.Context, key string) error
	DeleteAll(ctx context.Context, prefix string) error
}

// Service keeps decisions and erases.
type Service struct {
	Store   Store
	Faces   Faces
	Objects Objects
	Now     func() time.Time
	Log     *slog.Logger
}

// maxTries bounds how often a change is made anew when others change the same
// record.
const maxTries = 16

// Decide records a decision about a person's face. A withdrawal has removed
// their templates when it returns without an error; after one, the same
// decision again does the rest.
func (s *Service) Decide(ctx context.Context, company, username string, d hajir.Consent) (hajir.Employee, error) {
	d.At = s.Now().UTC()
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return hajir.Employee{}, fmt.Errorf("load company: %w", err)
	}
	d.RetentionDays = c.RetentionDays
	var e hajir.Employee
	// Once begun, it is seen through, even when the person leaves the page.
	ctx = context.WithoutCancel(ctx)
	err = retry(func() error {
		was, err := s.person(ctx, company, username)
		if err != nil {
			return err
		}
		if e, err = was.Decide(d); err != nil || slices.Equal(e.Decisions(), was.Decisions()) {
			return err
		}
		if err := s.Before(ctx, was, e, d.By); err != nil {
			return err
		}
		if err := s.Store.SaveEmployee(ctx, e); err != nil {
			return err
		}
		e.Version++
		return nil
	})
	if err != nil {
		return e, err
	}
	return e, s.Settle(ctx, company, username, d.By)
}

func (s *Service) person(ctx context.Context, company, username string) (hajir.Employee, error) {
	e, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}

// Before prepares a change of a person's record from was to will, which is not
// saved yet: of their decision, or of whether they are active.
func (s *Service) Before(ctx context.Context, was, will hajir.Employee, by string) error {
	return retry(func() error { return s.before(ctx, was, will, by) })
}

func (s *Service) before(ctx context.Context, was, will hajir.Employee, by string) error {
	all, err := s.Store.Erasures(ctx, was.Username)
	if err != nil {
		return fmt.Errorf("load erasures: %w", err)
	}
	why, erase := reason(was, will)
	if !erase {
		if slices.ContainsFunc(all, func(x hajir.Erasure) bool { return x.State() == hajir.ErasureBegun }) {
			return hajir.Errorf(hajir.Unavailable, "the pictures of %s are being erased at this moment; try again in a few minutes", was.Name)
		}
		return nil
	}
	if i := slices.IndexFunc(all, hajir.Erasure.Open); i >= 0 {
		x := all[i]
		if x.For >= was.Version {
			return nil
		}
		x.For = was.Version // so that nobody who was earlier cancels it now
		return s.Store.SaveErasure(ctx, x)
	}
	if why == hajir.ErasedDeclined { // of most who decline, nothing was ever kept
		kept, err := s.Faces.List(ctx, was.Company, was.Username)
		if err != nil {
			return fmt.Errorf("list faces: %w", err)
		}
		if len(kept) == 0 {
			return nil
		}
	}
	return s.ask(ctx, all, was, why, by)
}

// reason says whether the change from was to will asks for an erasure.
func reason(was, will hajir.Employee) (hajir.ErasureReason, bool) {
	if was.Active && !will.Active {
		return hajir.ErasedDeactivated, true
	}
	if was.Consent.State == will.Consent.State {
		return "", false
	}
	switch will.Consent.State {
	case hajir.ConsentWithdrawn:
		return hajir.ErasedWithdrawn, true
	case hajir.ConsentDeclined:
		return hajir.ErasedDeclined, true
	case hajir.ConsentNone, hajir.ConsentGiven:
	}
	return "", false
}

// ask stores an erasure of e behind all that there were. Of several who ask at
// once, one stores it and the others meet a conflict.
func (s *Service) ask(ctx context.Context, all []hajir.Erasure, e hajir.Employee, why hajir.ErasureReason, by string) error {
	c, err := s.Store.Company(ctx, e.Company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	number := 1
	if len(all) > 0 {
		number = all[0].Number + 1
	}
	return s.Store.SaveErasure(ctx, hajir.AskErasure(number, e, c, why, by, s.Now().UTC()))
}

// Settle brings a person's erasures in line with their record, after a change
// that Before has prepared. Their templates are gone when it returns, if the
// record asks for it.
func (s *Service) Settle(ctx context.Context, company, username, by string) error {
	return retry(func() error {
		e, err := s.person(ctx, company, username)
		if err != nil {
			return err
		}
		all, err := s.Store.Erasures(ctx, username)
		if err != nil {
			return fmt.Errorf("load erasures: %w", err)
		}
		open := slices.DeleteFunc(slices.Clone(all), func(x hajir.Erasure) bool { return !x.Open() })
		why, erase := e.EraseWhy()
		if !erase {
			return s.cancel(ctx, e, open, by)
		}
		kept, err := s.Faces.List(ctx, company, username)
		if err != nil {
			return fmt.Errorf("list faces: %w", err)
		}
		if len(open) == 0 {
			if len(kept) == 0 {
				return nil
			}
			if err := s.ask(ctx, all, e, why, by); err != nil {
				return err
			}
			return hajir.Errorf(hajir.Conflict, "asked for now") // so take it from the top
		}
		for _, x := range open { // one, as a rule
			if err := s.removeTemplates(ctx, x, kept); err != nil {
				return err
			}
			kept = nil
		}
		return nil
	})
}

func (s *Service) cancel(ctx context.Context, e hajir.Employee, open []hajir.Erasure, by string) error {
	now := s.Now().UTC()
	for _, x := range open {
		if !x.MayCancel(e, now) {
			continue
		}
		x.CancelledAt, x.RanBy = now, by
		if err := s.finish(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

// removeTemplates removes what is kept, and has x say so. The count is stored
// first, for afterwards it cannot be taken.
func (s *Service) removeTemplates(ctx context.Context, x hajir.Erasure, kept []faces.Indexed) error {
	if len(kept) == 0 && !x.TemplatesAt.IsZero() {
		return nil
	}
	n := 0 // each face is kept in several versions while the model is changed
	for _, k := range kept {
		n += len(k.Versions)
	}
	// While TemplatesAt is zero a removal may have been cut off, so that what is
	// kept now was counted already.
	if !x.TemplatesAt.IsZero() {
		x.Templates, x.TemplatesAt = x.Templates+n, time.Time{}
	} else {
		x.Templates = max(x.Templates, n)
	}
	for _, k := range kept {
		for _, version := range k.Versions {
			if !slices.Contains(x.Models, version) {
				x.Models = append(slices.Clone(x.Models), version)
			}
		}
	}
	if err := s.Store.SaveErasure(ctx, x); err != nil {
		return err
	}
	x.Version++
	if err := s.Faces.Remove(ctx, x.Company, x.Username); err != nil {
		return fmt.Errorf("remove faces: %w", err)
	}
	x.TemplatesAt = s.Now().UTC()
	return s.Store.SaveErasure(ctx, x)
}

// finish stores x as done or cancelled, with the hash of its receipt.
func (s *Service) finish(ctx context.Context, x hajir.Erasure) error {
	_, sum, err := x.Receipt()
	if err != nil {
		return err
	}
	x.SHA256 = sum
	return s.Store.SaveErasure(ctx, x)
}

// retry runs change again while it meets a conflict.
func retry(change func() error) error {
	for try := 1; ; try++ {
		err := change()
		if try == maxTries || hajir.CodeOf(err) != hajir.Conflict {
			return err
		}
	}
}
