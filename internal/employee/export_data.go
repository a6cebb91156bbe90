package employee

import (
	"time"

	"hajir/internal/hajir"
)

// exportBody is data.json but for the days, which are written behind it. It
// holds no secret, not even as a hash, and nobody else's name.
type exportBody struct {
	Format     string            `json:"format"`
	MadeAt     time.Time         `json:"made_at"`
	Company    exportCompany     `json:"company"`
	Profile    exportProfile     `json:"profile"`
	Account    exportAccount     `json:"account"`
	Consent    []decisionBody    `json:"consent"`
	Faces      []exportFace      `json:"faces"`
	PIN        exportPIN         `json:"pin"`
	Erasures   []exportErasure   `json:"erasures"`
	Questions  []exportQuestion  `json:"questions"`
	Invitation *exportInvitation `json:"invitation,omitempty"`
}

type exportCompany struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	TimeZone string `json:"time_zone"`
}

type exportProfile struct {
	Username   string    `json:"username"`
	Name       string    `json:"name"`
	Email      string    `json:"email"`
	Code       string    `json:"code"`
	Department string    `json:"department"`
	Phone      string    `json:"phone"`
	Manager    string    `json:"manager"`
	Active     bool      `json:"active"`
	CreatedAt  time.Time `json:"created_at"`
	Invited    bool      `json:"joined_by_invitation"`
}

func exportPerson(e hajir.Employee) exportProfile {
	return exportProfile{
		Username: e.Username, Name: e.Name, Email: e.Email, Code: e.Code, Department: e.Department,
		Phone: e.Phone, Manager: e.Manager, Active: e.Active,
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
	Date    string        `json:"date"`
	Punches []exportPunch `json:"punches"`
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
}

type exportDecision struct {
	Score      float64   `json:"score"`
	Margin     float64   `json:"margin"`
	Threshold  float64   `json:"threshold"`
	MinMargin  float64   `json:"min_margin"`
	Model      string    `json:"model"`
	FaceID     string    `json:"face_id,omitempty"`
	LookAlikes []float64 `json:"scores_of_others"`
}

// exportDay describes a day. Whom else the camera thought of is that person's
// own matter: their scores stay, and their names go.
func exportDay(d hajir.Day) exportDayBody {
	out := exportDayBody{Date: d.Date, Punches: []exportPunch{}}
	for _, p := range d.Punches {
		one := exportPunch{
			ID: p.ID, At: p.At, Direction: p.Direction, Source: p.Source, Place: p.Place, PictureErased: p.PictureErased,
		}
		if p.Picture != "" {
			one.Picture = exportedName(d.Company, d.Name, p.Picture)
		}
		if why := p.Decision; why.Username != "" {
			one.Decision = &exportDecision{
				Score: why.Score, Margin: why.Margin, Threshold: why.Threshold, MinMargin: why.MinMargin, Model: why.Model, LookAlikes: []float64{},
			}
			for _, c := range why.Candidates {
				if c.Username == d.Name {
					one.Decision.FaceID = c.FaceID
				} else {
					one.Decision.LookAlikes = append(one.Decision.LookAlikes, c.Score)
				}
			}
		}
		out.Punches = append(out.Punches, one)
	}
	return out
}
