package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net/url"
	"time"

	"github.com/google/uuid"

	"hajir/internal/alarm"
	"hajir/internal/api"
	"hajir/internal/attendance"
	"hajir/internal/backup"
	"hajir/internal/closing"
	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/consent"
	"hajir/internal/correction"
	"hajir/internal/demo"
	"hajir/internal/employee"
	"hajir/internal/events"
	"hajir/internal/faces"
	"hajir/internal/faces/onnx"
	"hajir/internal/feed"
	"hajir/internal/hajir"
	"hajir/internal/health"
	"hajir/internal/identity/local"
	"hajir/internal/identity/oidc"
	"hajir/internal/imaging"
	"hajir/internal/keyring"
	"hajir/internal/leave"
	"hajir/internal/letter"
	"hajir/internal/live"
	"hajir/internal/mail"
	"hajir/internal/mail/outbox"
	"hajir/internal/memory"
	"hajir/internal/notify"
	"hajir/internal/objects"
	"hajir/internal/picture"
	"hajir/internal/presignup"
	"hajir/internal/questions"
	"hajir/internal/remodel"
	"hajir/internal/renewal"
	"hajir/internal/report"
	"hajir/internal/review"
	"hajir/internal/roster"
	"hajir/internal/slack"
	"hajir/internal/slow"
	"hajir/internal/store/sqlite"
	"hajir/internal/telemetry"
	"hajir/internal/webhook"
	"hajir/models"
)

// app is the program, wired. Nothing is wired anywhere else.
type app struct {
	log        *slog.Logger
	now        func() time.Time
	db         *sqlite.DB
	bucket     *objects.Bucket
	faces      faces.Recognizer
	engine     faces.Recognizer // faces without what watches it
	done       func() error     // tells other processes that the data is closed
	ring       *keyring.Ring
	backup     *backup.Backup // nil where there is none
	backupDone func() error   // copies what is left, and lets others back up
	pool       *local.Pool
	verifier   *oidc.Verifier
	hub        *live.Hub
	metrics    *telemetry.Metrics
	tracer     *telemetry.Tracer // nil: no traces
	leave      *leave.Desk
	correction *correction.Desk
	closing    *closing.Service
	report     *report.Desk
	events     *events.Desk
	reviews    *review.Desk
	presignup  *presignup.Service
	mail       mail.Sender
	invitation *presignup.Invitations
	reset      *presignup.Resets
	consent    *consent.Service
	company    *company.Service
	employee   *employee.Service
	attendance *attendance.Service
	picture    *picture.Service
	questions  *questions.Service
	slack      *slack.Service
	notify     *notify.Dispatcher
	webhooks   *webhook.Desk
	letters    *letter.Desk
	remodel    *remodel.Service
	renewals   *renewal.Service
	alarms     *alarm.Watch
	health     *health.Desk
	measured   bool // the API's queues are
	memory     memory.Bound
}

// facesRefresh is after how long faces that another process enrolled (such as
// hajir enroll beside the server) are recognised.
const facesRefresh = 10 * time.Second

// open wires the program over c's data directory. siteURL is where people
// reach the site.
func open(ctx context.Context, c config.Config, siteURL *url.URL) (*app, error) {
	recognizer := func(store *sqlite.DB) (faces.Recognizer, error) {
		earlier, err := earlierModels(ctx, c, store)
		if err != nil {
			return nil, err
		}
		return onnx.Open(ctx, onnx.Config{
			Models: models.FS(), EmbeddingDir: c.Embedding, Earlier: earlier, Store: store, Now: time.Now, Refresh: facesRefresh,
		})
	}
	return openOn(ctx, c, siteURL, time.Now, recognizer)
}

// openWith is open with another clock and another recognizer, for tests.
func openWith(
	ctx context.Context, c config.Config, siteURL *url.URL, now func() time.Time,
	recognizer func(faces.TemplateStore) (faces.Recognizer, error),
) (*app, error) {
	return openOn(ctx, c, siteURL, now, func(db *sqlite.DB) (faces.Recognizer, error) { return recognizer(db) })
}

