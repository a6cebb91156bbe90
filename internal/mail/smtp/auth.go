package smtp

import (
	"errors"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

var errMechanism = errors.New("the server offers neither PLAIN nor LOGIN")

// authenticate signs in with the first mechanism of ours that the server
// offers. Both refuse to work in clear text, except on the machine itself.
func (s *Sender) authenticate(client *smtp.Client) error {
	_, offered := client.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	c := s.config
	switch {
	case slices.Contains(mechanisms, "PLAIN"):
		return client.Auth(smtp.PlainAuth("", c.Username, c.Password, c.Host, false))
	case slices.Contains(mechanisms, "LOGIN"):
		return client.Auth(smtp.LoginAuth(c.Username, c.Password, c.Host, false))
	default:
		return errMechanism
	}
}
