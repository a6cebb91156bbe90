// Package faces is the port to face recognition: onnx runs models in the
// process, and facestest holds the suite that every adapter must pass. Read
// this file first; Recognizer is the whole of it.
package faces

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// Point is a place in an upright picture, as shares (0..1) of its width and
// height from the top left.
type Point struct{ X, Y float64 }

// Box is a rectangle in an upright picture, as shares of its width and height
// (the convention of Rekognition's BoundingBox). It may reach past the edges.
type Box = hajir.Box

// Face is one face found in a picture.
type Face struct {
	Box Box
	// Score is the detector's confidence, 0..1.
	Score float64
	// Landmarks are the eye on the picture's left, the eye on its right, the
	// nose's tip, and the mouth's corners on the picture's left and right.
	Landmarks [5]Point
	// Pixels is the shorter side of the box in pixels of the picture as sent.
	Pixels int
	// Candidates are the enrolled people nearest to the face, best first, at
	// most MaxCandidates, each person once. Empty when none is enrolled, or
	// when nobody was searched for.
	Candidates []Candidate
	// Liveness is how probable it is, 0..1, that a living person stands there;
	// nil when Model.Liveness is empty, or nobody asked for it.
	Liveness *float64
	// Quality is what was measured of the face's picture, if anything was.
	Quality hajir.Quality
	// Likeness is how near the face is to the first picture's, as a cosine of
	// -1..1; nil but after Follow.
	Likeness *float64
}

// MaxCandidates bounds Face.Candidates.
const MaxCandidates = 5

// Candidate is an enrolled person and how near their best template is, as a
// cosine similarity of -1..1.
type Candidate = hajir.Candidate

// Measure is something that is measured of every face in a picture when it is
// asked for, because it costs time.
type Measure string

// What can be asked for.
const (
	MeasureQuality  Measure = "quality"  // Face.Quality
	MeasureLiveness Measure = "liveness" // Face.Liveness
)

// Frame is what a picture shows. Faces are ordered by area, largest first.
type Frame struct {
	Width, Height int // pixels of the upright picture
	Faces         []Face
}

// Sightings returns what the domain decides by.
func (f Frame) Sightings() []hajir.Sighting {
	seen := make([]hajir.Sighting, len(f.Faces))
	for i, face := range f.Faces {
		seen[i] = hajir.Sighting{
			Box: face.Box, Pixels: face.Pixels, Candidates: face.Candidates, Liveness: face.Liveness, Quality: face.Quality,
			Likeness: face.Likeness,
		}
	}
	return seen
}

// Model names what computed the scores, for the decision's record.
type Model = hajir.Model

// Version is a version of an embedding model.
type Version = hajir.Version

// Indexed is a face that is kept for a person.
type Indexed struct {
	FaceID    string
	Username  string
	Model     string   // a version that it is kept in
	Versions  []string // all of them, where List tells it
	IndexedAt time.Time
}

// Recognizer finds and matches faces. Pictures are JPEG, PNG, WebP, HEIC or AVIF
// bytes of any orientation. A picture that cannot be read is a *hajir.Error
// with PictureInvalid, Unsupported or TooLarge. What costs time and is not asked
// for is not measured. Implementations are safe for concurrent use.
type Recognizer interface {
	// Model returns the embedding model that the program was started with, and
	// which a company without faces uses.
	Model() Model
	// Version returns the version by which company decides: that model's or, until
	// its faces have been changed to that, the one before.
	Version(ctx context.Context, company string) (Version, error)
	// Has says whether faces can be compared in a version.
	Has(version string) bool
	// Detect finds the faces in picture, without candidates.
	Detect(ctx context.Context, picture []byte, what ...Measure) (Frame, error)
	// Identify finds the faces in picture and searches company's people for
	// each. A company without faces is not an error. While faces are changed from
	// one version to another (hajir.Models), each person is looked for in one of
	// them, which their Candidate names.
	Identify(ctx context.Context, company string, picture []byte, what ...Measure) (Frame, error)
	// Follow is Identify for each of pictures, and says how near every face in them
	// is to the largest one in first, of which nothing else is asked. A first
	// without a face is a *hajir.Error with FaceNone.
	Follow(ctx context.Context, company string, first []byte, pictures [][]byte, what ...Measure) ([]Frame, error)
	// Index keeps the largest face in picture as username's, under faceID, if
	// accept agrees with what the picture shows (candidates included); accept's
	// error is returned as it is, and nothing is kept then. A frame without a
	// face that accept lets pass is a *hajir.Error with FaceNone. It is kept in
	// every version that hajir.Models.Kept names and the program has.
	Index(ctx context.Context, company, username, faceID string, picture []byte, accept func(Frame) error, what ...Measure) (Indexed, error)
	// Renew computes a face that is kept anew from its picture, in the version that
	// company's faces should have (hajir.Models.Target), and keeps it beside what is
	// there. A picture without a face is a *hajir.Error with FaceNone, a face that is
	// no longer kept one with NotFound, and a version that the program does not have
	// one with Unavailable.
	Renew(ctx context.Context, company, username, faceID string, picture []byte) error
	// Forget has what is kept of company in memory be read anew.
	Forget(company string)
	// Compare gives each, one after the other, every kept face of company with
	// how near the nearest face of every person is in Version's numbers, in no order; the face's own
	// person is among them with another face, if they have one. The list is
	// overwritten for the next face. It compares everybody with everybody and
	// takes a core about 50 ns for each two faces. each's error ends it.
	Compare(ctx context.Context, company string, each func(username, faceID string, people []Candidate) error) error
	// List returns what is kept for username, oldest first.
	List(ctx context.Context, company, username string) ([]Indexed, error)
	// Remove forgets the faces named, or all of username's when none is named, in
	// every version.
	// A face that is not there is not an error.
	Remove(ctx context.Context, company, username string, faceIDs ...string) error
}

// Template is a face as numbers. It is biometric data: a store encrypts it.
type Template struct {
	Company   string
	Username  string
	FaceID    string
	Model     string    // Model.Name of what computed Vector
	Vector    []float32 // of length 1
	IndexedAt time.Time
}

// TemplateStore keeps templates for adapters that compare them themselves.
type TemplateStore interface {
	// FaceModels returns in which versions company's faces are kept; nothing but
	// its name when that was never stored.
	FaceModels(ctx context.Context, company string) (hajir.Models, error)
	// Templates returns company's templates of all versions in a stable order.
	Templates(ctx context.Context, company string) ([]Template, error)
	// SaveTemplate stores t; the same company, username, face id and model replaces.
	SaveTemplate(ctx context.Context, t Template) error
	// AddTemplate is SaveTemplate for a face that is kept in any version already;
	// when it is not (any more), that is a *hajir.Error with NotFound.
	AddTemplate(ctx context.Context, t Template) error
	// DeleteTemplates removes those named in every version, or all of username's
	// when none is.
	DeleteTemplates(ctx context.Context, company, username string, faceIDs ...string) error
}
