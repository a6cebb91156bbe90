package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"hajir/internal/config"
)

// What an operator may say about mail, and what it leads to.
func TestMailSettings(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("hunter22hunter22\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const from = "Hajir <hajir@example.com>"
	for name, tt := range map[string]struct {
		mail config.Mail
		want string // a part of the description or of the error
	}{
		"nothing":           {config.Mail{}, "*outbox.Outbox"},
		"a sender only":     {config.Mail{MailFrom: from}, "*outbox.Outbox"},
		"a server":          {config.Mail{SMTPHost: "mail.example.com", MailFrom: from}, "mail.example.com:587 (starttls)"},
		"all":               {config.Mail{SMTPHost: "mail.example.com", SMTPPort: 4650, SMTPTLS: "tls", SMTPUsername: "h", SMTPPasswordFile: secret, MailFrom: from}, "mail.example.com:4650 (tls)"},
		"SES":               {config.Mail{Service: "ses://ap-south-1", MailFrom: from}, "Amazon SES in ap-south-1"},
		"SES, no sender":    {config.Mail{Service: "ses://ap-south-1"}, "--mail-from"},
		"no such service":   {config.Mail{Service: "ses", MailFrom: from}, "--mail:"},
		"no sender":         {config.Mail{SMTPHost: "mail.example.com"}, "--mail-from"},
		"a bad sender":      {config.Mail{MailFrom: "Hajir"}, "--mail-from"},
		"password twice":    {config.Mail{SMTPHost: "mail.example.com", MailFrom: from, SMTPPassword: "x", SMTPPasswordFile: secret}, "not both"},
		"no password file":  {config.Mail{SMTPHost: "mail.example.com", MailFrom: from, SMTPPasswordFile: secret + "x"}, "password"},
		"in the clear":      {config.Mail{SMTPHost: "mail.example.com", SMTPTLS: "none", SMTPUsername: "h", SMTPPassword: "x", MailFrom: from}, "clear text"},
		"password, no name": {config.Mail{SMTPHost: "mail.example.com", SMTPPassword: "x", MailFrom: from}, "user name"},
	} {
		t.Run(name, func(t *testing.T) {
			sender, err := openMail(t.Context(), config.Config{Data: t.TempDir(), Mail: tt.mail}, time.Now, slog.New(slog.DiscardHandler))
			got := fmt.Sprintf("%T %v", sender, sender)
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, tt.want) || strings.Contains(got, "hunter22") {
				t.Errorf("%s, want %q", got, tt.want)
			}
		})
	}
}

// mailbox is a mail server in the process, which takes mail for all but one.
type mailbox struct {
	mu      sync.Mutex
	letters map[string][]byte
	refused string
	answer  error // to every recipient; nil: they are welcome
	times   int   // how often a letter was taken
}

type delivery struct {
	box *mailbox
	to  string
}

func (d *delivery) Mail(string, *gosmtp.MailOptions) error { return nil }
func (d *delivery) Reset()                                 {}
func (d *delivery) Logout() error                          { return nil }

func (d *delivery) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if d.to = to; to == d.box.refused {
		return &gosmtp.SMTPError{Code: 550, Message: "no such mailbox"}
	}
	return d.box.answer
}

func (d *delivery) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.letters[d.to] = b
	d.box.times++
	return err
}

// serveMail makes w send its mails to a server.
func (w *world) serveMail(box *mailbox) {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &delivery{box: box}, nil }))
	server.ErrorLog = log.New(io.Discard, "", 0)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	w.t.Cleanup(func() { _ = server.Close(); <-done })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	settings := config.Config{Mail: config.Mail{SMTPHost: "127.0.0.1", SMTPTLS: "none", MailFrom: "Hajir <hajir@example.com>"}}
	if _, err := fmt.Sscan(port, &settings.Mail.SMTPPort); err != nil {
		w.t.Fatal(err)
	}
	if w.invitation.Mail, err = openMail(w.t.Context(), settings, w.clock.Now, w.log); err != nil {
		w.t.Fatal(err)
	}
	w.invitation.Kept, w.app.company.Mail = false, w.invitation.Mail
	w.reset.Mail, w.letters.Mail = w.invitation.Mail, w.invitation.Mail
}

func TestInvitationsGoOutByMail(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	box := &mailbox{letters: map[string][]byte{}, refused: "gone@example.com"}
	w.serveMail(box)
	token := w.invite(admin, "asha")
	file := "username,name,email\nbina,Bina,bina@example.com\nchet,Chet,gone@example.com\n"
	w.want(w.importCSV(admin, "", file), http.StatusOK, "")
	w.invitation.Wait()
	if got := w.waiting(admin); got != "asha/sent bina/sent chet/failed" {
		t.Errorf("waiting: %s", got)
	}
	if len(box.letters) != 2 || box.letters["bina@example.com"] == nil {
		t.Errorf("letters to %v", box.letters)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(box.letters["asha@example.com"]))
	if err != nil {
		t.Fatal(err)
	}
	if text := plainText(t, m); !strings.Contains(text, token) || strings.Contains(fmt.Sprint(m.Header), token) {
		t.Errorf("the letter says\n%s", text)
	}
	r := w.want(w.call("POST", invitations, admin, map[string]any{"username": "dev", "name": "Dev", "email": "gone@example.com"}), http.StatusCreated, "")
	if problem, _ := r.json["mail_problem"].(string); !strings.Contains(problem, "refuses") || strings.Contains(r.Body.String(), "no such mailbox") {
		t.Errorf("the admin is told %s", r.Body)
	}
}
