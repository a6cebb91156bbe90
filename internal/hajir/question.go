package hajir

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// QuestionState is how far the company has got with a question. Whether it is
// published is apart from that.
type QuestionState string

// The states. A question that is merged into another one has the state
// QuestionMerged for as long, whatever its own was (see Question.Status).
const (
	QuestionNew        QuestionState = "new"
	QuestionInProgress QuestionState = "in_progress"
	QuestionAnswered   QuestionState = "answered"
	QuestionMerged     QuestionState = "merged"
)

// The bounds of what is written, in characters.
const (
	MinQuestion = 10
	MaxQuestion = 2000
	MaxAnswer   = 5000
)

// Question is what a visitor or an employee asks a company.
type Question struct {
	ID       string
	Company  string
	Text     string // plain text, with line breaks
	Category string // one of the company's when it was asked; "" without one
	Asker    Asker
	State    QuestionState
	Assignee string // the Username of who looks after it; "" without one
	Answer   QuestionAnswer
	Public   PublicQuestion
	Into     string // the ID of the question that this one is merged into; "" without one
	At       time.Time
	// ClosedAt is when it was answered, by its own answer or by that of the
	// question it is merged into; zero while it is open.
	ClosedAt time.Time
	// Told is the number of the answer that the asker was written last, if there
	// is an address to write to, and ToldAt is when.
	Told   int
	ToldAt time.Time
	Mail   MailState // what became of that mail; "" when there was none
	// ForgottenAt is when the asker's name and address were removed.
	ForgottenAt time.Time
	Version     int // grows by one with every stored change; zero means never stored
}

// Asker is who asks. A signed-in employee is known by their Username, and a
// visitor by what they like to tell.
type Asker struct {
	Username string
	Name     string
	Email    string
	// Language is the one in which a visitor likes to be answered; "" is the
	// company's.
	Language Language
}

// QuestionAnswer is what the company says. Its Number grows with every answer
// that askers are to be told, and is zero while there is none.
type QuestionAnswer struct {
	Text   string
	By     string // who answered: an account's Username
	ByName string // and the name, as it was then
	At     time.Time
	Number int
}

// PublicQuestion is what everybody may read of a question, beside its answer.
// It never names the asker.
type PublicQuestion struct {
	Text string    // the question's wording in public; it may leave out what is private
	At   time.Time // since when; zero when it is not published
}

// NewQuestion returns a question as it is kept, or says what is wrong with it.
func NewQuestion(id, company, text, category string, by Asker, at time.Time) (Question, error) {
	q := Question{
		ID: id, Company: company, Text: CleanProse(text), Category: strings.TrimSpace(category), State: QuestionNew, At: at,
		Asker: Asker{Username: by.Username, Name: strings.TrimSpace(by.Name), Email: strings.TrimSpace(by.Email), Language: by.Language},
	}
	if err := validateProse("the question", q.Text, MinQuestion, MaxQuestion); err != nil {
		return q, err
	}
	if err := validateText("the name", q.Asker.Name, 0, maxName); err != nil {
		return q, err
	}
	if q.Asker.Email != "" {
		if err := validateEmail(q.Asker.Email); err != nil {
			return q, err
		}
	}
	if q.Asker.Language != "" {
		return q, q.Asker.Language.Validate()
	}
	return q, nil
}

// BelongsTo returns a NotFound error when q is not company's.
func (q Question) BelongsTo(company string) error {
	if q.Company != company {
		return Errorf(NotFound, "no such question")
	}
	return nil
}

// Reach returns what the asker is called and where they are written to: nowhere
// when they told no address. e is the record of one who is signed in, and empty
// when it is gone.
func (q Question) Reach(e Employee) (name, email string) {
	switch {
	case q.Asker.Username == "":
		return q.Asker.Name, q.Asker.Email
	case e.Company != q.Company || !e.Active:
		return "", ""
	}
	return e.Name, e.Email
}

// Status returns the state in which the board shows q.
func (q Question) Status() QuestionState {
	if q.Into != "" {
		return QuestionMerged
	}
	return q.State
}

// Published says whether everybody may read q. One that is merged into another
// is read there.
func (q Question) Published() bool {
	return !q.Public.At.IsZero() && q.Into == "" && q.Answer.Number > 0
}

// Personal says whether q still has a visitor's name or address.
func (q Question) Personal() bool { return q.Asker.Name != "" || q.Asker.Email != "" }

// open returns a Conflict error when q is merged into another question, which
// then is the one to deal with.
func (q Question) open() error {
	if q.Into != "" {
		return Errorf(Conflict, "this question is merged into another one; take it out first, or deal with the other one")
	}
	return nil
}

// Assign gives q to somebody, or with "" to nobody. What is new is in progress
// then.
func (q Question) Assign(username string) (Question, error) {
	if err := q.open(); err != nil {
		return q, err
	}
	q.Assignee = username
	if username != "" && q.State == QuestionNew {
		q.State = QuestionInProgress
	}
	return q, nil
}

