// Package facestest holds the suite that every adapter of the faces port must
// pass, on real pictures, and Fake, a recognizer for tests of what stands on
// the port. Read Run first; the pictures are those of samples.go.
package facestest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Open returns a recognizer that knows nobody. Its clock never stands still
// between two calls of Index.
type Open func(*testing.T) faces.Recognizer

// Run checks that what open returns keeps the port's promises.
func Run(t *testing.T, open Open) {
	t.Helper()
	s := loadSamples(t)
	for _, tt := range []struct {
		name string
		test func(*testing.T, faces.Recognizer, *samples)
	}{
		{"model", testModel},
		{"detect", testDetect},
		{"landmarks", testLandmarks},
		{"orientation", testOrientation},
		{"measure", testMeasure},
		{"bad pictures", testBadPictures},
		{"nobody enrolled", testNobody},
		{"identify", testIdentify},
		{"group", testGroup},
		{"several templates", testSeveralTemplates},
		{"compare", testCompare},
		{"follow", testFollow},
		{"accept", testAccept},
		{"no face", testNoFace},
		{"list and remove", testListAndRemove},
		{"companies", testCompanies},
		{"cancelled", testCancelled},
		{"concurrent", testConcurrent},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, open(t), s) })
	}
}

const company = "acme"

var anything = func(faces.Frame) error { return nil }

func index(t *testing.T, r faces.Recognizer, company, username, faceID string, picture []byte) faces.Indexed {
	t.Helper()
	got, err := r.Index(t.Context(), company, username, faceID, picture, anything)
	if err != nil {
		t.Fatalf("indexing %s: %v", username, err)
	}
	return got
}

func identify(t *testing.T, r faces.Recognizer, company string, picture []byte) faces.Frame {
	t.Helper()
	frame, err := r.Identify(t.Context(), company, picture)
	if err != nil {
		t.Fatalf("identifying: %v", err)
	}
	return frame
}

// first returns the only face's first candidate.
func first(t *testing.T, r faces.Recognizer, frame faces.Frame, want string) {
	t.Helper()
	if len(frame.Faces) != 1 {
		t.Fatalf("%d faces in a portrait", len(frame.Faces))
	}
	c := frame.Faces[0].Candidates
	if len(c) == 0 || c[0].Username != want || c[0].Score < r.Model().Threshold {
		t.Errorf("candidates %+v, want %s above %v first", c, want, r.Model().Threshold)
	}
}

func testModel(t *testing.T, r faces.Recognizer, _ *samples) {
	if m := r.Model(); m.Name == "" || m.Threshold <= -1 || m.Threshold >= 1 {
		t.Errorf("%+v", m)
	}
}

