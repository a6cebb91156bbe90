package smtp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/mailtest"
	"hajir/internal/mail/smtp"
)

func reply(code int) error {
	return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.NoEnhancedCode, Message: "<asha@example.com> is no " + username}
}

// discreet fails the test if err says what only the server may know.
func discreet(t *testing.T, what string, err error) {
	t.Helper()
	m := mailtest.Sample()
	for _, secret := range []string{
		password, username, m.To.Address, m.Subject, "token=",
		base64.StdEncoding.EncodeToString([]byte(password)),
		base64.StdEncoding.EncodeToString([]byte("\x00" + username + "\x00" + password)),
	} {
		if said := fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err)); strings.Contains(said, secret) {
			t.Errorf("%s: the error says %q: %s", what, secret, said)
		}
	}
}

func wantRefused(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || hajir.CodeOf(err) != mail.Refused || !mail.Permanent(err) {
		t.Errorf("%s: %v, want code %s", what, err, mail.Refused)
		return
	}
	discreet(t, what, err)
}

func wantLater(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || hajir.CodeOf(err) != hajir.Unavailable || mail.Permanent(err) {
		t.Errorf("%s: %v, want code %s", what, err, hajir.Unavailable)
		return
	}
	discreet(t, what, err)
}

func TestRepliesToEveryCommand(t *testing.T) {
	for _, code := range []int{421, 450, 451, 452, 499, 500, 550, 552, 554, 599} {
		for command, server := range map[string]*sink{
			"MAIL": {mail: reply(code)},
			"RCPT": {rcpt: reply(code)},
			"DATA": {data: func() error { return reply(code) }},
		} {
			server.mechanisms = []string{"PLAIN"}
			config := server.serve(t, smtp.StartTLS)
			config.Username, config.Password = username, password
			err := newSender(t, config).Send(t.Context(), mailtest.Sample())
			want := wantLater
			if code >= 500 {
				want = wantRefused
			}
			want(t, fmt.Sprintf("%d to %s", code, command), err)
			if !strings.Contains(fmt.Sprint(err), fmt.Sprintf("the server replied %d", code)) {
				t.Errorf("the cause does not say the reply: %v", err)
			}
			if len(server.arrived(t)) != 0 {
				t.Errorf("%d to %s: the message was kept", code, command)
			}
		}
	}
}

func TestPasswords(t *testing.T) {
	for _, mechanisms := range [][]string{{"PLAIN"}, {"LOGIN"}} {
		for _, security := range protections {
			server := &sink{mechanisms: mechanisms}
			config := server.serve(t, security)
			what := fmt.Sprintf("%s, %s", mechanisms, security)
			wantRefused(t, what+", nobody", newSender(t, config).Send(t.Context(), mailtest.Sample()))
			config.Username, config.Password = username, "not "+password
			wantRefused(t, what+", wrong password", newSender(t, config).Send(t.Context(), mailtest.Sample()))
			if len(server.arrived(t)) != 0 {
				t.Errorf("%s: a message was taken", what)
			}
		}
	}
	server := &sink{mechanisms: []string{"XOAUTH2"}}
	config := server.serve(t, smtp.TLS)
	config.Username, config.Password = username, password
	wantLater(t, "a mechanism that is not ours", newSender(t, config).Send(t.Context(), mailtest.Sample()))
}

func TestWhoSitsInBetweenCannotDiscardMail(t *testing.T) {
	clear := (&sink{}).serve(t, smtp.None)
	clear.Security = smtp.StartTLS
	wantLater(t, "a server without STARTTLS", newSender(t, clear).Send(t.Context(), mailtest.Sample()))
	for _, security := range []smtp.Security{smtp.StartTLS, smtp.TLS} {
		server := &sink{}
		config := server.serve(t, security)
		_, config.RootCAs = certificate(t)
		wantLater(t, "a certificate of somebody else", newSender(t, config).Send(t.Context(), mailtest.Sample()))
		if len(server.arrived(t)) != 0 {
			t.Errorf("%s: the message went to somebody else", security)
		}
	}
	other := (&sink{}).serve(t, smtp.TLS)
	other.Host = "localhost" // which the certificate does not name
	wantLater(t, "a certificate for another host", newSender(t, other).Send(t.Context(), mailtest.Sample()))
}

