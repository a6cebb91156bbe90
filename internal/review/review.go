// Package review is the desk at which the admin looks at what the camera was not
// sure of: punches that are doubtful, and refusals that were more than noise. What
// a decision is for is a rule of hajir.Review; this package carries it out, so that
// both people's days come out right. Read review.go first; queue.go shows what
// waits, sweep.go forgets.
package review

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/internal/roster"
)

// Store keeps reviews, and loads whom they are about. What is not there is a
// *hajir.Error with NotFound; saving at a stale version is a Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error)
	Review(ctx context.Context, company, id string) (hajir.Review, error)
	// Reviews returns at most limit of a company's reviews that are open, or done,
	// newest first, with IDs below before, if it is not empty, and from from on.
	Reviews(ctx context.Context, company string, open bool, from, before string, limit int) ([]hajir.Review, error)
	// CountReviews returns how many are open; of more than most, most.
	CountReviews(ctx context.Context, company string, most int) (int, error)
	// ExpiredReviews returns at most limit of all companies' that were to be
	// forgotten by t, oldest first.
	ExpiredReviews(ctx context.Context, t time.Time, limit int) ([]hajir.Review, error)
	SaveReview(ctx context.Context, r hajir.Review) error
	DeleteReview(ctx context.Context, company, id string) error
}

// Objects keeps pictures.
type Objects interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, content []byte) error
	Delete(ctx context.Context, key string) error
}

// Faces tells which faces are enrolled.
type Faces interface {
	List(ctx context.Context, company, username string) ([]faces.Indexed, error)
}

// Desk decides.
type Desk struct {
	Store   Store
	Book    roster.Book
	Objects Objects
	Faces   Faces
	Now     func() time.Time
	Changed func(company, username string) // told of everybody whose day changes
}

// Decision is what the admin decides about a review.
type Decision struct {
	State   hajir.ReviewState // confirmed, reassigned or rejected
	To      string            // whose face it is, for reassigned
	By      string            // the account that decides
	Version *int              // the one that was read; nil takes what is there
}

// Decide carries out a decision. Who is cut off may decide the same again.
func (d *Desk) Decide(ctx context.Context, company, id string, in Decision) (hajir.Review, error) {
	c, err := d.Store.Company(ctx, company)
	if err != nil {
		return hajir.Review{}, fmt.Errorf("load company: %w", err)
	}
	r, err := d.Store.Review(ctx, company, id)
	if err != nil {
		return r, fmt.Errorf("load review: %w", err)
	}
	if in.Version != nil && *in.Version != r.Version {
		return r, hajir.Errorf(hajir.Conflict, "this has changed meanwhile; load the page again")
	}
	now := d.Now().UTC()
	if r, err = r.Begin(in.State, in.To, in.By, now); err != nil {
		return r, err
	}
	var to hajir.Employee
	if in.To != "" {
		if to, err = d.person(ctx, company, in.To); err != nil {
			return r, err
		}
		if err := to.MayHave("punch"); err != nil {
			return r, err
		}
	}
	// Of two who decide at once, one saves; then it is seen through.
	ctx = context.WithoutCancel(ctx)
	if in.State != hajir.ReviewConfirmed {
		if err := d.Store.SaveReview(ctx, r); err != nil {
			return r, err
		}
		r.Version++
		if err := d.carryOut(ctx, c, &r, to, now); err != nil {
			return r, err
		}
	}
	r = r.Done(now)
	if err := d.Store.SaveReview(ctx, r); err != nil {
		return r, err
	}
	r.Version++
	return r, nil
}

func (d *Desk) person(ctx context.Context, company, username string) (hajir.Employee, error) {
	e, err := d.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}

// carryOut changes the days: a punch that is given to somebody is added to theirs
// before it stops counting in the other's, so that it is at times in both, and
// never in none.
func (d *Desk) carryOut(ctx context.Context, c hajir.Company, r *hajir.Review, to hajir.Employee, now time.Time) error {
	var from hajir.Employee
	var punch hajir.Punch
	var date string
	var err error
	if r.IsPunch() {
		if from, err = d.person(ctx, c.Username, r.Username); err != nil {
			return err
		}
		if punch, date, err = d.punch(ctx, *r); err != nil {
			return err
		}
	} else {
		punch = refused(*r)
	}
	picture := punch.Picture
	if to.Username != "" && punch.Rejected == nil { // it was not cut off behind that
		if err := d.give(ctx, c, r, to, punch); err != nil {
			return err
		}
	}
	if r.IsPunch() {
		why := hajir.Rejection{By: r.DoneBy, At: now, To: r.To}
		if err := d.Book.Reject(ctx, c, from, date, punch.ID, why); err != nil {
			return err
		}
		d.Changed(c.Username, from.Username)
	}
	if to.Username == "" || picture == "" {
		return nil
	}
	r.Picture = ""
	if err := d.Objects.Delete(ctx, picture); err != nil {
		return fmt.Errorf("remove picture: %w", err)
	}
	return nil
}

// refused returns the punch that a refusal would have been.
func refused(r hajir.Review) hajir.Punch {
	p := hajir.Punch{At: r.At, Source: hajir.SourceKiosk, By: r.By, Place: r.Place, Picture: r.Picture, Decision: r.Decision}
	if r.By == r.Company { // the admin's own page
		p.Source = hajir.SourceWeb
	}
	return p
}

// give records a punch as to's, with its picture, if that may be kept of them.
// What it makes has the same ID whenever it is done again.
func (d *Desk) give(ctx context.Context, c hajir.Company, r *hajir.Review, to hajir.Employee, p hajir.Punch) error {
	p.ID = uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.Company+"/"+r.ID+"/"+to.Username)).String()
	p.Key, p.Moves, p.Rejected = "", 0, nil
	p.Decision = p.Decision.ConfirmedBy(hajir.ByReview, to.Username)
	theirs := ""
	if p.Picture != "" && to.FaceAllowed() == nil {
		content, err := d.Objects.Get(ctx, p.Picture)
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return fmt.Errorf("read picture: %w", err)
		}
		if err == nil {
			loc, err := c.LocationOf(to)
			if err != nil {
				return err
			}
			theirs = objects.PunchKey(c.Username, to.Username, hajir.DateAt(p.At, loc), p.ID)
			if err := d.Objects.Put(ctx, theirs, content); err != nil {
				return fmt.Errorf("keep picture: %w", err)
			}
		}
	}
	p.Picture = theirs
	date, added, err := d.Book.Add(ctx, c, to, p)
	if err != nil {
		return err
	}
	if !added && theirs != "" { // they were recorded a moment before or after
		if err := d.Objects.Delete(ctx, theirs); err != nil {
			return fmt.Errorf("remove picture: %w", err)
		}
	}
	if !r.IsPunch() {
		r.Date = date
	}
	d.Changed(c.Username, to.Username)
	return nil
}

// punch finds the punch of a review in the days around it, also one that was
// rejected, and the date of its day.
func (d *Desk) punch(ctx context.Context, r hajir.Review) (hajir.Punch, string, error) {
	days, err := d.Store.DaysBetween(ctx, r.Username, hajir.AddDays(r.Date, -2), hajir.AddDays(r.Date, 2))
	if err != nil {
		return hajir.Punch{}, "", fmt.Errorf("load days: %w", err)
	}
	for _, day := range hajir.Once(days) {
		for _, p := range slices.Concat(day.Punches, day.Rejected) {
			if p.ID == r.Punch {
				return p, day.Date, nil
			}
		}
	}
	return hajir.Punch{}, "", hajir.Errorf(hajir.NotFound, "this punch is not there any more; load the page again")
}
