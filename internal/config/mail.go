package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Mail is how messages go out. Without a host or a service they are kept as files
// in the data directory.
type Mail struct {
	Service          string `name:"mail" help:"Amazon SES in place of a mail server: ses://REGION, such as ses://ap-south-1?configuration_set=NAME, with credentials by the environment." env:"HAJIR_MAIL" placeholder:"URL"`
	SMTPHost         string `name:"smtp-host" help:"Mail server. Without one, mails are kept as files in the data directory's outbox." env:"HAJIR_SMTP_HOST" placeholder:"HOST"`
	SMTPPort         int    `name:"smtp-port" help:"Its port. Default: 587 with starttls, 465 with tls, 25 with none." env:"HAJIR_SMTP_PORT" placeholder:"PORT"`
	SMTPUsername     string `name:"smtp-username" help:"User name, if the server asks for one." env:"HAJIR_SMTP_USERNAME" placeholder:"NAME"`
	SMTPPassword     string `name:"smtp-password" help:"Password. Better given by the environment or --smtp-password-file." env:"HAJIR_SMTP_PASSWORD" placeholder:"SECRET"`
	SMTPPasswordFile string `name:"smtp-password-file" help:"File with the password." type:"path" env:"HAJIR_SMTP_PASSWORD_FILE" placeholder:"FILE"`
	SMTPTLS          string `name:"smtp-tls" help:"starttls, tls or none." enum:"starttls,tls,none" default:"starttls" env:"HAJIR_SMTP_TLS"`
	MailFrom         string `name:"mail-from" help:"Sender of the mails, such as \"Hajir <hajir@example.com>\". Needed with a mail server." env:"HAJIR_MAIL_FROM" placeholder:"ADDRESS"`
}

// Leaves says whether mails leave the machine.
func (m Mail) Leaves() bool { return m.Service != "" || m.SMTPHost != "" }

// Validate refuses what cannot be meant. Kong calls it.
func (m Mail) Validate() error {
	if m.Service != "" && m.SMTPHost != "" {
		return errors.New("give --mail or --smtp-host, not both")
	}
	return nil
}

// Outbox returns where mails are kept when there is no server.
func (c Config) Outbox() string { return filepath.Join(c.Data, "outbox") }

// Password returns the mail server's password, "" if it needs none.
func (m Mail) Password() (string, error) {
	if m.SMTPPassword != "" && m.SMTPPasswordFile != "" {
		return "", errors.New("give the mail server's password or its file, not both")
	}
	if m.SMTPPasswordFile == "" {
		return m.SMTPPassword, nil
	}
	b, err := os.ReadFile(m.SMTPPasswordFile)
	if err != nil {
		return "", fmt.Errorf("read the mail server's password: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
