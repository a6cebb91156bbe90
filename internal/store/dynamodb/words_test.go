package dynamodb

import (
	"slices"
	"testing"

	"hajir/internal/hajir"
)

func TestWords(t *testing.T) {
	const text = "When do you open? Café NEAR you, नेपालीमा क्\u200dष, e\u0301te\u0301 ½"
	for search, want := range map[string]bool{
		"open": true, "OPEN whe": true, "pen": false, "cafe": true, "CAFÉ": true, "near*": true, "ete": true, "½": true,
		"नेपा": true, "नप": false, "क": true, "क्ष": false, "क्\u200dष": true, "open shut": false,
	} {
		if got := hasAll(tokens(text), hajir.SearchWords(search)); got != want {
			t.Errorf("%q: %t, want %t", search, got, want)
		}
	}
	if hasAll(tokens(text), []string{"“”"}) {
		t.Error("what is no word is found")
	}
}

// Of questions with one of the words, those with the rarest come first; whole
// words count alone.
func TestRarest(t *testing.T) {
	var all []hajir.Question
	for _, text := range []string{"open open open", "open on saturday", "opening", "open", "saturday open holiday"} {
		all = append(all, hajir.Question{ID: text, Text: text})
	}
	var got []string
	for _, q := range rarest(all, asked, []string{"open", "saturday", "holiday", "nothing"}, 3) {
		got = append(got, q.ID)
	}
	if want := []string{"saturday open holiday", "open on saturday", "open open open"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever is asked and searched for: the words of a text are found in it.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"When do you open?", "नेपालीमा क्\u200dष", "é e\u0301 Ⅷ ½ 😀", "\x00", "İstanbul ǅ ﬁ ς Σ", "\u0301", "ഇ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		of := tokens(text)
		for _, w := range of {
			if again := tokens(w); !slices.Equal(again, []string{w}) {
				t.Errorf("the word %q of %q is %q when it is looked for", w, text, again)
			}
			if !hasAll(of, []string{w}) {
				t.Errorf("%q is not found in %q", w, text)
			}
		}
	})
}
