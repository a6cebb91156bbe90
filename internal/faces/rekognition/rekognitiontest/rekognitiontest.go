// Package rekognitiontest stands in for Amazon Rekognition: a server that speaks
// its protocol (JSON 1.1) and answers in its shapes. What it sees in pictures a
// recognizer of the program sees for it. Read Server first; it knows what the
// adapter uses, and refuses everything else.
package rekognitiontest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	URL string

	eyes  faces.Recognizer
	mu    sync.Mutex
	sets  map[string][]record // collections
	made  int
	fails map[string][]string // an operation's next errors
	calls map[string]int
	// refuse are reasons for which the next IndexFaces leaves a face out.
	refuse []string
	live   map[string]string // sessions, and how they stand
}

type record struct{ id, external string }

// New starts a stand-in that sees with eyes, until the test ends.
func New(t testing.TB, eyes faces.Recognizer) *Server {
	s := &Server{
		eyes: eyes, sets: map[string][]record{}, fails: map[string][]string{}, calls: map[string]int{}, live: map[string]string{},
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	s.URL = srv.URL
	return s
}

// Fail has the next calls of an operation fail with these errors.
func (s *Server) Fail(operation string, errors ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[operation] = errors
}

// Refuse has the next IndexFaces leave the face out, for these reasons.
func (s *Server) Refuse(reasons ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = reasons
}

// Live says how a session stands from now on, such as SUCCEEDED.
func (s *Server) Live(session, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live[session] = status
}

// Calls returns how often an operation was called.
func (s *Server) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// Faces returns the ExternalImageIds in a collection.
func (s *Server) Faces(collection string) (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.sets[collection] {
		all = append(all, r.external)
	}
	return all
}

// fault is an error as Rekognition answers with it.
type fault struct {
	code    string
	message string
}

// Error implements error.
func (f *fault) Error() string { return f.code + ": " + f.message }

// statuses are those of errors that are not 400.
var statuses = map[string]int{"InternalServerError": http.StatusInternalServerError, "ThrottlingException": http.StatusInternalServerError}

type image struct{ Bytes []byte }

// request has the fields of all operations that the stand-in knows.
type request struct {
	CollectionID        string `json:"CollectionId"`
	Image               image
	SourceImage         image
	TargetImage         image
	ExternalImageID     string   `json:"ExternalImageId"`
	FaceID              string   `json:"FaceId"`
	FaceIDs             []string `json:"FaceIds"`
	MaxFaces            int
	MaxResults          int
	NextToken           string
	QualityFilter       string
	FaceMatchThreshold  *float64
	SimilarityThreshold *float64
	SessionID           string `json:"SessionId"`
	Attributes          []string
	ClientRequestToken  string
	Settings            any
	DetectionAttributes []string
}

type object = map[string]any

const (
	maxImage   = 5 << 20
	pageOfList = 3 // few, so that pages are turned in tests
)

var (
	collectionName = regexp.MustCompile(`^[a-zA-Z0-9_.\-]{1,255}$`)
	externalName   = regexp.MustCompile(`^[a-zA-Z0-9_.\-:]{1,255}$`)
)

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "RekognitionService.")
	var in request
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&in) //nolint:musttag // Rekognition's names are those of the fields
	var out object
	switch {
	case !ok || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-amz-json-1.1":
		err = &fault{"UnknownOperationException", ""}
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="):
		err = &fault{"MissingAuthenticationTokenException", "Missing Authentication Token"}
	case err != nil:
		err = &fault{"SerializationException", err.Error()}
	default:
		out, err = s.answer(r.Context(), operation, in)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Requestid", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
	if err != nil {
		f := faultOf(err)
		status := statuses[f.code]
		if status == 0 {
			status = http.StatusBadRequest
		}
		w.WriteHeader(status)
		out = object{"__type": f.code, "Message": f.message, "Code": f.code, "Logref": "8476a536"}
	}
	_ = json.NewEncoder(w).Encode(out)
}

