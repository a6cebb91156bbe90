package smtp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"hajir/internal/mail/smtp"
)

// sink is a mail server in the process, which keeps what it is sent.
type sink struct {
	port       int
	mechanisms []string // empty: nobody needs to sign in
	mail, rcpt error    // what it says to the commands
	data       func() error

	mu       sync.Mutex
	messages [][]byte
	envelope []string
	usedTLS  bool
}

const (
	username = "hajir-user"
	password = "s3cret-pass word"
)

// serve starts s with the given protection and returns what a client needs.
func (s *sink) serve(t *testing.T, security smtp.Security) smtp.Config {
	t.Helper()
	cert, roots := certificate(t)
	secured := &tls.Config{Certificates: []tls.Certificate{cert}}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		return &session{sink: s, conn: c, signedIn: len(s.mechanisms) == 0}, nil
	}))
	server.AllowInsecureAuth = security == smtp.None
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	switch security {
	case smtp.StartTLS:
		server.TLSConfig = secured
	case smtp.TLS:
		listener = tls.NewListener(listener, secured)
	case smtp.None:
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); _ = listener.Close(); <-done })
	return smtp.Config{Host: "127.0.0.1", Port: s.port, Security: security, RootCAs: roots}
}

func (s *sink) arrived(*testing.T) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

type session struct {
	sink     *sink
	conn     *gosmtp.Conn
	signedIn bool
	envelope []string
}

func (s *session) AuthMechanisms() []string { return s.sink.mechanisms }

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(_, user, pass string) error {
		if user != username || pass != password {
			// A server that talks too much.
			return &gosmtp.SMTPError{Code: 535, EnhancedCode: gosmtp.EnhancedCode{5, 7, 8}, Message: "not " + user + " with " + pass}
		}
		s.signedIn = true
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(check), nil
	case sasl.Login:
		return &login{check: check}, nil
	}
	return nil, gosmtp.ErrAuthUnknownMechanism
}

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	if !s.signedIn {
		return gosmtp.ErrAuthRequired
	}
	s.envelope = append(s.envelope, from)
	return s.sink.mail
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.envelope = append(s.envelope, to)
	return s.sink.rcpt
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.sink.data != nil {
		if err := s.sink.data(); err != nil {
			return err
		}
	}
	_, secured := s.conn.TLSConnectionState()
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.messages = append(s.sink.messages, b)
	s.sink.envelope, s.sink.usedTLS = s.envelope, secured
	return nil
}

func (s *session) Reset()        { s.envelope = nil }
func (s *session) Logout() error { return nil }

// login is the server's side of LOGIN.
type login struct {
	check func(identity, user, pass string) error
	asked int
	user  string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	case 3:
		return nil, true, l.check("", l.user, string(response))
	}
	return nil, false, errors.New("too many answers")
}

// certificate returns a certificate for 127.0.0.1 and a pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a mail server"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
