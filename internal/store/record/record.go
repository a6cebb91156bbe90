// Package record is how records are stored: the documents that every store
// keeps, whatever it keeps them in, so that they can be moved from one to
// another. Each file has the documents of one kind, which may not change with
// the domain's types: what was stored is read by every later version. Read
// company.go first; audit.go says which changes are entries of the audit log.
package record

import "time"

// Sealer encrypts sensitive columns; associated names the row that a value
// belongs to.
type Sealer interface {
	Seal(plaintext []byte, associated string) ([]byte, error)
	Open(sealed []byte, associated string) ([]byte, error)
}

// SealText encrypts a text for its row; an empty one is nil.
func SealText(seal Sealer, text, row string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	return seal.Seal([]byte(text), row)
}

// OpenText decrypts what SealText made for the same row.
func OpenText(seal Sealer, sealed []byte, row string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	text, err := seal.Open(sealed, row)
	return string(text), err
}

// TimeFormat sorts as text in the order of time.
const TimeFormat = "2006-01-02T15:04:05.000000000Z"

// Sortable writes a time so that texts are in the order of times.
func Sortable(t time.Time) string { return t.UTC().Format(TimeFormat) }
