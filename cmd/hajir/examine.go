package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/beevik/ntp"
	"github.com/google/uuid"

	"hajir/internal/api"
	"hajir/internal/backup"
	"hajir/internal/config"
	"hajir/internal/doctor"
	"hajir/internal/faces"
	"hajir/internal/faces/onnx"
	"hajir/internal/keyring"
	"hajir/internal/mail"
	"hajir/internal/memory"
	"hajir/internal/store/sqlite"
	"hajir/models"
	"hajir/models/manifest"
)

type doctorCmd struct {
	Full       bool   `help:"Look at every index of the database and every entry of the audit logs, which takes minutes for many years."`
	JSON       bool   `name:"json" help:"Print the findings as JSON."`
	MailTo     string `help:"Send a mail to this address. Without it, nothing is sent." placeholder:"ADDRESS"`
	TimeSource string `help:"NTP server that the clock is compared with. Without one, nobody is asked." env:"HAJIR_TIME_SOURCE" placeholder:"HOST"`

	config.Serve
}

// errUnwell ends the command with an error when something is wrong.
var errUnwell = errors.New("something is wrong; see above")

// Run examines the installation, beside a server that may be running.
func (cmd *doctorCmd) Run(ctx context.Context, c *config.Config) error {
	p := &patient{c: *c, s: cmd.Serve, full: cmd.Full, timeSource: cmd.TimeSource, mailTo: cmd.MailTo, now: time.Now}
	p.records = sync.OnceValues(func() (*sqlite.DB, error) { return p.openRecords(ctx) })
	p.try = func(ctx context.Context) error { return tryModels(ctx, c.Embedding) }
	bar := progress(-1, "examining")
	r := doctor.Examine(ctx, time.Now(), version(), p.checks(ctx), func(_, _ int, doing string) {
		bar.Describe(doing) // it only draws
		_ = bar.Add(1)
	})
	_ = bar.Clear() // so that nothing is left of it between the findings
	if err := p.close(); err != nil {
		return err
	}
	if cmd.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(r); err != nil {
			return fmt.Errorf("print findings: %w", err)
		}
	} else {
		printFindings(r)
	}
	if r.Level == doctor.Fail {
		return errUnwell
	}
	return nil
}

func printFindings(r doctor.Report) {
	mark := map[doctor.Level]string{doctor.OK: "  ok  ", doctor.Warn: " WARN ", doctor.Fail: " FAIL "}
	for _, f := range r.Findings {
		fmt.Printf("%s %-22s %s\n", mark[f.Level], f.Check, f.What)
		if f.Why != "" {
			fmt.Printf("%30s%s\n", "", f.Why)
		}
		if f.Fix != "" {
			fmt.Printf("%30s→ %s\n", "", f.Fix)
		}
	}
	fmt.Printf("\n%d fine, %d to look at, %d wrong.\n", r.Count(doctor.OK), r.Count(doctor.Warn), r.Count(doctor.Fail))
}

// patient is an installation that is examined, from outside or by its server.
type patient struct {
	c    config.Config
	s    config.Serve
	now  func() time.Time
	full bool

	timeSource, mailTo string

	records func() (*sqlite.DB, error)
	try     func(context.Context) error // the models
	opened  *sqlite.DB                  // to be closed
}

// checks are what is examined, in the order in which it is told.
func (p *patient) checks(ctx context.Context) []doctor.Check {
	dirs := map[string]string{"data": p.c.Data}
	order := []string{"data"}
	place, _ := p.c.BackupPlace() // the check of the backup tells
	if filepath.IsAbs(place) {
		if _, err := os.Stat(place); err == nil {
			dirs["backup"], order = place, append(order, "backup")
		}
	}
	records := func(context.Context) (doctor.Records, error) { return p.records() }
	if s := p.settings(); s.Missing { // nothing else can be said
		return []doctor.Check{s.Check(), p.modelFiles(), p.mail(ctx).Check()}
	}
	return []doctor.Check{
		p.settings().Check(),
		doctor.Disk(dirs, order),
		doctor.Memory(memory.Look, api.PicturesAtOnce),
		doctor.Clock(p.now, p.newest, p.timeSource, ntpOffset),
		doctor.Keys(p.now, p.keys()),
		p.modelFiles(),
		p.mail(ctx).Check(),
		p.backup(place).Check(p.now),
		doctor.Database(records, p.full),
		doctor.Audit(records, p.full),
	}
}

func (p *patient) modelFiles() doctor.Check {
	return doctor.Models(func() ([]manifest.Row, error) { return modelRows(p.c.Embedding) }, p.try, p.now)
}

func (p *patient) settings() doctor.Settings {
	d := doctor.Settings{
		Listen: p.s.ListenAt(), Data: p.c.Data, Missing: p.c.New(),
		OpenSignUp: p.s.OpenSignUp, Mails: p.c.Mail.Leaves(), AlarmMails: len(p.s.AlarmMail) > 0,
	}
	fault := func(err error) {
		if err != nil {
			d.Faults = append(d.Faults, err)
		}
	}
	fault(p.s.Validate())
	_, err := p.s.Proxies()
	fault(err)
	_, err = issuers(p.s.Issuers)
	fault(err)
	_, err = p.s.MetricsBearer()
	fault(err)
	addr, err := net.ResolveTCPAddr("tcp", p.s.ListenAt())
	fault(err)
	if err == nil {
		d.PublicURL, err = p.s.SiteURL(addr)
		fault(err)
	}
	return d
}

