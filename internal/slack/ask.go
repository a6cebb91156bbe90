package slack

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
	"hajir/internal/leave"
)

// The fields of the window that asks for leave, as Slack sends them back.
const (
	callbackLeave = "leave"
	fieldType     = "type"
	fieldFrom     = "from"
	fieldTo       = "to"
	fieldStart    = "start"
	fieldEnd      = "end"
	fieldReason   = "reason"
)

// openLeave shows the window in which leave is asked for.
func (s *Service) openLeave(ctx context.Context, c caller, trigger string) error {
	o, err := s.Leave.Overview(ctx, c.Company, c.username)
	if err != nil {
		return err
	}
	view, err := leaveView(o)
	if err != nil {
		return err
	}
	return s.openView(ctx, c.Slack, trigger, view)
}

// openView opens a window, for which Slack gives three seconds.
func (s *Service) openView(ctx context.Context, c hajir.Slack, trigger string, view slackgo.ModalViewRequest) error {
	if _, err := s.client(c.Token).OpenViewContext(ctx, trigger, view); err != nil {
		return &hajir.Error{Code: hajir.Unavailable, Message: "Slack did not open the window; try again", Cause: err}
	}
	return nil
}

func leaveView(o leave.Overview) (slackgo.ModalViewRequest, error) {
	var options []*slackgo.OptionBlockObject
	var balances []string
	half := false
	for _, t := range o.Standings {
		if !t.May || len(options) == maxOptions {
			continue
		}
		left := "no limit"
		if !t.Type.Unlimited {
			left = t.Available.String() + " days left"
		}
		options = append(options, slackgo.NewOptionBlockObject(t.Type.ID, label(t.Type.Name, maxOption), label(left, maxOption)))
		balances = append(balances, "• "+plain(t.Type.Name)+": *"+left+"*")
		half = half || t.Type.HalfDays
	}
	if len(options) == 0 {
		return slackgo.ModalViewRequest{}, hajir.Errorf(hajir.Conflict, "there is no leave that you can ask for; ask your administrator")
	}
	choose := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, label("Choose", maxOption), fieldType, options...)
	if len(options) == 1 {
		choose.InitialOption = options[0]
	}
	date := func(field string) *slackgo.DatePickerBlockElement {
		d := slackgo.NewDatePickerBlockElement(field)
		d.InitialDate = o.Today
		return d
	}
	part := func(field string, all ...hajir.Leave) *slackgo.SelectBlockElement {
		names := map[hajir.Leave]string{hajir.FullLeave: "The whole day", hajir.FirstHalf: "The first half", hajir.SecondHalf: "The second half"}
		var options []*slackgo.OptionBlockObject
		for _, l := range all {
			options = append(options, slackgo.NewOptionBlockObject(string(l), label(names[l], maxOption), nil))
		}
		e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, field, options...)
		e.InitialOption = options[0]
		return e
	}
	blocks := []slackgo.Block{
		section("*What is left today*\n" + strings.Join(balances, "\n")),
		slackgo.NewInputBlock(fieldType, label("Leave", maxOption), nil, choose),
		slackgo.NewInputBlock(fieldFrom, label("First date", maxOption), nil, date(fieldFrom)),
		slackgo.NewInputBlock(fieldTo, label("Last date", maxOption), nil, date(fieldTo)),
	}
	if half {
		blocks = append(blocks,
			slackgo.NewInputBlock(fieldStart, label("Of the first date", maxOption), nil, part(fieldStart, hajir.FullLeave, hajir.FirstHalf, hajir.SecondHalf)),
			slackgo.NewInputBlock(fieldEnd, label("Of the last date", maxOption), label("Where it is another one than the first", maxOption), part(fieldEnd, hajir.FullLeave, hajir.FirstHalf)))
	}
	reason := slackgo.NewPlainTextInputBlockElement(nil, fieldReason)
	reason.Multiline, reason.MaxLength = true, maxReason
	why := slackgo.NewInputBlock(fieldReason, label("Reason", maxOption), label("Who decides reads it; colleagues do not", maxOption), reason)
	why.Optional = true
	return slackgo.ModalViewRequest{
		Type: slackgo.VTModal, CallbackID: callbackLeave, Title: label("Ask for leave", maxTitle),
		Submit: label("Ask", maxTitle), Close: label("Cancel", maxTitle), Blocks: slackgo.Blocks{BlockSet: append(blocks, why)},
	}, nil
}

const (
	maxTitle  = 24
	maxReason = 500
)

