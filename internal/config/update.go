package config

import "path/filepath"

// Update is where `hajir update --check` asks. Nothing else ever does.
type Update struct {
	Feed string `help:"Address of the publisher's signed feed of releases, https." env:"HAJIR_UPDATE_FEED" placeholder:"URL"`
	Key  string `help:"Public key that the feed must be signed with, as minisign prints it (RW…)." env:"HAJIR_UPDATE_KEY" placeholder:"KEY"`
}

// FeedSeen returns the file that remembers the newest feed of releases seen.
func (c Config) FeedSeen() string { return filepath.Join(c.Data, "update-seen.json") }
