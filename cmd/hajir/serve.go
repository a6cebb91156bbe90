package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/url"
	"os"
	"time"

	"hajir/internal/api"
	"hajir/internal/config"
	"hajir/internal/consent"
	"hajir/internal/hajir"
	"hajir/internal/identity/oidc"
	"hajir/internal/memory"
	"hajir/internal/server"
	"hajir/internal/webhook"
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
	foreign, err := issuers(cmd.Issuers)
	if err != nil {
		return err
	}
	networks, err := cmd.WebhookTargets()
	if err != nil {
		return err
	}
	metricsToken, err := cmd.MetricsBearer()
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cmd.ListenAt())
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
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing goes on when ctx has ended
	a.memory = memory.Set()
	if err := a.trust(foreign); err != nil {
		return errors.Join(fmt.Errorf("--issuers: %w", err), l.Close())
	}
	a.company.OpenSignUp = cmd.OpenSignUp
	if cmd.OpenSignUp && !c.Mail.Leaves() {
		a.log.WarnContext(ctx, "sign-up is open, and no mail server is configured: the links stay in the outbox, where only you see them")
	}
	a.webhooks.Client, a.notify.Lease = webhook.NewClient(networks, agent()), max(cmd.DeliveryLease, time.Second)
	if err := keepModel(*c); err != nil {
		a.log.WarnContext(ctx, "after a change of the face model this one will not be at hand", "error", err)
	}
	if err := a.remodel.BeginAll(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	stop, err := a.backUp(ctx, *c, cmd.BackupDrill)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stop()
	defer a.deliver(ctx)()
	if err := a.lookAfter(*c, cmd.Serve); err != nil { //nolint:contextcheck // an examination has its own
		return errors.Join(err, l.Close())
	}
	go a.watchAlarms(ctx)
	go a.examineDaily(ctx)
	go a.sweepHourly(ctx)
	go a.closeDays(ctx)
	go a.tellSlack(ctx)
	go a.changeModels(ctx)
	go a.warnOfUnasked(ctx)
	secured, err := a.secure(ctx, cmd.Address, c.Certificates(), siteURL)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := a.announce(ctx, siteURL); err != nil {
		return errors.Join(err, l.Close())
	}
	x := a.api() //nolint:contextcheck // operations take theirs from the request
	x.Limit(api.Limits{Client: cmd.ClientRate, Company: cmd.CompanyRate}, time.Now)
	s := &server.Server{
		API:   x,
		Pages: web.FS(), Issuer: a.pool.Issuer(), Keys: a.pool.PublicKeys(),
		Ready: a.db.Ready, EndStreams: a.hub.Close, Proxies: proxies, Now: time.Now, Log: a.log,
		Metrics: a.metrics.Handler(metricsToken), CORSOrigins: cmd.CORSOrigins,
		Watch: a.watch(proxies),
		TLS:   secured,
	}
	return s.Serve(ctx, l)
}

// issuers reads the issuers elsewhere whose tokens are taken from a file, if any.
func issuers(file string) ([]oidc.Issuer, error) {
	if file == "" {
		return nil, nil
	}
	content, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("--issuers: %w", err)
	}
	all, err := oidc.Parse(content)
	if err != nil {
		return nil, fmt.Errorf("--issuers: %s: %w", file, err)
	}
	return all, nil
}

