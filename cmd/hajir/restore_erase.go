package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hajir/internal/backup"
	"hajir/internal/config"
	"hajir/internal/consent"
	"hajir/internal/hajir"
	"hajir/internal/store/sqlite"
)

// repeatErasures brings a restored directory in line with what came after the
// moment of which it is: whoever withdrew their consent or left since is erased
// again, and sessions that were ended stay so. The newest state of the backup
// tells it.
func (a *app) repeatErasures(ctx context.Context, archive *backup.Archive, c *config.Config) (err error) {
	p, err := archive.Plan(ctx, time.Time{})
	if err != nil {
		return fmt.Errorf("find out what was erased since: %w", err)
	}
	file := filepath.Join(c.Data, "newest", "hajir.db")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("find out what was erased since: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(filepath.Dir(file))) }()
	if err := p.Database(ctx, file, nil); err != nil {
		return fmt.Errorf("find out what was erased since: %w", err)
	}
	since, err := sqlite.Open(ctx, file, a.ring, a.now)
	if err != nil {
		return fmt.Errorf("find out what was erased since: %w", err)
	}
	defer func() { err = errors.Join(err, since.Close()) }()
	companies, err := a.db.Companies(ctx)
	if err != nil {
		return err
	}
	for _, x := range companies {
		if _, err := since.Company(ctx, x.Username); hajir.CodeOf(err) == hajir.NotFound {
			fmt.Printf("The company %s was removed after this moment, and is back.\n", x.Username)
			continue
		} else if err != nil {
			return err
		}
		if err := a.repeatOf(ctx, since, x.Username); err != nil {
			return err
		}
	}
	ended, err := a.db.EndSessionsNotIn(ctx, since)
	if err != nil {
		return err
	}
	fmt.Printf("%d sessions that were ended after this moment are ended again.\n", ended)
	return a.consent.Run(ctx, "operator "+operator(), false, func(o consent.Outcome) {
		if o.State() == hajir.ErasureDone {
			fmt.Printf("%s of %s: erased, receipt %d, SHA-256 %s\n", o.Username, o.Company, o.Number, o.SHA256)
		}
	})
}

const erasuresAtOnce = 100

// repeatOf asks again for the erasures of one company that a later state has.
func (a *app) repeatOf(ctx context.Context, since *sqlite.DB, company string) error {
	var before hajir.Erasure
	done := map[string]bool{}
	for {
		page, err := since.CompanyErasures(ctx, company, before, erasuresAtOnce)
		if err != nil {
			return err
		}
		for _, x := range page { // a person's newest first
			if x.State() == hajir.ErasureCancelled || done[x.Username] {
				continue
			}
			done[x.Username] = true
			if err := a.repeat(ctx, since, x); err != nil {
				return fmt.Errorf("erase %s again: %w", x.Username, err)
			}
		}
		if len(page) < erasuresAtOnce {
			return nil
		}
		before = page[len(page)-1]
	}
}

// repeat asks again for an erasure, with the date at which it was or is due.
func (a *app) repeat(ctx context.Context, since *sqlite.DB, x hajir.Erasure) error {
	known, err := a.db.Erasures(ctx, x.Username)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(known, func(k hajir.Erasure) bool { return k.Number == x.Number && k.State() != hajir.ErasureCancelled }) {
		return nil // it was asked for before this moment, and goes on from here
	}
	was, err := a.db.Employee(ctx, x.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return nil // they came later
	}
	if err != nil {
		return err
	}
	later, err := since.Employee(ctx, x.Username)
	if err != nil {
		return err
	}
	will := was
	if _, erase := later.EraseWhy(); erase {
		will.Consent, will.ConsentHistory, will.Active = later.Consent, later.ConsentHistory, later.Active
	} else { // they are back, or agreed again, to pictures that were taken after the erasure
		will, err = was.Decide(hajir.Consent{State: hajir.ConsentWithdrawn, Means: hajir.ConsentTerminal, By: operator(), At: x.AskedAt})
		if err != nil {
			return err
		}
		fmt.Printf("%s of %s agreed again after the erasure: ask them once more.\n", x.Username, x.Company)
	}
	if err := a.consent.Before(ctx, was, will, x.AskedBy); err != nil {
		return err
	}
	if err := a.db.SaveEmployee(ctx, will); err != nil {
		return err
	}
	if was.Active && !will.Active {
		if err := a.pool.SetDisabled(ctx, x.Username, true); err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return err
		}
	}
	if err := a.consent.Settle(ctx, x.Company, x.Username, x.AskedBy); err != nil {
		return err
	}
	open, err := a.db.Erasures(ctx, x.Username)
	if err != nil {
		return err
	}
	fmt.Printf("%s of %s was erased after this moment (asked for at %s), and is erased again.\n", x.Username, x.Company, moment(x.AskedAt))
	for _, o := range open {
		if !o.Open() {
			continue
		}
		o.AskedAt, o.DueAt = x.AskedAt, x.DueAt
		if err := a.db.SaveErasure(ctx, o); err != nil {
			return err
		}
	}
	return nil
}
