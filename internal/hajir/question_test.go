package hajir

import (
	"strings"
	"testing"
	"time"
)

var asked = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestNewQuestion(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		by         Asker
		want       string // the text as it is kept; "" when it is refused
	}{
		{"plain", "  When do you open?  ", Asker{}, "When do you open?"},
		{"lines", "Hello,\r\n\r\n\n\nwhen do you\topen?  \n", Asker{Name: " Asha ", Email: "a@example.com"}, "Hello,\n\nwhen do you open?"},
		{"HTML is text", `<img src=x onerror="alert(1)">`, Asker{}, `<img src=x onerror="alert(1)">`},
		{"Nepali", "तपाईंको कार्यालय कहिले खुल्छ?", Asker{}, "तपाईंको कार्यालय कहिले खुल्छ?"},
		{"joined letters", "Is 👩\u200d🔬 work possible with क्\u200dष?", Asker{}, "Is 👩\u200d🔬 work possible with क्\u200dष?"},
		{"too short", "Hello?", Asker{}, ""},
		{"only space", strings.Repeat(" \n", 40), Asker{}, ""},
		{"as long as may be", strings.Repeat("क", MaxQuestion), Asker{}, strings.Repeat("क", MaxQuestion)},
		{"too long", strings.Repeat("x", MaxQuestion+1), Asker{}, ""},
		{"a control character", "When do you\x00 open?", Asker{}, ""},
		{"an escape", "When do you \x1b[31m open?", Asker{}, ""},
		{"turned writing", "When do you \u202eopen?", Asker{}, ""},
		{"not UTF-8", "When do you \xff open?", Asker{}, ""},
		{"a name of two lines", "When do you open?", Asker{Name: "A\nB"}, ""},
		{"no address", "When do you open?", Asker{Email: "nobody"}, ""},
		{"an address with a name", "When do you open?", Asker{Email: "A <a@example.com>"}, ""},
		{"an address of two lines", "When do you open?", Asker{Email: "a@example.com\r\nBcc: b@example.com"}, ""},
	} {
		q, err := NewQuestion("q1", "acme", tt.text, "", tt.by, asked)
		switch {
		case tt.want == "" && CodeOf(err) != Invalid:
			t.Errorf("%s: %v, want it refused", tt.name, err)
		case tt.want != "" && (err != nil || q.Text != tt.want || q.State != QuestionNew || q.Asker.Name != strings.TrimSpace(tt.by.Name)):
			t.Errorf("%s: %v %+v", tt.name, err, q)
		}
	}
}

