package smtp_test

import (
	"slices"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/mailtest"
	"hajir/internal/mail/smtp"
)

var protections = []smtp.Security{smtp.None, smtp.StartTLS, smtp.TLS}

func now() time.Time { return time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC) }

func newSender(t *testing.T, config smtp.Config) *smtp.Sender {
	t.Helper()
	if config.From.Address == "" {
		config.From = mailtest.From
	}
	sender, err := smtp.New(config, now)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestSMTP(t *testing.T) {
	for _, security := range protections {
		t.Run(string(security), func(t *testing.T) {
			mailtest.Run(t, func(t *testing.T, from mail.Address, now func() time.Time) mailtest.Box {
				server := &sink{}
				config := server.serve(t, security)
				config.From = from
				sender, err := smtp.New(config, now)
				if err != nil {
					t.Fatal(err)
				}
				return mailtest.Box{Sender: sender, Arrived: server.arrived}
			})
		})
	}
}

func TestProtectionEnvelopeAndPassword(t *testing.T) {
	for _, security := range protections {
		for _, mechanisms := range [][]string{nil, {"PLAIN"}, {"LOGIN"}, {"XOAUTH2", "LOGIN", "PLAIN"}} {
			server := &sink{mechanisms: mechanisms}
			config := server.serve(t, security)
			if mechanisms != nil {
				config.Username, config.Password = username, password
			}
			if err := newSender(t, config).Send(t.Context(), mailtest.Sample()); err != nil {
				t.Errorf("%s %q: %v", security, mechanisms, err)
				continue
			}
			if want := []string{mailtest.From.Address, "asha@example.com"}; !slices.Equal(server.envelope, want) {
				t.Errorf("%s: envelope %q, want %q", security, server.envelope, want)
			}
			if server.usedTLS != (security != smtp.None) {
				t.Errorf("%s: TLS was used: %v", security, server.usedTLS)
			}
		}
	}
}

func TestConfig(t *testing.T) {
	good := smtp.Config{Host: "mail.example.com", Username: username, Password: password, From: mailtest.From}
	for what, c := range map[string]struct {
		change func(*smtp.Config)
		want   string // "" for one that is refused
	}{
		"STARTTLS unless said": {func(*smtp.Config) {}, "mail.example.com:587 (starttls)"},
		"TLS":                  {func(c *smtp.Config) { c.Security = smtp.TLS }, "mail.example.com:465 (tls)"},
		"a port":               {func(c *smtp.Config) { c.Port = 2525 }, "mail.example.com:2525 (starttls)"},
		"a relay":              {func(c *smtp.Config) { c.Security, c.Username, c.Password = smtp.None, "", "" }, "mail.example.com:25 (none)"},
		"here":                 {func(c *smtp.Config) { c.Security, c.Host = smtp.None, "::1" }, "[::1]:25 (none)"},
		"a clear password":     {func(c *smtp.Config) { c.Security = smtp.None }, ""},
		"a clear disguise":     {func(c *smtp.Config) { c.Security, c.Host = smtp.None, "localhost.example.com" }, ""},
		"no host":              {func(c *smtp.Config) { c.Host = "" }, ""},
		"no such security":     {func(c *smtp.Config) { c.Security = "ssl" }, ""},
		"no such port":         {func(c *smtp.Config) { c.Port = 65536 }, ""},
		"no sender":            {func(c *smtp.Config) { c.From = mail.Address{} }, ""},
		"a password of nobody": {func(c *smtp.Config) { c.Username = "" }, ""},
		"a negative time":      {func(c *smtp.Config) { c.Timeout = -1 }, ""},
	} {
		config := good
		c.change(&config)
		sender, err := smtp.New(config, now)
		switch {
		case c.want == "" && hajir.CodeOf(err) != hajir.Invalid:
			t.Errorf("%s: %v, want code %s", what, err, hajir.Invalid)
		case c.want != "" && (err != nil || sender.String() != c.want):
			t.Errorf("%s: %v, %v, want %s", what, sender, err, c.want)
		}
	}
}
