// Package health shows how the installation does: its alarms, what the doctor
// finds, the backup. It is of no company; read Desk.operator first, which says
// whose admin sees it. http.go declares the operations, which belong to
// CompanyRequestHandler.
package health

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hajir/internal/alarm"
	"hajir/internal/backup"
	"hajir/internal/doctor"
	"hajir/internal/hajir"
)

// Desk shows the installation to who operates it.
type Desk struct {
	Watch     *alarm.Watch
	Companies func(ctx context.Context) ([]hajir.Company, error)
	// OperatorCompany is the company that the operator named; "" for none.
	OperatorCompany string
	// OpenSignUp says that strangers make companies.
	OpenSignUp bool
	// Checks are what an examination looks at; nil where there is none, as in
	// commands.
	Checks func() []doctor.Check
	// Backup returns how the backup is; nil when there is none.
	Backup func() *Backup
	// Mailed is to how many addresses alarms are mailed.
	Mailed  int
	Version string
	Model   string
	Started time.Time
	Now     func() time.Time

	mu        sync.Mutex
	report    *doctor.Report
	examining bool
}

// Backup is what is shown of the backup.
type Backup struct {
	Lag   time.Duration
	Drill backup.Drill
}

// Operator returns the company whose admin looks after the installation: the
// one that the operator names; else the only one there is, unless strangers may
// make companies; else none.
func (d *Desk) Operator(ctx context.Context) (string, error) {
	if d.OperatorCompany != "" || d.OpenSignUp {
		return d.OperatorCompany, nil
	}
	all, err := d.Companies(ctx)
	if err != nil {
		return "", fmt.Errorf("load companies: %w", err)
	}
	if len(all) != 1 {
		return "", nil
	}
	return all[0].Username, nil
}

// operates refuses companies other than the operator's. They are told what
// there is to find, since it is no secret that an installation has an operator.
func (d *Desk) operates(ctx context.Context, company string) error {
	operator, err := d.Operator(ctx)
	if err != nil {
		return err
	}
	if operator != company {
		return hajir.Errorf(hajir.NotFound, "the health of the installation is shown to the company that operates it; the operator names it with --operator-company")
	}
	return nil
}

// Examine examines the installation, unless that is being done.
func (d *Desk) Examine(ctx context.Context) (doctor.Report, error) {
	d.mu.Lock()
	if d.examining || d.Checks == nil {
		d.mu.Unlock()
		err := hajir.Errorf(hajir.Unavailable, "the installation is being examined already; look again in a few seconds")
		err.RetryAfter = 5 * time.Second
		return doctor.Report{}, err
	}
	d.examining = true
	d.mu.Unlock()
	r := doctor.Examine(ctx, d.Now(), d.Version, d.Checks(), func(int, int, string) {})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.examining = false
	if ctx.Err() == nil {
		d.report = &r
	}
	return r, ctx.Err()
}

// last returns what the last examination found; nil before the first.
func (d *Desk) last() *doctor.Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.report
}

// state is an alarm with its rule.
type state struct {
	hajir.Alarm
	rule    hajir.AlarmRule
	silence *hajir.Silence
}

// alarms returns all alarms, those that are raised first.
func (d *Desk) alarms(ctx context.Context, company string) ([]state, error) {
	known := d.Watch.Alarms(ctx)
	silences, err := d.Watch.Store.Silences(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load silences: %w", err)
	}
	all := make([]state, 0, len(d.Watch.Rules))
	for _, rule := range d.Watch.Rules {
		s := state{Alarm: hajir.NewAlarm(rule.Name, d.Started), rule: rule}
		if a, ok := known[rule.Name]; ok {
			s.Alarm = a
		}
		if i := slices.IndexFunc(silences, func(x hajir.Silence) bool { return x.Name == rule.Name && x.Silent(d.Now()) }); i >= 0 {
			s.silence = &silences[i]
		}
		all = append(all, s)
	}
	rank := map[hajir.AlarmState]int{hajir.AlarmRaised: 0, hajir.AlarmNoData: 1, hajir.AlarmOK: 2}
	slices.SortStableFunc(all, func(a, b state) int { return rank[a.State] - rank[b.State] })
	return all, nil
}

// silence keeps an alarm from being mailed until a time.
func (d *Desk) silence(ctx context.Context, company, name, by string, until time.Time, reason string) error {
	if !slices.ContainsFunc(d.Watch.Rules, func(r hajir.AlarmRule) bool { return r.Name == name }) {
		return hajir.Errorf(hajir.NotFound, "there is no such alarm")
	}
	s := hajir.Silence{Company: company, Name: name, Until: until.UTC(), Reason: strings.TrimSpace(reason), By: by, At: d.Now().UTC()}
	if err := s.Validate(); err != nil {
		return err
	}
	all, err := d.Watch.Store.Silences(ctx, company)
	if err != nil {
		return fmt.Errorf("load silences: %w", err)
	}
	for _, before := range all {
		if before.Name == name {
			s.Version = before.Version
		}
	}
	return d.Watch.Store.SaveSilence(ctx, s)
}
