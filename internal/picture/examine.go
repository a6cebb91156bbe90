package picture

import (
	"context"
	"fmt"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Examination is what would become of a picture if it were to enrol a face.
type Examination struct {
	Findings []hajir.Finding // none: it is good
	Face     *faces.Face     // the largest, nil when there is none
	Nearest  *hajir.Candidate
}

// Examine says whether Enrol would keep picture's face as username's, and why
// not. Nothing is kept.
func (s *Service) Examine(ctx context.Context, company, username string, picture []byte) (Examination, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return Examination{}, fmt.Errorf("load company: %w", err)
	}
	e, err := s.employee(ctx, company, username)
	if err != nil {
		return Examination{}, err
	}
	if err := e.FaceAllowed(); err != nil {
		return Examination{}, err
	}
	frame, err := s.Faces.Identify(ctx, company, picture, measures(c.Match)...)
	if err != nil {
		return Examination{}, err
	}
	if err := s.dropUnasked(ctx, company, &frame); err != nil {
		return Examination{}, err
	}
	seen := frame.Sightings()
	out := Examination{Findings: c.Match.Examine(seen), Nearest: c.Match.Nearest(username, seen)}
	if len(frame.Faces) > 0 {
		out.Face = &frame.Faces[0]
	}
	if f := c.Match.Duplicate(username, seen, s.Faces.Model()); f != nil {
		out.Findings = append(out.Findings, *f)
	}
	return out, nil
}

// measures returns what is to be known of a face that is enrolled.
func measures(p hajir.MatchPolicy) []faces.Measure {
	if p.Liveness == hajir.LivenessOff {
		return []faces.Measure{faces.MeasureQuality}
	}
	return []faces.Measure{faces.MeasureQuality, faces.MeasureLiveness}
}
