package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/correction"
	"hajir/internal/hajir"
	"hajir/internal/leave"
)

// The buttons, and the window that asks why.
const (
	actionApprove  = "approve"
	actionRefuse   = "refuse"
	actionOpen     = "open" // a page, which the browser does by itself
	actionLeave    = "leave"
	callbackRefuse = "refuse"
	fieldNote      = "note"
)

// What is to be decided is named by a ref: leave/ID, or
// correction/USERNAME/DATE/ID.
const (
	leaveRef      = "leave"
	correctionRef = "correction"
)

// LeaveRef names a leave request.
func LeaveRef(id string) string { return leaveRef + "/" + id }

// CorrectionRef names a correction.
func CorrectionRef(username, date, id string) string {
	return correctionRef + "/" + username + "/" + date + "/" + id
}

var errRef = hajir.Errorf(hajir.Invalid, "this button is of another version of Hajir; decide on the site")

// matter is something that is to be decided, or was.
type matter struct {
	ref   string
	about string // the username
	text  string // what is asked for
	// open says that somebody has to decide, and decider who.
	open    bool
	decider string
	outcome string // what was decided last; "" for nothing yet
	page    string // where it is on the site
}

// matter loads what a ref names.
func (s *Service) matter(ctx context.Context, c hajir.Company, ref string, dates hajir.DateStyle) (matter, error) {
	parts := strings.Split(ref, "/")
	switch {
	case len(parts) == 2 && parts[0] == leaveRef:
		return s.leaveMatter(ctx, c, parts[1], dates)
	case len(parts) == 4 && parts[0] == correctionRef:
		return s.correctionMatter(ctx, c, parts[1], parts[2], parts[3], dates)
	}
	return matter{}, errRef
}

func (s *Service) leaveMatter(ctx context.Context, c hajir.Company, id string, dates hajir.DateStyle) (matter, error) {
	m := matter{ref: LeaveRef(id), page: s.SiteURL + "/to-decide"}
	r, err := s.Store.LeaveRequest(ctx, id)
	if err == nil && r.Company != c.Username {
		err = hajir.Errorf(hajir.NotFound, "there is no such leave request")
	}
	if err != nil {
		return m, fmt.Errorf("load leave request: %w", err)
	}
	who, err := s.Store.Employee(ctx, r.Username)
	if err != nil {
		return m, fmt.Errorf("load employee: %w", err)
	}
	m.about = who.Username
	names, err := s.Leave.Names(ctx, c.Username)
	if err != nil {
		return m, err
	}
	wants := "asks for"
	if r.State == hajir.LeaveCancelAsked {
		wants = "asks to take back"
	}
	m.text = fmt.Sprintf("*%s* %s *%s*\n%s: %s days", plain(who.Name), wants, plain(names.Type(r.Type)), plain(s.span(r.LeaveSpan, dates)), r.Cost())
	if r.Reason != "" {
		m.text += "\n>" + strings.ReplaceAll(plain(r.Reason), "\n", "\n>")
	}
	m.open, m.decider = r.State.Open(), r.Decider
	for _, e := range r.History {
		if e.Does == hajir.LeaveActionRequest || e.Does == hajir.LeaveActionPassOn || e.Does == hajir.LeaveActionRecost {
			continue
		}
		by, err := names.Of(ctx, e.By)
		if err != nil {
			return m, err
		}
		m.outcome = outcome(string(e.Does), by, e.At, c, e.Note)
	}
	return m, nil
}

func (s *Service) correctionMatter(ctx context.Context, c hajir.Company, username, date, id string, dates hajir.DateStyle) (matter, error) {
	m := matter{ref: CorrectionRef(username, date, id), page: s.SiteURL + "/to-decide"}
	who, err := s.Store.Employee(ctx, username)
	if err == nil {
		err = who.BelongsTo(c.Username)
	}
	if err != nil {
		return m, fmt.Errorf("load employee: %w", err)
	}
	x, err := s.Store.Corrections(ctx, username, date)
	if err != nil {
		return m, fmt.Errorf("load corrections: %w", err)
	}
	one, err := x.Find(id)
	if err != nil {
		return m, err
	}
	loc, err := c.LocationOf(who)
	if err != nil {
		return m, err
	}
	names, err := s.Leave.Names(ctx, c.Username)
	if err != nil {
		return m, err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "*%s* asks for a correction of *%s*", plain(who.Name), plain(s.Date(date, dates)))
	for _, ch := range one.Changes {
		text.WriteString("\n• " + changed(ch, loc))
	}
	text.WriteString("\n>" + strings.ReplaceAll(plain(one.Reason), "\n", "\n>"))
	m.about, m.text, m.open, m.decider = username, text.String(), one.Open(), one.Decider
	for _, e := range one.History {
		if e.Does == hajir.CorrectionActionRequest || e.Does == hajir.CorrectionActionPassOn {
			continue
		}
		by, err := names.Of(ctx, e.By)
		if err != nil {
			return m, err
		}
		m.outcome = outcome(string(e.Does), by, e.At, c, e.Note)
	}
	return m, nil
}

