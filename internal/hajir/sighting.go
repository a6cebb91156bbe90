package hajir

// Box is a rectangle in an upright picture, as shares of its width and height
// (the convention of Rekognition's BoundingBox). It may reach past the edges.
type Box struct{ Left, Top, Width, Height float64 }

// overlap returns the share that two boxes have in common of what they cover
// together, 0 to 1.
func (b Box) overlap(c Box) float64 {
	width := min(b.Left+b.Width, c.Left+c.Width) - max(b.Left, c.Left)
	height := min(b.Top+b.Height, c.Top+c.Height) - max(b.Top, c.Top)
	if !(width > 0 && height > 0) {
		return 0
	}
	common := width * height
	return common / (b.Width*b.Height + c.Width*c.Height - common)
}

// Sighting is a face that a picture shows, and whom it resembles.
type Sighting struct {
	Box        Box
	Pixels     int         // the shorter side of its box
	Candidates []Candidate // nearest people, best first, each once
	// Liveness is how probable it is, 0 to 1, that the face is a living
	// person's; nil when that was not measured.
	Liveness *float64
	Quality  Quality
	// Likeness is how near the face is to that of an earlier picture, as a cosine
	// of -1 to 1; nil when it was not compared with any.
	Likeness *float64
}

// Candidate is an enrolled person and how near they are.
type Candidate struct {
	Username string
	FaceID   string
	Score    float64
	// Model is the version whose numbers were compared. None means the one that
	// is asked about, or that the decision names.
	Model Version
}

// Quality is what was measured of a face's picture. Who is recorded
// does not hang on it; it is kept with the decision, so that a poor picture can
// be told from a poor match. Whose face is enrolled does: see Examine.
type Quality struct {
	Measured bool // without it, the numbers say nothing
	// Sharpness is the variance of the Laplacian over the aligned grey face of
	// 112×112 pixels, in squared grey levels of 0 to 255.
	Sharpness  float64
	Brightness float64 // mean of the aligned grey face, 0 (black) to 1 (white)
	// Dark and Bright are the shares of that face next to black and to white.
	Dark, Bright float64
	// Yaw, Pitch and Roll are degrees, 0 for who looks straight at the camera.
	// Positive are a turn to the picture's right, downwards, and clockwise.
	Yaw, Pitch, Roll float64
	// Aspect is how far apart the eyes are, in distances from eyes to mouth.
	Aspect float64
	// EyesOpen is how probable it is, 0 to 1, that the more open eye is.
	EyesOpen float64
}

// Version is a version of an embedding model.
type Version struct {
	Name      string  // with its version; templates of another name are not comparable
	Threshold float64 // the cosine from which two faces count as one person
}

// Model names what computed the numbers, for the decision's record.
type Model struct {
	Name      string // Version's
	Threshold float64
	// Liveness names what measures liveness, with its version; empty when
	// nothing does.
	Liveness string
	// Eyes names what measures open eyes and how a head is turned; empty when
	// nothing does. Without it, nobody can be asked to move.
	Eyes string
}

// Version returns the embedding model's.
func (m Model) Version() Version { return Version{Name: m.Name, Threshold: m.Threshold} }
