package facestest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

func TestFake(t *testing.T) {
	f := facestest.NewFake(func() time.Time { return time.Unix(0, 0) })
	accept := func(faces.Frame) error { return nil }
	for _, name := range []string{"asha", "bina"} {
		if _, err := f.Index(t.Context(), "c", "user-"+name, "1", facestest.Picture("face:"+name), accept); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		picture string
		faces   int
		first   string
		score   float64
		margin  float64
	}{
		{"none", 0, "", 0, 0},
		{"face:asha#2", 1, "user-asha", 0.9, 0.8},
		{"face:bina,face:asha", 2, "user-bina", 0.9, 0.8},
		{"small:bina", 1, "user-bina", 0.9, 0.8},
		{"lookalike:asha~bina:0.02", 1, "user-asha", 0.9, 0.02},
		{"score:asha:0.55", 1, "user-asha", 0.55, 0.45},
		{"live:asha:0.3", 1, "user-asha", 0.9, 0.8},
		{"face:chitra", 1, "user-asha", 0.1, 0},
	} {
		frame, err := f.Identify(t.Context(), "c", []byte(tt.picture))
		if err != nil || len(frame.Faces) != tt.faces {
			t.Errorf("%s: %d faces, %v", tt.picture, len(frame.Faces), err)
			continue
		}
		if tt.faces == 0 {
			continue
		}
		face := frame.Faces[0]
		if c := face.Candidates[0]; c.Username != tt.first || c.Score != tt.score {
			t.Errorf("%s: first is %+v", tt.picture, c)
		}
		margin := face.Candidates[0].Score - face.Candidates[1].Score
		if d := margin - tt.margin; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: margin %v", tt.picture, margin)
		}
	}
	for picture, code := range map[string]hajir.Code{
		"": hajir.PictureInvalid, "face:": hajir.PictureInvalid, "lookalike:a~b:x": hajir.PictureInvalid,
		"live:asha": hajir.PictureInvalid, "unsupported": hajir.Unsupported, "toolarge": hajir.TooLarge,
	} {
		if _, err := f.Detect(t.Context(), []byte(picture)); hajir.CodeOf(err) != code {
			t.Errorf("%q: %v, want %s", picture, err, code)
		}
	}
	for picture, want := range map[string]float64{"live:asha:0.3": 0.3, "face:asha": 0.98, "photo:asha": 0.02} {
		frame, err := f.Detect(t.Context(), []byte(picture), faces.MeasureLiveness)
		if err != nil {
			t.Fatal(err)
		}
		if l := frame.Faces[0].Liveness; l == nil || *l != want || frame.Faces[0].Quality.Measured {
			t.Errorf("%s: liveness %v, quality %+v", picture, l, frame.Faces[0].Quality)
		}
	}
	frame, err := f.Detect(t.Context(), []byte("face:asha"), faces.MeasureQuality)
	if err != nil {
		t.Fatal(err)
	}
	good := frame.Faces[0].Quality
	for _, picture := range []string{"blurred:asha", "dark:asha", "bright:asha", "turned:asha", "left:asha", "right:asha", "closed:asha"} {
		plain, err1 := f.Detect(t.Context(), []byte(picture))
		asked, err2 := f.Detect(t.Context(), []byte(picture), faces.MeasureQuality)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if q := asked.Faces[0].Quality; plain.Faces[0].Quality.Measured || !q.Measured || q == good || asked.Faces[0].Liveness != nil {
			t.Errorf("%s: %+v, unasked %+v", picture, q, plain.Faces[0].Quality)
		}
	}
	broken := errors.New("broken")
	f.Fail(broken)
	if _, err := f.Detect(context.Background(), []byte("none")); !errors.Is(err, broken) {
		t.Errorf("Fail: %v", err)
	}
}

func TestFakeVersions(t *testing.T) {
	now := time.Unix(0, 0)
	facestest.RunVersionsOf(t, func(_ *testing.T, store faces.TemplateStore, names ...string) faces.Recognizer {
		var versions []faces.Version
		for _, name := range names {
			versions = append(versions, faces.Version{Name: name, Threshold: map[string]float64{"one": 0.5, "two": 0.6}[name]})
		}
		return facestest.NewFakeOn(store, func() time.Time { now = now.Add(time.Second); return now }, versions...)
	}, []byte("face:anna"), []byte("face:anna"), []byte("face:bina"), []byte("none"))
}
