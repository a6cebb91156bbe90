package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

const feedByHash = `SELECT version, doc, tokenhash FROM Calendar_feeds WHERE tokenhash = ?`

// Feed returns the feed whose link has a secret with a hash.
func (db *DB) Feed(ctx context.Context, tokenHash string) (hajir.Feed, error) {
	var hash string
	doc, version, err := decode[record.Feed](db.read.QueryRowContext(ctx, feedByHash, tokenHash), "calendar link", &hash)
	return doc.Load(version, hash), err
}

// Feeds returns an account's feeds.
func (db *DB) Feeds(ctx context.Context, username string) ([]hajir.Feed, error) {
	var all []hajir.Feed
	err := db.each(ctx, "calendar links", func(r row) error {
		var hash string
		doc, version, err := decode[record.Feed](r, "calendar link", &hash)
		all = append(all, doc.Load(version, hash))
		return err
	}, `SELECT version, doc, tokenhash FROM Calendar_feeds WHERE Username = ? ORDER BY kind`, username)
	return all, err
}

// SaveFeed stores f as the successor of f.Version.
func (db *DB) SaveFeed(ctx context.Context, f hajir.Feed) error {
	doc, err := encode(record.StoreFeed(f), "calendar link")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedFeeds.where(`Username = ? AND kind = ?`, f.Username, f.Kind), "calendar link", `
		INSERT INTO Calendar_feeds (Username, kind, company, tokenhash, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Calendar_feeds WHERE Username = ?1 AND kind = ?2)
		ON CONFLICT (Username, kind) DO UPDATE SET version = version + 1, tokenhash = excluded.tokenhash, doc = excluded.doc
		WHERE version = ?5 AND company = excluded.company`,
		f.Username, f.Kind, f.Company, f.TokenHash, f.Version, doc)
}

// DeleteFeed removes one of an account's feeds, whoever has changed it; one that
// is not there is no error.
func (db *DB) DeleteFeed(ctx context.Context, username string, kind hajir.FeedKind) error {
	return db.execAudited(ctx, auditedFeeds.where(`Username = ? AND kind = ?`, username, kind), "delete calendar link",
		`DELETE FROM Calendar_feeds WHERE Username = ? AND kind = ?`, username, kind)
}
