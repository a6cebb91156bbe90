package remodel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// BeginAll is Begin for every company.
func (s *Service) BeginAll(ctx context.Context) error {
	return s.each(ctx, func(company string) error { return s.Begin(ctx, company) })
}

// RunAll does what is to be done of every company's change. With all it also
// looks for faces that were missed, tries those anew that could not be changed,
// and removes what has had its time.
func (s *Service) RunAll(ctx context.Context, all bool) error {
	return s.each(ctx, func(company string) error {
		m, err := s.Store.FaceModels(ctx, company)
		if err != nil || m.Version == 0 || m.Next == "" && !all {
			return err
		}
		_, err = s.Run(ctx, company, all, func(int, int) {})
		return err
	})
}

// each goes on with the next company after a failure.
func (s *Service) each(ctx context.Context, do func(company string) error) error {
	companies, err := s.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	var errs []error
	for _, c := range companies {
		if ctx.Err() != nil {
			break
		}
		if err := do(c.Username); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.Username, err))
		}
	}
	return errors.Join(append(errs, ctx.Err())...)
}

// Run computes the faces anew that are not in the version that all should have,
// and finishes the change when none is left. It may be cut off at any moment and
// run again; while another process is at it, it does nothing, and says false. It
// tells how many faces are done, of how many. With again it also tries those that
// could not be changed before.
func (s *Service) Run(ctx context.Context, company string, again bool, progress func(done, all int)) (bool, error) {
	m, mine, err := s.claim(ctx, company)
	if err != nil || !mine {
		return false, err
	}
	err = s.renew(ctx, m, again, progress)
	released := s.release(context.WithoutCancel(ctx), company)
	if err = errors.Join(err, released); err != nil {
		return true, err
	}
	return true, s.settle(ctx, company)
}

// claim has this process be the one that changes company's faces.
func (s *Service) claim(ctx context.Context, company string) (hajir.Models, bool, error) {
	mine := false
	m, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		m, mine = m.Claim(s.Worker, s.Now().UTC())
		return m, mine, nil
	})
	return m, mine, err
}

func (s *Service) release(ctx context.Context, company string) error {
	_, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		mine := m.Worker == s.Worker
		if mine {
			m.Worker, m.WorkUntil = "", time.Time{}
		}
		return m, mine, nil
	})
	return err
}

// renew computes faces anew until none is to be.
func (s *Service) renew(ctx context.Context, m hajir.Models, again bool, progress func(done, all int)) error {
	tried := map[[2]string]bool{}
	if !again {
		left, err := s.Store.LeftFaces(ctx, m.Company)
		if err != nil {
			return fmt.Errorf("list faces that were left: %w", err)
		}
		for _, f := range left {
			if f.Model == m.Target() {
				tried[[2]string{f.Username, f.FaceID}] = true
			}
		}
	}
	for {
		now, kept, err := s.load(ctx, m.Company)
		if err != nil || now.Target() != m.Target() {
			return err // somebody went back meanwhile
		}
		open, done := pending(kept, m.Target(), tried)
		if len(open) == 0 {
			return nil
		}
		all := done + len(open)
		for _, face := range open {
			if err := ctx.Err(); err != nil {
				return err
			}
			tried[[2]string{face.Username, face.FaceID}] = true
			if err := s.one(ctx, m, face); err != nil {
				return err
			}
			done++
			progress(done, all)
			if s.Now().Add(hajir.WorkClaim / 2).Before(m.WorkUntil) {
				continue
			}
			again, mine, err := s.claim(ctx, m.Company)
			if err != nil || !mine || again.Target() != m.Target() {
				return err
			}
			m = again
		}
	}
}

// pending returns the faces that a version lacks and that were not tried, and how
// many it has.
func pending(kept []faces.Indexed, target string, tried map[[2]string]bool) (open []faces.Indexed, done int) {
	has := map[[2]string]bool{}
	for _, k := range kept {
		if k.Model == target {
			has[[2]string{k.Username, k.FaceID}] = true
		}
	}
	known := map[[2]string]bool{}
	for _, k := range kept {
		id := [2]string{k.Username, k.FaceID}
		if !has[id] && !tried[id] && !known[id] {
			open, known[id] = append(open, k), true
		}
	}
	return open, len(has)
}

// one computes one face anew, or notes why it could not be.
func (s *Service) one(ctx context.Context, m hajir.Models, face faces.Indexed) error {
	picture, err := s.Objects.Get(ctx, objects.FaceKey(m.Company, face.Username, face.FaceID, objects.Original))
	missing := hajir.CodeOf(err) == hajir.NotFound
	if err == nil {
		err = s.Faces.Renew(ctx, m.Company, face.Username, face.FaceID, picture)
	}
	switch code := hajir.CodeOf(err); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case code == hajir.Unavailable:
		return err
	case code == hajir.NotFound && !missing:
		return nil // the face was removed meanwhile
	default:
		s.Log.WarnContext(ctx, "a face could not be computed anew", "company", m.Company, "username", face.Username, "face", face.FaceID, "error", err)
		return s.Store.SaveLeftFace(ctx, hajir.LeftFace{
			Company: m.Company, Username: face.Username, FaceID: face.FaceID, Model: m.Target(), Code: code, At: s.Now().UTC(),
		})
	}
}

// settle finishes a change of which nothing is left, and removes what has had its
// time.
func (s *Service) settle(ctx context.Context, company string) error {
	status, err := s.Status(ctx, company)
	if err != nil {
		return err
	}
	if status.Running() && status.Done == status.Faces {
		if err := s.Finish(ctx, company); err != nil && hajir.CodeOf(err) != hajir.Conflict {
			return err
		}
	}
	m, err := s.change(ctx, company, func(m hajir.Models) (hajir.Models, bool, error) {
		m, news := m.Expire(s.Now().UTC())
		return m, news, nil
	})
	if err != nil {
		return err
	}
	return s.Store.PruneTemplates(ctx, company, m.Current, m.Kept())
}