// newest is the newest moment that is stored.
func (p *patient) newest(ctx context.Context) (at time.Time, of string, err error) {
	s := backup.ReadStatus(p.c.BackupState())
	at, of = s.At, "the backup's status"
	if p.c.New() {
		return at, of, nil
	}
	db, err := p.records()
	if err != nil {
		return at, of, err
	}
	last, err := db.LastAudit(ctx)
	if err == nil && last.After(at) {
		at, of = last, "the audit log's newest entry"
	}
	return at, of, err
}

// ntpOffset returns by how much this machine's clock is behind a server's.
func ntpOffset(_ context.Context, host string) (time.Duration, error) {
	r, err := ntp.QueryWithOptions(host, ntp.QueryOptions{Timeout: 5 * time.Second})
	if err == nil {
		err = r.Validate()
	}
	if err != nil {
		return 0, fmt.Errorf("ask: %w", err)
	}
	return r.ClockOffset, nil
}

// keyYears is how old the data key may grow before another one is advised.
const keyYears = 2 * 365 * 24 * time.Hour

func (p *patient) keys() []doctor.KeyFile {
	kek := func(ctx context.Context) error {
		_, err := p.ring(ctx)
		return err
	}
	master := doctor.KeyFile{Name: "master key", Opens: kek}
	switch {
	case p.c.KMSKey != "":
		master.Name = "key in KMS"
	case p.c.MasterKey == "":
		master.Path, master.Needed = p.c.MasterKeyFile, true
		if master.Path == "" {
			master.Path = filepath.Join(p.c.Data, "master.key")
		}
	}
	files := []doctor.KeyFile{master, {
		Name: "data key", Path: filepath.Join(p.c.Keys(), "data.keyset"), Needed: true, Opens: kek,
		Old: keyYears, Renew: "Stop the server, and run: hajir keys rotate",
	}}
	sealed, _ := filepath.Glob(filepath.Join(p.c.Keys(), "*.sealed")) // the pattern is right
	for _, file := range sealed {
		name := strings.TrimSuffix(filepath.Base(file), ".sealed")
		files = append(files, doctor.KeyFile{Name: strings.ReplaceAll(name, "-", " "), Path: file, Needed: true, Opens: func(ctx context.Context) error {
			ring, err := p.ring(ctx)
			if err == nil {
				_, err = ring.Secret(name, func() ([]byte, error) { return nil, fs.ErrNotExist })
			}
			return err
		}})
	}
	if p.c.Copies.Key == "" && p.c.Copies.Place != "off" {
		files = append(files, doctor.KeyFile{Name: "backup key", Path: p.c.BackupKeyFile(), Opens: func(context.Context) error {
			_, err := backupKey(p.c, false)
			return err
		}})
	}
	return files
}

// ring opens the data keys, and makes none.
func (p *patient) ring(ctx context.Context) (*keyring.Ring, error) {
	if _, err := os.Stat(p.c.Keys()); err != nil {
		return nil, fmt.Errorf("find keys: %w", err)
	}
	kek, err := openKEK(ctx, p.c, false)
	if err != nil {
		return nil, err
	}
	return keyring.OpenWith(ctx, p.c.Keys(), kek, false)
}

func (p *patient) openRecords(ctx context.Context) (*sqlite.DB, error) {
	ring, err := p.ring(ctx)
	if err != nil {
		return nil, err
	}
	p.opened, err = sqlite.OpenRead(p.c.Database(), ring, p.now)
	return p.opened, err
}

func (p *patient) close() error {
	if p.opened == nil {
		return nil
	}
	return p.opened.Close()
}

// testFrame is the built-in picture that models are tried with.
const testFrame = "sample1.jpg"

// tryModels loads the models once more, with one worker, and has a face known
// again.
func tryModels(ctx context.Context, embedding string) (err error) {
	picture, err := models.Sample(testFrame)
	if err != nil {
		return err
	}
	r, err := onnx.Open(ctx, onnx.Config{Models: models.FS(), EmbeddingDir: embedding, Store: faces.NoStore{}, Now: time.Now, Workers: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return doctor.Recognise(ctx, r, picture)
}

// tried is a sender that can be asked whether it would work.
type tried interface {
	fmt.Stringer
	Try(ctx context.Context) error
}

func (p *patient) mail(ctx context.Context) doctor.Mail {
	m := doctor.Mail{Outbox: p.c.Outbox(), To: p.mailTo}
	if !p.c.Mail.Leaves() {
		if _, err := os.Stat(p.c.Outbox()); errors.Is(err, fs.ErrNotExist) && p.mailTo == "" {
			return m // asking makes no directory
		}
	}
	sender, err := openMail(ctx, p.c, p.now, p.c.Logger())
	if err != nil {
		m.Err = err
		return m
	}
	if s, ok := sender.(tried); ok {
		m.Server, m.Try = s.String(), s.Try
	}
	m.Send = func(ctx context.Context) error {
		to, err := mail.ParseAddress(p.mailTo)
		if err != nil {
			return fmt.Errorf("--mail-to: %s", reason(err))
		}
		return sender.Send(ctx, mail.Message{
			ID: "doctor-" + uuid.NewString(), Kind: mail.Test, To: to, Subject: "Hajir can send mails",
			Text: "This mail was sent by hajir doctor, to see whether mails arrive. Nothing needs to be done.\n",
		})
	}
	return m
}

func (p *patient) backup(place string) doctor.Backup {
	b := doctor.Backup{
		Place: place, Beside: p.c.Copies.Place == "", Status: backup.ReadStatus(p.c.BackupState()),
		KeyShown: p.c.Copies.Key != "", DrillEvery: p.s.BackupDrill,
	}
	if _, err := os.Stat(filepath.Join(p.c.BackupState(), keyShown)); err == nil {
		b.KeyShown = true
	}
	_, b.Err = p.c.BackupPlace()
	return b
}