func openOn(
	ctx context.Context, c config.Config, siteURL *url.URL, now func() time.Time, recognizer func(*sqlite.DB) (faces.Recognizer, error),
) (_ *app, err error) {
	a := &app{log: telemetry.Logger(c.Logger()), now: now}
	defer func() { //nolint:contextcheck // closing goes on when ctx has ended
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if c.OTLPEndpoint != "" {
		a.tracer, err = telemetry.OpenTracer(ctx, c.OTLPEndpoint, version(), func(err error) {
			a.log.WarnContext(ctx, "traces were not sent", "error", err)
		})
		if err != nil {
			return nil, fmt.Errorf("--otlp-endpoint: %w", err)
		}
	}
	ring, err := a.openRecords(ctx, c)
	if err != nil {
		return nil, err
	}
	a.ring = ring
	signing, err := ring.Secret("signing-key", local.NewSigningKey)
	if err != nil {
		return nil, err
	}
	if a.pool, err = local.New(a.db, now, siteURL.String(), signing); err != nil {
		return nil, err
	}
	if err := a.trust(nil); err != nil {
		return nil, err
	}
	links, err := ring.Secret("link-key", randomKey)
	if err != nil {
		return nil, err
	}
	if a.bucket, err = openBucket(ctx, c, ring, links, now); err != nil {
		return nil, err
	}
	if a.mail, err = openMail(ctx, c, now, a.log); err != nil {
		return nil, err
	}
	if a.faces, err = recognizer(a.db); err != nil {
		return nil, fmt.Errorf("open face models: %w", err)
	}
	a.engine = a.faces
	if a.tracer.On() {
		a.faces = a.tracer.Faces(a.engine)
	}
	a.wire(siteURL)
	a.measure(c)
	if a.questions.Key, err = ring.Secret("question-key", randomKey); err != nil {
		return nil, err
	}
	if a.letters.Key, err = ring.Secret("unsubscribe-key", randomKey); err != nil {
		return nil, err
	}
	if err := a.openSlack(c, ring); err != nil {
		return nil, err
	}
	return a, nil
}

// openRecords opens keys and database, one process at a time: the first one
// makes them.
func (a *app) openRecords(ctx context.Context, c config.Config) (_ *keyring.Ring, err error) {
	if err := c.Prepare(); err != nil {
		return nil, err
	}
	unlock, err := keyring.Lock(c.Lock())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if a.done, err = keyring.Share(c.InUse()); err != nil {
		return nil, err
	}
	isNew := c.New()
	kek, err := openKEK(ctx, c, isNew)
	if err != nil {
		return nil, err
	}
	ring, err := keyring.OpenWith(ctx, c.Keys(), kek, isNew)
	if err != nil {
		return nil, err
	}
	a.db, err = sqlite.Open(ctx, c.Database(), ring, a.now)
	return ring, err
}

func (a *app) wire(siteURL *url.URL) {
	sessions := api.Sessions{Secure: siteURL.Scheme == "https", Now: a.now}
	a.hub = &live.Hub{}
	a.metrics = telemetry.New()
	pictures := imaging.NewDecoder()
	guard := slow.Guard{Store: a.db, Now: a.now}
	a.presignup = &presignup.Service{Store: a.db, Users: a.pool, Accounts: a.pool, Passkeys: a.pool, Sessions: sessions}
	book := roster.Book{Store: a.db, Now: a.now}
	_, kept := a.mail.(*outbox.Outbox)
	a.mail = mail.Watched{Sender: a.mail, Tell: a.metrics.Mailed}
	a.invitation = &presignup.Invitations{
		Store: a.db, Users: a.pool, Mail: a.mail, Kept: kept, Letter: invitationLetter, Now: a.now, Log: a.log, SiteURL: siteURL.String(),
	}
	a.reset = &presignup.Resets{
		Store: a.db, Users: a.pool, Guard: guard, Mail: a.mail, Letter: resetLetter, Notice: changedLetter,
		Now: a.now, Log: a.log, SiteURL: siteURL.String(),
	}
	a.consent = &consent.Service{Store: a.db, Faces: a.faces, Objects: a.bucket, Now: a.now, Log: a.log}
	a.leave = &leave.Desk{
		Store: a.db, Workdays: workdays(book), Holidays: book.Holidays, Now: a.now, Log: a.log,
	}
	a.events = &events.Desk{Store: a.db, Book: book, Years: a.leave.Years, Recost: a.leave.Recost, Now: a.now, Log: a.log}
	feeds := &feed.Service{
		Store: a.db, Accounts: a.pool, Book: book, Events: a.events, Now: a.now, SiteURL: siteURL.String(), Path: api.FeedPath,
	}
	a.correction = &correction.Desk{
		Store: a.db, Book: book, Deciders: a.leave, Changed: a.hub.Publish, Now: a.now, Log: a.log,
	}
	a.letters = &letter.Desk{Store: a.db, Deciders: a.leave, Mail: a.mail, Kept: kept, Now: a.now, Log: a.log, SiteURL: siteURL.String()}
	a.closing = &closing.Service{Store: a.db, Book: book, Changed: a.hub.Publish, Now: a.now, Log: a.log}
	a.report = &report.Desk{
		Book: book, Leave: a.leave, Files: a.bucket, Log: a.db, Now: a.now,
	}
	a.reviews = &review.Desk{Store: a.db, Book: book, Objects: a.bucket, Faces: a.faces, Now: a.now, Changed: a.hub.Publish}
	a.employee = &employee.Service{
		Store: a.db, Book: book, Objects: a.bucket, Faces: a.faces, Accounts: a.pool, Consents: a.consent, Leave: a.leave,
		Corrections: a.correction, Reports: a.report, Events: a.events, Feeds: feeds, Letters: a.letters, Now: a.now,
	}
	a.attendance = &attendance.Service{
		Store: a.db, Book: book, Objects: a.bucket, Faces: a.faces, Pictures: pictures, Now: a.now, Changed: a.hub.Publish, Log: a.log,
		Secrets: a.pool, Guard: guard, Count: a.metrics.Attended,
	}
	a.remodel = &remodel.Service{Store: a.db, Faces: a.faces, Objects: a.bucket, Now: a.now, Log: a.log, Worker: uuid.NewString()}
	a.renewals = &renewal.Service{Store: a.db, Now: a.now}
	a.picture = &picture.Service{Store: a.db, Objects: a.bucket, Viewers: a.pool, Faces: a.faces, Pictures: pictures, Log: a.log}
	a.webhooks = &webhook.Desk{Store: a.db, Client: webhook.NewClient(nil, agent()), Now: a.now, Log: a.log}
	a.company = &company.Service{
		Webhooks: a.webhooks,
		Store:    a.db, Book: book, Users: a.pool, Faces: a.faces, Objects: a.bucket, Consents: a.consent, Changes: a.hub, Sessions: sessions,
		Now: a.now, Log: a.log, SiteURL: siteURL.String(), Announce: func(context.Context, string) {}, Secrets: a.pool, Guard: guard,
		Mail: a.mail, Letter: signUpLetter, Leave: a.leave, Corrections: a.correction, Closing: a.closing, Reports: a.report, Reviews: a.reviews, Events: a.events,
		EndFeeds: feeds.End, Models: a.remodel,
	}
	a.questions = &questions.Service{Store: a.db, Guard: guard, Now: a.now, Log: a.log, SiteURL: siteURL.String()}
	a.wireSlack(book, siteURL.String())
	a.notify = &notify.Dispatcher{
		Channels: []notify.Channel{a.letters, a.webhooks, slack.Courier{Service: a.slack}},
		Store:    a.db, Now: a.now, Log: a.log, Lease: notify.DefaultLease, Grace: notify.DefaultGrace, Jitter: mathrand.Float64,
		Count: func(x hajir.Delivery, r notify.Result) {
			a.metrics.Tried(x.Channel, string(r), x.Kind.OfInstallation())
		},
	}
	if a.db != nil { // there is none for the document alone
		a.notify.Wake = a.db.Notices()
	}
	a.alarms = &alarm.Watch{
		Store: a.db, Rules: alarm.Rules(telemetry.Functions()), Gather: a.metrics.Gather, Now: a.now, Log: a.log,
	}
	a.letters.Alarm, a.alarms.AtOnce = a.alarms.About, a.letters.AtOnce
	a.health = &health.Desk{Watch: a.alarms, Companies: a.db.Companies, Version: version(), Now: a.now}
	a.alarms.Operator, a.company.Operator = a.health.Operator, a.health.Operator
	for _, r := range a.alarms.Rules {
		a.metrics.Alarm(r.Name, func() float64 { return alarmLevel[a.alarms.State(r.Name)] })
	}
	example := &demo.Company{
		Add: a.company.Add, Enrol: a.picture.Enrol, Portray: a.picture.SetProfile, SaveDay: a.db.SaveDay, Sample: models.Sample, Now: a.now,
		AddShift: a.company.AddShift, AddPattern: a.company.AddPattern, Assign: a.company.Assign,
		AddEvent: a.events.Add,
	}
	a.company.FillDemo = example.Fill
}

// trust makes the program take the tokens of issuers elsewhere beside the
// built-in pool's.
func (a *app) trust(foreign []oidc.Issuer) (err error) {
	a.verifier, err = oidc.New(a.pool, foreign, oidc.Config{Store: a.db, Now: a.now, Log: a.log, Get: oidc.HTTP()})
	return err
}

// api returns the API with every operation of every feature.
func (a *app) api() *api.API {
	x := api.New(a.verifier, a.company, a.metrics, a.now, a.log, version())
	x.Bound(a.memory)
	if !a.measured { // of the first API alone: tests make several
		a.measured = true
		for _, q := range x.Queues() {
			q.OnRefused(func() { a.metrics.Refused(q.Name) })
			a.metrics.Queue(q.Name, q.Room, func() float64 { return float64(q.Depth()) })
		}
	}
	a.presignup.Register(x)
	a.invitation.Register(x)
	a.reset.Register(x)
	a.company.Register(x)
	a.employee.Register(x)
	a.attendance.Register(x)
	a.picture.Register(x)
	a.questions.Register(x)
	a.slack.Register(x)
	a.health.Register(x)
	return x
}

// Close releases everything in the reverse order.
func (a *app) Close() error {
	var errs []error
	if a.invitation != nil {
		a.invitation.Close()
		a.company.Close()
	}
	if a.reset != nil {
		a.reset.Wait()
	}
	if a.slack != nil {
		a.slack.Close() // which may still decide about leave
	}
	if c, ok := a.engine.(io.Closer); ok {
		errs = append(errs, c.Close())
	}
	if a.bucket != nil {
		errs = append(errs, a.bucket.Close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	if a.backup != nil { // after the last change
		errs = append(errs, a.backupDone())
	}
	if a.done != nil {
		errs = append(errs, a.done())
	}
	if a.tracer.On() {
		ctx, cancel := context.WithTimeout(context.Background(), tracesTimeout)
		errs = append(errs, a.tracer.Close(ctx))
		cancel()
	}
	return errors.Join(errs...)
}

// agent is what the program calls itself to those to whom it posts.
func agent() string { return "Hajir/" + version() }

// tracesTimeout bounds how long a stop waits for the collector of traces.
const tracesTimeout = 3 * time.Second

func randomKey() ([]byte, error) {
	key := make([]byte, 32)
	_, err := rand.Read(key)
	return key, err
}
