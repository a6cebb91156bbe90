package sqlite

import (
	"context"
	"database/sql"
	"reflect"
	"slices"
	"time"

	"hajir/internal/hajir"
)

// punchDoc is how a punch is stored; it may not change with hajir.Punch.
type punchDoc struct {
	ID            string          `json:"id"`
	At            time.Time       `json:"at"`
	Direction     hajir.Direction `json:"direction"`
	Source        hajir.Source    `json:"source"`
	By            string          `json:"by,omitempty"`
	Place         string          `json:"place,omitempty"`
	Key           string          `json:"key,omitempty"`
	Picture       string          `json:"picture,omitempty"`
	Decision      *decisionDoc    `json:"decision,omitempty"` // absent where nothing was decided
	PictureErased bool            `json:"picture_erased,omitempty"`
	Claimed       time.Time       `json:"claimed,omitzero"`
	Received      time.Time       `json:"received,omitzero"`
	Moves         int             `json:"moves,omitempty"`
	Correction    string          `json:"correction,omitempty"`
	Rejected      *rejectionDoc   `json:"rejected,omitempty"`
}

// struckDoc is a punch that counts no more.
type struckDoc struct {
	Punch      punchDoc  `json:"punch"`
	Correction string    `json:"correction"`
	At         time.Time `json:"at"`
}

type autoExitDoc struct {
	After string    `json:"after"`
	At    time.Time `json:"at"`
}

type rejectionDoc struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
	To string    `json:"to,omitempty"`
}

type decisionDoc struct {
	Username   string         `json:"username"`
	Score      float64        `json:"score"`
	Margin     float64        `json:"margin"`
	Threshold  float64        `json:"threshold"`
	MinMargin  float64        `json:"min_margin"`
	Model      string         `json:"model"`
	Candidates []candidateDoc `json:"candidates"`

	Liveness      *float64           `json:"liveness,omitempty"`
	MinLiveness   float64            `json:"min_liveness,omitempty"`
	LivenessModel string             `json:"liveness_model,omitempty"`
	Quality       *qualityDoc        `json:"quality,omitempty"` // absent: not measured
	Frames        int                `json:"frames,omitempty"`
	Agreed        int                `json:"agreed,omitempty"`
	Settings      int                `json:"settings,omitempty"`
	Confirmed     hajir.Confirmation `json:"confirmed,omitempty"`
	Challenge     *trialDoc          `json:"challenge,omitempty"`
}

type trialDoc struct {
	Steps    []hajir.Step `json:"steps"`
	Done     int          `json:"done"`
	Frames   int          `json:"frames"`
	Likeness float64      `json:"likeness"`
	Passed   bool         `json:"passed"`
}

type qualityDoc struct {
	Sharpness  float64 `json:"sharpness"`
	Brightness float64 `json:"brightness"`
	Yaw        float64 `json:"yaw"`
	Pitch      float64 `json:"pitch"`
	Roll       float64 `json:"roll"`
	Dark       float64 `json:"dark,omitempty"`
	Bright     float64 `json:"bright,omitempty"`
	EyesOpen   float64 `json:"eyes_open,omitempty"`
	Aspect     float64 `json:"aspect,omitempty"`
}

type candidateDoc struct {
	Username string  `json:"username"`
	FaceID   string  `json:"face_id"`
	Score    float64 `json:"score"`
	// Only where it is another version than the decision's, with what that asks for.
	Model     string  `json:"model,omitempty"`
	Threshold float64 `json:"threshold,omitempty"`
}

func storePunch(p hajir.Punch) punchDoc {
	doc := punchDoc{
		ID: p.ID, At: p.At.UTC().Round(0), Direction: p.Direction, Source: p.Source, By: p.By, Place: p.Place, Key: p.Key, Picture: p.Picture,
		PictureErased: p.PictureErased,
		Claimed:       p.Claimed, Received: p.Received, Moves: p.Moves, Correction: p.Correction,
	}
	if p.Decision.Username != "" {
		doc.Decision = storeDecision(p.Decision)
	}
	doc.Rejected = (*rejectionDoc)(p.Rejected)
	return doc
}

