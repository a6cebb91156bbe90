package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"hajir/internal/config"
)

// healthCmd is for containers, which have no other client in them.
type healthCmd struct {
	config.Address

	Timeout time.Duration `default:"5s" help:"For how long to wait."`
}

// Run asks the server on this machine whether it and its database answer. The
// flags and the environment are those that serve was started with.
func (cmd *healthCmd) Run(ctx context.Context) error {
	u, err := cmd.SelfURL()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cmd.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("readyz").String(), http.NoBody)
	if err != nil {
		return err
	}
	// Nothing secret is told, to this very machine; a certificate that expired
	// is no reason to restart what still works.
	secured := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see above
	if len(cmd.Domains) > 0 {
		secured.ServerName = cmd.Domains[0]
	}
	resp, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: secured}}).Do(r)
	if err != nil {
		return fmt.Errorf("not healthy: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // as far as it says
		return fmt.Errorf("not healthy: %s: %s", resp.Status, why)
	}
	_, err = fmt.Fprintln(os.Stdout, "healthy")
	return err
}
