package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"hajir/internal/backup"
	"hajir/internal/config"
	"hajir/internal/keyring"
)

type backupCmd struct {
	Status backupStatusCmd `cmd:"" help:"Say whether the backup is up to date, and what lies in it. Ends with an error when it is not."`
	Now    backupNowCmd    `cmd:"" help:"Copy everything that is not in the backup yet."`
	Key    backupKeyCmd    `cmd:"" help:"Print the key that opens the backup, to be kept apart from this machine."`
}

// errBackupOff is said when there is none.
var errBackupOff = errors.New("the backup is switched off (--backup off)")

// keyShown notes that somebody was shown the backup key.
const keyShown = "key-shown"

// backupFiles opens where the backup lies.
func backupFiles(ctx context.Context, c config.Config) (backup.Files, error) {
	place, err := c.BackupPlace()
	if err != nil {
		return nil, err
	}
	if place == "" {
		return nil, errBackupOff
	}
	return backup.OpenFiles(ctx, place)
}

// backupKey returns the key that opens the backup, which is made in its file if
// mayMake says so.
func backupKey(c config.Config, mayMake bool) (*backup.Key, error) {
	if c.Copies.Key == "" {
		return backup.LoadKey(c.BackupKeyFile(), mayMake)
	}
	if c.Copies.KeyFile != "" {
		return nil, errors.New("give the backup key or its file, not both")
	}
	return backup.ParseKey(c.Copies.Key)
}

// archive opens the backup for reading.
func archive(ctx context.Context, c config.Config) (*backup.Archive, error) {
	files, err := backupFiles(ctx, c)
	if err != nil {
		return nil, err
	}
	key, err := backupKey(c, false)
	if err != nil {
		return nil, err
	}
	return backup.OpenArchive(ctx, files, key)
}

// openBackup prepares the backup of a's data, or returns nil when it is switched
// off or another process is at it.
func (a *app) openBackup(ctx context.Context, c config.Config) (_ *backup.Backup, err error) {
	files, err := backupFiles(ctx, c)
	if errors.Is(err, errBackupOff) {
		a.log.WarnContext(ctx, "there is no backup: it is switched off")
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--backup: %w", err)
	}
	key, err := backupKey(c, true)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll(c.BackupState(), 0o700), os.MkdirAll(c.Objects(), 0o700)); err != nil {
		return nil, fmt.Errorf("make directory: %w", err)
	}
	unlock, err := keyring.Exclude(filepath.Join(c.BackupState(), "lock"))
	if errors.Is(err, keyring.ErrInUse) {
		return nil, errors.New("another process of Hajir is backing this data up: stop it first")
	}
	if err != nil {
		return nil, err
	}
	kept, fine := c.Copies.Times()
	b, err := backup.New(backup.Config{
		Files: files, Key: key, Database: c.Database(), Objects: c.Objects(), State: c.BackupState(),
		Keys: func() (map[string][]byte, error) { return backup.ReadKeys(c.Data, "keys", "master.key") },
		Kept: kept, Fine: fine, Checkpoints: a.db.Checkpoints, Now: time.Now, Log: a.log,
	})
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	if c.RemoteObjects() == "" { // else the bucket keeps its own versions
		a.bucket.Changed = b.Touch
	}
	a.backup = b
	a.backupDone = func() error { return errors.Join(b.Close(context.WithoutCancel(ctx)), unlock()) }
	return b, nil
}

// backUp backs the data up until stop is called, and tries a restore now and then.
func (a *app) backUp(ctx context.Context, c config.Config, drill time.Duration) (stop func(), err error) {
	b, err := a.openBackup(ctx, c)
	if b == nil || err != nil {
		return func() {}, err
	}
	a.measureBackup(b)
	a.adviseOfKey(ctx, c)
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { b.Run(ctx) })
	if drill > 0 {
		running.Go(func() { a.drillAll(ctx, c, drill) })
	}
	return func() { cancel(); running.Wait() }, nil
}

// adviseOfKey reminds the operator of the key until they have seen it.
func (a *app) adviseOfKey(ctx context.Context, c config.Config) {
	if _, err := os.Stat(filepath.Join(c.BackupState(), keyShown)); err == nil || c.Copies.Key != "" {
		return
	}
	place, _ := c.BackupPlace() // it was opened
	place, _, _ = strings.Cut(place, "?")
	a.log.WarnContext(ctx, "the backup is worthless without its key, which lies on this machine alone: print it with hajir backup key, and keep a copy elsewhere",
		"backup", place, "key", c.BackupKeyFile())
	if c.Copies.Place == "" {
		a.log.WarnContext(ctx, "the backup lies beside the data: name another disk or a bucket with --backup, so that both are not lost at once", "backup", place)
	}
}

type backupKeyCmd struct{}