func question(t *testing.T, id string) Question {
	t.Helper()
	q, err := NewQuestion(id, "acme", "When do you open on Saturday?", "", Asker{Name: "Asha", Email: "a@example.com"}, asked)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// A question's way, and what is refused on it.
func TestQuestionSteps(t *testing.T) {
	later := asked.Add(time.Hour)
	q, err := question(t, "q1").Assign("mona")
	if err != nil || q.State != QuestionInProgress || q.Assignee != "mona" {
		t.Fatalf("assigned: %v %+v", err, q)
	}
	if q, err = q.Assign(""); err != nil || q.State != QuestionInProgress || q.Assignee != "" {
		t.Errorf("given back: %v %+v", err, q)
	}
	if q, err = q.Move(QuestionNew); err != nil || q.State != QuestionNew {
		t.Errorf("new again: %v %+v", err, q)
	}
	for _, to := range []QuestionState{QuestionAnswered, QuestionMerged, "", "eaten"} {
		if _, err := q.Move(to); err == nil {
			t.Errorf("moved to %q", to)
		}
	}
	if _, err := q.Publish("", later); CodeOf(err) != Conflict {
		t.Errorf("published without an answer: %v", err)
	}
	for _, bad := range []string{"", " \n ", "a\x07", strings.Repeat("x", MaxAnswer+1)} {
		if _, err := q.Reply(bad, "acme", "Acme", true, later); CodeOf(err) != Invalid {
			t.Errorf("answered with %.10q: %v", bad, err)
		}
	}
	a, err := q.Reply("At nine\r\n", "mona", "Mona", false, later)
	if err != nil || a.State != QuestionAnswered || a.Answer.Number != 1 || a.Answer.Text != "At nine" || !a.ClosedAt.Equal(later) {
		t.Fatalf("answered: %v %+v", err, a)
	}
	b, err := a.Reply("At ten", "acme", "Acme", false, later.Add(time.Hour))
	if err != nil || b.Answer.Number != 1 || !b.ClosedAt.Equal(later) {
		t.Errorf("worded anew, told nobody: %v %+v", err, b)
	}
	if b, err = a.Reply("At ten", "acme", "Acme", true, later.Add(time.Hour)); err != nil || b.Answer.Number != 2 {
		t.Errorf("worded anew, and told: %v %+v", err, b)
	}
	p, err := b.Publish("", later)
	if err != nil || !p.Published() || p.Public.Text != q.Text {
		t.Fatalf("published: %v %+v", err, p)
	}
	if p, err = p.Publish("When are you open?", later.Add(time.Hour)); err != nil || p.Public.Text != "When are you open?" || !p.Public.At.Equal(later) {
		t.Errorf("published with another wording: %v %+v", err, p)
	}
	if p, err = p.Publish("", later); err != nil || p.Public.Text != "When are you open?" {
		t.Errorf("the wording was lost: %v %+v", err, p)
	}
	if o, err := p.Move(QuestionInProgress); err != nil || o.Published() || !o.ClosedAt.IsZero() || o.Answer.Number != 2 {
		t.Errorf("opened again: %v %+v", err, o)
	}
	if w := p.Withdraw(); w.Published() || w.Answer != p.Answer {
		t.Errorf("withdrawn: %+v", w)
	}
	f := p.Forget(later)
	if f.Personal() || !f.Published() || f.Answer != p.Answer || !f.ForgottenAt.Equal(later) {
		t.Errorf("forgotten: %+v", f)
	}
}

func TestMerging(t *testing.T) {
	later := asked.Add(time.Hour)
	target, err := question(t, "q1").Reply("At nine", "mona", "Mona", true, later)
	if err != nil {
		t.Fatal(err)
	}
	q, err := question(t, "q2").MergeInto(target)
	if err != nil || q.Status() != QuestionMerged || q.Into != "q1" || !q.ClosedAt.Equal(later) || q.Text == "" {
		t.Fatalf("merged: %v %+v", err, q)
	}
	for name, err := range map[string]error{
		"itself":      errorOf(target.MergeInto(target)),
		"one merged":  errorOf(question(t, "q3").MergeInto(q)),
		"twice":       errorOf(q.MergeInto(question(t, "q4"))),
		"assigned":    errorOf(q.Assign("mona")),
		"answered":    errorOf(q.Reply("At nine", "mona", "Mona", true, later)),
		"published":   errorOf(q.Publish("", later)),
		"moved":       errorOf(q.Move(QuestionNew)),
		"not merged":  errorOf(target.TakeOut()),
		"another's":   errorOf(Question{ID: "x", Company: "other"}.MergeInto(target)),
		"into nobody": errorOf(question(t, "q5").MergeInto(Question{})),
	} {
		if err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	out, err := q.TakeOut()
	if err != nil || out.Status() != QuestionNew || !out.ClosedAt.IsZero() {
		t.Errorf("taken out: %v %+v", err, out)
	}
	published, err := target.Publish("", later)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := published.MergeInto(question(t, "q6"))
	if err != nil || merged.Published() || !merged.ClosedAt.IsZero() {
		t.Errorf("an answered one merged into an open one: %v %+v", err, merged)
	}
	if out, err = merged.TakeOut(); err != nil || out.Status() != QuestionAnswered || out.Told != 1 || !out.ClosedAt.Equal(later) {
		t.Errorf("and taken out: %v %+v", err, out)
	}
}

func errorOf(_ Question, err error) error { return err }

func TestQuestionSettings(t *testing.T) {
	s := QuestionSettings{Categories: []string{" Hours ", "", "भर्ती"}, RetentionDays: 90}.Tidy()
	if err := s.Validate(); err != nil || len(s.Categories) != 2 || s.Categories[0] != "Hours" {
		t.Errorf("%v %+v", err, s)
	}
	for name, bad := range map[string]QuestionSettings{
		"twice":    {Categories: []string{"Hours", "hours"}},
		"too long": {Categories: []string{strings.Repeat("x", 61)}},
		"lines":    {Categories: []string{"a\nb"}},
		"too many": {Categories: strings.Split(strings.Repeat("x,", 20)+"x", ",")},
		"negative": {RetentionDays: -1},
		"for ever": {RetentionDays: MaxQuestionDays + 1},
	} {
		if err := bad.Validate(); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for category, ok := range map[string]bool{"": true, "Hours": true, "hours": false, "Other": false} {
		if err := s.Category(category); (err == nil) != ok {
			t.Errorf("%q: %v", category, err)
		}
	}
}

// Whatever a stranger writes: it is refused, or kept so that keeping it again
// changes nothing, without anything that is not shown.
func FuzzQuestion(f *testing.F) {
	for _, s := range []string{"When do you open?", "a\r\n\r\n\r\nb\tc            ", "\u2028\u2029\u202e", "\xff\x00", "<script>alert(1)</script>", strings.Repeat("\n", 3000)} {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, text, name, email string) {
		q, err := NewQuestion("q", "acme", text, "", Asker{Name: name, Email: email}, asked)
		if err != nil {
			if CodeOf(err) != Invalid {
				t.Fatal(err)
			}
			return
		}
		again, err := NewQuestion("q", "acme", q.Text, "", q.Asker, asked)
		if err != nil || again != q {
			t.Fatalf("%+v became %+v: %v", q, again, err)
		}
		if strings.ContainsAny(q.Asker.Email+q.Asker.Name, "\r\n\x00") || strings.ContainsAny(q.Text, "\r\x00\x1b\u202e") || strings.Contains(q.Text, "\n\n\n") {
			t.Fatalf("kept %q of %q %q", q.Text, q.Asker.Name, q.Asker.Email)
		}
	})
}
