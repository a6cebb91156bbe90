package consent

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// pageSize is how many erasures or days one read of the store takes.
const pageSize = 100

// Outcome is what a run did about one erasure.
type Outcome struct {
	hajir.Erasure       // as it is now
	Due           bool  // its pictures have had their time
	Err           error // why something of it is left
}

// Run settles every open erasure and removes the pictures of those that are
// due. It goes on after a failure, may run as often and in as many processes as
// it likes, and tells each what it did. by names who runs it. A dry run only
// tells what is open.
func (s *Service) Run(ctx context.Context, by string, dryRun bool, each func(Outcome)) error {
	var errs []error
	var after hajir.Erasure
	for {
		page, err := s.Store.OpenErasures(ctx, after, pageSize)
		if err != nil {
			return errors.Join(append(errs, fmt.Errorf("list erasures: %w", err))...)
		}
		for _, x := range page {
			if ctx.Err() != nil {
				return errors.Join(append(errs, ctx.Err())...)
			}
			o := Outcome{Erasure: x, Due: !s.Now().Before(x.DueAt)}
			if !dryRun {
				o.Erasure, o.Err = s.advance(ctx, x, by)
			}
			if o.Err != nil {
				errs = append(errs, fmt.Errorf("erase %s: %w", x.Username, o.Err))
			}
			each(o)
		}
		if len(page) < pageSize {
			return errors.Join(errs...)
		}
		after = page[len(page)-1]
	}
}

// advance takes one erasure as far as it may go now.
func (s *Service) advance(ctx context.Context, x hajir.Erasure, by string) (hajir.Erasure, error) {
	err := retry(func() error {
		// A person whose company was removed is nobody's concern any more.
		if err := s.Settle(ctx, x.Company, x.Username, by); err != nil {
			return err
		}
		var err error
		if x, err = s.Store.Erasure(ctx, x.Username, x.Number); err != nil {
			return fmt.Errorf("load erasure: %w", err)
		}
		if !x.Open() || s.Now().Before(x.DueAt) || x.TemplatesAt.IsZero() {
			return nil
		}
		x, err = s.removePictures(ctx, x, by)
		return err
	})
	return x, err
}

// removePictures removes every picture of the person. They are counted first,
// and the count is stored, for afterwards it cannot be taken.
func (s *Service) removePictures(ctx context.Context, x hajir.Erasure, by string) (hajir.Erasure, error) {
	if x.BegunAt.IsZero() {
		if err := s.count(ctx, &x); err != nil {
			return x, err
		}
		x.BegunAt = s.Now().UTC()
		if err := s.Store.SaveErasure(ctx, x); err != nil {
			return x, err
		}
		x.Version++
	}
	if err := s.eachDay(ctx, x.Username, func(d hajir.Day) error { return s.forgetPictures(ctx, x.Company, d) }); err != nil {
		return x, err
	}
	for _, prefix := range []string{
		objects.PersonFaces(x.Company, x.Username), objects.ProfilePrefix(x.Company, x.Username), objects.PersonDaily(x.Company, x.Username),
	} {
		if err := s.Objects.DeleteAll(ctx, prefix); err != nil {
			return x, fmt.Errorf("remove pictures: %w", err)
		}
	}
	if err := s.forgetProfile(ctx, x); err != nil {
		return x, err
	}
	if err := s.eachReview(ctx, x.Company, func(r hajir.Review) error { return s.forgetReview(ctx, x.Username, r) }); err != nil {
		return x, err
	}
	x.ImagesAt, x.RanBy = s.Now().UTC(), by
	if err := s.finish(ctx, x); err != nil {
		return x, err
	}
	x.Version++
	s.Log.InfoContext(ctx, "erased a person's pictures", "company", x.Company, "username", x.Username, "number", x.Number, "by", by)
	return x, nil
}

// forgetProfile has the person's record name no profile picture any more.
func (s *Service) forgetProfile(ctx context.Context, x hajir.Erasure) error {
	return retry(func() error {
		e, err := s.Store.Employee(ctx, x.Username)
		if hajir.CodeOf(err) == hajir.NotFound || err == nil && (e.Company != x.Company || e.Picture == "") {
			return nil
		}
		if err != nil {
			return fmt.Errorf("load employee: %w", err)
		}
		e.Picture = ""
		return s.Store.SaveEmployee(ctx, e)
	})
}

