package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hajir/internal/backup"
	"hajir/internal/config"
	"hajir/internal/store/sqlite"
)

const (
	drillLook     = 10 * time.Minute // how often it is asked whether a drill is due
	drillPictures = 200              // how many pictures are read at most
)

// drillAll restores the newest state each time when the last drill was longer ago
// than every, until ctx ends.
func (a *app) drillAll(ctx context.Context, c config.Config, every time.Duration) {
	tick := time.NewTicker(drillLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if a.now().Sub(a.backup.LastDrill().At) < every || a.backup.Lag() > drillLook {
			continue // a backup that fails is told of anyway
		}
		a.drill(ctx, c)
	}
}

// drill restores the newest state and reports how that went.
func (a *app) drill(ctx context.Context, c config.Config) {
	d := backup.Drill{At: a.now().UTC()}
	v, to, err := a.tryRestore(ctx, c)
	d.To, d.Found = to.UTC(), v.String()
	if err == nil && v.missed > 0 {
		err = fmt.Errorf("%d pictures are missing, such as %s", v.missed, v.missing[0])
	}
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		d.Error, d.Found = err.Error(), ""
		a.log.ErrorContext(ctx, "the restore drill failed", "error", err)
	} else {
		a.log.InfoContext(ctx, "the restore drill went well", "restored", moment(d.To), "found", d.Found)
	}
	a.backup.Drilled(ctx, d)
}

// tryRestore restores the newest database beside the data, checks it, reads some
// of the pictures, and removes it again.
func (a *app) tryRestore(ctx context.Context, c config.Config) (v verified, to time.Time, err error) {
	if err := a.backup.Keep(ctx, func() {}); err != nil { // for pictures that another process brought
		return v, to, err
	}
	x, err := archive(ctx, c)
	if err != nil {
		return v, to, err
	}
	p, err := x.Plan(ctx, time.Time{})
	if err != nil {
		return v, to, err
	}
	dir := filepath.Join(c.BackupState(), "drill")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return v, to, fmt.Errorf("make directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "hajir.db")
	if err := p.Database(ctx, file, nil); err != nil {
		return v, to, err
	}
	db, err := sqlite.Open(ctx, file, a.ring, a.now)
	if err != nil {
		return v, to, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if v, err = inspect(ctx, db, p.Has()); err != nil {
		return v, to, err
	}
	_, err = p.TryPictures(ctx, drillPictures)
	return v, p.Last, err
}