// testDetect counts the faces of every sample, which a person has counted.
func testDetect(t *testing.T, r faces.Recognizer, s *samples) {
	for name, want := range sampleFaces {
		frame, err := r.Detect(t.Context(), s.pictures[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(frame.Faces) != want {
			t.Errorf("%s: %d faces, want %d", name, len(frame.Faces), want)
		}
		if frame.Width != 1920 || frame.Height < 1280 {
			t.Errorf("%s: %d × %d pixels", name, frame.Width, frame.Height)
		}
		area := 2.0
		for i, f := range frame.Faces {
			if a := f.Box.Width * f.Box.Height; a > area {
				t.Errorf("%s: face %d is larger than the one before", name, i)
			} else {
				area = a
			}
			if f.Score <= 0 || f.Score > 1 || f.Pixels < 100 || f.Pixels > 400 || len(f.Candidates) > 0 {
				t.Errorf("%s: face %d: %+v", name, i, f)
			}
		}
	}
}

// testLandmarks checks that the five points lie in the box and in their order.
func testLandmarks(t *testing.T, r faces.Recognizer, s *samples) {
	for name, portrait := range s.portraits {
		frame, err := r.Detect(t.Context(), portrait)
		if err != nil || len(frame.Faces) != 1 {
			t.Errorf("%s: %d faces, %v", name, len(frame.Faces), err)
			continue
		}
		f := frame.Faces[0]
		for i, p := range f.Landmarks {
			if p.X < f.Box.Left || p.Y < f.Box.Top || p.X > f.Box.Left+f.Box.Width || p.Y > f.Box.Top+f.Box.Height {
				t.Errorf("%s: landmark %d at %+v is outside of %+v", name, i, p, f.Box)
			}
		}
		l := f.Landmarks
		if l[0].X >= l[1].X || l[3].X >= l[4].X || max(l[0].Y, l[1].Y) >= min(l[3].Y, l[4].Y) {
			t.Errorf("%s: eyes and mouth are not where they belong: %+v", name, l)
		}
	}
}

// testOrientation sees the same faces however the camera was held.
func testOrientation(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	for orientation := uint8(1); orientation <= 8; orientation++ {
		frame := identify(t, r, company, turned(t, s.portraits["anna"], orientation))
		if len(frame.Faces) == 0 {
			t.Errorf("orientation %d: no face", orientation)
			continue
		}
		first(t, r, frame, "anna")
	}
}

func testBadPictures(t *testing.T, r faces.Recognizer, s *samples) {
	whole := s.portraits["anna"]
	for name, tt := range map[string]struct {
		picture []byte
		want    hajir.Code
	}{
		"nothing":   {nil, hajir.PictureInvalid},
		"text":      {[]byte("this is not a picture"), hajir.PictureInvalid},
		"truncated": {whole[:len(whole)/3], hajir.PictureInvalid},
		"gif":       {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), hajir.Unsupported},
		"too large": {hugePNG(), hajir.TooLarge},
	} {
		if _, err := r.Detect(t.Context(), tt.picture); hajir.CodeOf(err) != tt.want {
			t.Errorf("Detect, %s: %v, want %s", name, err, tt.want)
		}
		if _, err := r.Identify(t.Context(), company, tt.picture); hajir.CodeOf(err) != tt.want {
			t.Errorf("Identify, %s: %v, want %s", name, err, tt.want)
		}
		_, err := r.Index(t.Context(), company, "anna", "1", tt.picture, func(faces.Frame) error {
			t.Errorf("Index, %s: accept was asked", name)
			return nil
		})
		if hajir.CodeOf(err) != tt.want {
			t.Errorf("Index, %s: %v, want %s", name, err, tt.want)
		}
	}
}

func testNobody(t *testing.T, r faces.Recognizer, s *samples) {
	frame := identify(t, r, "nobody's company", s.portraits["anna"])
	if len(frame.Faces) != 1 || len(frame.Faces[0].Candidates) != 0 {
		t.Errorf("%+v", frame)
	}
	list, err := r.List(t.Context(), company, "anna")
	if err != nil || len(list) != 0 {
		t.Errorf("List: %v, %v", list, err)
	}
	if err := r.Remove(t.Context(), company, "anna", "no such face"); err != nil {
		t.Errorf("Remove: %v", err)
	}
}

// testIdentify recognises anna in another photograph, among others, and nobody
// in those who are not enrolled.
func testIdentify(t *testing.T, r faces.Recognizer, s *samples) {
	for _, name := range []string{"anna", "bina", "chitra", "dipa", "esha", "gita"} {
		index(t, r, company, name, "1", s.portraits[name])
	}
	first(t, r, identify(t, r, company, s.portraits["anna again"]), "anna")
	for _, stranger := range []string{"stranger 1", "stranger 2"} {
		frame := identify(t, r, company, s.portraits[stranger])
		if len(frame.Faces) != 1 {
			t.Fatalf("%s: %d faces", stranger, len(frame.Faces))
		}
		c := frame.Faces[0].Candidates
		if len(c) != faces.MaxCandidates {
			t.Errorf("%s: %d candidates, want the nearest %d", stranger, len(c), faces.MaxCandidates)
		}
		for i := range c {
			if c[i].Score >= r.Model().Threshold || i > 0 && c[i].Score > c[i-1].Score {
				t.Errorf("%s: candidates %+v", stranger, c)
			}
		}
	}
}

// testGroup finds one person in a picture of three.
func testGroup(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	found := 0
	frame := identify(t, r, company, s.pictures[annaAgain.file])
	for _, f := range frame.Faces {
		if len(f.Candidates) > 0 && f.Candidates[0].Score >= r.Model().Threshold {
			found++
		}
	}
	if len(frame.Faces) != 3 || found != 1 {
		t.Errorf("anna is found %d times among %d faces", found, len(frame.Faces))
	}
}

// testSeveralTemplates: a person appears once, with the best template, and the
// same face id replaces.
func testSeveralTemplates(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	index(t, r, company, "anna", "2", s.portraits["anna again"])
	index(t, r, company, "bina", "1", s.portraits["bina"])
	for faceID, picture := range map[string]string{"1": "anna", "2": "anna again"} {
		c := identify(t, r, company, s.portraits[picture]).Faces[0].Candidates
		if len(c) != 2 || c[0].Username != "anna" || c[0].FaceID != faceID || c[1].Username != "bina" {
			t.Errorf("%s: %+v", picture, c)
		}
	}
	index(t, r, company, "anna", "2", s.portraits["chitra"])
	c := identify(t, r, company, s.portraits["chitra"]).Faces[0].Candidates
	if len(c) != 2 || c[0].Username != "anna" || c[0].FaceID != "2" {
		t.Errorf("after replacing: %+v", c)
	}
	if list, err := r.List(t.Context(), company, "anna"); err != nil || len(list) != 2 {
		t.Errorf("after replacing: %+v, %v", list, err)
	}
}

// testCompare: every face once, with the nearest of every person, and nothing of
// another company.
func testCompare(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	index(t, r, company, "anna", "2", s.portraits["anna again"])
	index(t, r, company, "bina", "1", s.portraits["bina"])
	index(t, r, "elsewhere", "chitra", "1", s.portraits["chitra"])
	compare := func(company string) map[string]map[string]faces.Candidate {
		seen := map[string]map[string]faces.Candidate{}
		err := r.Compare(t.Context(), company, func(username, faceID string, people []faces.Candidate) error {
			near := map[string]faces.Candidate{}
			for _, c := range people {
				near[c.Username] = c
			}
			if len(near) != len(people) {
				t.Errorf("somebody is twice in %+v", people)
			}
			seen[username+" "+faceID] = near
			return nil
		})
		if err != nil {
			t.Fatalf("comparing: %v", err)
		}
		return seen
	}
	seen := compare(company)
	if len(seen) != 3 || len(seen["anna 1"]) != 2 || len(seen["bina 1"]) != 1 {
		t.Fatalf("%+v", seen)
	}
	own, other := seen["anna 1"]["anna"], seen["anna 1"]["bina"]
	if own.FaceID != "2" || own.Score < r.Model().Threshold || other.Score >= r.Model().Threshold {
		t.Errorf("anna's first face: %+v to her other, %+v to bina's", own, other)
	}
	if back := seen["bina 1"]["anna"]; back.Score < other.Score-1e-6 {
		t.Errorf("bina to anna's nearest: %+v, less than %+v", back, other)
	}
	if seen := compare("nobody"); len(seen) != 0 {
		t.Errorf("of a company without faces: %+v", seen)
	}
	stop := errors.New("stop")
	if err := r.Compare(t.Context(), company, func(string, string, []faces.Candidate) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want what each returned", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Compare(ctx, company, func(string, string, []faces.Candidate) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v of a cancelled comparison", err)
	}
}