// faultOf says how Rekognition calls what the recognizer refuses.
func faultOf(err error) *fault {
	if f, ok := err.(*fault); ok { //nolint:errorlint // it is never wrapped
		return f
	}
	switch hajir.CodeOf(err) { //nolint:exhaustive // the others are no pictures'
	case hajir.PictureInvalid, hajir.Unsupported:
		return &fault{"InvalidImageFormatException", "Request has invalid image format"}
	case hajir.TooLarge:
		return &fault{"ImageTooLargeException", "Image size is too large"}
	case hajir.FaceNone:
		return &fault{"InvalidParameterException", "There are no faces in the image. Should be at least 1."}
	}
	return &fault{"InternalServerError", err.Error()}
}

func (s *Server) answer(ctx context.Context, operation string, in request) (object, error) {
	s.mu.Lock()
	s.calls[operation]++
	if next := s.fails[operation]; len(next) > 0 {
		s.fails[operation] = next[1:]
		s.mu.Unlock()
		return nil, &fault{next[0], "as asked"}
	}
	s.mu.Unlock()
	for _, i := range []image{in.Image, in.SourceImage, in.TargetImage} {
		if len(i.Bytes) > maxImage {
			return nil, &fault{"ImageTooLargeException", "Image size is too large"}
		}
	}
	switch operation {
	case "DetectFaces":
		frame, err := s.eyes.Detect(ctx, in.Image.Bytes)
		details := []object{}
		for _, f := range frame.Faces {
			details = append(details, detail(f))
		}
		return object{"FaceDetails": details}, err
	case "CompareFaces":
		return s.compare(ctx, in)
	case "CreateFaceLivenessSession":
		s.mu.Lock()
		defer s.mu.Unlock()
		id := s.id()
		s.live[id] = "CREATED"
		return object{"SessionId": id}, nil
	case "GetFaceLivenessSessionResults":
		return s.session(in)
	}
	if !collectionName.MatchString(in.CollectionID) {
		return nil, &fault{"ValidationException", "1 validation error detected: Value '" + in.CollectionID + "' at 'collectionId' failed to satisfy constraint"}
	}
	s.mu.Lock()
	_, there := s.sets[in.CollectionID]
	if operation == "CreateCollection" {
		defer s.mu.Unlock()
		if there {
			return nil, &fault{"ResourceAlreadyExistsException", "The collection id: " + in.CollectionID + " already exists"}
		}
		s.sets[in.CollectionID] = nil
		return object{"StatusCode": 200, "CollectionArn": "aws:rekognition:ap-south-1:1:collection/" + in.CollectionID, "FaceModelVersion": "7.0"}, nil
	}
	s.mu.Unlock()
	if !there {
		return nil, &fault{"ResourceNotFoundException", "The collection id: " + in.CollectionID + " does not exist"}
	}
	switch operation {
	case "IndexFaces":
		return s.index(ctx, in)
	case "SearchFacesByImage":
		return s.searchImage(ctx, in)
	case "SearchFaces":
		return s.searchFace(ctx, in)
	case "ListFaces":
		return s.list(in)
	case "DeleteFaces":
		return s.delete(ctx, in)
	case "DeleteCollection":
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, r := range s.sets[in.CollectionID] {
			if err := s.eyes.Remove(ctx, in.CollectionID, r.id); err != nil {
				return nil, err
			}
		}
		delete(s.sets, in.CollectionID)
		return object{"StatusCode": 200}, nil
	}
	return nil, &fault{"UnknownOperationException", operation}
}

// id returns a new UUID of a face or session. s.mu is held.
func (s *Server) id() string {
	s.made++
	return fmt.Sprintf("11111111-2222-4333-8444-%012x", s.made)
}