// Run prints the key.
func (backupKeyCmd) Run(c *config.Config) error {
	key, err := backupKey(*c, false)
	if err != nil {
		return fmt.Errorf("%w; serve makes one when it first backs up", err)
	}
	fmt.Println(key)
	fmt.Fprintln(os.Stderr, "Whoever has this key and the backup has everything. Keep it where neither this machine nor the backup is lost with it.")
	if err := os.MkdirAll(c.BackupState(), 0o700); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	return os.WriteFile(filepath.Join(c.BackupState(), keyShown), nil, 0o600)
}

type backupStatusCmd struct{}

// lateAfter is how old the word of the process that backs up may be, before it is
// taken for stopped.
const lateAfter = 2 * time.Minute

// Run tells how the backup is.
func (backupStatusCmd) Run(ctx context.Context, c *config.Config) error {
	place, err := c.BackupPlace()
	if err != nil {
		return err
	}
	if place == "" {
		return errBackupOff
	}
	place, _, _ = strings.Cut(place, "?") // a bucket's region and more
	var faults []string
	s := backup.ReadStatus(c.BackupState())
	switch now := time.Now(); {
	case s.At.IsZero():
		faults = append(faults, "nothing was backed up from this directory yet")
	case s.Error != "":
		faults = append(faults, fmt.Sprintf("it has been failing since %s: %s", moment(s.FailingSince), s.Error))
	case now.Sub(s.At) > lateAfter:
		fmt.Printf("Nobody is backing up since %s: is the program stopped?\n", moment(s.At))
	}
	if !s.Safe.IsZero() {
		fmt.Printf("Everything until %s is in the backup.\n", moment(s.Safe))
	}
	a, err := archive(ctx, *c)
	switch {
	case err != nil && s.Error == "":
		faults = append(faults, err.Error())
	case err == nil:
		i, err := a.Inventory(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("Place:      %s\n", place)
		fmt.Printf("Restorable: %s to %s, to the second in the last %d days\n", moment(i.Oldest), moment(i.Newest), min(c.Copies.Fine, c.Copies.Days))
		fmt.Printf("Database:   %d files, %s\n", i.Changes, size(i.ChangesBytes))
		fmt.Printf("Pictures:   %d files, %s\n", i.Pictures, size(i.PictureBytes))
	}
	switch d := s.Drill; {
	case d.At.IsZero():
		fmt.Println("Drill:      none yet")
	case d.Error != "":
		faults = append(faults, fmt.Sprintf("the restore drill of %s failed: %s", moment(d.At), d.Error))
	default:
		fmt.Printf("Drill:      %s restored the state of %s: %s\n", moment(d.At), moment(d.To), d.Found)
	}
	if len(faults) > 0 {
		return fmt.Errorf("the backup in %s: %s", place, strings.Join(faults, "; "))
	}
	return nil
}

func moment(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// size writes a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}

type backupNowCmd struct {
	Wait time.Duration `help:"For how long to wait for the server, when it is running." default:"10m"`
}

// Run copies everything, or has the server that is running do so.
func (cmd backupNowCmd) Run(ctx context.Context, c *config.Config) error {
	if c.New() {
		return fmt.Errorf("there is no data in %s", c.Data)
	}
	if _, err := backupFiles(ctx, *c); err != nil {
		return err
	}
	if err := os.MkdirAll(c.BackupState(), 0o700); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	unlock, err := keyring.Exclude(filepath.Join(c.BackupState(), "lock"))
	if errors.Is(err, keyring.ErrInUse) {
		return cmd.ask(ctx, c)
	}
	if err != nil {
		return err
	}
	if err := unlock(); err != nil {
		return err
	}
	return withApp(ctx, c, func(a *app) error {
		b, err := a.openBackup(ctx, *c)
		if err != nil {
			return err
		}
		bar := progress(-1, "copying")
		err = errors.Join(b.Step(ctx), b.Keep(ctx, func() { _ = bar.Add(1) })) // it only draws
		finish(bar)
		if err != nil {
			return err
		}
		b.Noted(ctx)
		fmt.Printf("Everything is in %s.\n", b.Files)
		return nil
	})
}

// ask has the server copy everything, and waits for it.
func (cmd backupNowCmd) ask(ctx context.Context, c *config.Config) error {
	done, err := backup.Ask(c.BackupState())
	if err != nil {
		return err
	}
	ctx, giveUp := context.WithTimeout(ctx, cmd.Wait)
	defer giveUp()
	bar := progress(-1, "the server is copying")
	defer finish(bar)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		_ = bar.Add(1) // it only draws
		select {
		case <-ctx.Done():
			s := backup.ReadStatus(c.BackupState())
			return fmt.Errorf("the server has not copied everything within %s, and goes on trying: %s", cmd.Wait, s.Error)
		case <-tick.C:
		}
	}
	fmt.Printf("Everything is in %s.\n", backup.ReadStatus(c.BackupState()).Place)
	return nil
}

// progress draws how far something is, on standard error; -1 is an unknown end.
func progress(all int64, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions64(all, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
		// Of unknown length it would be drawn by two goroutines that do not know of each other.
		progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond))
}

func finish(bar *progressbar.ProgressBar) {
	_ = bar.Finish() // it only draws
	fmt.Fprintln(os.Stderr)
}
