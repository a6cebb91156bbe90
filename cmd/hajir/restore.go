package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"hajir/internal/backup"
	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/internal/store/sqlite"
)

type restoreCmd struct {
	At           string `help:"The moment whose state is restored, such as 2026-11-22T10:15:30Z or 2026-11-22T16:00:30+05:45. Default: the newest." placeholder:"TIME"`
	To           string `help:"The directory, new or empty. Default: the data directory if there is nothing in it, else one beside it." type:"path" placeholder:"DIR"`
	DryRun       bool   `help:"Only say what would be restored, and whether the backup has it."`
	SkipErasures bool   `help:"Do not repeat the erasures that came after the moment. You have to, by hand."`
}

// Run restores the data as it was, checks it, and repeats what was erased since.
func (cmd *restoreCmd) Run(ctx context.Context, c *config.Config) error {
	var when time.Time
	if cmd.At != "" {
		var err error
		if when, err = time.Parse(time.RFC3339, cmd.At); err != nil {
			return fmt.Errorf("--at: %q is no moment such as 2026-11-22T10:15:30Z, with Z or a difference from UTC", cmd.At)
		}
		if when.After(time.Now()) {
			return fmt.Errorf("--at: %s has not come yet", cmd.At)
		}
	}
	to, err := cmd.target(c, when)
	if err != nil {
		return err
	}
	a, err := archive(ctx, *c)
	if err != nil {
		return err
	}
	p, err := a.Plan(ctx, when)
	if err != nil {
		return err
	}
	fmt.Printf("The state of %s: the database changed last at %s.\n", asked(when), moment(p.Last))
	fmt.Printf("%d files with %s of the database, %d pictures with %s, %d keys.\n", p.Files, size(p.Bytes), p.Pictures, size(p.PictureBytes), len(p.Keys))
	if p.Coarse {
		fmt.Println("So long ago the backup knows no single seconds: some minutes before this moment may be missing.")
	}
	if cmd.DryRun {
		tried, err := p.TryPictures(ctx, drillPictures)
		if err != nil {
			return err
		}
		fmt.Printf("%d of the pictures were read and are right. It would be restored to %s; nothing was written.\n", tried, to)
		return nil
	}
	if err := writeData(ctx, p, to); err != nil {
		return fmt.Errorf("%w; what was written so far is in %s, and is of no use", err, to)
	}
	restored := *c
	restored.Data = to
	if err := keepKey(c, to); err != nil {
		return err
	}
	if err := cmd.settle(ctx, a, p, &restored); err != nil {
		return fmt.Errorf("%w (the data is restored in %s; do not serve it before this is solved)", err, to)
	}
	fmt.Printf("Restored to %s. Serve it with: hajir --data %s serve\n", to, to)
	return nil
}

func asked(when time.Time) string {
	if when.IsZero() {
		return "now"
	}
	return moment(when)
}

// target returns the directory to restore into.
func (cmd *restoreCmd) target(c *config.Config, when time.Time) (string, error) {
	to := cmd.To
	if to == "" {
		to = c.Data
		if empty, err := backup.Empty(to); err == nil && !empty {
			if when.IsZero() {
				when = time.Now()
			}
			to += "-restored-" + strings.NewReplacer("-", "", ":", "").Replace(moment(when))
		}
	}
	empty, err := backup.Empty(to)
	if err != nil {
		return "", err
	}
	if !empty {
		return "", fmt.Errorf("%s is not empty: name a new directory with --to", to)
	}
	return to, nil
}

// writeData writes database, keys and pictures.
func writeData(ctx context.Context, p *backup.Plan, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	c := config.Config{Data: to}
	if err := p.WriteKeys(to); err != nil {
		return err
	}
	bar := progress(p.Bytes+p.PictureBytes, "restoring")
	defer finish(bar)
	if err := p.Database(ctx, c.Database(), func(n int) { _ = bar.Add(n) }); err != nil { // it only draws
		return err
	}
	return p.WritePictures(ctx, c.Objects(), func(n int64) { _ = bar.Add64(n) })
}