func (s *Server) index(ctx context.Context, in request) (object, error) {
	if !externalName.MatchString(in.ExternalImageID) {
		return nil, &fault{"ValidationException", "Value at 'externalImageId' failed to satisfy constraint"}
	}
	frame, err := s.eyes.Detect(ctx, in.Image.Bytes)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	id, reasons := s.id(), s.refuse
	s.refuse = nil
	s.mu.Unlock()
	records, left := []object{}, []object{}
	for i, f := range frame.Faces {
		switch {
		case in.MaxFaces > 0 && i >= in.MaxFaces:
			left = append(left, object{"Reasons": []string{"EXCEEDS_MAX_FACES"}, "FaceDetail": detail(f)})
		case len(reasons) > 0 && in.QualityFilter != "NONE":
			left = append(left, object{"Reasons": reasons, "FaceDetail": detail(f)})
		default:
			if _, err := s.eyes.Index(ctx, in.CollectionID, id, "1", in.Image.Bytes, func(faces.Frame) error { return nil }); err != nil {
				return nil, err
			}
			s.mu.Lock()
			s.sets[in.CollectionID] = append(s.sets[in.CollectionID], record{id, in.ExternalImageID})
			s.mu.Unlock()
			records = append(records, object{"Face": named(record{id, in.ExternalImageID}, f.Box), "FaceDetail": detail(f)})
		}
	}
	return object{"FaceRecords": records, "UnindexedFaces": left, "FaceModelVersion": "7.0"}, nil
}

func (s *Server) searchImage(ctx context.Context, in request) (object, error) {
	frame, err := s.eyes.Identify(ctx, in.CollectionID, in.Image.Bytes)
	if err != nil {
		return nil, err
	}
	if len(frame.Faces) == 0 {
		return nil, &fault{"InvalidParameterException", "There are no faces in the image. Should be at least 1."}
	}
	largest := frame.Faces[0]
	return object{
		"SearchedFaceBoundingBox": box(largest.Box), "SearchedFaceConfidence": 100 * largest.Score,
		"FaceMatches": s.matches(in, largest.Candidates), "FaceModelVersion": "7.0",
	}, nil
}

func (s *Server) searchFace(ctx context.Context, in request) (out object, err error) {
	err = s.eyes.Compare(ctx, in.CollectionID, func(id, _ string, people []faces.Candidate) error {
		if id == in.FaceID {
			out = object{"SearchedFaceId": id, "FaceMatches": s.matches(in, people), "FaceModelVersion": "7.0"}
		}
		return nil
	})
	if err == nil && out == nil {
		err = &fault{"InvalidParameterException", "faceId was not found in collection: " + in.FaceID}
	}
	return out, err
}

