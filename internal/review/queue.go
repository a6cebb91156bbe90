package review

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
)

// Item is a review with what there is to see of it.
type Item struct {
	hajir.Review
	Person   hajir.Employee // of a punch
	Punch    hajir.Punch    // of a punch that is there; else without an ID
	Seen     hajir.Decision // what the camera decided by
	Picture  string         // key of the picture, if one is kept
	Likeness []Likeness     // of whom the camera thought, best first
	To       string         // the name of whom it was given to
}

// Likeness is somebody whom the camera thought of. Who may not be recognised any
// more has no name here, and no face.
type Likeness struct {
	hajir.Candidate
	Name string
	Face string // the enrolled face that is shown beside the picture
}

// Most is how many open reviews are counted.
const Most = 100

// Queue returns one page of reviews that are open, or done, newest first, behind
// before, and how many are open, at most Most.
func (d *Desk) Queue(ctx context.Context, company string, open bool, before string, limit int) (items []Item, more bool, count int, err error) {
	page, err := d.Store.Reviews(ctx, company, open, "", before, limit+1)
	if err != nil {
		return nil, false, 0, fmt.Errorf("list reviews: %w", err)
	}
	if more = len(page) > limit; more {
		page = page[:limit]
	}
	people := map[string]hajir.Employee{}
	for _, r := range page {
		item, err := d.item(ctx, r, people)
		if err != nil {
			return nil, false, 0, err
		}
		items = append(items, item)
	}
	count, err = d.Store.CountReviews(ctx, company, Most)
	return items, more, count, err
}

func (d *Desk) item(ctx context.Context, r hajir.Review, people map[string]hajir.Employee) (Item, error) {
	item := Item{Review: r, Seen: r.Decision, Picture: r.Picture}
	if r.IsPunch() {
		p, date, err := d.punch(ctx, r)
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return item, err
		}
		item.Punch, item.Seen, item.Picture = p, p.Decision, p.Picture
		item.PictureErased = p.PictureErased
		if date != "" {
			item.Date = date
		}
	}
	for _, username := range []string{r.Username, r.To} {
		e, err := d.known(ctx, r.Company, username, people)
		if err != nil {
			return item, err
		}
		if username == r.Username {
			item.Person = e
		}
		if username == r.To {
			item.To = e.Name
		}
	}
	for _, c := range item.Seen.Candidates {
		l := Likeness{Candidate: c}
		e, err := d.known(ctx, r.Company, c.Username, people)
		if err != nil {
			return item, err
		}
		if e.FaceAllowed() != nil {
			l.Username, l.FaceID = "", ""
		} else {
			l.Name = e.Name
			if l.Face, err = d.face(ctx, r.Company, c); err != nil {
				return item, err
			}
		}
		item.Likeness = append(item.Likeness, l)
	}
	return item, nil
}

// known returns somebody of the company, looked up once; nobody for "" and for who
// is not there.
func (d *Desk) known(ctx context.Context, company, username string, people map[string]hajir.Employee) (hajir.Employee, error) {
	if e, ok := people[username]; ok || username == "" {
		return e, nil
	}
	e, err := d.Store.Employee(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return e, fmt.Errorf("load employee: %w", err)
	}
	if e.Company != company {
		e = hajir.Employee{}
	}
	people[username] = e
	return e, nil
}

// face returns the enrolled face that a candidate resembled, or another one of
// theirs when that was removed.
func (d *Desk) face(ctx context.Context, company string, c hajir.Candidate) (string, error) {
	kept, err := d.Faces.List(ctx, company, c.Username)
	if err != nil {
		return "", fmt.Errorf("list faces: %w", err)
	}
	face := ""
	for _, k := range slices.Backward(kept) {
		if face = k.FaceID; face == c.FaceID {
			break
		}
	}
	return face, nil
}