func changed(c hajir.Change, loc *time.Location) string {
	what := map[hajir.Direction]string{hajir.Entry: "Entry", hajir.Exit: "Exit"}[c.Direction]
	switch {
	case c.At.IsZero():
		return what + " at " + clock(c.Was, loc) + " is removed"
	case c.Was.IsZero():
		return what + " at " + clock(c.At, loc) + " is added"
	}
	return what + " at " + clock(c.Was, loc) + " becomes " + clock(c.At, loc)
}

// outcomes say what was done, where the action's name does not.
var outcomes = map[string]string{
	string(hajir.LeaveActionAskCancel):     "Asked to be taken back",
	string(hajir.LeaveActionKeep):          "Kept",
	string(hajir.CorrectionActionFail):     "Could not be applied",
	string(hajir.CorrectionActionWithdraw): "Withdrawn",
	string(hajir.LeaveActionApprove):       ":white_check_mark: Approved",
	string(hajir.LeaveActionRefuse):        ":no_entry: Refused",
	string(hajir.LeaveActionCancel):        "Cancelled",
}

func outcome(does, by string, at time.Time, c hajir.Company, why string) string {
	text, known := outcomes[does]
	if !known {
		text = sentence(does)
	}
	if by != "" {
		text += " by *" + plain(by) + "*"
	}
	if loc, err := c.Location(); err == nil {
		text += ", " + clock(at, loc)
	}
	if why != "" {
		text += ": " + plain(why)
	}
	return text
}

// write shows a matter, with buttons to whom it is to decide.
func (m matter) write(buttons bool) message {
	out := say(m.text)
	if m.outcome != "" {
		out = out.with(note(m.outcome))
	}
	if !m.open {
		return out
	}
	if !buttons {
		return out.with(note("Somebody else decides next."))
	}
	return out.with(slackgo.NewActionBlock("decide",
		button(actionApprove, m.ref, "Approve", slackgo.StylePrimary),
		button(actionRefuse, m.ref, "Refuse", slackgo.StyleDanger)))
}

// deciders returns the accounts that may decide a matter now: whose turn it is,
// and who stands in for them.
func (s *Service) deciders(ctx context.Context, c hajir.Company, m matter) ([]string, error) {
	if !m.open {
		return nil, nil
	}
	all := []string{m.decider}
	delegate, err := s.Leave.StandIn(ctx, c, m.decider)
	if err != nil {
		return nil, err
	}
	if delegate != "" && delegate != m.about && delegate != m.decider {
		all = append(all, delegate)
	}
	return all, nil
}

// Ask writes to one of those who decide, if they are linked and were not written
// to before.
func (s *Service) Ask(ctx context.Context, company, ref, username string) error {
	c, link, err := s.reach(ctx, company, username)
	if err != nil || link.User == "" {
		return err
	}
	m, err := s.matter(ctx, c.company, ref, c.dates)
	if err != nil {
		return err
	}
	all, err := s.deciders(ctx, c.company, m)
	if err != nil || !slices.Contains(all, username) { // it was decided meanwhile
		return err
	}
	sent, err := s.Store.SlackMessages(ctx, ref)
	if err != nil {
		return fmt.Errorf("list Slack messages: %w", err)
	}
	if slices.ContainsFunc(sent, func(x hajir.SlackMessage) bool { return x.User == link.User }) {
		return s.Refresh(ctx, company, ref)
	}
	x, err := s.tell(ctx, c.Slack, link.User, m.write(true))
	if err != nil {
		return err
	}
	x.Ref = ref
	if err := s.Store.AddSlackMessage(ctx, x); err != nil {
		return fmt.Errorf("note Slack message: %w", err)
	}
	now, err := s.matter(ctx, c.company, ref, c.dates)
	if err != nil || now == m {
		return err
	}
	return s.Refresh(ctx, company, ref) // it was decided while it was sent
}

