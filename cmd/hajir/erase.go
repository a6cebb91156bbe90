package main

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/consent"
	"hajir/internal/hajir"
)

type eraseCmd struct {
	DryRun bool `help:"Only list what is pending, and what would be erased now."`
}

// Run erases what is due.
func (cmd *eraseCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		open, erased := 0, 0
		err := a.consent.Run(ctx, "operator "+operator(), cmd.DryRun, func(o consent.Outcome) {
			switch {
			case o.Err != nil:
				open++
				fmt.Printf("%s of %s: not erased, will be tried again: %s\n", o.Username, o.Company, reason(o.Err))
			case o.State() == hajir.ErasureDone:
				erased++
				fmt.Printf("%s of %s: erased, receipt %d, SHA-256 %s\n", o.Username, o.Company, o.Number, o.SHA256)
			case o.State() == hajir.ErasureCancelled:
				fmt.Printf("%s of %s: cancelled, for they agree or are back\n", o.Username, o.Company)
			case o.Due:
				open++
				fmt.Printf("%s of %s: due since %s\n", o.Username, o.Company, o.DueAt.Format(time.RFC3339))
			default:
				open++
				fmt.Printf("%s of %s: pictures go on %s\n", o.Username, o.Company, o.DueAt.Format(time.RFC3339))
			}
		})
		fmt.Printf("%d erased, %d pending\n", erased, open)
		if err != nil || cmd.DryRun {
			return err
		}
		return a.db.Scrub(ctx)
	})
}

// warnOfUnasked tells the operator of people who were enrolled by an older
// version, which did not insist on consent. They are not recognised until their
// consent is recorded; nothing of theirs is removed unasked.
func (a *app) warnOfUnasked(ctx context.Context) {
	companies, err := a.db.Companies(ctx)
	if err != nil {
		return // the sweep complains of a database that does not answer
	}
	none := hajir.ConsentNone
	for _, c := range companies {
		people, _, err := a.company.People(ctx, c.Username, company.Query{Consent: &none})
		if err != nil {
			return
		}
		n := 0
		for _, e := range people {
			if kept, err := a.faces.List(ctx, c.Username, e.Username); err == nil && len(kept) > 0 {
				n++
			}
		}
		if n > 0 {
			a.log.WarnContext(ctx, "people who were enrolled before anybody was asked are not recognised until their consent is recorded",
				"company", c.Username, "people", n)
		}
	}
}
