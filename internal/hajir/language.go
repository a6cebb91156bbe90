package hajir

import "cmp"

// Language is the one in which somebody is written to, named as on the web.
type Language string

// The languages. "" of a person is their company's.
const (
	English Language = "en"
	Nepali  Language = "ne"
	Hindi   Language = "hi"
)

// Languages returns all of them.
func Languages() []Language { return []Language{English, Nepali, Hindi} }

// Validate returns an Invalid error if l is none.
func (l Language) Validate() error {
	switch l {
	case English, Nepali, Hindi:
		return nil
	}
	return Errorf(Invalid, "people are written to in en (English), ne (Nepali) or hi (Hindi)")
}

// LanguageOf returns the one in which one of the company's people is written to.
// That of somebody without a record, such as the root account, is the company's.
func (c Company) LanguageOf(e Employee) Language { return cmp.Or(e.Language, c.Language, English) }
