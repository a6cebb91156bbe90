package company

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type calibrationInput struct {
	api.CompanyPath
	Rate      float64 `query:"rate" default:"0.01" minimum:"0.000001" maximum:"0.5" doc:"The false positive identification rate to find a threshold for: the share of strangers who may be taken for somebody"`
	HeadCount int     `query:"head_count" minimum:"0" maximum:"1000000" doc:"For so many enrolled people; 0 takes those that are"`
}

type calibrationOutput struct{ Body CalibrationReport }

// CalibrationReport is a Calibration as the API gives it.
type CalibrationReport struct {
	Model       string  `json:"model" doc:"What computed the scores" example:"mobilefacenet-pair-1"`
	People      int     `json:"people" doc:"Who have faces enrolled"`
	Faces       int     `json:"faces"`
	Comparisons int     `json:"comparisons" doc:"Of a face with another person"`
	Needed      int     `json:"needed" doc:"How many comparisons it takes to tell rates and thresholds"`
	HeadCount   int     `json:"head_count" doc:"The number of enrolled people that rates are for"`
	Margin      float64 `json:"margin" doc:"In force"`
	// InForce is the threshold that decides now, Found one for the rate asked for.
	InForce    OperatingPoint   `json:"in_force"`
	Found      *OperatingPoint  `json:"found,omitempty" doc:"The least threshold for the rate; absent with too few comparisons"`
	Genuine    []scoreBar       `json:"genuine" doc:"Faces by how near the nearest other face of the same person is"`
	Impostor   []scoreBar       `json:"impostor" doc:"Comparisons of a face with another person"`
	LookAlikes []lookAlikeBody  `json:"look_alikes" doc:"People whose faces come nearer than the threshold less the margin, nearest first; at most 50"`
	Weak       []weakPersonBody `json:"weak" doc:"People of whom a face is not as near as the threshold to any other of theirs, worst first; at most 50"`
}

// OperatingPoint is a threshold, and what it comes to.
type OperatingPoint struct {
	Threshold float64     `json:"threshold" example:"0.46"`
	Low       *float64    `json:"low,omitempty" doc:"The threshold lies between low and high with a probability of about 95 %"`
	High      *float64    `json:"high,omitempty"`
	Rate      *float64    `json:"rate,omitempty" doc:"The share of strangers who are taken for somebody (FPIR); absent with too few comparisons"`
	Basis     hajir.Basis `json:"basis" enum:"measured,extrapolated,none" doc:"measured: on comparisons that reach so far; extrapolated: from the tail of those that were made"`
	Genuine   *float64    `json:"genuine,omitempty" doc:"The share of faces that reach the threshold with another face of the same person; absent when nobody has two"`
}

type scoreBar struct {
	From  float64 `json:"from" doc:"Scores from here to 0.02 more"`
	Count int     `json:"count"`
}

type lookAlikeBody struct {
	A     personName `json:"a"`
	B     personName `json:"b"`
	Score float64    `json:"score"`
}

type weakPersonBody struct {
	Username string  `json:"username"`
	Name     string  `json:"name"`
	Score    float64 `json:"score"`
}

type personName struct {
	Username string `json:"username"`
	Name     string `json:"name"`
}

// barWidth is of the bars of a plot.
const barWidth = 0.02

// maxListed bounds the lists of people.
const maxListed = 50

func (s *Service) registerCalibration(a *api.API, read api.Access) {
	api.Register(a, huma.Operation{
		OperationID: "get-calibration", Method: http.MethodGet, Path: "/companies/{company}/calibration",
		Summary: "How well the enrolled faces can be told apart",
		Description: "Compares every enrolled face with every other one, and tells the threshold for a chosen rate of false matches " +
			"at the present number of people, and who may be confused with whom. Nothing is stored.",
	}, read, s.getCalibration)
}

func (s *Service) getCalibration(ctx context.Context, in *calibrationInput) (*calibrationOutput, error) {
	c, err := s.Calibrate(ctx, in.Company, in.HeadCount)
	if err != nil {
		return nil, err
	}
	return &calibrationOutput{c.Report(in.Rate)}, nil
}

// Report returns what the API tells of c, with the threshold for a rate.
func (c Calibration) Report(rate float64) CalibrationReport {
	b := CalibrationReport{
		Model: c.Model, People: c.People(), Faces: c.Faces, Comparisons: c.Impostor.Count(), Needed: hajir.LeastComparisons,
		HeadCount: c.HeadCount, Margin: c.Margin, InForce: c.point(c.InForce),
		Genuine: scoreBars(&c.Genuine), Impostor: scoreBars(&c.Impostor), LookAlikes: []lookAlikeBody{}, Weak: []weakPersonBody{},
	}
	if e := c.Threshold(rate, c.HeadCount); e.Basis != hajir.BasisNone {
		found := c.point(e.Threshold)
		found.Low, found.High, found.Basis = &e.Low, &e.High, e.Basis
		b.Found = &found
	}
	name := func(username string) personName { return personName{username, c.Names[username]} }
	near := c.LookAlikes(c.InForce - c.Margin)
	for _, l := range near[:min(len(near), maxListed)] {
		b.LookAlikes = append(b.LookAlikes, lookAlikeBody{name(l.A.Username), name(l.B.Username), l.Score})
	}
	weak := c.Weak(c.InForce)
	for _, w := range weak[:min(len(weak), maxListed)] {
		b.Weak = append(b.Weak, weakPersonBody{w.Username, c.Names[w.Username], w.Score})
	}
	return b
}

// point returns what a threshold comes to.
func (c Calibration) point(threshold float64) OperatingPoint {
	p := OperatingPoint{Threshold: threshold, Basis: hajir.BasisNone}
	if rate, basis := c.Rate(threshold, c.HeadCount); basis != hajir.BasisNone {
		p.Rate, p.Basis = &rate, basis
	}
	if c.Genuine.Count() > 0 {
		share := c.Genuine.Share(threshold)
		p.Genuine = &share
	}
	return p
}

func scoreBars(s *hajir.Scores) []scoreBar {
	bars := []scoreBar{}
	for _, b := range s.Bars(barWidth) {
		bars = append(bars, scoreBar(b))
	}
	return bars
}
