package slack

import (
	"context"
	"errors"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"hajir/internal/hajir"
)

// message is what is written to somebody: blocks, and a text for where blocks
// are not shown, such as in notifications.
type message struct {
	text   string
	blocks []slackgo.Block
	ref    string // of what is told once; "" for what is not
}

// Slack's bounds, in characters and pieces.
const (
	maxText    = 3000
	maxBlocks  = 50
	maxOption  = 75
	maxOptions = 100
	maxMeta    = 3000
)

// plain makes a text of people's that is no markup.
func plain(text string) string { return slackutilsx.EscapeMessage(text) }

// clip shortens a text that Slack would refuse.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}

// say is a message of one text, in Slack's markup.
func say(text string) message {
	return message{text: clip(text, maxText), blocks: []slackgo.Block{section(text)}}
}

func section(text string) *slackgo.SectionBlock {
	return slackgo.NewSectionBlock(markup(text), nil, nil)
}

func note(text string) *slackgo.ContextBlock { return slackgo.NewContextBlock("", markup(text)) }

func markup(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, clip(text, maxText), false, false)
}

func label(text string, most int) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, clip(text, most), false, false)
}

func button(action, value, text string, style slackgo.Style) *slackgo.ButtonBlockElement {
	b := slackgo.NewButtonBlockElement(action, value, label(text, maxOption))
	b.Style = style
	return b
}

// door is a button that opens a page.
func door(text, url string) *slackgo.ButtonBlockElement {
	b := button(actionOpen, "", text, slackgo.StylePrimary)
	b.URL = url
	return b
}

func (m message) with(blocks ...slackgo.Block) message {
	m.blocks = append(m.blocks[:len(m.blocks):len(m.blocks)], blocks...)
	return m
}

// options are m as slack-go sends it.
func (m message) options() []slackgo.MsgOption {
	blocks := m.blocks[:min(len(m.blocks), maxBlocks)]
	all := []slackgo.MsgOption{
		slackgo.MsgOptionText(m.text, false), slackgo.MsgOptionBlocks(blocks...), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl(),
	}
	if m.ref != "" {
		all = append(all, slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: "hajir_notice", EventPayload: map[string]any{"ref": m.ref}}))
	}
	return all
}

// tell writes to a channel or a member.
func (s *Service) tell(ctx context.Context, c hajir.Slack, to string, m message) (hajir.SlackMessage, error) {
	sent := hajir.SlackMessage{Company: c.Company, Team: c.Team, User: to, At: s.Now().UTC()}
	err := s.patiently(ctx, func() (err error) {
		sent.Channel, sent.TS, err = s.client(c.Token).PostMessageContext(ctx, to, m.options()...)
		return err
	})
	return sent, err
}

// reply answers a command in the channel where it was given, seen by who gave it
// alone.
func (s *Service) reply(ctx context.Context, responseURL string, m message) error {
	if err := s.mayAnswer(responseURL); err != nil {
		return err
	}
	return s.patiently(ctx, func() error {
		_, _, err := s.client("").PostMessageContext(ctx, "", append(m.options(), slackgo.MsgOptionResponseURL(responseURL, slackgo.ResponseTypeEphemeral))...)
		return err
	})
}

// limit returns when Slack may be asked again, if it said so.
func limit(err error) (time.Duration, bool) {
	limited, ok := errors.AsType[*slackgo.RateLimitedError](err)
	if !ok {
		return 0, false
	}
	return limited.RetryAfter, true
}
