package dynamodb

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold writes a text so that words are compared as in SQLite's index: in small
// letters, and without the accents of Latin and its neighbours. The signs of
// Devanagari are parts of words and stay.
func fold(text string) string {
	bare := strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f { // combining accents
			return -1
		}
		return r
	}, norm.NFD.String(text))
	return strings.ToLower(norm.NFC.String(bare))
}

// tokens returns the words of a text in their order.
func tokens(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Co)
	})
}

// hasAll says whether each of words begins a word of a text.
func hasAll(text, words []string) bool {
	for _, w := range words {
		if !hasWord(text, tokens(w), strings.HasPrefix) {
			return false
		}
	}
	return true
}

// hasWord says whether the tokens of a word follow each other in a text, of which
// the last is compared by last.
func hasWord(text, word []string, last func(token, of string) bool) bool {
	if len(word) == 0 {
		return false
	}
	front, end := word[:len(word)-1], word[len(word)-1]
	for i := 0; i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(front)], front) && last(text[i+len(front)], end) {
			return true
		}
	}
	return false
}

// sameWord compares whole words.
func sameWord(token, of string) bool { return token == of }
