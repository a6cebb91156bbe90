package mailtest

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"time"

	"hajir/internal/mail"
)

// TB is what the suite needs of *testing.T, so that *rapid.T serves as well.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// Letter is a message as its reader sees it.
type Letter struct {
	Raw        []byte
	Header     netmail.Header
	From, To   mail.Address
	Subject    string
	Date       time.Time
	MessageID  string
	Text, HTML string // lines end in \n
}

// Parse reads a message, and fails the test if it is none that every server
// takes: ASCII in lines of at most 998 bytes that end in CRLF.
func Parse(t TB, raw []byte) Letter {
	t.Helper()
	for l := range bytes.Lines(raw) {
		text, whole := bytes.CutSuffix(l, []byte("\r\n"))
		if !whole || len(text) > 998 || bytes.ContainsFunc(text, func(r rune) bool { return r > 126 || r < ' ' && r != '\t' }) {
			t.Fatalf("a line that not every server takes: %.200q", l)
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	must(t, err)
	l := Letter{Raw: raw, Header: m.Header, MessageID: m.Header.Get("Message-Id")}
	l.From, l.To = address(t, m.Header.Get("From")), address(t, m.Header.Get("To"))
	l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(t, err)
	l.Date, err = m.Header.Date()
	must(t, err)
	l.read(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return l
}

// read reads a body, or each part of one.
func (l *Letter) read(t TB, contentType, encoding string, body io.Reader) {
	t.Helper()
	media, params, err := mime.ParseMediaType(contentType)
	must(t, err)
	if media == "multipart/alternative" && l.Text == "" {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return
			}
			must(t, err)
			l.read(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	if params["charset"] != "utf-8" {
		t.Errorf("charset %q", params["charset"])
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "7bit":
	default:
		t.Errorf("transfer encoding %q", encoding)
	}
	b, err := io.ReadAll(body)
	must(t, err)
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	switch {
	case media == "text/plain" && l.Text == "" && l.HTML == "": // the plainest comes first
		l.Text = text
	case media == "text/html" && l.Text != "" && l.HTML == "":
		l.HTML = text
	default:
		t.Errorf("a part %q out of place", media)
	}
}

// Want fails the test unless l is m from from.
func (l Letter) Want(t TB, from mail.Address, m mail.Message) {
	t.Helper()
	for field, pair := range map[string][2]string{
		"sender's name":  {l.From.Name, from.Name},
		"sender":         {l.From.Address, from.Address},
		"name":           {l.To.Name, m.To.Name},
		"address":        {l.To.Address, m.To.Address},
		"subject":        {l.Subject, m.Subject},
		"ID":             {l.MessageID, "<" + m.ID + "@" + mail.Domain(from) + ">"},
		"text":           {l.Text, lines(m.Text)},
		"HTML":           {l.HTML, lines(m.HTML)},
		"blind copies":   {l.Header.Get("Bcc"), ""},
		"program's name": {l.Header.Get("X-Mailer") + l.Header.Get("User-Agent"), ""},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %.300q, want %.300q", field, pair[0], pair[1])
		}
	}
}

// lines is what mail.Message promises of a body.
func lines(s string) string {
	if s == "" {
		return ""
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s
}

func address(t TB, s string) mail.Address {
	t.Helper()
	a, err := netmail.ParseAddress(s)
	must(t, err)
	return *a
}

func must(t TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