// storeDecision returns nil where nothing was decided.
func storeDecision(d hajir.Decision) *decisionDoc {
	if d.Username == "" && d.Model == "" {
		return nil
	}
	doc := &decisionDoc{
		Username: d.Username, Score: d.Score, Margin: d.Margin, Threshold: d.Threshold, MinMargin: d.MinMargin, Model: d.Model,
		Liveness: d.Liveness, MinLiveness: d.MinLiveness, LivenessModel: d.LivenessModel,
		Frames: d.Frames, Agreed: d.Agreed, Settings: d.Settings, Confirmed: d.Confirmed, Challenge: (*trialDoc)(d.Challenge),
	}
	if q := d.Quality; q.Measured {
		doc.Quality = &qualityDoc{Sharpness: q.Sharpness, Brightness: q.Brightness, Yaw: q.Yaw, Pitch: q.Pitch, Roll: q.Roll, Dark: q.Dark, Bright: q.Bright, EyesOpen: q.EyesOpen, Aspect: q.Aspect}
	}
	for _, c := range d.Candidates {
		doc.Candidates = append(doc.Candidates, candidateDoc{
			Username: c.Username, FaceID: c.FaceID, Score: c.Score, Model: c.Model.Name, Threshold: c.Model.Threshold,
		})
	}
	return doc
}

func loadPunch(doc punchDoc) hajir.Punch {
	return hajir.Punch{
		ID: doc.ID, At: doc.At, Direction: doc.Direction, Source: doc.Source, By: doc.By, Place: doc.Place, Key: doc.Key, Picture: doc.Picture,
		PictureErased: doc.PictureErased, Decision: loadDecision(doc.Decision),
		Claimed: doc.Claimed, Received: doc.Received, Moves: doc.Moves, Correction: doc.Correction, Rejected: (*hajir.Rejection)(doc.Rejected),
	}
}

func loadDecision(d *decisionDoc) hajir.Decision {
	if d == nil {
		return hajir.Decision{}
	}
	out := hajir.Decision{
		Username: d.Username, Score: d.Score, Margin: d.Margin, Threshold: d.Threshold, MinMargin: d.MinMargin, Model: d.Model,
		Liveness: d.Liveness, MinLiveness: d.MinLiveness, LivenessModel: d.LivenessModel,
		Frames: d.Frames, Agreed: d.Agreed, Settings: d.Settings, Confirmed: d.Confirmed, Challenge: (*hajir.TrialRecord)(d.Challenge),
	}
	if q := d.Quality; q != nil {
		out.Quality = hajir.Quality{Measured: true, Sharpness: q.Sharpness, Brightness: q.Brightness, Yaw: q.Yaw, Pitch: q.Pitch, Roll: q.Roll, Dark: q.Dark, Bright: q.Bright, EyesOpen: q.EyesOpen, Aspect: q.Aspect}
	}
	for _, c := range d.Candidates {
		out.Candidates = append(out.Candidates, hajir.Candidate{
			Username: c.Username, FaceID: c.FaceID, Score: c.Score, Model: hajir.Version{Name: c.Model, Threshold: c.Threshold},
		})
	}
	return out
}

type dayDoc struct {
	Name     string      `json:"name"`
	Date     string      `json:"date"`
	Company  string      `json:"company"`
	Struck   []struckDoc `json:"struck,omitempty"`
	Auto     autoExitDoc `json:"auto,omitzero"`
	Rejected []punchDoc  `json:"rejected,omitempty"`
	Punches  []punchDoc  `json:"punches"` // last, for SaveDay to see quickly that one was added
}

func day(doc dayDoc, version int) hajir.Day {
	d := hajir.Day{Name: doc.Name, Date: doc.Date, Company: doc.Company, Auto: hajir.AutoExit(doc.Auto), Version: version}
	for _, s := range doc.Struck {
		d.Struck = append(d.Struck, hajir.Struck{Punch: loadPunch(s.Punch), Correction: s.Correction, At: s.At})
	}
	for _, p := range doc.Punches {
		d.Punches = append(d.Punches, loadPunch(p))
	}
	for _, p := range doc.Rejected {
		d.Rejected = append(d.Rejected, loadPunch(p))
	}
	return d
}

