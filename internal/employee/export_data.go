package employee

import (
	"time"

	"hajir/internal/hajir"
)

// exportBody is data.json but for the days, which are written behind it. It
// holds no secret, not even as a hash, and nobody else's name.
type exportBody struct {
	Format      string             `json:"format"`
	MadeAt      time.Time          `json:"made_at"`
	Company     exportCompany      `json:"company"`
	Profile     exportProfile      `json:"profile"`
	Account     exportAccount      `json:"account"`
	Consent     []decisionBody     `json:"consent"`
	Faces       []exportFace       `json:"faces"`
	PIN         exportPIN          `json:"pin"`
	Erasures    []exportErasure    `json:"erasures"`
	Calendar    exportCalendar     `json:"calendar"`
	Reviews     []exportReview     `json:"reviews"`
	Invitation  *exportInvitation  `json:"invitation,omitempty"`
	Corrections []exportCorrection `json:"corrections"`
	Questions   []exportQuestion   `json:"questions"`
	Slack       *exportSlack       `json:"slack,omitempty"`
}

// exportSlack is who the person is in the company's Slack.
type exportSlack struct {
	Workspace string    `json:"workspace"`
	Member    string    `json:"member"`
	LinkedAt  time.Time `json:"linked_at"`
}

type exportCompany struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	TimeZone string `json:"time_zone"`
}

type exportProfile struct {
	Username   string         `json:"username"`
	Name       string         `json:"name"`
	Email      string         `json:"email"`
	Code       string         `json:"code"`
	Department string         `json:"department"`
	Phone      string         `json:"phone"`
	Manager    string         `json:"manager"`
	Calendar   hajir.Calendar `json:"calendar,omitempty"`
	Both       bool           `json:"both_calendars,omitempty"`
	Language   hajir.Language `json:"language,omitempty"`
	// Mail is what the person chose to be told of by mail, where not as usual.
	Mail      map[hajir.Topic]hajir.Manner `json:"told_by_mail,omitempty"`
	Active    bool                         `json:"active"`
	CreatedAt time.Time                    `json:"created_at"`
	Invited   bool                         `json:"joined_by_invitation"`
	// NewPictures says that new pictures of the face were recommended, and why.
	NewPictures *exportRenewal `json:"new_pictures_recommended,omitempty"`
}

type exportRenewal struct {
	Reason hajir.RenewalReason `json:"reason"`
	At     time.Time           `json:"at"`
	Before float64             `json:"median_score_before,omitempty"`
	Lately float64             `json:"median_score_lately,omitempty"`
	PINs   int                 `json:"pins,omitempty"`
}

func exportPerson(e hajir.Employee) exportProfile {
	var pictures *exportRenewal
	if e.Renewal.Reason != "" {
		r := exportRenewal(e.Renewal)
		pictures = &r
	}
	return exportProfile{
		NewPictures: pictures,
		Username:    e.Username, Name: e.Name, Email: e.Email, Code: e.Code, Department: e.Department,
		Phone: e.Phone, Manager: e.Manager, Calendar: e.Dates.Calendar, Both: e.Dates.Both, Language: e.Language, Active: e.Active,
		CreatedAt: e.CreatedAt, Invited: e.JoinedBy != "",
	}
}

type exportAccount struct {
	Role           hajir.Role      `json:"role"`
	CreatedAt      *time.Time      `json:"created_at"`
	Closed         bool            `json:"closed"`
	HasPassword    bool            `json:"has_password"`
	TwoFactor      bool            `json:"two_factor"`
	TwoFactorSince *time.Time      `json:"two_factor_since,omitempty"`
	Sessions       []exportSession `json:"sessions"`
}

type exportSession struct {
	Address    string    `json:"address"`
	Device     string    `json:"device"`
	SignedInAt time.Time `json:"signed_in_at"`
	UsedAt     time.Time `json:"used_at"`
	ExpiresAt  time.Time `json:"expires_at"`
}

type exportFace struct {
	FaceID     string    `json:"face_id"`
	Model      string    `json:"model"`
	EnrolledAt time.Time `json:"enrolled_at"`
	Template   []float32 `json:"template,omitempty"`
}

type exportPIN struct {
	Set        bool       `json:"set"`
	SetAt      *time.Time `json:"set_at,omitempty"`
	WrongTries int        `json:"wrong_tries"`
}

