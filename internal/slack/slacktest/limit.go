package slacktest

import (
	"fmt"
	"unicode/utf8"
)

// Slack's published limits, in characters and pieces.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxSectionText   = 3000
	maxFieldText     = 2000
	maxFields        = 10
	maxHeader        = 150
	maxElements      = 25
	maxContext       = 10
	maxButtonText    = 75
	maxButtonValue   = 2000
	maxURL           = 3000
	maxActionID      = 255
	maxBlockID       = 255
	maxOptions       = 100
	maxOptionText    = 75
	maxOptionValue   = 150
	maxLabel         = 2000
	maxPlaceholder   = 150
	maxTitle         = 24
	maxMetadata      = 3000
	maxCallbackID    = 255
	maxInputLength   = 3000
	maxMessageText   = 40000
)

// checker collects what breaks a limit.
type checker struct {
	found []string
	ids   map[string]bool
}

func (k *checker) say(format string, args ...any) {
	k.found = append(k.found, fmt.Sprintf(format, args...))
}

// problems returns what Slack would refuse of a call's texts and blocks.
func problems(c *Call) []string {
	k := &checker{ids: map[string]bool{}}
	k.length("text", c.Args["text"], 0, maxMessageText)
	if len(c.Blocks) > maxMessageBlocks {
		k.say("%d blocks in a message", len(c.Blocks))
	}
	for _, b := range c.Blocks {
		k.block(b, false)
	}
	if v, ok := c.Args["view"].(map[string]any); ok {
		k.view(v)
	} else if c.Method == "views.open" || c.Method == "views.publish" {
		k.say("no view")
	}
	return k.found
}

func (k *checker) length(what string, value any, least, most int) {
	text, ok := value.(string)
	if value == nil && least == 0 {
		return
	}
	if n := utf8.RuneCountInString(text); !ok || n < least || n > most {
		k.say("%s has %d characters, and may have %d to %d", what, n, least, most)
	}
}

// text checks a text object of a kind; "" is either.
func (k *checker) text(what string, value any, kind string, most int) {
	t, _ := value.(map[string]any)
	if t == nil || t["type"] != "plain_text" && t["type"] != "mrkdwn" || kind != "" && t["type"] != kind {
		k.say("%s is no %s text object: %v", what, kind, value)
		return
	}
	k.length(what, t["text"], 1, most)
}

func (k *checker) view(v map[string]any) {
	blocks, _ := v["blocks"].([]any)
	if len(blocks) == 0 || len(blocks) > maxViewBlocks {
		k.say("%d blocks in a view", len(blocks))
	}
	k.length("private_metadata", v["private_metadata"], 0, maxMetadata)
	k.length("callback_id", v["callback_id"], 0, maxCallbackID)
	inputs := false
	for _, b := range blocks {
		k.block(b, v["type"] == "modal")
		m, _ := b.(map[string]any)
		inputs = inputs || m["type"] == "input"
	}
	switch v["type"] {
	case "modal":
		k.text("title", v["title"], "plain_text", maxTitle)
		if v["submit"] != nil {
			k.text("submit", v["submit"], "plain_text", maxTitle)
		} else if inputs {
			k.say("a modal with inputs needs submit")
		}
		if v["close"] != nil {
			k.text("close", v["close"], "plain_text", maxTitle)
		}
	case "home":
		if v["title"] != nil || v["submit"] != nil {
			k.say("a home tab has no title and no submit")
		}
	default:
		k.say("a view of type %v", v["type"])
	}
}

func (k *checker) block(value any, modal bool) {
	b, _ := value.(map[string]any)
	if id, ok := b["block_id"].(string); ok && id != "" {
		k.length("block_id", id, 1, maxBlockID)
		if k.ids[id] {
			k.say("block_id %s is there twice", id)
		}
		k.ids[id] = true
	}
	elements, _ := b["elements"].([]any)
	switch b["type"] {
	case "section":
		fields, _ := b["fields"].([]any)
		if b["text"] == nil && len(fields) == 0 || len(fields) > maxFields {
			k.say("a section needs a text, or up to %d fields: %d", maxFields, len(fields))
		}
		if b["text"] != nil {
			k.text("section", b["text"], "", maxSectionText)
		}
		for _, f := range fields {
			k.text("field", f, "", maxFieldText)
		}
	case "header":
		k.text("header", b["text"], "plain_text", maxHeader)
	case "divider":
	case "context":
		if len(elements) == 0 || len(elements) > maxContext {
			k.say("%d elements in a context", len(elements))
		}
		for _, e := range elements {
			k.text("context", e, "", maxSectionText)
		}
	case "actions":
		if len(elements) == 0 || len(elements) > maxElements {
			k.say("%d elements in actions", len(elements))
		}
		seen := map[any]bool{}
		for _, e := range elements {
			m, _ := e.(map[string]any)
			if seen[m["action_id"]] {
				k.say("action_id %v is twice in a block", m["action_id"])
			}
			seen[m["action_id"]] = true
			k.element(m)
		}
	case "input":
		if !modal {
			k.say("an input outside of a modal")
		}
		k.text("label", b["label"], "plain_text", maxLabel)
		if b["hint"] != nil {
			k.text("hint", b["hint"], "plain_text", maxLabel)
		}
		m, _ := b["element"].(map[string]any)
		k.element(m)
	default:
		k.say("a block of type %v", b["type"])
	}
}

func (k *checker) element(e map[string]any) {
	k.length("action_id", e["action_id"], 1, maxActionID)
	if e["placeholder"] != nil {
		k.text("placeholder", e["placeholder"], "plain_text", maxPlaceholder)
	}
	switch e["type"] {
	case "button":
		k.text("button", e["text"], "plain_text", maxButtonText)
		k.length("value", e["value"], 0, maxButtonValue)
		k.length("url", e["url"], 0, maxURL)
		if style := e["style"]; style != nil && style != "primary" && style != "danger" {
			k.say("a button of style %v", style)
		}
	case "datepicker":
		if d := e["initial_date"]; d != nil {
			k.length("initial_date", d, 10, 10)
		}
	case "static_select":
		options, _ := e["options"].([]any)
		if len(options) == 0 || len(options) > maxOptions {
			k.say("%d options", len(options))
		}
		for _, o := range options {
			k.option(o)
		}
		if e["initial_option"] != nil {
			k.option(e["initial_option"])
		}
	case "plain_text_input":
		if n, ok := e["max_length"].(float64); ok && (n < 1 || n > maxInputLength) {
			k.say("max_length %v", n)
		}
	default:
		k.say("an element of type %v", e["type"])
	}
}

func (k *checker) option(value any) {
	o, _ := value.(map[string]any)
	k.text("option", o["text"], "", maxOptionText)
	k.length("option's value", o["value"], 1, maxOptionValue)
	if o["description"] != nil {
		k.text("option's description", o["description"], "", maxOptionText)
	}
}
