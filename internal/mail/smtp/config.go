package smtp

import (
	"crypto/x509"
	"fmt"
	"net"
	"strconv"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Security is how the connection is protected.
type Security string

// The ways to protect a connection. There is none that falls back to clear
// text by itself, since whoever sits in between could make it.
const (
	StartTLS Security = "starttls" // TLS is asked for after the greeting, and required; port 587
	TLS      Security = "tls"      // TLS from the first byte; port 465
	None     Security = "none"     // clear text, for a relay that is near; port 25
)

// DefaultTimeout is for how long one message may take.
const DefaultTimeout = 30 * time.Second

// Config says which server to use and how.
type Config struct {
	Host     string
	Port     int      // zero means the usual one for Security
	Security Security // "" means StartTLS
	// Username and Password sign in with PLAIN or LOGIN, whichever the server
	// offers. An empty Username means that none is needed.
	Username string
	Password string `json:"-"`
	From     mail.Address
	Timeout  time.Duration  // zero means DefaultTimeout
	RootCAs  *x509.CertPool `json:"-"` // nil means the system's
}

// String describes the configuration without its password.
func (c Config) String() string {
	return fmt.Sprintf("%s (%s)", net.JoinHostPort(c.Host, strconv.Itoa(c.Port)), c.Security)
}

// GoString is String, for the sake of %#v.
func (c Config) GoString() string { return c.String() }

// complete returns c with what was left out, or an Invalid error.
func (c Config) complete() (Config, error) {
	if c.Security == "" {
		c.Security = StartTLS
	}
	port, known := map[Security]int{StartTLS: 587, TLS: 465, None: 25}[c.Security]
	if !known {
		return c, hajir.Errorf(hajir.Invalid, "the mail server's security must be %s, %s or %s", StartTLS, TLS, None)
	}
	if c.Port == 0 {
		c.Port = port
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	switch {
	case c.Host == "":
		return c, hajir.Errorf(hajir.Invalid, "the mail server needs a host")
	case c.Port < 1 || c.Port > 65535:
		return c, hajir.Errorf(hajir.Invalid, "the mail server's port must be from 1 to 65535")
	case c.Timeout < 0:
		return c, hajir.Errorf(hajir.Invalid, "the time that a message may take must be positive")
	case c.Username == "" && c.Password != "":
		return c, hajir.Errorf(hajir.Invalid, "the mail server's password needs a user name")
	case c.Username != "" && c.Security == None && !loopback(c.Host):
		return c, hajir.Errorf(hajir.Invalid, "the mail server's password would travel in clear text; use %s or %s", StartTLS, TLS)
	}
	return c, mail.ValidateAddress(c.From)
}

// loopback names the hosts to which go-mail hands passwords in clear text.
func loopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}
