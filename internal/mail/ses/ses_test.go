package ses_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/mailtest"
	"hajir/internal/mail/ses"
)

// service stands in for SES: it looks at what is sent as SES does and keeps it
// byte by byte, which aws-ses-v2-local does not; where that is there, it decides
// what is taken.
type service struct {
	t     *testing.T
	judge string // aws-ses-v2-local's address; "" without it
	fail  string // an error to answer with
	mu    sync.Mutex
	raw   [][]byte
}

// order is the body of SendEmail.
type order struct {
	FromEmailAddress     string
	ConfigurationSetName string
	Destination          struct{ ToAddresses []string }
	Content              struct{ Raw struct{ Data []byte } }
	EmailTags            []struct{ Name, Value string }
}

// ServeHTTP implements http.Handler.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/v2/email/account" {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"SendingEnabled": s.fail == "", "ProductionAccessEnabled": true})
		return
	}
	body, err := io.ReadAll(r.Body)
	var o order
	if err != nil || json.Unmarshal(body, &o) != nil || r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" ||
		!strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		s.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != "" {
		w.Header().Set("X-Amzn-Errortype", s.fail)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"message":"Email address is not verified: asha@example.com"}`)
		return
	}
	l := mailtest.Parse(s.t, o.Content.Raw.Data)
	if o.FromEmailAddress != l.From.Address || len(o.Destination.ToAddresses) != 1 || o.Destination.ToAddresses[0] != l.To.Address || len(o.EmailTags) != 2 || o.ConfigurationSetName != "set" {
		s.t.Errorf("%+v, and in the message from %s to %s", o, l.From, l.To)
	}
	if s.judge != "" {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, s.judge+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			s.t.Error(err)
			return
		}
		req.Header = r.Header.Clone()
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Error(err)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK {
			answer, _ := io.ReadAll(resp.Body)
			s.t.Errorf("aws-ses-v2-local: %d %s", resp.StatusCode, answer)
		}
	}
	s.raw = append(s.raw, o.Content.Raw.Data)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"MessageId":"010f0190f7c2"}`)
}

func start(t *testing.T, judge string, from mail.Address, now func() time.Time) (*ses.Sender, *service) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	s := &service{t: t, judge: judge}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	c, err := ses.Parse("ses://ap-south-1?configuration_set=set&endpoint=" + srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.From = from
	sender, err := ses.New(t.Context(), c, now)
	if err != nil {
		t.Fatal(err)
	}
	return sender, s
}

func (s *service) arrived(*testing.T) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]byte(nil), s.raw...)
}

func TestSender(t *testing.T) {
	judge := local(t)
	mailtest.Run(t, func(t *testing.T, from mail.Address, now func() time.Time) mailtest.Box {
		sender, s := start(t, judge, from, now)
		return mailtest.Box{Sender: sender, Arrived: s.arrived}
	})
	if judge == "" {
		t.Skip("SKIPPED in part: there is no aws-ses-v2-local to judge what is sent: make standins brings it")
	}
	resp, err := http.Get(judge + "/store")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var store struct {
		Emails []struct {
			Subject string
			Body    struct{ Text, HTML string }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&store); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, e := range store.Emails {
		if e.Subject == mailtest.Sample().Subject && strings.Contains(e.Body.Text, "https://hajir.example/join?token=abc-DEF_123") {
			read++
		}
	}
	if read < 5 {
		t.Errorf("aws-ses-v2-local has read the usual message %d times among %d", read, len(store.Emails))
	}
}

// local starts aws-ses-v2-local and returns where it is; "" where it is not
// installed.
func local(t *testing.T) string {
	t.Helper()
	const cli = "../../../deploy/standins/node_modules/aws-ses-v2-local/dist/cli.js"
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(cli); err != nil || missing != nil {
		if os.Getenv("HAJIR_STANDINS") != "" {
			t.Fatal("there is no aws-ses-v2-local: make standins brings it")
		}
		return ""
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	cmd := exec.Command(node, cli, "--host", host, "--port", port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for {
		select {
		case <-ended:
			t.Fatal("aws-ses-v2-local has ended")
		default:
		}
		if conn, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), time.Second); err == nil {
			_ = conn.Close()
			return "http://" + net.JoinHostPort(host, port)
		}
	}
}

func TestErrors(t *testing.T) {
	for code, want := range map[string]hajir.Code{
		"MessageRejected":                    mail.Refused,
		"BadRequestException":                mail.Refused,
		"MailFromDomainNotVerifiedException": mail.Refused,
		"NotFoundException":                  mail.Refused,
		"AccountSuspendedException":          hajir.Unavailable,
		"SendingPausedException":             hajir.Unavailable,
		"LimitExceededException":             hajir.Unavailable,
		"TooManyRequestsException":           hajir.Unavailable,
		"ExpiredTokenException":              hajir.Unavailable,
		"SomethingNewException":              hajir.Unavailable,
	} {
		sender, s := start(t, "", mailtest.From, time.Now)
		s.fail = code
		err := sender.Send(t.Context(), mailtest.Sample())
		if hajir.CodeOf(err) != want || mail.Permanent(err) != (want == mail.Refused) || strings.Contains(err.Error(), "asha") {
			t.Errorf("%s: %v, want %s", code, err, want)
		}
	}
	sender, _ := start(t, "", mailtest.From, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sender.Send(ctx, mailtest.Sample()); mail.Permanent(err) {
		t.Errorf("a context that has ended: %v", err)
	}
}

func TestTry(t *testing.T) {
	sender, s := start(t, "", mailtest.From, time.Now)
	if err := sender.Try(t.Context()); err != nil || sender.String() != "Amazon SES in ap-south-1" {
		t.Errorf("%s: %v", sender, err)
	}
	s.fail = "paused"
	if err := sender.Try(t.Context()); err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("paused: %v", err)
	}
}

func TestParse(t *testing.T) {
	if c, err := ses.Parse("ses://ap-south-1"); err != nil || c.Region != "ap-south-1" || c.ConfigurationSet != "" {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range []string{"ses", "ses:", "ses://", "smtp://x", "ses://x/y", "ses://a:b@x", "ses://x?unknown=1"} {
		if _, err := ses.Parse(bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
