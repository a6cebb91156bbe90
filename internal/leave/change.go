package leave

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// attempts bounds how often a change that collides with another is made anew.
const attempts = 16

// change makes one change of a person's leave. f gets their account and ledger
// as they are, and returns the account as it becomes and what else is to be
// written. The account is saved first, with all of it, at the version that f
// saw: from then on it has happened. Whoever comes by writes the rest, so that
// neither an end of the program nor another change comes in between.
func (d *Desk) change(
	ctx context.Context, p person,
	f func(a hajir.LeaveAccount, entries []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error),
) error {
	for attempt := 1; ; attempt++ {
		a, entries, err := d.ledger(ctx, p)
		if err != nil {
			return err
		}
		a, step, err := f(a, entries)
		if err != nil {
			return err
		}
		if step.Request != nil || len(step.Entries) > 0 {
			a.Step = &step
		}
		// Once begun, it is seen through.
		saving := context.WithoutCancel(ctx)
		err = d.Store.SaveLeaveAccount(saving, a)
		if hajir.CodeOf(err) == hajir.Conflict && attempt < attempts {
			continue
		}
		if err != nil {
			return fmt.Errorf("save leave account: %w", err)
		}
		a.Version++
		if _, err := d.finish(saving, a); err != nil {
			d.Log.WarnContext(ctx, "a change of leave is decided and not written everywhere; the next look at it does the rest",
				"username", p.Username, "error", err)
		}
		return nil
	}
}

// ledger returns a person's account, with no change of it half-written, and
// their entries.
func (d *Desk) ledger(ctx context.Context, p person) (hajir.LeaveAccount, []hajir.LeaveEntry, error) {
	a, err := d.account(ctx, p)
	if err != nil {
		return a, nil, err
	}
	entries, err := d.Store.LeaveEntries(ctx, p.Username)
	if err != nil {
		return a, nil, fmt.Errorf("load leave ledger: %w", err)
	}
	return a, entries, nil
}

func (d *Desk) account(ctx context.Context, p person) (hajir.LeaveAccount, error) {
	for range attempts {
		a, err := d.Store.LeaveAccount(ctx, p.Username)
		if err != nil {
			return a, fmt.Errorf("load leave account: %w", err)
		}
		a.Company = p.company.Username
		a, err = d.finish(context.WithoutCancel(ctx), a)
		if hajir.CodeOf(err) == hajir.Conflict { // somebody else did, and may have begun the next
			continue
		}
		return a, err
	}
	return hajir.LeaveAccount{}, hajir.Errorf(hajir.Unavailable, "this person's leave changes all the time; try again")
}

// finish writes what an account's step still has to be written, and returns the
// account without it. It can be done again, and by several at once.
func (d *Desk) finish(ctx context.Context, a hajir.LeaveAccount) (hajir.LeaveAccount, error) {
	if a.Step == nil {
		return a, nil
	}
	if r := a.Step.Request; r != nil {
		if err := d.Store.SaveLeaveRequest(ctx, *r); err != nil {
			if hajir.CodeOf(err) != hajir.Conflict {
				return a, fmt.Errorf("save leave request: %w", err)
			}
			// All changes of it come through here: a newer one is this one, or
			// came after it.
			there, err := d.Store.LeaveRequest(ctx, r.ID)
			if err != nil {
				return a, fmt.Errorf("load leave request: %w", err)
			}
			if there.Version <= r.Version {
				return a, fmt.Errorf("leave request %s is at version %d, its account expects %d", r.ID, there.Version, r.Version)
			}
		}
	}
	if err := d.Store.PostLeaveEntries(ctx, a.Step.Entries); err != nil {
		return a, fmt.Errorf("post leave entries: %w", err)
	}
	done := a
	done.Step = nil
	if err := d.Store.SaveLeaveAccount(ctx, done); err != nil {
		return a, fmt.Errorf("save leave account: %w", err)
	}
	done.Version++
	return done, nil
}
