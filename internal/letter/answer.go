package letter

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
	"hajir/internal/notify"
)

// asker is the target of an answer: whoever asked. Their address stays where it is
// sealed, and is read when the letter goes.
const asker = "asker"

// answer brings an answer to who asked, and notes in their question what became
// of that. It says who answers, and its link is the same for everybody.
func (d *Desk) answer(ctx context.Context, x hajir.Delivery) error {
	q, err := d.Store.Question(ctx, x.Ref)
	if gone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load question: %w", err)
	}
	// A newer answer has a notice of its own, and a repeat after the note is none.
	if strconv.Itoa(q.Told) != x.State || q.Mail == hajir.MailSent || q.Mail == hajir.MailKept {
		return nil
	}
	m, err := d.answerTo(ctx, q)
	if err != nil {
		return err
	}
	if m.To.Address == "" {
		return d.became(ctx, q, hajir.MailNone) // it was removed meanwhile, or they left
	}
	m.ID = messageID(x.Key())
	err = d.hand(ctx, m)
	switch {
	case err == nil && d.Kept:
		return d.became(ctx, q, hajir.MailKept)
	case err == nil:
		return d.became(ctx, q, hajir.MailSent)
	case mail.Permanent(err) || x.Last():
		if noted := d.became(context.WithoutCancel(ctx), q, hajir.MailFailed); noted != nil {
			d.Log.WarnContext(ctx, "that an answer was not mailed is not noted", "question", q.ID, "error", noted)
		}
	}
	return err
}

// answerTo writes the letter; to nobody when there is no address, or no answer.
func (d *Desk) answerTo(ctx context.Context, q hajir.Question) (m mail.Message, err error) {
	said := q
	if q.Into != "" {
		said, err = d.Store.Question(ctx, q.Into)
		if gone(err) || err == nil && said.Answer.Number == 0 {
			return m, nil
		}
		if err != nil {
			return m, fmt.Errorf("load question: %w", err)
		}
	}
	c, err := d.Store.Company(ctx, q.Company)
	if gone(err) {
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("load company: %w", err)
	}
	var e hajir.Employee
	link := d.SiteURL + "/my-questions"
	if q.Asker.Username != "" {
		if e, err = d.Store.Employee(ctx, q.Asker.Username); err != nil && !gone(err) {
			return m, fmt.Errorf("load employee: %w", err)
		}
	} else {
		settings, err := d.Store.QuestionSettings(ctx, q.Company)
		if err != nil {
			return m, fmt.Errorf("load question settings: %w", err)
		}
		// The link is everybody's: it tells nobody who follows it.
		if link = ""; settings.Open {
			link = d.SiteURL + "/ask/" + q.Company
		}
	}
	name, email := q.Reach(e)
	if email == "" {
		return m, nil
	}
	by := said.Answer.ByName
	if by != "" && by != c.Name {
		by += " (" + c.Name + ")"
	}
	m, err = template.Render(mail.QuestionAnswered, string(cmp.Or(q.Asker.Language, c.LanguageOf(e))), template.Data{
		Company: c.Name, Name: name, Link: link, Question: &template.Question{Text: q.Text, Answer: said.Answer.Text, By: by},
	})
	if err != nil {
		return m, notify.Permanent(fmt.Errorf("write a letter: %w", err))
	}
	m.To = mail.Address{Name: name, Address: email}
	return m, nil
}

// became notes what became of the mail with the answer that q tells last.
func (d *Desk) became(ctx context.Context, q hajir.Question, state hajir.MailState) error {
	for try := 1; ; try++ {
		after, ok := q.MailDone(q.Told, state)
		if !ok || after == q {
			return nil
		}
		told := q.Told
		err := d.Store.SaveQuestion(ctx, after)
		if err == nil || hajir.CodeOf(err) != hajir.Conflict || try == tries {
			return err
		}
		if q, err = d.Store.Question(ctx, q.ID); gone(err) || err == nil && q.Told != told {
			return nil
		}
		if err != nil {
			return fmt.Errorf("load question: %w", err)
		}
	}
}
