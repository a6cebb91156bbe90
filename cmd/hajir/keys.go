package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/keyring"
	"hajir/internal/objects"
	"hajir/internal/picture"
	"hajir/internal/store/sqlite"
)

type keysCmd struct {
	Rotate rotateCmd `cmd:"" help:"Make a new data key, encrypt everything with it, and drop the old ones. The program must be stopped."`
}

type rotateCmd struct{}

// Run rotates the data keys. Cut off at any point, everything can still be
// opened, and running it again does the rest: old keys go last.
func (rotateCmd) Run(ctx context.Context, c *config.Config) (err error) {
	if c.New() {
		return fmt.Errorf("there is no data in %s", c.Data)
	}
	done, err := keyring.Exclude(c.InUse())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	master, err := c.Master(false)
	if err != nil {
		return err
	}
	ring, err := keyring.Open(c.Keys(), master, false)
	if err != nil {
		return err
	}
	if ring, err = ring.AddKey(); err != nil {
		return err
	}
	if err := reseal(ctx, c, ring); err != nil {
		return fmt.Errorf("encrypt anew (nothing is lost; run this again): %w", err)
	}
	if _, err := ring.DropOldKeys(); err != nil {
		return err
	}
	fmt.Println("Everything is encrypted with a new key.")
	return nil
}

func reseal(ctx context.Context, c *config.Config, ring *keyring.Ring) (err error) {
	db, err := sqlite.Open(ctx, c.Database(), ring, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	bucket, err := objects.OpenDir(c.Objects(), ring, picture.LinkPath, []byte("no links are made"), time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bucket.Close()) }()
	if err := errors.Join(ring.Reseal(), db.Reseal(ctx), bucket.Reseal(ctx)); err != nil {
		return err
	}
	return db.Record(ctx, hajir.Event{Action: hajir.ActionChange, Subject: hajir.Subject{Table: "keys", Key: "data"}})
}
