package sqlite_test

import (
	"testing"
	"time"

	"hajir/internal/hajir"
)

// Whatever is searched for: an answer, and never a complaint of the index.
func FuzzQuestionSearch(f *testing.F) {
	for _, s := range []string{"open", `"`, `"open" *`, "NEAR(open, 2)", "a AND OR NOT", "asked : x", "{shown} : x", "^open", "क्\u200dष", "\x00", "-", "open + day", "😀", "Ⅷ ½"} {
		f.Add(s)
	}
	db := open(f, f.TempDir())
	q := hajir.Question{
		ID: "q", Company: "acme", Text: "When do you open?", State: hajir.QuestionAnswered, At: time.Unix(0, 0).UTC(),
		Answer: hajir.QuestionAnswer{Text: "At nine", Number: 1}, Public: hajir.PublicQuestion{Text: "When do you open?", At: time.Unix(0, 0).UTC()},
	}
	if err := db.SaveQuestion(f.Context(), q); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, search string) {
		words := hajir.SearchWords(search)
		found, err := db.Questions(t.Context(), "acme", hajir.QuestionFilter{Words: words}, hajir.Question{}, 10)
		if err != nil || len(words) == 0 && len(found) != 1 {
			t.Fatalf("%q: %v, %d found", search, err, len(found))
		}
		if _, err := db.PublishedQuestions(t.Context(), "acme", hajir.QuestionFilter{Words: words}, hajir.Question{}, 10); err != nil {
			t.Fatalf("%q: %v", search, err)
		}
		if _, err := db.QuestionsLike(t.Context(), "acme", hajir.TellingWords(search), true, 10); err != nil {
			t.Fatalf("%q: %v", search, err)
		}
	})
}
