package hajir

import (
	"strings"
	"time"
)

// The bounds of a company's settings of questions.
const (
	MaxCategories       = 20
	MaxQuestionDays     = 1095 // three years, as with pictures
	DefaultQuestionDays = 90
	maxCategory         = 60
	questionDay         = 24 * time.Hour
)

// QuestionSettings are how a company collects questions.
type QuestionSettings struct {
	Company string
	// Open says whether everybody may ask on the public page, and read there what
	// is published. The company's people may always ask.
	Open       bool
	Categories []string // in the order in which they are offered
	// RetentionDays is how long the name and address of who asked stay after the
	// answer.
	RetentionDays int
	Version       int // grows by one with every stored change; zero means never stored
}

// DefaultQuestionSettings are those of a company that has set nothing.
func DefaultQuestionSettings(company string) QuestionSettings {
	return QuestionSettings{Company: company, RetentionDays: DefaultQuestionDays}
}

// Tidy returns s as it is kept.
func (s QuestionSettings) Tidy() QuestionSettings {
	var all []string
	for _, c := range s.Categories {
		if c = strings.TrimSpace(c); c != "" {
			all = append(all, c)
		}
	}
	s.Categories = all
	return s
}

// Validate returns an Invalid error that names the first thing wrong with s.
func (s QuestionSettings) Validate() error {
	if len(s.Categories) > MaxCategories {
		return Errorf(Invalid, "at most %d categories: join some of them", MaxCategories)
	}
	seen := map[string]bool{}
	for _, c := range s.Categories {
		if err := validateText("a category", c, 1, maxCategory); err != nil {
			return err
		}
		if key := strings.ToLower(c); seen[key] {
			return Errorf(Invalid, "the category %s is there twice", c)
		}
		seen[strings.ToLower(c)] = true
	}
	if s.RetentionDays < 0 || s.RetentionDays > MaxQuestionDays {
		return Errorf(Invalid, "names and addresses are kept for 0 to %d days after the answer", MaxQuestionDays)
	}
	return nil
}

// Category checks the category of a question: one of the company's, or none.
func (s QuestionSettings) Category(name string) error {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil
	}
	for _, c := range s.Categories {
		if c == name {
			return nil
		}
	}
	return Errorf(Invalid, "there is no such category any more; choose one of the company's, or none")
}

// ForgetBefore returns the time before which a question must be closed for its
// asker to be forgotten now.
func (s QuestionSettings) ForgetBefore(now time.Time) time.Time {
	return now.Add(-time.Duration(s.RetentionDays) * questionDay)
}

// QuestionFilter chooses questions; zero fields choose all.
type QuestionFilter struct {
	State    QuestionState // as Status returns it
	Assignee string
	Category string
	// Words must each begin a word of the question or of its answer; they are
	// what SearchWords returns.
	Words []string
}

// How asking is slowed, by who asks and by the company that is asked. A school
// class behind one address asks ten questions at once, and a fair two hundred;
// whoever asks on and on waits.
var (
	SlowAsker = Slowdown{Free: 10, First: 10 * time.Second, Max: 30 * time.Minute, Decay: 5 * time.Minute}
	SlowAsked = Slowdown{Free: 200, First: 2 * time.Second, Max: 2 * time.Minute, Decay: time.Minute}
)
