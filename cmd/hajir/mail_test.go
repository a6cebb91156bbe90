package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		"no sender":         {config.Mail{SMTPHost: "mail.example.com"}, "--mail-from"},
		"a bad sender":      {config.Mail{MailFrom: "Hajir"}, "--mail-from"},
		"password twice":    {config.Mail{SMTPHost: "mail.example.com", MailFrom: from, SMTPPassword: "x", SMTPPasswordFile: secret}, "not both"},
		"no password file":  {config.Mail{SMTPHost: "mail.example.com", MailFrom: from, SMTPPasswordFile: secret + "x"}, "password"},
		"in the clear":      {config.Mail{SMTPHost: "mail.example.com", SMTPTLS: "none", SMTPUsername: "h", SMTPPassword: "x", MailFrom: from}, "clear text"},
		"password, no name": {config.Mail{SMTPHost: "mail.example.com", SMTPPassword: "x", MailFrom: from}, "user name"},
	} {
		t.Run(name, func(t *testing.T) {
			sender, err := openMail(config.Config{Data: t.TempDir(), Mail: tt.mail}, time.Now, slog.New(slog.DiscardHandler))
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
