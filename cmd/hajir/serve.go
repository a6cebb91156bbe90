package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"hajir/internal/api"
	"hajir/internal/config"
	"hajir/internal/server"
	"hajir/web"
)

type serveCmd struct {
	config.Serve
}

// Run serves until the process is asked to stop.
func (cmd *serveCmd) Run(ctx context.Context, c *config.Config) (err error) {
	proxies, err := cmd.Proxies()
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cmd.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	siteURL, err := cmd.SiteURL(l.Addr())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	a, err := open(ctx, *c, siteURL)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	go a.sweepHourly(ctx)
	if err := a.announce(ctx, siteURL); err != nil {
		return errors.Join(err, l.Close())
	}
	x := a.api() //nolint:contextcheck // operations take theirs from the request
	x.Limit(api.Limits{Client: cmd.ClientRate, Company: cmd.CompanyRate}, time.Now)
	s := &server.Server{
		API:   x,
		Pages: web.FS(), Issuer: a.pool.Issuer(), Keys: a.pool.PublicKeys(),
		Ready: a.db.Ready, EndStreams: a.hub.Close, Proxies: proxies, Now: time.Now, Log: a.log,
	}
	return s.Serve(ctx, l)
}

// sweep removes records that have had their time, and posts what is due to
// leave ledgers.
func (a *app) sweep(ctx context.Context, now time.Time) error {
	return errors.Join(
		a.db.DeleteExpiredSessions(ctx, now),
		a.db.DeleteExpiredPairings(ctx, now),
		// After a month the most patient slowing has forgiven everything.
		a.db.DeleteOldFailures(ctx, now.AddDate(0, -1, 0)),
		a.leave.PostDue(ctx),
	)
}

// announce says where the site is and, on the first run, how to set it up.
func (a *app) announce(ctx context.Context, siteURL *url.URL) error {
	a.log.InfoContext(ctx, "serving", "url", siteURL.String(), "version", version(), "embedding", a.faces.Model().Name)
	a.company.Announce = func(_ context.Context, link string) {
		fmt.Fprintf(os.Stderr, "\n  No company yet. Set up Hajir with this one-time link:\n\n    %s\n\n", link)
	}
	_, err := a.company.SetupURL(ctx)
	return err
}

// sweepEvery is how often the sweep is done.
const sweepEvery = time.Hour

// sweepHourly sweeps until ctx ends.
func (a *app) sweepHourly(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := a.sweep(ctx, a.now()); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "the hourly sweep was not finished", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

type openAPICmd struct{}

// Run prints the document, which needs no data.
func (openAPICmd) Run() error {
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.wire(&url.URL{})
	doc, err := json.MarshalIndent(a.api().OpenAPI(), "", "  ")
	if err != nil {
		return fmt.Errorf("encode document: %w", err)
	}
	_, err = os.Stdout.Write(append(doc, '\n'))
	return err
}
