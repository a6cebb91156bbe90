package hajir

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSimilarity(t *testing.T) {
	for _, tt := range []struct {
		a, b  string
		alike bool
	}{
		{"When do you open on Saturday?", "when do you open on SATURDAY", true},
		{"When does the office open on Saturday?", "When is the office open on Saturdays?", true},
		{"Do you offer internships in the summer?", "Do you offer summer internships?", true},
		{"Where can I park my car?", "Where can I park a car near you?", true},
		{"कार्यालय कहिले खुल्छ?", "तपाईंको कार्यालय कहिले खुल्छ?", true},
		{"Do you offer internships in the summer?", "Do you offer parking for visitors?", false},
		{"When do you open on Saturday?", "When will my application be answered?", false},
		{"How long is an internship?", "Where is your office?", false},
		{"कार्यालय कहिले खुल्छ?", "इन्टर्नको तलब कति हो?", false},
	} {
		if s := Similarity(tt.a, tt.b); (s >= AlikeQuestions) != tt.alike {
			t.Errorf("%q and %q come to %.2f", tt.a, tt.b, s)
		}
	}
}

func TestSimilarityIsAMeasure(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-e]{1,4}[ .?]){0,8}`))
	rapid.Check(t, func(r *rapid.T) {
		a, b := text.Draw(r, "a"), text.Draw(r, "b")
		s := Similarity(a, b)
		if s < 0 || s > 1 {
			r.Fatalf("%v is out of bounds", s)
		}
		if other := Similarity(b, a); other != s {
			r.Fatalf("%v, and the other way round %v", s, other)
		}
		if Similarity(a, a) != 1 || Similarity(a, strings.ToLower(a)+" ?!") != 1 {
			r.Fatalf("%q is not like itself", a)
		}
	})
}

func TestMostAlike(t *testing.T) {
	others := []Question{
		{ID: "far", Text: "Where is your office?"},
		{ID: "near", Text: "When is the office open on Saturdays?"},
		{ID: "same", Text: "When does the office open on Saturday?"},
	}
	text := func(q Question) string { return q.Text }
	got := MostAlike("When does the office open on Saturday?", others, text, 5)
	if len(got) != 2 || got[0].ID != "same" || got[0].Similarity != 1 || got[1].ID != "near" {
		t.Errorf("%+v", got)
	}
	if got = MostAlike("When does the office open on Saturday?", others, text, 1); len(got) != 1 || got[0].ID != "same" {
		t.Errorf("%+v", got)
	}
}

func TestTellingWords(t *testing.T) {
	if got := TellingWords("Is there an internship, an INTERNSHIP in summer?"); !slices.Equal(got, []string{"internship", "summer", "there", "is", "an", "in"}) {
		t.Errorf("%q", got)
	}
}

// Whatever is searched for: words of letters and digits, and few.
func FuzzSearchWords(f *testing.F) {
	for _, s := range []string{"", `"`, `NEAR(a b, 3) OR *`, "a* AND {text} : b", "नेपाली ख्", "\xff\x00", strings.Repeat("a ", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, search string) {
		all := SearchWords(search)
		if len(all) > searchWords {
			t.Fatalf("%d words", len(all))
		}
		for _, w := range all {
			if w == "" || !utf8.ValidString(w) || strings.ContainsAny(w, " \"*^:(){}+-'\x00") {
				t.Fatalf("%q has the word %q", search, w)
			}
		}
	})
}
