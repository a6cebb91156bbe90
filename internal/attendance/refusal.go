package attendance

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// ReviewStore keeps what the admin should look at.
type ReviewStore interface {
	Review(ctx context.Context, company, id string) (hajir.Review, error)
	// Reviews returns at most limit of a company's reviews that are open, or done,
	// newest first, with IDs below before, if it is not empty, and from from on.
	Reviews(ctx context.Context, company string, open bool, from, before string, limit int) ([]hajir.Review, error)
	// SaveReview at a stale version is a Conflict.
	SaveReview(ctx context.Context, r hajir.Review) error
	DeleteReview(ctx context.Context, company, id string) error
}

// recently bounds how many reviews are looked at to find the one that a refusal
// continues.
const recently = 100

// What Service.Count is told of.
const (
	Recorded = "recorded" // a punch, by its source
	Doubted  = "doubted"  // one that somebody should look at, by the first doubt
	Refused  = "refused"  // a picture, by its code
)

func (s *Service) count(outcome, why string) {
	if s.Count != nil {
		s.Count(outcome, why)
	}
}

// review puts a punch that was recorded into the queue, if it is doubtful. That it
// fails costs a second look and no attendance, so it is logged only.
func (s *Service) review(ctx context.Context, r Result, doubts []hajir.Doubt) {
	if !r.Recorded || len(doubts) == 0 {
		return
	}
	s.count(Doubted, string(doubts[0]))
	err := s.Store.SaveReview(context.WithoutCancel(ctx), doubtful(r, hajir.ReviewID(r.Punch.At, short(r.Punch.ID)), doubts))
	if err != nil {
		s.Log.WarnContext(ctx, "a doubtful punch is not in the queue", "username", r.Employee.Username, "punch", r.Punch.ID, "error", err)
	}
}

func doubtful(r Result, id string, doubts []hajir.Doubt) hajir.Review {
	return hajir.Review{
		Company: r.Company.Username, ID: id, At: r.Punch.At, LastAt: r.Punch.At, Doubts: doubts,
		Username: r.Employee.Username, Date: r.Date, Punch: r.Punch.ID, By: r.Punch.By, Place: r.Punch.Place, State: hajir.ReviewOpen,
	}
}

// short tells apart what is of one moment.
func short(id string) string { return id[:min(len(id), 8)] }

// offered is what somebody can do who is not recorded as they are: one of the two,
// or nothing.
type offered struct {
	confirm   *hajir.ConfirmOffer
	challenge *hajir.ChallengeOffer
}

// refuse keeps a refusal that is worth it, once for somebody who stands before the
// camera, and offers to confirm by PIN, or by moving, what can be. Where it cannot
// be kept, the refusal stands: it is logged, and there is no offer.
func (s *Service) refuse(ctx context.Context, r Result, a Attempt, o hajir.Outcome, picture kept) (offered, error) {
	if !a.DryRun {
		s.count(Refused, string(o.Code))
	}
	asks := o.Verdict != hajir.Refused
	if a.DryRun || !hajir.Keeps(o.Code) || r.Company.RefusalDays == 0 && !asks {
		return offered{}, nil
	}
	ctx = context.WithoutCancel(ctx)
	for range maxTries {
		offer, err := s.keepRefusal(ctx, r.Company, a, o, picture)
		switch {
		case err == nil:
			return offer, nil
		case hajir.CodeOf(err) == hajir.Conflict:
			continue
		case !hajir.Fault(err): // the picture's own
			return offered{}, err
		}
		s.Log.WarnContext(ctx, "a refused face is not kept", "code", o.Code, "by", a.By, "error", err)
		return offered{}, nil
	}
	return offered{}, nil // others keep the same refusal all the time
}

// recentReviews returns the newest open ones within which a refusal is the same.
func (s *Service) recentReviews(ctx context.Context, company string, now time.Time) ([]hajir.Review, error) {
	return s.Store.Reviews(ctx, company, true, hajir.ReviewID(now.Add(-hajir.RefusalWindow), ""), "", recently)
}

func (s *Service) keepRefusal(ctx context.Context, c hajir.Company, a Attempt, o hajir.Outcome, picture kept) (offered, error) {
	now := s.Now().UTC()
	recent, err := s.recentReviews(ctx, c.Username, now)
	if err != nil {
		return offered{}, fmt.Errorf("list reviews: %w", err)
	}
	r := hajir.Review{
		Company: c.Username, ID: hajir.ReviewID(now, short(uuid.NewString())), At: now, Code: o.Code, By: a.By, Place: a.Place, State: hajir.ReviewOpen,
	}
	for _, q := range recent {
		if q.Continues(o, a.By, now) {
			r = q
			break
		}
	}
	known := r.Version > 0
	r.LastAt, r.Count = now, r.Count+1
	if known && o.Verdict == hajir.Refused {
		return offered{}, s.Store.SaveReview(ctx, r)
	}
	// What is confirmed is what the camera saw last.
	r.Decision, r.Ask, r.Doubts = o.Decision, o.Ask, o.Doubts
	var offer offered
	switch o.Verdict {
	case hajir.Confirm:
		offer.confirm = newTicket(&r, now)
	case hajir.Challenged:
		ticket := newTicket(&r, now)
		r.Challenge = newTrial(a.Session, now)
		r.Decision.Challenge = r.Challenge.Record()
		offer.challenge = &hajir.ChallengeOffer{
			Ticket: ticket.Ticket, Step: r.Challenge.Step(), Steps: len(r.Challenge.Steps), EndsAt: r.Challenge.EndsAt,
		}
	case hajir.Accepted, hajir.Refused:
	}
	r.ExpiresAt = r.Expiry(c.RefusalDays)
	small, err := picture(ctx)
	if err != nil {
		return offered{}, fmt.Errorf("make picture: %w", err)
	}
	// The picture is kept first, so that no review names one that is not there.
	r.Picture = objects.RefusalKey(c.Username, r.ID)
	if err := s.Objects.Put(ctx, r.Picture, small); err != nil {
		return offered{}, fmt.Errorf("keep picture: %w", err)
	}
	return offer, s.Store.SaveReview(ctx, r)
}

// decline removes what was refused of somebody who then used their PIN and may not
// be recognised: it was most likely their face, which is not to be kept. That it
// fails is logged only; the refusal expires by itself.
func (s *Service) decline(ctx context.Context, r Result, a Attempt) {
	if a.DryRun || r.Employee.FaceAllowed() == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	now := s.Now().UTC()
	recent, err := s.recentReviews(ctx, r.Company.Username, now)
	for _, q := range recent {
		if q.By != a.By || q.IsPunch() || now.Sub(q.LastAt) > declineWithin {
			continue
		}
		if err == nil && q.Picture != "" {
			err = s.Objects.Delete(ctx, q.Picture)
		}
		if err == nil {
			err = s.Store.DeleteReview(ctx, q.Company, q.ID)
		}
	}
	if err != nil {
		s.Log.WarnContext(ctx, "the refusal of somebody who may not be recognised stays", "username", r.Employee.Username, "error", err)
	}
}

// declineWithin is how long before somebody enters a PIN they may have stood
// before the camera.
const declineWithin = 2 * time.Minute
