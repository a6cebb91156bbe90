package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/keyring"
	"hajir/internal/keyring/awskms"
	"hajir/internal/store/sqlite"
)

type keysCmd struct {
	Rotate rotateCmd `cmd:"" help:"Make a new data key, encrypt everything with it, and drop the old ones. The program must be stopped."`
	Rewrap rewrapCmd `cmd:"" help:"Encrypt the data keys with another master key or KMS key. The program must be stopped."`
}

// openKEK opens the key that encrypts the data keys: a KMS key, or the master
// key, which is made if mayMake says so and it lies in a file.
func openKEK(ctx context.Context, c config.Config, mayMake bool) (keyring.KEK, error) {
	if c.KMSKey == "" {
		master, err := c.Master(mayMake)
		if err != nil {
			return nil, err
		}
		return keyring.MasterKEK(master)
	}
	if c.MasterKey != "" || c.MasterKeyFile != "" {
		return nil, errors.New("give a KMS key or a master key, not both")
	}
	return openKMS(ctx, c.KMSKey)
}

func openKMS(ctx context.Context, address string) (keyring.KEK, error) {
	key, err := awskms.Parse(address)
	if err != nil {
		return nil, err
	}
	return awskms.Open(ctx, key)
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
	kek, err := openKEK(ctx, *c, false)
	if err != nil {
		return err
	}
	ring, err := keyring.OpenWith(ctx, c.Keys(), kek, false)
	if err != nil {
		return err
	}
	if ring, err = ring.AddKey(ctx); err != nil {
		return err
	}
	if err := reseal(ctx, c, ring); err != nil {
		return fmt.Errorf("encrypt anew (nothing is lost; run this again): %w", err)
	}
	if _, err := ring.DropOldKeys(ctx); err != nil {
		return err
	}
	fmt.Println("Everything is encrypted with a new key.")
	return nil
}

type rewrapCmd struct {
	To string `required:"" help:"A KMS key, such as awskms://alias/hajir?region=ap-south-1, or the file of a master key, which is made if it does not exist." placeholder:"KEY"`
}

// Run encrypts the data keys anew. Everything else stays as it is, so that it is
// done at once; cut off, either the old key opens them or the new one.
func (cmd rewrapCmd) Run(ctx context.Context, c *config.Config) (err error) {
	if c.New() {
		return fmt.Errorf("there is no data in %s", c.Data)
	}
	done, err := keyring.Exclude(c.InUse())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	from, err := openKEK(ctx, *c, false)
	if err != nil {
		return fmt.Errorf("open the present key: %w", err)
	}
	to, flag, err := cmd.target(ctx)
	if err != nil {
		return fmt.Errorf("open the new key: %w", err)
	}
	if err := keyring.Rewrap(ctx, c.Keys(), from, to); err != nil && !errors.Is(err, keyring.ErrRewrapped) {
		return err
	}
	fmt.Printf("The data keys are encrypted with %s. Start Hajir with %s from now on.\n", to, flag)
	fmt.Println("Backups from before still need the old key; keep it as long as them, and not beside the data.")
	return nil
}

// target opens the new key, and says how the program is told of it.
func (cmd rewrapCmd) target(ctx context.Context) (keyring.KEK, string, error) {
	if strings.HasPrefix(cmd.To, awskms.Scheme) {
		kek, err := openKMS(ctx, cmd.To)
		return kek, "--kms-key '" + cmd.To + "'", err
	}
	if strings.Contains(cmd.To, "://") {
		return nil, "", fmt.Errorf("%q is neither a KMS key (%s…) nor a file", cmd.To, awskms.Scheme)
	}
	file, err := filepath.Abs(cmd.To)
	if err != nil {
		return nil, "", fmt.Errorf("find master key: %w", err)
	}
	master, err := keyring.LoadMasterKey(file, true)
	if err != nil {
		return nil, "", err
	}
	kek, err := keyring.MasterKEK(master)
	return kek, "--master-key-file '" + file + "'", err
}

func reseal(ctx context.Context, c *config.Config, ring *keyring.Ring) (err error) {
	db, err := sqlite.Open(ctx, c.Database(), ring, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	bucket, err := openBucket(ctx, *c, ring, []byte("no links are made"), time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bucket.Close()) }()
	if err := errors.Join(ring.Reseal(), db.Reseal(ctx), bucket.Reseal(ctx)); err != nil {
		return err
	}
	return db.Record(ctx, hajir.Event{Action: hajir.ActionChange, Subject: hajir.Subject{Table: "keys", Key: "data"}})
}