// sweep removes records that have had their time, and posts what is due to
// leave ledgers.
func (a *app) sweep(ctx context.Context, now time.Time) error {
	erased := false
	return errors.Join(
		a.db.DeleteExpiredSessions(ctx, now),
		a.db.DeleteExpiredPairings(ctx, now),
		a.db.DeleteExpiredSignUps(ctx, now),
		a.db.DeleteExpiredChallenges(ctx, now),
		// For a while, who follows an old link is told that it was used or expired.
		a.db.DeleteOldPasswordResets(ctx, now.AddDate(0, -1, 0)),
		// After a month the most patient slowing has forgiven everything.
		a.db.DeleteOldFailures(ctx, now.AddDate(0, -1, 0)),
		a.consent.Run(ctx, "the hourly job", false, func(o consent.Outcome) {
			lately := now.Add(-2 * sweepEvery)
			erased = erased || o.TemplatesAt.After(lately) || o.ImagesAt.After(lately)
		}),
		a.report.Sweep(ctx, now),
		a.reviews.Forget(ctx),
		a.scrub(ctx, &erased),
		a.leave.PostDue(ctx),
		a.questions.Forget(ctx),
		a.slack.Forget(ctx),
		a.correction.Run(ctx),
		a.db.DeleteOldAttempts(ctx, now.AddDate(0, 0, -hajir.AttemptDays)),
		a.db.DeleteOldDeliveries(ctx, now.AddDate(0, 0, -hajir.DeadFor)),
		a.alarms.Sweep(ctx),
		a.renewals.RunDue(ctx),
	)
}

// queueMost is the highest depth of the queue that is told.
const queueMost = 100_000

// deliver has notices delivered until ctx ends. The function that it returns waits
// until what has begun is done.
func (a *app) deliver(ctx context.Context) (wait func()) {
	a.metrics.Gauge("hajir_delivery_queue", "Deliveries and notices that wait, those that are tried again among them.", func() float64 {
		n, err := a.db.QueueDepth(context.WithoutCancel(ctx), queueMost)
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	})
	a.metrics.Gauge("hajir_delivery_late_seconds", "For how long what is due to be delivered has waited to be tried.", func() float64 {
		late, err := a.late(context.WithoutCancel(ctx))
		if err != nil {
			return math.NaN()
		}
		return late.Seconds()
	})
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.notify.Run(ctx)
	}()
	return func() {
		stop()
		<-done
	}
}

// late returns for how long the delivery that is due longest has been.
func (a *app) late(ctx context.Context) (time.Duration, error) {
	now := a.now()
	due, err := a.db.DueDeliveries(ctx, now, hajir.Delivery{}, 1)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return now.Sub(due[0].Due), nil
}

// scrub empties the journal. While it is backed up that costs a copy of the
// database, so that it is done only when a face was erased; other changes are
// written over in turn.
func (a *app) scrub(ctx context.Context, erased *bool) error {
	switch {
	case a.backup == nil:
		return a.db.Scrub(ctx)
	case *erased:
		return a.backup.Scrub(ctx)
	}
	return nil
}

// announce says where the site is and, on the first run, how to set it up.
func (a *app) announce(ctx context.Context, siteURL *url.URL) error {
	a.log.InfoContext(ctx, "serving", "url", siteURL.String(), "version", version(), "embedding", a.faces.Model().Name,
		"heap_bytes", a.memory.Limit, "bounded_by", a.memory.From)
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

// closeEvery is how often it is asked whether days have to be closed, which
// costs a few reads a company: so they are closed at the minute that it chose.
const closeEvery = time.Minute

// closeDays closes days when they are due until ctx ends.
func (a *app) closeDays(ctx context.Context) {
	tick := time.NewTicker(closeEvery)
	defer tick.Stop()
	for {
		if err := a.closing.RunDue(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "days were not closed, which will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// changeEvery is how often it is asked whether faces are to be computed anew, by
// this process or in place of one that was cut off.
const changeEvery = 5 * time.Second

// changeModels changes faces to the model in use until ctx ends. Once an hour it
// looks for what was missed, too.
func (a *app) changeModels(ctx context.Context) {
	tick := time.NewTicker(changeEvery)
	defer tick.Stop()
	var last time.Time
	for {
		all := time.Since(last) > sweepEvery
		if all {
			last = time.Now()
		}
		if err := a.remodel.RunAll(ctx, all); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "faces were not changed to the model in use, which will be tried again", "error", err)
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
