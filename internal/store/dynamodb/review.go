package dynamodb

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Review returns one review.
func (db *DB) Review(ctx context.Context, company, id string) (hajir.Review, error) {
	return one[record.Review](ctx, db, "review", reviews, company, id)
}

// Reviews returns at most limit of a company's reviews that are open, or done,
// newest first, with IDs below before, if it is not empty, and from from on.
func (db *DB) Reviews(ctx context.Context, company string, open bool, from, before string, limit int) ([]hajir.Review, error) {
	q := openReviews(company, open)
	q.least, q.below, q.down, q.limit = from, before, true, limit
	return listOf[record.Review](ctx, db, "reviews", q)
}

func openReviews(company string, open bool) query {
	return query{table: reviews, index: "open-index", hash: companyOpen(company, open)}
}

func companyOpen(company string, open bool) string {
	if open {
		return within(company, "open")
	}
	return within(company, "done")
}

// PersonReviews returns at most limit of the reviews of a person's punches, in
// their order, beginning behind after.
func (db *DB) PersonReviews(ctx context.Context, company, username, after string, limit int) ([]hajir.Review, error) {
	if username == "" { // a face that nobody has is nobody's
		return nil, nil
	}
	return listOf[record.Review](ctx, db, "reviews", query{
		table: reviews, index: "username-index", hash: within(company, username), behind: after, limit: limit,
	})
}

// ExpiredReviews returns at most limit of all companies' reviews that were to be
// forgotten by t, oldest first.
func (db *DB) ExpiredReviews(ctx context.Context, t time.Time, limit int) ([]hajir.Review, error) {
	q := over(reviews, record.Sortable(t.Add(1))) // what ends at t is over
	q.limit = limit
	return listOf[record.Review](ctx, db, "reviews", q)
}

// CountReviews returns how many of a company's reviews are open; of more than
// most, most.
func (db *DB) CountReviews(ctx context.Context, company string, most int) (int, error) {
	q := openReviews(company, true)
	q.limit = most
	return db.count(ctx, q)
}

// SaveReview stores r as the successor of r.Version. What the camera adds to the
// queue is no entry of the audit log, as no punch is; what somebody decides is.
func (db *DB) SaveReview(ctx context.Context, r hajir.Review) error {
	stays := row{
		table: reviews, hash: r.Company, sort: r.ID, version: r.Version, doc: record.StoreReview(r),
		index: map[string]string{"companyopen": companyOpen(r.Company, r.State == hajir.ReviewOpen)},
	}
	if r.Username != "" {
		stays.index["companyusername"] = within(r.Company, r.Username)
	}
	if !r.ExpiresAt.IsZero() {
		stays.index["expiring"], stays.index["expires"] = everything, within(within(record.Sortable(r.ExpiresAt), r.Company), r.ID)
	}
	if notices := hajir.ReviewNotices(hajir.Review{}, r); r.Version == 0 && len(notices) > 0 {
		return db.transact(ctx, func(_ context.Context, t *tx) error {
			t.notices = notices
			_, err := t.put("review", stays)
			return err
		})
	}
	if r.State == hajir.ReviewOpen {
		return db.save(ctx, "review", stays)
	}
	return db.saveAudited(ctx, "review", subject{Audit: record.AuditedReviews, company: r.Company, key: r.ID, person: r.Username}, stays)
}

// DeleteReview forgets a review; one that is not there is no error.
func (db *DB) DeleteReview(ctx context.Context, company, id string) error {
	return db.delete(ctx, reviews, company, id)
}
