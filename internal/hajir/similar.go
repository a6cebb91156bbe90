package hajir

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AlikeQuestions is the Similarity from which on two questions are suggested as
// the same. "When does the office open on Saturday?" and "When is the office
// open on Saturdays?" come to 0.7, those about different things that begin with
// the same words to less than 0.25 (similar_test.go has the cases). It is only a
// suggestion: nothing is merged by itself.
const AlikeQuestions = 0.35

// Similarity tells how alike two texts are: the Jaccard index of their sets of
// trigrams, from 0 for nothing in common to 1 for the same words. Case and
// punctuation do not count.
func Similarity(a, b string) float64 {
	x, y := trigrams(a), trigrams(b)
	if len(x) == 0 && len(y) == 0 {
		return 1
	}
	both := 0
	for t := range x {
		if _, ok := y[t]; ok {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

// trigrams returns the runs of three characters of a text's words, each word
// between spaces, so that beginnings and ends of words count.
func trigrams(s string) map[[3]rune]struct{} {
	set := map[[3]rune]struct{}{}
	for _, word := range words(s) {
		window := [3]rune{' ', ' ', ' '}
		for _, r := range word + " " {
			window = [3]rune{window[1], window[2], r}
			set[window] = struct{}{}
		}
	}
	return set
}

// words returns the words of a text in small letters. The signs on and between
// the letters of Devanagari belong to their words.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M)
	})
}

// The bounds of a search.
const (
	searchWords = 8
	telling     = 16 // words by which questions like another one are looked for
)

// SearchWords returns what a search looks for: its words, at most eight.
// Everything else, such as the operators of a search engine, means nothing.
func SearchWords(search string) []string {
	all := unique(words(search))
	return all[:min(len(all), searchWords)]
}

// TellingWords returns the words of a text by which questions like it are
// found: its longest ones.
func TellingWords(text string) []string {
	all := unique(words(text))
	slices.SortStableFunc(all, func(a, b string) int {
		return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a))
	})
	return all[:min(len(all), telling)]
}

// unique returns all without repetitions, in the same memory.
func unique(all []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(w string) bool {
		known := seen[w]
		seen[w] = true
		return known
	})
}

// Alike is a question, and how much it resembles the one that was asked about.
type Alike struct {
	Question
	Similarity float64
}

// MostAlike returns those of others whose text, as by says, is like text: the
// most alike first, and at most limit.
func MostAlike(text string, others []Question, by func(Question) string, limit int) []Alike {
	var all []Alike
	for _, q := range others {
		if s := Similarity(text, by(q)); s >= AlikeQuestions {
			all = append(all, Alike{q, s})
		}
	}
	slices.SortStableFunc(all, func(a, b Alike) int { return cmp.Compare(b.Similarity, a.Similarity) })
	return all[:min(len(all), limit)]
}