type exportCalendar struct {
	Chosen []exportHoliday `json:"chosen_holidays"`
	Links  []exportFeed    `json:"links"`
}

type exportHoliday struct {
	Date     string    `json:"date"`
	Title    string    `json:"title"`
	ChosenAt time.Time `json:"chosen_at"`
	ByAdmin  bool      `json:"by_admin"`
}

type exportFeed struct {
	Kind   hajir.FeedKind `json:"kind"`
	MadeAt time.Time      `json:"made_at"`
}

type exportQuestion struct {
	ID       string              `json:"id"`
	At       time.Time           `json:"at"`
	Text     string              `json:"text"`
	Category string              `json:"category,omitempty"`
	State    hajir.QuestionState `json:"state"`
}

type exportInvitation struct {
	InvitedAt time.Time `json:"invited_at"`
	SentAt    time.Time `json:"sent_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Email     string    `json:"email"`
}

type exportErasure struct {
	ownErasureBody
	Receipt *hajir.Receipt `json:"receipt,omitempty"`
	SHA256  string         `json:"sha256,omitempty"`
}

func exportErasureOf(x hajir.Erasure) exportErasure {
	out := exportErasure{ownErasureBody: describeErasure(x), SHA256: x.SHA256}
	if r, _, err := x.Receipt(); err == nil {
		out.Receipt = &r
	}
	return out
}

type exportDayBody struct {
	Date     string        `json:"date"`
	Punches  []exportPunch `json:"punches"`
	Removed  []exportPunch `json:"removed,omitempty"`
	AutoExit *time.Time    `json:"auto_exit,omitempty"`
	// Rejected do not count: somebody found that they were another's.
	Rejected []exportPunch `json:"rejected,omitempty"`
}

type exportPunch struct {
	ID            string          `json:"id"`
	At            time.Time       `json:"at"`
	Direction     hajir.Direction `json:"direction"`
	Source        hajir.Source    `json:"source"`
	Place         string          `json:"place,omitempty"`
	Picture       string          `json:"picture,omitempty"`
	PictureErased bool            `json:"picture_erased,omitempty"`
	Decision      *exportDecision `json:"decision,omitempty"`
	RejectedAt    *time.Time      `json:"rejected_at,omitempty"`
	RejectedBy    string          `json:"rejected_by,omitempty"`
}

type exportDecision struct {
	Score      float64   `json:"score"`
	Margin     float64   `json:"margin"`
	Threshold  float64   `json:"threshold"`
	MinMargin  float64   `json:"min_margin"`
	Model      string    `json:"model"`
	FaceID     string    `json:"face_id,omitempty"`
	LookAlikes []float64 `json:"scores_of_others"`

	Liveness      *float64           `json:"liveness,omitempty"`
	LivenessModel string             `json:"liveness_model,omitempty"`
	Quality       *exportQuality     `json:"quality,omitempty"`
	Frames        int                `json:"frames,omitempty"`
	Agreed        int                `json:"agreed,omitempty"`
	Confirmed     hajir.Confirmation `json:"confirmed_by,omitempty"`
	Challenge     *exportChallenge   `json:"challenge,omitempty"`
}

// exportChallenge is what the person was asked to do before the camera, and did.
type exportChallenge struct {
	Steps    []hajir.Step `json:"steps"`
	Done     int          `json:"done"`
	Frames   int          `json:"pictures"`
	Likeness float64      `json:"least_likeness"`
	Passed   bool         `json:"passed"`
}

type exportQuality struct {
	Sharpness  float64 `json:"sharpness"`
	Brightness float64 `json:"brightness"`
	Yaw        float64 `json:"yaw"`
	Pitch      float64 `json:"pitch"`
	Roll       float64 `json:"roll"`
	Dark       float64 `json:"dark"`
	Bright     float64 `json:"bright"`
	EyesOpen   float64 `json:"eyes_open"`
	Aspect     float64 `json:"aspect,omitempty"`
}

// exportReview is a look that somebody had, or is to have, at one of the
// person's punches.
type exportReview struct {
	Punch  string            `json:"punch"`
	Date   string            `json:"date"`
	Doubts []hajir.Doubt     `json:"doubts"`
	State  hajir.ReviewState `json:"state"`
	DoneAt *time.Time        `json:"done_at,omitempty"`
	DoneBy string            `json:"done_by,omitempty"`
}

func exportReviewOf(r hajir.Review) exportReview {
	return exportReview{
		Punch: r.Punch, Date: r.Date, Doubts: append([]hajir.Doubt{}, r.Doubts...), State: r.State, DoneAt: moment(r.DoneAt), DoneBy: r.DoneBy,
	}
}

// exportDay describes a day. Whom else the camera thought of is that person's
// own matter: their scores stay, and their names go.
func exportDay(d hajir.Day) exportDayBody {
	out := exportDayBody{Date: d.Date, Punches: []exportPunch{}, AutoExit: moment(d.Auto.At)}
	for _, p := range d.Punches {
		out.Punches = append(out.Punches, exportPunchOf(d, p))
	}
	for _, p := range d.Struck {
		out.Removed = append(out.Removed, exportPunchOf(d, p.Punch))
	}
	for _, p := range d.Rejected {
		out.Rejected = append(out.Rejected, exportPunchOf(d, p))
	}
	return out
}

func exportPunchOf(d hajir.Day, p hajir.Punch) exportPunch {
	one := exportPunch{
		ID: p.ID, At: p.At, Direction: p.Direction, Source: p.Source, Place: p.Place, PictureErased: p.PictureErased,
	}
	if p.Picture != "" {
		one.Picture = exportedName(d.Company, d.Name, p.Picture)
	}
	if r := p.Rejected; r != nil {
		one.RejectedAt, one.RejectedBy = moment(r.At), r.By
	}
	why := p.Decision
	if why.Username == "" {
		return one
	}
	one.Decision = &exportDecision{
		Score: why.Score, Margin: why.Margin, Threshold: why.Threshold, MinMargin: why.MinMargin, Model: why.Model, LookAlikes: []float64{},
		Liveness: why.Liveness, LivenessModel: why.LivenessModel, Frames: why.Frames, Agreed: why.Agreed, Confirmed: why.Confirmed,
		Challenge: (*exportChallenge)(why.Challenge),
	}
	if q := why.Quality; q.Measured {
		one.Decision.Quality = &exportQuality{Sharpness: q.Sharpness, Brightness: q.Brightness, Yaw: q.Yaw, Pitch: q.Pitch, Roll: q.Roll, Dark: q.Dark, Bright: q.Bright, EyesOpen: q.EyesOpen, Aspect: q.Aspect}
	}
	for _, c := range why.Candidates {
		if c.Username == d.Name {
			one.Decision.FaceID = c.FaceID
		} else {
			one.Decision.LookAlikes = append(one.Decision.LookAlikes, c.Score)
		}
	}
	return one
}

// exportCorrection is a correction of a day. Who decided it is left out, and
// what they wrote is kept.
type exportCorrection struct {
	Date    string                `json:"date"`
	Asked   time.Time             `json:"requested_at"`
	Own     bool                  `json:"requested_by_you"`
	Reason  string                `json:"reason"`
	State   hajir.CorrectionState `json:"state"`
	Changes []exportChange        `json:"changes"`
	Steps   []exportStep          `json:"steps"`
}

type exportChange struct {
	Was       *time.Time      `json:"was,omitempty"`
	At        *time.Time      `json:"at,omitempty"`
	Direction hajir.Direction `json:"direction"`
}

type exportStep struct {
	At   time.Time              `json:"at"`
	Does hajir.CorrectionAction `json:"action"`
	Note string                 `json:"note,omitempty"`
}

func exportCorrections(all []hajir.DayCorrections, company string) []exportCorrection {
	out := []exportCorrection{}
	for _, x := range all {
		for _, c := range x.All {
			if x.Company != company {
				continue
			}
			one := exportCorrection{Date: x.Date, Asked: c.At, Own: !c.Edit, Reason: c.Reason, State: c.State}
			for _, d := range c.Changes {
				one.Changes = append(one.Changes, exportChange{Was: moment(d.Was), At: moment(d.At), Direction: d.Direction})
			}
			for _, e := range c.History {
				one.Steps = append(one.Steps, exportStep{At: e.At, Does: e.Does, Note: e.Note})
			}
			out = append(out, one)
		}
	}
	return out
}