// Move brings q into another state. To be answered it needs an answer (see
// Reply); an answered one that is opened again keeps what was said, and is not
// public any more.
func (q Question) Move(to QuestionState) (Question, error) {
	if err := q.open(); err != nil {
		return q, err
	}
	switch to {
	case QuestionNew, QuestionInProgress:
		q.ClosedAt, q.Public = time.Time{}, PublicQuestion{}
	case QuestionAnswered:
		if q.State != QuestionAnswered {
			return q, Errorf(Conflict, "write an answer: then the question is answered")
		}
	case QuestionMerged:
		return q, Errorf(Invalid, "a question is new, in_progress or answered; merge it to have it merged")
	default:
		return q, Errorf(Invalid, "a question is new, in_progress or answered")
	}
	q.State = to
	return q, nil
}

// Reply answers q, or words the answer anew. With tell, the askers are to be
// written; the first answer is always told.
func (q Question) Reply(text, by, byName string, tell bool, at time.Time) (Question, error) {
	if err := q.open(); err != nil {
		return q, err
	}
	text = CleanProse(text)
	if err := validateProse("the answer", text, 1, MaxAnswer); err != nil {
		return q, err
	}
	number := q.Answer.Number
	if tell || number == 0 {
		number++
	}
	q.Answer = QuestionAnswer{Text: text, By: by, ByName: byName, At: at, Number: number}
	if q.State != QuestionAnswered || q.ClosedAt.IsZero() {
		q.ClosedAt = at
	}
	q.State = QuestionAnswered
	return q, nil
}

// Publish lets everybody read q with its answer; "" leaves its wording as it
// is.
func (q Question) Publish(wording string, at time.Time) (Question, error) {
	if err := q.open(); err != nil {
		return q, err
	}
	if q.State != QuestionAnswered {
		return q, Errorf(Conflict, "answer the question before you publish it")
	}
	wording = CleanProse(cmp.Or(wording, q.Public.Text, q.Text))
	if err := validateProse("the question", wording, MinQuestion, MaxQuestion); err != nil {
		return q, err
	}
	if q.Public.At.IsZero() {
		q.Public.At = at
	}
	q.Public.Text = wording
	return q, nil
}

// Withdraw takes q from the public page.
func (q Question) Withdraw() Question {
	q.Public = PublicQuestion{}
	return q
}

// MergeInto makes q a duplicate of another question of the same company. It
// keeps its text, and its asker is told the other one's answer.
func (q Question) MergeInto(target Question) (Question, error) {
	switch {
	case q.ID == target.ID:
		return q, Errorf(Invalid, "a question cannot be merged into itself; choose another one")
	case target.BelongsTo(q.Company) != nil:
		return q, target.BelongsTo(q.Company)
	case target.Into != "":
		return q, Errorf(Conflict, "that question is merged into another one itself; choose that one")
	}
	if err := q.open(); err != nil {
		return q, err
	}
	q.Into, q.Told, q.ToldAt, q.Mail, q.Public = target.ID, 0, time.Time{}, "", PublicQuestion{}
	return q.Follow(target), nil
}

// Follow closes q when the question that it is merged into is answered, and
// opens it when that is opened again.
func (q Question) Follow(target Question) Question {
	q.ClosedAt = target.ClosedAt
	return q
}

// Tell notes that the asker is written an answer, or with MailNone that they
// cannot be; false when they were before.
func (q Question) Tell(answer int, mail MailState, at time.Time) (Question, bool) {
	if q.Told >= answer {
		return q, false
	}
	q.Told, q.ToldAt, q.Mail = answer, at, mail
	return q, true
}

// MailDone notes what became of the mail with an answer; false when there was a
// newer one meanwhile.
func (q Question) MailDone(answer int, mail MailState) (Question, bool) {
	if q.Told != answer {
		return q, false
	}
	q.Mail = mail
	return q, true
}

// tellPatience is for longer than a mail is tried.
const tellPatience = 5 * 24 * time.Hour

// MailAt returns what became of the mail: one that is on its way for longer than
// it is tried has failed.
func (q Question) MailAt(at time.Time) MailState {
	if q.Mail == MailSending && at.After(q.ToldAt.Add(tellPatience)) {
		return MailFailed
	}
	return q.Mail
}

// TakeOut ends a merge: q is a question of its own again.
func (q Question) TakeOut() (Question, error) {
	if q.Into == "" {
		return q, Errorf(Conflict, "this question is merged into no other one")
	}
	q.Into, q.Told, q.ClosedAt = "", q.Answer.Number, time.Time{}
	if q.Mail == MailSending { // the other question's answer is not theirs any more
		q.Mail = ""
	}
	if q.State == QuestionAnswered {
		q.ClosedAt = q.Answer.At
	}
	return q, nil
}

// Forget removes the asker's name and address.
func (q Question) Forget(at time.Time) Question {
	q.Asker.Name, q.Asker.Email, q.ForgottenAt = "", "", at
	return q
}

// CleanProse returns text of several lines as it is kept: line ends alike, no
// space at the ends of lines, and no more than one empty line in a row.
func CleanProse(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\t", " ").Replace(s)
	var kept []string
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" && len(kept) > 0 && kept[len(kept)-1] == "" {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// validateProse is validateText for text of several lines, as CleanProse
// returns it.
func validateProse(what, s string, least, most int) error {
	if n := utf8.RuneCountInString(s); n < least || n > most {
		return Errorf(Invalid, "%s must have %d to %d characters", what, least, most)
	}
	for _, r := range s {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			return Errorf(Invalid, "%s has a character that is not shown; type it anew", what)
		}
	}
	return nil
}
