package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// reviewDoc is how a review is stored; it may not change with hajir.Review.
type reviewDoc struct {
	Company       string            `json:"company"`
	ID            string            `json:"id"`
	At            time.Time         `json:"at"`
	Code          hajir.Code        `json:"code,omitempty"`
	Doubts        []hajir.Doubt     `json:"doubts,omitempty"`
	Username      string            `json:"username,omitempty"`
	Date          string            `json:"date,omitempty"`
	Punch         string            `json:"punch,omitempty"`
	By            string            `json:"by,omitempty"`
	Place         string            `json:"place,omitempty"`
	Picture       string            `json:"picture,omitempty"`
	PictureErased bool              `json:"picture_erased,omitempty"`
	Decision      *decisionDoc      `json:"decision,omitempty"`
	Ask           []string          `json:"ask,omitempty"`
	LastAt        time.Time         `json:"last_at,omitzero"`
	Count         int               `json:"count,omitempty"`
	TicketHash    []byte            `json:"ticket_hash,omitempty"`
	TicketExpires time.Time         `json:"ticket_expires_at,omitzero"`
	TicketUsed    time.Time         `json:"ticket_used_at,omitzero"`
	Challenge     *challengeDoc     `json:"challenge,omitempty"`
	State         hajir.ReviewState `json:"state"`
	Begun         hajir.ReviewState `json:"begun,omitempty"`
	DoneBy        string            `json:"done_by,omitempty"`
	DoneAt        time.Time         `json:"done_at,omitzero"`
	To            string            `json:"to,omitempty"`
	ExpiresAt     time.Time         `json:"expires_at,omitzero"`
}

// challengeDoc is how far a challenge is; what is kept of it is with the decision.
type challengeDoc struct {
	Steps    []hajir.Step `json:"steps"`
	Done     int          `json:"done"`
	Stance   stanceDoc    `json:"stance"`
	Frames   int          `json:"frames"`
	Strange  int          `json:"strange"`
	Likeness float64      `json:"likeness"`
	Session  string       `json:"session,omitempty"`
	EndsAt   time.Time    `json:"ends_at"`
	Failed   bool         `json:"failed,omitempty"`
}

type stanceDoc struct {
	Ready  bool    `json:"ready"`
	Yaw    float64 `json:"yaw"`
	Aspect float64 `json:"aspect"`
	Shut   bool    `json:"shut"`
}

func storeTrial(t *hajir.Trial) *challengeDoc {
	if t == nil {
		return nil
	}
	return &challengeDoc{t.Steps, t.Done, stanceDoc(t.Stance), t.Frames, t.Strange, t.Likeness, t.Session, t.EndsAt.UTC(), t.Failed}
}

func loadTrial(d *challengeDoc) *hajir.Trial {
	if d == nil {
		return nil
	}
	return &hajir.Trial{
		Steps: d.Steps, Done: d.Done, Stance: hajir.Stance(d.Stance), Frames: d.Frames, Strange: d.Strange,
		Likeness: d.Likeness, Session: d.Session, EndsAt: d.EndsAt, Failed: d.Failed,
	}
}

func review(doc reviewDoc, version int) hajir.Review {
	return hajir.Review{
		Company: doc.Company, ID: doc.ID, At: doc.At, Code: doc.Code, Doubts: doc.Doubts,
		Username: doc.Username, Date: doc.Date, Punch: doc.Punch, By: doc.By, Place: doc.Place,
		Picture: doc.Picture, PictureErased: doc.PictureErased, Decision: loadDecision(doc.Decision), Ask: doc.Ask,
		LastAt: doc.LastAt, Count: doc.Count,
		Ticket:    hajir.Ticket{Hash: doc.TicketHash, ExpiresAt: doc.TicketExpires, UsedAt: doc.TicketUsed},
		Challenge: loadTrial(doc.Challenge),
		State:     doc.State, Begun: doc.Begun, DoneBy: doc.DoneBy, DoneAt: doc.DoneAt, To: doc.To, ExpiresAt: doc.ExpiresAt, Version: version,
	}
}

// Review returns one review.
func (db *DB) Review(ctx context.Context, company, id string) (hajir.Review, error) {
	doc, version, err := decode[reviewDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Recognition_reviews WHERE company = ? AND id = ?`, company, id), "review")
	return review(doc, version), err
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
	return db.reviews(ctx, reviewsExpired, t.UTC().Format(timeFormat), limit)
}

func (db *DB) reviews(ctx context.Context, query string, args ...any) ([]hajir.Review, error) {
	var all []hajir.Review
	err := list(ctx, db, "reviews", func(doc reviewDoc, version int) { all = append(all, review(doc, version)) }, query, args...)
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
	doc, err := encode(reviewDoc{
		Company: r.Company, ID: r.ID, At: r.At.UTC().Round(0), Code: r.Code, Doubts: r.Doubts,
		Username: r.Username, Date: r.Date, Punch: r.Punch, By: r.By, Place: r.Place,
		Picture: r.Picture, PictureErased: r.PictureErased, Decision: storeDecision(r.Decision), Ask: r.Ask,
		LastAt: r.LastAt.UTC().Round(0), Count: r.Count,
		TicketHash: r.Ticket.Hash, TicketExpires: r.Ticket.ExpiresAt, TicketUsed: r.Ticket.UsedAt,
		Challenge: storeTrial(r.Challenge),
		State:     r.State, Begun: r.Begun, DoneBy: r.DoneBy, DoneAt: r.DoneAt, To: r.To, ExpiresAt: r.ExpiresAt,
	}, "review")
	if err != nil {
		return err
	}
	var expires any
	if !r.ExpiresAt.IsZero() {
		expires = r.ExpiresAt.UTC().Format(timeFormat)
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
