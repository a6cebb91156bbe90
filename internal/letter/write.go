package letter

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
)

// data reads what a letter about a notice tells its reader. The kind is "" when
// there is nothing to tell: what it is about is gone, or was dealt with
// meanwhile.
func (d *Desk) data(ctx context.Context, n hajir.Notice, r reader, t hajir.Topic) (mail.Kind, template.Data, error) {
	var kind mail.Kind
	var data template.Data
	var err error
	switch n.Kind {
	case hajir.NoticeLeaveAsked, hajir.NoticeLeaveApproved, hajir.NoticeLeaveRefused, hajir.NoticeLeaveCancelled:
		kind, data, err = d.leave(ctx, n, t)
	case hajir.NoticeCorrectionAsked, hajir.NoticeCorrectionDecided:
		kind, data, err = d.correction(ctx, n, r, t)
	case hajir.NoticePunch, hajir.NoticeExitMissing:
		kind, data, err = d.punch(ctx, n, r)
	case hajir.NoticeDoubtful:
		kind, data, err = d.doubt(ctx, n, r)
	case hajir.NoticeInvitation:
		kind, data, err = d.invitation(ctx, n)
	case hajir.NoticeQuestionAsked, hajir.NoticeQuestionAssigned, hajir.NoticeQuestionAnswered:
		kind, data, err = d.question(ctx, n, r)
	case hajir.NoticeErased:
		kind, data, err = d.erasure(ctx, n, r)
	case hajir.NoticeWebhookOff:
		kind, data, err = d.webhook(ctx, n)
	case hajir.NoticeAlarmRaised, hajir.NoticeAlarmCleared, hajir.NoticeAnswer, hajir.NoticeDigest,
		hajir.NoticeMorning, hajir.NoticeAbsent: // not told like this
	}
	if gone(err) {
		return "", data, nil
	}
	data.Other = n.Person != r.Username
	return kind, data, err
}

// name returns what somebody is called: "" for the program, or who is not there
// any more.
func (d *Desk) name(ctx context.Context, company, username string) (string, error) {
	if username == "" {
		return "", nil
	}
	if username == company {
		c, err := d.Store.Company(ctx, company)
		return c.Name, err
	}
	e, err := d.Store.Employee(ctx, username)
	if gone(err) || err == nil && e.Company != company {
		return "", nil
	}
	return e.Name, err
}

func (d *Desk) personPage(username string) string {
	return d.SiteURL + "/employees/" + url.PathEscape(username)
}

func (d *Desk) leave(ctx context.Context, n hajir.Notice, t hajir.Topic) (mail.Kind, template.Data, error) {
	var data template.Data
	request, err := d.Store.LeaveRequest(ctx, n.Ref)
	if err != nil {
		return "", data, fmt.Errorf("load leave: %w", err)
	}
	if n.Kind == hajir.NoticeLeaveAsked && string(request.State) != n.State {
		return "", data, nil // it was decided meanwhile
	}
	told := &template.Leave{
		Days: request.Cost().String(), Reason: request.Reason, State: n.State,
		From: date(request.From, request.Start), To: date(request.To, request.End),
	}
	data.Leave = told
	if told.Person, err = d.name(ctx, n.Company, request.Username); err != nil || told.Person == "" {
		return "", data, err
	}
	if told.By, err = d.name(ctx, n.Company, n.By); err != nil {
		return "", data, err
	}
	types, err := d.Store.LeaveTypes(ctx, n.Company)
	if err != nil {
		return "", data, fmt.Errorf("load leave types: %w", err)
	}
	for _, kind := range types {
		if kind.ID == request.Type {
			told.Type = kind.Name
		}
	}
	for _, e := range request.History {
		if string(e.Does) == n.Action && e.At.Equal(n.At) {
			told.Note = e.Note
		}
	}
	if n.Action == string(hajir.LeaveActionKeep) {
		told.State = "kept"
	}
	if n.Kind == hajir.NoticeLeaveAsked || t == hajir.TopicDecide {
		data.Link = d.SiteURL + "/to-decide"
		return mail.LeaveRequested, data, nil
	}
	data.Link = d.SiteURL + "/leave"
	return mail.LeaveDecided, data, nil
}

func date(s string, half hajir.Leave) template.Date {
	t, _ := time.Parse(time.DateOnly, s) // it was validated with its record
	return template.Date{Date: t, Half: half}
}

func (d *Desk) correction(ctx context.Context, n hajir.Notice, r reader, t hajir.Topic) (mail.Kind, template.Data, error) {
	var data template.Data
	x, err := d.Store.Corrections(ctx, n.Person, n.Date)
	if err != nil {
		return "", data, fmt.Errorf("load corrections: %w", err)
	}
	c, err := x.Find(n.Ref)
	if err != nil {
		return "", data, err
	}
	// It was decided meanwhile, could not be applied after all, or the admin entered
	// it.
	if string(c.State) != n.State || c.Edit {
		return "", data, nil
	}
	e, err := d.Store.Employee(ctx, n.Person)
	if err != nil {
		return "", data, fmt.Errorf("load employee: %w", err)
	}
	loc, err := r.company.LocationOf(e)
	if err != nil {
		return "", data, err
	}
	told := &template.Correction{Person: e.Name, Date: date(n.Date, "").Date, Reason: c.Reason, State: n.State}
	data.Correction = told
	if told.By, err = d.name(ctx, n.Company, n.By); err != nil {
		return "", data, err
	}
	for _, change := range c.Changes {
		told.Changes = append(told.Changes, changeOf(change, loc))
	}
	for _, step := range c.History {
		if string(step.Does) == n.Action && step.At.Equal(n.At) {
			told.Note = step.Note
		}
	}
	switch {
	case n.Kind == hajir.NoticeCorrectionAsked, t == hajir.TopicDecide:
		data.Link = d.SiteURL + "/to-decide"
		return mail.CorrectionRequested, data, nil
	case n.Person == r.Username:
		data.Link = d.SiteURL + "/"
	default:
		data.Link = d.personPage(n.Person)
	}
	return mail.CorrectionDecided, data, nil
}

