package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
)

// Counts is how much a database holds.
type Counts struct {
	Companies, People, Days, Templates int
}

// Counts counts what an operator knows how many there are of.
func (db *DB) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	err := db.read.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM Company_details), (SELECT count(*) FROM Employee_details),
		(SELECT count(*) FROM Employee), (SELECT count(*) FROM (SELECT DISTINCT company, username, faceid FROM Face_templates))`).
		Scan(&c.Companies, &c.People, &c.Days, &c.Templates)
	if err != nil {
		return c, fmt.Errorf("count records: %w", err)
	}
	return c, nil
}

// Named is a picture that a record names. One of Key, FaceID and PictureID is
// given.
type Named struct {
	Key               string // of a daily image
	Company, Username string
	FaceID            string // of an enrolment picture
	PictureID         string // of a profile picture
}

// EachPicture visits the pictures that records name.
func (db *DB) EachPicture(ctx context.Context, visit func(Named) error) error {
	return db.each(ctx, "pictures", func(r row) error {
		var n Named
		if err := r.Scan(&n.Key, &n.Company, &n.Username, &n.FaceID, &n.PictureID); err != nil {
			return err
		}
		return visit(n)
	}, `
		SELECT p.value ->> '$.picture', '', '', '', '' FROM Employee, json_each(Employee.doc, '$.punches') p
		WHERE p.value ->> '$.picture' <> ''
		UNION ALL SELECT p.value ->> '$.punch.picture', '', '', '', '' FROM Employee, json_each(Employee.doc, '$.struck') p
		WHERE p.value ->> '$.punch.picture' <> ''
		UNION ALL SELECT p.value ->> '$.picture', '', '', '', '' FROM Employee, json_each(Employee.doc, '$.rejected') p
		WHERE p.value ->> '$.picture' <> ''
		UNION ALL SELECT doc ->> '$.picture', '', '', '', '' FROM Recognition_reviews WHERE doc ->> '$.picture' <> ''
		UNION ALL SELECT DISTINCT '', company, username, faceid, '' FROM Face_templates
		UNION ALL SELECT '', company, Username, '', doc ->> '$.picture' FROM Employee_details WHERE doc ->> '$.picture' <> ''`)
}

// EndSessionsNotIn ends the sessions that another database does not have: those
// that ended after this one was restored to what it was.
func (db *DB) EndSessionsNotIn(ctx context.Context, other *DB) (int, error) {
	alive, err := other.column(ctx, `SELECT id FROM Sessions`)
	if err != nil {
		return 0, err
	}
	ids, err := json.Marshal(append([]string{}, alive...))
	if err != nil {
		return 0, fmt.Errorf("encode sessions: %w", err)
	}
	const ended = `NOT IN (SELECT value FROM json_each(?))`
	var n int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM Sessions WHERE id `+ended, string(ids)).Scan(&n); err != nil {
		return 0, fmt.Errorf("count sessions: %w", err)
	}
	return n, db.execAudited(ctx, auditedSessions.where(`s.id `+ended, string(ids)), "end sessions",
		`DELETE FROM Sessions WHERE id `+ended, string(ids))
}
