package record

import (
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

// Day is how one is stored.
type Day struct {
	Name     string      `json:"name"`
	Date     string      `json:"date"`
	Company  string      `json:"company"`
	Struck   []struckDoc `json:"struck,omitempty"`
	Auto     autoExitDoc `json:"auto,omitzero"`
	Rejected []punchDoc  `json:"rejected,omitempty"`
	Punches  []punchDoc  `json:"punches"` // last, for SaveDay to see quickly that one was added
}

// Load returns what is stored.
func (doc Day) Load(version int) hajir.Day {
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

// LeanDay is what there is to read of a day to reckon with it: most of a record
// says why punches were believed, and to read that of thousands of people takes
// twice as long.
type LeanDay struct {
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

func (p punchDoc) imported() bool { return p.Source == hajir.SourceImport }

// Tells says whether a save is an entry of the audit log: whether after changes
// or removes a punch that is stored, or the exit that was guessed, or brings a
// punch of a file.
func (doc Day) Tells(after Day) bool {
	files := func(d Day) (n int) {
		for _, p := range d.Punches {
			if p.imported() {
				n++
			}
		}
		return n
	}
	return !doc.within(after) || files(after) > files(doc)
}

// within says whether every punch of d is one of other, too, and nothing of it
// is different there.
func (d Day) within(other Day) bool {
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

// StoreDay returns d as it is stored.
func StoreDay(d hajir.Day) Day {
	doc := Day{Name: d.Name, Date: d.Date, Company: d.Company, Auto: autoExitDoc(d.Auto), Punches: make([]punchDoc, len(d.Punches))}
	for _, s := range d.Struck {
		doc.Struck = append(doc.Struck, struckDoc{Punch: storePunch(s.Punch), Correction: s.Correction, At: s.At.UTC().Round(0)})
	}
	for _, p := range d.Rejected {
		doc.Rejected = append(doc.Rejected, storePunch(p))
	}
	for i, p := range d.Punches {
		doc.Punches[i] = storePunch(p)
	}
	return doc
}

// Load returns a day to reckon with.
func (doc LeanDay) Load() hajir.Day {
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
	return d
}

// Imported says whether any punch came in a file of past days.
func (doc Day) Imported() bool { return slices.ContainsFunc(doc.Punches, punchDoc.imported) }
