package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/notify"
)

// Name implements notify.Channel.
func (d *Desk) Name() string { return "mail" }

// always is the topic of what nobody chooses not to be told.
const always hajir.Topic = "always"

// told is somebody who is told of a notice, and for which of their topics.
type told struct {
	username string
	topic    hajir.Topic
}

// target is how a delivery is kept.
func (t told) target() string { return t.username + ":" + string(t.topic) }

func toldOf(target string) told {
	username, topic, _ := strings.Cut(target, ":")
	return told{username, hajir.Topic(topic)}
}

// operator begins the targets of the operators' letters: a digest of the address,
// which so is not kept.
const operator = "operator:"

func operatorTarget(address string) string {
	sum := sha256.Sum256([]byte(address))
	return operator + hex.EncodeToString(sum[:8])
}

// Targets implements notify.Channel.
func (d *Desk) Targets(ctx context.Context, n hajir.Notice) ([]notify.Target, error) {
	var all []notify.Target
	switch n.Kind { //nolint:exhaustive // the others are about a company
	case hajir.NoticeAlarmRaised, hajir.NoticeAlarmCleared:
		for _, a := range d.Operators {
			all = append(all, notify.Target{ID: operatorTarget(a.Address)})
		}
		return all, nil
	case hajir.NoticeAnswer:
		return []notify.Target{{ID: asker}}, nil
	case hajir.NoticeDigest:
		due, err := time.Parse(time.RFC3339, n.Ref)
		if err != nil {
			return nil, fmt.Errorf("read when a digest is due: %w", err)
		}
		return []notify.Target{{ID: told{n.Person, hajir.Topic(n.State)}.target(), NotBefore: due}}, nil
	}
	c, err := d.Store.Company(ctx, n.Company)
	switch {
	case gone(err): // with all that is about it
		return []notify.Target{}, nil
	case err != nil:
		return nil, fmt.Errorf("load company: %w", err)
	}
	candidates, err := d.candidates(ctx, c, n)
	if err != nil {
		return nil, err
	}
	chosen := map[string]bool{}
	for _, t := range candidates {
		if chosen[t.username] {
			continue
		}
		r, err := d.reader(ctx, c, t.username)
		if err != nil {
			return nil, err
		}
		manner, err := d.manner(ctx, r, t.topic)
		if err != nil {
			return nil, err
		}
		if manner != hajir.Never {
			chosen[t.username] = true
			all = append(all, notify.Target{ID: t.target()})
		}
	}
	return all, nil
}

// manner returns how somebody is told of a topic: never without an address.
func (d *Desk) manner(ctx context.Context, r reader, t hajir.Topic) (hajir.Manner, error) {
	switch {
	case r.address.Address == "":
		return hajir.Never, nil
	case t == always:
		return hajir.AtOnce, nil
	}
	choices, err := d.Store.MailChoices(ctx, r.Username)
	if err != nil {
		return "", fmt.Errorf("load choices about mail: %w", err)
	}
	return choices.Of(r.Role, t), nil
}

// candidates returns who may be told of a notice, the nearest topic of each
// first. Nobody is told of what they did themselves, but the admin by their
// choice of a kind.
func (d *Desk) candidates(ctx context.Context, c hajir.Company, n hajir.Notice) ([]told, error) {
	var all []told
	add := func(username string, t hajir.Topic) {
		if username != "" && username != n.By {
			all = append(all, told{username, t})
		}
	}
	var e hajir.Employee
	if n.Person != "" && n.Kind != hajir.NoticeInvitation {
		var err error
		e, err = d.Store.Employee(ctx, n.Person)
		switch {
		case gone(err) || err == nil && e.Company != c.Username:
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("load employee: %w", err)
		}
	}
	decide := func(decider string) error {
		add(decider, hajir.TopicDecide)
		in, err := d.Deciders.StandIn(ctx, c, decider)
		if err != nil {
			return fmt.Errorf("ask who stands in: %w", err)
		}
		if in != n.Person {
			add(in, hajir.TopicDecide)
		}
		return nil
	}
	var err error
	switch k := n.Kind; k { //nolint:exhaustive // the others are told to the admin alone
	case hajir.NoticeLeaveAsked, hajir.NoticeCorrectionAsked:
		if n.Decider != "" {
			err = decide(n.Decider)
		}
	case hajir.NoticeLeaveApproved, hajir.NoticeLeaveRefused:
		add(n.Person, hajir.TopicOwnLeave)
	case hajir.NoticeLeaveCancelled:
		if n.By != n.Person {
			add(n.Person, hajir.TopicOwnLeave)
			break
		}
		err = d.decidedBy(ctx, c, e, decide)
	case hajir.NoticeCorrectionDecided:
		if n.Action == string(hajir.CorrectionActionWithdraw) {
			err = d.decidedBy(ctx, c, e, decide)
			break
		}
		add(n.Person, hajir.TopicOwnCorrection)
	case hajir.NoticeExitMissing:
		add(n.Person, hajir.TopicOwnExit)
		add(e.Manager, hajir.TopicTeamExit)
	case hajir.NoticeQuestionAssigned:
		add(n.Decider, hajir.TopicAssigned)
		return all, nil
	case hajir.NoticeErased:
		return []told{{n.Person, always}}, nil
	case hajir.NoticeWebhookOff:
		return []told{{c.Username, always}}, nil
	}
	if err != nil {
		return nil, err
	}
	return append(all, told{c.Username, hajir.Topic(n.Kind)}), nil
}

// decidedBy has who decides about a person told that there is nothing to decide
// any more.
func (d *Desk) decidedBy(ctx context.Context, c hajir.Company, e hajir.Employee, decide func(string) error) error {
	first, _, err := d.Deciders.Deciders(ctx, c, e)
	if err != nil {
		return fmt.Errorf("ask who decides: %w", err)
	}
	return decide(first)
}
