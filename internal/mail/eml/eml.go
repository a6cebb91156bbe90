// Package eml writes a message in the form in which mail travels: RFC 5322
// headers and a MIME body, with lines that end in CRLF and nothing but ASCII.
// Every adapter uses it, so that a file in the outbox is what a server would
// have been sent. Read Encode first.
package eml

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"time"
	"unicode"

	"hajir/internal/mail"
)

// Encode returns m as from sends it at date. The same arguments give the same
// bytes. It returns an Invalid error if m or from is not valid.
func Encode(m mail.Message, from mail.Address, date time.Time) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if err := mail.ValidateAddress(from); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	writeHeader(&b, "From", address(from))
	writeHeader(&b, "To", address(m.To))
	writeHeader(&b, "Subject", words(line(m.Subject)))
	writeHeader(&b, "Date", date.Format(time.RFC1123Z))
	writeHeader(&b, "Message-ID", "<"+m.ID+"@"+mail.Domain(from)+">")
	writeHeader(&b, "Auto-Submitted", "auto-generated") // asks for no out-of-office replies (RFC 3834)
	if m.Unsubscribe != "" {
		writeHeader(&b, "List-Unsubscribe", "<"+m.Unsubscribe+">")
		writeHeader(&b, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058
	}
	writeHeader(&b, "MIME-Version", "1.0")
	if err := writeBody(&b, m); err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	return b.Bytes(), nil
}

func writeBody(b *bytes.Buffer, m mail.Message) error {
	if m.HTML == "" {
		encoding, body := part(m.Text)
		writeHeader(b, "Content-Type", "text/plain; charset=utf-8")
		writeHeader(b, "Content-Transfer-Encoding", encoding)
		_, err := io.WriteString(b, "\r\n"+body)
		return err
	}
	w := multipart.NewWriter(b)
	if err := w.SetBoundary(boundary(m)); err != nil {
		return err
	}
	writeHeader(b, "Content-Type", "multipart/alternative; boundary="+w.Boundary())
	b.WriteString("\r\n")
	for _, alternative := range [][2]string{{"text/plain", m.Text}, {"text/html", m.HTML}} {
		encoding, body := part(alternative[1])
		p, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Type":              {alternative[0] + "; charset=utf-8"},
			"Content-Transfer-Encoding": {encoding},
		})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, body); err != nil {
			return err
		}
	}
	return w.Close()
}

// boundary is a function of the content, which therefore cannot contain it.
func boundary(m mail.Message) string {
	sum := sha256.Sum256([]byte(m.ID + "\x00" + m.Text + "\x00" + m.HTML))
	return hex.EncodeToString(sum[:20])
}

// part returns a body and its transfer encoding. English stays as it is, so
// that whoever opens a file of the outbox can copy the link out of it.
func part(s string) (encoding, body string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.TrimSuffix(s, "\n") + "\n"
	if plain(s) {
		return "7bit", strings.ReplaceAll(s, "\n", "\r\n")
	}
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = io.WriteString(w, s) // a strings.Builder takes everything
	_ = w.Close()
	return "quoted-printable", b.String()
}

// plain says whether s may travel as it is: ASCII in lines of at most 998,
// without spaces at their ends, which some relays cut off.
func plain(s string) bool {
	for l := range strings.Lines(s) {
		l = strings.TrimSuffix(l, "\n")
		odd := func(r rune) bool { return r != '\t' && (r > unicode.MaxASCII || unicode.IsControl(r)) }
		if len(l) > 998 || strings.TrimRight(l, " \t") != l || strings.ContainsFunc(l, odd) {
			return false
		}
	}
	return true
}
