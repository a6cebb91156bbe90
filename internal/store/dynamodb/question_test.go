package dynamodb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/dynamodb/dynamodbtest"
)

// A search goes on behind what it reads at once.
func TestSearchFar(t *testing.T) {
	db, at := dynamodbtest.Open(t, ring(t)), time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	const all = 105 // more than a batch
	for i := range all {
		q := hajir.Question{ID: fmt.Sprintf("q%03d", i), Company: "acme", Text: "When do you open?", State: hajir.QuestionNew, At: at.Add(time.Duration(i) * time.Second)}
		if i == 0 || i == 2 {
			q.Text, q.Category = "Is there an internship?", "Work"
		}
		if err := db.SaveQuestion(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []hajir.QuestionFilter{{Words: []string{"intern"}}, {Category: "Work"}, {State: hajir.QuestionNew, Category: "Work"}} {
		var found []string
		var behind hajir.Question
		for {
			page, err := db.Questions(t.Context(), "acme", f, behind, 1)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			behind = page[0]
			found = append(found, behind.ID)
		}
		if !slices.Equal(found, []string{"q002", "q000"}) {
			t.Errorf("%+v: %s", f, found)
		}
	}
	if n, err := db.CountQuestions(t.Context(), "acme", hajir.QuestionNew, "", all-1); err != nil || n != all-1 {
		t.Errorf("%d, %v", n, err)
	}
}