// reach returns how one of a company's accounts is written to. One who is not
// linked comes without a user.
func (s *Service) reach(ctx context.Context, company, username string) (caller, hajir.SlackLink, error) {
	var c caller
	var err error
	if c.Slack, err = s.Settings(ctx, company); err != nil || !c.Connected() {
		return c, hajir.SlackLink{}, err
	}
	link, err := s.Store.SlackLink(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && (link.Team != c.Team || link.Company != company) {
		return c, hajir.SlackLink{}, nil
	}
	if err != nil {
		return c, link, fmt.Errorf("load link with Slack: %w", err)
	}
	if c.company, err = s.Store.Company(ctx, company); err != nil {
		return c, link, fmt.Errorf("load company: %w", err)
	}
	c.member = link.User
	if c, err = s.as(ctx, c, username); err != nil || c.username == "" {
		return c, hajir.SlackLink{}, err
	}
	return c, link, nil
}

// Refresh brings every message about a matter in line with how it stands.
func (s *Service) Refresh(ctx context.Context, company, ref string) error {
	sent, err := s.Store.SlackMessages(ctx, ref)
	if err != nil {
		return fmt.Errorf("list Slack messages: %w", err)
	}
	c, err := s.Settings(ctx, company)
	if err != nil || len(sent) == 0 || !c.Connected() {
		return err
	}
	owner, err := s.Store.Company(ctx, company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	m, err := s.matter(ctx, owner, ref, owner.DatesOf(hajir.Employee{}))
	if err != nil {
		return err
	}
	turn, err := s.deciders(ctx, owner, m)
	if err != nil {
		return err
	}
	for _, x := range sent {
		if x.Team != c.Team {
			continue
		}
		link, err := s.Store.SlackLinkByUser(ctx, x.Team, x.User)
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return fmt.Errorf("load link with Slack: %w", err)
		}
		out := m.write(err == nil && slices.Contains(turn, link.Username))
		err = s.patiently(ctx, func() error {
			_, _, _, err := s.client(c.Token).UpdateMessageContext(ctx, x.Channel, x.TS, out.options()...)
			return err
		})
		if err != nil && err.Error() != "message_not_found" {
			return fmt.Errorf("change Slack message: %w", err)
		}
	}
	return nil
}

// decide decides what a button or a window names.
func (s *Service) decide(ctx context.Context, c caller, ref string, approve bool, why string) error {
	var err error
	parts := strings.Split(ref, "/")
	switch {
	case len(parts) == 2 && parts[0] == leaveRef:
		_, err = s.Leave.Decide(ctx, c.Company, parts[1], c.decides(), leave.Decision{Approve: approve, Note: why})
	case len(parts) == 4 && parts[0] == correctionRef:
		_, _, err = s.Corrections.Decide(ctx, c.Company, parts[1], parts[2], parts[3], c.decides(), correction.Decision{Approve: approve, Note: why})
	default:
		return errRef
	}
	if code := hajir.CodeOf(err); err != nil && (code == hajir.Conflict || code == hajir.NotFound) {
		// Somebody else was faster: what is shown here is old.
		if e := s.Refresh(ctx, c.Company, ref); e != nil {
			s.Log.WarnContext(ctx, "old messages stay in Slack", "ref", ref, "error", e)
		}
	}
	return err // the messages follow by the notice of it
}

// refuseView is the window that asks why something is refused.
func refuseView(ref string) slackgo.ModalViewRequest {
	why := slackgo.NewPlainTextInputBlockElement(nil, fieldNote)
	why.Multiline, why.MinLength, why.MaxLength = true, 1, maxReason
	return slackgo.ModalViewRequest{
		Type: slackgo.VTModal, CallbackID: callbackRefuse, PrivateMetadata: clip(ref, maxMeta), Title: label("Refuse", maxTitle),
		Submit: label("Refuse", maxTitle), Close: label("Cancel", maxTitle),
		Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{
			slackgo.NewInputBlock(fieldNote, label("Why?", maxOption), label("The person reads it", maxOption), why),
		}},
	}
}
