package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Review returns one review.
func (db *DB) Review(ctx context.Context, company, id string) (hajir.Review, error) {
	doc, version, err := decode[record.Review](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Recognition_reviews WHERE company = ? AND id = ?`, company, id), "review")
	return doc.Load(version), err
}

// Reviews returns at most limit of a company's reviews that are open, or done,
// newest first, with IDs below before, if it is not empty, and from from on.
func (db *DB) Reviews(ctx context.Context, company string, open bool, from, before string, limit int) ([]hajir.Review, error) {
	if before == "" {
		before = noBefore
	}
	return db.reviews(ctx, reviewsOf, company, open, from, before, limit)
}

const (
	reviewsOf = `
		SELECT version, doc FROM Recognition_reviews INDEXED BY Recognition_reviews_open
		WHERE company = ? AND open = ? AND id >= ? AND id < ?
		ORDER BY id DESC LIMIT ?`
	reviewsOfPerson = `
		SELECT version, doc FROM Recognition_reviews INDEXED BY Recognition_reviews_username
		WHERE company = ? AND username = ? AND username <> '' AND id > ?
		ORDER BY id LIMIT ?`
	reviewsExpired = `
		SELECT version, doc FROM Recognition_reviews WHERE expires IS NOT NULL AND expires <= ?
		ORDER BY expires, company, id LIMIT ?`
)

// noBefore is above every ID of a review, for those begin with a year.
const noBefore = "~"

// PersonReviews returns at most limit of the reviews of a person's punches, in
// their order, beginning behind after.
func (db *DB) PersonReviews(ctx context.Context, company, username, after string, limit int) ([]hajir.Review, error) {
	return db.reviews(ctx, reviewsOfPerson, company, username, after, limit)
}

// ExpiredReviews returns at most limit of all companies' reviews that were to be
// forgotten by t, oldest first.
func (db *DB) ExpiredReviews(ctx context.Context, t time.Time, limit int) ([]hajir.Review, error) {
	return db.reviews(ctx, reviewsExpired, t.UTC().Format(record.TimeFormat), limit)
}

func (db *DB) reviews(ctx context.Context, query string, args ...any) ([]hajir.Review, error) {
	var all []hajir.Review
	err := list(ctx, db, "reviews", func(doc record.Review, version int) { all = append(all, doc.Load(version)) }, query, args...)
	return all, err
}

// CountReviews returns how many of a company's reviews are open; of more than
// most, most.
func (db *DB) CountReviews(ctx context.Context, company string, most int) (int, error) {
	var n int
	err := db.read.QueryRowContext(ctx, `
		SELECT count(*) FROM (SELECT 1 FROM Recognition_reviews WHERE company = ? AND open = 1 LIMIT ?)`, company, most).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count reviews: %w", err)
	}
	return n, nil
}

// SaveReview stores r as the successor of r.Version. What the camera adds to the
// queue is no entry of the audit log, as no punch is; what somebody decides is.
func (db *DB) SaveReview(ctx context.Context, r hajir.Review) error {
	doc, err := encode(record.StoreReview(r), "review")
	if err != nil {
		return err
	}
	var expires any
	if !r.ExpiresAt.IsZero() {
		expires = r.ExpiresAt.UTC().Format(record.TimeFormat)
	}
	const query = `
		INSERT INTO Recognition_reviews (company, id, open, username, expires, version, doc) SELECT ?1, ?2, ?3, ?4, ?5, ?6 + 1, ?7
		WHERE ?6 = 0 OR EXISTS (SELECT 1 FROM Recognition_reviews WHERE company = ?1 AND id = ?2)
		ON CONFLICT (company, id) DO UPDATE SET version = version + 1, open = excluded.open, username = excluded.username,
			expires = excluded.expires, doc = excluded.doc
		WHERE version = ?6`
	args := []any{r.Company, r.ID, r.State == hajir.ReviewOpen, r.Username, expires, r.Version, doc}
	if notices := hajir.ReviewNotices(hajir.Review{}, r); r.Version == 0 && len(notices) > 0 {
		return db.transact(ctx, func(tx *sql.Tx) error {
			if err := save(ctx, tx, "review", query, args...); err != nil {
				return err
			}
			return db.tell(ctx, tx, notices)
		})
	}
	if r.State == hajir.ReviewOpen {
		return db.save(ctx, "review", query, args...)
	}
	return db.saveAudited(ctx, auditedReviews.where(`company = ? AND id = ?`, r.Company, r.ID), "review", query, args...)
}

// DeleteReview forgets a review; one that is not there is no error.
func (db *DB) DeleteReview(ctx context.Context, company, id string) error {
	return db.exec(ctx, "delete review", `DELETE FROM Recognition_reviews WHERE company = ? AND id = ?`, company, id)
}