// count counts what removePictures will remove.
func (s *Service) count(ctx context.Context, x *hajir.Erasure) error {
	x.EnrolmentObjects, x.ProfileObjects = 0, 0
	daily := map[string]bool{}
	one := func(n *int) func(string) error { return func(string) error { *n++; return nil } }
	for prefix, visit := range map[string]func(string) error{
		objects.PersonFaces(x.Company, x.Username):   one(&x.EnrolmentObjects),
		objects.ProfilePrefix(x.Company, x.Username): one(&x.ProfileObjects),
		objects.PersonDaily(x.Company, x.Username):   func(key string) error { daily[key] = true; return nil },
	} {
		if err := s.Objects.Each(ctx, prefix, visit); err != nil {
			return fmt.Errorf("count pictures: %w", err)
		}
	}
	err := s.eachDay(ctx, x.Username, func(d hajir.Day) error {
		for _, p := range pictured(&d) {
			if p.Picture != "" {
				daily[p.Picture] = true
			}
		}
		return nil
	})
	if err == nil {
		err = s.eachReview(ctx, x.Company, func(r hajir.Review) error {
			if _, _, picture := r.Forget(x.Username); picture != "" {
				daily[picture] = true
			}
			return nil
		})
	}
	x.DailyPictures = len(daily)
	return err
}

// eachReview visits every review of a company: of refusals there are those of some
// weeks, and only they name whom the camera thought of.
func (s *Service) eachReview(ctx context.Context, company string, visit func(hajir.Review) error) error {
	for _, open := range []bool{true, false} {
		before := ""
		for {
			page, err := s.Store.Reviews(ctx, company, open, "", before, pageSize)
			if err != nil {
				return fmt.Errorf("list reviews: %w", err)
			}
			for _, r := range page {
				if err := visit(r); err != nil {
					return err
				}
			}
			if len(page) < pageSize {
				break
			}
			before = page[len(page)-1].ID
		}
	}
	return nil
}

// forgetReview takes a person's name out of a refusal, and the picture away that
// was taken for theirs.
func (s *Service) forgetReview(ctx context.Context, username string, r hajir.Review) error {
	return retry(func() error {
		left, changed, picture := r.Forget(username)
		if !changed {
			return nil
		}
		if picture != "" {
			if err := s.Objects.Delete(ctx, picture); err != nil {
				return fmt.Errorf("remove picture: %w", err)
			}
		}
		err := s.Store.SaveReview(ctx, left)
		if hajir.CodeOf(err) == hajir.Conflict {
			fresh, loadErr := s.Store.Review(ctx, r.Company, r.ID)
			if hajir.CodeOf(loadErr) == hajir.NotFound { // forgotten meanwhile
				return nil
			}
			if loadErr != nil {
				return fmt.Errorf("load review: %w", loadErr)
			}
			r = fresh
		}
		return err
	})
}

func (s *Service) eachDay(ctx context.Context, username string, visit func(hajir.Day) error) error {
	after := ""
	for {
		page, err := s.Store.PersonDays(ctx, username, after, pageSize)
		if err != nil {
			return fmt.Errorf("list days: %w", err)
		}
		for _, d := range page {
			if err := visit(d); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		after = page[len(page)-1].Date
	}
}

// pictured returns a day's punches, those that were removed by hand, too: they
// keep their pictures.
func pictured(d *hajir.Day) []*hajir.Punch {
	var all []*hajir.Punch
	for i := range d.Punches {
		all = append(all, &d.Punches[i])
	}
	for i := range d.Struck {
		all = append(all, &d.Struck[i].Punch)
	}
	for i := range d.Rejected {
		all = append(all, &d.Rejected[i])
	}
	return all
}

// forgetPictures removes the pictures of a day's punches, and has the punches,
// which stay, say so. The pictures go first, or a crash would leave one that
// nothing names.
func (s *Service) forgetPictures(ctx context.Context, company string, d hajir.Day) error {
	return retry(func() error {
		if d.Company != company {
			return nil
		}
		changed := false
		for _, p := range pictured(&d) {
			if p.Picture == "" {
				continue
			}
			if err := s.Objects.Delete(ctx, p.Picture); err != nil {
				return fmt.Errorf("remove picture: %w", err)
			}
			p.Picture, p.PictureErased, changed = "", true, true
		}
		if !changed {
			return nil
		}
		err := s.Store.SaveDay(ctx, d)
		if hajir.CodeOf(err) == hajir.Conflict {
			fresh, loadErr := s.Store.Day(ctx, d.Name, d.Date)
			if loadErr != nil {
				return fmt.Errorf("load day: %w", loadErr)
			}
			d = fresh
		}
		return err
	})
}
