package attendance

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Progress is how far somebody is who was asked to move before the camera.
type Progress struct {
	Trial  hajir.Trial
	Result *Result // once they have done everything, and are recorded
}

// challenge asks the person of o to move, unless they were recorded a moment ago:
// then it returns that. Where they were asked too often without doing it, it
// refuses, which leaves the PIN.
func (s *Service) challenge(ctx context.Context, r Result, a Attempt, o *hajir.Outcome) (*Result, error) {
	dry := a
	dry.DryRun = true
	known, err := s.finish(ctx, r, dry, nil)
	if err != nil {
		return nil, err
	}
	if known.Repeated || a.DryRun {
		return &known, nil
	}
	if a.Claim.Queued { // whoever it was has gone
		o.Verdict = hajir.Refused
		return nil, nil //nolint:nilnil // nobody is recorded, and that is no failure
	}
	_, err = s.Guard.Begin(ctx, hajir.SlowChallenge, hajir.ChallengesOf(a.Company, a.By, r.Employee.Username))
	if hajir.CodeOf(err) == hajir.RateLimited {
		o.Verdict, o.Code, o.Ask = hajir.Refused, hajir.FaceNotLive, nil
		err = nil
	}
	return nil, err
}

// newTrial asks for steps in random order.
func newTrial(session string, at time.Time) *hajir.Trial {
	t := hajir.NewTrial(func(n int) int {
		i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
		if err != nil { // never
			return 0
		}
		return int(i.Int64())
	}, session, at)
	return &t
}

// Challenge looks at more pictures of somebody who was asked to move, in their
// order, and records them once they have done everything. The ticket is good in the
// session that it was given to, for as long as hajir.ChallengeLife.
func (s *Service) Challenge(ctx context.Context, a Attempt, ticket string) (Progress, error) {
	var p Progress
	r, err := s.begin(ctx, a)
	if err != nil {
		return p, err
	}
	q, err := s.ticketed(ctx, a, ticket)
	if err != nil {
		return p, err
	}
	if err := q.Challenge.Admits(a.Session, s.Now()); err != nil {
		return p, err
	}
	who := q.Ask[0]
	if r.Employee, err = s.Store.Employee(ctx, who); err != nil {
		return p, fmt.Errorf("load employee: %w", err)
	}
	if err := r.Employee.FaceAllowed(); err != nil {
		return p, err
	}
	seen, err := s.follow(ctx, a, q)
	if err != nil {
		return p, err
	}
	p.Trial = *q.Challenge
	for _, one := range seen {
		p.Trial = p.Trial.Watch(who, one, r.Company.Match, s.Faces.Model())
	}
	q.Challenge, q.Decision.Challenge = &p.Trial, p.Trial.Record()
	if p.Trial.Passed() {
		p.Result, err = s.met(ctx, r, a, q)
		return p, err
	}
	err = s.Store.SaveReview(context.WithoutCancel(ctx), q)
	switch {
	case hajir.CodeOf(err) == hajir.Conflict:
		return p, hajir.Errorf(hajir.TicketEnded, "pictures came at the same time, or somebody else stands before the camera; look at it again")
	case err != nil:
		return p, err
	case p.Trial.Failed:
		return p, p.Trial.Err()
	}
	return p, nil
}

// follow measures what the pictures of an attempt show, compared with the one that
// q keeps.
func (s *Service) follow(ctx context.Context, a Attempt, q hajir.Review) ([][]hajir.Sighting, error) {
	first, err := s.Objects.Get(ctx, q.Picture)
	if err != nil {
		return nil, fmt.Errorf("load picture: %w", err)
	}
	frames, err := s.Faces.Follow(ctx, a.Company, first, a.Pictures, faces.MeasureQuality)
	if err != nil {
		return nil, err
	}
	people := map[string]hajir.Employee{}
	seen := make([][]hajir.Sighting, len(frames))
	for i := range frames {
		if err := s.dropUnasked(ctx, a.Company, &frames[i], people); err != nil {
			return nil, err
		}
		seen[i] = frames[i].Sightings()
	}
	return seen, nil
}

// met records the person of r, who did everything that q asked for.
func (s *Service) met(ctx context.Context, r Result, a Attempt, q hajir.Review) (*Result, error) {
	var doubts []hajir.Doubt
	r.Punch.Decision, doubts = r.Company.Match.Met(*q.Challenge, r.Employee.Username, q.Decision, q.Doubts)
	r, err := s.redeem(ctx, r, a, q, doubts)
	if err != nil {
		return nil, err
	}
	err = s.Guard.Clear(context.WithoutCancel(ctx), hajir.ChallengesOf(a.Company, a.By, r.Employee.Username))
	if err != nil {
		s.Log.WarnContext(ctx, "a challenge that was met stays counted", "username", r.Employee.Username, "error", err)
	}
	return &r, nil
}
