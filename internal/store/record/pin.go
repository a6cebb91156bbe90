package record

import (
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// PINRow is the row that a value is sealed for.
func PINRow(p hajir.PIN) string { return "Employee_pins/" + p.Company + "/" + p.Username }

// PIN is how a PIN is stored, beside its sealed hash.
type PIN struct {
	SetAt string `json:"set_at"` // as TimeFormat has it
}

// StorePIN returns p as it is stored, without what is sealed.
func StorePIN(p hajir.PIN) PIN { return PIN{Sortable(p.SetAt)} }

// Load returns a PIN without what is sealed, and whose it is.
func (doc PIN) Load(version int) (hajir.PIN, error) {
	at, err := time.Parse(TimeFormat, doc.SetAt)
	if err != nil {
		return hajir.PIN{}, fmt.Errorf("decode pin: %w", err)
	}
	return hajir.PIN{SetAt: at, Version: version}, nil
}

// Failures is how wrong guesses are stored.
type Failures struct {
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// StoreFailures returns f as it is stored.
func StoreFailures(f hajir.Failures) Failures { return Failures{f.Count, f.Last.UTC().Round(0)} }

// Load returns wrong guesses.
func (doc Failures) Load() hajir.Failures { return hajir.Failures{Count: doc.Count, Last: doc.Last} }
