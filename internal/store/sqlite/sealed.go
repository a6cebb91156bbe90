package sqlite

import "hajir/internal/store/record"

// sealText encrypts a text for its row; an empty one is NULL.
func (db *DB) sealText(text, row string) ([]byte, error) { return record.SealText(db.seal, text, row) }

// openText decrypts what sealText made for the same row.
func (db *DB) openText(sealed []byte, row string) (string, error) {
	return record.OpenText(db.seal, sealed, row)
}
