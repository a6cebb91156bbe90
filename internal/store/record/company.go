package record

import (
	"cmp"
	"time"

	"hajir/internal/hajir"
)

// Company is how a company is stored; it may not change with hajir.Company.
type Company struct {
	Username         string         `json:"username"`
	Name             string         `json:"name"`
	Email            string         `json:"email"`
	TimeZone         string         `json:"time_zone"`
	RepeatWindow     time.Duration  `json:"repeat_window"`
	Match            matchDoc       `json:"match"`
	WeeklyOff        *int           `json:"weekly_off,omitempty"`     // bit i is time.Weekday(i); absent: as usual in the zone
	QueueBound       *int           `json:"queue_bound,omitempty"`    // minutes; absent: the default
	RetentionDays    *int           `json:"retention_days,omitempty"` // absent in records from before there was such a setting
	Calendar         hajir.Calendar `json:"calendar,omitempty"`       // absent: gregorian, as all dates were before one could choose
	Both             bool           `json:"both_calendars,omitempty"`
	CorrectionDays   *int           `json:"correction_days,omitempty"` // absent: the default, as is close
	Close            *closeDoc      `json:"close,omitempty"`
	OptionalHolidays int            `json:"optional_holidays,omitempty"`
	RefusalDays      *int           `json:"refusal_days,omitempty"` // likewise
	Language         hajir.Language `json:"language,omitempty"`     // absent: English
	DigestHour       *int           `json:"digest_hour,omitempty"`  // absent: the default
	Demo             bool           `json:"demo,omitempty"`
	CreatedAt        time.Time      `json:"created_at"`
}

// closeDoc has minutes.
type closeDoc struct {
	At       int    `json:"at"`
	AutoExit bool   `json:"auto_exit"`
	Hours    [7]int `json:"hours"` // Sunday first
	Lunch    int    `json:"lunch"`
}

func storeClose(c hajir.Close) *closeDoc {
	doc := &closeDoc{At: int(c.At), AutoExit: c.AutoExit, Lunch: minutes(c.Lunch)}
	for i, h := range c.Hours {
		doc.Hours[i] = minutes(h)
	}
	return doc
}

func loadClose(doc closeDoc) hajir.Close {
	c := hajir.Close{At: hajir.Clock(doc.At), AutoExit: doc.AutoExit, Closing: hajir.Closing{Lunch: duration(doc.Lunch)}}
	for i, h := range doc.Hours {
		c.Hours[i] = duration(h)
	}
	return c
}

type matchDoc struct {
	Threshold     float64 `json:"threshold"`
	Model         string  `json:"threshold_model,omitempty"`
	Margin        float64 `json:"margin"`
	MinFacePixels int     `json:"min_face_pixels"`
	// Absent, with what follows, in records from before there were such settings.
	Doubt       *float64           `json:"doubt,omitempty"`
	Liveness    hajir.LivenessRule `json:"liveness,omitempty"`
	MinLiveness float64            `json:"min_liveness,omitempty"`
	Frames      int                `json:"frames,omitempty"`
	// Absent in records from before there was a challenge.
	Challenge hajir.ChallengeRule `json:"challenge,omitempty"`
}

func matchPolicy(doc matchDoc) hajir.MatchPolicy {
	p := hajir.DefaultMatchPolicy()
	p.Threshold, p.ThresholdModel, p.Margin, p.MinFacePixels = doc.Threshold, doc.Model, doc.Margin, doc.MinFacePixels
	if doc.Doubt != nil {
		p.Doubt, p.Liveness, p.MinLiveness, p.Frames = *doc.Doubt, doc.Liveness, doc.MinLiveness, doc.Frames
	}
	if doc.Challenge != "" {
		p.Challenge = doc.Challenge
	}
	return p
}

func storeMatch(p hajir.MatchPolicy) matchDoc {
	return matchDoc{
		Threshold: p.Threshold, Model: p.ThresholdModel, Margin: p.Margin, MinFacePixels: p.MinFacePixels,
		Doubt: &p.Doubt, Liveness: p.Liveness, MinLiveness: p.MinLiveness, Frames: p.Frames, Challenge: p.Challenge,
	}
}

// Load returns what is stored.
func (doc Company) Load(version int) hajir.Company {
	retention := hajir.DefaultRetentionDays
	if doc.RetentionDays != nil {
		retention = *doc.RetentionDays
	}
	c := hajir.Company{
		Username: doc.Username, Name: doc.Name, Email: doc.Email, TimeZone: doc.TimeZone,
		RepeatWindow: doc.RepeatWindow, Match: matchPolicy(doc.Match), Demo: doc.Demo, CreatedAt: doc.CreatedAt, Version: version,
		OptionalHolidays: doc.OptionalHolidays,
		RetentionDays:    retention, WeeklyOff: hajir.UsualWeeklyOff(doc.TimeZone), QueueBound: hajir.DefaultQueueBound,
		Dates:          hajir.DateStyle{Calendar: cmp.Or(doc.Calendar, hajir.Gregorian), Both: doc.Both},
		CorrectionDays: hajir.DefaultCorrectionDays, Close: hajir.DefaultClose(),
	}
	if doc.CorrectionDays != nil {
		c.CorrectionDays = *doc.CorrectionDays
	}
	if doc.Close != nil {
		c.Close = loadClose(*doc.Close)
	}
	c.Language, c.DigestHour = doc.Language, hajir.DefaultDigestHour
	if doc.DigestHour != nil {
		c.DigestHour = *doc.DigestHour
	}
	c.RefusalDays = hajir.DefaultRefusalDays
	if doc.RefusalDays != nil {
		c.RefusalDays = *doc.RefusalDays
	}
	if doc.WeeklyOff != nil {
		c.WeeklyOff = hajir.Weekdays(*doc.WeeklyOff) //nolint:gosec // seven bits were stored
	}
	if doc.QueueBound != nil {
		c.QueueBound = duration(*doc.QueueBound)
	}
	return c
}

// StoreCompany returns c as it is stored.
func StoreCompany(c hajir.Company) Company {
	off, bound := int(c.WeeklyOff), minutes(c.QueueBound)
	return Company{
		WeeklyOff: &off, QueueBound: &bound,
		Username: c.Username, Name: c.Name, Email: c.Email, TimeZone: c.TimeZone,
		RepeatWindow: c.RepeatWindow, Match: storeMatch(c.Match), Demo: c.Demo, CreatedAt: c.CreatedAt,
		RetentionDays: &c.RetentionDays, RefusalDays: &c.RefusalDays,
		OptionalHolidays: c.OptionalHolidays, Calendar: c.Dates.Calendar, Both: c.Dates.Both,
		CorrectionDays: &c.CorrectionDays, Close: storeClose(c.Close),
		Language: c.Language, DigestHour: &c.DigestHour,
	}
}
