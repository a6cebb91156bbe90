package hajir

import (
	"strings"
	"time"
)

// AlarmState is what an alarm's rule says about the newest data.
type AlarmState string

// The states, as CloudWatch has them.
const (
	AlarmOK     AlarmState = "ok"
	AlarmRaised AlarmState = "alarm"
	AlarmNoData AlarmState = "insufficient_data"
)

const maxAlarmWords = 500

// Statistic is what a period's values are brought down to.
type Statistic string

// The statistics. Of a counter only Sum makes sense: by how much it grew.
const (
	Sum     Statistic = "Sum"
	Average Statistic = "Average"
	Maximum Statistic = "Maximum"
	Minimum Statistic = "Minimum"
	P95     Statistic = "p95" // of a histogram
)

// Comparison is how a value is compared with the threshold.
type Comparison string

// The comparisons, as CloudWatch names them.
const (
	Above   Comparison = "GreaterThanThreshold"
	AtLeast Comparison = "GreaterThanOrEqualToThreshold"
	Below   Comparison = "LessThanThreshold"
	AtMost  Comparison = "LessThanOrEqualToThreshold"
)

// MissingData is what a period without data stands for.
type MissingData string

// The ways to treat it, as CloudWatch names them.
const (
	MissingBreaching    MissingData = "breaching"
	MissingNotBreaching MissingData = "notBreaching"
	MissingIgnore       MissingData = "ignore"  // the state stays
	MissingMissing      MissingData = "missing" // without any data, the state is AlarmNoData
)

// Series names a metric, and which of its series are added up: those with all of
// the labels.
type Series struct {
	Metric string
	Labels map[string]string
}

// AlarmRule says when an alarm is raised.
type AlarmRule struct {
	Name string
	Series
	// Over divides what Series grew by; Least is what it must have grown by for
	// there to be a value.
	Over  *Series
	Least float64

	Statistic  Statistic
	Period     time.Duration // of one datapoint: whole minutes
	Periods    int           // so many of the newest datapoints are looked at
	Datapoints int           // so many of them must breach
	Comparison Comparison
	Threshold  float64
	Missing    MissingData
}

// Breaches says whether a value is on the wrong side of the threshold.
func (r AlarmRule) Breaches(v float64) bool {
	switch r.Comparison {
	case Above:
		return v > r.Threshold
	case AtLeast:
		return v >= r.Threshold
	case Below:
		return v < r.Threshold
	case AtMost:
		return v <= r.Threshold
	}
	return false
}

// Judge returns the state that follows was, given the newest datapoints, of which
// nil are missing. It looks at r.Periods of them; fewer are as if those before
// were missing.
func (r AlarmRule) Judge(was AlarmState, points []*float64) AlarmState {
	points = points[max(0, len(points)-r.Periods):]
	breaching, fine, missing := 0, 0, r.Periods-len(points)
	for _, p := range points {
		switch {
		case p == nil:
			missing++
		case r.Breaches(*p):
			breaching++
		default:
			fine++
		}
	}
	switch r.Missing {
	case MissingBreaching:
		breaching, missing = breaching+missing, 0
	case MissingNotBreaching:
		fine, missing = fine+missing, 0
	case MissingIgnore, MissingMissing:
	}
	switch {
	case breaching >= r.Datapoints:
		return AlarmRaised
	case breaching+missing < r.Datapoints: // whatever the missing ones would be
		return AlarmOK
	case missing == r.Periods && r.Missing == MissingMissing:
		return AlarmNoData
	case was == AlarmNoData && breaching == 0 && fine > 0:
		return AlarmOK
	}
	return was
}

// Alarm is a rule's state, as it is kept.
type Alarm struct {
	Name  string
	State AlarmState
	Since time.Time
	// Value is the newest datapoint when the state changed last, if HasValue.
	Value    float64
	HasValue bool
	// Told is the last state of which a notice was written; "" for none. Company is
	// the one whose admin looked after the installation then; "" for none.
	Told    AlarmState
	Company string
	Version int
}

// NewAlarm returns the alarm of a rule that was never judged.
func NewAlarm(name string, at time.Time) Alarm {
	return Alarm{Name: name, State: AlarmNoData, Since: at}
}

// AlarmChange is a line of the alarms' history.
type AlarmChange struct {
	Name     string
	At       time.Time
	From, To AlarmState
	Value    float64
	HasValue bool
}

// Turn returns a in the state to, and the line of history; false when it is in
// that state already.
func (a Alarm) Turn(to AlarmState, value *float64, at time.Time) (Alarm, AlarmChange, bool) {
	if to == a.State {
		return a, AlarmChange{}, false
	}
	c := AlarmChange{Name: a.Name, At: at, From: a.State, To: to}
	a.Value, a.HasValue = 0, value != nil
	if value != nil {
		a.Value = *value
	}
	c.Value, c.HasValue = a.Value, a.HasValue
	a.State, a.Since = to, at
	return a, c, true
}

// Untold says whether people have to be told of the state: that an alarm is
// raised, or cleared of which they were told.
func (a Alarm) Untold() bool {
	switch a.State {
	case AlarmRaised:
		return a.Told != AlarmRaised
	case AlarmOK:
		return a.Told == AlarmRaised
	case AlarmNoData:
	}
	return false
}

// Tell notes that people are told of the state, and that company's admin looks
// after the installation; false when there is nothing to tell.
func (a Alarm) Tell(company string) (Alarm, bool) {
	if !a.Untold() {
		return a, false
	}
	a.Told, a.Company = a.State, company
	return a, true
}

// Silence keeps people from being told of an alarm until a time. It is a record of the
// company whose admin asked for it.
type Silence struct {
	Company string
	Name    string // of the alarm
	Until   time.Time
	Reason  string
	By      string // username
	At      time.Time
	Version int
}

// MaxSilence is for how long an alarm can be silenced at once.
const MaxSilence = 30 * 24 * time.Hour

// Validate returns an Invalid error that names the first thing wrong with s.
func (s Silence) Validate() error {
	if !s.Until.After(s.At) || s.Until.Sub(s.At) > MaxSilence {
		return Errorf(Invalid, "an alarm is silenced until a time from now on, at most 30 days")
	}
	return validateText("the reason", strings.TrimSpace(s.Reason), 1, maxAlarmWords)
}

// Silent says whether s is in force.
func (s Silence) Silent(now time.Time) bool { return now.Before(s.Until) }
