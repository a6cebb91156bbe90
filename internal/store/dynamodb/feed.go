package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

func readFeed(s stored) (hajir.Feed, error) {
	doc, err := decode[record.Feed](s, "calendar link")
	return doc.Load(s.version, s.text("tokenhash")), err
}

func (db *DB) feeds(ctx context.Context, q query) ([]hajir.Feed, error) {
	var all []hajir.Feed
	err := db.each(ctx, q, q.still, func(s stored) error {
		f, err := readFeed(s)
		all = append(all, f)
		return err
	})
	return all, err
}

// Feed returns the feed whose link has a secret with a hash. One that was made
// anew has another one at once, whatever the index says.
func (db *DB) Feed(ctx context.Context, tokenHash string) (hajir.Feed, error) {
	found, err := db.feeds(ctx, query{table: calendarFeeds, index: "tokenhash-index", hash: tokenHash, limit: 1})
	if err == nil && len(found) == 0 {
		err = hajir.Errorf(hajir.NotFound, "no such calendar link")
	}
	if err != nil {
		return hajir.Feed{}, err
	}
	return found[0], nil
}

// Feeds returns an account's feeds.
func (db *DB) Feeds(ctx context.Context, username string) ([]hajir.Feed, error) {
	return db.feeds(ctx, query{table: calendarFeeds, hash: username})
}

// SaveFeed stores f as the successor of f.Version.
func (db *DB) SaveFeed(ctx context.Context, f hajir.Feed) error {
	return db.saveAudited(ctx, "calendar link", feedSubject(f.Company, f.Username, f.Kind), row{
		table: calendarFeeds, hash: f.Username, sort: string(f.Kind), version: f.Version, doc: record.StoreFeed(f),
		index: map[string]string{"company": f.Company, "tokenhash": f.TokenHash}, fixed: []string{"company"},
	})
}

// feedSubject is what the audit log says of a feed.
func feedSubject(company, username string, kind hajir.FeedKind) subject {
	return subject{Audit: record.AuditedFeeds, company: company, key: username + "/" + string(kind), person: username}
}

// DeleteFeed removes one of an account's feeds, whoever has changed it; one that
// is not there is no error.
func (db *DB) DeleteFeed(ctx context.Context, username string, kind hajir.FeedKind) error {
	return db.deleteAudited(ctx, "calendar link", feedSubject("", username, kind).in, 0, calendarFeeds, username, string(kind))
}