// Day returns a person's day; empty at Version 0 when none is stored.
func (db *DB) Day(ctx context.Context, name, date string) (hajir.Day, error) {
	doc, version, err := decode[dayDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Employee WHERE Name = ? AND Date = ?`, name, date), "day")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Day{Name: name, Date: date}, nil
	}
	return day(doc, version), err
}

// Days returns the days that are stored of one date, for the people named.
func (db *DB) Days(ctx context.Context, date string, names []string) (map[string]hajir.Day, error) {
	wanted, err := encode(names, "names")
	if err != nil {
		return nil, err
	}
	days := make(map[string]hajir.Day, len(names))
	err = list(ctx, db, "days", func(doc dayDoc, version int) { days[doc.Name] = day(doc, version) },
		`SELECT version, doc FROM Employee WHERE Date = ? AND Name IN (SELECT value FROM json_each(?))`, date, wanted)
	return days, err
}

// days returns the days that a query selects.
func (db *DB) days(ctx context.Context, query string, args ...any) ([]hajir.Day, error) {
	var days []hajir.Day
	err := list(ctx, db, "days", func(doc dayDoc, version int) { days = append(days, day(doc, version)) }, query, args...)
	return days, err
}

// DaysBetween returns a person's days of the dates from–to, in order.
func (db *DB) DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error) {
	return db.days(ctx, `SELECT version, doc FROM Employee WHERE Name = ? AND Date BETWEEN ? AND ? ORDER BY Date`, name, from, to)
}

// daysOf reads by the table's key: on DynamoDB it is one query a person.
const daysOf = `SELECT version, doc FROM Employee
	WHERE Name IN (SELECT value FROM json_each(?)) AND Date BETWEEN ? AND ? ORDER BY Name, Date`

// leanDay is what there is to read of a day to reckon with it: most of a record
// says why punches were believed, and to read that of thousands of people takes
// twice as long.
type leanDay struct {
	Name    string       `json:"name"`
	Date    string       `json:"date"`
	Company string       `json:"company"`
	Struck  []leanStruck `json:"struck"`
	Auto    autoExitDoc  `json:"auto"`
	Punches []leanPunch  `json:"punches"`

	Rejected []leanPunch `json:"rejected"`
}

type leanStruck struct {
	Punch      leanPunch `json:"punch"`
	Correction string    `json:"correction"`
	At         time.Time `json:"at"`
}

type leanPunch struct {
	ID        string          `json:"id"`
	At        time.Time       `json:"at"`
	Direction hajir.Direction `json:"direction"`
	Source    hajir.Source    `json:"source"`
	Received  time.Time       `json:"received"`
	Moves     int             `json:"moves"`

	Correction string `json:"correction"`
}

func (p leanPunch) punch() hajir.Punch {
	return hajir.Punch{
		ID: p.ID, At: p.At, Direction: p.Direction, Source: p.Source, Received: p.Received, Moves: p.Moves, Correction: p.Correction,
	}
}

// DaysOf returns the days of the people named on the dates from–to, by name and
// in order, to reckon with: punches have no decisions, and the days no Version,
// so that they cannot be saved.
func (db *DB) DaysOf(ctx context.Context, names []string, from, to string) (map[string][]hajir.Day, error) {
	wanted, err := encode(names, "names")
	if err != nil {
		return nil, err
	}
	days := make(map[string][]hajir.Day, len(names))
	err = list(ctx, db, "days", func(doc leanDay, _ int) {
		d := hajir.Day{Name: doc.Name, Date: doc.Date, Company: doc.Company, Auto: hajir.AutoExit(doc.Auto), Punches: make([]hajir.Punch, len(doc.Punches))}
		for i, p := range doc.Punches {
			d.Punches[i] = p.punch()
		}
		for _, s := range doc.Struck {
			d.Struck = append(d.Struck, hajir.Struck{Punch: s.Punch.punch(), Correction: s.Correction, At: s.At})
		}
		for _, p := range doc.Rejected {
			d.Rejected = append(d.Rejected, p.punch())
		}
		days[d.Name] = append(days[d.Name], d)
	}, daysOf, wanted, from, to)
	return days, err
}

// Month returns a person's days of the month YYYY-MM, in order.
func (db *DB) Month(ctx context.Context, name, month string) ([]hajir.Day, error) {
	return db.days(ctx, `SELECT version, doc FROM Employee WHERE Name = ? AND monthvalue = ? ORDER BY Date`, name, month)
}

// PersonDays returns at most limit of a person's days, in order of their dates,
// beginning behind the date after.
func (db *DB) PersonDays(ctx context.Context, name, after string, limit int) ([]hajir.Day, error) {
	return db.days(ctx, `SELECT version, doc FROM Employee WHERE Name = ? AND Date > ? ORDER BY Date LIMIT ?`, name, after, limit)
}

// SaveDay stores d as the successor of d.Version. A punch that is added is no
// entry of the audit log, since the day itself tells who sent it and why it was
// believed. One that is changed or removed is, and a guessed exit, and one that an
// admin brought in a file of past days: nothing but that file says that it happened.
func (db *DB) SaveDay(ctx context.Context, d hajir.Day) error {
	doc, args, err := storeDay(d)
	if err != nil {
		return err
	}
	wanted, err := wants(db.read.QueryRowContext(ctx, selectWant, d.Company, hajir.NoticePunch))
	if err != nil {
		return err
	}
	if wanted || slices.ContainsFunc(doc.Punches, punchDoc.imported) {
		return db.SaveDays(ctx, []hajir.Day{d})
	}
	// Nearly every save adds a punch behind the others: what is stored goes on
	// where its list ends. That is asked within the statement and costs nothing.
	err = db.save(ctx, "day", saveDay+` AND substr(excluded.doc, 1, length(doc) - 2) = substr(doc, 1, length(doc) - 2)`, args...)
	if hajir.CodeOf(err) != hajir.Conflict || d.Version == 0 {
		return err
	}
	return db.SaveDays(ctx, []hajir.Day{d})
}

const saveDay = `
		INSERT INTO Employee (Name, Date, monthvalue, company, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Employee WHERE Name = ?1 AND Date = ?2)
		ON CONFLICT (Name, Date) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?5 AND company = excluded.company`

// storeDay returns a day as it is stored, and what saveDay is run with.
func storeDay(d hajir.Day) (dayDoc, []any, error) {
	doc := dayDoc{Name: d.Name, Date: d.Date, Company: d.Company, Auto: autoExitDoc(d.Auto), Punches: make([]punchDoc, len(d.Punches))}
	for _, s := range d.Struck {
		doc.Struck = append(doc.Struck, struckDoc{Punch: storePunch(s.Punch), Correction: s.Correction, At: s.At.UTC().Round(0)})
	}
	for _, p := range d.Rejected {
		doc.Rejected = append(doc.Rejected, storePunch(p))
	}
	for i, p := range d.Punches {
		doc.Punches[i] = storePunch(p)
	}
	text, err := encode(doc, "day")
	return doc, []any{d.Name, d.Date, d.MonthValue(), d.Company, d.Version, text}, err
}

// SaveDays stores days as SaveDay does, all of them or none.
func (db *DB) SaveDays(ctx context.Context, days []hajir.Day) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		for _, d := range days {
			doc, args, err := storeDay(d)
			if err != nil {
				return err
			}
			before, err := stored(ctx, tx, d)
			if hajir.CodeOf(err) == hajir.NotFound {
				return hajir.Errorf(hajir.Conflict, "the day was changed meanwhile; load it again")
			}
			if err != nil {
				return err
			}
			change := func(tx *sql.Tx) error { return save(ctx, tx, "day", saveDay, args...) }
			if tells(before, doc) {
				err = db.auditIn(ctx, tx, auditedDays.where(`Name = ? AND Date = ?`, d.Name, d.Date), change)
			} else {
				err = change(tx)
			}
			if err != nil {
				return err
			}
			if err := db.tell(ctx, tx, hajir.DayNotices(day(before, d.Version), d)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p punchDoc) imported() bool { return p.Source == hajir.SourceImport }

// stored returns what is stored of a day at d.Version; nothing at Version 0.
func stored(ctx context.Context, tx *sql.Tx, d hajir.Day) (doc dayDoc, err error) {
	if d.Version > 0 {
		doc, _, err = decode[dayDoc](tx.QueryRowContext(ctx,
			`SELECT version, doc FROM Employee WHERE Name = ? AND Date = ? AND version = ?`, d.Name, d.Date, d.Version), "day")
	}
	return doc, err
}

// tells says whether a save is an entry of the audit log: whether after changes
// or removes a punch that is stored, or the exit that was guessed, or brings a
// punch of a file.
func tells(before, after dayDoc) bool {
	files := func(d dayDoc) (n int) {
		for _, p := range d.Punches {
			if p.imported() {
				n++
			}
		}
		return n
	}
	return !before.within(after) || files(after) > files(before)
}

// within says whether every punch of d is one of other, too, and nothing of it
// is different there.
func (d dayDoc) within(other dayDoc) bool {
	if d.Auto != other.Auto || !reflect.DeepEqual(d.Struck, other.Struck) || !reflect.DeepEqual(d.Rejected, other.Rejected) {
		return false
	}
	next := 0
	for _, p := range d.Punches { // both are in order of time
		for next < len(other.Punches) && !reflect.DeepEqual(p, other.Punches[next]) {
			next++
		}
		if next == len(other.Punches) {
			return false
		}
		next++
	}
	return true
}
