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

	store    faces.TemplateStore
	versions []faces.Version // the first is Model's
	mu       sync.Mutex
	fails    error
}

// fakeTemplate is a template of Store's, of which the numbers are the letters of
// the script.
type fakeTemplate struct {
	faces.Template
	fakeFace
}

type fakeFace struct {
	script string
	person string
	pixels int
	near   string  // who looks like person
	margin float64 // and by how much less
	same   float64 // what person's templates score
	live   float64 // how alive
	seen   hajir.Quality
}

var _ faces.Recognizer = (*Fake)(nil)

// NewFake returns a Fake that knows nobody, of version fake-1.
func NewFake(now func() time.Time) *Fake { return NewFakeOn(&Store{}, now) }

// NewFakeOn returns a Fake that keeps faces in store, and has some versions: the
// first is Model's. Without any it has fake-1.
func NewFakeOn(store faces.TemplateStore, now func() time.Time, versions ...faces.Version) *Fake {
	if len(versions) == 0 {
		versions = []faces.Version{{Name: "fake-1", Threshold: FakeThreshold}}
	}
	return &Fake{Now: now, store: store, versions: versions}
}

// Fail has everything fail with err, until it is called with nil.
func (f *Fake) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails = err
}

// Model returns the first version, which is fake-1 with FakeThreshold unless
// others were given; it measures liveness.
func (f *Fake) Model() faces.Model {
	return faces.Model{Name: f.versions[0].Name, Threshold: f.versions[0].Threshold, Liveness: "fake-live-1", Eyes: "fake-eyes-1"}
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
	return frame, f.search(ctx, company, &frame, shown)
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
		if err := f.search(ctx, company, &frame, shown); err != nil {
			return nil, err
		}
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
	models, kept, err := f.kept(ctx, company)
	if err != nil {
		return faces.Indexed{}, err
	}
	if slices.ContainsFunc(kept, func(t fakeTemplate) bool { return t.Username == username && t.FaceID == faceID }) {
		if err := f.store.DeleteTemplates(ctx, company, username, faceID); err != nil {
			return faces.Indexed{}, err
		}
	}
	at := f.Now()
	for _, name := range models.Kept() {
		if !f.Has(name) {
			continue
		}
		if err := f.store.SaveTemplate(ctx, shown[0].template(company, username, faceID, name, at)); err != nil {
			return faces.Indexed{}, err
		}
	}
	list, err := f.list(ctx, company, username)
	if err != nil {
		return faces.Indexed{}, err
	}
	return list[slices.IndexFunc(list, func(k faces.Indexed) bool { return k.FaceID == faceID })], nil
}

func (f fakeFace) template(company, username, faceID, version string, at time.Time) faces.Template {
	t := faces.Template{Company: company, Username: username, FaceID: faceID, Model: version, IndexedAt: at}
	for _, letter := range []byte(f.script) {
		t.Vector = append(t.Vector, float32(letter))
	}
	return t
}

// kept returns what is kept of company, and in which versions.
func (f *Fake) kept(ctx context.Context, company string) (hajir.Models, []fakeTemplate, error) {
	models, err := f.store.FaceModels(ctx, company)
	if err != nil {
		return models, nil, err
	}
	list, err := f.store.Templates(ctx, company)
	if err != nil {
		return models, nil, err
	}
	counts := map[string]int{}
	kept := make([]fakeTemplate, len(list))
	for i, t := range list {
		var script []byte
		for _, letter := range t.Vector {
			script = append(script, byte(letter))
		}
		face, err := readFace(string(script))
		if err != nil {
			return models, nil, err
		}
		kept[i] = fakeTemplate{t, face}
		counts[t.Model]++
	}
	return models.Settled(counts, f.versions[0].Name), kept, nil
}

// Has says whether the Fake was given a version.
func (f *Fake) Has(version string) bool {
	return slices.ContainsFunc(f.versions, func(v faces.Version) bool { return v.Name == version })
}

// version returns a version that the Fake has.
func (f *Fake) version(name string) faces.Version {
	return f.versions[max(0, slices.IndexFunc(f.versions, func(v faces.Version) bool { return v.Name == name }))]
}

// Version returns the version by which company decides.
func (f *Fake) Version(ctx context.Context, company string) (faces.Version, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := cmp.Or(ctx.Err(), f.fails); err != nil {
		return faces.Version{}, err
	}
	models, _, err := f.kept(ctx, company)
	return f.version(models.Current), err
}

