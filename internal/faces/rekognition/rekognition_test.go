package rekognition_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/faces/onnx"
	"hajir/internal/faces/rekognition"
	"hajir/internal/faces/rekognition/rekognitiontest"
	"hajir/internal/hajir"
	"hajir/models"
)

func clock() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return time.Unix(n.Add(1), 0) }
}

// open returns an adapter before a stand-in that sees with eyes.
func open(t *testing.T, eyes faces.Recognizer) (*rekognition.Recognizer, *rekognitiontest.Server) {
	t.Helper()
	s := rekognitiontest.New(t, eyes)
	return rekognition.New(rekognition.Config{
		Endpoint: s.URL, Prefix: "hajir-test-", Now: clock(),
		AWS: aws.Config{
			Region: "ap-south-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
			Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		},
	}), s
}

// The suite, with a stand-in that sees with the program's own models.
func TestRecognizer(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	facestest.Run(t, func(t *testing.T) faces.Recognizer {
		eyes, err := onnx.Open(t.Context(), onnx.Config{Models: models.FS(), Store: &facestest.Store{}, Now: clock()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = eyes.Close() })
		r, _ := open(t, eyes)
		return r
	})
}

var anything = func(faces.Frame) error { return nil }

// fake returns an adapter whose stand-in sees asha in every picture.
func fake(t *testing.T) (*rekognition.Recognizer, *rekognitiontest.Server) {
	t.Helper()
	return open(t, ashaAlways{facestest.NewFake(clock())})
}

var asha = facestest.Picture("face:asha")

func TestUnindexed(t *testing.T) {
	for _, tt := range []struct {
		reasons []string
		want    hajir.Code
	}{
		{[]string{"EXCEEDS_MAX_FACES"}, hajir.FaceSeveral},
		{[]string{"EXTREME_POSE"}, hajir.FaceTurned},
		{[]string{"LOW_BRIGHTNESS", "LOW_SHARPNESS"}, hajir.FaceDark},
		{[]string{"LOW_SHARPNESS"}, hajir.FaceBlurred},
		{[]string{"LOW_CONFIDENCE"}, hajir.FaceNone},
		{[]string{"SMALL_BOUNDING_BOX", "LOW_FACE_QUALITY"}, hajir.FaceSmall},
		{[]string{"LOW_FACE_QUALITY"}, hajir.FaceBlurred},
		{[]string{"SOMETHING_NEW"}, hajir.FaceNone},
	} {
		r, s := fake(t)
		s.Refuse(tt.reasons...)
		if _, err := r.Index(t.Context(), "acme", "asha", "1", asha, anything); hajir.CodeOf(err) != tt.want {
			t.Errorf("%v: %v, want %s", tt.reasons, err, tt.want)
		}
		if kept := s.Faces("hajir-test-acme"); len(kept) != 0 {
			t.Errorf("%v: kept %v", tt.reasons, kept)
		}
	}
}

// Every documented error has a code, and no message tells of AWS.
func TestErrors(t *testing.T) {
	for code, want := range map[string]hajir.Code{
		"AccessDeniedException":                  hajir.Unavailable,
		"ConflictException":                      hajir.Unavailable,
		"IdempotentParameterMismatchException":   hajir.Internal,
		"ImageTooLargeException":                 hajir.TooLarge,
		"InternalServerError":                    hajir.Unavailable,
		"InvalidImageFormatException":            hajir.PictureInvalid,
		"InvalidPaginationTokenException":        hajir.Internal,
		"InvalidParameterException":              hajir.Internal,
		"InvalidS3ObjectException":               hajir.Internal,
		"LimitExceededException":                 hajir.Unavailable,
		"ProvisionedThroughputExceededException": hajir.Unavailable,
		"ResourceInUseException":                 hajir.Unavailable,
		"ResourceNotFoundException":              hajir.Unavailable,
		"ResourceNotReadyException":              hajir.Unavailable,
		"ServiceQuotaExceededException":          hajir.Unavailable,
		"ThrottlingException":                    hajir.Unavailable,
		"ValidationException":                    hajir.Internal,
		"ExpiredTokenException":                  hajir.Unavailable,
		"SomethingNewException":                  hajir.Unavailable,
	} {
		r, s := fake(t)
		s.Fail("DetectFaces", code)
		_, err := r.Detect(t.Context(), asha)
		if hajir.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", code, err, want)
		}
		if e, ok := hajir.AsError(err); ok && (strings.Contains(e.Message, "AWS") || strings.Contains(e.Message, "Rekognition") || e.Message == "") {
			t.Errorf("%s: %q is for people", code, e.Message)
		}
	}
}

