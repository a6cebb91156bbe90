package facestest

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"hajir/internal/faces"
)

// testConcurrent has several goroutines enrol, search, list and remove at once.
// It proves most under the race detector.
func testConcurrent(t *testing.T, r faces.Recognizer, s *samples) {
	index(t, r, company, "anna", "1", s.portraits["anna"])
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			username := fmt.Sprint("user ", n)
			for i := range 3 {
				faceID := strconv.Itoa(i)
				if _, err := r.Index(t.Context(), company, username, faceID, s.portraits["bina"], anything); err != nil {
					t.Errorf("Index: %v", err)
				}
				frame, err := r.Identify(t.Context(), company, s.portraits["anna again"])
				if err != nil || len(frame.Faces) != 1 || len(frame.Faces[0].Candidates) == 0 || frame.Faces[0].Candidates[0].Username != "anna" {
					t.Errorf("Identify: %+v, %v", frame, err)
				}
				if list, err := r.List(t.Context(), company, username); err != nil || len(list) != 1 || list[0].FaceID != faceID {
					t.Errorf("List: %+v, %v", list, err)
				}
				if err := r.Remove(t.Context(), company, username, faceID); err != nil {
					t.Errorf("Remove: %v", err)
				}
			}
		})
	}
	all.Wait()
	c := identify(t, r, company, s.portraits["bina"]).Faces[0].Candidates
	if len(c) != 1 || c[0].Username != "anna" {
		t.Errorf("afterwards there are %+v", c)
	}
}