// scripted is a server that answers each line with the next reply, and after
// the last one hangs until the test ends, or hangs up.
func scripted(t *testing.T, hangUp bool, replies ...string) smtp.Config {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = listener.Close(); <-done })
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewScanner(conn)
		for i, reply := range replies {
			if i > 0 && !in.Scan() {
				return
			}
			for strings.HasPrefix(reply, "250 taken") && in.Text() != "." && in.Scan() { // the message
			}
			fmt.Fprint(conn, reply+"\r\n")
		}
		for !hangUp && in.Scan() { // until the other side hangs up
		}
	}()
	return smtp.Config{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: smtp.None}
}

func TestAServerThatHangs(t *testing.T) {
	for what, config := range map[string]smtp.Config{
		"before its greeting": scripted(t, false),
		"at EHLO":             scripted(t, false, "220 x"),
		"at MAIL":             scripted(t, false, "220 x", "250 x"),
		"at DATA":             scripted(t, false, "220 x", "250 x", "250 x", "250 x"),
		"at the message":      scripted(t, false, "220 x", "250 x", "250 x", "250 x", "354 x"),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		err := newSender(t, config).Send(ctx, mailtest.Sample())
		cancel()
		wantLater(t, what, err)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, want the context's error", what, err)
		}
	}
	// TLS that never comes about, and a timeout of the sender's own.
	config := scripted(t, false)
	config.Security, config.Timeout = smtp.TLS, 50*time.Millisecond
	wantLater(t, "in the TLS handshake", newSender(t, config).Send(t.Context(), mailtest.Sample()))
}

func TestCancelMidway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	server := &sink{data: func() error { cancel(); <-release; return reply(451) }}
	err := newSender(t, server.serve(t, smtp.StartTLS)).Send(ctx, mailtest.Sample())
	close(release)
	wantLater(t, "cancelled while the server thinks", err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}

func TestAServerThatMisbehaves(t *testing.T) {
	for what, config := range map[string]smtp.Config{
		"closes at once":        scripted(t, true),
		"speaks something else": scripted(t, true, "HTTP/1.1 400 Bad Request"),
		"closes after DATA":     scripted(t, true, "220 x", "250 x", "250 x", "250 x", "354 x"),
		"has no time":           scripted(t, true, "421 come back"),
	} {
		wantLater(t, what, newSender(t, config).Send(t.Context(), mailtest.Sample()))
	}
	wantRefused(t, "refuses to talk", newSender(t, scripted(t, true, "554 no mail here")).Send(t.Context(), mailtest.Sample()))

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := smtp.Config{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: smtp.None}
	_ = listener.Close()
	wantLater(t, "nobody listens", newSender(t, nobody).Send(t.Context(), mailtest.Sample()))

	taken := scripted(t, true, "220 x", "250 x", "250 x", "250 x", "354 x", "250 taken")
	if err := newSender(t, taken).Send(t.Context(), mailtest.Sample()); err != nil {
		t.Errorf("a server that takes the message and hangs up: %v", err)
	}

	for _, repeats := range []string{"334 " + base64.StdEncoding.EncodeToString([]byte(password)), "nonsense " + password} {
		echo := scripted(t, true, "220 x", "250-x\r\n250 AUTH LOGIN",
			"334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", repeats)
		echo.Username, echo.Password = username, password
		wantLater(t, "repeats the password", newSender(t, echo).Send(t.Context(), mailtest.Sample()))
	}
}

func TestThePasswordIsNotPrinted(t *testing.T) {
	config := smtp.Config{Host: "mail.example.com", Username: username, Password: password, From: mailtest.From}
	sender := newSender(t, config)
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", config, "sender", sender)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", config, "sender", sender)
	said := fmt.Sprintf("%v %+v %#v %s %v %+v %#v", config, config, config, config, sender, sender, sender)
	if all := said + string(encoded) + log.String(); strings.Contains(all, password) {
		t.Errorf("the password is printed: %s", all)
	}
}