// Renew keeps the script's first face in the version that faces should have.
func (f *Fake) Renew(ctx context.Context, company, username, faceID string, picture []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, shown, err := f.read(ctx, picture)
	if err != nil {
		return err
	}
	models, kept, err := f.kept(ctx, company)
	switch {
	case err != nil:
		return err
	case !f.Has(models.Target()):
		return hajir.Errorf(hajir.Unavailable, "the face model is not at hand")
	case len(shown) == 0:
		return hajir.Errorf(hajir.FaceNone, "No face was found in the picture.")
	}
	at := f.Now()
	for _, t := range kept {
		if t.Username == username && t.FaceID == faceID {
			at = t.IndexedAt
		}
	}
	return f.store.AddTemplate(ctx, shown[0].template(company, username, faceID, models.Target(), at))
}

// Forget does nothing: a Fake asks its store every time.
func (*Fake) Forget(string) {}

// Compare compares what is kept, as search does.
func (f *Fake) Compare(ctx context.Context, company string, each func(username, faceID string, people []faces.Candidate) error) error {
	version, err := f.Version(ctx, company)
	if err != nil {
		return err
	}
	_, kept, err := f.kept(ctx, company)
	if err != nil {
		return err
	}
	kept = slices.DeleteFunc(kept, func(t fakeTemplate) bool { return t.Model != version.Name })
	for _, t := range kept {
		best := map[string]faces.Candidate{}
		for _, o := range kept {
			if o.FaceID == t.FaceID && o.Username == t.Username {
				continue
			}
			if score := t.score(o.person); score > best[o.Username].Score {
				best[o.Username] = faces.Candidate{Username: o.Username, FaceID: o.FaceID, Score: score, Model: version}
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
	return f.list(ctx, company, username)
}

func (f *Fake) list(ctx context.Context, company, username string) ([]faces.Indexed, error) {
	models, kept, err := f.kept(ctx, company)
	list := []faces.Indexed{}
	for _, t := range kept {
		if t.Username != username {
			continue
		}
		i := slices.IndexFunc(list, func(k faces.Indexed) bool { return k.FaceID == t.FaceID })
		if i < 0 {
			i = len(list)
			list = append(list, faces.Indexed{FaceID: t.FaceID, Username: username, Model: t.Model, IndexedAt: t.IndexedAt})
		} else if t.Model == models.Current {
			list[i].Model = t.Model
		}
		list[i].Versions = append(list[i].Versions, t.Model)
	}
	slices.SortStableFunc(list, func(a, b faces.Indexed) int { return a.IndexedAt.Compare(b.IndexedAt) })
	return list, err
}

// Remove forgets the faces named, or all of username's.
func (f *Fake) Remove(ctx context.Context, company, username string, faceIDs ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := cmp.Or(ctx.Err(), f.fails); err != nil {
		return err
	}
	return f.store.DeleteTemplates(ctx, company, username, faceIDs...)
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
	face := fakeFace{script: part, person: who, pixels: 200, same: FakeSame, live: 0.98, seen: fakeQuality()}
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

// search fills in the candidates, each person once with their best template of
// the version that they are looked for in.
func (f *Fake) search(ctx context.Context, company string, frame *faces.Frame, shown []fakeFace) error {
	models, kept, err := f.kept(ctx, company)
	if err != nil {
		return err
	}
	chosen := f.choose(models, kept)
	for i, face := range shown {
		best := map[string]faces.Candidate{}
		var order []string
		for _, t := range kept {
			if t.Model != chosen[t.Username] {
				continue
			}
			c := faces.Candidate{Username: t.Username, FaceID: t.FaceID, Score: face.score(t.person), Model: f.version(t.Model)}
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
	return nil
}

// choose returns the version that each person is looked for in.
func (f *Fake) choose(models hajir.Models, kept []fakeTemplate) map[string]string {
	order := models.Order(f.Has)
	in, all := map[string][]int{}, map[string]map[string]bool{}
	for _, t := range kept {
		i := slices.Index(order, t.Model)
		if i < 0 {
			continue
		}
		if all[t.Username] == nil {
			in[t.Username], all[t.Username] = make([]int, len(order)), map[string]bool{}
		}
		in[t.Username][i]++
		all[t.Username][t.FaceID] = true
	}
	chosen := map[string]string{}
	for username, ids := range all {
		if i := hajir.Choose(in[username], len(ids)); i >= 0 {
			chosen[username] = order[i]
		}
	}
	return chosen
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