// keepKey puts the backup key where serve looks for it, so that the restored data
// is backed up to the same place.
func keepKey(c *config.Config, to string) error {
	file := config.Config{Data: to}.BackupKeyFile()
	key, err := backupKey(*c, false)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(key.String()+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the backup key: %w", err)
	}
	return nil
}

// settle checks what was restored, and repeats what was erased and ended since.
func (cmd *restoreCmd) settle(ctx context.Context, archive *backup.Archive, p *backup.Plan, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		v, err := inspect(ctx, a.db, func(key string) bool {
			there, err := a.bucket.Exists(ctx, key)
			return there || err != nil
		})
		if err != nil {
			return err
		}
		fmt.Printf("Checked: %s.\n", v)
		for _, key := range v.missing {
			fmt.Printf("missing picture: %s\n", key)
		}
		if err := a.opensPictures(ctx); err != nil {
			return err
		}
		if err := a.db.Record(ctx, hajir.Event{
			Action: hajir.ActionChange, Subject: hajir.Subject{Table: "restore", Key: moment(p.Last)},
		}); err != nil {
			return err
		}
		if p.At.IsZero() || cmd.SkipErasures {
			return nil
		}
		return a.repeatErasures(ctx, archive, c)
	})
}

// opensPictures sees whether the keys open the pictures.
func (a *app) opensPictures(ctx context.Context) error {
	first := errors.New("enough")
	err := a.bucket.Each(ctx, "", func(key string) error {
		if _, err := a.bucket.Get(ctx, key); err != nil {
			return fmt.Errorf("the keys do not open the picture %s: %w", key, err)
		}
		return first
	})
	if errors.Is(err, first) {
		return nil
	}
	return err
}

// verified is what a check found.
type verified struct {
	sqlite.Counts
	chains, pictures int
	missing          []string // pictures, at most maxMissing
	missed           int
}

// maxMissing is how many missing pictures are named.
const maxMissing = 20

func (v verified) String() string {
	s := fmt.Sprintf("the database is sound, %d audit logs are right; %d companies, %d people, %d days, %d faces, %d pictures",
		v.chains, v.Companies, v.People, v.Days, v.Templates, v.pictures)
	if v.missed > 0 {
		s += fmt.Sprintf(" (%d more are missing)", v.missed)
	}
	return s
}

// inspect checks a database that was restored: its pages, its audit logs, and
// whether the pictures that it names are there.
func inspect(ctx context.Context, db *sqlite.DB, has func(key string) bool) (v verified, err error) {
	if err := db.Check(ctx); err != nil {
		return v, err
	}
	if v.Counts, err = db.Counts(ctx); err != nil {
		return v, err
	}
	chains, err := db.AuditChains(ctx)
	if err != nil {
		return v, err
	}
	reader := &company.Service{Store: db}
	for _, name := range chains {
		report, err := reader.VerifyAudit(ctx, name, hajir.AuditHead{})
		if err != nil {
			return v, err
		}
		if report.Fault != nil {
			return v, fmt.Errorf("the audit log of %q is broken at entry %d: %s", name, report.Fault.Seq, report.Fault.Reason)
		}
		v.chains++
	}
	return v, db.EachPicture(ctx, func(n sqlite.Named) error {
		key := n.Key
		switch {
		case n.FaceID != "":
			key = objects.FaceKey(n.Company, n.Username, n.FaceID, objects.Original)
		case n.PictureID != "":
			key = objects.ProfileKey(n.Company, n.Username, n.PictureID, objects.Original)
		}
		if has(key) {
			v.pictures++
			return nil
		}
		v.missed++
		if len(v.missing) < maxMissing {
			v.missing = append(v.missing, key)
		}
		return nil
	})
}
