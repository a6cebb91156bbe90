package record

import (
	"time"

	"hajir/internal/hajir"
)

// Alarm is how one is stored.
type Alarm struct {
	Name    string           `json:"name"`
	State   hajir.AlarmState `json:"state"`
	Since   time.Time        `json:"since"`
	Value   *float64         `json:"value,omitempty"`
	Told    hajir.AlarmState `json:"told,omitempty"`
	Company string           `json:"company,omitempty"`
}

// AlarmChange is how one is stored.
type AlarmChange struct {
	From  hajir.AlarmState `json:"from"`
	To    hajir.AlarmState `json:"to"`
	Value *float64         `json:"value,omitempty"`
}

// Silence is how one is stored.
type Silence struct {
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func optional(v float64, has bool) *float64 {
	if !has {
		return nil
	}
	return &v
}

func known(v *float64) (float64, bool) {
	if v == nil {
		return 0, false
	}
	return *v, true
}

// StoreAlarm returns a as it is stored.
func StoreAlarm(a hajir.Alarm) Alarm {
	return Alarm{a.Name, a.State, a.Since, optional(a.Value, a.HasValue), a.Told, a.Company}
}

// StoreSilence returns s as it is stored.
func StoreSilence(s hajir.Silence) Silence {
	return Silence{s.Until, s.Reason, s.By, s.At}
}

// Load returns an alarm.
func (doc Alarm) Load(version int) hajir.Alarm {
	a := hajir.Alarm{
		Name: doc.Name, State: doc.State, Since: doc.Since, Told: doc.Told, Company: doc.Company, Version: version,
	}
	a.Value, a.HasValue = known(doc.Value)
	return a
}

// StoreAlarmChange returns c as it is stored.
func StoreAlarmChange(c hajir.AlarmChange) AlarmChange {
	return AlarmChange{c.From, c.To, optional(c.Value, c.HasValue)}
}

// Load returns a change, but for its time.
func (doc AlarmChange) Load(name string) hajir.AlarmChange {
	c := hajir.AlarmChange{Name: name, From: doc.From, To: doc.To}
	c.Value, c.HasValue = known(doc.Value)
	return c
}

// Load returns a silence.
func (doc Silence) Load(company, name string, version int) hajir.Silence {
	return hajir.Silence{Company: company, Name: name, Until: doc.Until, Reason: doc.Reason, By: doc.By, At: doc.At, Version: version}
}
