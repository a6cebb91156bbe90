package facestest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// What Fake's scores are.
const (
	FakeThreshold = 0.5 // Fake.Model's
	FakeSame      = 0.9 // a face and a template of the same person
	FakeOther     = 0.1 // a face and anybody else's template
)

// Fake is a faces.Recognizer for tests of what stands on the port, where models
// would only be in the way. A picture is a script (or the JPEG that Picture
// makes of one):
//
//	none                        no face
//	face:asha                   asha's face, 200 pixels wide
//	face:asha,face:bina         two faces, the first the larger
//	small:asha                  asha's face, 20 pixels wide
//	lookalike:asha~bina:0.02    asha's face; bina's templates score 0.02 less
//	live:asha:0.3               asha's face, alive with a probability of 0.3
//	blurred:asha, dark:asha     asha's face, blurred, in the dark, …
//	bright:asha, turned:asha    … in glaring light, turned far away, …
//	closed:asha                 … with closed eyes
//	left:asha, right:asha       … turned a little to her left, or right
//	turnleft:asha, turnright:asha  … turned as far as who is asked to
//	photo:asha                  a picture of asha's picture, alive with 0.02
//	score:asha:0.55             asha's face, whose templates score 0.55
//	unsupported, toolarge       the errors of these names
//
// Whose face it is need not be who it is enrolled as: "face:asha" kept for the
// username 7 makes 7 the candidate for every "face:asha". A script may end in
// "#" and anything, to make pictures differ. Everything else is PictureInvalid.
type Fake struct {
	// Now stamps what is kept.
	Now func() time.Time

	mu    sync.Mutex
	fails error
	kept  []fakeTemplate
}

type fakeTemplate struct {
	faces.Indexed
	company, person string
	shown           fakeFace
}

type fakeFace struct {
	person string
	pixels int
	near   string  // who looks like person
	margin float64 // and by how much less
	same   float64 // what person's templates score
	live   float64 // how alive
	seen   hajir.Quality
}

var _ faces.Recognizer = (*Fake)(nil)

// NewFake returns a Fake that knows nobody.
func NewFake(now func() time.Time) *Fake { return &Fake{Now: now} }

// Fail has everything fail with err, until it is called with nil.
func (f *Fake) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails = err
}

// Model returns fake-1 with FakeThreshold, which measures liveness.
func (*Fake) Model() faces.Model {
	return faces.Model{Name: "fake-1", Threshold: FakeThreshold, Liveness: "fake-live-1", Eyes: "fake-eyes-1"}
}

// Detect reads the script.
func (f *Fake) Detect(ctx context.Context, picture []byte, what ...faces.Measure) (faces.Frame, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	frame, _, err := f.read(ctx, picture, what...)
	return frame, err
}

// Identify reads the script and searches.
func (f *Fake) Identify(ctx context.Context, company string, picture []byte, what ...faces.Measure) (faces.Frame, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	frame, shown, err := f.read(ctx, picture, what...)
	if err != nil {
		return frame, err
	}
	f.search(company, &frame, shown)
	return frame, nil
}

// Follow reads the scripts.
func (f *Fake) Follow(ctx context.Context, company string, first []byte, pictures [][]byte, what ...faces.Measure) ([]faces.Frame, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, before, err := f.read(ctx, first)
	if err != nil {
		return nil, err
	}
	if len(before) == 0 {
		return nil, hajir.Errorf(hajir.FaceNone, "No face was found in the first picture.")
	}
	frames := make([]faces.Frame, len(pictures))
	for i, picture := range pictures {
		frame, shown, err := f.read(ctx, picture, what...)
		if err != nil {
			return nil, err
		}
		f.search(company, &frame, shown)
		for j, face := range shown {
			likeness := face.score(before[0].person)
			frame.Faces[j].Likeness = &likeness
		}
		frames[i] = frame
	}
	return frames, nil
}