// matches returns the faces that are similar enough, the most similar first.
func (s *Server) matches(in request, people []faces.Candidate) []object {
	least := 80.0
	if in.FaceMatchThreshold != nil {
		least = *in.FaceMatchThreshold
	}
	people = slices.Clone(people)
	slices.SortStableFunc(people, func(a, b faces.Candidate) int {
		if a.Score > b.Score {
			return -1
		}
		return 1
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []object{}
	for _, c := range people {
		i := slices.IndexFunc(s.sets[in.CollectionID], func(r record) bool { return r.id == c.Username })
		if similarity := s.similarity(c.Score); i >= 0 && similarity >= least && len(found) < max(in.MaxFaces, 1) {
			found = append(found, object{"Similarity": similarity, "Face": named(s.sets[in.CollectionID][i], faces.Box{Width: 1, Height: 1})})
		}
	}
	return found
}

// similarity maps cosines to Rekognition's 0 to 100, on which two faces are one
// person's from 95 on.
func (s *Server) similarity(cosine float64) float64 {
	const one = 95
	least := s.eyes.Model().Threshold
	if cosine < least {
		return one * max(cosine, 0) / least * 0.99
	}
	return one + (100-one)*min((cosine-least)/(1-least), 1)
}

func (s *Server) compare(ctx context.Context, in request) (object, error) {
	frames, err := s.eyes.Follow(ctx, "", in.SourceImage.Bytes, [][]byte{in.TargetImage.Bytes})
	if err != nil {
		return nil, err
	}
	if len(frames[0].Faces) == 0 {
		return nil, &fault{"InvalidParameterException", "Request has invalid parameters"}
	}
	least := 80.0
	if in.SimilarityThreshold != nil {
		least = *in.SimilarityThreshold
	}
	same, other := []object{}, []object{}
	for _, f := range frames[0].Faces {
		if similarity := s.similarity(*f.Likeness); similarity >= least {
			same = append(same, object{"Similarity": similarity, "Face": detail(f)})
		} else {
			other = append(other, detail(f))
		}
	}
	return object{"FaceMatches": same, "UnmatchedFaces": other, "SourceImageFace": object{"Confidence": 99.9}}, nil
}

func (s *Server) list(in request) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := 0
	if in.NextToken != "" {
		var err error
		if from, err = strconv.Atoi(in.NextToken); err != nil {
			return nil, &fault{"InvalidPaginationTokenException", ""}
		}
	}
	all := s.sets[in.CollectionID]
	until := min(from+pageOfList, len(all))
	out := object{"FaceModelVersion": "7.0"}
	found := []object{}
	for _, r := range all[min(from, until):until] {
		found = append(found, named(r, faces.Box{Width: 1, Height: 1}))
	}
	if out["Faces"] = found; until < len(all) {
		out["NextToken"] = strconv.Itoa(until)
	}
	return out, nil
}

func (s *Server) delete(ctx context.Context, in request) (object, error) {
	if len(in.FaceIDs) == 0 {
		return nil, &fault{"ValidationException", "Member must have length greater than or equal to 1"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	deleted, failed := []string{}, []object{}
	for _, id := range in.FaceIDs {
		i := slices.IndexFunc(s.sets[in.CollectionID], func(r record) bool { return r.id == id })
		if i < 0 {
			failed = append(failed, object{"FaceId": id, "Reasons": []string{"FACE_NOT_FOUND"}})
			continue
		}
		if err := s.eyes.Remove(ctx, in.CollectionID, id); err != nil {
			return nil, err
		}
		s.sets[in.CollectionID] = slices.Delete(s.sets[in.CollectionID], i, i+1)
		deleted = append(deleted, id)
	}
	return object{"DeletedFaces": deleted, "UnsuccessfulFaceDeletions": failed}, nil
}

func (s *Server) session(in request) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	status, ok := s.live[in.SessionID]
	if !ok {
		return nil, &fault{"SessionNotFoundException", "Session not found"}
	}
	out := object{"SessionId": in.SessionID, "Status": status}
	if status == "SUCCEEDED" {
		out["Confidence"] = 98.5
		out["ReferenceImage"] = object{"Bytes": []byte("\xff\xd8a picture"), "BoundingBox": box(faces.Box{Width: 0.5, Height: 0.5})}
	}
	return out, nil
}

// Shapes.

func box(b faces.Box) object {
	round := func(v float64) float64 { return math.Round(v*1e7) / 1e7 }
	return object{"Left": round(b.Left), "Top": round(b.Top), "Width": round(b.Width), "Height": round(b.Height)}
}

func named(r record, b faces.Box) object {
	return object{
		"FaceId": r.id, "ExternalImageId": r.external, "ImageId": "9f8e7d6c-2222-4333-8444-000000000000",
		"BoundingBox": box(b), "Confidence": 99.99, "IndexFacesModelVersion": "7.0",
	}
}

func detail(f faces.Face) object {
	marks := []object{}
	for i, name := range []string{"eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight"} {
		marks = append(marks, object{"Type": name, "X": f.Landmarks[i].X, "Y": f.Landmarks[i].Y})
	}
	return object{
		"BoundingBox": box(f.Box), "Confidence": 100 * f.Score, "Landmarks": marks,
		"Pose": object{"Roll": 0.1, "Yaw": 0.1, "Pitch": 0.1}, "Quality": object{"Brightness": 80.0, "Sharpness": 90.0},
	}
}
