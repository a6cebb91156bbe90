package hajir

import "math"

// MatchPolicy is what a company asks of a picture before it believes it.
type MatchPolicy struct {
	// Threshold is the similarity from which a face counts as a person; zero
	// takes the embedding model's own.
	Threshold float64
	// Margin is how far the first person must be ahead of the second.
	Margin float64
	// MinFacePixels is the least width or height of a face that is looked at.
	MinFacePixels int
}

// DefaultMatchPolicy returns the policy of a new company. The margin refuses
// to guess between look-alikes. 64 pixels is a little more than half of what
// the embedding models take in (112), below which their accuracy falls; it is
// also what a face at 2 m shows to a 640×480 webcam of 60° view.
func DefaultMatchPolicy() MatchPolicy {
	return MatchPolicy{Margin: 0.05, MinFacePixels: 64}
}

// Validate returns an Invalid error that names the first thing wrong with p.
func (p MatchPolicy) Validate() error {
	switch {
	case math.IsNaN(p.Threshold) || p.Threshold < 0 || p.Threshold >= 1:
		return Errorf(Invalid, "the match threshold must lie between 0 (the model's own) and 1")
	case math.IsNaN(p.Margin) || p.Margin < 0 || p.Margin >= 1:
		return Errorf(Invalid, "the match margin must lie between 0 and 1")
	case p.MinFacePixels < 20 || p.MinFacePixels > 1000:
		return Errorf(Invalid, "the least face size must lie between 20 and 1000 pixels")
	}
	return nil
}

// Sighting is a face that a picture shows, and whom it resembles.
type Sighting struct {
	Pixels     int         // the shorter side of its box
	Candidates []Candidate // nearest people, best first, each once
}

// Candidate is an enrolled person and how near they are.
type Candidate struct {
	Username string
	FaceID   string
	Score    float64
}

// Decision says whom a picture shows and why that was believed. It is kept
// with the punch, so that it can be defended later.
type Decision struct {
	Username   string
	Score      float64 // similarity of the person decided for
	Margin     float64 // distance to the next person's score; Score+1 when there is none
	Threshold  float64 // what Score had to reach
	MinMargin  float64 // what Margin had to reach
	Model      string  // what computed the scores
	Candidates []Candidate
}

// Decide says whom the faces of one picture show, or returns an error with
// FaceNone, FaceSmall, FaceSeveral, FaceUnknown or FaceAmbiguous. Faces too
// small to be looked at are ignored when there is one of fitting size: people
// in the background do not keep the one in front from entering.
func (p MatchPolicy) Decide(seen []Sighting, model string, modelThreshold float64) (Decision, error) {
	face, err := p.single(seen)
	if err != nil {
		return Decision{}, err
	}
	d := Decision{
		Threshold:  p.Threshold,
		MinMargin:  p.Margin,
		Model:      model,
		Candidates: face.Candidates,
	}
	if d.Threshold == 0 {
		d.Threshold = modelThreshold
	}
	if len(face.Candidates) == 0 || !(face.Candidates[0].Score >= d.Threshold) {
		return d, Errorf(FaceUnknown, "this face is not known here; ask the administrator to enrol it, or try again in better light")
	}
	first := face.Candidates[0]
	d.Score, d.Margin = first.Score, first.Score+1
	if len(face.Candidates) > 1 {
		d.Margin = first.Score - face.Candidates[1].Score
	}
	if d.Margin < p.Margin {
		return d, Errorf(FaceAmbiguous, "this face is about as near to two people; look straight at the camera and try again")
	}
	d.Username = first.Username
	return d, nil
}

// Enrol checks that a picture shows one face of fitting size that does not
// belong to somebody else than username already.
func (p MatchPolicy) Enrol(username string, seen []Sighting, modelThreshold float64) error {
	face, err := p.single(seen)
	if err != nil {
		return err
	}
	threshold := p.Threshold
	if threshold == 0 {
		threshold = modelThreshold
	}
	for _, c := range face.Candidates {
		if c.Username != username && c.Score >= threshold {
			return Errorf(FaceDuplicate, "this face is enrolled already, as %s; remove it there first if that is a mistake", c.Username)
		}
	}
	return nil
}

// single returns the one face of fitting size.
func (p MatchPolicy) single(seen []Sighting) (Sighting, error) {
	if len(seen) == 0 {
		return Sighting{}, Errorf(FaceNone, "no face found; look at the camera, with light on your face")
	}
	var fitting []Sighting
	for _, s := range seen {
		if s.Pixels >= p.MinFacePixels {
			fitting = append(fitting, s)
		}
	}
	switch len(fitting) {
	case 0:
		return Sighting{}, Errorf(FaceSmall, "the face is too small (at least %d pixels are needed); come closer to the camera", p.MinFacePixels)
	case 1:
		return fitting[0], nil
	}
	return Sighting{}, Errorf(FaceSeveral, "%d faces in the picture; one person at a time, please", len(fitting))
}
