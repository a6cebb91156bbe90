package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
	"hajir/internal/notify"
)

// Courier brings notices to Slack: it is a notify.Channel.
type Courier struct{ *Service }

// Name is the channel's.
func (Courier) Name() string { return "slack" }

// The targets. Those of people end with a username.
const (
	targetRoom    = "room"    // the company's channel
	targetRefresh = "refresh" // what was sent about it
	targetAsk     = "ask/"    // who decides
	targetTell    = "tell/"   // whom it is about
)

// Targets says what becomes of a notice.
func (d Courier) Targets(ctx context.Context, n hajir.Notice) ([]notify.Target, error) {
	if n.Company == "" || !d.App.Set() {
		return nil, nil
	}
	c, err := d.Settings(ctx, n.Company)
	if err != nil || !c.Connected() {
		return nil, err
	}
	var all []notify.Target
	room := func(wanted bool) {
		if wanted && c.Channel != "" {
			all = append(all, notify.Target{ID: targetRoom})
		}
	}
	tell := func(wanted bool) {
		if wanted && n.Person != "" && n.By != n.Person {
			all = append(all, notify.Target{ID: targetTell + n.Person})
		}
	}
	switch n.Kind { //nolint:exhaustive // the others are no news in Slack
	case hajir.NoticeLeaveAsked, hajir.NoticeCorrectionAsked:
		if n.Action != string(hajir.LeaveActionRequest) { // else nothing was sent yet
			all = append(all, notify.Target{ID: targetRefresh})
		}
		asks, err := d.whoDecides(ctx, n)
		return append(all, asks...), err
	case hajir.NoticeLeaveApproved, hajir.NoticeLeaveRefused, hajir.NoticeLeaveCancelled, hajir.NoticeCorrectionDecided:
		all = append(all, notify.Target{ID: targetRefresh})
		tell(true)
	case hajir.NoticeQuestionAsked:
		room(c.Post.Questions)
	case hajir.NoticeMorning:
		room(c.Post.Digest)
	case hajir.NoticeAbsent:
		tell(c.Remind)
	case hajir.NoticeQuestionAnswered:
		tell(true)
	case hajir.NoticeDoubtful:
		room(c.Post.Doubtful)
	case hajir.NoticeExitMissing:
		room(c.Post.MissingExits)
		tell(c.Remind)
	}
	return all, nil
}