// wish reads the window.
func wish(c caller, v slackgo.View) leave.Wish {
	get := func(field string) slackgo.BlockAction {
		if v.State == nil {
			return slackgo.BlockAction{}
		}
		return v.State.Values[field][field]
	}
	w := leave.Wish{
		Company: c.Company, Username: c.username, By: c.username, Type: get(fieldType).SelectedOption.Value,
		LeaveSpan: hajir.LeaveSpan{
			From: get(fieldFrom).SelectedDate, To: get(fieldTo).SelectedDate,
			Start: hajir.Leave(cmp.Or(get(fieldStart).SelectedOption.Value, string(hajir.FullLeave))),
			End:   hajir.Leave(cmp.Or(get(fieldEnd).SelectedOption.Value, string(hajir.FullLeave))),
		},
		Reason: strings.TrimSpace(get(fieldReason).Value),
	}
	if w.From == w.To { // the window asks for one part of a single date
		w.End = w.Start
	}
	return w
}

// patience is how long an answer is waited for before Slack is told to close
// the window: with the look at what was sent before, less than three seconds.
const patience = 1500 * time.Millisecond

// askLeave asks for what the window says. What is wrong is shown in the window;
// if it takes long, the window closes and the answer comes as a message.
func (s *Service) askLeave(ctx context.Context, c caller, v slackgo.View) (any, error) {
	w := wish(c, v)
	return s.decidedSoon(ctx, c, func(ctx context.Context) (string, error) {
		r, err := s.Leave.Ask(ctx, w)
		if err != nil {
			return "", err
		}
		return s.asked(ctx, c, r)
	}, func(err error) string {
		if code := hajir.CodeOf(err); code == hajir.LeaveBalance || code == hajir.NotFound {
			return fieldType
		}
		return fieldFrom
	})
}

// decidedSoon does f after a window was sent. What it refuses is shown at the
// field that refused names, and what it says comes as a message.
func (s *Service) decidedSoon(ctx context.Context, c caller, f func(context.Context) (string, error), refused func(error) string) (any, error) {
	done := make(chan error, 1)
	var answered atomic.Bool // by whichever comes first: the outcome, or the end of patience
	taken := s.later(ctx, "window", func(ctx context.Context) error {
		text, err := f(ctx)
		if answered.CompareAndSwap(false, true) {
			done <- err
			if err != nil {
				return nil //nolint:nilerr // the window shows it
			}
		}
		if err != nil {
			text = s.excuse(ctx, err)
		}
		_, err = s.tell(ctx, c.Slack, c.member, say(text))
		return err
	})
	if !taken {
		return slackgo.NewErrorsViewSubmissionResponse(map[string]string{refused(nil): busy}), nil
	}
	var err error
	select {
	case err = <-done:
	case <-s.After(patience):
		if !answered.CompareAndSwap(false, true) {
			err = <-done
		}
	}
	if err != nil {
		return slackgo.NewErrorsViewSubmissionResponse(map[string]string{refused(err): s.shown(ctx, err)}), nil
	}
	return nil, nil
}

// shown is an error in a window, where nothing is markup.
func (s *Service) shown(ctx context.Context, err error) string {
	if e, ok := hajir.AsError(err); ok && !hajir.Fault(err) {
		return sentence(e.Message) + "."
	}
	s.Log.ErrorContext(ctx, "something asked in Slack failed", "error", err)
	return "Something went wrong on our side. It is in the log; try again."
}

// asked confirms a request.
func (s *Service) asked(ctx context.Context, c caller, r hajir.LeaveRequest) (string, error) {
	names, err := s.Leave.Names(ctx, c.Company)
	if err != nil {
		return "", err
	}
	decider, err := names.Of(ctx, r.Decider)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(":white_check_mark: You asked for *%s*, %s: %s days. *%s* decides.",
		plain(names.Type(r.Type)), plain(s.span(r.LeaveSpan, c.dates)), r.Cost(), plain(decider)), nil
}

// span writes the dates of a leave.
func (s *Service) span(l hajir.LeaveSpan, dates hajir.DateStyle) string {
	date := func(d string, how hajir.Leave) string {
		text := s.Date(d, dates)
		switch how {
		case hajir.FirstHalf:
			text += " (first half)"
		case hajir.SecondHalf:
			text += " (second half)"
		case hajir.NoLeave, hajir.FullLeave:
		}
		return text
	}
	if l.From == l.To {
		return date(l.From, l.Start)
	}
	return date(l.From, l.Start) + " to " + date(l.To, l.End)
}