func testAccept(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	refused := errors.New("refused")
	_, err := r.Index(t.Context(), company, "somebody", "1", s.portraits["anna again"], func(f faces.Frame) error {
		first(t, r, f, "anna")
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("%v, want accept's error", err)
	}
	if list, err := r.List(t.Context(), company, "somebody"); err != nil || len(list) != 0 {
		t.Errorf("kept though refused: %v, %v", list, err)
	}
	if c := identify(t, r, company, s.portraits["anna again"]).Faces[0].Candidates; len(c) != 1 {
		t.Errorf("found though refused: %+v", c)
	}
}

func testNoFace(t *testing.T, r faces.Recognizer, _ *samples) {
	picture := blank()
	frame, err := r.Detect(t.Context(), picture)
	if err != nil || len(frame.Faces) != 0 || frame.Width != 320 || frame.Height != 200 {
		t.Errorf("%+v, %v", frame, err)
	}
	asked := false
	_, err = r.Index(t.Context(), company, "anna", "1", picture, func(f faces.Frame) error {
		asked = len(f.Faces) == 0
		return nil
	})
	if !asked || hajir.CodeOf(err) != hajir.FaceNone {
		t.Errorf("asked %v, %v", asked, err)
	}
}

func testListAndRemove(t *testing.T, r faces.Recognizer, s *samples) {
	for i, name := range []string{"anna", "anna again", "chitra"} {
		got := index(t, r, company, "anna", strconv.Itoa(i), s.portraits[name])
		if got.FaceID != strconv.Itoa(i) || got.Username != "anna" || got.Model != r.Model().Name || got.IndexedAt.IsZero() {
			t.Errorf("%+v", got)
		}
	}
	index(t, r, company, "bina", "0", s.portraits["bina"])
	check := func(username string, want ...string) {
		t.Helper()
		list, err := r.List(t.Context(), company, username)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, f := range list {
			got = append(got, f.FaceID)
			if i > 0 && f.IndexedAt.Before(list[i-1].IndexedAt) {
				t.Errorf("%+v is not oldest first", list)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s has %v, want %v", username, got, want)
		}
	}
	remove := func(username string, faceIDs ...string) {
		t.Helper()
		if err := r.Remove(t.Context(), company, username, faceIDs...); err != nil {
			t.Fatal(err)
		}
	}
	check("anna", "0", "1", "2")
	remove("anna", "1", "no such face")
	check("anna", "0", "2")
	remove("anna")
	check("anna")
	check("bina", "0")
	if c := identify(t, r, company, s.portraits["anna"]).Faces[0].Candidates; len(c) != 1 || c[0].Username != "bina" {
		t.Errorf("after removing anna: %+v", c)
	}
	first(t, r, identify(t, r, company, s.portraits["bina"]), "bina")
}

// testCompanies keeps one company's people from another's.
func testCompanies(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	index(t, r, "other", "anna", "1", s.portraits["bina"])
	first(t, r, identify(t, r, company, s.portraits["anna again"]), "anna")
	c := identify(t, r, "other", s.portraits["anna again"]).Faces[0].Candidates
	if len(c) != 1 || c[0].Score >= r.Model().Threshold {
		t.Errorf("anna in the other company: %+v", c)
	}
	if err := r.Remove(t.Context(), "other", "anna"); err != nil {
		t.Fatal(err)
	}
	first(t, r, identify(t, r, company, s.portraits["anna again"]), "anna")
}

func testCancelled(t *testing.T, r faces.Recognizer, s *samples) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Identify(ctx, company, s.portraits["anna"]); !errors.Is(err, context.Canceled) {
		t.Errorf("Identify: %v", err)
	}
	if _, err := r.Index(ctx, company, "anna", "1", s.portraits["anna"], anything); !errors.Is(err, context.Canceled) {
		t.Errorf("Index: %v", err)
	}
	if list, err := r.List(t.Context(), company, "anna"); err != nil || len(list) != 0 {
		t.Errorf("kept though cancelled: %v, %v", list, err)
	}
}