// Index keeps the script's first face. accept may call Fake's other methods.
func (f *Fake) Index(ctx context.Context, company, username, faceID string, picture []byte, accept func(faces.Frame) error, what ...faces.Measure) (faces.Indexed, error) {
	frame, err := f.Identify(ctx, company, picture, what...)
	if err != nil {
		return faces.Indexed{}, err
	}
	if err := accept(frame); err != nil {
		return faces.Indexed{}, err
	}
	if len(frame.Faces) == 0 {
		return faces.Indexed{}, hajir.Errorf(hajir.FaceNone, "No face was found in the picture.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, shown, err := f.read(ctx, picture)
	if err != nil {
		return faces.Indexed{}, err
	}
	t := fakeTemplate{
		Indexed: faces.Indexed{FaceID: faceID, Username: username, Model: f.Model().Name, IndexedAt: f.Now()},
		company: company, person: shown[0].person, shown: shown[0],
	}
	f.drop(company, username, []string{faceID})
	f.kept = append(f.kept, t)
	return t.Indexed, nil
}

// Compare compares what is kept, as search does.
func (f *Fake) Compare(ctx context.Context, company string, each func(username, faceID string, people []faces.Candidate) error) error {
	f.mu.Lock()
	if err := cmp.Or(ctx.Err(), f.fails); err != nil {
		f.mu.Unlock()
		return err
	}
	kept := slices.Clone(f.kept)
	f.mu.Unlock()
	for _, t := range kept {
		if t.company != company {
			continue
		}
		best := map[string]faces.Candidate{}
		for _, o := range kept {
			if o.company != company || o.FaceID == t.FaceID && o.Username == t.Username {
				continue
			}
			if score := t.shown.score(o.person); score > best[o.Username].Score {
				best[o.Username] = faces.Candidate{Username: o.Username, FaceID: o.FaceID, Score: score}
			}
		}
		if err := each(t.Username, t.FaceID, slices.Collect(maps.Values(best))); err != nil {
			return err
		}
	}
	return nil
}

// List returns what is kept for username, oldest first.
func (f *Fake) List(ctx context.Context, company, username string) ([]faces.Indexed, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := cmp.Or(ctx.Err(), f.fails); err != nil {
		return nil, err
	}
	list := []faces.Indexed{}
	for _, t := range f.kept {
		if t.company == company && t.Username == username {
			list = append(list, t.Indexed)
		}
	}
	slices.SortStableFunc(list, func(a, b faces.Indexed) int { return a.IndexedAt.Compare(b.IndexedAt) })
	return list, nil
}

// Remove forgets the faces named, or all of username's.
func (f *Fake) Remove(ctx context.Context, company, username string, faceIDs ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := cmp.Or(ctx.Err(), f.fails); err != nil {
		return err
	}
	f.drop(company, username, faceIDs)
	return nil
}

func (f *Fake) drop(company, username string, faceIDs []string) {
	f.kept = slices.DeleteFunc(f.kept, func(t fakeTemplate) bool {
		return t.company == company && t.Username == username && (len(faceIDs) == 0 || slices.Contains(faceIDs, t.FaceID))
	})
}

// read takes picture apart.
func (f *Fake) read(ctx context.Context, picture []byte, what ...faces.Measure) (faces.Frame, []fakeFace, error) {
	if err := cmp.Or(ctx.Err(), f.fails); err != nil {
		return faces.Frame{}, nil, err
	}
	script := picture
	if end := bytes.LastIndex(picture, []byte("\xff\xd9")); end >= 0 {
		script = picture[end+2:]
	}
	if len(script) == 0 {
		script = drawn(picture)
	}
	text, _, _ := strings.Cut(string(script), "#")
	switch text {
	case "unsupported":
		return faces.Frame{}, nil, hajir.Errorf(hajir.Unsupported, "A file of this type is not read.")
	case "toolarge":
		return faces.Frame{}, nil, hajir.Errorf(hajir.TooLarge, "The picture is too large.")
	}
	frame := faces.Frame{Width: 640, Height: 480}
	if text == "none" {
		return frame, nil, nil
	}
	var shown []fakeFace
	for i, part := range strings.Split(text, ",") {
		face, err := readFace(part)
		if err != nil {
			return faces.Frame{}, nil, &hajir.Error{Code: hajir.PictureInvalid, Message: "The picture is damaged.", Cause: err}
		}
		face.pixels = max(face.pixels-i, 1) // so that the first is the largest
		shown = append(shown, face)
		found := place(i, face.pixels, frame)
		if slices.Contains(what, faces.MeasureLiveness) {
			found.Liveness = &face.live
		}
		if slices.Contains(what, faces.MeasureQuality) {
			found.Quality = face.seen
		}
		frame.Faces = append(frame.Faces, found)
	}
	return frame, shown, nil
}

// fakeQuality is a good picture's.
func fakeQuality() hajir.Quality {
	return hajir.Quality{Measured: true, Sharpness: 100, Brightness: 0.5, Yaw: 5, Aspect: 1, EyesOpen: 0.99}
}

func readFace(part string) (fakeFace, error) {
	kind, who, _ := strings.Cut(part, ":")
	face := fakeFace{person: who, pixels: 200, same: FakeSame, live: 0.98, seen: fakeQuality()}
	q := &face.seen
	switch kind {
	case "face":
	case "blurred":
		q.Sharpness = 5
	case "dark":
		q.Brightness, q.Dark = 0.05, 0.9
	case "bright":
		q.Brightness, q.Bright = 0.95, 0.8
	case "turned":
		q.Yaw = 60
	case "left":
		q.Yaw = 20
	case "right":
		q.Yaw = -20
	case "turnleft":
		q.Yaw, q.Aspect = 35, 0.85
	case "turnright":
		q.Yaw, q.Aspect = -35, 0.85
	case "closed":
		q.EyesOpen = 0.01
	case "photo":
		face.live = 0.02
	case "small":
		face.pixels = 20
	case "lookalike":
		names, margin, _ := strings.Cut(who, ":")
		face.person, face.near, _ = strings.Cut(names, "~")
		var err error
		if face.margin, err = strconv.ParseFloat(margin, 64); err != nil || face.near == "" {
			return face, fmt.Errorf("%q is not lookalike:NAME~NAME:MARGIN", part)
		}
	case "live", "score":
		name, number, _ := strings.Cut(who, ":")
		x, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return face, fmt.Errorf("%q is not %s:NAME:NUMBER", part, kind)
		}
		face.person = name
		if kind == "live" {
			face.live = x
		} else {
			face.same = x
		}
	default:
		return face, fmt.Errorf("%q is no face", part)
	}
	if face.person == "" {
		return face, fmt.Errorf("%q names nobody", part)
	}
	return face, nil
}

// place puts the i-th face of a frame beside the others, pixels wide and high.
func place(i, pixels int, frame faces.Frame) faces.Face {
	w, h := float64(pixels)/float64(frame.Width), float64(pixels)/float64(frame.Height)
	left := float64(i) * 0.3
	f := faces.Face{Box: faces.Box{Left: left, Top: 0.1, Width: w, Height: h}, Score: 0.99, Pixels: pixels}
	for n, at := range [5][2]float64{{0.3, 0.4}, {0.7, 0.4}, {0.5, 0.6}, {0.35, 0.8}, {0.65, 0.8}} {
		f.Landmarks[n] = faces.Point{X: left + at[0]*w, Y: 0.1 + at[1]*h}
	}
	return f
}

// search fills in the candidates, each person once with their best template.
func (f *Fake) search(company string, frame *faces.Frame, shown []fakeFace) {
	for i, face := range shown {
		best := map[string]faces.Candidate{}
		var order []string
		for _, t := range f.kept {
			if t.company != company {
				continue
			}
			c := faces.Candidate{Username: t.Username, FaceID: t.FaceID, Score: face.score(t.person)}
			if b, ok := best[t.Username]; !ok {
				order = append(order, t.Username)
			} else if b.Score >= c.Score {
				continue
			}
			best[t.Username] = c
		}
		slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(best[b].Score, best[a].Score) })
		for _, username := range order[:min(len(order), faces.MaxCandidates)] {
			frame.Faces[i].Candidates = append(frame.Faces[i].Candidates, best[username])
		}
	}
}

func (f fakeFace) score(person string) float64 {
	switch person {
	case f.person:
		return f.same
	case f.near:
		return f.same - f.margin
	}
	return FakeOther
}