func changeOf(c hajir.Change, loc *time.Location) template.Change {
	told := template.Change{Direction: c.Direction}
	if c.Punch != "" {
		told.Was = c.Was.In(loc)
	}
	if !c.At.IsZero() {
		told.At = c.At.In(loc)
	}
	return told
}

// punch tells of somebody's coming or going, or that they are not known to have
// gone.
func (d *Desk) punch(ctx context.Context, n hajir.Notice, r reader) (mail.Kind, template.Data, error) {
	var data template.Data
	e, err := d.Store.Employee(ctx, n.Person)
	if err != nil {
		return "", data, fmt.Errorf("load employee: %w", err)
	}
	loc, err := r.company.LocationOf(e)
	if err != nil {
		return "", data, err
	}
	data.Punch = &template.Punch{Person: e.Name, Date: date(n.Date, "").Date, Direction: hajir.Direction(n.State)}
	if data.Link = d.SiteURL + "/"; n.Person != r.Username {
		data.Link = d.personPage(n.Person)
	}
	if n.Kind == hajir.NoticeExitMissing {
		return mail.ExitMissing, data, nil
	}
	data.Punch.Time = n.At.In(loc).Format("15:04")
	return mail.PunchRecorded, data, nil
}

func (d *Desk) doubt(ctx context.Context, n hajir.Notice, r reader) (mail.Kind, template.Data, error) {
	data := template.Data{Link: d.SiteURL + "/review"}
	review, err := d.Store.Review(ctx, n.Company, n.Ref)
	if err != nil {
		return "", data, fmt.Errorf("load review: %w", err)
	}
	if review.State != hajir.ReviewOpen {
		return "", data, nil
	}
	data.Punch = &template.Punch{Date: date(n.Date, "").Date, Time: n.At.In(r.loc).Format("15:04")}
	data.Punch.Person, err = d.name(ctx, n.Company, n.Person)
	return mail.PunchDoubtful, data, err
}

func (d *Desk) invitation(ctx context.Context, n hajir.Notice) (mail.Kind, template.Data, error) {
	data := template.Data{Link: d.SiteURL + "/employees"}
	i, err := d.Store.Invitation(ctx, n.Person)
	if err == nil && i.Company != n.Company {
		return "", data, nil
	}
	data.Punch = &template.Punch{Person: i.Name}
	return mail.InvitationSent, data, err
}

func (d *Desk) question(ctx context.Context, n hajir.Notice, r reader) (mail.Kind, template.Data, error) {
	data := template.Data{Link: d.SiteURL + "/questions/" + url.PathEscape(n.Ref)}
	q, err := d.Store.Question(ctx, n.Ref)
	if err == nil {
		err = q.BelongsTo(n.Company)
	}
	if err != nil {
		return "", data, fmt.Errorf("load question: %w", err)
	}
	data.Question = &template.Question{Text: q.Text, Assigned: n.Kind == hajir.NoticeQuestionAssigned}
	switch {
	case n.Kind == hajir.NoticeQuestionAnswered:
		data.Question.Answer, data.Question.By = q.Answer.Text, q.Answer.ByName
		return mail.QuestionAnswered, data, nil
	case q.State == hajir.QuestionAnswered, data.Question.Assigned && q.Assignee != r.Username:
		return "", data, nil // somebody dealt with it
	}
	return mail.QuestionAsked, data, nil
}

func (d *Desk) erasure(ctx context.Context, n hajir.Notice, r reader) (mail.Kind, template.Data, error) {
	data := template.Data{Link: d.SiteURL + "/my-data"}
	all, err := d.Store.Erasures(ctx, n.Person)
	if err != nil {
		return "", data, fmt.Errorf("load erasures: %w", err)
	}
	for _, x := range all {
		if strconv.Itoa(x.Number) == n.Ref && x.State() == hajir.ErasureDone {
			data.Erasure = &template.Erasure{
				Templates: x.Templates, Enrolments: x.EnrolmentObjects, Daily: x.DailyPictures, Profiles: x.ProfileObjects,
				Done: x.ImagesAt.In(r.loc), SHA256: x.SHA256,
			}
			return mail.Erasure, data, nil
		}
	}
	return "", data, nil
}

func (d *Desk) webhook(ctx context.Context, n hajir.Notice) (mail.Kind, template.Data, error) {
	data := template.Data{Link: d.SiteURL + "/settings/webhooks"}
	w, err := d.Store.Webhook(ctx, n.Ref)
	if err == nil && w.Company != n.Company {
		return "", data, nil
	}
	if err != nil {
		return "", data, fmt.Errorf("load webhook: %w", err)
	}
	if string(w.State) != n.State {
		return "", data, nil // the admin dealt with it
	}
	data.Webhook = &template.Webhook{Name: w.Name, State: n.State}
	if u, err := url.Parse(w.URL); err == nil {
		data.Webhook.Host = u.Host // what follows may be a secret
	}
	return mail.WebhookOff, data, nil
}
