package company

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// Calibration is a comparison of all faces enrolled in a company, with what it
// is judged by.
type Calibration struct {
	*hajir.Calibration
	Model     string
	InForce   float64 // the threshold that decides now
	Margin    float64
	HeadCount int // people who are enrolled, or how many were asked about
	Names     map[string]string
}

// Calibrate compares every enrolled face with every other one. headCount is of
// how many enrolled people rates are told; 0 takes those that are.
func (s *Service) Calibrate(ctx context.Context, company string, headCount int) (Calibration, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return Calibration{}, fmt.Errorf("load company: %w", err)
	}
	version, err := s.Faces.Version(ctx, company)
	if err != nil {
		return Calibration{}, fmt.Errorf("find the face model: %w", err)
	}
	out := Calibration{
		Calibration: &hajir.Calibration{}, Model: version.Name, InForce: c.Match.Of(version), Margin: c.Match.Margin,
		HeadCount: headCount, Names: map[string]string{},
	}
	err = s.Faces.Compare(ctx, company, func(username, faceID string, people []hajir.Candidate) error {
		out.Add(username, faceID, people)
		return nil
	})
	if err != nil {
		return Calibration{}, fmt.Errorf("compare faces: %w", err)
	}
	if out.HeadCount == 0 {
		out.HeadCount = out.People()
	}
	everyone, err := s.everyone(ctx, company)
	for _, e := range everyone {
		out.Names[e.Username] = e.Name
	}
	return out, err
}
