package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"aead.dev/minisign"

	"hajir/internal/update"
)

type feedCmd struct {
	key
	contact

	Releases string `required:"" type:"existingfile" help:"JSON file with the list of releases: version, published, url, security, notes." placeholder:"FILE"`
	Out      string `required:"" type:"path" help:"Where to write the feed." placeholder:"FILE"`
	Days     int    `default:"30" help:"For how many days it holds; sign it anew before, even without a release. At most 92."`
}

// Run signs the releases, as of now.
func (cmd feedCmd) Run() error {
	if err := cmd.check(); err != nil {
		return err
	}
	b, err := os.ReadFile(cmd.Releases)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Second)
	f := update.Feed{Issued: now, Expires: now.AddDate(0, 0, cmd.Days)}
	if err := json.Unmarshal(b, &f.Releases); err != nil {
		return fmt.Errorf("%s: %w", cmd.Releases, err)
	}
	secret, err := cmd.open()
	if err != nil {
		return err
	}
	document, err := update.Seal(f, secret)
	if err != nil {
		return err
	}
	public, _ := secret.Public().(minisign.PublicKey)
	if _, err := update.Open(document, public, now); err != nil { // as everybody will
		return err
	}
	if err := os.WriteFile(cmd.Out, document, 0o644); err != nil { //nolint:gosec // for everybody
		return err
	}
	_, err = fmt.Printf("%d releases, until %s, with key %s\n", len(f.Releases), f.Expires.Format(time.DateOnly), public)
	return err
}
