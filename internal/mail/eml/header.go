package eml

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"hajir/internal/mail"
)

// writeHeader writes a header, folded at its spaces into lines of at most 78
// characters where it has spaces. It must have no runs of them: readers of a
// folded header disagree on how many spaces a fold stands for.
func writeHeader(b *bytes.Buffer, key, value string) {
	b.WriteString(key + ":")
	n := len(key) + 1
	for i, word := range strings.Split(value, " ") {
		if i > 0 && n+1+len(word) > 78 {
			b.WriteString("\r\n")
			n = 0
		}
		b.WriteString(" " + word)
		n += 1 + len(word)
	}
	b.WriteString("\r\n")
}

// line makes one space of every run of them.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// address encodes a name where needed and leaves the rest, quotes included, to
// the standard library, whose own encoding of names is not always one that it
// reads again: it leaves a backslash as it is.
func address(a mail.Address) string {
	a.Name = line(a.Name)
	encoded := words(a.Name)
	if encoded == a.Name {
		return a.String()
	}
	a.Name = ""
	return encoded + " " + a.String()
}

// words returns s as it stands or, if a reader could take it for something
// else, as encoded words (RFC 2047) of at most 75 characters.
func words(s string) string {
	beyond := func(r rune) bool { return r > unicode.MaxASCII }
	if !strings.ContainsFunc(s, beyond) && !strings.Contains(s, "=?") {
		return s
	}
	const room = 45 // bytes that become 60 of base64
	var encoded []string
	for s != "" {
		n := 0
		for n < len(s) {
			_, width := utf8.DecodeRuneInString(s[n:])
			if n+width > room {
				break
			}
			n += width
		}
		encoded = append(encoded, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(encoded, " ")
}
