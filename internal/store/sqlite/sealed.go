package sqlite

// sealText encrypts a text for its row; an empty one is NULL.
func (db *DB) sealText(text, row string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	return db.seal.Seal([]byte(text), row)
}

// openText decrypts what sealText made for the same row.
func (db *DB) openText(sealed []byte, row string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	text, err := db.seal.Open(sealed, row)
	return string(text), err
}
