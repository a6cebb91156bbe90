package slack

import (
	"context"
	"net/url"
	"strings"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// Command is what somebody typed behind /hajir.
type Command struct {
	Verb string // one of the verbs; "help" for none
	Arg  string // of month
	// Unknown is what was typed and is no verb.
	Unknown string
}

// verbs are what /hajir knows, and what each does.
var verbs = [][2]string{
	{"in", "you come"},
	{"out", "you leave"},
	{"status", "your day so far"},
	{"month", "your month, or `month 2026-03`, or `month bs-2082-11`"},
	{"leave", "ask for leave"},
	{"who", "who is in; for managers and the administrator"},
	{"help", "this list"},
}

// Parse reads what somebody typed.
func Parse(text string) Command {
	words := strings.Fields(strings.ToLower(strings.ToValidUTF8(text, "")))
	if len(words) == 0 {
		return Command{Verb: "help"}
	}
	for _, v := range verbs {
		if words[0] != v[0] {
			continue
		}
		c := Command{Verb: v[0]}
		if c.Verb == "month" && len(words) > 1 {
			c.Arg = words[1]
		}
		return c
	}
	return Command{Verb: "help", Unknown: clip(words[0], 40)}
}

// onCommand does what somebody typed. It is acknowledged at once, and answered
// at the address that comes with it.
func (s *Service) onCommand(ctx context.Context, form url.Values) (any, error) {
	in := slackgo.SlashCommand{
		TeamID: form.Get("team_id"), UserID: form.Get("user_id"), Text: form.Get("text"),
		ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
	}
	if in.TeamID == "" || in.UserID == "" {
		return nil, hajir.Errorf(hajir.Invalid, "a command names its team_id and user_id")
	}
	if err := s.mayAnswer(in.ResponseURL); err != nil {
		return nil, err
	}
	taken := s.later(ctx, "command", func(ctx context.Context) error {
		m, err := s.command(ctx, in)
		if err != nil {
			m = say(s.excuse(ctx, err))
		}
		if m.text == "" { // a window was opened
			return nil
		}
		return s.reply(ctx, in.ResponseURL, m)
	})
	if !taken {
		return map[string]string{"response_type": slackgo.ResponseTypeEphemeral, "text": busy}, nil
	}
	return nil, nil
}

const busy = "Hajir is very busy. Try again in a moment."

// excuse is what somebody is told when what they wanted was not done. A cause
// is for the log alone.
func (s *Service) excuse(ctx context.Context, err error) string {
	if e, ok := hajir.AsError(err); ok && !hajir.Fault(err) {
		return ":warning: " + plain(sentence(e.Message)) + "."
	}
	s.Log.ErrorContext(ctx, "something asked in Slack failed", "error", err)
	return ":warning: Something went wrong on our side. It is in the log; try again."
}

// sentence begins a message with a capital letter, since people read it on its
// own.
func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func (s *Service) command(ctx context.Context, in slackgo.SlashCommand) (message, error) {
	c, err := s.who(ctx, in.TeamID, in.UserID)
	if hajir.CodeOf(err) == hajir.NotFound {
		return say("This workspace is not connected with Hajir. The administrator can connect it on the site, under *Settings → Slack*."), nil
	}
	if err != nil {
		return message{}, err
	}
	what := Parse(in.Text)
	if what.Verb == "help" {
		return s.help(c, what)
	}
	if c.username == "" {
		return s.stranger(c)
	}
	ctx = c.acting(ctx, "slack-command")
	switch what.Verb {
	case "in":
		return s.come(ctx, c, hajir.Entry)
	case "out":
		return s.come(ctx, c, hajir.Exit)
	case "who":
		return s.board(ctx, c)
	}
	if c.role == hajir.RoleAdmin || !c.person.Attends() {
		return say("Your account has no attendance of its own: there is no day and no leave to show. Try `/hajir who`."), nil
	}
	switch what.Verb {
	case "status":
		return s.status(ctx, c)
	case "month":
		return s.month(ctx, c, what.Arg)
	}
	return message{}, s.openLeave(ctx, c, in.TriggerID)
}

// stranger asks a member who is nobody yet to say who they are.
func (s *Service) stranger(c caller) (message, error) {
	link, err := s.invite(c)
	if err != nil {
		return message{}, err
	}
	m := say("Hajir does not know yet who you are. Open this page within 15 minutes, signed in with your own account, and confirm.")
	return m.with(slackgo.NewActionBlock("", door("Link my account", link))), nil
}

func (s *Service) help(c caller, what Command) (message, error) {
	var text strings.Builder
	if what.Unknown != "" {
		text.WriteString("There is no `/hajir " + plain(strings.ReplaceAll(what.Unknown, "`", "'")) + "`. ")
	}
	text.WriteString("This is what there is:")
	for _, v := range verbs {
		if (v[0] == "in" || v[0] == "out") && !c.Punch || v[0] == "who" && !seesOthers(c) {
			continue
		}
		text.WriteString("\n• `/hajir " + v[0] + "` – " + v[1])
	}
	m := say(text.String())
	if c.username == "" {
		link, err := s.invite(c)
		if err != nil {
			return m, err
		}
		m = m.with(slackgo.NewActionBlock("", door("Link my account", link)))
	}
	return m, nil
}

// mayAnswer refuses to send answers elsewhere than to Slack, whatever a request
// says.
func (s *Service) mayAnswer(responseURL string) error {
	u, err := url.Parse(responseURL)
	if err == nil && u.User == nil {
		own, e := url.Parse(s.App.API)
		if u.Scheme == "https" && (u.Host == "slack.com" || strings.HasSuffix(u.Host, ".slack.com")) || e == nil && u.Scheme == own.Scheme && u.Host == own.Host {
			return nil
		}
	}
	return hajir.Errorf(hajir.Invalid, "the response_url is none of Slack's")
}
