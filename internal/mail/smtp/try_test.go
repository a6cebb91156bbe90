package smtp_test

import (
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Trying goes as far as signing in, and leaves nothing with the server.
func TestTry(t *testing.T) {
	for _, security := range protections {
		server := &sink{mechanisms: []string{"PLAIN"}}
		config := server.serve(t, security)
		config.Username, config.Password = username, password
		if err := newSender(t, config).Try(t.Context()); err != nil {
			t.Errorf("%s: %v", security, err)
		}
		if n := len(server.arrived(t)); n != 0 || len(server.envelope) != 0 {
			t.Errorf("%s: %d messages arrived, envelope %q", security, n, server.envelope)
		}
		config.Password = "another"
		if err := newSender(t, config).Try(t.Context()); hajir.CodeOf(err) != mail.Refused {
			t.Errorf("%s: a wrong password: %v", security, err)
		}
	}
}