// What happens beside a call: another process makes the collection, or removes it.
func TestCollections(t *testing.T) {
	r, s := fake(t)
	s.Fail("CreateCollection", "ResourceAlreadyExistsException")
	if _, err := r.Index(t.Context(), "acme", "asha", "1", asha, anything); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("a collection that comes and goes: %v", err)
	}
	if _, err := r.Index(t.Context(), "Ünü/x", "asha o'neil", "1", asha, anything); err != nil {
		t.Errorf("awkward names: %v", err)
	}
	if list, err := r.List(t.Context(), "Ünü/x", "asha o'neil"); err != nil || len(list) != 1 || list[0].Username != "asha o'neil" {
		t.Errorf("%+v, %v", list, err)
	}
	if kept := s.Faces("hajir-test-.c3.9cn.c3.bc.2fx"); len(kept) != 1 || !strings.HasPrefix(kept[0], "asha.20o.27neil:1:") {
		t.Errorf("kept %v", kept)
	}
	for range 2 { // the second time it is gone already
		if err := r.Drop(t.Context(), "Ünü/x"); err != nil {
			t.Error(err)
		}
	}
	if list, err := r.List(t.Context(), "Ünü/x", "asha o'neil"); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestRenew(t *testing.T) {
	r, s := fake(t)
	if err := r.Renew(t.Context(), "acme", "asha", "1", asha); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("a face that is not kept: %v", err)
	}
	before, err := r.Index(t.Context(), "acme", "asha", "1", asha, anything)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Renew(t.Context(), "acme", "asha", "1", asha); err != nil {
		t.Error(err)
	}
	list, err := r.List(t.Context(), "acme", "asha")
	if err != nil || len(list) != 1 || !list[0].IndexedAt.Equal(before.IndexedAt) || len(s.Faces("hajir-test-acme")) != 1 {
		t.Errorf("%+v, %v; %v", list, err, s.Faces("hajir-test-acme"))
	}
}

func TestLiveness(t *testing.T) {
	r, s := fake(t)
	session, err := r.BeginLiveness(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		status string
		want   hajir.Code
		done   bool
	}{{"CREATED", "", false}, {"IN_PROGRESS", "", false}, {"SUCCEEDED", "", true}, {"FAILED", hajir.FaceNotLive, false}, {"EXPIRED", hajir.NotFound, false}} {
		s.Live(session, tt.status)
		live, err := r.EndLiveness(t.Context(), session)
		if live.Done != tt.done || err == nil != (tt.want == "") || err != nil && hajir.CodeOf(err) != tt.want {
			t.Errorf("%s: %+v, %v", tt.status, live, err)
		}
		if live.Done && (live.Confidence < 0.98 || live.Confidence > 0.99 || len(live.Picture) == 0) {
			t.Errorf("%+v", live)
		}
	}
	if _, err := r.EndLiveness(t.Context(), "another"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("another session: %v", err)
	}
	s.Fail("CreateFaceLivenessSession", "AccessDeniedException")
	if _, err := r.BeginLiveness(t.Context(), "token"); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("where it is not allowed: %v", err)
	}
}

// Rekognition that has too much to do is asked again.
func TestThrottled(t *testing.T) {
	s := rekognitiontest.New(t, ashaAlways{facestest.NewFake(clock())})
	r := rekognition.New(rekognition.Config{Endpoint: s.URL, Now: clock(), AWS: aws.Config{
		Region: "ap-south-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}})
	s.Fail("DetectFaces", "ThrottlingException", "ProvisionedThroughputExceededException")
	if f, err := r.Detect(t.Context(), asha); err != nil || len(f.Faces) != 1 || s.Calls("DetectFaces") != 3 {
		t.Errorf("%+v, %v after %d calls", f, err, s.Calls("DetectFaces"))
	}
	if err := errors.Join(r.Remove(t.Context(), "acme", "asha")); err != nil {
		t.Errorf("nothing to remove: %v", err)
	}
	if !slices.Equal(s.Faces("acme"), nil) {
		t.Error("something is kept")
	}
}
