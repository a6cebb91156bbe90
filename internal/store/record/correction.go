package record

import (
	"time"

	"hajir/internal/hajir"
)

// DayCorrections is how the corrections of a date are stored; it may not
// change with hajir.DayCorrections.
type DayCorrections struct {
	Username    string          `json:"username"`
	Date        string          `json:"date"`
	Company     string          `json:"company"`
	Corrections []correctionDoc `json:"corrections"`
}

type correctionDoc struct {
	ID      string                `json:"id"`
	Changes []changeDoc           `json:"changes"`
	Reason  string                `json:"reason"`
	State   hajir.CorrectionState `json:"state"`
	Edit    bool                  `json:"edit,omitempty"`
	Decider string                `json:"decider,omitempty"`
	Applied bool                  `json:"applied,omitempty"`
	Before  []markDoc             `json:"before,omitempty"`
	After   []markDoc             `json:"after,omitempty"`
	History []correctionEventDoc  `json:"history"`
	At      time.Time             `json:"at"`
}

type changeDoc struct {
	Punch     string          `json:"punch,omitempty"`
	Was       time.Time       `json:"was,omitzero"`
	At        time.Time       `json:"at,omitzero"`
	Direction hajir.Direction `json:"direction,omitempty"`
	New       string          `json:"new,omitempty"`
}

type markDoc struct {
	At        time.Time       `json:"at"`
	Direction hajir.Direction `json:"direction"`
	Source    hajir.Source    `json:"source"`
}

type correctionEventDoc struct {
	At   time.Time              `json:"at"`
	Does hajir.CorrectionAction `json:"does"`
	By   string                 `json:"by,omitempty"`
	For  string                 `json:"for,omitempty"`
	Note string                 `json:"note,omitempty"`
}

// Load returns what is stored.
func (doc DayCorrections) Load(version int) hajir.DayCorrections {
	return hajir.DayCorrections{
		Username: doc.Username, Date: doc.Date, Company: doc.Company, Version: version,
		All: Convert(doc.Corrections, func(c correctionDoc) hajir.Correction {
			mark := func(m markDoc) hajir.Mark { return hajir.Mark(m) }
			return hajir.Correction{
				ID: c.ID, Reason: c.Reason, State: c.State, Edit: c.Edit, Decider: c.Decider, Applied: c.Applied, At: c.At,
				Changes: Convert(c.Changes, func(d changeDoc) hajir.Change { return hajir.Change(d) }),
				Before:  Convert(c.Before, mark), After: Convert(c.After, mark),
				History: Convert(c.History, func(e correctionEventDoc) hajir.CorrectionEvent { return hajir.CorrectionEvent(e) }),
			}
		}),
	}
}

// StoreDayCorrections returns it as it is stored.
func StoreDayCorrections(x hajir.DayCorrections) DayCorrections {
	return DayCorrections{
		Username: x.Username, Date: x.Date, Company: x.Company,
		Corrections: Convert(x.All, func(c hajir.Correction) correctionDoc {
			mark := func(m hajir.Mark) markDoc { return markDoc(m) }
			return correctionDoc{
				ID: c.ID, Reason: c.Reason, State: c.State, Edit: c.Edit, Decider: c.Decider, Applied: c.Applied, At: c.At,
				Changes: Convert(c.Changes, func(d hajir.Change) changeDoc { return changeDoc(d) }),
				Before:  Convert(c.Before, mark), After: Convert(c.After, mark),
				History: Convert(c.History, func(e hajir.CorrectionEvent) correctionEventDoc { return correctionEventDoc(e) }),
			}
		}),
	}
}
