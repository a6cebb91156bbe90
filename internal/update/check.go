package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"aead.dev/minisign"
)

// Check asks for a feed.
type Check struct {
	URL  string // https, or http on this machine itself
	Key  minisign.PublicKey
	Seen Seen
	// Transport is how to get there; nil for http.DefaultTransport.
	Transport http.RoundTripper
}

// askTimeout bounds all of it: the feed is small.
const askTimeout = 20 * time.Second

// maxRedirects within the feed's own host.
const maxRedirects = 3

// ParseURL refuses where no feed is fetched from.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return nil, fmt.Errorf("the feed's address must be such as https://example.com/feed.json: %q", text)
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("the feed's address must begin with https://: %q", text)
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Run asks for the feed at now and returns what it says. It sends nothing but
// the request: no version, no cookie, nothing that tells who asks.
func (c Check) Run(ctx context.Context, now time.Time) (Feed, error) {
	u, err := ParseURL(c.URL)
	if err != nil {
		return Feed{}, err
	}
	document, err := c.fetch(ctx, u)
	if err != nil {
		return Feed{}, err
	}
	f, err := Open(document, c.Key, now)
	if err != nil {
		return Feed{}, err
	}
	return f, c.Seen.advance(c.Key, f.Issued)
}

func (c Check) fetch(ctx context.Context, u *url.URL) (_ []byte, err error) {
	client := &http.Client{Timeout: askTimeout, Transport: c.Transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		switch {
		case len(via) > maxRedirects:
			return errors.New("it leads in circles")
		case r.URL.Scheme != u.Scheme || r.URL.Host != u.Host:
			return fmt.Errorf("it leads to %s, another place than you trust", r.URL.Host)
		}
		return nil
	}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "hajir")
	resp, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("the feed cannot be fetched: %w", plain(err))
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the feed cannot be fetched: %s", resp.Status)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the feed cannot be fetched: %w", err)
	case len(b) > MaxBytes:
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrForm, MaxBytes)
	}
	return b, nil
}

// plain leaves the address out of err: it may have a token in its query.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return errors.New("its host is not known: " + strings.TrimSpace(e.Name))
	}
	return err
}
