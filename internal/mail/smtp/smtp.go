// Package smtp hands messages to a mail server. Read smtp.go first: it is one
// delivery from beginning to end. config.go says which server and how, and
// failure.go what the server's answers mean.
package smtp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"hajir/internal/mail"
	"hajir/internal/mail/eml"
)

// Sender hands messages to one server, each over a connection of its own:
// they are few and far between. It implements mail.Sender.
type Sender struct {
	config Config
	now    func() time.Time
}

var _ mail.Sender = (*Sender)(nil)

// New returns a sender to config's server whose messages are dated by now. It
// does not connect. What is wrong with config is Invalid.
func New(config Config, now func() time.Time) (*Sender, error) {
	config, err := config.complete()
	if err != nil {
		return nil, fmt.Errorf("configure mail: %w", err)
	}
	return &Sender{config: config, now: now}, nil
}

// String describes the sender without its password.
func (s *Sender) String() string { return s.config.String() }

// GoString is String, for the sake of %#v.
func (s *Sender) GoString() string { return s.config.String() }

// Send implements mail.Sender.
func (s *Sender) Send(ctx context.Context, m mail.Message) error {
	raw, err := eml.Encode(m, s.config.From, s.now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if at, err := s.deliver(ctx, m.To.Address, raw); err != nil {
		return s.failure(ctx, at, m.To.Address, err)
	}
	return nil
}

// step is how far a delivery came.
type step string

const (
	connecting     step = "connect"
	authenticating step = "authenticate"
	addressing     step = "name sender and recipient"
	transmitting   step = "hand over the message"
)

// deliver goes through one conversation with the server. go-mail's own Send
// stops neither at the end of a context nor at a reply that comes after the
// server took the message, and hides the server's replies; so the commands
// are given one by one.
func (s *Sender) deliver(ctx context.Context, to string, raw []byte) (step, error) {
	client, hangUp, err := s.connect(ctx)
	defer hangUp()
	if err != nil {
		return connecting, err
	}
	if s.config.Username != "" {
		if err := s.authenticate(client); err != nil {
			return authenticating, err
		}
	}
	if err := client.Mail("<" + s.config.From.Address + ">"); err != nil {
		return addressing, err
	}
	if err := client.Rcpt("<" + to + ">"); err != nil {
		return addressing, err
	}
	w, err := client.Data()
	if err != nil {
		return transmitting, err
	}
	if _, err := w.Write(raw); err != nil {
		return transmitting, err
	}
	if err := w.Close(); err != nil {
		return transmitting, err
	}
	// The server has the message. What becomes of the farewell does not matter.
	if client.UpdateDeadline(time.Second) == nil {
		_ = client.Quit()
	}
	return "", nil
}

// connect dials, greets and turns TLS on. The connection is closed when ctx
// ends or hangUp, which is never nil, is called.
func (s *Sender) connect(ctx context.Context) (client *smtp.Client, hangUp func(), err error) {
	config := &tls.Config{ServerName: s.config.Host, RootCAs: s.config.RootCAs, MinVersion: tls.VersionTLS12}
	policy := gomail.NoTLS
	if s.config.Security == StartTLS {
		policy = gomail.TLSMandatory
	}
	hangUp = func() {}
	dial := func(_ context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		hangUp = func() { stop(); _ = conn.Close() }
		if s.config.Security != TLS {
			return conn, nil
		}
		secure := tls.Client(conn, config)
		return secure, secure.HandshakeContext(ctx)
	}
	dialer, err := gomail.NewClient(s.config.Host,
		gomail.WithPort(s.config.Port),
		gomail.WithTimeout(s.config.Timeout),
		gomail.WithHELO(mail.Domain(s.config.From)), // not the name of this machine
		gomail.WithTLSConfig(config),
		gomail.WithTLSPolicy(policy),
		gomail.WithoutSMTPUTF8(), // addresses are ASCII
		gomail.WithDialContextFunc(dial))
	if err != nil {
		return nil, hangUp, err
	}
	client, err = dialer.DialToSMTPClientWithContext(ctx)
	return client, hangUp, err
}
