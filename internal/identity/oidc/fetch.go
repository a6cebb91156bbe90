package oidc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
)

// maxDocument bounds what an issuer may answer, in bytes.
const maxDocument = 1 << 20

// HTTP returns what fetches over the network, for Config.Get. It follows no
// redirects: they could lead from https to http.
func HTTP() func(ctx context.Context, address string) ([]byte, error) {
	client := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, address string) (_ []byte, err error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			return nil, fmt.Errorf("make request: %w", err)
		}
		r.Header.Set("Accept", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, answer.Body.Close()) }()
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s answers %s", address, answer.Status)
		}
		body, err := io.ReadAll(io.LimitReader(answer.Body, maxDocument+1))
		if err == nil && len(body) > maxDocument {
			err = fmt.Errorf("%s answers more than %d bytes", address, maxDocument)
		}
		return body, err
	}
}

// checkAddress refuses addresses at which somebody on the way could answer.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%q is no address such as https://sso.example.com", address)
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("%q must begin with https://; http:// is taken on this machine alone, for trying things out", address)
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

func isHTTPS(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https"
}
