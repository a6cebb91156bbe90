package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"hajir/internal/hajir"
)

const (
	// timeout bounds one post, from the look-up of the name to the answer.
	timeout = 15 * time.Second
	// maxAnswer is how many bytes are read of an answer.
	maxAnswer = 4 << 10
	maxHeader = 16 << 10
)

// errPrivate is why an address is not connected to.
var errPrivate = errors.New("it leads into a private network, which the operator of this installation has not allowed (--webhook-networks)")

// Client posts. What an address leads to is looked at when it is connected to,
// after its name was resolved: so a name that resolves to something else than a
// moment ago is no way into the operator's networks.
type Client struct {
	http  *http.Client
	plain bool
	agent string
}

// NewClient returns a client that connects to public addresses by https, and to
// those in the networks given by http, too. The agent is what it calls itself.
func NewClient(networks []netip.Prefix, agent string) *Client {
	var v4, v6 []netip.Prefix
	for _, n := range networks {
		if n.Addr().Is4() {
			v4 = append(v4, n)
		} else {
			v6 = append(v6, n)
		}
	}
	guard := ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	// A public address is reached by https alone; only where everything is denied
	// but the networks given, may it be plain.
	only := ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...),
		ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("0.0.0.0/0")), ssrf.WithDeniedV6Prefixes(netip.MustParsePrefix("::/0")))
	return &Client{
		plain: len(networks) > 0, agent: agent,
		http: &http.Client{
			Timeout:       timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport:     &byScheme{https: transport(guard), http: transport(only)},
		},
	}
}

// Plain says whether an address may do without https.
func (c *Client) Plain() bool { return c.plain }

// byScheme takes one transport for https, and another for http.
type byScheme struct{ https, http http.RoundTripper }

func (t *byScheme) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		return t.https.RoundTrip(r)
	}
	return t.http.RoundTrip(r)
}

// transport connects where guard lets it, and never by a proxy, which would look
// names up itself.
func transport(guard *ssrf.Guardian) *http.Transport {
	dialer := &net.Dialer{Timeout: timeout, Control: func(network, address string, c syscall.RawConn) error {
		if err := guard.Safe(network, address, c); err != nil {
			return errPrivate
		}
		return nil
	}}
	return &http.Transport{
		DialContext: dialer.DialContext, MaxResponseHeaderBytes: maxHeader, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: timeout, IdleConnTimeout: 30 * time.Second, MaxIdleConnsPerHost: 1,
	}
}

// answer is what came of a post.
type answer struct {
	status int
	text   string
	after  time.Duration // what the receiver asks to wait; zero: it says nothing
}

// post signs body with every secret and posts it. An error is of the connection,
// with a text for the admin.
func (c *Client) post(ctx context.Context, w hajir.Webhook, id string, body []byte, at time.Time) (answer, error) {
	var signatures []string
	for _, secret := range w.Secrets(at) {
		signer, err := standard.NewWebhookRaw(secret)
		if err != nil {
			return answer{}, fmt.Errorf("sign: %w", err)
		}
		signature, err := signer.Sign(id, at, body)
		if err != nil {
			return answer{}, fmt.Errorf("sign: %w", err)
		}
		signatures = append(signatures, signature)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return answer{}, reason(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", c.agent)
	r.Header.Set(standard.HeaderWebhookID, id)
	r.Header.Set(standard.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standard.HeaderWebhookSignature, strings.Join(signatures, " "))
	res, err := c.http.Do(r)
	if err != nil {
		return answer{}, reason(err)
	}
	defer func() { _ = res.Body.Close() }() // nothing of it is needed any more
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil && res.StatusCode/100 != 2 { // who took it may say so by the status alone
		return answer{status: res.StatusCode}, reason(err)
	}
	return answer{status: res.StatusCode, text: string(text), after: retryAfter(res.Header, at)}, nil
}

// reason makes of an error what the admin reads: without the address, which they
// have before them and which may hold a token.
func reason(err error) error {
	var timed interface{ Timeout() bool }
	var request *url.Error
	switch {
	case errors.Is(err, errPrivate):
		return errPrivate
	case errors.As(err, &timed) && timed.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it did not answer within %d seconds", timeout/time.Second)
	case errors.As(err, &request):
		return request.Err
	}
	return err
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	s := h.Get("Retry-After")
	if n, err := strconv.Atoi(s); err == nil {
		return time.Duration(min(max(n, 0), 7*86400)) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}