// whoDecides returns those who are asked: whose turn it is, and who stands in.
func (d Courier) whoDecides(ctx context.Context, n hajir.Notice) ([]notify.Target, error) {
	if n.Decider == "" {
		return nil, nil
	}
	company, err := d.Store.Company(ctx, n.Company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	names, err := d.deciders(ctx, company, matter{open: true, decider: n.Decider, about: n.Person})
	var all []notify.Target
	for _, name := range names {
		all = append(all, notify.Target{ID: targetAsk + name})
	}
	return all, err
}

// refOf names what a notice is about; "" for what nobody decides.
func refOf(n hajir.Notice) string {
	switch n.Kind { //nolint:exhaustive // the others are not decided
	case hajir.NoticeLeaveAsked, hajir.NoticeLeaveApproved, hajir.NoticeLeaveRefused, hajir.NoticeLeaveCancelled:
		return LeaveRef(n.Ref)
	case hajir.NoticeCorrectionAsked, hajir.NoticeCorrectionDecided:
		return CorrectionRef(n.Person, n.Date, n.Ref)
	}
	return ""
}

// Deliver brings one.
func (d Courier) Deliver(ctx context.Context, x hajir.Delivery) error {
	ctx = context.WithValue(ctx, hurried{}, true)
	return judged(d.deliver(ctx, x))
}

func (d Courier) deliver(ctx context.Context, x hajir.Delivery) error {
	username, asks := strings.CutPrefix(x.Target, targetAsk)
	if asks {
		return d.Ask(ctx, x.Company, refOf(x.Notice), username)
	}
	if x.Target == targetRefresh {
		return d.Refresh(ctx, x.Company, refOf(x.Notice))
	}
	if x.Target == targetRoom {
		return d.post(ctx, x)
	}
	username, tells := strings.CutPrefix(x.Target, targetTell)
	if !tells {
		return notify.Permanent(fmt.Errorf("nobody is called %q", x.Target))
	}
	c, link, err := d.reach(ctx, x.Company, username)
	if err != nil || link.User == "" {
		return err
	}
	m, err := d.news(ctx, c, x.Notice)
	if err != nil || m.text == "" {
		return err
	}
	ref := "notice/" + x.Key()
	if x.Kind == hajir.NoticeAbsent {
		ref = absentRef(x.Person, x.Date)
	}
	return d.tellOnce(ctx, c.Slack, link.User, ref, m)
}

// judged tells the dispatcher what to make of an error. Who or what is gone
// needs no telling.
func judged(err error) error {
	if err == nil || hajir.CodeOf(err) == hajir.NotFound {
		return nil
	}
	if wait, ok := limit(err); ok {
		return notify.RetryAfter(wait, err)
	}
	if said, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok && slices.Contains(hopeless, said.Err) {
		return notify.Permanent(err)
	}
	return err
}

// hopeless is what Slack answers where no other try makes a difference, until
// somebody chooses another channel or connects the workspace anew.
var hopeless = []string{
	"account_inactive", "cannot_dm_bot", "channel_not_found", "invalid_auth", "invalid_blocks", "is_archived", "messages_tab_disabled",
	"missing_scope", "not_in_channel", "restricted_action", "team_not_found", "token_expired", "token_revoked", "user_disabled", "user_not_found",
}

// tellOnce writes to somebody, unless that was done before under the same ref. When
// the program ends before it is noted, it is done again; the ref in the message's
// metadata tells such a repeat.
func (s *Service) tellOnce(ctx context.Context, c hajir.Slack, to, ref string, m message) error {
	s.once.Lock()
	defer s.once.Unlock()
	sent, err := s.Store.SlackMessages(ctx, ref)
	if err != nil {
		return fmt.Errorf("list Slack messages: %w", err)
	}
	if len(sent) > 0 {
		return nil
	}
	m.ref = ref
	x, err := s.tell(ctx, c, to, m)
	if err != nil {
		return err
	}
	x.Ref = ref
	if err := s.Store.AddSlackMessage(ctx, x); err != nil {
		return fmt.Errorf("note Slack message: %w", err)
	}
	return nil
}

// news is what somebody is told about themselves.
func (d Courier) news(ctx context.Context, c caller, n hajir.Notice) (message, error) {
	switch n.Kind { //nolint:exhaustive // the others tell people nothing
	case hajir.NoticeAbsent:
		return d.reminder(ctx, c, n.Date)
	case hajir.NoticeExitMissing:
		text := "Your exit of *" + plain(d.Date(n.Date, c.dates)) + "* is missing"
		if n.State == hajir.ExitGuessed {
			text += ", and was guessed"
		}
		return say(text + ". Ask for a correction if you know when you left.").with(
			slackgo.NewActionBlock("", door("Open my days", d.SiteURL+"/"))), nil
	case hajir.NoticeQuestionAnswered:
		return say("Your question was answered.").with(slackgo.NewActionBlock("", door("Read the answer", d.SiteURL+"/my-questions"))), nil
	}
	m, err := d.matter(ctx, c.company, refOf(n), c.dates)
	if err != nil || m.outcome == "" {
		return message{}, err
	}
	out := say(m.text)
	out.text = clip(m.outcome, maxText)
	return out.with(note(m.outcome)), nil
}

// post tells the company's channel.
func (d Courier) post(ctx context.Context, x hajir.Delivery) error {
	c, err := d.Settings(ctx, x.Company)
	if err != nil || !c.Connected() || c.Channel == "" {
		return err
	}
	switch x.Kind { //nolint:exhaustive // the others are told below
	case hajir.NoticeExitMissing:
		return d.postExits(ctx, c, x.Notice)
	case hajir.NoticeMorning:
		return d.postDigest(ctx, c, x)
	}
	m := say("A check-in wants to be looked at: the camera was not sure who it was.").with(
		slackgo.NewActionBlock("", door("Look at it", d.SiteURL+"/review")))
	if x.Kind == hajir.NoticeQuestionAsked {
		m = say("Somebody asks the company a question.").with(slackgo.NewActionBlock("", door("Open the questions", d.SiteURL+"/questions")))
	}
	return d.tellOnce(ctx, c, c.Channel, "notice/"+x.Key(), m)
}

// postExits tells of all exits that were found missing together: one message,
// and no flood.
func (d Courier) postExits(ctx context.Context, c hajir.Slack, n hajir.Notice) error {
	company, err := d.Store.Company(ctx, n.Company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	closed, err := d.Store.Closing(ctx, n.Company, n.Date)
	if err != nil {
		return fmt.Errorf("load closing: %w", err)
	}
	var names []string
	for _, username := range slices.Concat(closed.MissingExits, closed.AutoExits) {
		e, err := d.Store.Employee(ctx, username)
		if hajir.CodeOf(err) == hajir.NotFound {
			continue
		}
		if err != nil {
			return fmt.Errorf("load employee: %w", err)
		}
		names = append(names, plain(e.Name))
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	text := "Exits are missing on *" + plain(d.Date(n.Date, company.DatesOf(hajir.Employee{}))) + "*: " + strings.Join(names, ", ")
	return d.tellOnce(ctx, c, c.Channel, fmt.Sprintf("exits/%s/%s/%d", n.Company, n.Date, n.At.Unix()),
		say(text).with(slackgo.NewActionBlock("", door("Look at them", d.SiteURL+"/"))))
}
