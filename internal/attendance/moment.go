package attendance

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Moment says what became of everybody whom an Attempt shows.
type Moment struct {
	Frame   faces.Frame // the first picture's
	Results []Result    // who was recorded, or would be, in the order of their faces
	Offers  []Offer     // whom a PIN can confirm
	// Challenge is what the person is asked to do, who stands there alone.
	Challenge *hajir.ChallengeOffer
}

// Offer is a face that the camera could not tell, and a PIN can.
type Offer struct {
	hajir.ConfirmOffer
	Box hajir.Box
}

// CheckIn decides whom the pictures show and records that they came or went. When
// nobody is recorded, that is a *hajir.Error that says why; what is worth looking
// at is kept for the admin. Once CheckIn has returned without error, the punches
// are on the disk.
func (s *Service) CheckIn(ctx context.Context, a Attempt) (Moment, error) {
	var m Moment
	r, err := s.begin(ctx, a)
	if err != nil {
		return m, err
	}
	policy := r.Company.Match
	if a.Kiosk && !a.DryRun && len(a.Pictures) < policy.Frames {
		return m, hajir.Errorf(hajir.FramesWanted, "this company asks kiosks for %d pictures of a moment; send as many fields named picture", policy.Frames)
	}
	frames, people, err := s.identify(ctx, a, measures(policy))
	if err != nil {
		return m, err
	}
	m.Frame = frames[0]
	seen := make([][]hajir.Sighting, len(frames))
	for i, f := range frames {
		seen[i] = f.Sightings()
	}
	outcomes, err := policy.JudgeMoment(seen, s.Faces.Model(), r.group)
	if err != nil { // of the whole picture, such as that there is no face
		if !a.DryRun {
			s.count(Refused, string(hajir.CodeOf(err)))
		}
		return m, err
	}
	for i := range outcomes {
		o := &outcomes[i]
		o.Decision.Settings = r.Company.Version
		if o.Verdict != hajir.Challenged {
			continue
		}
		one := r
		one.Employee, one.Punch.Decision = people[o.Ask[0]], o.Decision
		one.Punch.Decision.Username = o.Ask[0]
		asked := a
		asked.DryRun = a.DryRun || slices.Contains(a.Present, o.Ask[0])
		known, err := s.challenge(ctx, one, asked, o)
		if err != nil {
			return m, err
		}
		if known != nil {
			m.Results = append(m.Results, *known)
			return m, nil // they are alone
		}
	}
	refusal := outcomes[0].Err()
	for _, o := range outcomes {
		picture := s.shown(a.Pictures[o.Frame], o, len(frames[o.Frame].Faces) > 1 && r.group)
		if o.Verdict != hajir.Accepted {
			offer, err := s.refuse(ctx, r, a, o, picture)
			if err != nil {
				return m, err
			}
			switch {
			case offer.confirm != nil:
				m.Offers = append(m.Offers, Offer{*offer.confirm, o.Box})
			case offer.challenge != nil:
				m.Challenge = offer.challenge
			}
			continue
		}
		one := r
		one.Employee, one.Punch.Decision = people[o.Decision.Username], o.Decision
		asked := a
		asked.DryRun = a.DryRun || slices.Contains(a.Present, o.Decision.Username)
		if one, err = s.finish(ctx, one, asked, picture); err != nil {
			return m, err
		}
		s.review(ctx, one, o.Doubts)
		m.Results = append(m.Results, one)
	}
	return m, m.refused(refusal)
}

// refused returns why nobody was recorded; nil if somebody was. A PIN that can
// confirm goes before other reasons.
func (m Moment) refused(first error) error {
	switch {
	case len(m.Results) > 0:
		return nil
	case m.Challenge != nil:
		err := hajir.Outcome{Code: hajir.FaceChallenge}.Err()
		if e, ok := hajir.AsError(err); ok {
			e.Challenge = m.Challenge
		}
		return err
	case len(m.Offers) > 0:
		err := hajir.Outcome{Code: hajir.FaceConfirm}.Err()
		if e, ok := hajir.AsError(err); ok {
			e.Confirm = &m.Offers[0].ConfirmOffer
		}
		return err
	case hajir.CodeOf(first) == hajir.FaceConfirm: // in a dry run, nothing can be confirmed
		return hajir.Outcome{Code: hajir.FaceAmbiguous}.Err()
	}
	return first
}

// measures returns what the company's rules need to know of every face beyond
// who it is: nothing, unless they ask for liveness. The quality is kept then to
// tell a poor picture from a poor face.
func measures(p hajir.MatchPolicy) []faces.Measure {
	if !p.MeasuresLiveness() {
		return nil
	}
	return []faces.Measure{faces.MeasureLiveness, faces.MeasureQuality}
}

// identify finds and matches the faces of every picture, without people who may
// not be recognised.
func (s *Service) identify(ctx context.Context, a Attempt, what []faces.Measure) ([]faces.Frame, map[string]hajir.Employee, error) {
	people := map[string]hajir.Employee{}
	frames := make([]faces.Frame, len(a.Pictures))
	for i, picture := range a.Pictures {
		var err error
		if frames[i], err = s.Faces.Identify(ctx, a.Company, picture, what...); err != nil {
			return nil, nil, err
		}
		if err := s.dropUnasked(ctx, a.Company, &frames[i], people); err != nil {
			return nil, nil, err
		}
	}
	if len(frames) == 0 {
		return nil, nil, hajir.Errorf(hajir.PictureInvalid, "no picture was sent")
	}
	return frames, people, nil
}

// dropUnasked takes candidates out of frame whose face may not be recognised:
// they left, or did not agree. So they can neither be decided for nor be taken
// for a look-alike. It adds everybody whom it looked up to people.
func (s *Service) dropUnasked(ctx context.Context, company string, frame *faces.Frame, people map[string]hajir.Employee) error {
	for i, face := range frame.Faces {
		var kept []faces.Candidate
		for _, c := range face.Candidates {
			e, known := people[c.Username]
			if !known {
				var err error
				e, err = s.Store.Employee(ctx, c.Username)
				if err != nil && hajir.CodeOf(err) != hajir.NotFound {
					return fmt.Errorf("load employee: %w", err)
				}
				people[c.Username] = e
			}
			if e.Company == company && e.FaceAllowed() == nil {
				kept = append(kept, c)
			}
		}
		frame.Faces[i].Candidates = kept
	}
	return nil
}

// around is how much wider and higher than a face its picture is that is cut out
// of a group's: enough to know a person by.
const around = 2.2

// shown makes the picture that is kept of one face. Of a group everybody's is cut
// out, so that nobody's picture is kept as somebody else's.
func (s *Service) shown(picture []byte, o hajir.Outcome, cut bool) kept {
	return func(ctx context.Context) ([]byte, error) {
		if !cut {
			small, err := s.Pictures.Normalize(ctx, picture, keptSide)
			if err != nil {
				return nil, err
			}
			return small[0], nil
		}
		b := o.Box
		left, top := b.Left-b.Width*(around-1)/2, b.Top-b.Height*(around-1)/2
		return s.Pictures.Crop(ctx, picture, max(left, 0), max(top, 0), b.Width*around+min(left, 0), b.Height*around+min(top, 0), keptSide)
	}
}
